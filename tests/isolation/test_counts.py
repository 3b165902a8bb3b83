"""What others do leaves no trace in a page: not a count, not an order, not an entity tag, not a length."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

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
PARTS = 4
"""So that all processes of a run share the work."""


@dataclass(frozen=True)
class Deed:
    """Something that others do; the lists at `told_at` may tell of it."""

    words: str
    act: Callable[[], object]
    told_at: str = " "


def lists_for(house: House, visitor: Visitor) -> list[str]:
    """Return every list that somebody of the staff can look at, with what they can ask of it.

    Doors refuse before a view reads anything: there nothing could be told.
    """
    own = house.world.things[OWN]
    open_to = [
        each
        for each in STAFF_PAGES
        if not each.is_owned and (not each.permissions or any(map(visitor.anywhere, each.permissions)))
    ]
    paths = [
        path for each in open_to for path in (*asked(each, own), *asked(each, replace(own, service=QUIET)))
    ]
    return list(dict.fromkeys(paths))


def pages(visitor: Visitor, paths: Iterable[str]) -> dict[str, bytes]:
    """Return what these lists say to somebody."""
    found = {}
    for path in paths:
        visitor.come()
        with transaction.atomic():  # that somebody looked is itself on record, and is taken back
            answer = visitor.client.get(path)
            transaction.set_rollback(True)
        found[path] = _SECRET.sub(b"", answer.content + repr(sorted(answer.headers.items())).encode())
    return found


def traces(visitor: Visitor, paths: Sequence[str], deeds: Sequence[Deed]) -> list[str]:
    """Return those of these lists that tell of deeds.

    What has changed with the minute only, as waiting times do, is the same when it is taken back.
    """
    before = pages(visitor, paths)
    with transaction.atomic():
        for deed in deeds:
            deed.act()
        after = pages(visitor, paths)
        transaction.set_rollback(True)
    changed = [path for path in paths if after[path] != before[path]]
    again = pages(visitor, changed)
    return [path for path in changed if again[path] != after[path]]


def told_by(visitor: Visitor, paths: Sequence[str], deeds: Sequence[Deed]) -> list[str]:
    """Return which lists tell of what: all is done at once, and only where something shows, each deed by itself."""
    told = traces(visitor, paths, deeds)
    by_deed = {deed: traces(visitor, told, [deed]) for deed in deeds} if told else {}
    alone = [path for found in by_deed.values() for path in found]
    return [
        *(
            f"{path} tells that {deed.words}"
            for deed, found in by_deed.items()
            for path in found
            if not path.endswith(deed.told_at)
        ),
        *(f"{path} tells of everything together" for path in told if path not in alone),
    ]


def deeds_of_others(house: House, visitor: Visitor) -> list[Deed]:
    """Return what is no business of somebody of the staff of the own council.

    Of the same council that is also what is behind the wall: the work of the service desk, or that of services.
    """
    world = house.world

    def of_desk() -> None:
        with scope.everything("a call is logged"):
            another_call(world.councils[OWN], timezone.now())

    def of_services() -> None:
        with scope.everything("somebody asks for a service"):
            another_request(world, OWN, timezone.now())

    return [
        Deed("something happened at another council", lambda: more_of(world, "elm")),
        Deed("something happened in a circle of others", lambda: more_kept_apart(world, OWN), told_at=MOVING),
        Deed("somebody asked for a service", of_services)
        if visitor.is_of_desk
        else Deed("a call was logged", of_desk),
    ]


class TestWhatOthersDo:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_leaves_no_trace_in_any_list(self, house: House, part: int) -> None:
        compared = 0
        for visitor in [each for each in house.visitors if each.is_staff][part::PARTS]:
            paths = lists_for(house, visitor)
            assert told_by(visitor, paths, deeds_of_others(house, visitor)) == [], visitor.name
            compared += len(paths)
        say(f"lists compared before and after others worked, part {part + 1} of {PARTS}", compared)

    def test_would_be_seen(self, house: House) -> None:
        supervisor = next(each for each in house.visitors if each.name == "supervisor")
        deeds = [
            *deeds_of_others(house, supervisor),
            Deed("something happened here", lambda: more_of(house.world, OWN)),
        ]
        told = told_by(supervisor, ["/work/", "/work/queues/"], deeds)
        assert told
        assert all(line.endswith("tells that something happened here") for line in told), told
