"""Where the contacts room joins the house."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "moothall.contacts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Contacts"

    def ready(self) -> None:
        """Hang permissions."""
        from moothall.contacts.permissions import Can
        from moothall.councils import hooks as councils

        councils.permissions(Can)
