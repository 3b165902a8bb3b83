"""The world of the isolation matrix, for attacks by hand."""

from typing import Any

import pytest
from django.http import HttpResponse

from tests.isolation.conftest import house
from tests.isolation.visitors import Visitor
from tests.isolation.world import OWN, Thing, World

__all__ = ["house"]


@pytest.fixture
def own(house: tuple[World, list[Visitor]]) -> Thing:
    return house[0].things[OWN]


@pytest.fixture
def people(house: tuple[World, list[Visitor]]) -> dict[str, Visitor]:
    """Everybody by name, with the cookies of the beginning."""
    for visitor in house[1]:
        visitor.come()
    return {visitor.name: visitor for visitor in house[1]}


def come(visitor: Visitor, path: str, query: dict[str, str] | None = None, host: str = "") -> HttpResponse:
    """Return the whole answer to somebody; a file is read to its end."""
    visitor.come()
    headers = {"host": host} if host else None
    answer: Any = visitor.client.get(path, query, headers=headers)
    if answer.streaming:
        b"".join(answer)
    found: HttpResponse = answer
    return found
