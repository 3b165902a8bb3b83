"""One closed case played again under another definition: what would have gone another way, and when its clocks ended.

What nobody can know is taken as it most likely was: a step that is new is done as soon as the case needs it, and a new
question is left open. Where people acted as they could not under the draft, the play of that case ends.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from moothall.plain.actors import SYSTEM, Actor
from moothall.plain.errors import HouseError
from moothall.process import answers
from moothall.process.definition import NOTHING, Definition, Outcome, Step, from_json
from moothall.process.engine import answering, clocks, moving, steps, voting
from moothall.process.engine.anew import open_anew
from moothall.process.engine.answering import Answered
from moothall.process.engine.state import NEVER, Around, CaseState, Pulled, Voter, facts
from moothall.process.errors import AnswersRefused, NotYet
from moothall.process.kinds.colleagues import as_given
from moothall.process.rehearsal.closed import Closed, Happened, in_last_words

Kind = Literal[
    "gone", "new", "unneeded", "waits", "need", "outcome", "answer", "ended", "ending", "open", "vote", "asks"
]
MOST_WOKEN = 1000
"""So often time may act between two events; a step that repeats for ever is not waited for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would have been different: at which step, and a sentence of it. `asks` alone changes no way."""

    kind: Kind
    step: str
    say: str


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one case: what would have been different, and its clocks if it could be played to its end."""

    closed: Closed
    differences: tuple[Difference, ...]
    clocks: Mapping[str, str] | None

    @property
    def same(self) -> bool:
        """Whether it would have gone the same way: the same steps, outcomes and end."""
        return all(each.kind == "asks" for each in self.differences)


class _Over(Exception):
    """The case cannot be played further."""


@as_given()
def play(definition: Definition, closed: Closed, names: Mapping[str, str] = NOTHING) -> Played:
    """Play a closed case under another definition; nothing is written anywhere.

    `names` say what steps, outcomes and questions of the past are called now.
    """
    player = _Player(definition, closed, names)
    try:
        player.everything()
    except _Over:
        return Played(closed, tuple(player.found), None)
    states = {key: run.state for key, run in player.case.clocks.items()}
    return Played(closed, tuple(player.found), states)


@lru_cache(maxsize=64)
def _eased(body: str) -> Definition:
    """Return the definition with this body, taking what was answered then and asking for no more."""
    definition = from_json(body)
    return replace(
        definition,
        fields={key: replace(each, optional=True) for key, each in definition.fields.items()},
        steps={
            key: replace(
                each, outcomes={name: replace(way, answers=None) for name, way in each.outcomes.items()}
            )
            for key, each in definition.steps.items()
        },
    )


@dataclass(slots=True)
class _Player:
    draft: Definition
    closed: Closed
    names: Mapping[str, str]
    found: list[Difference] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    waivers: dict[tuple[str, str], str] = field(default_factory=dict)
    voters: dict[int, Voter] = field(default_factory=dict)
    case: CaseState = field(init=False)

    def everything(self) -> None:
        """Play all events in their order."""
        events = in_last_words(self.closed.events, self.names)
        for event in events:
            self.known |= event.body.get("data") or event.body.get("answers") or {}
        self.voters = {
            each.by.user_id: _voter(each) for each in events if each.kind == "voted" and each.by.user_id
        }
        first = events[0]
        given = {
            key: value for key, value in (first.body.get("data") or {}).items() if key in self.draft.fields
        }
        self.case = CaseState(
            id=0, council_id=self.closed.council_id, reference=self.closed.reference,
            definition=_eased(self.draft.body), seq=0, status="open", data=given, opened_at=first.at,
        )  # fmt: skip
        steps.begin(self.case, self.around(first.at, first.by))
        for event in events[1:]:
            self.time_goes_on(event.at)
            self.take(event)
            self.case.happened.clear()
            self.case.openings.clear()
            self.case.told.clear()
        self.end(events[-1])

    def around(self, at: datetime, by: Actor) -> Around:
        """Return what was true around the case at an event."""
        return Around(
            now=at, by=by, team=lambda _code: None, calendar=self.closed.calendar,
            voters=lambda _teams: tuple(self.voters.values()), pull=self.pulled,
        )  # fmt: skip

    def pulled(self, _case: CaseState, source: str) -> Pulled | None:
        """Return what was known elsewhere then, as far as the case itself was told."""
        for key, each in self.draft.fields.items():
            if each.source == source and self.known.get(key) is not None:
                return Pulled(self.known[key], "the case, then")
        return None

    def time_goes_on(self, until: datetime) -> None:
        """Let time do what it would have done by then, each at its own moment."""
        for _ in range(MOST_WOKEN):
            due = [run.wake_at for run in self.case.steps.values() if run.wake_at is not None]
            due += [run.sweep_at for run in self.case.clocks.values() if run.sweep_at is not None]
            at = min(due, default=NEVER)
            if at > until or self.case.status == "closed":
                return
            around = self.around(at, SYSTEM)
            woken = steps.wake(self.case, around)
            if not clocks.sweep(self.case, around) and not woken:
                return

    def take(self, event: Happened) -> None:
        """Take one event."""
        if event.kind == "done":
            self.done(event)
        elif event.kind == "waived":
            self.waivers[event.step, event.body.get("say", "")] = (
                event.body.get("text", "") or "As it was then."
            )
        elif event.kind == "voted":
            self.voted(event)
        elif event.kind == "wrote":
            clocks.written(self.case, self.around(event.at, event.by))
        elif event.kind == "amended" and self.case.status == "open":
            self.amended(event)
        elif event.kind == "ended_early" and self.case.status == "open":
            around = self.around(event.at, event.by)
            moving.close(self.case, around, event.outcome)
            steps.refresh(self.case, around)
        elif event.kind == "reopened" and self.case.status == "closed":
            open_anew(self.case, self.around(event.at, event.by))

    def amended(self, event: Happened) -> None:
        """Put right what was put right then, as far as the draft has a question for it that takes it."""
        given = dict.fromkeys(event.body.get("dropped") or ()) | dict(event.body.get("answers") or {})
        around = self.around(event.at, event.by)
        for key, value in given.items():
            each = self.draft.fields.get(key)
            if each is not None and not each.worked_out:
                with suppress(HouseError):
                    answering.amend(self.case, {key: value}, around, "")
        steps.refresh(self.case, around)

    def differs(self, kind: Kind, step: str, say: str, *, over: bool = False) -> None:
        self.found.append(Difference(kind, step, say))
        if over:
            raise _Over

    def done(self, event: Happened) -> None:
        """Finish a step as it was finished then, or say why that would not have been possible."""
        step = self.draft.steps.get(event.step)
        if step is None:
            gone = self.closed.definition.steps.get(event.step)
            self.differs("gone", event.step, f"“{gone.title if gone else event.step}” is gone.")
            return
        run = self.case.steps.get(event.step)
        if run is not None and run.state == "skipped":
            self.differs("unneeded", step.key, f"“{step.title}” would not have been needed.")
            return
        if run is not None and run.state == "done" and (step.vote or step.wait or event.by.kind == "system"):
            self.turned_out(step, run.outcome, event.outcome)
            return
        if not self.is_open(step.key, event.at):
            self.not_open(step)
        self.finish(step, event)

    def is_open(self, key: str, at: datetime) -> bool:
        """Say whether a step waits, after those that are new have been done at once."""
        while not self.waits(key):
            known = {*self.closed.definition.steps, *self.names.values()}
            new = [run for run in self.case.open_steps() if run.key not in known]
            if not new or self.case.status == "closed":
                return False
            step = self.draft.steps[new[0].key]
            self.differs("new", step.key, f"“{step.title}” would have come first.")
            around = self.around(at, SYSTEM)
            moving.finish(self.case, new[0], _onward(step), Answered(dict(self.case.data)), around, body={})
        return True

    def waits(self, key: str) -> bool:
        run = self.case.steps.get(key)
        return run is not None and run.state == "open" and not self.held_up(key)

    def held_up(self, key: str) -> bool:
        return not all(map(self.case.settled, self.draft.steps[key].after))

    def not_open(self, step: Step) -> None:
        """Say why a step would not have waited to be done."""
        if self.case.status == "closed":
            said = f"The case would have ended ({self.case.ending}) before “{step.title}”."
            self.differs("ended", step.key, said, over=True)
        first = [self.draft.steps[run.key].title for run in self.case.open_steps() if run.key != step.key]
        said = (
            f"“{step.title}” would have waited for “{first[0]}”."
            if first
            else f"“{step.title}” would not have come."
        )
        self.differs("waits", step.key, said, over=True)

    def turned_out(self, step: Step, outcome: str, then: str) -> None:
        if outcome != then:
            titles = [step.outcomes[key].title if key in step.outcomes else key for key in (outcome, then)]
            said = f"“{step.title}” would have turned out as “{titles[0]}”, not “{titles[1]}”."
            self.differs("outcome", step.key, said, over=True)

    def finish(self, step: Step, event: Happened) -> None:
        around = self.around(event.at, event.by)
        if event.outcome not in step.outcomes:
            old = self.closed.definition.steps.get(step.key)
            way = old.outcomes.get(event.outcome) if old else None
            said = f"“{step.title}” could not have turned out as “{way.title if way else event.outcome}”."
            self.differs("outcome", step.key, said, over=True)
        if step.by_other_case:
            steps.other_closed(self.case, around, step.key, str(event.body.get("ending", "")))
            self.turned_out(step, self.case.steps[step.key].outcome, event.outcome)
            return
        if step.wait and event.by.kind == "system":
            self.differs("waits", step.key, f"“{step.title}” would still have waited.", over=True)
        try:
            steps.complete(
                self.case, around, step=step.key, given=self.given(step, event), outcome=event.outcome,
                text=str(event.body.get("text", "")) or "As it was then.", waived=self.waived(step),
            )  # fmt: skip
        except AnswersRefused as refused:
            self.differs("answer", step.key, self.not_taken(step, refused), over=True)
        except NotYet as not_yet:
            kind = _kind(step, not_yet)
            said = f"“{step.title}”: {' '.join(not_yet.reasons)}"
            if kind == "outcome":  # why not would say what was answered
                title = step.outcomes[event.outcome].title
                said = f"“{step.title}” would not have offered “{title}”, with the answers that were given."
            self.differs(kind, step.key, said, over=True)
        except HouseError as error:
            self.differs("need", step.key, f"“{step.title}”: {error.sentence}", over=True)
        self.asks_more(step, event)

    def not_taken(self, step: Step, refused: AnswersRefused) -> str:
        """Say which answer would not have been taken; why, only where everybody may know what was answered."""
        key, sentences = next(iter(refused.fields.items()))
        known = self.draft.fields.get(key)
        said = f"“{step.title}” would not have taken the answer to “{known.name if known else key}”."
        if known is None or known.secret or self.draft.circle:
            return said
        return f"{said} {' '.join(sentences)}"

    def given(self, step: Step, event: Happened) -> dict[str, Any]:
        """Return what was answered then, as far as the step asks it."""
        given = {key: value for key, value in (event.body.get("answers") or {}).items() if key in step.ask}
        return given | {key: None for key in event.body.get("dropped") or () if key in step.ask}

    def waived(self, step: Step) -> dict[int, str]:
        """Return the needs of the draft that were waived then, known by their sentences."""
        return {
            number: self.waivers[step.key, need.say]
            for number, need in enumerate(step.need)
            if (step.key, need.say) in self.waivers
        }

    def asks_more(self, step: Step, event: Happened) -> None:
        """Note the questions that would have had to be answered, and were not then."""
        needed = step.needed(event.outcome)
        known = facts(self.case, event.at)
        for each in answers.missing(self.draft, step.ask if needed is None else needed, known):
            said = f"“{step.title}” would also have asked: {each.ask or each.name}"
            self.differs("asks", step.key, said)

    def voted(self, event: Happened) -> None:
        """Cast a vote as it was cast then; where the draft does not let it count, the end of the step shows it."""
        step = self.draft.steps.get(event.step)
        if step is None or step.vote is None or not self.waits(step.key):
            return
        choice, text = str(event.body.get("choice", "")), str(event.body.get("text", "")) or "As it was then."
        try:
            voting.cast(self.case, self.around(event.at, event.by), step=step.key, choice=choice, text=text)
        except HouseError as error:
            self.differs("vote", step.key, f"“{step.title}”: {error.sentence}")

    def end(self, last: Happened) -> None:
        """Compare the ends."""
        self.is_open("", last.at)
        if self.case.status == "open":
            titles = [self.draft.steps[run.key].title for run in self.case.open_steps()]
            waiting = f"“{titles[0]}”" if titles else "a time"
            step = self.case.open_steps()[0].key if titles else ""
            self.differs("open", step, f"The case would still have waited for {waiting}.", over=True)
        if self.case.ending != self.closed.ending:
            said = f"The case would have ended as “{self.case.ending}”, not “{self.closed.ending}”."
            self.differs("ending", "", said)


def _voter(event: Happened) -> Voter:
    """Return somebody who voted then; which teams they were in is not known any more."""
    kind, _, number = str(event.body.get("seat", "")).partition(":")
    council = int(number) if kind == "council" and number.isdecimal() else 0
    return Voter(event.by.user_id or 0, f"user:{event.by.user_id}", council)


def _kind(step: Step, refused: NotYet) -> Kind:
    """Return what stood in the way of finishing a step."""
    if step.vote is not None:
        return "vote"
    if step.by_time or step.by_other_case:
        return "waits"
    return "need" if {need.say for need in step.need}.intersection(refused.reasons) else "outcome"


def _onward(step: Step) -> Outcome:
    """Return the outcome by which a step that is new most likely goes on."""
    ways = list(step.outcomes.values())
    on = [each for each in ways if not each.end and not each.back]
    return next(iter([*(each for each in on if not each.when), *on, *ways]))
