"""Two at the same moment, each leaving what the other was to guard: somebody always remains."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from moothall.councils.actions import end_staff, revoke
from moothall.councils.models import Grant, Staff
from moothall.plain.errors import HouseError
from tests import makers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
ROLE = "partnership-administrator"


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment; return the codes of refusals."""
    refused: list[str] = []
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except HouseError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def pair() -> tuple[Staff, Staff]:
    council = makers.make_council()
    return makers.make_staff(council=council, roles=(ROLE,)), makers.make_staff(
        council=council, roles=(ROLE,)
    )


class TestTheLastAdministrator:
    @pytest.mark.parametrize("_round", range(5))
    def test_remains_when_two_end_each_other(self, _round: int) -> None:
        one, other = pair()
        now = timezone.now()
        yesterday = now.date() - timedelta(days=1)
        by_one, by_other = makers.make_viewer(one), makers.make_viewer(other)
        refused = at_once(
            lambda: end_staff(by=by_one, staff=Staff.objects.get(pk=other.pk), on=yesterday, now=now),
            lambda: end_staff(by=by_other, staff=Staff.objects.get(pk=one.pk), on=yesterday, now=now),
        )
        assert refused == ["councils.last_administrator"]
        assert Staff.objects.filter(grants__role=ROLE, ended_on=None).count() == 1

    @pytest.mark.parametrize("_round", range(5))
    def test_remains_when_one_ends_the_other_who_takes_the_role_away(self, _round: int) -> None:
        one, other = pair()
        now = timezone.now()
        yesterday = now.date() - timedelta(days=1)
        by_one, by_other = makers.make_viewer(one), makers.make_viewer(other)
        refused = at_once(
            lambda: end_staff(by=by_one, staff=Staff.objects.get(pk=other.pk), on=yesterday, now=now),
            lambda: revoke(
                by=by_other, staff=Staff.objects.get(pk=one.pk), role=ROLE, council=one.council, now=now
            ),
        )
        assert refused == ["councils.last_administrator"]
        assert Grant.objects.filter(role=ROLE, staff__ended_on=None).count() == 1
