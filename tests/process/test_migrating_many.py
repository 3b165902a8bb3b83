"""Moving all the cases that run: by hand or by jobs, by whom, and how their past is read afterwards."""

import json
from typing import Any

import pytest
from django.utils import timezone

from moothall.journal import worker
from moothall.journal.models import Entry, Job
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions, queries, store
from moothall.process.actions import migrating as moves
from moothall.process.errors import CaseChanged
from moothall.process.models import Case, Event
from tests.makers import make_staff, make_viewer
from tests.process import holding
from tests.process.making import REPAIR, Place, make_case, make_place, publish_repair
from tests.process.moves import (
    GONE,
    LATER,
    PEER,
    RENAMED,
    SYSTEM,
    TITLE,
    checked,
    moved,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


class TestManyCases:
    def test_are_moved_where_they_can_be_and_the_others_stay(self, place: Place) -> None:
        first, second, third = make_case(place), checked(place), checked(place)
        version = publish(*RENAMED)
        run = actions.dry_run(by=SYSTEM, version=version, now=LATER)
        assert run.sentence == "3 cases: 1 safe, 2 need a choice"
        assert run.groups[0].cases == 2
        done = actions.migrate(by=SYSTEM, version=version, now=LATER)
        assert (done.moved, done.left) == (1, 2)
        assert Case.objects.get(pk=first.id).version_id == version.pk
        assert Case.objects.filter(pk__in=[second.id, third.id], version_id=version.pk).count() == 0
        done = actions.migrate(by=SYSTEM, version=version, choices={"fix": "mend"}, now=LATER)
        assert (done.moved, done.left) == (2, 0)
        assert actions.migrate(by=SYSTEM, version=version, now=LATER).moved == 0
        entry = Entry.objects.filter(what="process.migration_started").order_by("id").first()
        assert entry is not None
        assert json.loads(entry.facts)["cases"] == 3

    def test_are_moved_by_jobs_that_may_be_done_twice(self, place: Place) -> None:
        cases = [checked(place) for _ in range(3)]
        version = publish(TITLE)
        done = actions.migrate(by=SYSTEM, version=version, now=timezone.now(), jobs=True)
        assert (done.moved, done.jobs) == (0, 1)
        assert not Event.objects.filter(kind="migrated").exists()
        job = Job.objects.get(task__endswith="move_some")
        assert job.council_id == place.council.pk
        worker.drain()
        assert Event.objects.filter(kind="migrated").count() == 3
        moves.move_some.call(
            case_ids=[case.id for case in cases], version_id=version.pk, choices={}, by={"name": "M"}
        )
        assert Event.objects.filter(kind="migrated").count() == 3

    def test_one_that_somebody_changes_meanwhile_is_tried_again(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = checked(place)
        version = publish(TITLE)
        save = store.save_version
        failed: list[Any] = []

        def once(*args: Any) -> None:
            if not failed:
                failed.append(args)
                raise CaseChanged(reference=case.reference)
            save(*args)

        monkeypatch.setattr(store, "save_version", once)
        assert actions.migrate(by=SYSTEM, version=version, now=LATER).moved == 1
        assert failed
        monkeypatch.setattr(store, "save_version", _busy)
        assert actions.migrate(by=SYSTEM, version=publish(), now=LATER).moved == 0

    def test_a_dry_run_writes_nothing(self, place: Place) -> None:
        checked(place)
        version = publish(PEER)
        before = holding.dump()
        actions.dry_run(by=SYSTEM, version=version, now=LATER)
        assert holding.dump() == before


def _busy(*_args: Any) -> None:
    raise CaseChanged(reference="")


class TestWhoMay:
    def test_a_designer_moves_cases_of_their_council_and_reads_no_references(self, place: Place) -> None:
        other = make_place()
        mine, theirs = checked(place), checked(other)
        designer = make_viewer(make_staff(council=place.council, roles=("service-designer",)))
        version = publish(*RENAMED)
        run = actions.dry_run(by=designer, version=version, now=LATER)
        assert (run.cases, [group.references for group in run.groups]) == (1, [()])
        with pytest.raises(NotFound):
            actions.dry_run(by=designer, version=version, council=other.council, now=LATER)
        assert actions.migrate(by=designer, version=version, choices={"fix": "mend"}, now=LATER).moved == 1
        assert Event.objects.get(kind="migrated").actor_name == designer.actor.name
        assert Case.objects.get(pk=mine.id).version_id == version.pk
        assert Case.objects.get(pk=theirs.id).version_id != version.pk

    def test_nobody_else(self, place: Place) -> None:
        case = checked(place)
        version = publish(TITLE)
        for by in (place.officer, place.supervisor, place.adviser):
            with pytest.raises(Refused):
                actions.dry_run(by=by, version=version, now=LATER)
            with pytest.raises(Refused):
                actions.migrate(by=by, version=version, now=LATER)
            with pytest.raises((Refused, NotFound)):
                actions.migrate_case(by=by, case_id=case.id, version=version, expected=None, now=LATER)

    def test_a_stale_look_moves_nothing(self, place: Place) -> None:
        case = checked(place)
        with pytest.raises(CaseChanged):
            actions.migrate_case(
                by=SYSTEM, case_id=case.id, version=publish(TITLE), expected=case.seq - 1, now=LATER
            )


class TestThePast:
    def test_is_read_in_its_own_words(self, place: Place) -> None:
        case = checked(place)
        moved(case, publish(*RENAMED, TITLE, GONE), fix="mend", **{"check.go": "send"})
        lines = queries.case_file(place.officer, case.reference, LATER).history
        said = [line.sentence for line in reversed(lines)]
        assert "“Check” was done: Send the crew" in said
        assert "“Fix” is waiting to be done by The crew" in said
        assert said[-1] == "The case now follows version 2 of its process"
        assert ("Where?", "The kitchen") in [answer for line in lines for answer in line.answers]

    def test_of_a_question_that_has_become_secret_is_secret_under_its_old_name_too(
        self, place: Place
    ) -> None:
        case = checked(place)
        version = publish(
            ("where: {ask: Where?, type: text}", "place: {ask: Which place?, type: text, private: crew}"),
            ("[what, where]", "[what, place]"),
        )
        moved(case, version, where="place")
        for viewer, reads in ((place.worker, True), (place.supervisor, False)):
            history = queries.case_file(viewer, case.reference, LATER).history
            assert (("Where?", "The kitchen") in [each for line in history for each in line.answers]) is reads

    def test_of_a_step_that_was_private_stays_private_when_it_is_gone(self, place: Place) -> None:
        private = REPAIR.replace("    by: desk\n", "    by: desk\n    private: desk\n")
        first = publish(source=private)
        case = make_case(place)
        assert case.version_id == first.pk
        moved(case, publish(source=REPAIR.replace("  check:", "  look:").replace("check.", "look.").replace(
            "back: check", "back: look").replace("title: Check", "title: Look")), check="-")  # fmt: skip
        for viewer, reads in ((place.officer, True), (place.adviser, False)):
            said = [each.sentence for each in queries.case_file(viewer, case.reference, LATER).history]
            assert any("“Check”" in each for each in said) is reads, said
