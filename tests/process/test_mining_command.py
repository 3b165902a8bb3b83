"""Handing on logs from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.journal.models import Entry
from moothall.process.replay.reading import read_log
from tests.process.making import Place, make_place, publish_repair
from tests.process.mined import SECRETS, place_member, worked


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    made = make_place()
    with scope.everything("a test"):
        publish_repair()
        yield made


class TestTheCommand:
    @pytest.mark.parametrize(
        ("option", "name"), [("--xes", "log.xes"), ("--ocel", "log.json"), ("--ocel", "log.sqlite")]
    )
    def test_writes_a_file_and_a_line_in_the_record(
        self, place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, name: str
    ) -> None:
        worked(place)
        file = tmp_path / name
        call_command("process", "export", "repair", option, str(file), "--council", place.council.code)
        assert capsys.readouterr().out.startswith("Wrote 1 case with 3 events of “Repair”")
        assert file.stat().st_size > 500
        entry = Entry.objects.filter(what="process.exported").latest("id")
        assert (entry.about, entry.council_id) == ("process:repair", place.council.pk)

    def test_refuses_a_file_that_is_there_and_leaves_none_behind(self, place: Place, tmp_path: Path) -> None:
        file = tmp_path / "log.xes"
        file.write_text("mine")
        with pytest.raises(CommandError, match="There is a file"):
            call_command("process", "export", "repair", "--xes", str(file))
        assert file.read_text() == "mine"
        other = tmp_path / "other.xes"
        with pytest.raises(CommandError, match="process"):
            call_command("process", "export", "no-such", "--xes", str(other))
        with pytest.raises(CommandError):
            call_command("process", "export", "repair", "--xes", str(other), "--as", "nobody@nowhere.invalid")
        assert not other.exists()

    def test_sees_what_somebody_sees(self, place: Place, tmp_path: Path) -> None:
        publish_repair(SECRETS)
        worked(place, answers={"level": "high", "police": "known"})
        member = place_member(place)
        email = email_of(member)
        file = tmp_path / "log.xes"
        call_command("process", "export", "repair", "--xes", str(file), "--as", email)
        assert "Fix by the crew" in file.read_text()


def email_of(viewer: Viewer) -> str:
    return User.objects.get(staff=viewer.staff_id).email


def test_the_log_of_another_system_goes_out_as_it_came_in(place: Place, tmp_path: Path) -> None:
    """Handed over once more by the command, a replayed log is the same log."""
    log = tmp_path / "in.csv"
    log.write_text(
        "case:concept:name,concept:name,time:timestamp,org:resource,org:group\n"
        "c1,Receive,2026-01-05 09:00:00+00:00,Ann,Front\nc1,Check,2026-01-05 10:00:00+00:00,Bob,Back\n"
        "c1,Check,2026-01-05 10:00:00+00:00,Bob,Back\nc2,Receive,2026-01-05 09:30:00+00:00,Ann,Front\n"
    )
    call_command("replay", str(log), "--name", "Small")
    out = tmp_path / "out.xes"
    call_command("process", "export", "replay-small", "--xes", str(out), "--named")
    before, after = read_log(log), read_log(out)
    assert [[(e.activity, e.at, e.resource, e.group) for e in t.events] for t in after] == [
        [(e.activity, e.at, e.resource, e.group) for e in t.events] for t in before
    ]
