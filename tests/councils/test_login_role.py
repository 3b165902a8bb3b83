"""PostgreSQL served by a role that owns nothing: the house works, and nothing it could be made to run unwalls it."""

from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from psycopg import sql

from moothall.config.doctor import security
from moothall.councils import walls

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no roles"),
    pytest.mark.django_db,
]


def as_owner(*statements: str, role: str) -> None:
    """Run statements about a role as whoever set the database up."""
    at = connection.settings_dict
    with psycopg.connect(dbname=at["NAME"], user=at["USER"], host=at["HOST"], port=at["PORT"]) as server:
        for statement in statements:
            words = {"login": sql.Identifier(role), "work": sql.Identifier(at["MOOTHALL_ROLE"])}
            server.execute(sql.SQL(statement).format(**words))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """Let the walls ask through a connection of a role that may only work as the runtime role."""
    name = f"{connection.settings_dict['NAME']}_login"
    as_owner("DROP ROLE IF EXISTS {login}", "CREATE ROLE {login} LOGIN", "GRANT {work} TO {login}", role=name)
    ours = connection.copy()
    ours.settings_dict = {**ours.settings_dict, "USER": name, "OPTIONS": {}}
    monkeypatch.setattr(walls, "connection", ours)
    yield ours
    ours.close()
    as_owner("DROP ROLE {login}", role=name)


class TestARoleThatOwnsNothing:
    def test_reads_and_writes_as_the_runtime_role(self, served: BaseDatabaseWrapper) -> None:
        with served.cursor() as cursor:
            cursor.execute("SELECT current_user, session_user")
            assert cursor.fetchone() == (
                connection.settings_dict["MOOTHALL_ROLE"],
                served.settings_dict["USER"],
            )
            cursor.execute("SELECT COUNT(*) FROM councils_council")

    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE councils_closingday DISABLE ROW LEVEL SECURITY",
            "DROP POLICY moothall_wall ON councils_closingday",
            'DROP TRIGGER "journal_entry_only_grows" ON journal_entry',
            "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
        ],
    )
    def test_is_all_that_going_back_to_the_login_gives(
        self, statement: str, served: BaseDatabaseWrapper
    ) -> None:
        with served.cursor() as cursor:
            cursor.execute("RESET ROLE")
            with pytest.raises(Exception, match=r"must be owner|permission denied"):
                cursor.execute(statement)

    def test_leaves_the_doctor_content(self, served: BaseDatabaseWrapper) -> None:
        assert walls.login() == walls.Login(served.settings_dict["USER"], bypasses=False, owns=False)
        assert list(security.second_wall(timezone.now())) == []

    @pytest.mark.parametrize("command", ["migrate", "protect"])
    def test_is_told_to_leave_migrations_and_walls_to_the_owner(
        self, command: str, served: BaseDatabaseWrapper
    ) -> None:
        with pytest.raises(CommandError, match=f"“{served.settings_dict['USER']}” does not own the tables"):
            call_command(command, stdout=StringIO())


class TestALoginThatCouldUnwall:
    def test_is_a_problem_when_no_wall_binds_it(self) -> None:
        name = connection.settings_dict["USER"]
        told = [finding.what for finding in security.second_wall(timezone.now())]
        assert told == [f"The house signs in to PostgreSQL as {name}, which no wall binds."]

    def test_is_advised_against_when_it_owns_tables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(walls, "login", lambda: walls.Login("moothall", bypasses=False, owns=True))
        assert [finding.level for finding in security.second_wall(timezone.now())] == ["advice"]
