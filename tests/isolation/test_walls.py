"""The walls with the others down, and mutants: the matrix must find every one, or it proves nothing."""

import pytest
from django.db import connection

from tests.isolation import walls
from tests.isolation.addresses import addresses
from tests.isolation.conftest import WHOLE, say
from tests.isolation.matrix import Matrix, is_foreign, is_foreign_to_staff

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has only the first wall")
FOREIGN = is_foreign if WHOLE else is_foreign_to_staff
pytestmark = pytest.mark.django_db


@on_postgresql
class TestOneWallAlone:
    def test_row_security_keeps_everything_with_broken_managers(self, matrix: Matrix) -> None:
        with walls.no_managers():
            figures = matrix.run(matrix.cells(addresses(), whole=WHOLE, wanted=FOREIGN))
        say("managers broken, row-level security on", figures)
        assert figures.leaks == []

    def test_managers_keep_everything_without_row_security(self, matrix: Matrix) -> None:
        with walls.no_row_security():
            figures = matrix.run(matrix.cells(addresses(), whole=WHOLE, wanted=FOREIGN))
        say("managers on, row-level security off", figures)
        assert figures.leaks == []


class TestOneWallAloneWithTheGateOpen:
    """Rows that a council owns: not even the gate is needed where no agreement is in force.

    The record, jobs, people, teams and agreements are not council-owned rows: for those the gate and the filters of
    their queries are the only wall (and for the record, row-level security).
    """

    @on_postgresql
    def test_row_security_keeps_rows(self, matrix: Matrix) -> None:
        with walls.no_managers(), walls.no_gate():
            self.assert_nothing_owned_is_told(matrix, "gate open, managers broken, row-level security on")

    def test_managers_keep_rows(self, matrix: Matrix) -> None:
        with walls.no_row_security(), walls.no_gate():
            self.assert_nothing_owned_is_told(matrix, "gate open, managers on, row-level security off")

    def test_without_either_they_are_told(self, matrix: Matrix) -> None:
        with walls.nothing_stands():
            assert self.told(matrix)

    def assert_nothing_owned_is_told(self, matrix: Matrix, what: str) -> None:
        told = self.told(matrix)
        say(what, matrix.figures.of(told))
        assert told == []

    def told(self, matrix: Matrix) -> list[str]:
        figures = matrix.run(
            matrix.cells(
                addresses(),
                whole=False,
                wanted=lambda cell: is_foreign_to_staff(cell) and cell.thing.code == "elm",
            )
        )
        owned = (
            "case of elm",
            "case of fir",
            "hours of elm",
            "hours of fir",
            "draft of",
            "link of elm",
            "link of fir",
        )
        return [
            leak
            for leak in figures.leaks
            if "workplace:journal" not in leak and any(words in leak for words in owned)
        ]


class TestMutants:
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
