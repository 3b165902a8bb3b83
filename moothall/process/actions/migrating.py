"""Moving running cases to another version of their process: first tried on all of them, then done, one by one.

Each case is moved in a transaction of its own, with an event in its history. A move that is interrupted goes on where
it was: a case that is there already is left alone, and one that somebody changes at this moment is tried again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.queries import calendar_of, team_serving
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.journal.errors import NotYet
from moothall.journal.jobs import manner
from moothall.look.jinja import plural
from moothall.plain.errors import NotFound
from moothall.process import circles, search, store
from moothall.process.actions import opening_up
from moothall.process.actions.keeping import around, keep
from moothall.process.actions.making import HEADLINE_LENGTH
from moothall.process.answers import headline, search_text
from moothall.process.definition import NOTHING, Definition
from moothall.process.engine import migrating
from moothall.process.engine.migrating import ASIDE, Choices, Target, Trouble
from moothall.process.engine.state import Around, CaseState
from moothall.process.errors import CannotMove, CaseChanged, NotAChoice
from moothall.process.language.mistakes import did_you_mean
from moothall.process.models import Case, ProcessVersion, SearchWord
from moothall.process.permissions import Can
from moothall.process.rules import search_words

AT_ONCE = 50
"""So many cases are one job."""
MOST_NAMED = 20
TRIES = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Cases with the same trouble: what it is, what may be chosen, how many, and those that the viewer may see."""

    trouble: Trouble
    cases: int
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a move would come to. `cases` are those that run in another version; `there` are on this one already."""

    version: ProcessVersion
    cases: int
    safe: int
    there: int
    groups: tuple[Group, ...]

    @property
    def needing(self) -> int:
        """How many need a choice, or stay where they are."""
        return self.cases - self.safe

    @property
    def sentence(self) -> str:
        """All of it in one line: “312 cases: 305 safe, 7 need a choice”."""
        need = f"{self.needing:,} need{'s' if self.needing == 1 else ''} a choice"
        return f"{plural(self.cases, 'case')}: {self.safe:,} safe, {need}"


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a move came to: how many were moved, how many stayed for want of a choice, and how many jobs were posted."""

    moved: int
    left: int
    jobs: int = 0


@dataclass(slots=True)
class _Run:
    """What is true around the cases of each council, looked up once in a run and not once in a case."""

    by: Viewer
    now: datetime
    known: dict[int, Around] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def number(self, version_id: int) -> int:
        """Return how people call a version: an overlaid one by the number of what it lies over."""
        if version_id not in self.numbers:
            version = ProcessVersion.objects.select_related("base").get(pk=version_id)
            self.numbers[version_id] = version.base.number if version.base else version.number
        return self.numbers[version_id]

    def of(self, council_id: int) -> Around:
        if council_id not in self.known:
            self.known[council_id] = replace(
                around(self.by, council_id, self.now),
                staff_id=None,
                acts_as=None,
                team=cache(lambda code: team_serving(code, council_id)),
                calendar=cache(lambda name: calendar_of(council_id, name)),
            )
        return self.known[council_id]


def dry_run(
    *,
    by: Viewer,
    version: ProcessVersion,
    council: Council | None = None,
    choices: Choices = NOTHING,
    now: datetime,
    draft: Mapping[int, Definition] | None = None,
) -> DryRun:
    """Try a move on every running case of the process, or of one council, and write nothing.

    `choices` say what becomes of what is gone: `{"old_step": "new_step", "step.old_outcome": "new", "question": "-"}`,
    where “-” sets it aside. Only cases at councils where the viewer may move them count; references are named only of
    those that they may see. A case at a council with an overlay of the version goes to that. With a `draft`, that is
    tried instead of the newest version: under 0 as it is shared, under a council's number as that would have it.
    """
    if draft is None:
        _check(version, choices)
    drafted = {number: Target(each, 0, version.number + 1) for number, each in (draft or {}).items()}
    targets, run = drafted or _targets(version), _Run(by, now)
    found: dict[tuple[str, str, str], list[tuple[Trouble, int]]] = {}
    cases = safe = there = 0
    for case_id, council_id, of_version in _running(by, version, council):
        target = targets.get(council_id, targets[0])
        if of_version == target.id:
            there += 1
            continue
        cases += 1
        case = store.load(case_id)
        kept = opening_up.kept_from(by, case)
        wrong = [] if case is None else _attempt(case, target, choices, run, council_id)
        safe += not wrong
        for each in wrong:
            named = each.key.partition(".")[0] not in kept
            found.setdefault((each.kind, each.key, each.say), []).append((each, case_id if named else 0))
    seen = _references(by, {case_id for rows in found.values() for _, case_id in rows})
    groups = [
        Group(
            rows[0][0], len(rows), tuple(seen[case_id] for _, case_id in rows if case_id in seen)[:MOST_NAMED]
        )
        for rows in found.values()
    ]
    return DryRun(version, cases, safe, there, tuple(sorted(groups, key=lambda each: -each.cases)))


def migrate(
    *,
    by: Viewer,
    version: ProcessVersion,
    council: Council | None = None,
    choices: Choices = NOTHING,
    now: datetime,
    jobs: bool = False,
) -> Migrated:
    """Move every running case that is safe or that the choices make so; the others stay on their version.

    With `jobs`, the worker does it, fifty cases a job, and nothing has been moved yet when this returns.
    """
    _check(version, choices)
    targets = _targets(version)
    waiting: dict[int, list[int]] = {}
    for case_id, council_id, of_version in _running(by, version, council):
        if of_version != targets.get(council_id, targets[0]).id:
            waiting.setdefault(council_id, []).append(case_id)
    with transaction.atomic():
        posted = 0
        for council_id, case_ids in waiting.items():
            _record(by, version, council_id, len(case_ids), choices, now)
            if jobs:
                posted += _post(by, version, council_id, case_ids, choices, now)
    if jobs:
        return Migrated(0, 0, posted)
    run = _Run(by, now)
    done = [
        _move(case_id, targets.get(council_id, targets[0]), choices, run, council_id)
        for council_id, case_ids in waiting.items()
        for case_id in case_ids
    ]
    return Migrated(done.count("moved"), done.count("left"))


@transaction.atomic
def migrate_case(
    *,
    by: Viewer,
    case_id: int,
    version: ProcessVersion,
    choices: Choices = NOTHING,
    expected: int | None,
    now: datetime,
) -> CaseState:
    """Move one case; refused with what is in the way if the choices do not settle it."""
    case = store.load(case_id)
    if case is None:
        raise NotFound(what="case")
    circles.allow(by, case)
    gate.allow(by, Can.MIGRATE, case)
    _check(version, choices)
    if expected is not None and expected != case.seq:
        raise CaseChanged(reference=case.reference, case_id=case.id, seen=expected, now=case.seq)
    targets = _targets(version)
    target = targets.get(case.council_id, targets[0])
    wrong = _change(case, target, choices, _Run(by, now), case.council_id)
    if wrong:
        raise CannotMove(reference=case.reference, reasons=" ".join(each.say for each in wrong))
    return case


@task()
@manner(attempts=20)
def move_some(
    *, case_ids: list[int], version_id: int, choices: dict[str, str], by: dict[str, str | int]
) -> str:
    """Move these cases; those that are there already are left alone, so it may be done twice."""
    version = ProcessVersion.objects.get(pk=version_id)
    targets, run = _targets(version), _Run(opening_up.mover(by), timezone.now())
    done = []
    for case_id in case_ids:
        council_id = Case.objects.filter(pk=case_id).values_list("council_id", flat=True).first()
        if council_id is not None:
            done.append(_move(case_id, targets.get(council_id, targets[0]), choices, run, council_id))
    if "busy" in done:
        raise NotYet("Some cases were changed by somebody at this very moment.", wait=timedelta(seconds=10))
    return f"{done.count('moved')} moved, {done.count('left')} left"


def _post(
    by: Viewer,
    version: ProcessVersion,
    council_id: int,
    case_ids: Sequence[int],
    choices: Choices,
    now: datetime,
) -> int:
    """Post the jobs of one council; return how many."""
    who = {"name": by.actor.name} | ({"user_id": by.actor.user_id} if by.actor.user_id else {})
    chunks = [case_ids[first : first + AT_ONCE] for first in range(0, len(case_ids), AT_ONCE)]
    for number, chunk in enumerate(chunks):
        journal.post(
            task=move_some,
            key=f"migrate:{version.pk}:{council_id}:{now.isoformat()}:{number}",
            args={"case_ids": list(chunk), "version_id": version.pk, "choices": dict(choices), "by": who},
            council_id=council_id,
            now=now,
        )
    return len(chunks)


def _move(case_id: int, target: Target, choices: Choices, run: _Run, council_id: int) -> str:
    """Move one case in a transaction of its own: moved, left, there (already, or closed), or busy."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                case = store.load(case_id)
                if case is None or case.status == "closed" or case.version_id == target.id:
                    return "there"
                if _change(case, target, choices, run, council_id):
                    return "left"
        except CaseChanged:
            continue
        return "moved"
    return "busy"


def _attempt(case: CaseState, target: Target, choices: Choices, run: _Run, council_id: int) -> list[Trouble]:
    """Move a case in memory; return what is in the way. The state is good for nothing then."""
    if private := opening_up.refused(run.by, case, target.definition, choices):
        return private
    older = store.recall(case, target.definition, choices)
    return migrating.migrate(
        case, target, choices, run.of(council_id), number=run.number(case.version_id), older=older
    )


def _change(case: CaseState, target: Target, choices: Choices, run: _Run, council_id: int) -> list[Trouble]:
    """Move a case and write it down, or return what is in the way with nothing written."""
    before, old, data = case.version_id, case.definition, dict(case.data)
    was = {each.id: (each.key, each.run) for each in case.steps.values() if each.id is not None}
    if wrong := _attempt(case, target, choices, run, council_id):
        return wrong
    _found_by(case, old, data, choices)
    store.save_version(case, was)
    keep(
        case,
        run.of(council_id),
        what="case.migrated",
        facts={"from_version": before, "to_version": target.id},
    )
    return []


def _found_by(case: CaseState, old: Definition, data: Mapping[str, object], choices: Choices) -> None:
    """Let the case be found by what its new version says: a question that became secret is found no more."""
    new = case.definition
    case.headline, before = headline(new, case.data)[:HEADLINE_LENGTH], case.headline
    hidden = [
        key
        for key in old.fields.keys() - old.kept_apart
        if choices.get(key, key) in new.kept_apart and key in data
    ]
    if hidden:
        given = [*_given(case.id, hidden), data]
        texts = [search_text(old, {key: each[key] for key in hidden if key in each}) for each in given]
        open_words = search_words([case.reference, case.headline, search_text(new, case.data)])
        secret = set(search_words(texts)) - set(open_words)
        SearchWord.objects.filter(case_id=case.id, word__in=secret).delete()
    shown = search_text(new, case.data)
    if case.headline != before or shown != search_text(old, data):
        search.index(case.id, case.council_id, [case.headline, shown])


def _given(case_id: int, keys: Iterable[str]) -> Iterator[Mapping[str, object]]:
    """Return what was ever answered to these questions, from the history."""
    wanted = set(keys)
    for body in store.bodies(case_id):
        found = {**(body.get("data") or {}), **(body.get("answers") or {})}
        if wanted & found.keys():
            yield found


def _targets(version: ProcessVersion) -> dict[int, Target]:
    """Return where the cases go: those of a council with an overlay of the version to that, the others (0) to it."""
    found = {0: _target(version)}
    if version.council_id is None:
        for own in ProcessVersion.objects.filter(base=version).order_by("number"):
            assert own.council_id is not None
            if own.overlay:
                found[own.council_id] = replace(_target(own), number=version.number)
            else:
                found.pop(own.council_id, None)
    return found


def _target(version: ProcessVersion) -> Target:
    return Target(store.definition_of(version.pk), version.pk, version.number)


def _running(by: Viewer, version: ProcessVersion, council: Council | None) -> list[tuple[int, int, int]]:
    """Return the running cases that the viewer may move: number, council and version of each, the oldest first."""
    if council is not None:
        gate.allow(by, Can.MIGRATE, council.pk)
    else:
        gate.allow_anywhere(by, Can.MIGRATE)
    rows = gate.narrow(by, Can.MIGRATE, Case.objects.filter(process=version.key, status=Case.Status.OPEN))
    one = version.council_id if council is None else council.pk
    if one is not None:
        rows = rows.filter(council_id=one)
    return list(rows.order_by("id").values_list("id", "council_id", "version_id"))


def _references(by: Viewer, case_ids: Iterable[int]) -> dict[int, str]:
    """Return the references of those cases that the viewer may see, by number."""
    rows = gate.narrow(by, Can.SEE, Case.objects.filter(pk__in=list(case_ids)))
    return dict(circles.narrow(by, rows).values_list("id", "reference"))


def _check(version: ProcessVersion, choices: Choices) -> None:
    """Refuse a choice that names nothing in the new version."""
    definition = store.definition_of(version.pk)
    for key, to in choices.items():
        known: list[str] = [*definition.steps, *definition.fields]
        if "." in key:
            known = [each for step in definition.steps.values() for each in step.outcomes]
        if to not in known and not (to == ASIDE and "." not in key):
            instead = did_you_mean(to, known)
            raise NotAChoice({key: [instead]}, key=key, to=to, number=version.number, instead=instead)


def _record(
    by: Viewer, version: ProcessVersion, council_id: int, cases: int, choices: Choices, now: datetime
) -> None:
    journal.write(
        by=by.actor,
        what="process.migration_started",
        about=f"process:{version.key}",
        council_id=council_id,
        now=now,
        facts={"number": version.number, "cases": cases, "choices": dict(choices)},
    )
