"""Calls of another system are brought in whole or not at all, none twice, judged by the council's own targets."""

import io
import json
import os
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count

from moothall.councils.rules import Viewer
from moothall.journal import hooks as journal
from moothall.journal.models import Entry
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process import queries
from moothall.process.models import Case, Clock, Event, SearchWord, Step
from moothall.servicedesk.actions import import_runs
from moothall.servicedesk.actions.importing import Brought, bring_in
from moothall.servicedesk.errors.channels import MappingRefused, NotACallsFile
from moothall.servicedesk.models import Call, ImportRun
from moothall.servicedesk.queries import importing
from moothall.servicedesk.rules.importing import Row
from tests.servicedesk.channel_world import Desk, make_desk, work_through

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

HOUSE = Viewer.system()
SHARED = Path(os.environ.get("MOOTHALL_SHARED", Path(__file__).parents[3] / "shared"))
VOLVO = SHARED / "data" / "06_bpic2013_closed.xes.gz"


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


SHEET = """Number,Short description,Opened,State,Priority,Assignment group,Caller,Email,Resolved,Closed,Category,Notes
INC1,Cannot print,01/07/2026 09:00,Closed,3 - Low,Second line,Otto Ther,OTTO@alder.example,02/07/2026,03/07/2026,Printing,
INC2,"Screen is dark, and
stays so",2026-11-20T10:00:00+00:00,In Progress,High,Second line,Pat Zed,pat@nowhere.example,,,Hardware,x
INC3,Slow,20 Nov 2026 10:15,Open,Low,,,,,,,x
INC4,,20 Nov 2026 10:15,Open,Low,,,,,,,x
INC5,Lost,yesterday,Open,Low,Third line,,,,,,x
INC6,Odd,20/11/2026 10:15,Mislaid,Low,,,,,,,x
"""
CLOSED_NEVER = "Number,Title,Opened,Status\n1,One,20/11/2026 10:15,Closed\n"


def looked_at(desk: Desk, now: datetime, text: str = SHEET) -> ImportRun:
    who = desk.viewer(desk.manager)
    return import_runs.look_at(by=who, council=desk.other, name="calls.csv", raw=text.encode(), now=now)


def brought_from(desk: Desk, now: datetime, text: str = SHEET) -> ImportRun:
    run = looked_at(desk, now, text)
    import_runs.start(by=desk.viewer(desk.manager), run_id=run.pk, now=now)
    work_through()
    run.refresh_from_db()
    return run


class TestAFileOfCalls:
    def test_has_its_columns_guessed(self, desk: Desk, now: datetime) -> None:
        run = looked_at(desk, now)
        assert run.rows == 6
        assert run.mapping["columns"] == {
            "reference": "Number",
            "summary": "Short description",
            "status": "State",
            "priority": "Priority",
            "category": "Category",
            "team": "Assignment group",
            "caller_name": "Caller",
            "caller_email": "Email",
            "logged_at": "Opened",
            "resolved_at": "Resolved",
            "closed_at": "Closed",
        }

    def test_shows_what_its_rows_would_become_before_anything_is_brought_in(
        self, desk: Desk, now: datetime
    ) -> None:
        seen = importing.preview(desk.viewer(desk.manager), looked_at(desk, now).pk, now)
        first = seen.rows[0].row
        assert first is not None
        assert first.logged_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
        assert (first.team_id, first.requester_id) == (desk.resolvers.pk, desk.user_of_other.user_id)
        assert [(each.line, list(each.wrong)) for each in seen.rows if each.wrong] == [
            (6, ["It does not say what is wrong."]),
            (
                7,
                [
                    "No team called “Third line” serves this council: say which it is in the mapping.",
                    "Logged at: “yesterday” is not a time.",
                ],
            ),
            (8, ["“Mislaid” is not a status that is known: say what it is in the mapping."]),
        ]
        assert not Call.objects.exists()

    def test_is_brought_in_by_a_job_that_reports_each_row_it_refused(self, desk: Desk, now: datetime) -> None:
        run = brought_from(desk, now)
        assert (run.state, run.rows, run.kept, run.known, run.refused) == ("done", 6, 3, 0, 3)
        assert [each["line"] for each in run.report] == [6, 7, 8]
        assert bytes(run.packed) == b""
        call = Call.objects.get(caller_email="otto@alder.example")
        assert (call.state, call.requester_id, call.category) == (
            "closed",
            desk.user_of_other.user_id,
            "printing",
        )
        stranger = Call.objects.get(caller_email="pat@nowhere.example")
        assert (stranger.requester_id, stranger.caller_name, stranger.state) == (None, "Pat Zed", "open")

    def test_adds_nothing_when_it_comes_again(self, desk: Desk, now: datetime) -> None:
        brought_from(desk, now)
        again = brought_from(desk, now)
        assert (again.kept, again.known, again.refused) == (0, 3, 3)
        assert Call.objects.count() == 3

    def test_brings_what_was_refused_once_the_mapping_says_what_it_means(
        self, desk: Desk, now: datetime
    ) -> None:
        brought_from(desk, now)
        run = looked_at(desk, now)
        words = {"status": {"Mislaid": "open"}}
        who = desk.viewer(desk.manager)
        import_runs.settle(
            by=who, run_id=run.pk, mapping={**run.mapping, "words": words}, judged=True, now=now
        )
        import_runs.start(by=who, run_id=run.pk, now=now)
        work_through()
        run.refresh_from_db()
        assert (run.kept, run.known, run.refused) == (1, 3, 2)

    def test_says_what_is_missing_of_a_closed_call(self, desk: Desk, now: datetime) -> None:
        run = brought_from(desk, now, CLOSED_NEVER)
        assert run.report == [{"line": 2, "why": "It is closed, but not since when."}]

    @pytest.mark.parametrize(
        ("raw", "why"),
        [
            (b"PK\x03\x04\x00\x00", "It is not text"),
            (b"just words\n", "does not name columns"),
            (b"Number,Title\n", "It has no rows"),
        ],
    )
    def test_that_is_none_is_refused_whole(self, desk: Desk, now: datetime, raw: bytes, why: str) -> None:
        with pytest.raises(NotACallsFile, match=why):
            import_runs.look_at(
                by=desk.viewer(desk.manager), council=desk.other, name="x.csv", raw=raw, now=now
            )
        assert not ImportRun.objects.exists()

    def test_is_not_begun_before_its_columns_are_settled(self, desk: Desk, now: datetime) -> None:
        run = looked_at(desk, now, "Colour,Title\nred,It is red\n")
        with pytest.raises(MappingRefused, match="Logged at"):
            import_runs.start(by=desk.viewer(desk.manager), run_id=run.pk, now=now)

    def test_is_not_there_for_whoever_may_not_import(self, desk: Desk, now: datetime) -> None:
        run = looked_at(desk, now)
        with pytest.raises(NotFound):
            importing.preview(desk.viewer(desk.analyst), run.pk, now)


class TestACommand:
    def test_brings_in_a_file_by_a_mapping(self, desk: Desk, now: datetime, tmp_path: Path) -> None:
        file, mapping = tmp_path / "calls.csv", tmp_path / "mapping.json"
        file.write_text("A;B;C\n1;It is broken;07/31/2026 10:00\n2;Also;31/07/2026 10:00\n", encoding="utf-8")
        mapping.write_text(
            json.dumps(
                {
                    "columns": {"reference": "A", "summary": "B", "logged_at": "C"},
                    "dates": "month first",
                    "standing": {"kind": "request", "status": "new"},
                }
            ),
            encoding="utf-8",
        )
        said = io.StringIO()
        call_command(
            "desk",
            "import",
            str(file),
            council=desk.other.code,
            mapping=mapping,
            source="old",
            stdout=said,
        )
        assert "1 calls were brought in, 0 were here already, 1 were refused" in said.getvalue()
        assert "line 3: Logged at: “31/07/2026 10:00” is not a time." in said.getvalue()
        assert Call.objects.get().kind == "request"

    def test_tries_without_changing_anything(self, desk: Desk, now: datetime, tmp_path: Path) -> None:
        file = tmp_path / "calls.csv"
        file.write_text(SHEET, encoding="utf-8")
        said = io.StringIO()
        call_command("desk", "import", file, council=desk.other.code, only_try=True, stdout=said)
        assert "3 of 6 rows can be brought in." in said.getvalue()
        assert not Call.objects.exists()
        assert not ImportRun.objects.exists()

    @pytest.mark.skipif(not VOLVO.exists(), reason="Volvo's closed problems are not here (MOOTHALL_SHARED).")
    def test_loads_the_closed_problems_of_volvo(self, desk: Desk, now: datetime) -> None:
        said = io.StringIO()
        call_command("desk", "import", VOLVO, council=desk.host.code, source="volvo", stdout=said)
        assert "1,487 rows: 1,487 calls were brought in" in said.getvalue()
        calls = Call.objects.filter(kind="problem")
        assert set(calls.values_list("state", "council_id")) == {("closed", desk.host.pk)}
        assert not calls.filter(team=None).exists()
        assert dict(calls.values_list("priority").annotate(Count("id"))).keys() == {2, 3, 4}
        assert calls.filter(item__name="PROD97").exists()
        clocks = Clock.objects.filter(key="resolve").values_list("state").annotate(Count("id"))
        assert dict(clocks).keys() == {"met", "missed"}
