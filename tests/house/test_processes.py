"""Every process file of the house is valid."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.house import reading

PROCESSES = sorted(
    path
    for folder in ("processes", "examples")
    for path in (reading.ROOT / "moothall").glob(f"*/{folder}/**/*.yaml")
)


class TestTheProcessFiles:
    @pytest.mark.parametrize(
        "file", PROCESSES, ids=lambda file: str(file.relative_to(reading.ROOT / "moothall"))
    )
    def test_are_valid(self, file: Path) -> None:
        call_command("process", "check", str(file))

    def test_are_seen_to_be_wrong(self, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text("process: wrong\nsteps: 7\n")
        with pytest.raises((SystemExit, CommandError)):
            call_command("process", "check", str(wrong))
