"""Suppliers over a month: promises kept, whose the time was, credits due and notice dates."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from moothall.councils.doors import door
from moothall.estate.permissions import Can
from moothall.look import dates
from moothall.servicedesk.queries import suppliers as queries
from moothall.servicedesk.rules.changes import next_month, previous_month
from moothall.workplace.views.answering import looking
from moothall.workplace.views.desk.answering import page


@door(Can.SEE)
@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """Show a month of every support route, and the calls that suppliers have now."""
    viewer, now = looking(request)
    today = now.astimezone(dates.LONDON).date()
    month = _month(request.GET.get("month", ""), today)
    found = queries.contracts(viewer, month, now)
    gaps = queries.gaps_of((each.route for each in found), now)
    return page(
        request,
        "suppliers",
        found=found,
        gaps={number: sorted(each) for number, each in gaps.items()},
        have=queries.with_suppliers(viewer),
        credits=sum(each.credit_pence for each in found),
        month=month,
        before=previous_month(month),
        after=next_month(month) if next_month(month) <= today else None,
        pounds=_pounds,
        today=today,
        now=now,
    )


def _month(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if date(2000, 1, 1) < found <= today else today.replace(day=1)


def _pounds(pence: int) -> str:
    """Return a sum of money as it is read.

    >>> _pounds(123456)
    '£1,234.56'
    """
    return f"£{pence // 100:,}.{pence % 100:02}"
