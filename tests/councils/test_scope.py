"""The first wall: without a scope nothing is read or written, and with one only within it."""

import ast
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Count, Prefetch

from moothall.councils import scope
from moothall.councils.errors import NoScope, OutOfScope
from moothall.councils.models import CalendarVersion, ClosingDay, Council, CouncilOwned
from moothall.plain.errors import HouseError

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 24)


def close(council: Council, reason: str = "snow", day: date = DAY) -> ClosingDay:
    with scope.only([council.pk]):
        row = ClosingDay(council=council, date=day, reason=reason)
        row.save()
        return row


@contextmanager
def refused(error: type[HouseError]) -> Iterator[None]:
    """A refusal that leaves the transaction of the test usable."""
    with pytest.raises(error), transaction.atomic():
        yield


class TestWithoutAScope:
    def test_nothing_can_be_read(self, ash: Council) -> None:
        with pytest.raises(NoScope, match="Closing days belongs to councils"):
            ClosingDay.objects.all()

    def test_the_base_manager_and_the_default_manager_refuse_as_well(self) -> None:
        for model in (ClosingDay, CalendarVersion):
            for manager in (model._base_manager, model._default_manager):
                with pytest.raises(NoScope):
                    manager.all()

    def test_nothing_can_be_written(self, ash: Council) -> None:
        with refused(NoScope):
            ClosingDay(council=ash, date=DAY, reason="snow").save()
        with refused(NoScope):
            ClosingDay.objects.bulk_create([ClosingDay(council=ash, date=DAY, reason="snow")])
        row = close(ash)
        row.reason = "ice"
        with refused(NoScope):
            row.save()
        with refused(NoScope):
            row.delete()

    def test_a_row_in_hand_is_not_read_again(self, ash: Council) -> None:
        row = close(ash)
        with pytest.raises(NoScope):
            row.refresh_from_db()

    def test_a_list_kept_from_inside_a_scope_cannot_write(self, ash: Council) -> None:
        with scope.only([ash.pk]):
            rows = ClosingDay.objects.all()
        with pytest.raises(NoScope):
            rows.update(council=ash)

    def test_another_thread_has_no_scope(self, ash: Council) -> None:
        seen: list[scope.Scope | None] = []
        with scope.only([ash.pk]):
            thread = threading.Thread(target=lambda: seen.append(scope.peek()))
            thread.start()
            thread.join()
        assert seen == [None]

    def test_every_council_owned_model_keeps_to_it(self) -> None:
        for model in CouncilOwned.__subclasses__():
            for manager in (model._base_manager, model._default_manager):
                with pytest.raises(NoScope):
                    manager.all()


class TestWithinAScope:
    def test_only_its_rows_are_there(self, ash: Council, elm: Council) -> None:
        mine, theirs = close(ash), close(elm)
        with scope.only([ash.pk]):
            assert list(ClosingDay.objects.all()) == [mine]
            assert ClosingDay.objects.count() == 1
            assert not ClosingDay.objects.filter(pk=theirs.pk).exists()
            assert ClosingDay.objects.aggregate(n=Count("id")) == {"n": 1}
            everyone = ClosingDay.objects.order_by()
            assert list(everyone.filter(pk=theirs.pk).union(everyone)) == [mine]
            assert ClosingDay.objects.in_bulk([mine.pk, theirs.pk]) == {mine.pk: mine}
        with scope.only([ash.pk, elm.pk]):
            assert set(ClosingDay.objects.all()) == {mine, theirs}
        with scope.only([]):
            assert list(ClosingDay.objects.all()) == []

    def test_one_council_becomes_a_plain_comparison(self, ash: Council) -> None:
        with scope.only([ash.pk]):
            assert f'"council_id" = {ash.pk}' in str(ClosingDay.objects.all().query)

    def test_every_council_there_is_becomes_no_clause(self, ash: Council) -> None:
        with scope.only([ash.pk], whole=True):
            assert "WHERE" not in str(ClosingDay.objects.all().query)
            assert scope.clause("council_id") == ("1 = 1", [])

    def test_a_prefetch_keeps_to_it(self, ash: Council, elm: Council) -> None:
        with pytest.raises(NoScope):
            Prefetch("closing_days", ClosingDay.objects.all())

    def test_rows_of_others_are_neither_changed_nor_deleted(self, ash: Council, elm: Council) -> None:
        theirs = close(elm)
        with scope.only([ash.pk]):
            assert ClosingDay.objects.filter(pk=theirs.pk).update(reason="x") == 0
            assert ClosingDay.objects.filter(pk=theirs.pk).delete()[0] == 0
            with refused(OutOfScope):
                theirs.delete()
            theirs.reason = "x"
            with refused(OutOfScope):
                theirs.save()
            with pytest.raises(ClosingDay.DoesNotExist):
                theirs.refresh_from_db()
        with scope.everything("to look"):
            assert ClosingDay.objects.get().reason == "snow"

    def test_no_row_is_made_for_or_moved_to_another_council(self, ash: Council, elm: Council) -> None:
        mine = close(ash)
        with scope.only([ash.pk]):
            with refused(OutOfScope):
                ClosingDay.objects.create(council=elm, date=DAY, reason="x")
            with refused(OutOfScope):
                ClosingDay.objects.bulk_create([ClosingDay(council=elm, date=DAY, reason="x")])
            with refused(OutOfScope):
                ClosingDay.objects.update(council=elm)
            with refused(OutOfScope):
                ClosingDay.objects.update(council_id=elm.pk)
            mine.council = elm
            with refused(OutOfScope):
                mine.save()
            with refused(OutOfScope):
                ClosingDay.objects.bulk_update([mine], ["council"])

    def test_hand_written_sql_is_not_taken_by_the_manager(self, ash: Council) -> None:
        with scope.only([ash.pk]), pytest.raises(TypeError, match=r"scope\.clause"):
            ClosingDay.objects.raw("SELECT 1")

    def test_a_scope_ends_with_its_block(self, ash: Council) -> None:
        with scope.everything("to begin with"):
            with scope.only([ash.pk]):
                assert scope.current().councils == frozenset({ash.pk})
            assert scope.current().councils is None
            with scope.nothing(), pytest.raises(NoScope):
                scope.current()


class TestALaterScope:
    def test_is_found_once_and_only_when_needed(self, ash: Council) -> None:
        asked: list[int] = []

        def find() -> scope.Scope:
            asked.append(1)
            assert scope.peek() is None  # looking for the scope has none itself
            return scope.Scope(frozenset({ash.pk}))

        with scope.later(find):
            assert scope.words() == ""
            assert asked == []
            assert scope.current().councils == frozenset({ash.pk})
            assert scope.current().holds(ash.pk)
            assert asked == [1]
            assert scope.words() == f"{{{ash.pk}}}"


class TestUnscoped:
    def test_brings_every_councils_rows(self, ash: Council, elm: Council) -> None:
        close(ash), close(elm)
        rows = ClosingDay.unscoped("a test")
        assert rows.count() == 2
        assert len(rows.filter(reason="snow").order_by("date")) == 2
        assert {row.council_id for row in rows.iterator()} == {ash.pk, elm.pk}
        assert rows.filter(council=ash).update(reason="ice") == 1
        assert rows.filter(council=ash).exists()
        assert rows.values_list("reason", flat=True).distinct().count() == 2
        assert rows.filter(council=ash).delete()[0] == 1

    def test_needs_a_reason(self) -> None:
        with pytest.raises(ValueError, match="Say why"):
            ClosingDay.unscoped(" ")
        with pytest.raises(ValueError, match="Say why"), scope.everything(""):
            pass

    def test_is_used_only_where_this_list_says(self) -> None:
        assert _users_of("unscoped") <= UNSCOPED


UNSCOPED = {
    "councils/models.py",  # where it is defined
    "councils/rows.py",
    "councils/queries.py",  # opening hours are public
    "estate/queries/following.py",  # whom a break or a change touches, in numbers only
    "estate/queries/items.py",  # whether an item is anybody's at all
    "servicedesk/queries/board.py",  # who sits on the joint board for a council
    "servicedesk/queries/changes/colliding.py",  # changes collide on what councils share
    "servicedesk/queries/freezes.py",  # a freeze holds back whoever touches the council
    "servicedesk/queries/observing.py",  # what was approved for an item that councils share
    "messages/queries.py",  # how much mail waits, in numbers only
}


def _users_of(name: str) -> set[str]:
    house = Path(scope.__file__).parents[1]
    return {
        str(file.relative_to(house))
        for file in house.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if name in (getattr(node, "attr", None), getattr(node, "name", None))
    }
