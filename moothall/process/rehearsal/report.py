"""What a rehearsal came to: how many cases would have gone another way and why, and what became of the promises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moothall.look.jinja import plural
from moothall.process.definition import NOTHING, Definition
from moothall.process.rehearsal.closed import Closed
from moothall.process.rehearsal.playing import Difference, Played, play

MOST_NAMED = 50
_KEPT, _MISSED = "met", "missed"


@dataclass(frozen=True, slots=True)
class Group:
    """Cases with the same difference, and the references of those that may be named."""

    difference: Difference
    cases: int
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock, then and under the draft, over the cases that could be played to their end.

    `better` were missed then and would have been kept; `worse` the other way round. `new` would have had it for the
    first time (`new_missed` of them missed), `gone` had it then only.
    """

    key: str
    title: str
    kept_then: int = 0
    missed_then: int = 0
    kept_now: int = 0
    missed_now: int = 0
    new: int = 0
    new_missed: int = 0
    gone: int = 0
    better: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    better_cases: int = 0
    worse_cases: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A whole rehearsal. `groups` are differences that changed the way of cases, `asks` what was asked besides.

    `untold` are the cases that could not be played to their end, whose clocks nobody can know.
    """

    cases: int
    same: int
    untold: int
    groups: tuple[Group, ...]
    asks: tuple[Group, ...]
    promises: tuple[Promise, ...]

    @property
    def other(self) -> int:
        return self.cases - self.same

    @property
    def sentence(self) -> str:
        """The whole in one line: “312 closed cases: 300 the same way, 12 another way”."""
        return f"{plural(self.cases, 'closed case')}: {self.same:,} the same way, {self.other:,} another way"


@dataclass(slots=True)
class _Sums:
    kept_then: int = 0
    missed_then: int = 0
    kept_now: int = 0
    missed_now: int = 0
    new: int = 0
    new_missed: int = 0
    gone: int = 0
    better: list[Closed] = field(default_factory=list)
    worse: list[Closed] = field(default_factory=list)

    def add(self, then: str, now: str, closed: Closed) -> None:
        """Count one case, in which the clock stood so then and would stand so now."""
        self.kept_then += then == _KEPT
        self.missed_then += then == _MISSED
        self.kept_now += now == _KEPT
        self.missed_now += now == _MISSED
        self.new += not then and bool(now)
        self.new_missed += not then and now == _MISSED
        self.gone += bool(then) and not now
        if then == _MISSED and now == _KEPT:
            self.better.append(closed)
        if then == _KEPT and now == _MISSED:
            self.worse.append(closed)


def rehearse(
    definition: Definition,
    cases: Iterable[Closed],
    overlaid: Mapping[int, Definition] | None = None,
    names: Mapping[str, str] = NOTHING,
) -> Report:
    """Play closed cases under a definition and add up what came of it.

    `overlaid` are the definitions of councils with an overlay, by the council's number; `names` say what steps,
    outcomes and questions of the past are called in the draft.
    """
    count = same = untold = 0
    groups: dict[Difference, list[Closed]] = {}
    sums: dict[str, _Sums] = {}
    titles = {key: clock.title for key, clock in definition.clocks.items()}
    for closed in cases:
        played = play((overlaid or {}).get(closed.council_id, definition), closed, names)
        count += 1
        same += played.same
        for each in dict.fromkeys(played.differences):
            groups.setdefault(each, []).append(closed)
        if played.clocks is None:
            untold += 1
        else:
            _add_clocks(played, sums, titles)
    ordered = sorted(groups.items(), key=lambda each: -len(each[1]))
    made = [(each.kind == "asks", Group(each, len(found), _named(found))) for each, found in ordered]
    return Report(
        cases=count,
        same=same,
        untold=untold,
        groups=tuple(group for asks, group in made if not asks),
        asks=tuple(group for asks, group in made if asks),
        promises=tuple(_promise(key, titles[key], sums[key]) for key in titles if key in sums),
    )


def _add_clocks(played: Played, sums: dict[str, _Sums], titles: dict[str, str]) -> None:
    now, then = played.clocks or {}, played.closed.clocks
    for key in now.keys() | then.keys():
        old = played.closed.definition.clocks.get(key)
        titles.setdefault(key, old.title if old else key)
        sums.setdefault(key, _Sums()).add(then.get(key, ""), now.get(key, ""), played.closed)


def _promise(key: str, title: str, found: _Sums) -> Promise:
    return Promise(
        key=key,
        title=title,
        kept_then=found.kept_then,
        missed_then=found.missed_then,
        kept_now=found.kept_now,
        missed_now=found.missed_now,
        new=found.new,
        new_missed=found.new_missed,
        gone=found.gone,
        better=_named(found.better),
        worse=_named(found.worse),
        better_cases=len(found.better),
        worse_cases=len(found.worse),
    )


def _named(cases: Iterable[Closed]) -> tuple[str, ...]:
    return tuple(each.reference for each in cases if each.shown)[:MOST_NAMED]


def in_words(report: Report) -> list[str]:
    """Return a report in lines."""
    lines = [f"{report.sentence}."]
    lines += [_line(group) for group in report.groups]
    if report.asks:
        lines.append("Asked besides, of people who are not there to answer any more:")
        lines += [_line(group) for group in report.asks]
    if report.promises:
        told = report.cases - report.untold
        lines.append(f"Promises, of the {plural(told, 'case')} that can be told:")
        lines += [_promised(each) for each in report.promises]
    return lines


def _line(group: Group) -> str:
    named = ", ".join(group.references[:3]) + (" …" if group.cases > len(group.references[:3]) else "")
    return f"{group.cases:>7,}  {group.difference.say}" + (f" ({named})" if group.references else "")


def _promised(each: Promise) -> str:
    parts = [
        f"kept {each.kept_then:,} then, {each.kept_now:,} now",
        f"missed {each.missed_then:,} then, {each.missed_now:,} now",
    ]
    if each.better_cases or each.worse_cases:
        parts.append(f"{each.better_cases:,} better, {each.worse_cases:,} worse")
    if each.new:
        parts.append(f"new for {each.new:,}, {each.new_missed:,} of them missed")
    if each.gone:
        parts.append(f"gone for {each.gone:,}")
    return f"         “{each.title}”: {'; '.join(parts)}"
