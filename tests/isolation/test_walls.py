"""The walls with the others down, and mutants: the matrix must find every one, or it proves nothing."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection

from tests.isolation import walls
from tests.isolation.addresses import Address, addresses
from tests.isolation.conftest import WHOLE, as_on_sqlite, say
from tests.isolation.matrix import Cell, Matrix, is_foreign, is_foreign_to_staff
from tests.isolation.world import OTHER_KIND

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has only the first wall")
PARTS = 4
"""So that all processes of a run share the work."""
pytestmark = pytest.mark.django_db
in_parts = pytest.mark.parametrize("part", range(PARTS))


def behind_the_walls(cell: Cell) -> bool:
    """Say whether these walls stand before what a cell reaches for.

    Where an agreement of another kind is in force, they let through by design: the gate alone keeps that, and the
    matrix itself tries it.
    """
    return is_foreign(cell) if WHOLE else is_foreign_to_staff(cell) and cell.thing.code != OTHER_KIND


@on_postgresql
class TestOneWallAlone:
    """The matrix itself, on SQLite, is the first wall alone."""

    @in_parts
    def test_row_security_keeps_everything_with_broken_managers(self, matrix: Matrix, part: int) -> None:
        with walls.no_managers():
            self.assert_nothing_is_told(matrix, part, "managers broken, row-level security on")

    @as_on_sqlite
    @in_parts
    def test_managers_keep_everything_without_row_security(self, matrix: Matrix, part: int) -> None:
        with walls.no_row_security():
            self.assert_nothing_is_told(matrix, part, "managers on, row-level security off")

    def assert_nothing_is_told(self, matrix: Matrix, part: int, what: str) -> None:
        cells = matrix.cells(addresses()[part::PARTS], whole=WHOLE, wanted=behind_the_walls)
        figures = matrix.run(cells)
        say(f"{what}, part {part + 1} of {PARTS}", figures)
        assert figures.leaks == []


class TestOneWallAloneWithTheGateOpen:
    """Rows that a council owns: not even the gate is needed where no agreement is in force.

    The record, jobs, people, teams and agreements are not council-owned rows: for those the gate and the filters of
    their queries are the only wall (and for the record, row-level security).
    """

    @on_postgresql
    @in_parts
    def test_row_security_keeps_rows(self, matrix: Matrix, part: int) -> None:
        with walls.no_managers(), walls.no_gate():
            self.assert_nothing_owned_is_told(
                matrix, part, "gate open, managers broken, row-level security on"
            )

    @as_on_sqlite
    @in_parts
    def test_managers_keep_rows(self, matrix: Matrix, part: int) -> None:
        with walls.no_row_security(), walls.no_gate():
            self.assert_nothing_owned_is_told(matrix, part, "gate open, managers on, row-level security off")

    def test_without_either_they_are_told(self, matrix: Matrix) -> None:
        with walls.nothing_stands():
            assert any(owned_of(matrix.run(iter([cell])).leaks) for cell in reaching(matrix, addresses()))

    def assert_nothing_owned_is_told(self, matrix: Matrix, part: int, what: str) -> None:
        told = owned_of(matrix.run(reaching(matrix, addresses()[part::PARTS])).leaks)
        say(f"{what}, part {part + 1} of {PARTS}", matrix.figures.of(told))
        assert told == []


def reaching(matrix: Matrix, found: Sequence[Address]) -> Iterator[Cell]:
    """Return the cells that reach for what belongs to a council without an agreement."""
    return matrix.cells(
        found, whole=False, wanted=lambda cell: is_foreign_to_staff(cell) and cell.thing.code == "elm"
    )


def owned_of(leaks: Sequence[str]) -> list[str]:
    """Return the leaks of rows that a council owns."""
    owned = (
        "case of elm", "case of fir", "hours of elm", "hours of fir", "draft of", "link of elm", "link of fir"
    )  # fmt: skip
    return [
        leak for leak in leaks if "workplace:journal" not in leak and any(words in leak for words in owned)
    ]


class TestMutants:
    """Of the code, which is the same on both databases."""

    @as_on_sqlite
    @pytest.mark.parametrize("name", walls.MUTANTS)
    def test_are_found(self, matrix: Matrix, name: str) -> None:
        with walls.MUTANTS[name]():
            first = walls.SHOWS.get(name, "workplace:case")
            found = sorted(
                addresses(), key=lambda each: (each.name != first, not each.permissions, each.name)
            )
            figures = matrix.run(matrix.cells(found, whole=False), until_found=True)
        say(f"mutant “{name}”", f"{figures}; first: {[*figures.leaks, *figures.faults, 'NOT FOUND'][0]}")
        assert figures.leaks or figures.faults
