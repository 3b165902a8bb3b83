"""Keeping each time that a call was resolved, once it was reopened: its row has only the first and the last."""

from datetime import datetime

from moothall.servicedesk.models import Call, Resolution


def keep_resolution(call: Call, now: datetime) -> None:
    """Hear that a call was resolved. Nothing is kept of one that was never reopened."""
    if not call.reopened or call.resolved_at is None:
        return
    rows = Resolution.objects.filter(call=call).order_by("resolved_at", "id")
    last = rows.last()
    if last is not None and last.resolved_at == call.resolved_at:
        return
    if last is None and call.first_resolved_at is not None and call.first_resolved_at != call.resolved_at:
        last = Resolution(call=call, council_id=call.council_id, resolved_at=call.first_resolved_at)
    if last is not None:
        last.reopened_at = call.reopened_at or now
        last.save()
    Resolution.objects.create(call=call, council_id=call.council_id, resolved_at=call.resolved_at)
