"""Where the contacts room joins the house."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "moothall.contacts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """Hang permissions, and what follows from a promised call that was made."""
        from moothall.contacts.effects import calls_made
        from moothall.contacts.permissions import Can
        from moothall.councils import hooks as councils
        from moothall.process import hooks as process

        councils.permissions(Can)
        process.watch(calls_made)
