"""The files for running the house are well-formed and say what the house says."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from moothall.config.options import Options
from tests.house import reading

INSTRUCTIONS = set(
    "FROM RUN COPY ENV USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD WORKDIR".split()  # noqa: SIM905
)
UNITS = sorted((reading.ROOT / "deploy").glob("*.service"))


class TestTheImage:
    def test_is_written_in_instructions_that_exist(self) -> None:
        text = (reading.ROOT / "Dockerfile").read_text().replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert {line.split()[0] for line in lines} <= INSTRUCTIONS
        assert lines[0].startswith("FROM ")

    def test_does_not_run_as_root(self) -> None:
        assert re.search(r"^USER [1-9]\d+$", (reading.ROOT / "Dockerfile").read_text(), re.MULTILINE)


class TestTheComposition:
    def test_sets_only_options_that_exist(self) -> None:
        said = YAML(typ="safe").load((reading.ROOT / "compose.yaml").read_text())
        named = {key for service in said["services"].values() for key in service.get("environment", {})}
        known = {f"MOOTHALL_{name.upper()}" for name in Options.model_fields}
        assert {key for key in named if key.startswith("MOOTHALL_")} <= known


class TestTheUnits:
    @pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
    def test_set_only_options_that_exist_and_close_the_system(self, unit: Path) -> None:
        text = unit.read_text()
        known = {f"MOOTHALL_{name.upper()}" for name in Options.model_fields}
        assert set(re.findall(r"Environment=(MOOTHALL_\w+)=", text)) <= known
        assert "ProtectSystem=strict" in text
        assert "NoNewPrivileges=yes" in text
