"""Where the contacts room joins the house."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "moothall.contacts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """Hang permissions, what follows from letters and promised calls, and what is erased and exported."""
        from moothall.contacts.actions.arriving import case_named
        from moothall.contacts.actions.erasing import erase_contacts
        from moothall.contacts.actions.following import FOLLOWER
        from moothall.contacts.effects import calls_made, letter_came, letter_came_back
        from moothall.contacts.permissions import Can
        from moothall.contacts.queries.exporting import exported, last_of
        from moothall.contacts.queries.matters import is_there
        from moothall.councils import hooks as councils
        from moothall.messages import hooks as messages
        from moothall.persons import hooks as persons
        from moothall.process import hooks as process

        councils.permissions(Can)
        process.watch(calls_made)
        messages.on_subject(case_named)
        messages.on_received(letter_came)
        messages.on_seeing(is_there)
        messages.on_undelivered(letter_came_back)
        persons.follow(FOLLOWER)
        persons.eraser("contacts", erase_contacts)
        persons.exporter("Contacts", exported)
        persons.activity(last_of)
