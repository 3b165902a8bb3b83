"""Every file of the repository: its name, its length, its first line and what it may not hold."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import reading

FILES = reading.tracked()
HAND = list(reading.by_hand(FILES))
PYTHON = [file for file in HAND if file.suffix == ".py"]
PLATES = sorted((reading.ROOT / "moothall").glob("*/__init__.py"))
Check = Callable[[Path, str], list[str]]


def faults(check: Check, files: list[Path]) -> list[str]:
    """Run one check over files, and name them from the root of the repository."""
    return [fault for file in files for fault in check(file.relative_to(reading.ROOT), reading.text_of(file))]


class TestTheFiles:
    def test_have_names_that_say_something(self) -> None:
        assert reading.vague_names(file.relative_to(reading.ROOT) for file in FILES) == []

    def test_can_be_kept_in_mind(self) -> None:
        assert faults(reading.too_long, HAND) == []

    def test_open_with_a_line_that_says_what_they_are(self) -> None:
        assert faults(reading.without_opening_line, PYTHON) == []

    def test_leave_nothing_undone(self) -> None:
        assert faults(reading.left_undone, HAND) == []

    def test_name_no_place_on_one_machine(self) -> None:
        assert faults(reading.places_of_this_machine, FILES) == []

    def test_name_no_registry(self) -> None:
        assert faults(reading.registries, FILES) == []

    def test_write_email_as_one_word(self) -> None:
        assert faults(reading.hyphened_email, HAND) == []

    def test_load_nothing_from_another_host(self) -> None:
        assert faults(reading.foreign_loads, FILES) == []


class TestTheRooms:
    def test_say_what_they_are_for_and_what_not(self) -> None:
        assert faults(reading.poor_plate, PLATES) == []


class TestTheChecksThemselves:
    """Each finds the fault it was made for."""

    @pytest.mark.parametrize(
        ("check", "name", "text"),
        [
            (reading.too_long, "a.py", '"""A."""\n' + "\n" * 401),
            (reading.too_long, "a.py", '"""A."""\ndef f() -> None:\n' + "    print()\n" * 60),
            (reading.too_long, "a.css", "\n" * 401),
            (reading.without_opening_line, "a.py", "x = 1\n"),
            (reading.poor_plate, "a/__init__.py", '"""The room of things."""\n'),
            (reading.poor_plate, "a/__init__.py", '"""For this. Not for that."""\nx = 1\n'),
            (reading.left_undone, "a.py", "# TO" + "DO: later\n"),
            (reading.places_of_this_machine, "a.md", "see /ro" + "ot/.cache\n"),
            (reading.registries, "a.json", '"https://registry.' + 'npmjs.org/x"\n'),
            (reading.hyphened_email, "a.md", "Send an e" + "-mail.\n"),
            (reading.foreign_loads, "a.html", '<script src="https://example.org/a.js"></script>\n'),
        ],
    )
    def test_see_what_they_look_for(self, check: Check, name: str, text: str) -> None:
        assert len(check(Path(name), text)) == 1

    def test_see_a_vague_name(self) -> None:
        assert len(reading.vague_names([Path("moothall/portal/utils.py")])) == 1
