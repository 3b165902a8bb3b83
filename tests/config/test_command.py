"""The command itself, before and beside what the rooms' commands do."""

import sys
from pathlib import Path

import pytest

from moothall import __version__, cli
from tests.config.houses import House


class TestTheCommand:
    def test_says_its_version(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["moothall", "--version"])
        cli.main()
        assert capsys.readouterr().out == f"moothall {__version__}\n"

    def test_asks_for_the_tables_in_one_sentence(self, tmp_path: Path) -> None:
        told = House(tmp_path).run("council", "list")
        assert told.returncode == 1
        assert told.stderr == f"{cli.MIGRATE}\n"
