"""`moothall process`: what it prints, and how it leaves."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moothall.process import library
from moothall.process.models import ProcessVersion

WRONG = "process: bin\ntitle: Bin\nowner: waste\nstart: [resident]\nsteps:\n  report: {titel: Report}\n"


def run(*words: str) -> str:
    out = StringIO()
    call_command("process", *words, stdout=out)
    return out.getvalue()


class TestChecking:
    def test_all_files_of_the_house_finds_them_sound(self) -> None:
        count = len(library.files())
        assert count >= 6
        assert run("check") == f"{count} of {count} process files are sound.\n"

    def test_a_wrong_file_names_the_line_and_leaves_with_1(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "bin.yaml"
        file.write_text(WRONG)
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("process", "check", str(file), stdout=out)
        assert left.value.code == 1
        assert (
            f"{file}:6: steps.report.titel: “titel” is not a key here. Did you mean “title”?\n"
            in out.getvalue()
        )
        assert "0 of 1 process files are sound." in out.getvalue()
        assert not capsys.readouterr().out

    def test_speaks_json_to_editors(self, tmp_path: Path) -> None:
        file = tmp_path / "bin.yaml"
        file.write_text(WRONG)
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("process", "check", "--json", str(file), stdout=out)
        first = json.loads(out.getvalue())[0]
        assert set(first) == {"file", "line", "path", "wrong", "instead", "serious"}

    def test_a_file_that_is_not_there_says_so(self) -> None:
        with pytest.raises(CommandError, match="Check the name"):
            run("check", "nowhere.yaml")


@pytest.mark.django_db
class TestPublishing:
    def test_gives_each_process_a_number_once(self) -> None:
        assert "missed-bin: version 1" in run("publish")
        assert "missed-bin: version 1" in run("publish")
        assert ProcessVersion.objects.filter(key="missed-bin").count() == 1

    def test_a_changed_file_is_the_next_version(self, tmp_path: Path) -> None:
        file = next(path for path in library.files() if path.name == "missed-bin.yaml")
        run("publish", str(file))
        changed = tmp_path / "missed-bin.yaml"
        changed.write_text(
            file.read_text().replace("title: Missed bin collection", "title: Missed collection")
        )
        assert run("publish", str(changed)) == "missed-bin: version 2\n"
        assert "missed-bin: Missed collection (waste, 4 steps)" in run("list")

    def test_publishes_nothing_if_one_file_is_wrong(self, tmp_path: Path) -> None:
        file = tmp_path / "bin.yaml"
        file.write_text(WRONG)
        with pytest.raises(CommandError, match="Nothing was published"):
            run("publish", str(file), *(str(path) for path in library.files()))
        assert not ProcessVersion.objects.exists()


class TestThePartnershipsOwnFolder:
    def test_is_read_after_the_rooms(self, tmp_path: Path, settings: object) -> None:
        settings.PROCESS_FOLDERS = [tmp_path]  # type: ignore[attr-defined]
        (tmp_path / "own.yml").write_text(WRONG)
        (tmp_path / "notes.txt").write_text("not a process")
        assert library.files()[-1] == tmp_path / "own.yml"

    @pytest.mark.django_db
    def test_has_the_only_word_on_a_process_however_often_all_is_published(
        self, tmp_path: Path, settings: object
    ) -> None:
        settings.PROCESS_FOLDERS = [tmp_path]  # type: ignore[attr-defined]
        shipped = next(path for path in library.files() if path.name == "missed-bin.yaml")
        own = shipped.read_text().replace("title: Missed bin collection", "title: Our bins")
        (tmp_path / "missed-bin.yaml").write_text(own)
        for _ in range(2):
            assert "missed-bin: version 1" in run("publish")
        assert ProcessVersion.objects.get(key="missed-bin").title == "Our bins"
