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
