"""Where the persons room joins the house."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "moothall.persons"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Persons"

    def ready(self) -> None:
        """Hang permissions, what follows when somebody proved who they are, and working out what is due."""
        from moothall.councils import hooks as councils
        from moothall.identity import hooks as identity
        from moothall.journal import hooks as journal
        from moothall.persons.actions.proving import connect_proven
        from moothall.persons.permissions import Can
        from moothall.persons.tasks import keep_until, old_requests

        councils.permissions(Can)
        identity.proven(connect_proven)
        journal.every(24 * 3600, "persons.keep_until")(keep_until)
        journal.every(24 * 3600, "persons.old_requests")(old_requests)
