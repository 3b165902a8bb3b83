"""Where the councils room joins the house."""

from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "moothall.councils"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Councils"

    def ready(self) -> None:
        """Hang permissions, tables that only grow, who is staff, and the colours of each council."""
        from django.core.checks import register

        from moothall.councils import checks, checkup, frames, hooks, jobs, permissions, queries
        from moothall.identity import hooks as identity
        from moothall.journal import hooks as journal
        from moothall.look import hooks as look
        from moothall.plain.checkup import hang

        hooks.permissions(permissions.Can)
        hooks.permissions(permissions.Record)
        hooks.append_only("journal.Entry", "journal.Seal", "journal.Checkpoint")
        identity.staff(queries.works_here)
        journal.around_job(jobs.around)
        look.themes(frames.theme_of)
        look.frame(frames.frame_of)
        look.finish(frames.named)
        register(checks.roles_agree)
        hang("councils")(checkup.check)
