"""What stands on the paper, and how it is read: runs, timers and people; rules by pattern; answers from answers."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moothall.process.definition import Definition, Step

_RULE = re.compile(r'(?:(has)\((\w+)\)|(\w+)(?:\.(\w+))? (==|!=|>) "?([\w.]+)"?)')


@dataclass
class Run:
    """One run of a step on paper."""

    number: int
    state: str
    team: int | None = None
    person: int | None = None
    outcome: str = ""
    by: str = ""
    at: datetime | None = None
    opened: datetime | None = None
    votes: dict[str, tuple[str, str]] = field(default_factory=dict)
    stuck: bool = False
    put_off: datetime | None = None


@dataclass
class Timer:
    """One run of a clock on paper: how many seconds it has used, and whether they run."""

    number: int
    since: datetime
    span: int
    mark: datetime
    used: int = 0
    mode: str = "running"
    stood: bool = False
    late: bool = False

    def count(self, now: datetime) -> None:
        """Add the time since the last look, if it counts. While it is off, the time counts unless it stood still."""
        if self.mode in {"running", "missed"} or (self.mode == "stopped" and not self.stood):
            self.used += int((now - self.mark).total_seconds())
        self.mark = now


@dataclass
class Who:
    """Somebody who acts: as rules compare them, as outcomes name them, and where they work."""

    name: str
    person: int | None
    teams: frozenset[int]
    functions: frozenset[str]
    acts: bool = True
    supervises: bool = False
    requester: bool = False


@dataclass(repr=False)
class Sheet:
    """One case on paper, as far as it is only read."""

    plan: Definition
    teams: Mapping[str, int]
    works: Callable[[int, int], bool]
    members: Callable[[tuple[str, ...]], Mapping[str, tuple[str, frozenset[str]]]]
    data: dict[str, Any] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    ending: str = ""
    priority: str = ""
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def true(
        self, rule: str, now: Mapping[str, Any] | None = None, doing: tuple[str, str] = ("", "")
    ) -> bool:
        """Say whether a rule is surely true; what is not known is not."""
        if not rule:
            return True
        found = _RULE.fullmatch(rule)
        assert found is not None, rule
        data = self.data if now is None else now
        if found[1]:
            return data.get(found[2]) is not None
        left = self._known(found[3], found[4], data, doing)
        right = self._right(found[6], data, doing)
        if left is None or right is None:
            return False
        if found[5] == ">":
            return bool(left > right)
        return bool((left == right) == (found[5] == "=="))

    def _right(self, word: str, data: Mapping[str, Any], doing: tuple[str, str]) -> Any:
        if word in {"true", "false"}:
            return word == "true"
        if "." in word:
            name, part = word.split(".")
            return self._known(name, part, data, doing)
        return int(word) if word.isdigit() else word

    def _known(self, name: str, part: str | None, data: Mapping[str, Any], doing: tuple[str, str]) -> Any:
        if part is None:
            return data.get(name)
        if name == doing[0]:
            return doing[1] if part == "by" else None
        run = self.runs.get(name)
        if run is None or run.state not in {"done", "skipped"}:
            return None
        if run.state == "skipped":
            return "skipped" if part == "outcome" else None
        return run.outcome if part == "outcome" else run.by

    def open(self) -> list[str]:
        return [key for key in self.plan.steps if key in self.runs and self.runs[key].state == "open"]

    def after(self, key: str) -> Iterator[str]:
        """Walk to every step that comes after, some of them twice."""
        for other in self.plan.steps.values():
            if key in other.after:
                yield other.key
                yield from self.after(other.key)

    def settled(self, key: str) -> bool:
        run, step = self.runs.get(key), self.plan.steps[key]
        if step.on_demand:
            return run is None or run.state != "open"
        if run is None or run.state == "reset":
            return False
        if run.state == "skipped" or not step.every:
            return run.state in {"done", "skipped"}
        return self.settled(step.until) if step.until else run.state != "cancelled"

    def work_out(self, data: Mapping[str, Any], doing: str = "") -> dict[str, Any]:
        """Return the answers with those that follow from them."""
        found = {key: value for key, value in data.items() if key not in {"n", "w", "q"}}
        a, c = data.get("a"), data.get("c")
        if c is not None:
            found["n"] = c + 1
        for one, two, then in (
            (a, None if c is None else c >= 3, "x"),
            (True, None if c is None else c == 0, "y"),
            (None if a is None else not a, True, "z"),
        ):
            if one is False or two is False:
                continue
            if one and two:
                found["w"] = then
            break
        first = self.runs.get("s0")
        if first is not None and first.state in {"done", "skipped"} and doing != "s0":
            found["q"] = first.state == "done" and first.outcome == "o0"
        return found

    def merged(self, who: Who, step: Step, given: Mapping[str, Any], outcome: str) -> dict[str, Any] | None:
        """Return the answers with these in them; None if they are refused."""
        if set(given) - set(step.ask):
            return None
        named = outcome or (next(iter(step.outcomes)) if len(step.outcomes) == 1 else "")
        narrow = step.outcomes[named].answers if named in step.outcomes else None
        result = dict(self.data)
        known = dict(self.data)
        for key in step.ask:
            raw = given[key] if key in given else self.data.get(key)
            result.pop(key, None)
            known.pop(key, None)
            known = self.work_out(known, step.key)
            if not self.true(self.plan.fields[key].when, known, (step.key, who.name)):
                continue
            must = not self.plan.fields[key].optional if narrow is None else key in narrow
            if raw in (None, ""):
                if must:
                    return None
                continue
            if not _good(key, raw):
                return None
            result[key] = known[key] = _clean(key, raw)
        return self.work_out(result, step.key)


def _good(key: str, raw: Any) -> bool:
    if key in {"a", "b"}:
        return isinstance(raw, bool) or raw in ("yes", "no")
    return str(raw).isdigit() if key == "c" else isinstance(raw, str)


def _clean(key: str, raw: Any) -> Any:
    if key in {"a", "b"}:
        return raw if isinstance(raw, bool) else raw == "yes"
    return int(raw) if key == "c" else raw
