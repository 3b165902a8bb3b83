"""Cases as they happened elsewhere: played through the engine at their own times, and written many at once.

What is written is what would be there had they happened here: steps, clocks, events, the words they are found by, and
one entry of the record for each, which witnesses its events. Nobody is told, and no watcher is called: whoever brings
them in keeps what hangs on them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction

from moothall.councils.models import Council
from moothall.councils.queries import calendar_of, team_serving
from moothall.journal import actions as journal
from moothall.plain.actors import SYSTEM, Actor
from moothall.plain.references import new_reference
from moothall.plain.working_time import Calendar
from moothall.process import hooks, queries, rules, store, store_many
from moothall.process.actions.keeping import WITNESS
from moothall.process.actions.making import HEADLINE_LENGTH
from moothall.process.answers import headline, search_text
from moothall.process.engine import clocks, steps
from moothall.process.engine.state import Around, CaseState, Happening
from moothall.process.models import Case


class Ground:
    """What stays the same while many cases of one council are brought in: its teams, calendars and versions."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.team: Callable[[str], int | None] = cache(lambda code: team_serving(code, council.pk))
        self.calendar: Callable[[str], Calendar] = cache(lambda name: calendar_of(council.pk, name))
        self.version: Callable[[str], int] = cache(lambda key: queries.newest_version(key, council.pk))

    def around(self, at: datetime, by: Actor = SYSTEM, staff_id: int | None = None) -> Around:
        """Return what is true around a case at a moment that has passed."""
        return Around(
            now=at, by=by, staff_id=staff_id, team=self.team, calendar=self.calendar, pull=hooks.pull
        )


@dataclass(slots=True)
class Past:
    """One case while it is played: what has happened to it so far, when, and by whom."""

    ground: Ground
    case: CaseState
    words: list[str] = field(default_factory=list)
    happened: list[tuple[Around, Sequence[Happening]]] = field(default_factory=list)

    def do(
        self,
        step: str,
        *,
        at: datetime,
        answers: Mapping[str, Any] | None = None,
        outcome: str = "",
        text: str = "",
        by: Actor = SYSTEM,
        staff_id: int | None = None,
    ) -> None:
        """Finish a step as it was finished then."""
        place = self.ground.around(at, by, staff_id)
        steps.complete(self.case, place, step=step, given=answers or {}, outcome=outcome, text=text)
        self._note(place)

    def hand(self, step: str, *, to: str, team_id: int | None, person_id: int | None, at: datetime) -> None:
        """Give an open step to whoever had it then."""
        run = steps.open_run(self.case, step)
        if (run.team_id, run.person_id) == (team_id, person_id):
            return
        run.team_id, run.person_id, run.changed = team_id, person_id, True
        self.case.happened.append(Happening("passed_on", step, run.run, team_id=team_id, body={"to": to}))
        self._note(self.ground.around(at))

    def wrote(self, text: str, *, at: datetime, by: Actor = SYSTEM) -> None:
        """Note that whoever asked was written to; a clock that this keeps is kept."""
        place = self.ground.around(at, by)
        self.case.happened.append(Happening("wrote", body={"text": text}))
        clocks.written(self.case, place)
        self._note(place)

    def noted(self, text: str, *, at: datetime, by: Actor = SYSTEM) -> None:
        """Note what was written down."""
        self.case.happened.append(Happening("noted", body={"text": text}))
        self._note(self.ground.around(at, by))

    def close(self, ending: str, *, at: datetime, by: Actor = SYSTEM) -> None:
        """Close the case as it was closed then, wherever it stands."""
        place = self.ground.around(at, by)
        steps.close(self.case, place, ending)
        steps.refresh(self.case, place)
        self._note(place)

    def catch_up(self, now: datetime) -> None:
        """Let everything happen that time has done since: nobody is told of what was late long ago."""
        place = self.ground.around(now)
        clocks.sweep(self.case, place)
        steps.wake(self.case, place)
        self._note(place)

    def _note(self, place: Around) -> None:
        if self.case.happened:
            self.happened.append((place, tuple(self.case.happened)))
        self.case.happened.clear()
        self.case.told.clear()
        self.case.openings.clear()


def begin(
    ground: Ground,
    *,
    process: str,
    at: datetime,
    answers: Mapping[str, Any],
    by: Actor = SYSTEM,
    requester_id: int | None = None,
    outcome: str = "",
    words: Iterable[str] = (),
) -> Past:
    """Begin a case of the council's version of a process, with its first step done; refuses wrong answers."""
    version_id = ground.version(process)
    definition = store.definition_of(version_id)
    case = CaseState(
        id=0, council_id=ground.council.pk, reference="", definition=definition, seq=0, status="open", data={},
        opened_at=at, requester_id=requester_id, version_id=version_id, circle=definition.circle,
    )  # fmt: skip
    past = Past(ground, case, list(words))
    place = ground.around(at, by)
    steps.begin(case, place)
    steps.complete(case, place, step=definition.first.key, given=answers, outcome=outcome)
    past._note(place)  # noqa: SLF001 - its own maker
    return past


@transaction.atomic
def write_all(pasts: Sequence[Past], *, by: Actor, now: datetime, what: str = "case.brought_in") -> None:
    """Write many cases of one council; each then has its number and reference."""
    if not pasts:
        return
    _new_cases(pasts)
    entries: list[journal.Written] = []
    events: list[list[Any]] = []
    for past in pasts:
        case = past.case
        rows = store_many.event_rows(case, past.happened)
        events += rows
        facts = {"witness": WITNESS, "digest": store.digest_of(rows), "events": [1, len(rows)]}
        entries.append(journal.Written(what, f"case:{case.id}", case.council_id, facts))
        case.seq = len(rows)
    store_many.insert([past.case for past in pasts], events)
    store_many.index([(past.case.id, past.case.council_id, _found_by(past)) for past in pasts])
    journal.write_many(entries, by=by, now=now)


def _new_cases(pasts: Sequence[Past]) -> None:
    """Make the rows of the cases, as they stand now."""
    prefix = pasts[0].ground.council.reference_prefix
    rows = []
    for past, reference in zip(pasts, _references(prefix, len(pasts)), strict=True):
        case = past.case
        case.reference = reference
        case.headline = headline(case.definition, case.data)[:HEADLINE_LENGTH]
        rows.append(
            Case(
                council_id=case.council_id,
                version_id=case.version_id,
                process=case.definition.key,
                reference=reference,
                headline=case.headline,
                status=case.status,
                ending=case.ending,
                priority=case.priority,
                requester_id=case.requester_id,
                data=case.data,
                origins=store_many.origins(case.origins),
                circle=case.circle,
                seq=sum(len(happened) for _, happened in past.happened),
                due_at=case.due_at,
                opened_at=case.opened_at,
                changed_at=past.happened[-1][0].now,
                closed_at=case.closed_at,
            )
        )
    for past, row in zip(pasts, Case.objects.bulk_create(rows, batch_size=1000), strict=True):
        past.case.id = row.pk


def _references(prefix: str, count: int) -> list[str]:
    """Return so many references that nobody has."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = {new_reference(prefix) for _ in range(count - len(found))} - found.keys()
        taken = set(Case.objects.filter(reference__in=drawn).values_list("reference", flat=True))
        found |= dict.fromkeys(drawn - taken)
    return list(found)


def _found_by(past: Past) -> list[str]:
    case = past.case
    answers = search_text(case.definition, case.data)
    return rules.search_words([case.reference, case.headline, *past.words, answers])
