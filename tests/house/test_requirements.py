"""The locks of a group hold what `pyproject.toml` asks for, and name no registry."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import reading

LOCKS = reading.ROOT / "requirements"
GROUPS = {
    "dev": ("run", "dev"),
    "bench": ("run", "dev", "bench"),
    "oracle": ("run", "dev", "oracle"),
    "peer": ("peer",),
}
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)


def asked(group: str) -> list[Requirement]:
    """Return what a group of `pyproject.toml` asks for; of `run`, what the house itself does."""
    project = tomllib.loads((reading.ROOT / "pyproject.toml").read_text())
    lines = project["project"]["dependencies"] if group == "run" else project["dependency-groups"][group]
    return [Requirement(each) for each in lines]


def lacking(wanted: list[Requirement], *locks: str) -> list[str]:
    """Return what is asked for and stands in none of the locks, in a version that will do."""
    text = "\n".join(locks)
    pinned = {(canonicalize_name(name), version) for name, version in PINNED.findall(text)}
    return [
        str(each)
        for each in wanted
        if not any(
            name == canonicalize_name(each.name) and each.specifier.contains(version, prereleases=True)
            for name, version in pinned
        )
    ]


class TestTheLocks:
    @pytest.mark.parametrize(("group", "locks"), [("run", ("run",)), *GROUPS.items()])
    def test_hold_all_that_their_group_asks_for(self, group: str, locks: tuple[str, ...]) -> None:
        texts = [(LOCKS / f"{each}.txt").read_text() for each in locks]
        assert lacking(asked(group), *texts) == [], "Compile them anew: CONTRIBUTING.md says how."

    def test_agree_with_those_that_they_are_laid_over(self) -> None:
        pins = [dict(PINNED.findall((LOCKS / f"{each}.txt").read_text())) for each in GROUPS["oracle"]]
        both = set(pins[-1]) & {*pins[0], *pins[1]}
        assert {name: pins[-1][name] for name in both} == {
            name: pins[0].get(name) or pins[1][name] for name in both
        }

    def test_name_no_registry_and_have_hashes_only(self) -> None:
        for lock in sorted(LOCKS.glob("*.txt")):
            lines = [
                each for each in lock.read_text().splitlines() if not each.startswith("    --hash=sha256:")
            ]
            assert [each for each in lines if not PINNED.match(each)] == [], lock.name

    def test_are_seen_to_lack_what_is_new_or_too_old(self) -> None:
        wanted = [Requirement("django>=5.2"), Requirement("ruamel-yaml>=1"), Requirement("pillow")]
        assert lacking(wanted, "django==5.1.9 \\\nruamel_yaml==1.2 ; python_version < '4' \\\n") == [
            "django>=5.2",
            "pillow",
        ]
