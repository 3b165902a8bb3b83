"""Floors, shelves and private shelves: who may import whom."""

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.house import reading
from tools import docs


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("moothall", cache_dir=None)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a process of its own: it switches off the loggers of the one it runs in."""
    words = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", words],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


class TestTheFloors:
    def test_hold(self) -> None:
        done = lint(reading.ROOT)
        assert done.returncode == 0, done.stdout

    def test_are_seen_to_break_when_a_lower_room_looks_up(self, tmp_path: Path) -> None:
        copy = tmp_path / "house"
        without = shutil.ignore_patterns("static", "jinja2")
        shutil.copytree(reading.ROOT / "moothall", copy / "moothall", ignore=without)
        shutil.copy(reading.ROOT / "pyproject.toml", copy)
        (copy / "moothall/plain/planted.py").write_text('"""Planted."""\n\nimport moothall.portal\n')
        done = lint(copy)
        assert done.returncode == 1
        assert "moothall.plain.planted" in done.stdout

    def test_have_a_place_for_every_room(self) -> None:
        floors = " ".join(docs.floors())
        rooms = {folder.parent.name for folder in (reading.ROOT / "moothall").glob("*/__init__.py")}
        assert {room for room in rooms if room not in floors} == set()


class TestTheShelvesOfANeighbour:
    def test_are_entered_only_where_they_are_public(self, graph: grimp.ImportGraph) -> None:
        assert reading.trespasses(graph) == []

    def test_are_seen_to_be_entered(self) -> None:
        planted = grimp.ImportGraph()
        planted.add_module("moothall.portal.views")
        planted.add_module("moothall.requests.views")
        planted.add_import(importer="moothall.portal.views", imported="moothall.requests.views")
        assert len(reading.trespasses(planted)) == 1
