"""Taking a link back, at any time, with everything that came since put where it belongs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons import hooks
from moothall.persons.actions.linking import tell_apart, undo
from moothall.persons.actions.placing import move
from moothall.persons.actions.records import add_fact, replace_fact
from moothall.persons.actions.relating import relate
from moothall.persons.errors import (
    FactGone,
    LinkGone,
    Locked,
    NoSuchLink,
    NoSuchPerson,
    NotTheirs,
    Restricted,
)
from moothall.persons.hooks import Follower, Hanging, Thing
from moothall.persons.models import CasePerson, Fact, Record, Relationship
from moothall.persons.queries.since import Since, came_since
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.known import Known
from moothall.plain.errors import NotFound
from tests.persons.linked import LATER, Desk, grouped, join, make_desk, part, persons, put_case, somebody
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAY = timedelta(days=1)
ANNS, BOBS = "07700 900001", "07700 900002"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def ann(desk: Desk) -> Record:
    return somebody(desk.ash, "Ann", a_phone(ANNS), an_email("ann@example.org"))


@pytest.fixture
def bob(desk: Desk) -> Record:
    return somebody(desk.ash, "Bob", a_phone(BOBS), born="1975-01-02")


def learn(desk: Desk, record: Record, fact: NewFact, now: datetime, source: str = "adviser") -> Fact:
    return add_fact(by=desk.stella, record_id=record.pk, fact=fact, source=source, now=now)


def take_back(
    desk: Desk, link_id: int, places: dict[Thing, int] | None = None, now: datetime = LATER + DAY
) -> None:
    undo(by=desk.stella, link_id=link_id, why="Two people", now=now, places=places)


def suggested(since: Since) -> dict[str, int]:
    return {each.words: each.suggested for each in since.things}


def held(record: Record, kind: str) -> list[Fact]:
    return list(record.facts.filter(kind=kind, ended_at=None).order_by("id"))


class TestUndoing:
    def test_separates_exactly_what_the_link_joined(self, desk: Desk, now: datetime) -> None:
        a, b, c, d = (somebody(desk.ash, name) for name in ("Ann", "Anna", "Anne", "Annie"))
        join(desk.stella, a, b, now)
        middle = join(desk.stella, b, c, now)
        join(desk.stella, c, d, now)
        take_back(desk, middle.pk)
        assert persons() == grouped((a, b), (c, d))
        middle.refresh_from_db()
        assert (middle.ended_by, middle.ended_why) == ("Stella Steward", "Two people")
        assert Entry.objects.filter(what="person.unlinked").count() == 2

    def test_separates_nothing_that_other_links_join(self, desk: Desk, now: datetime) -> None:
        a, b, c = (somebody(desk.ash, name) for name in ("Ann", "Anna", "Anne"))
        links = [join(desk.stella, one, other, now) for one, other in ((a, b), (b, c), (a, c))]
        assert came_since(desk.stella, links[2].pk, LATER).sides == ()
        take_back(desk, links[2].pk)
        assert persons() == grouped((a, b, c))
        take_back(desk, links[0].pk)
        assert persons() == grouped((a,), (b, c))

    def test_gives_a_person_back_the_reference_they_had(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        take_back(desk, link.pk)
        bob.refresh_from_db()
        assert bob.person.reference == bob.origin.reference

    def test_is_refused_to_the_second_of_two_and_of_what_is_nowhere(
        self, desk: Desk, ann: Record, bob: Record
    ) -> None:
        link = join(desk.stella, ann, bob)
        take_back(desk, link.pk)
        with pytest.raises(LinkGone):
            take_back(desk, link.pk)
        with pytest.raises(NoSuchLink):
            take_back(desk, link.pk + 1000)

    def test_may_tell_them_apart_for_ever_at_once(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        undo(by=desk.stella, link_id=link.pk, why="Twins", now=LATER, apart=True)
        assert persons() == grouped((ann,), (bob,))
        assert [*ann.links_up.filter(ended_at=None).values_list("kind", "why")] == [("apart", "Twins")]

    def test_lets_a_council_take_its_own_record_out(self, desk: Desk, ann: Record) -> None:
        theirs = make_record(council=desk.elm)
        link = join(Viewer.system(), ann, theirs)
        with pytest.raises(NotFound):
            undo(by=desk.ada, link_id=link.pk, why="", now=LATER)
        with pytest.raises(NoSuchPerson):
            undo(by=desk.ed, link_id=link.pk, why="", now=LATER, apart=True)
        undo(by=desk.ed, link_id=link.pk, why="Not ours", now=LATER)
        assert persons() == grouped((ann,), (theirs,))

    def test_of_two_people_needs_both_councils(self, desk: Desk, ann: Record) -> None:
        wall = part(desk.stella, ann, make_record(council=desk.elm))
        with pytest.raises(NoSuchPerson):
            undo(by=desk.ed, link_id=wall.pk, why="", now=LATER)

    def test_keeps_out_whoever_may_open_neither_record(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        Record.objects.update(circle="safeguarding")
        with pytest.raises(Locked):
            take_back(desk, link.pk)

    def test_is_possible_where_use_is_restricted(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        Record.objects.update(restricted_at=LATER)
        take_back(desk, link.pk)
        assert persons() == grouped((ann,), (bob,))


class TestWhatCameSince:
    def test_is_suggested_where_it_fits_better(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        learn(desk, ann, a_name("Bobby", "Nair", use="known-as"), LATER)
        learn(desk, ann, a_name("Bob", "Nair-Lee", use="former"), LATER)
        learn(desk, bob, an_email("ann.nair@example.org"), LATER)
        since = came_since(desk.stella, link.pk, LATER + DAY)
        assert suggested(since) == {
            "Name: Bobby Nair": ann.pk,  # fits neither better
            "Name: Bob Nair-Lee": bob.pk,
            "Email address: ann.nair@example.org": bob.pk,
        }
        assert [each.pk for each in since.things[0].choices] == [ann.pk, bob.pk]
        assert [set(side) for side in since.sides] == [{ann.pk}, {bob.pk}]

    def test_follows_the_request_that_told_it(
        self, desk: Desk, ann: Record, bob: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link = join(desk.stella, ann, bob)
        case = put_case(ann, LATER)
        told = {case.case_id: Known(phones=("+447700900002",))}
        monkeypatch.setattr(hooks, "tellers", [lambda numbers: {each: told[each] for each in numbers}])
        learn(desk, ann, an_email("new@example.org"), LATER, source=f"request:{case.case.reference}")
        since = came_since(desk.stella, link.pk, LATER + DAY)
        assert set(suggested(since).values()) == {bob.pk}
        assert f"Case {case.case.reference}: A broken tap" in suggested(since)

    def test_is_nothing_of_what_they_came_with(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        third = make_record(council=desk.ash, now=LATER)
        join(desk.stella, bob, third, LATER)
        put_case(ann)
        assert came_since(desk.stella, link.pk, LATER + DAY).things == []

    def test_leaves_out_what_cannot_go_anywhere_else_or_is_not_for_the_viewer(
        self, desk: Desk, ann: Record
    ) -> None:
        theirs = make_record(council=desk.elm)
        link = join(desk.stella, ann, theirs)
        learn(desk, ann, an_email("new@example.org"), LATER)
        assert came_since(desk.stella, link.pk, LATER).things == []

    def test_shows_no_alert_of_a_circle_and_no_case_that_is_kept_apart(
        self, desk: Desk, ann: Record, bob: Record
    ) -> None:
        link = join(desk.stella, ann, bob)
        alert = {"category": "other", "text": "Secret", "review_on": "2027-01-04"}
        add_fact(
            by=Viewer.system(),
            record_id=ann.pk,
            fact=NewFact(kind="alert", body=alert, circle="safeguarding"),
            source="adviser",
            now=LATER,
        )
        case = put_case(ann, LATER)
        case.case.circle = "safeguarding"
        case.case.save()
        assert came_since(desk.stella, link.pk, LATER).things == []
        with pytest.raises(NotTheirs):
            move(by=desk.stella, places={Thing("case", case.pk): bob.pk}, now=LATER)


class TestPuttingItWhereItBelongs:
    def test_moves_a_fact_with_its_source_and_time(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        fact = learn(desk, ann, an_email("bob@example.org"), LATER, source="resident")
        take_back(desk, link.pk, {Thing("fact", fact.pk): bob.pk})
        ann.refresh_from_db()
        bob.refresh_from_db()
        assert (ann.traits["e"], bob.traits["e"]) == (["ann@example.org"], ["bob@example.org"])
        there = held(bob, "email")[0]
        assert (there.source, there.source_at, there.recorded_by) == ("resident", LATER, "Stella Steward")
        fact.refresh_from_db()
        assert fact.ended_why == "It was put to the record where it belongs."
        said = Entry.objects.filter(what__in=("person.fact_moved", "person.fact_came"))
        assert {*said.values_list("about", flat=True)} == {f"record:{ann.pk}", f"record:{bob.pk}"}

    def test_holds_again_what_it_had_pushed_aside(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        right = learn(desk, ann, a_birth("1975-01-12"), LATER)
        phone = replace_fact(
            by=desk.stella,
            record_id=ann.pk,
            fact_id=held(ann, "phone")[0].pk,
            fact=a_phone("07700 900003"),
            why="New",
            source="adviser",
            now=LATER + DAY,
        )
        take_back(
            desk, link.pk, {Thing("fact", right.pk): bob.pk, Thing("fact", phone.pk): bob.pk}, LATER + 2 * DAY
        )
        ann.refresh_from_db()
        bob.refresh_from_db()
        assert (str(ann.born), str(bob.born)) == ("1980-05-04", "1975-01-12")
        assert len(held(bob, "birth")) == 1
        assert ann.traits["p"] == ["+447700900001"]
        assert set(bob.traits["p"]) == {"+447700900002", "+447700900003"}

    def test_lets_what_a_person_has_one_of_change_places(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        bobs, anns = a_birth("1975-01-12"), a_birth("1980-05-14")
        here, there = learn(desk, ann, bobs, LATER), learn(desk, bob, anns, LATER)
        take_back(desk, link.pk, {Thing("fact", here.pk): bob.pk, Thing("fact", there.pk): ann.pk})
        for record, born in ((ann, "1980-05-14"), (bob, "1975-01-12")):
            record.refresh_from_db()
            assert [each.body["date"] for each in held(record, "birth")] == [born]
            assert str(record.born) == born

    def test_lets_the_last_of_several_stay_with_those_before_in_the_history(
        self, desk: Desk, ann: Record, bob: Record
    ) -> None:
        third = somebody(desk.ash, "Cy", born="2001-12-31")
        link = join(desk.stella, ann, bob)
        join(desk.stella, ann, third)
        stays, first, last = (
            Thing("fact", learn(desk, record, a_birth(born), LATER).pk)
            for record, born in ((ann, "1990-01-01"), (third, "1990-01-02"), (bob, "1990-01-03"))
        )
        take_back(desk, link.pk)
        assert (
            move(by=desk.stella, places=dict.fromkeys((last, first, stays), ann.pk), now=LATER + 2 * DAY) == 2
        )
        assert [each.body["date"] for each in held(ann, "birth")] == ["1990-01-03"]
        known = {each.body["date"] for each in ann.facts.filter(kind="birth")}
        assert known == {"1980-05-04", "1990-01-01", "1990-01-02", "1990-01-03"}
        assert [each.body["date"] for each in held(third, "birth")] == ["2001-12-31"]

    def test_adds_nothing_that_is_held_there_already(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        fact = learn(desk, ann, a_phone(BOBS), LATER)
        take_back(desk, link.pk, {Thing("fact", fact.pk): bob.pk})
        assert len(held(bob, "phone")) == 1
        assert len(held(ann, "phone")) == 1

    def test_moves_cases_and_relationships(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        mother = somebody(desk.ash, "Mina")
        case = put_case(ann, LATER)
        kin = relate(
            by=desk.stella, record_id=ann.pk, other_id=mother.pk, kind="parent", source="adviser", now=LATER
        )
        back = relate(
            by=desk.stella, record_id=mother.pk, other_id=ann.pk, kind="child", source="adviser", now=LATER
        )
        words = set(suggested(came_since(desk.stella, link.pk, LATER)))
        assert words == {f"Case {case.case.reference}: A broken tap", "Parent: Mina Nair"}
        places = {
            Thing("case", case.pk): bob.pk,
            **{Thing("relationship", each.pk): bob.pk for each in (kin, back)},
        }
        take_back(desk, link.pk, places)
        assert CasePerson.objects.get().record_id == bob.pk
        left = Relationship.objects.filter(ended_at=None).values_list("record", "other", "kind")
        assert {*left} == {(bob.pk, mother.pk, "parent"), (mother.pk, bob.pk, "child")}

    def test_moves_what_upper_rooms_hang_there(
        self, desk: Desk, ann: Record, bob: Record, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link = join(desk.stella, ann, bob)
        hangs, call = {7: ann.pk}, Thing("contact", 7)
        monkeypatch.setattr(hooks, "followers", {})

        def since_then(_viewer: Viewer, ids: Sequence[int], _moment: datetime) -> list[Hanging]:
            known = Known(phones=("+447700900002",))
            shown = Hanging(thing=call, record_id=hangs[7], at=LATER, words="A call", known=known)
            return [shown] if hangs[7] in ids else []

        def put(_viewer: Viewer, ids: Sequence[int], record: Record, _now: datetime) -> None:
            hangs.update(dict.fromkeys(ids, record.pk))

        def where(_viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
            return {number: hangs[number] for number in ids if number in hangs}

        def count(_viewer: Viewer, _ids: Sequence[int]) -> dict[int, int]:
            return {}

        follower = Follower(
            kind="contact", plural="contacts", since=since_then, count=count, where=where, move=put
        )
        hooks.follow(follower)
        with pytest.raises(ValueError, match="already"):
            hooks.follow(replace(follower, plural="others"))
        since = came_since(desk.stella, link.pk, LATER)
        assert suggested(since) == {"A call": bob.pk}
        take_back(desk, link.pk, {each.thing: each.suggested for each in since.things})
        assert hangs == {7: bob.pk}
        assert Entry.objects.filter(what="person.thing_moved", about=f"record:{ann.pk}").count() == 1
        with pytest.raises(NotTheirs):
            move(by=desk.stella, places={Thing("contact", 8): ann.pk}, now=LATER)

    def test_is_all_or_nothing(self, desk: Desk, ann: Record, bob: Record) -> None:
        link = join(desk.stella, ann, bob)
        fact = learn(desk, ann, an_email("bob@example.org"), LATER)
        for wrong in (Thing("fact", fact.pk + 1000), Thing("case", 999), Thing("cat", 1)):
            with pytest.raises((FactGone, NotTheirs)):
                take_back(desk, link.pk, {Thing("fact", fact.pk): bob.pk, wrong: bob.pk})
        assert persons() == grouped((ann, bob))
        assert held(ann, "email")[-1].pk == fact.pk

    def test_is_for_parts_of_one_person_at_one_council_alone(
        self, desk: Desk, ann: Record, bob: Record
    ) -> None:
        stranger, theirs = somebody(desk.ash, "Cy"), somebody(desk.elm, "Ann")
        link = join(desk.stella, ann, bob)
        join(desk.stella, ann, theirs)
        fact = Thing("fact", learn(desk, ann, an_email("new@example.org"), LATER).pk)
        for record in (stranger, theirs):
            with pytest.raises(NotTheirs):
                move(by=desk.stella, places={fact: record.pk}, now=LATER)
        take_back(desk, link.pk)
        assert move(by=desk.stella, places={fact: bob.pk}, now=LATER + 2 * DAY) == 1
        again = Thing("fact", held(bob, "email")[0].pk)
        assert move(by=desk.stella, places={again: bob.pk}, now=LATER + 2 * DAY) == 0

    def test_needs_the_right_and_records_that_may_be_changed(
        self, desk: Desk, ann: Record, bob: Record
    ) -> None:
        join(desk.stella, ann, bob)
        fact = Thing("fact", learn(desk, ann, an_address("2 Oak Row"), LATER).pk)
        with pytest.raises(NotFound):
            move(by=desk.ada, places={fact: bob.pk}, now=LATER)
        Record.objects.filter(pk=ann.pk).update(restricted_at=LATER)
        with pytest.raises(Restricted):
            move(by=desk.stella, places={fact: bob.pk}, now=LATER)


class TestTellingApartInPlaceOfALink:
    def test_leaves_what_came_since_where_it_is(self, desk: Desk, ann: Record, bob: Record) -> None:
        join(desk.stella, ann, bob)
        learn(desk, ann, an_email("new@example.org"), LATER)
        tell_apart(by=desk.stella, one_id=ann.pk, other_id=bob.pk, why="Twins", now=LATER, end_same=True)
        assert len(held(ann, "email")) == 2
