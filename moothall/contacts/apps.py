"""Where the contacts room joins the house."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "moothall.contacts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """Hang permissions, what follows from a promised call that was made, and what is erased and exported."""
        from moothall.contacts.actions.erasing import erase_contacts
        from moothall.contacts.actions.following import FOLLOWER
        from moothall.contacts.effects import calls_made
        from moothall.contacts.permissions import Can
        from moothall.contacts.queries.exporting import exported, last_of
        from moothall.councils import hooks as councils
        from moothall.persons import hooks as persons
        from moothall.process import hooks as process

        councils.permissions(Can)
        process.watch(calls_made)
        persons.follow(FOLLOWER)
        persons.eraser("contacts", erase_contacts)
        persons.exporter("Contacts", exported)
        persons.activity(last_of)
