"""The timer of recurring work: what is due becomes a job, and each job a call."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from moothall.councils import scope
from moothall.journal import actions as journal
from moothall.journal.jobs import manner
from moothall.servicedesk.actions import recurring
from moothall.servicedesk.models import Recurring
from moothall.servicedesk.queries.recurring import due_numbers

AT_ONCE = 50


def post_due(now: datetime) -> int:
    """Post a job for each piece of recurring work that is due, once for each moment; return 0: a minute will do."""
    with scope.everything("the timer looks at every council's recurring work"), transaction.atomic():
        for row in Recurring.objects.filter(pk__in=due_numbers(now, AT_ONCE)):
            journal.post(
                task=log_due,
                key=f"recurring:{row.pk}:{row.next_at:%Y%m%dT%H%M}",
                args={"number": row.pk},
                council_id=row.council_id,
                now=now,
            )
    return 0


@task()
@manner(together=True)
def log_due(*, number: int) -> str:
    """Log the call of recurring work that is due; return its reference."""
    call = recurring.log_due(number=number, now=timezone.now())
    return call.reference if call is not None else ""
