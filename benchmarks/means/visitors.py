"""Visits to pages in this very process: the whole of the application, from the WSGI environment to the last byte."""

import gc
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.means.measuring import median


@dataclass
class Page:
    """A page to be measured, and what came out."""

    name: str
    visit: Callable[[int], Any]
    target: float
    rounds: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    @property
    def ms(self) -> float:
        return median(self.rounds)


def measure(pages: Sequence[Page], rounds: int, times: int) -> None:
    """Visit every page in turn, round after round; note the CPU of this process per visit."""
    from django.db import close_old_connections

    for page in pages:
        for number in range(3):
            answer = page.visit(number)
            assert answer.status_code == 200, (page.name, answer.status_code, answer.headers)
        page.size = len(answer.content)
        page.queries = queries_of(page)
    gc.collect()
    gc.freeze()
    for round_ in range(rounds):
        for page in pages:
            began = time.process_time_ns()
            for number in range(times):
                page.visit(round_ * times + number)
                close_old_connections()  # as a server does after each answer, and the test client does not
            page.rounds.append((time.process_time_ns() - began) / 1e6 / times)


def queries_of(page: Page) -> int:
    """Count the statements of one visit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        page.visit(1)
    return len(found)


def staff_at_work(role: str) -> Any:
    """Return the account of somebody with this role whose teams have the most to do."""
    from django.db.models import Count

    from moothall.councils.models import Grant, Membership
    from moothall.process.models import Step

    busy = dict(
        Step.unscoped("a benchmark looks for the busiest team")
        .filter(state="open")
        .values_list("team_id")
        .annotate(number=Count("id"))
    )
    load: dict[int, int] = {}
    held = Grant.objects.filter(role=role).values_list("staff_id", flat=True)
    for staff, team in Membership.objects.filter(staff_id__in=held).values_list("staff_id", "team_id"):
        load[staff] = load.get(staff, 0) + busy.get(team, 0)
    from moothall.councils.models import Staff

    return Staff.objects.get(pk=max(load, key=lambda pk: load[pk])).user


def browser() -> Any:
    """Return what asks the application as a browser does."""
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1")


def hush() -> None:
    """Write the log to nowhere. Its lines are made all the same: they are part of answering."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(Path(os.devnull).open("w"))  # noqa: SIM115


def signed_in(user: Any) -> Any:
    client = browser()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rare_words(councils: Sequence[int], number: int) -> list[tuple[str, str]]:
    """Return pairs of words of one case, neither in more than some dozen cases: a surname and a street, say."""
    from moothall.process.models import Case, SearchWord

    reason = "a benchmark looks for what to search"
    cases = Case.unscoped(reason).filter(council_id__in=councils).order_by("reference")
    found = []
    for case_id in cases.values_list("id", flat=True)[: number * 5]:
        words = SearchWord.unscoped(reason).filter(case_id=case_id).values_list("word", flat=True)
        rare = [
            word
            for word in words
            if len(word) > 4 and SearchWord.unscoped(reason).filter(word=word)[:51].count() in range(2, 51)
        ]
        if len(rare) > 1:
            found.append((rare[0], rare[1]))
        if len(found) == number:
            break
    return found


def postcodes(councils: Sequence[int], number: int) -> list[str]:
    """Return postcodes that cases have."""
    from moothall.process.models import SearchWord

    rows = SearchWord.unscoped("a benchmark looks for postcodes").filter(
        council_id__in=councils, word__regex=r"^[a-z]{2}\d{1,2}[a-z]{2}$"
    )
    words = rows.order_by("word").values_list("word", flat=True).distinct()
    return [f"{word[:-3]} {word[-3:]}" for word in words[:number]]
