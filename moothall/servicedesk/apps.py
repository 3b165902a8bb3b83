"""Where the service desk joins the house."""

from django.apps import AppConfig


class ServiceDeskConfig(AppConfig):
    name = "moothall.servicedesk"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Service desk"

    def ready(self) -> None:
        """Hang the permissions, and let calls follow their cases."""
        from moothall.councils import hooks as councils
        from moothall.journal import hooks as journal
        from moothall.measures import hooks as measures
        from moothall.process import hooks as process
        from moothall.servicedesk import hooks
        from moothall.servicedesk.actions import catalogue, routing
        from moothall.servicedesk.actions.resolutions import keep_resolution
        from moothall.servicedesk.actions.suppliers import follow_suppliers, late_suppliers
        from moothall.servicedesk.effects import follow
        from moothall.servicedesk.permissions import Can
        from moothall.servicedesk.rules.figures import DEFINITIONS
        from moothall.servicedesk.tasks import recurring

        councils.permissions(Can)
        measures.define(DEFINITIONS)
        hooks.on_resolved(keep_resolution)
        process.watch(follow)
        process.watch(follow_suppliers)
        journal.every(60, "servicedesk.late_suppliers")(late_suppliers)
        process.watch(routing.approved)
        hooks.on_logged(catalogue.record_asked)
        hooks.route(routing.find_route)
        journal.every(60, "servicedesk.recurring")(recurring.post_due)
