"""What others do leaves no trace in a page: not a count, not an order, not an entity tag, not a length."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone

from moothall.councils import scope
from tests.isolation.addresses import addresses, asked
from tests.isolation.conftest import House, as_on_sqlite, say
from tests.isolation.desk import another_call
from tests.isolation.quiet import more_kept_apart
from tests.isolation.visitors import Visitor
from tests.isolation.world import OWN, QUIET, another_request, more_of

pytestmark = [pytest.mark.django_db, as_on_sqlite]
_SECRET = re.compile(
    rb'name="(?:csrfmiddlewaretoken|submission|began)" value="[^"]*|X-Request-ID\', \'[^\']*'
    rb"|\d+ entr(?:y is|ies are) not sealed yet, the oldest for [^.]*"  # of the whole house: no council's secret
)
MOVING = f"/{QUIET}/move/"
"""Whoever moves the cases of a process to another version is told how many there are, and the names of none."""
STAFF_PAGES = [each for each in addresses() if each.permissions or each.name == "workplace:home"]


def pages(house: House, visitor: Visitor) -> dict[str, bytes]:
    """Return every list that somebody of the staff can look at, with what they can ask of it."""
    own = house.world.things[OWN]
    found = {}
    for address in STAFF_PAGES:
        if not address.is_owned:
            for path in dict.fromkeys([*asked(address, own), *asked(address, replace(own, service=QUIET))]):
                visitor.come()
                with transaction.atomic():  # that somebody looked is itself on record, and is taken back
                    answer = visitor.client.get(path)
                    transaction.set_rollback(True)
                found[path] = _SECRET.sub(b"", answer.content + repr(sorted(answer.headers.items())).encode())
    return found


def traces(house: House, visitor: Visitor, act: Callable[[], object]) -> tuple[list[str], int]:
    """Return the lists that tell of what others do, and how many were looked at.

    What has changed with the minute only, as waiting times do, is the same when it is taken back.
    """
    before = pages(house, visitor)
    with transaction.atomic():
        act()
        after = pages(house, visitor)
        transaction.set_rollback(True)
    changed = [path for path, text in before.items() if after[path] != text]
    again = pages(house, visitor) if changed else {}
    return [path for path in changed if again[path] != after[path]], len(before)


class TestWhatOthersDo:
    def test_leaves_no_trace_in_any_list(self, house: House) -> None:
        compared = 0
        for visitor in house.visitors:
            if visitor.is_staff:
                told, looked_at = traces(house, visitor, lambda: more_of(house.world, "elm"))
                assert told == [], f"{visitor.name} sees that something happened at another council."
                compared += looked_at
        say("lists compared before and after others worked", compared)


class TestWhatOnlySomeMayKnow:
    def test_leaves_no_trace_in_any_list_of_ones_own_council(self, house: House) -> None:
        compared = 0
        for visitor in house.visitors:
            if visitor.is_staff:
                told, looked_at = traces(house, visitor, lambda: more_kept_apart(house.world, OWN))
                told = [path for path in told if not path.endswith(MOVING)]
                assert told == [], f"{visitor.name} sees that something happened in a circle of others."
                compared += looked_at
        say("lists compared before and after a hub worked", compared)


class TestWhatIsBehindTheWall:
    """Of the same council: the work of the service desk, and that of services."""

    def test_calls_leave_no_trace_in_lists_of_those_who_work_for_services(self, house: House) -> None:
        def more() -> None:
            with scope.everything("a call is logged"):
                another_call(house.world.councils[OWN], timezone.now())

        self.assert_no_trace(house, more, of_desk=False)

    def test_requests_leave_no_trace_in_lists_of_the_desk(self, house: House) -> None:
        def more() -> None:
            with scope.everything("somebody asks for a service"):
                another_request(house.world, OWN, timezone.now())

        self.assert_no_trace(house, more, of_desk=True)

    def assert_no_trace(self, house: House, more: Callable[[], object], *, of_desk: bool) -> None:
        compared = 0
        for visitor in house.visitors:
            if visitor.is_staff and visitor.is_of_desk is of_desk:
                told, looked_at = traces(house, visitor, more)
                assert told == [], (
                    f"{visitor.name} sees that something happened on the other side of the wall."
                )
                compared += looked_at
        say(f"lists compared before and after {'services' if of_desk else 'the desk'} worked", compared)
