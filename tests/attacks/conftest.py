"""The world of the isolation matrix, for attacks by hand."""

from typing import Any

import pytest
from django.http import HttpResponse

from tests.isolation.conftest import House, house, surroundings
from tests.isolation.visitors import Visitor
from tests.isolation.world import OWN, Thing

__all__ = ["house", "surroundings"]


@pytest.fixture
def own(house: House) -> Thing:
    return house.world.things[OWN]


@pytest.fixture
def people(house: House) -> dict[str, Visitor]:
    """Everybody by name, with the cookies of the beginning."""
    for visitor in house.visitors:
        visitor.come()
    return {visitor.name: visitor for visitor in house.visitors}


def come(visitor: Visitor, path: str, query: dict[str, str] | None = None, host: str = "") -> HttpResponse:
    """Return the whole answer to somebody; a file is read to its end."""
    visitor.come()
    headers = {"host": host} if host else None
    answer: Any = visitor.client.get(path, query, headers=headers)
    if answer.streaming:
        b"".join(answer)
    found: HttpResponse = answer
    return found
