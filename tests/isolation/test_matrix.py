"""Every address by method by visitor by council: the answer that roles.yaml promises, and no canary of anybody else."""

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from moothall.councils.doors import public
from tests.isolation.addresses import UnknownAddress, addresses, walked
from tests.isolation.conftest import WHOLE, say
from tests.isolation.matrix import Cell, Matrix, expected_of
from tests.isolation.world import OWN

pytestmark = pytest.mark.django_db


@public
def answer(_request: HttpRequest, /, **_: object) -> HttpResponse:
    return HttpResponse()


PARTS = 12
"""So that all processes of a run share the work."""


def is_wanted(cell: Cell) -> bool:
    """Say whether a cell is tried on this database.

    Behind the second wall: what must be answered, which it could spoil, in each list with whatever it could tell of
    others. What must be refused or is nowhere is tried before it, on SQLite, and behind it alone in `test_walls.py`.
    """
    return WHOLE or connection.vendor != "postgresql" or expected_of(cell) == "open"


class TestTheMatrix:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_tells_nobody_anything_of_another_council(self, matrix: Matrix, part: int) -> None:
        found = addresses()[part::PARTS]
        figures = matrix.run(matrix.cells(found, whole=WHOLE, wanted=is_wanted))
        say(f"every wall standing, part {part + 1} of {PARTS}", figures)
        assert figures.leaks == []
        assert figures.faults == []
        never = {each.name for each in found if each.permissions} - {name for name, _ in figures.opened}
        assert never == set(), "These pages never answered anybody: their things in world.py do not exist."

    def test_says_what_to_add_for_an_address_it_does_not_know(self, matrix: Matrix) -> None:
        strange = walked([path("strange/<int:cage>/", answer, name="strange")])[0]
        with pytest.raises(UnknownAddress, match=r"“cage”.*FILLS.*“strange:cage”"):
            strange.path(matrix.world.things[OWN])

    def test_wants_a_name_for_every_address(self) -> None:
        with pytest.raises(UnknownAddress, match="has no name"):
            walked([path("strange/", answer)])
