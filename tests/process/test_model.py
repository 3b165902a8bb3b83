"""Random processes, people and accidents over a real database, held against the same worked out on paper."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from moothall.councils import scope
from moothall.councils.models import Membership
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process import actions, store
from moothall.process.definition import Definition, from_json
from moothall.process.engine.state import CaseState
from moothall.process.errors import CaseChanged
from moothall.process.models import Clock, Event
from tests.process import drawing
from tests.process.holding import as_on_paper, dump, plain, promises_of_state, proven, retold, rows_agree
from tests.process.making import MONDAY
from tests.process.paper import Paper
from tests.process.world import STAFF, World

EXAMPLES = int(os.environ.get("MOOTHALL_TEST_MODEL", "0"))
MOST_CASES = 3
PEOPLE = ("ann", "ann", "bob", "cat", "sue", "dan", "resident", "resident", "aud", "eve", "fay")
CHOICES = ("for", "for", "for", "against", "abstain", "perhaps")
QUIET = {"noted", "warned", "late", "voted", "repeated"}
"""What happens and changes nobody's decision."""


@dataclass(repr=False)
class Held:
    """One case: what the database has, what is on paper, and what somebody may have seen of it."""

    id: int
    reference: str
    paper: Paper
    seen: list[int] = field(default_factory=list)
    decided: int = 0
    newest: int = 0


class Cases(RuleBasedStateMachine):
    """What people, residents and the sweeper do, in any order, with right input and wrong."""

    world: ClassVar[World]
    tried: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.cases: list[Held] = []
        self.now = MONDAY
        store.forget_versions()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**32))
    def publish(self, seed: int) -> None:
        definition = drawing.definition(seed)
        assert from_json(definition.body) == definition
        actions.publish(by=Viewer.system(), definition=definition, source="", now=self.now)
        self.definition: Definition = definition
        self.start()
        self.go_on(Random(seed), 30)

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule()
    def start(self) -> None:
        case = actions.start_case(
            by=Viewer.anonymous(self.world.council.pk),
            council=self.world.council,
            process="model",
            now=self.now,
        )
        paper = Paper(
            self.definition,
            {key: team.pk for key, team in self.world.teams.items()},
            self.world.works,
            self.world.members,
        )
        paper.start(self.now)
        held = Held(case.id, case.reference, paper, [case.seq])
        self.note_what_is_new(held)
        self.cases.append(held)
        self.compare(held)

    @rule(minutes=st.sampled_from([1, 7, 30, 61, 200]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(data=st.data(), name=st.sampled_from(PEOPLE), seen=st.integers(-2, 12))
    def act(self, data: st.DataObject, name: str, seen: int) -> None:
        held = self.cases[data.draw(st.integers(0, len(self.cases) - 1))]
        step = data.draw(st.sampled_from([*held.paper.open() * 8, *self.definition.steps]))
        given = data.draw(drawing.answers(self.definition.steps[step].ask))
        outcome = data.draw(st.sampled_from(["", *self.definition.steps[step].outcomes, "strange"]))
        text = data.draw(st.sampled_from(["", "  ", "Because.", "Because."]))
        waived = data.draw(
            st.dictionaries(st.integers(-1, 2), st.sampled_from(["", " ", "Never mind."]), max_size=2)
        )
        expected = self.expected(held, seen)

        self.finish(held, name, step, given, outcome, text, expected, waived)

    @rule(
        data=st.data(),
        name=st.sampled_from(STAFF),
        choice=st.sampled_from(CHOICES),
        text=st.sampled_from(["", "Because."]),
        seen=st.integers(-2, 12),
    )
    def vote(self, data: st.DataObject, name: str, choice: str, text: str, seen: int) -> None:
        held = self.cases[data.draw(st.integers(0, len(self.cases) - 1))]
        voted = [step.key for step in self.definition.voted]
        waiting = [key for key in held.paper.open() if key in voted]
        step = data.draw(st.sampled_from([*waiting * 8, *voted, *list(self.definition.steps)[:1]]))
        self.cast(held, name, step, choice, text, self.expected(held, seen))

    @rule(seed=st.integers(0, 2**32))
    def work(self, seed: int) -> None:
        """Work for a while."""
        self.go_on(Random(seed), 6)

    def go_on(self, dice: Random, turns: int) -> None:
        """Go on as people who mostly know what they do."""
        for _ in range(turns):
            if not [one for one in self.cases if not one.paper.ending]:
                self.start()
            held = dice.choice([one for one in self.cases if not one.paper.ending])
            step = self.definition.steps[dice.choice(held.paper.open() or list(self.definition.steps))]
            if step.by_time:
                self.now += timedelta(minutes=dice.choice([5, 90, 900]))
                self.sweep()
                continue
            if step.vote is not None:
                self.cast(
                    held, dice.choice(STAFF[:4]), step.key, dice.choice(CHOICES), "Because.", held.seen[-1]
                )
                continue
            able = [
                name for name in PEOPLE if step.key in held.paper.open() and self.may(held, name, step.key)
            ]
            given = {key: dice.choice(drawing.RIGHT[key]) for key in step.ask}
            fits = [key for key, each in step.outcomes.items() if held.paper.true(each.when)]
            outcome = dice.choice([*(fits or step.outcomes), ""])
            self.now += timedelta(minutes=dice.choice([0, 0, 1, 10, 45, 100]))
            if not dice.randrange(3):
                self.sweep()
            waived = {number: "Never mind." for number in range(2) if not dice.randrange(2)}
            self.finish(
                held, dice.choice(able or PEOPLE), step.key, given, outcome, "Because.", held.seen[-1], waived
            )

    def may(self, held: Held, name: str, step: str) -> bool:
        return held.paper.may(self.world.person(name), step)

    def finish(  # noqa: PLR0913, PLR0917 - each is one thing that somebody says
        self,
        held: Held,
        name: str,
        step: str,
        given: dict[str, Any],
        outcome: str,
        text: str,
        expected: int | None,
        waived: dict[int, str],
    ) -> None:
        """Try to finish a step, on the database and on paper."""

        def do() -> CaseState:
            return actions.act(
                by=self.world.viewer(name), case_id=held.id, step=step, expected=expected, now=self.now,
                answers=given, outcome=outcome, text=text, waived=waived, as_requester=name == "resident",
            )  # fmt: skip

        def on_paper() -> bool:
            who = self.world.person(name)
            return held.paper.do(who, step, given, outcome, text.strip(), self.now, waived)

        self.attempt("act", held, expected, do, on_paper)

    def cast(self, held: Held, name: str, step: str, choice: str, text: str, expected: int | None) -> None:
        """Try to cast a vote, on the database and on paper."""

        def do() -> CaseState:
            return actions.cast(
                by=self.world.viewer(name), case_id=held.id, step=step, expected=expected, choice=choice,
                text=text, now=self.now,
            )  # fmt: skip

        def on_paper() -> bool:
            return held.paper.vote(self.world.person(name), step, choice, text, self.now)

        self.attempt("cast", held, expected, do, on_paper)

    @rule(data=st.data(), name=st.sampled_from(STAFF), back=st.booleans(), seen=st.integers(-2, 12))
    def take(self, data: st.DataObject, name: str, *, back: bool, seen: int) -> None:
        held = self.cases[data.draw(st.integers(0, len(self.cases) - 1))]
        step = data.draw(st.sampled_from([*held.paper.open() * 4, *self.definition.steps]))
        expected, act = self.expected(held, seen), actions.put_back if back else actions.take

        def on_paper() -> bool:
            who = self.world.person(name)
            if step not in held.paper.open() or not held.paper.may(who, step):
                return False
            held.paper.runs[step].person = None if back else who.person
            return True

        def do() -> CaseState:
            return act(
                by=self.world.viewer(name), case_id=held.id, step=step, expected=expected, now=self.now
            )

        self.attempt("take", held, expected, do, on_paper)

    @rule(
        data=st.data(),
        name=st.sampled_from(STAFF),
        to=st.sampled_from(["alpha", "beta"]),
        person=st.sampled_from([None, *STAFF]),
        why=st.sampled_from(["", "Theirs.", "Theirs."]),
    )
    def pass_on(self, data: st.DataObject, name: str, to: str, person: str | None, why: str) -> None:
        held = self.cases[data.draw(st.integers(0, len(self.cases) - 1))]
        step = data.draw(st.sampled_from([*held.paper.open() * 4, *self.definition.steps]))
        team = self.world.teams[to].pk
        somebody = self.world.staff[person].pk if person else None

        def on_paper() -> bool:
            fits = somebody is None or self.world.works(team, somebody)
            if not why or not fits or step not in held.paper.open():
                return False
            if not held.paper.may(self.world.person(name), step):
                return False
            held.paper.runs[step].team, held.paper.runs[step].person = team, somebody
            return True

        def do() -> CaseState:
            return actions.pass_on(
                by=self.world.viewer(name), case_id=held.id, step=step, expected=None, now=self.now,
                team_id=team, person_id=somebody, why=why,
            )  # fmt: skip

        self.attempt("pass_on", held, None, do, on_paper)

    @rule(data=st.data(), name=st.sampled_from(STAFF), text=st.sampled_from(["", "They rang."]))
    def note(self, data: st.DataObject, name: str, text: str) -> None:
        held = self.cases[data.draw(st.integers(0, len(self.cases) - 1))]

        def do() -> CaseState:
            return actions.note(by=self.world.viewer(name), case_id=held.id, text=text, now=self.now)

        allowed = bool(text) and name not in {"aud", "eve"}
        self.attempt("note", held, None, do, lambda: allowed)

    @rule(data=st.data(), name=st.sampled_from(["ann", "sue", "dan", "resident"]))
    def withdraw(self, data: st.DataObject, name: str) -> None:
        held = self.cases[data.draw(st.integers(0, len(self.cases) - 1))]
        if not held.paper.ending and data.draw(st.integers(0, 5)):
            return

        def do() -> CaseState:
            return actions.end_case(
                by=self.world.viewer(name), case_id=held.id, ending="withdrawn", expected=None, now=self.now,
                text="They rang.", as_requester=name == "resident",
            )  # fmt: skip

        def on_paper() -> bool:
            if name == "dan" or held.paper.ending:
                return False
            held.paper.withdraw(self.now)
            return True

        self.attempt("withdraw", held, None, do, on_paper)

    @rule(
        data=st.data(), team=st.sampled_from(["alpha", "beta"]), name=st.sampled_from(["ann", "bob", "cat"])
    )
    def move(self, data: st.DataObject, team: str, name: str) -> None:
        """Put somebody into a team, or take them out."""
        if data.draw(st.booleans()):
            row = {"team": self.world.teams[team], "staff": self.world.staff[name]}
            if not Membership.objects.filter(**row).delete()[0]:
                Membership.objects.create(**row)

    @rule()
    def sweep(self) -> None:
        actions.sweep(self.now)
        assert not Clock.objects.filter(sweep_at__lte=self.now).exists()
        for held in self.cases:
            held.paper.sweep(self.now)
            self.note_what_is_new(held)
            self.compare(held)

    def note_what_is_new(self, held: Held) -> int:
        """Note since when what somebody has seen is no longer enough to decide; return the newest number."""
        new = Event.objects.filter(case_id=held.id, seq__gt=held.newest).order_by("seq")
        for seq, kind in new.values_list("seq", "kind"):
            held.newest = seq
            if kind not in QUIET:
                held.decided = seq
            self.tried[f"event {kind}"] += 1
        return held.newest

    def expected(self, held: Held, seen: int) -> int | None:
        """Return what somebody says they saw: mostly the newest, sometimes something older, or what never was."""
        if seen < 0:
            return None
        choices = [0, held.seen[-1] + 9, held.seen[0], held.seen[len(held.seen) // 2]]
        return choices[seen] if seen < len(choices) else held.seen[-1]

    def attempt(
        self,
        what: str,
        held: Held,
        expected: int | None,
        do: Callable[[], CaseState],
        on_paper: Callable[[], bool],
    ) -> None:
        """Do something, and see that it is allowed or refused as on paper; refused, it changes nothing at all."""
        before, newest = dump(), Event.objects.filter(case_id=held.id).count()
        stale = expected is not None and not held.decided <= expected <= newest
        case: CaseState | None = None
        refusal: HouseError | None = None
        try:
            case = do()
        except HouseError as error:
            refusal = error
        if case is None:
            assert dump() == before
            assert stale == isinstance(refusal, CaseChanged)
            assert stale or not on_paper(), refusal
            self.tried[f"{what} refused: {type(refusal).__name__}"] += 1
            return
        assert not stale
        assert on_paper(), f"{what} should have been refused"
        self.tried[what] += 1
        held.seen.append(case.seq)
        self.note_what_is_new(held)
        again = store.load(held.id)
        assert again is not None
        assert plain(again) == plain(case)
        self.compare(held)

    def compare(self, held: Held) -> None:
        """See that the database says what the paper says, and keeps its own promises."""
        case = store.load(held.id)
        assert case is not None
        as_on_paper(case, held.paper, self.now)
        promises_of_state(case)
        events = list(Event.objects.filter(case_id=case.id).order_by("seq"))
        assert [event.seq for event in events] == list(range(1, case.seq + 1))
        retold(case, events)
        rows_agree(case)
        proven(case)


@pytest.mark.django_db
def test_whatever_happens_to_cases_is_as_on_paper(capsys: pytest.CaptureFixture[str]) -> None:
    with scope.everything("a test of every kind of act"):
        Cases.world, Cases.tried = World.make(), Counter()
        run_state_machine_as_test(
            Cases,
            settings=settings(
                max_examples=EXAMPLES or 25,
                stateful_step_count=12,
                derandomize=not EXAMPLES,
                database=None,
                phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    if EXAMPLES:
        with capsys.disabled():
            print(sum(Cases.tried.values()), "acts and events:", dict(Cases.tried.most_common()))  # noqa: T201
    assert Cases.tried["act"] > 100
