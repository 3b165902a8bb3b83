"""The documentation says what the code says."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house import reading
from tools import docs

DOCS = reading.ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(reading.ROOT.glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


class TestThePages:
    def test_of_options_is_the_options(self) -> None:
        assert (DOCS / "options.md").read_text() == docs.options_page(), "Run `make docs`."

    def test_of_the_house_shows_its_floors_and_rooms(self) -> None:
        page = (DOCS / "house.md").read_text()
        assert page == docs.house_page(page), "Run `make docs`."

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(reading.ROOT)))
    def test_link_only_to_files_that_exist(self, page: object) -> None:
        assert lost_links(page) == []

    def test_name_only_make_targets_that_exist(self) -> None:
        makefile = (reading.ROOT / "Makefile").read_text()
        targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
        named = {name for page in PAGES for name in re.findall(r"`make ([a-z]+)", page.read_text())}
        assert named - targets == set()

    def test_describe_every_option(self) -> None:
        assert [row for row in docs.options_page().splitlines() if row.endswith("| None |")] == []


class TestTheMakefile:
    def test_makes_these_things_and_nothing_else(self) -> None:
        makefile = (reading.ROOT / "Makefile").read_text()
        assert re.findall(r"^([a-z]+):", makefile, re.MULTILINE) == [
            *("help", "setup", "check", "test", "fix", "serve", "demo", "docs", "bench")
        ]


class TestTheChangelog:
    def test_has_a_place_for_what_is_not_released(self) -> None:
        assert re.search(r"^## Unreleased$", (reading.ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


class TestTheMission:
    def test_says_of_every_row_what_works_today(self) -> None:
        rows = re.findall(r"^\| ([RKDIG]\d+) \|", (DOCS / "mission.md").read_text(), re.MULTILINE)
        expected = {"R": 8, "K": 7, "D": 5, "I": 11, "G": 8}
        assert rows == [
            f"{letter}{number}" for letter, most in expected.items() for number in range(1, most + 1)
        ]


class TestTheVersion:
    def test_is_the_same_wherever_it_is_written(self) -> None:
        project = tomllib.loads((reading.ROOT / "pyproject.toml").read_text())["project"]
        publiccode = (reading.ROOT / "publiccode.yml").read_text()
        assert f'softwareVersion: "{project["version"]}"' in publiccode
        assert f'__version__ = "{project["version"]}"' in (reading.ROOT / "moothall/__init__.py").read_text()


def lost_links(page: object) -> list[str]:
    """Find links of a page that lead nowhere."""
    assert isinstance(page, Path)
    return [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
