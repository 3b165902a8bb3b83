"""Each wall with the other one down: not one row of another council comes through."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import DatabaseError, connection, models, transaction

from moothall.councils import rows, scope, walls
from moothall.councils.models import CalendarVersion, ClosingDay, Council
from moothall.journal import actions as journal
from moothall.journal.models import Entry
from moothall.plain.actors import SYSTEM
from moothall.plain.errors import HouseError

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has only the first wall")
pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 24)


@pytest.fixture
def rows_of_both(ash: Council, elm: Council) -> None:
    """A closing day, a calendar and an entry of the record for each of two councils."""
    for council in (ash, elm):
        with scope.only([council.pk]):
            ClosingDay.objects.create(council=council, date=DAY, reason=f"canary of {council.code}")
            CalendarVersion.objects.create(council=council, in_force_from=DAY, nation="ENG", weekly={})


@pytest.fixture
def no_managers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the first wall down: managers that let everything through."""
    monkeypatch.setattr(rows.ScopedManager, "get_queryset", models.Manager.get_queryset)
    monkeypatch.setattr(rows, "check", lambda *_: None)


@pytest.fixture
def no_row_security() -> Iterator[None]:
    """Take the second wall down: act as a role that walks through it."""
    with walls.as_owner():
        yield


@contextmanager
def refused(error: type[Exception]) -> Iterator[None]:
    with pytest.raises(error), transaction.atomic():
        yield


def canaries() -> list[str]:
    """Read every closing day by hand, without a clause."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM councils_closingday ORDER BY reason")
        return [reason for (reason,) in cursor.fetchall()]


def look_and_fail() -> None:
    assert canaries() == ["canary of elm"]
    raise ZeroDivisionError


@on_postgresql
@pytest.mark.usefixtures("rows_of_both", "no_managers")
class TestRowSecurityAlone:
    def test_brings_only_rows_in_scope(self, ash: Council) -> None:
        with scope.only([ash.pk]):
            assert [row.reason for row in ClosingDay.objects.all()] == ["canary of ash"]
            assert ClosingDay.objects.count() == 1
            assert CalendarVersion.objects.count() == 1
            assert canaries() == ["canary of ash"]

    def test_brings_nothing_without_a_scope(self) -> None:
        assert list(ClosingDay.objects.all()) == []
        assert canaries() == []

    def test_neither_adds_nor_moves_a_row_to_another_council(self, ash: Council, elm: Council) -> None:
        with scope.only([ash.pk]):
            with refused(DatabaseError):
                ClosingDay.objects.create(council=elm, date=date(2026, 12, 31), reason="x")
            with refused(DatabaseError):
                ClosingDay.objects.update(council=elm)

    def test_neither_changes_nor_deletes_a_row_of_another_council(self, ash: Council) -> None:
        with scope.only([ash.pk]):
            assert ClosingDay.objects.update(reason="mine") == 1
            assert ClosingDay.objects.all().delete()[0] == 1
        with scope.everything("to look"):
            assert canaries() == ["canary of elm"]

    def test_joins_from_the_directory_bring_nothing_either(self, ash: Council) -> None:
        with scope.only([ash.pk]), connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.code FROM councils_council c JOIN councils_closingday d ON d.council_id = c.id"
            )
            assert cursor.fetchall() == [("ash",)]


@pytest.mark.usefixtures("rows_of_both", "no_row_security")
class TestManagersAlone:
    def test_bring_only_rows_in_scope(self, ash: Council) -> None:
        with scope.only([ash.pk]):
            assert [row.reason for row in ClosingDay.objects.all()] == ["canary of ash"]
            assert CalendarVersion.objects.count() == 1
        assert canaries() == ["canary of ash", "canary of elm"]  # the second wall is really down

    def test_raise_without_a_scope(self) -> None:
        with pytest.raises(HouseError):
            ClosingDay.objects.count()

    def test_neither_add_nor_change_nor_delete_rows_of_others(self, ash: Council, elm: Council) -> None:
        with scope.only([ash.pk]):
            with refused(HouseError):
                ClosingDay.objects.create(council=elm, date=date(2026, 12, 31), reason="x")
            assert ClosingDay.objects.filter(council=elm).update(reason="x") == 0
            assert ClosingDay.objects.filter(council=elm).delete()[0] == 0

    def test_hand_written_sql_with_its_clause_brings_only_rows_in_scope(self, ash: Council) -> None:
        with scope.only([ash.pk]), connection.cursor() as cursor:
            condition, values = scope.clause("d.council_id")
            cursor.execute(f"SELECT reason FROM councils_closingday d WHERE {condition}", values)
            assert cursor.fetchall() == [("canary of ash",)]


@on_postgresql
class TestTheSecondWall:
    def test_stands_around_every_council_owned_table_and_the_record(self) -> None:
        assert walls.missing() == []
        assert not walls.bypassed()
        assert {"councils_closingday", "journal_entry"} <= {model._meta.db_table for model in walls.walled()}

    def test_is_missed_where_somebody_took_it_down(self) -> None:
        with walls.as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE councils_closingday NO FORCE ROW LEVEL SECURITY")
        assert walls.missing() == ["councils_closingday"]
        walls.build("")
        assert walls.missing() == []

    def test_is_seen_through_by_the_owner_and_that_is_said(self) -> None:
        with walls.as_owner():
            assert walls.bypassed()

    @pytest.mark.usefixtures("rows_of_both")
    def test_follows_the_scope_after_a_rollback(self, ash: Council, elm: Council) -> None:
        with scope.only([ash.pk]):
            with refused(ZeroDivisionError), scope.only([elm.pk]):
                look_and_fail()
            assert canaries() == ["canary of ash"]
        assert canaries() == []

    @pytest.mark.usefixtures("rows_of_both")
    def test_leaves_the_transaction_usable_after_a_refused_statement(
        self, ash: Council, elm: Council
    ) -> None:
        with scope.only([ash.pk]):
            with refused(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT no_such_thing")
            assert canaries() == ["canary of ash"]

    @pytest.mark.usefixtures("rows_of_both")
    def test_copies_nothing_out_of_scope(self, ash: Council) -> None:
        everything = "COPY (SELECT reason FROM councils_closingday) TO STDOUT"
        with scope.only([ash.pk]), connection.cursor() as cursor, cursor.copy(everything) as copy:
            assert b"".join(bytes(part) for part in copy) == b"canary of ash\n"

    @pytest.mark.usefixtures("rows_of_both")
    def test_keeps_no_rows_on_the_server_for_another_scope_to_fetch(self, ash: Council, elm: Council) -> None:
        with scope.only([ash.pk]):
            rows = ClosingDay.objects.iterator(chunk_size=1)
            first = next(rows)
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT reason FROM councils_closingday")
            assert cursor.fetchall() == []
        assert [first.reason, *(row.reason for row in rows)] == ["canary of ash"]

    def test_the_runtime_role_cannot_take_it_down_or_rewrite_the_record(self) -> None:
        for statement in (
            "ALTER TABLE councils_closingday DISABLE ROW LEVEL SECURITY",
            "DROP POLICY moothall_wall ON councils_closingday",
            "UPDATE journal_entry SET what = 'x'",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
            "DELETE FROM django_migrations",
        ):
            with refused(DatabaseError), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_keeps_entries_of_the_whole_partnership_for_those_who_see_everything(
        self, ash: Council, elm: Council, now: datetime
    ) -> None:
        with scope.only([ash.pk]):
            for council_id in (ash.pk, None):
                journal.write(by=SYSTEM, what="tried", about="test:1", council_id=council_id, now=now)
            assert list(Entry.objects.values_list("council_id", flat=True)) == [ash.pk]
            with refused(DatabaseError):
                journal.write(by=SYSTEM, what="tried", about="test:1", council_id=elm.pk, now=now)
        with scope.everything("to look"):
            assert Entry.objects.count() == 2


@on_postgresql
@pytest.mark.django_db(transaction=True)
class TestAConnectionThatComesBack:
    def test_remembers_no_scope_of_the_one_before(self, ash: Council, elm: Council) -> None:
        with scope.only([elm.pk]):
            ClosingDay.objects.create(council=elm, date=DAY, reason="canary of elm")
            assert canaries() == ["canary of elm"]
        connection.close()  # back to the pool, and out again
        assert canaries() == []
        with scope.only([ash.pk]):
            assert canaries() == []

    def test_forgets_what_a_rolled_back_transaction_was_told(self, elm: Council) -> None:
        with scope.only([elm.pk]):
            ClosingDay.objects.create(council=elm, date=DAY, reason="canary of elm")
        with refused(ZeroDivisionError), scope.only([elm.pk]):
            look_and_fail()
        with scope.only([elm.pk]):
            assert canaries() == ["canary of elm"]
        assert canaries() == []
