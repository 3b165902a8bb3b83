"""People's records, attacked from a desk: numbers of another council, and questions that would betray a lock."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from moothall.contacts import actions as contacts
from moothall.contacts.actions.arriving import Arrived, arrive
from moothall.contacts.queries.sorting import contact_file
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions import connecting, locking, placing, rights
from moothall.persons.actions.casework import put_case_to
from moothall.persons.actions.erasing import erase
from moothall.persons.actions.finding import tell_elsewhere
from moothall.persons.actions.holding import own_record
from moothall.persons.actions.intake import take_in
from moothall.persons.actions.linking import leave_open, link_same, suggest, tell_apart, undo
from moothall.persons.actions.locking import lock_record
from moothall.persons.actions.records import add_fact, end_fact, replace_fact
from moothall.persons.actions.relating import end_relationship, relate
from moothall.persons.actions.telling import learn
from moothall.persons.hooks import Thing
from moothall.persons.models import Fact, Record
from moothall.persons.queries.candidates import candidates
from moothall.persons.queries.exporting import export
from moothall.persons.queries.people import history_of, person_file
from moothall.persons.queries.records import record_seen
from moothall.persons.queries.searching import search
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.known import Known, Name, Place
from moothall.plain.errors import HouseError
from moothall.plain.references import new_reference
from tests.contacts.making import Desk, an_enquiry, call, make_desk, put
from tests.makers import make_staff, make_team, make_viewer
from tests.persons.making import a_birth, a_name, a_phone, an_address, make_record
from tests.persons.residents import connected_by_staff, resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
NOWHERE = 2**40 + 7
EVERY = ("adviser", "officer", "supervisor", "record-steward", "data-protection-officer", "auditor")
PRIYA = Known(
    (Name("priya", "", "nair"),),
    datetime(1980, 5, 4).date(),  # noqa: DTZ001 - a date of birth
    (Place("14 mill lane", "ab101ab"),),
    ("+447700900982",),
    ("priya@example.org",),
)


@dataclass(frozen=True)
class Theirs:
    """What the other council has, by number."""

    record: int = NOWHERE
    other: int = NOWHERE
    fact: int = NOWHERE
    relationship: int = NOWHERE
    case: int = NOWHERE
    case_person: int = NOWHERE
    contact: int = NOWHERE
    link: int = NOWHERE
    connection: int = NOWHERE


@dataclass(frozen=True)
class Mine:
    """Somebody at Elm with every role that there is for people, and what Elm has."""

    by: Viewer
    desk: Desk
    record: int
    case: int
    contact: int
    now: datetime


@pytest.fixture
def ash(everything: None) -> Desk:
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def elm(ash: Desk) -> Desk:
    elm = make_desk(code="elm", name="Elm City Council", published=False)
    assert elm.council != ash.council
    return elm


@pytest.fixture
def mine(elm: Desk, now: datetime) -> Mine:
    by = make_viewer(make_staff(council=elm.council, roles=EVERY))
    own = make_record(council=elm.council, facts=[a_name("Tom", "Bell"), a_birth("1990-03-03")])
    return Mine(by, elm, own.pk, an_enquiry(elm).id, call(elm).pk, now)


@pytest.fixture
def theirs(ash: Desk, now: datetime) -> Theirs:
    record, other = make_record(council=ash.council), make_record(council=ash.council)
    case = an_enquiry(ash)
    put(case, record)
    row = relate(
        by=Viewer.system(), record_id=record.pk, other_id=other.pk, kind="relative", source="adviser", now=now
    )
    link = suggest(low=record.pk, high=other.pk, score=3.0, reasons=[], model=0, now=now)
    assert link is not None
    fact = Fact.objects.get(record=record, kind="phone")
    from_desk = call(ash, record_id=record.pk)
    seen = connected_by_staff(resident(ash.council, "Priya"), record, now)
    found = record.cases.get()
    return Theirs(
        record.pk, other.pk, fact.pk, row.pk, case.id, found.pk, from_desk.pk, link.pk, seen.pk
    )  # fmt: skip


Act = Callable[[Mine, Theirs], object]
ACTS: dict[str, Act] = {
    "read": lambda me, it: record_seen(me.by, it.record),
    "add a fact": lambda me, it: add_fact(
        by=me.by, record_id=it.record, fact=a_phone(), source="adviser", now=me.now
    ),
    "replace a fact of theirs on one of mine": lambda me, it: replace_fact(
        by=me.by, record_id=me.record, fact_id=it.fact, fact=a_phone(), why="x", source="adviser", now=me.now
    ),
    "end a fact of theirs on one of mine": lambda me, it: end_fact(
        by=me.by, record_id=me.record, fact_id=it.fact, why="x", now=me.now
    ),
    "relate theirs": lambda me, it: relate(
        by=me.by, record_id=it.record, other_id=me.record, kind="relative", source="adviser", now=me.now
    ),
    "relate mine to theirs": lambda me, it: relate(
        by=me.by, record_id=me.record, other_id=it.record, kind="relative", source="adviser", now=me.now
    ),
    "end a relationship": lambda me, it: end_relationship(
        by=me.by, record_id=me.record, relationship_id=it.relationship, why="x", now=me.now
    ),
    "take over": lambda me, it: own_record(
        by=me.by, council_id=me.desk.council.pk, record_id=it.record, source="adviser", now=me.now
    ),
    "learn": lambda me, it: learn(
        by=me.by, council_id=me.desk.council.pk, record_id=it.record, facts=(), source="adviser", now=me.now
    ),
    "put my case to theirs": lambda me, it: put_case_to(
        by=me.by, case_id=me.case, record_id=it.record, now=me.now
    ),
    "put their case to mine": lambda me, it: put_case_to(
        by=me.by, case_id=it.case, record_id=me.record, now=me.now
    ),
    "join": lambda me, it: link_same(
        by=me.by, one_id=me.record, other_id=it.record, why="x", now=me.now
    ),
    "tell apart": lambda me, it: tell_apart(
        by=me.by, one_id=me.record, other_id=it.record, why="x", now=me.now
    ),
    "undo": lambda me, it: undo(by=me.by, link_id=it.link, why="x", now=me.now),
    "leave open": lambda me, it: leave_open(by=me.by, link_id=it.link, why="x", now=me.now),
    "lock": lambda me, it: lock_record(by=me.by, record_id=it.record, teams=["x"], why="x", now=me.now),
    "open": lambda me, it: locking.open_record(by=me.by, record_id=it.record, now=me.now),
    "restrict": lambda me, it: rights.restrict(
        by=me.by, record_id=it.record, ground="accuracy", why="x", now=me.now
    ),
    "erase": lambda me, it: erase(by=me.by, record_id=it.record, ground="needless", why="x", now=me.now),
    "copy": lambda me, it: export(me.by, it.record, me.now),
    "write a letter": lambda me, it: connecting.make_letter(by=me.by, record_id=it.record, now=me.now),
    "disconnect": lambda me, it: connecting.end_connection(by=me.by, connection_id=it.connection, now=me.now),
    "move a fact here": lambda me, it: _move(me, "fact", it.fact),
    "move a case here": lambda me, it: _move(me, "case", it.case_person),
    "move a relationship here": lambda me, it: _move(me, "relationship", it.relationship),
    "move a contact here": lambda me, it: _move(me, "contact", it.contact),
    "put my contact to theirs": lambda me, it: contacts.put_to(
        by=me.by, contact_id=me.contact, record_id=it.record, case_id=None, now=me.now
    ),
    "put my contact to their case": lambda me, it: contacts.put_to(
        by=me.by, contact_id=me.contact, record_id=None, case_id=it.case, now=me.now
    ),
    "put their contact to mine": lambda me, it: contacts.put_to(
        by=me.by, contact_id=it.contact, record_id=me.record, case_id=None, now=me.now
    ),
    "read their contact": lambda me, it: contact_file(me.by, it.contact, me.now),
    "answer their contact": lambda me, it: contacts.answer(
        by=me.by, contact_id=it.contact, subject="x", text="x", submission="x" * 9, now=me.now
    ),
    "record a contact with theirs": lambda me, it: call(me.desk, by=me.by, record_id=it.record),
    "record a contact about their case": lambda me, it: call(me.desk, by=me.by, case_id=it.case),
}  # fmt: skip


def _move(me: Mine, kind: str, number: int) -> int:
    return placing.move(by=me.by, places={Thing(kind, number): me.record}, now=me.now)


def told(act: Act, me: Mine, it: Theirs) -> tuple[str, str]:
    """Return what somebody is told, whatever it is."""
    try:
        return "done", repr(act(me, it))
    except HouseError as error:
        return type(error).__name__, error.sentence


class TestNumbersOfAnotherCouncil:
    @pytest.mark.parametrize("name", list(ACTS))
    def test_are_as_those_of_nothing(self, mine: Mine, theirs: Theirs, name: str) -> None:
        before = list(Fact.objects.order_by("pk").values_list("pk", "record_id", "ended_at"))
        nothing = told(ACTS[name], mine, Theirs())
        assert nothing[0] != "done"
        assert told(ACTS[name], mine, theirs) == nothing
        assert list(Fact.objects.order_by("pk").values_list("pk", "record_id", "ended_at")) == before

    def test_show_nobody(self, mine: Mine, theirs: Theirs) -> None:
        reference = Record.objects.get(pk=theirs.record).person.reference
        for one in (reference, new_reference("PSN")):
            with pytest.raises(HouseError, match="person"):
                person_file(mine.by, one, mine.now)
        assert history_of(mine.by, [theirs.record]) == []

    @pytest.mark.parametrize("text", [
        "Priya Nair", "priya", "pri", "Nari", "Pirya Nair", "priya 1980", "04/05/1980", "14 Mill Lane", "AB10 1AB",
        "07700 900982", "priya@example.org", "Tom Nair", "nair AB10",
    ])  # fmt: skip
    def test_leave_no_trace_in_a_search(self, mine: Mine, ash: Desk, text: str) -> None:
        before = search(mine.by, text, mine.now)
        for _ in range(3):
            make_record(council=ash.council)
        assert search(mine.by, text, mine.now) == before

    def test_of_a_person_may_be_typed_without_effect(self, mine: Mine, theirs: Theirs) -> None:
        reference = Record.objects.get(pk=theirs.record).person.reference
        assert search(mine.by, reference, mine.now) == search(mine.by, new_reference("PSN"), mine.now) == []


@pytest.fixture
def locked(everything: None, ash: Desk, now: datetime) -> Record:
    staff = make_staff(council=ash.council, roles=("supervisor",))
    make_team(council=ash.council, function="hub", name="Hub", members=(staff,))
    record = make_record(council=ash.council)
    lock_record(by=make_viewer(staff), record_id=record.pk, teams=["hub"], why="In danger", now=now)
    record.refresh_from_db()
    return record


@pytest.fixture
def curious(ash: Desk) -> Viewer:
    return make_viewer(make_staff(council=ash.council, roles=EVERY))


NAMED = replace(PRIYA, places=(), phones=(), emails=(), born=None)
WHERE: dict[str, dict[str, Any]] = {
    "address": {"places": PRIYA.places},
    "phone": {"phones": PRIYA.phones},
    "e-mail": {"emails": PRIYA.emails},
    "all": {"places": PRIYA.places, "phones": PRIYA.phones, "emails": PRIYA.emails},
}
WRONG: dict[str, dict[str, Any]] = {
    "address": {"places": (Place("9 far road", "zz991zz"),)},
    "phone": {"phones": ("+447700900111",)},
    "e-mail": {"emails": ("nobody@example.org",)},
    "all": {"places": (Place("9 far road", "zz991zz"),), "phones": ("+447700900111",)},
}
WHO = {
    "name": NAMED,
    "name and birth": replace(NAMED, born=PRIYA.born),
    "family name": replace(NAMED, names=(Name("", "", "nair"),)),
    "initial": replace(NAMED, names=(Name("p", "", "nair"),)),
    "another name": replace(NAMED, names=(Name("zoe", "", "quill"),), born=PRIYA.born),
    "nothing": replace(NAMED, names=()),
}


class TestALockedRecord:
    @pytest.mark.usefixtures("locked")
    @pytest.mark.parametrize("what", list(WHERE))
    @pytest.mark.parametrize("who", list(WHO))
    def test_does_not_say_whether_an_address_is_right(
        self, ash: Desk, curious: Viewer, now: datetime, who: str, what: str
    ) -> None:
        right = candidates(curious, ash.council.pk, replace(WHO[who], **WHERE[what]), now)
        wrong = candidates(curious, ash.council.pk, replace(WHO[who], **WRONG[what]), now)
        assert right == wrong

    @pytest.mark.usefixtures("locked")
    def test_is_told_of_to_whoever_knows_the_whole_name(
        self, ash: Desk, curious: Viewer, now: datetime
    ) -> None:
        for known in (NAMED, replace(NAMED, born=PRIYA.born), PRIYA):
            (found,) = candidates(curious, ash.council.pk, known, now).found
            assert (found.locked, found.name, found.reasons, found.score) == (True, "Locked record", (), 0.0)

    @pytest.mark.usefixtures("locked")
    @pytest.mark.parametrize("text", [
        "14 Mill Lane", "AB10 1AB", "07700 900982", "priya@example.org", "priya nair 14 mill lane", "nair ab10 1ab",
        "priya nair 07700 900982", "nair priya@example.org", "priya nair ab10", "nair", "pri", "priya nai",
    ])  # fmt: skip
    def test_is_not_found_by_where_somebody_is(self, curious: Viewer, now: datetime, text: str) -> None:
        assert search(curious, text, now) == []

    def test_still_waits_for_somebody_when_they_ask_for_something(
        self, ash: Desk, locked: Record, now: datetime
    ) -> None:
        case = an_enquiry(ash)
        case_person = take_in(
            by=Viewer.system(), case_id=case.id, council_id=ash.council.pk, source="request", now=now,
            facts=[a_name(), an_address(), NewFact(kind="email", body={"address": "priya@example.org"})],
        )  # fmt: skip
        assert case_person is not None
        assert case_person.record_id is None
        assert Record.objects.filter(council=ash.council, address=locked.address).count() == 1

    def test_is_no_longer_told_of_to_other_councils(
        self, elm: Desk, mine: Mine, locked: Record, now: datetime
    ) -> None:
        own = make_record(council=elm.council)
        link_same(by=Viewer.system(), one_id=locked.pk, other_id=own.pk, why="x", now=now)
        own.refresh_from_db()
        assert person_file(mine.by, own.person.reference, now).elsewhere == []
        assert candidates(mine.by, elm.council.pk, PRIYA, now).elsewhere == ()

    def test_names_none_of_its_cases_to_whoever_sorts_mail(
        self, ash: Desk, locked: Record, curious: Viewer, now: datetime
    ) -> None:
        case = an_enquiry(ash, email="other@example.org")
        put(case, locked)
        letter = Arrived(ash.council.pk, 1, "Priya Nair", "priya@example.org", "Hello", "It is me.")
        found = contact_file(curious, arrive(letter=letter, now=now).pk, now)
        assert [each.locked for each in found.people] == [True]
        assert found.cases == []
        assert found.records == []


class TestWhatIsToldOfOtherCouncils:
    def test_is_on_record_there(self, ash: Desk, mine: Mine, now: datetime) -> None:
        record = make_record(council=ash.council)
        found = candidates(mine.by, mine.desk.council.pk, PRIYA, now)
        assert (found.found, found.elsewhere) == ((), (ash.council.name,))
        tell_elsewhere(by=mine.by, council_id=mine.desk.council.pk, found=found, now=now)
        entry = Entry.objects.get(what="person.told_elsewhere")
        assert (entry.council_id, entry.about) == (ash.council.pk, f"record:{record.pk}")
        assert "Priya" not in entry.facts
