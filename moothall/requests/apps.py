"""Where the requests room joins the house."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "moothall.requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang permissions, what follows from a change of a case, who asked, and the clearing out of old drafts."""
        from moothall.councils import hooks as councils
        from moothall.journal import hooks as journal
        from moothall.persons import hooks as persons
        from moothall.process import hooks as process
        from moothall.requests import queries
        from moothall.requests.actions import forget_old
        from moothall.requests.actions.erasing import erase_requests
        from moothall.requests.effects import tell_of
        from moothall.requests.exporting import exported, letters
        from moothall.requests.permissions import Can

        councils.permissions(Can)
        process.watch(tell_of)
        persons.tell(queries.known_of_cases)
        persons.eraser("requests", erase_requests)
        persons.exporter("Requests", exported)
        persons.exporter("Letters and emails", letters)
        journal.every(3600, "requests.old_drafts")(forget_old)
