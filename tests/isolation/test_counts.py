"""What others do leaves no trace in a page: not a count, not an order, not an entity tag, not a length."""

import re
from dataclasses import replace

import pytest
from django.db import transaction

from tests.isolation.addresses import addresses, asked
from tests.isolation.conftest import House, say
from tests.isolation.quiet import more_kept_apart
from tests.isolation.visitors import Visitor
from tests.isolation.world import OWN, QUIET, more_of

pytestmark = pytest.mark.django_db
_SECRET = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*|X-Request-ID\', \'[^\']*'
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
                answer = visitor.client.get(path)
                found[path] = _SECRET.sub(b"", answer.content + repr(sorted(answer.headers.items())).encode())
    return found


class TestWhatOthersDo:
    def test_leaves_no_trace_in_any_list(self, house: House) -> None:
        compared = 0
        for visitor in house.visitors:
            if not visitor.is_staff:
                continue
            before = pages(house, visitor)
            with transaction.atomic():
                more_of(house.world, "elm")
                after = pages(house, visitor)
                transaction.set_rollback(True)
            changed = [path for path, text in before.items() if after[path] != text]
            assert changed == [], f"{visitor.name} sees that something happened at another council."
            compared += len(before)
        say("lists compared before and after others worked", compared)


class TestWhatOnlySomeMayKnow:
    def test_leaves_no_trace_in_any_list_of_ones_own_council(self, house: House) -> None:
        compared = 0
        for visitor in house.visitors:
            if not visitor.is_staff:
                continue
            before = pages(house, visitor)
            with transaction.atomic():
                more_kept_apart(house.world, OWN)
                after = pages(house, visitor)
                transaction.set_rollback(True)
            changed = [path for path, text in before.items() if after[path] != text]
            changed = [path for path in changed if not path.endswith(MOVING)]
            assert changed == [], f"{visitor.name} sees that something happened in a circle of others."
            compared += len(before)
        say("lists compared before and after a hub worked", compared)
