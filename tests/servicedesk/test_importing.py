"""Calls of another system are brought in whole or not at all, none twice, judged by the council's own targets."""

import json
from datetime import datetime, timedelta
from itertools import count

import pytest

from moothall.councils.rules import Viewer
from moothall.journal import hooks as journal
from moothall.journal.models import Entry
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process import queries
from moothall.process.models import Case, Clock, Event, SearchWord, Step
from moothall.servicedesk.actions.importing import Brought, bring_in
from moothall.servicedesk.models import Call
from moothall.servicedesk.rules.importing import Row
from tests.servicedesk.channel_world import Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

HOUSE = Viewer.system()


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


_numbers = count(1)


def a_row(now: datetime, **facts: object) -> Row:
    known = {
        "external": f"INC{next(_numbers):06}",
        "summary": "The printer on the second floor does not print",
        "logged_at": now - timedelta(days=7),
        "caller_name": "Priscilla Presley",
    }
    return Row(**{**known, **facts})  # type: ignore[arg-type]


def closed(now: datetime, **facts: object) -> Row:
    return a_row(
        now, **{"resolved_at": now - timedelta(days=6), "closed_at": now - timedelta(days=5), **facts}
    )


def brought(desk: Desk, now: datetime, *rows: Row, judged: bool = True) -> Brought:
    return bring_in(rows, by=HOUSE, council=desk.other, now=now, judged=judged)


class TestBringingInAClosedCall:
    def test_makes_a_closed_case_with_its_call(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now, fix="New toner."))
        call, case = Call.objects.get(), Case.objects.get()
        assert (call.state, call.open, call.ended, call.council_id) == (
            "closed",
            False,
            "done",
            desk.other.pk,
        )
        assert (case.status, case.data["fix"], case.closed_at) == (
            "closed",
            "New toner.",
            now - timedelta(days=5),
        )
        assert call.resolved_at == now - timedelta(days=6)
        assert call.reference.startswith(desk.other.reference_prefix)

    def test_judges_its_clocks_by_the_targets_of_the_council(self, desk: Desk, now: datetime) -> None:
        fast = closed(now, resolved_at=now - timedelta(days=7) + timedelta(hours=2))
        slow = closed(now, logged_at=now - timedelta(days=60), priority=1)
        brought(desk, now, fast, slow)
        states = list(Clock.objects.filter(key="resolve").order_by("case_id").values_list("state", flat=True))
        assert states == ["met", "missed"]

    def test_says_nothing_of_clocks_where_nobody_asked_for_that(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now), judged=False)
        assert not Clock.objects.exists()

    def test_leaves_nothing_for_time_to_do(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now), closed(now, kind="problem", priority=3), closed(now, kind="request"))
        assert process.sweep(now + timedelta(days=400)) == 0
        assert set(Step.objects.filter(current=True).values_list("state", flat=True)) <= {
            "done",
            "skipped",
            "cancelled",
        }

    def test_counts_a_withdrawn_one_as_that(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now, ended="cancelled"))
        call = Call.objects.get()
        assert (call.ended, call.resolved_at) == ("cancelled", None)


class TestBringingInAnOpenCall:
    def test_makes_a_case_that_can_be_worked_on(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, a_row(now, state="open", team_id=desk.resolvers.pk, team_name="Second line"))
        call = Call.objects.get()
        assert (call.state, call.open, call.team_id) == ("open", True, desk.resolvers.pk)
        analyst = desk.viewer(desk.analyst)
        case = process.act(
            by=analyst, case_id=call.case_id, step="resolve", expected=None, now=now, outcome="resolved",
            answers={"fix": "It prints."},
        )  # fmt: skip
        assert case.steps["confirm"].state == "open"
        call.refresh_from_db()
        assert call.state == "resolved"

    def test_leaves_a_new_one_to_be_sorted(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, a_row(now, state="new"))
        assert Call.objects.get().state == "new"
        assert Step.objects.get(key="triage").state == "open"

    @pytest.mark.parametrize("state", ["user", "supplier", "resolved"])
    def test_stands_where_it_stood(self, desk: Desk, now: datetime, state: str) -> None:
        facts = {"resolved_at": now - timedelta(hours=1)} if state == "resolved" else {}
        done = brought(desk, now, a_row(now, state=state, logged_at=now - timedelta(hours=3), **facts))
        assert not done.refusals
        assert Call.objects.get().state == state

    def test_tells_nobody_that_it_was_late_long_ago(self, desk: Desk, now: datetime) -> None:
        type(desk.team).objects.update(email="desk@fern.example")
        brought(desk, now, a_row(now, state="open", logged_at=now - timedelta(days=90)))
        assert process.sweep(now) == 0
        assert Clock.objects.get(key="resolve").late_at is not None
        assert not Message.objects.exists()

    def test_closes_by_itself_what_nobody_said_anything_about(self, desk: Desk, now: datetime) -> None:
        long_ago = now - timedelta(days=60)
        brought(desk, now, a_row(now, state="resolved", logged_at=long_ago, resolved_at=long_ago))
        assert Call.objects.get().state == "closed"


class TestEveryRow:
    def test_is_what_working_on_it_here_would_have_left(self, desk: Desk, now: datetime) -> None:
        begun, ended = now - timedelta(days=2), now - timedelta(days=1)
        brought(
            desk, now,
            a_row(now, state="resolved", logged_at=begun, taken_at=begun, resolved_at=ended, fix="New toner.",
                  summary="It is stuck", caller_name=""),
        )  # fmt: skip
        first = Call.objects.get()
        data = Case.objects.get().data
        asked = {key: data[key] for key in ("summary", "category", "impact", "urgency")}
        case = process.start_case(
            by=HOUSE, council=desk.other, process="ict-incident", now=begun, answers=asked
        )
        for step, outcome, at, given in (
            ("triage", "accepted", begun, {}),
            ("resolve", "resolved", ended, {"fix": "New toner."}),
        ):
            process.act(
                by=HOUSE, case_id=case.id, step=step, expected=None, now=at, outcome=outcome, answers=given
            )
        ours = Call.objects.exclude(pk=first.pk).get()
        beside = {"id", "case", "reference", "channel", "first_contact"}
        for field in Call._meta.concrete_fields:
            if field.name not in beside:
                assert getattr(first, field.attname) == getattr(ours, field.attname), field.name
        for model in (Step, Clock):
            assert _rows(model, first.case_id) == _rows(model, case.id)
        kinds = [list(Event.objects.filter(case_id=each).order_by("seq").values_list("kind", "step", "at"))
                 for each in (first.case_id, case.id)]  # fmt: skip
        assert kinds[0] == kinds[1]

    def test_is_found_by_its_words_and_its_old_reference(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now, external="INC004711"))
        found = set(SearchWord.objects.values_list("word", flat=True))
        assert {"inc004711", "presley", "printer"} <= found

    def test_is_witnessed_by_the_record(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now), a_row(now, state="open"))
        entries = Entry.objects.filter(what="servicedesk.call_imported")
        assert entries.count() == 2
        witness = journal.witnesses["process.events"]
        for entry in entries:
            told = journal.Testimony(
                entry.pk, entry.what, entry.about, entry.council_id, json.loads(entry.facts)
            )
            assert witness.digests([told]) == {entry.pk: told.facts["digest"]}
        assert witness.strays is not None
        assert list(witness.strays()) == []

    def test_has_a_page_like_any_case(self, desk: Desk, now: datetime) -> None:
        brought(desk, now, closed(now))
        reference = Case.objects.get().reference
        assert queries.case_file(desk.viewer(desk.analyst), reference, now).case.reference == reference

    def test_comes_once_however_often_it_is_brought(self, desk: Desk, now: datetime) -> None:
        rows = [closed(now), a_row(now, state="open")]
        brought(desk, now, *rows)
        again = brought(desk, now, *rows, closed(now))
        assert (again.rows, again.kept, again.known) == (3, 1, 2)
        assert Call.objects.count() == 3

    def test_that_cannot_have_been_so_is_refused_with_its_line(self, desk: Desk, now: datetime) -> None:
        done = brought(
            desk, now,
            closed(now, line=2, summary=" "),
            closed(now, line=3, resolved_at=now - timedelta(days=8)),
            closed(now, line=4),
            a_row(now, line=5, state="new", logged_at=now + timedelta(days=1)),
        )  # fmt: skip
        assert (done.kept, done.refused) == (1, 3)
        assert [(each.line, each.why) for each in done.refusals] == [
            (2, "It does not say what is wrong."),
            (3, "It was resolved before it was logged."),
            (5, "It was logged in the future."),
        ]


def _rows(model: type[Step] | type[Clock], case_id: int) -> list[dict[str, object]]:
    names = [each.attname for each in model._meta.concrete_fields if each.name not in {"id", "case"}]
    return list(model.objects.filter(case_id=case_id).order_by("key", "run").values(*names))


class TestWhoMayBringCallsIn:
    def test_is_whoever_may_import_there(self, desk: Desk, now: datetime) -> None:
        done = bring_in([closed(now)], by=desk.viewer(desk.manager), council=desk.other, now=now)
        assert done.kept == 1

    def test_is_not_an_analyst(self, desk: Desk, now: datetime) -> None:
        with pytest.raises(Refused):
            bring_in([closed(now)], by=desk.viewer(desk.analyst), council=desk.other, now=now)

    def test_is_nobody_of_another_council(self, desk: Desk, now: datetime) -> None:
        with pytest.raises(NotFound):
            bring_in([closed(now)], by=desk.viewer(desk.manager), council=desk.stranger, now=now)
