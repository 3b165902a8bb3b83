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
        from moothall.messages import hooks as messages
        from moothall.persons import hooks as persons
        from moothall.plain.checkup import hang
        from moothall.process import hooks as process
        from moothall.servicedesk import checkup, hooks
        from moothall.servicedesk.actions import arriving, catalogue, lessons, majors, routing, telling
        from moothall.servicedesk.actions.board import only_seats_vote
        from moothall.servicedesk.actions.changes import follow_changes
        from moothall.servicedesk.actions.erasing import erase_calls
        from moothall.servicedesk.actions.resolutions import keep_resolution
        from moothall.servicedesk.actions.satisfaction import ask_how_it_was
        from moothall.servicedesk.actions.suppliers import follow_suppliers, late_suppliers
        from moothall.servicedesk.effects import follow
        from moothall.servicedesk.permissions import Can
        from moothall.servicedesk.queries.risk import looked_up
        from moothall.servicedesk.rules.figures import DEFINITIONS
        from moothall.servicedesk.rules.kinds import INCIDENT, PROCESS, REQUEST
        from moothall.servicedesk.tasks import recurring

        councils.permissions(Can)
        hang("servicedesk")(checkup.check)
        measures.define(DEFINITIONS)
        hooks.on_resolved(keep_resolution)
        hooks.on_closed(ask_how_it_was)
        persons.eraser("calls", erase_calls)
        process.watch(follow)
        process.watch(telling.follow_case)
        process.wall(Can.SEE.value, Can.SEE_MAJORS.value, Can.SEE_CHANGES.value)
        process.tells(PROCESS[INCIDENT], PROCESS[REQUEST])
        hooks.on_logged(telling.call_logged)
        messages.on_received(arriving.letter_came, purpose=telling.PURPOSE)
        process.watch(follow_suppliers)
        process.watch(follow_changes)
        process.watch(only_seats_vote)
        process.watch(catalogue.only_others_approve)
        process.source("list", looked_up)
        journal.every(60, "servicedesk.late_suppliers")(late_suppliers)
        process.watch(routing.approved)
        hooks.on_logged(catalogue.record_asked)
        hooks.route(routing.find_route)
        journal.every(60, "servicedesk.recurring")(recurring.post_due)
        process.watch(majors.follow_major)
        process.watch(majors.follow_call)
        hooks.on_priority(majors.less_urgent)
        hooks.on_resolved(majors.call_resolved)
        journal.every(30, "servicedesk.due_notices")(majors.due_notices)
        journal.every(3600, "servicedesk.overdue_actions")(lessons.chase_actions)
