"""Files of calls: their columns are guessed and mapped, the first rows shown, and each refused row has its reason."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count

from moothall.plain.errors import NotFound
from moothall.process.models import Clock
from moothall.servicedesk.actions import import_runs
from moothall.servicedesk.errors.channels import MappingRefused, NotACallsFile
from moothall.servicedesk.models import Call, ImportRun
from moothall.servicedesk.queries import importing
from tests.servicedesk.channel_world import Desk, make_desk, work_through

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

SHARED = Path(os.environ.get("MOOTHALL_SHARED", Path(__file__).parents[3] / "shared"))
VOLVO = SHARED / "data" / "06_bpic2013_closed.xes.gz"


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


SHEET = """Number,Short description,Opened,State,Priority,Assignment group,Caller,Email,Resolved,Closed,Category,Notes
INC1,Cannot print,01/07/2026 09:00,Closed,3 - Low,Second line,Otto Ther,OTTO@alder.example,02/07/2026,3/7/2026,Printing,
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
