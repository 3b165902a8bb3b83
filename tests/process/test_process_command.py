"""`moothall process`: what it prints, and how it leaves."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from moothall.councils.models import Council
from moothall.process import library
from moothall.process.models import ProcessVersion
from tests.makers import make_council
from tests.process.making import REPAIR, make_case, make_place, publish_repair

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

    def test_the_examples_too_needs_no_advice(self) -> None:
        count = len(library.examples())
        assert count >= 10
        assert run("check", "--examples") == f"{count} of {count} process files are sound.\n"

    def test_holds_what_is_handed_over_against_the_other_file(self, tmp_path: Path) -> None:
        problem = next(path for path in library.examples() if path.stem == "problem")
        file = tmp_path / "problem.yaml"
        file.write_text(problem.read_text().replace("{changing: what}", "{changing: whta}"))
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("process", "check", str(file), stdout=out)
        assert "“ICT change” has no field “whta”" in out.getvalue()
        assert "Did you mean “what”?" in out.getvalue()
        assert "0 of 1 process files are sound." in out.getvalue()

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


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestOverlays:
    def overlay(self, folder: Path, council: Council, rest: str = "words: {title: Bins}\n") -> str:
        file = folder / "bins-of-ashby.yaml"
        file.write_text(f"overlay: missed-bin\ncouncil: {council.code}\n{rest}")
        return str(file)

    def test_are_checked_published_listed_and_removed(self, tmp_path: Path) -> None:
        ashby = make_council(name="Ashby")
        file = self.overlay(tmp_path, ashby)
        assert run("check", file) == "1 of 1 process files are sound.\n"
        run("publish")
        assert run("overlay", file) == "missed-bin at Ashby: version 1, over version 1\n"
        assert run("overlay") == "missed-bin at Ashby: version 1, over version 1\n"
        removed = run("overlay", "--remove", "missed-bin", "--council", ashby.code)
        assert removed == "Ashby uses the shared process “missed-bin” again, for new cases.\n"
        assert run("overlay") == "No council has an overlay.\n"
        with pytest.raises(CommandError, match="Ashby has no overlay of “missed-bin”"):
            run("overlay", "--remove", "missed-bin", "--council", ashby.code)

    def test_in_the_partnerships_folder_are_published_too(self, tmp_path: Path, settings: Settings) -> None:
        settings.PROCESS_FOLDERS = [tmp_path]
        self.overlay(tmp_path, make_council(name="Ashby"))
        for _ in range(2):
            assert "missed-bin at Ashby: version 1, over version 1\n" in run("publish")

    def test_with_mistakes_are_named_and_nothing_is_published(self, tmp_path: Path) -> None:
        file = self.overlay(tmp_path, make_council(), "steps: {}\n")
        with pytest.raises(
            CommandError, match=r"bins-of-ashby.yaml:3: steps: An overlay does not change “steps”"
        ):
            run("publish", file)
        with pytest.raises(CommandError, match="Nothing was published"):
            run("overlay", file)
        shipped = next(str(path) for path in library.files() if path.name == "missed-bin.yaml")
        with pytest.raises(CommandError, match="This is a process, not an overlay"):
            run("overlay", shipped)


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestMigrating:
    def test_is_tried_and_done(self, tmp_path: Path) -> None:
        publish_repair()
        case = make_case(make_place())
        file = tmp_path / "repair.yaml"
        file.write_text(
            REPAIR.replace("  check:", "  look:")
            .replace("check.", "look.")
            .replace("back: check", "back: look")
        )
        run("publish", str(file))
        said = run("migrate", "repair", "--dry-run")
        assert said == (
            "To version 2 of “repair”: 1 case: 0 safe, 1 needs a choice.\n"
            f"     1  The step “Check” is gone. ({case.reference})\n"
            "        --map check=look or --map check=-, or leave it on its version\n"
        )
        assert (
            run("migrate", "repair") == "0 cases of “repair” moved to version 2; 1 stayed, see --dry-run.\n"
        )
        assert run("migrate", "repair", "--map", "check=look") == "1 case of “repair” moved to version 2.\n"
        assert run("migrate", "repair", "--dry-run") == (
            "To version 2 of “repair”: 0 cases: 0 safe, 0 need a choice.\n1 there already.\n"
        )
        assert run("migrate", "repair", "--to", "1", "--map", "look=check", "--jobs") == (
            "1 job was posted; the worker moves the cases.\n"
        )

    def test_refuses_what_is_not_there(self) -> None:
        publish_repair()
        for words, said in (
            (("nothing",), "no published process called “nothing”"),
            (("repair", "--to", "7"), "no version 7 of “repair”"),
            (("repair", "--council", "nowhere"), "council “nowhere”"),
            (("repair", "--map", "check=chuck"), "Did you mean “check”"),
        ):
            with pytest.raises(CommandError, match=said):
                run("migrate", *words)


class TestDrawing:
    BINS = str(next(file for file in library.files() if file.stem == "missed-bin"))

    def test_writes_bpmn_that_can_be_imported_again(self, tmp_path: Path) -> None:
        there = tmp_path / "bins.bpmn"
        assert run("bpmn", self.BINS, "--to", str(there)) == f"Written to {there}.\n"
        drafted = run("import", str(there))
        assert "\nprocess: missed-bin\n" in drafted
        with pytest.raises(CommandError, match="Choose the name of a new file"):
            run("bpmn", self.BINS, "--to", str(there))

    def test_writes_a_picture_that_stands_by_itself(self) -> None:
        assert run("picture", self.BINS).startswith('<svg xmlns="http://www.w3.org/2000/svg"')

    def test_says_what_is_wrong_with_a_file(self, tmp_path: Path) -> None:
        other = tmp_path / "other.bpmn"
        other.write_text("<a/>")
        with pytest.raises(CommandError, match="outermost element"):
            run("import", str(other))
        with pytest.raises(CommandError, match="Check the name of the file"):
            run("import", str(tmp_path / "nowhere.bpmn"))

    @pytest.mark.django_db
    def test_a_process_that_is_not_published_says_where_to_look(self) -> None:
        with pytest.raises(CommandError, match="moothall process list"):
            run("bpmn", "nothing-like-it")
