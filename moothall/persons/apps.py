"""Where the persons room joins the house."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "moothall.persons"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Persons"

    def ready(self) -> None:
        """Hang permissions."""
        from moothall.councils import hooks as councils
        from moothall.persons.permissions import Can

        councils.permissions(Can)
