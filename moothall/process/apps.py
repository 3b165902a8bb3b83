"""Where the process room joins the house."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "moothall.process"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang permissions, the sweeper, the witness of case events, and what an account knows of whoever asked."""
        from moothall.councils import hooks as councils
        from moothall.journal import hooks as journal
        from moothall.process import hooks, queries
        from moothall.process.actions.keeping import WITNESS
        from moothall.process.kinds.colleagues import looked_up_by
        from moothall.process.permissions import Can
        from moothall.process.tasks import due_clocks, old_typing
        from moothall.process.witness import digests, strays

        councils.permissions(Can)
        councils.append_only("process.Event", "process.ProcessVersion")
        hooks.source("requester", queries.account_of)
        looked_up_by(queries.colleagues)
        journal.every(5, "process.due_clocks")(due_clocks)
        journal.every(24 * 3600, "process.old_typing")(old_typing)
        journal.witness(WITNESS, digests, strays=strays)
