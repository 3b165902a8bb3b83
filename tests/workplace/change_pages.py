"""A browser for the people of a change board, and changes for them to look at, for tests of pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import CouncilOwned
from moothall.look.dates import LONDON
from moothall.servicedesk.models import Change
from tests.servicedesk.changing import LONG, Board, a_change, step

UNPROCESSABLE, NOT_FOUND, FOUND, REFUSED = 422, 404, 302, 403
SOON = timedelta(days=9)


def browser(board: Board, who: str) -> Client:
    client = Client()
    client.force_login(board.staff[who].user)
    return client


def doing(act: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    with scope.everything("working for a test of pages"):
        return act(*args, **facts)


def one_change(board: Board, **asked: Any) -> Change:
    now = timezone.now()
    window = {"starts_at": now + SOON, "ends_at": now + SOON + LONG}
    made: Change = doing(a_change, board, now=now, **(window | asked))
    return made


def waiting_change(board: Board, **asked: Any) -> Change:
    change = one_change(board, **asked)
    doing(step, change, board.colleague, "peer", outcome="sound", now=timezone.now())
    return now_of(change)


def number_of(model: type[CouncilOwned]) -> int:
    """Return how many there are of something."""
    return model.unscoped("a test").count()


def now_of(change: Change) -> Change:
    """Return a change as it is now, with its call."""
    found: Change = doing(lambda: Change.objects.select_related("call").get(pk=change.pk))
    return found


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def filled(board: Board, **facts: Any) -> dict[str, Any]:
    """Return the form of a change as a browser sends it."""
    day = (timezone.now() + SOON).astimezone(LONDON).date()
    return {
        "council": board.ash.pk, "kind": "normal", "what": "Patch the portal", "reason": "A hole.",
        "items": ["portal"], "plan": "Step by step.", "tests": "Sign in.", "backout": "Restore.",
        "rollback_tested": "yes", "done_before": "yes", "in_hours": "no", "service_away": "no",
        "start_day_day": day.day, "start_day_month": day.month, "start_day_year": day.year, "start_time": "9pm",
        "end_time": "23:00", "submission": "a-form-of-a-test",
    } | facts  # fmt: skip
