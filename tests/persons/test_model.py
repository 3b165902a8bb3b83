"""The register beside a plain model of it: whatever is done in whichever order, nothing is lost and nothing is crossed.

Some sequences run with every suite. `REGISTER_SEQUENCES=10000` runs so many; what they came to is written down in
`benchmarks/results/register-model.txt`.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from moothall.contacts.actions.recording import record_contact
from moothall.contacts.models import Contact
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions import placing
from moothall.persons.actions.linking import link_same, suggest, tell_apart, undo
from moothall.persons.actions.records import add_fact, replace_fact
from moothall.persons.errors import KeptApart, NotTheirs, StillJoined
from moothall.persons.hooks import Thing
from moothall.persons.models import CasePerson, Fact, Link, Record
from moothall.persons.queries.since import came_since
from moothall.persons.rules.facts import NewFact, cleaned
from moothall.persons.rules.shorts import Held, shortened
from tests.persons.linked import Desk, make_desk, put_case
from tests.persons.making import NOW, a_birth, a_name, a_phone, an_email, make_record
from tests.persons.reference import MOVED, Model, ModelFact, ModelLink, ModelRecord, Way, hung
from tests.process.making import publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SEQUENCES = int(os.environ.get("REGISTER_SEQUENCES", "0"))
FIGURES = os.environ.get("REGISTER_FIGURES", "")
FEW, STEPS = 25, 25
MINUTE = timedelta(minutes=1)
VALUES: dict[str, list[NewFact]] = {
    "name": [
        a_name(given, "Nair", use) for given, use in (("Ann", "usual"), ("Bo", "usual"), ("Cy", "former"))
    ],
    "birth": [a_birth(day) for day in ("1980-05-04", "1980-05-14", "1975-01-02", "2001-12-31")],
    "phone": [a_phone(number) for number in ("07700 900001", "07700 900002", "01632 960001")],
    "email": [an_email(address) for address in ("a@example.org", "b@example.org", "c@example.org")],
}
SOURCES = ("adviser", "resident", "import:Council tax")
places = st.integers(0, 10**6)
_number = count(1)


class Register(RuleBasedStateMachine):
    """Whatever may happen at two councils, done to the register and to the model of it."""

    desk: ClassVar[Desk]
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.done["sequences"] += 1
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model, self.now, self.last = Model(), NOW, 0

    def teardown(self) -> None:
        try:
            if self.model.records:
                self.compare()
                self.undo_everything()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # what people do

    @initialize(councils=st.lists(st.booleans(), min_size=3, max_size=4), name=places)
    def begin(self, councils: list[bool], name: int) -> None:
        for each in councils:
            self.add_person(at_elm=each, name=name, birth=name // 7)

    @rule(at_elm=st.booleans(), name=places, birth=places)
    def add_person(self, *, at_elm: bool, name: int, birth: int) -> None:
        facts = [pick(VALUES["name"], name), pick(VALUES["birth"], birth)]
        self.keep_record(self.desk.elm if at_elm else self.desk.ash, facts)

    @rule(record=places, at_elm=st.booleans())
    def add_record_of_somebody_known(self, record: int, *, at_elm: bool) -> None:
        known = Record.objects.get(pk=self.record(record))
        made = self.keep_record(self.desk.elm if at_elm else self.desk.ash, [a_name("Dee")], known)
        assert self.model.records[made].origin == self.model.persons()[known.pk]

    def keep_record(self, council: Council, facts: list[NewFact], known: Record | None = None) -> int:
        now = self.tick()
        person = known.person if known else None
        made = make_record(council=council, facts=facts, now=now, person=person)
        here = ModelRecord(council.pk, made.origin_id)
        here.facts = [ModelFact(each.kind, body_of(each), "adviser", now) for each in facts]
        self.model.records[made.pk] = here
        return int(made.pk)

    @rule(record=places, kind=st.sampled_from([*VALUES]), value=places, source=st.sampled_from(SOURCES))
    def add_fact(self, record: int, kind: str, value: int, source: str) -> None:
        number, fact, now = self.record(record), pick(VALUES[kind], value), self.tick()
        add_fact(by=self.desk.stella, record_id=number, fact=fact, source=source, now=now)
        self.model.add_fact(number, ModelFact(kind, body_of(fact), source, now))

    @rule(record=places, held=places, value=places)
    def replace_fact(self, record: int, held: int, value: int) -> None:
        number, now = self.record(record), self.tick()
        if not self.model.records[number].held():
            return
        old = pick(self.model.records[number].held(), held)
        fact = pick(VALUES[old.kind], value)
        new = ModelFact(old.kind, body_of(fact), "adviser", now)
        if self.model.records[number].has(new):
            return
        replace_fact(
            by=self.desk.stella,
            record_id=number,
            fact_id=self.fact_of(number, old),
            fact=fact,
            why="It was wrong",
            source="adviser",
            now=now,
        )
        self.model.replace_fact(number, old, new)

    @rule(record=places)
    def add_case(self, record: int) -> None:
        number = self.record(record)
        row = put_case(Record.objects.get(pk=number), self.tick())
        self.model.records[number].cases.add(row.pk)

    @rule(record=places)
    def add_contact(self, record: int) -> None:
        number, now = self.record(record), self.tick()
        row = record_contact(
            by=Viewer.system(),
            council_id=self.model.records[number].council,
            channel="phone",
            direction="in",
            at=now,
            outcome="answered",
            submission=f"model-{next(_number)}",
            now=now,
            record_id=number,
        )
        self.model.records[number].contacts.add(row.pk)

    @rule(one=places, other=places)
    def suggest(self, one: int, other: int) -> None:
        low, high = self.two(one, other)
        link = suggest(low=low, high=high, score=1.5, reasons=(), model=1, now=self.tick())
        if high in self.model.group(low) or self.model.walls(low, high):
            assert link is None
        else:
            assert link is not None
            if self.model.between(low, high) is None:
                self.model.links[link.pk] = ModelLink(low, high, "maybe", self.now)

    @rule(one=places, other=places)
    def link(self, one: int, other: int) -> None:
        low, high = self.two(one, other)
        held = self.model.between(low, high)
        act = self.decide(link_same, low, high)
        if held and held[1].kind == "same":
            assert act().pk == held[0]
        elif self.model.walls(low, high):
            with pytest.raises(KeptApart):
                act()
            self.done["refused, as kept apart"] += 1
        else:
            self.decided(act().pk, low, high, "same")
        self.check_persons()

    @rule(one=places, other=places, end_same=st.booleans())
    def tell_apart(self, one: int, other: int, *, end_same: bool) -> None:
        low, high = self.two(one, other)
        held = self.model.between(low, high)
        act = self.decide(tell_apart, low, high, end_same=end_same)
        without = held[0] if held and end_same else 0
        if held and held[1].kind == "apart":
            assert act().pk == held[0]
        elif high in self.model.group(low, without=without):
            with pytest.raises(StillJoined):
                act()
            self.done["refused, as joined still"] += 1
        else:
            self.decided(act().pk, low, high, "apart")
        self.check_persons()

    @precondition(lambda self: self.model.in_force())
    @rule(link=places, seed=places, as_suggested=st.booleans(), apart=st.booleans())
    def undo(self, link: int, seed: int, *, as_suggested: bool, apart: bool) -> None:
        number = pick([*self.model.in_force()], link)
        found = self.model.links[number]
        now = self.tick()
        separates = found.high not in self.model.group(found.low, without=number)
        targets = dict[Thing, int]()
        if found.kind == "same":
            since = came_since(self.desk.stella, number, now)
            assert bool(since.sides) == separates
            for each in since.things:
                assert {self.model.records[choice.pk].council for choice in each.choices} == {
                    self.model.records[each.record_id].council
                }
                targets[each.thing] = each.suggested if as_suggested else Random(seed).choice(each.choices).pk
        self.expect_moves(targets, now)
        apart = apart and found.kind == "same" and separates
        undo(by=self.desk.stella, link_id=number, why="Wrong", now=now, places=targets, apart=apart)
        found.ended = True
        self.done["links undone on the way"] += 1
        if apart:
            wall = self.desk_link(found.low, found.high)
            self.model.links[wall] = ModelLink(found.low, found.high, "apart", now)
        self.compare()

    @rule(record=places, other=places, thing=places)
    def move(self, record: int, other: int, thing: int) -> None:
        here, there, now = self.record(record), self.record(other), self.tick()
        things = self.things_on(here)
        if not things:
            return
        chosen = pick(things, thing)
        act = partial(placing.move, by=self.desk.stella, places={chosen: there}, now=now)
        apart = there not in self.model.group(here, ever=True)
        if here != there and (apart or self.model.records[here].council != self.model.records[there].council):
            with pytest.raises(NotTheirs):
                act()
        else:
            self.expect_moves({chosen: there}, now)
            act()
        self.compare()

    # what must be so

    def check_persons(self) -> None:
        assert dict(Record.objects.values_list("id", "person_id")) == self.model.persons()

    def compare(self) -> None:
        """Compare all that is kept with the model."""
        self.check_persons()
        numbers = [*self.model.records]
        facts: dict[int, list[Fact]] = {number: [] for number in numbers}
        for fact in Fact.objects.order_by("id"):
            facts[fact.record_id].append(fact)
        cases, contacts = (
            list(model.objects.values_list("record_id", "pk")) for model in (CasePerson, Contact)
        )
        hangs = {
            number: hung(
                [as_model(fact) for fact in facts[number]],
                [pk for record, pk in cases if record == number],
                [pk for record, pk in contacts if record == number],
            )
            for number in numbers
        }
        assert hangs == self.model.places()
        for record in Record.objects.all():
            held = facts[record.pk]
            assert {fact.council_id for fact in held} == {record.council_id}
            short = shortened(
                (Held(each.kind, each.body, each.until, each.pk) for each in held if each.ended_at is None),
                timezone.localdate(record.changed_at),
            )
            assert (record.traits, record.name, record.born) == (short.known.traits, short.name, short.born)

    def undo_everything(self) -> None:
        """Take every link back, in any order: what is left is what there would be without them."""
        order = [*self.model.in_force()]
        Random(len(order) * 7 + self.last).shuffle(order)
        for number in order:
            undo(by=self.desk.stella, link_id=number, why="All of them", now=self.tick())
            self.model.links[number].ended = True
            self.check_persons()
        self.done["links undone at the end, in random order"] += len(order)
        assert all(record.person_id == record.origin_id for record in Record.objects.all())
        self.compare()

    # small words

    def tick(self) -> datetime:
        """Let a minute pass; whatever is done is done at a time of its own."""
        self.done["acts"] += 1
        self.now += MINUTE
        return self.now

    def record(self, place: int) -> int:
        self.last = place
        return int(pick([*self.model.records], place))

    def two(self, one: int, other: int) -> tuple[int, int]:
        """Return two different records, the lower first."""
        numbers = [*self.model.records]
        first = pick(numbers, one)
        second = pick([number for number in numbers if number != first], other)
        return min(first, second), max(first, second)

    def decide(self, act: Callable[..., Any], low: int, high: int, **how: bool) -> Callable[[], Any]:
        now, by = self.tick(), self.desk.stella
        return lambda: act(by=by, one_id=high, other_id=low, why="So they said", now=now, **how)

    def decided(self, number: int, low: int, high: int, kind: str) -> None:
        self.done[f"links of the kind {kind}"] += 1
        if held := self.model.between(low, high):
            held[1].ended = True
        self.model.links[number] = ModelLink(low, high, kind, self.now)

    def fact_of(self, record: int, fact: ModelFact) -> int:
        held = Fact.objects.filter(record=record, kind=fact.kind, ended_at=None)
        return next(int(each.pk) for each in held if each.body == fact.body)

    def things_on(self, record: int) -> list[Thing]:
        here = self.model.records[record]
        facts = [Thing("fact", self.fact_of(record, each)) for each in here.held()]
        cases = [Thing("case", number) for number in sorted(here.cases)]
        return facts + cases + [Thing("contact", number) for number in sorted(here.contacts)]

    def expect_moves(self, targets: dict[Thing, int], now: datetime) -> None:
        """Let the model do what the register is about to do."""
        self.done["things put where they belong"] += len(targets)
        facts = {thing.id: there for thing, there in targets.items() if thing.kind == "fact"}
        rows = Fact.objects.filter(pk__in=facts).order_by("id")
        self.model.move_facts([self.way(row, facts[row.pk]) for row in rows], now)
        for thing, there in targets.items():
            if thing.kind == "fact":
                continue
            for each in self.model.records.values():
                hanging = each.cases if thing.kind == "case" else each.contacts
                hanging.discard(thing.id)
            target = self.model.records[there]
            (target.cases if thing.kind == "case" else target.contacts).add(thing.id)

    def way(self, row: Fact, there: int) -> Way:
        held = self.model.records[row.record_id].held(row.kind)
        mine = [each for each in held if each.body == row.body and each.at == row.recorded_at]
        return Way(mine[0], row.record_id, there)

    def desk_link(self, low: int, high: int) -> int:
        return int(Link.objects.get(low=low, high=high, ended_at=None).pk)


def pick(choices: Sequence[Any], place: int) -> Any:
    return choices[place % len(choices)]


def body_of(fact: NewFact) -> dict[str, Any]:
    """Return what a fact says, as it is kept."""
    return cleaned(fact, timezone.localdate(NOW)).body


def as_model(fact: Fact) -> ModelFact:
    why = MOVED if fact.ended_why == placing.MOVED else ""
    return ModelFact(fact.kind, fact.body, fact.source, fact.recorded_at, fact.ended_at, why)


class TestTheRegister:
    def test_is_what_the_links_make_of_it_after_any_sequence(self) -> None:
        Register.desk = make_desk()
        publish_repair()
        run_state_machine_as_test(
            Register,
            settings=settings(
                max_examples=SEQUENCES or FEW,
                stateful_step_count=STEPS,
                deadline=None,
                phases=(Phase.generate,) if SEQUENCES else (Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
                database=None,
                print_blob=True,
            ),
        )
        if FIGURES:
            lines = [f"  {said}: {number:,}" for said, number in Register.done.items()]
            Path(FIGURES).write_text("\n".join([connection.vendor, *lines, ""]), encoding="utf-8")
