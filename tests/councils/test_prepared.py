"""Questions put together once: they answer as Django's own would, within the scope, each time with other values."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from moothall.councils import gate, scope
from moothall.councils.errors import NoScope
from moothall.councils.models import ClosingDay, Council
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rows import unscoped
from moothall.identity.models import User

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 24)


@prepared
def closing_on(day: Slot) -> Any:
    return ClosingDay.objects.filter(date=day).select_related("council").order_by("reason")


@prepared
def reasons(days: Slot, but: Slot, *, backwards: bool) -> Any:
    rows = ClosingDay.objects.filter(~Q(reason=but), date__in=days)
    return rows.order_by("-date" if backwards else "date").values_list("reason", flat=True)


@prepared
def of_councils(day: Slot, *, reached: frozenset[int] | None) -> Any:
    return gate.within(ClosingDay.objects.filter(date=day), reached).order_by("reason")


def close(council: Council, reason: str, day: date = DAY) -> None:
    with scope.only([council.pk]):
        ClosingDay.objects.create(council=council, date=day, reason=reason)


def kept_of(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


class TestAnswers:
    def test_they_are_those_of_the_same_queryset(self, ash: Council) -> None:
        close(ash, "snow")
        close(ash, "100 % ice", DAY + timedelta(days=1))
        with scope.only([ash.pk]):
            for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)):
                asked = list(ClosingDay.objects.filter(date=day).select_related("council").order_by("reason"))
                found = closing_on.all(day=day)
                assert [kept_of(each) for each in found] == [kept_of(each) for each in asked]
                assert [kept_of(each.council) for each in found] == [kept_of(each.council) for each in asked]

    def test_a_row_is_as_good_as_any(self, ash: Council) -> None:
        close(ash, "snow")
        with scope.only([ash.pk]):
            row = closing_on.first(day=DAY)
            row.reason = "ice"
            row.save()
            with CaptureQueriesContext(connection) as asked:
                assert closing_on.first(day=DAY).council.name == ash.name
            assert len(asked) == 1
            assert ClosingDay.objects.get().reason == "ice"
            assert closing_on.first(day=DAY + timedelta(days=9)) is None

    def test_lists_of_any_length_and_shapes(self, ash: Council) -> None:
        days = [DAY + timedelta(days=number) for number in range(4)]
        for number, day in enumerate(days):
            close(ash, f"reason {number}", day)
        with scope.only([ash.pk]):
            found = reasons.all(days=days, but="reason 2", backwards=False)
            assert found == ["reason 0", "reason 1", "reason 3"]
            assert reasons.all(days=days[:2], but="", backwards=True) == ["reason 1", "reason 0"]
            assert reasons.all(days=[], but="", backwards=True) == []

    def test_moments_are_given_as_the_database_keeps_them(self) -> None:
        @prepared
        def since(moment: Slot) -> Any:
            return User.objects.filter(joined_at__gte=moment)

        somebody = User.objects.create(email="somebody@example.org", name="Somebody")
        assert since.all(moment=somebody.joined_at) == [somebody]
        assert since.all(moment=somebody.joined_at + timedelta(microseconds=1)) == []

    def test_the_question_is_put_together_once(self, ash: Council) -> None:
        said = []

        @prepared
        def counted(day: Slot) -> Any:
            said.append(day)
            return ClosingDay.objects.filter(date=day)

        with scope.only([ash.pk]):
            counted.all(day=DAY)
            counted.all(day=DAY + timedelta(days=1))
        assert len(said) == 1

    def test_other_values_than_its_own_are_refused(self, ash: Council) -> None:
        with scope.only([ash.pk]), pytest.raises(TypeError, match="closing_on takes day, not date"):
            closing_on.all(date=DAY)


class TestWalls:
    def test_each_scope_has_its_own_answer(self, ash: Council, elm: Council) -> None:
        close(ash, "snow")
        close(elm, "flood")
        for councils, expected in (
            ([ash.pk], ["snow"]),
            ([elm.pk], ["flood"]),
            ([ash.pk, elm.pk], ["flood", "snow"]),
            ([], []),
            ([ash.pk], ["snow"]),
        ):
            with scope.only(councils):
                assert [each.reason for each in closing_on.all(day=DAY)] == expected
        with scope.everything("a test looks at both"):
            assert len(closing_on.all(day=DAY)) == 2

    def test_without_a_scope_there_is_no_answer(self, ash: Council) -> None:
        with scope.only([ash.pk]):
            closing_on.all(day=DAY)
        with pytest.raises(NoScope):
            closing_on.all(day=DAY)

    def test_what_a_viewer_reaches_is_part_of_the_question(self, ash: Council, elm: Council) -> None:
        close(ash, "snow")
        close(elm, "flood")
        with scope.everything("a test looks at both"):
            both = frozenset({ash.pk, elm.pk})
            for reached, expected in (
                (both, ["flood", "snow"]),
                (frozenset({ash.pk}), ["snow"]),
                (frozenset[int](), []),
                (None, ["flood", "snow"]),
            ):
                assert [each.reason for each in of_councils.all(day=DAY, reached=reached)] == expected

    def test_what_leaves_the_scope_or_fetches_beforehand_is_not_prepared(self, ash: Council) -> None:
        beyond = prepared(lambda day: unscoped(ClosingDay, "a test").filter(date=day))
        before = prepared(lambda day: Council.objects.filter(pk=day).prefetch_related("agreements"))
        with scope.only([ash.pk]):
            with pytest.raises(TypeError, match="leaves the scope"):
                beyond.all(day=DAY)
            with pytest.raises(TypeError, match="fetches beforehand"):
                before.all(day=ash.pk)

    @pytest.mark.django_db(transaction=True)
    def test_threads_ask_over_their_own_connections(self, ash: Council) -> None:
        close(ash, "snow")
        found: list[str] = []

        def ask() -> None:
            try:
                with scope.only([ash.pk]):
                    found.extend(each.reason for each in closing_on.all(day=DAY))
            finally:
                connection.close()

        with scope.only([ash.pk]):
            closing_on.all(day=DAY)
        crowd = [threading.Thread(target=ask) for _ in range(3)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        assert found == ["snow"] * 3
