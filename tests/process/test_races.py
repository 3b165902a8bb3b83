"""Two at once, and one that fails: publishing, the sweeper, and what is kept of a case."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from moothall.councils.rules import Viewer
from moothall.process import actions, queries, store
from moothall.process.actions import clocks, publication
from moothall.process.actions.keeping import around
from moothall.process.definition import Definition
from moothall.process.engine import steps
from moothall.process.models import Case, Clock, ProcessVersion, Step
from moothall.process.queries.worklists import WorkFilter
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


class TestPublishingAtOnce:
    def test_takes_the_next_number_when_somebody_took_this_one(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish_once = publication._publish
        refusals = ["the number is taken", "and the next one"]

        def overtaken(by: Viewer, definition: Definition, source: str, now: datetime) -> ProcessVersion:
            made = publish_once(by, definition, source, now)
            if refusals:
                raise IntegrityError(refusals.pop())
            return made

        monkeypatch.setattr(publication, "_publish", overtaken)
        publish_repair(REPAIR.replace("A tap", "A second tap"))
        numbers = ProcessVersion.objects.filter(key="repair").order_by("number")
        assert list(numbers.values_list("number", flat=True)) == [1, 2]

    def test_gives_up_in_the_end(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_given: object) -> ProcessVersion:
            raise IntegrityError("something else is wrong")

        monkeypatch.setattr(publication, "_publish", never)
        with pytest.raises(IntegrityError, match="something else"):
            publish_repair()


class TestACaseThatCannotBeSwept:
    def test_holds_nobody_else_up_and_is_tried_again_later(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, sound = make_case(place), make_case(place)
        sweep_case = clocks._sweep_case

        def fails(case_id: int, now: datetime) -> int:
            if case_id == broken.id:
                raise RuntimeError("a watcher fails")
            return sweep_case(case_id, now)

        monkeypatch.setattr(clocks, "_sweep_case", fails)
        later = MONDAY + timedelta(days=9)
        assert clocks.sweep(later) == 1
        assert Clock.objects.get(case_id=sound.id).late_at is not None
        assert f"case {broken.id}" in caplog.text
        caplog.clear()
        assert clocks.sweep(later + timedelta(minutes=1)) == 0
        assert not caplog.records
        monkeypatch.setattr(clocks, "_sweep_case", sweep_case)
        assert clocks.sweep(later + clocks.LATER) == 1
        assert Clock.objects.get(case_id=broken.id).late_at is not None


class TestTheStore:
    def test_keeps_a_run_that_was_overtaken_before_it_was_kept(self, place: Place) -> None:
        row = Case.objects.create(
            council=place.council, version_id=ProcessVersion.objects.get().pk, process="repair",
            reference="ABC-1", opened_at=MONDAY, changed_at=MONDAY,
        )  # fmt: skip
        case = store.load(row.pk)
        assert case is not None
        here = around(Viewer.system(), place.council.pk, MONDAY)
        steps.begin(case, here)
        steps.complete(case, here, step="report", given={"what": "tap", "where": "Here"})
        steps.open_again(case, case.definition.steps["report"], here, steps.NOBODY)
        store.save(case, here)
        kept = Step.objects.filter(case=row).order_by("id").values_list("key", "run", "state", "current")
        assert set(kept) == {
            ("report", 1, "reset", False),
            ("check", 1, "cancelled", True),
            ("report", 2, "open", True),
        }

    def test_reads_only_the_newest_run_of_each_clock(self, place: Place) -> None:
        case = make_case(place)
        first = Clock.objects.get(case_id=case.id)
        for number in range(2, 300):
            first.pk, first.run = None, number
            first.save(force_insert=True)
        with CaptureQueriesContext(connection) as asked:
            again = store.load(case.id)
        assert again is not None
        assert again.clocks["fix"].run == 299
        with connection.cursor() as cursor:
            cursor.execute(asked.captured_queries[-1]["sql"])
            assert len(cursor.fetchall()) == 1


class TestACursorOfTheWorklist:
    @pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_at_the_ends_of_time_starts_at_the_first_page(self, place: Place, at: str) -> None:
        make_case(place)
        for number in (1, -1, -(10**30)):
            found = queries.worklist(place.officer, WorkFilter(), MONDAY, after=f"{at}_{number}")
            assert len(found.rows) == 1


class TestStartingACase:
    def test_is_refused_after_any_failure_with_nothing_kept(self, place: Place) -> None:
        before = Case.objects.count()
        with pytest.raises(Exception, match="missing"):
            actions.start_case(
                by=Viewer.system(), council=place.council, process="repair", now=MONDAY, answers={}
            )
        assert Case.objects.count() == before
