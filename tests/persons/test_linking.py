"""Saying that records are one person, or two."""

from datetime import datetime
from itertools import permutations

import pytest

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.linking import leave_open, link_same, suggest, tell_apart, undo
from moothall.persons.errors import (
    Erased,
    KeptApart,
    LinkGone,
    Locked,
    NoSuchPerson,
    NotTwoRecords,
    Restricted,
    StillJoined,
)
from moothall.persons.models import Link, Record
from moothall.persons.queries.records import person_of
from moothall.persons.rules.matching.comparing import Reason
from moothall.plain.errors import NotFound, Refused
from tests.makers import make_staff, make_viewer
from tests.persons.linked import LATER, Desk, grouped, join, make_desk, part, persons, somebody
from tests.persons.making import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
REASON = Reason("born", "same", 7.123456, "Date of birth the same")


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def guess(one: Record, other: Record, now: datetime, score: float = 3.0) -> Link | None:
    return suggest(low=one.pk, high=other.pk, score=score, reasons=[REASON], model=4, now=now)


def by_itself(one: Record, other: Record, now: datetime) -> Link:
    return link_same(
        by=Viewer.system(),
        one_id=one.pk,
        other_id=other.pk,
        why="",
        score=9.5,
        model=4,
        reasons=[REASON],
        now=now,
    )


class TestJoining:
    def test_makes_one_person_of_two_and_moves_nothing(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        link = join(desk.stella, other, one, now)
        assert persons() == {one.pk: one.origin_id, other.pk: one.origin_id}
        assert (link.low_id, link.high_id, link.council_id) == (one.pk, other.pk, desk.ash.pk)
        assert (link.made_by, link.made_at, link.why) == ("Stella Steward", now, "They said so on the phone.")
        assert person_of(other.origin.reference).pk == one.origin_id
        other.refresh_from_db()
        assert other.facts.count() == 5
        assert other.origin_id != other.person_id

    def test_brings_along_whoever_was_joined_before(self, desk: Desk, now: datetime) -> None:
        a, b, c, d = (somebody(desk.ash, name) for name in ("Ann", "Anna", "Anne", "Annie"))
        join(desk.stella, c, d, now)
        join(desk.stella, a, b, now)
        join(desk.stella, b, d, now)
        assert persons() == grouped((a, b, c, d))

    def test_comes_to_the_same_in_any_order(self, desk: Desk, now: datetime) -> None:
        a, b, c, d = records = [somebody(desk.ash, name) for name in ("Ann", "Anna", "Anne", "Annie")]
        for order in permutations(((a, b), (c, d), (b, c))):
            links = [join(desk.stella, one, other, now) for one, other in order]
            assert persons() == grouped((a, b, c, d))
            for link in reversed(links):
                undo(by=desk.stella, link_id=link.pk, why="Tried", now=now)
            assert persons() == grouped(*((record,) for record in records))

    def test_twice_is_once(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.ash)
        assert join(desk.stella, one, other, now) == join(desk.stella, other, one, LATER)
        assert Link.objects.count() == 1

    def test_is_told_to_both_councils_in_numbers_alone(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        link = join(desk.stella, one, other, now)
        rows = (
            Entry.objects.filter(what="person.linked")
            .order_by("id")
            .values_list("about", "council_id", "facts")
        )
        assert [(about, council) for about, council, _ in rows] == [
            (f"record:{one.pk}", desk.ash.pk),
            (f"record:{other.pk}", desk.elm.pk),
        ]
        assert all(f'"link":{link.pk}' in facts.replace(" ", "") for _, _, facts in rows)
        assert not any(word in facts.lower() for _, _, facts in rows for word in ("priya", "nair", "phone"))

    def test_needs_the_right_at_both_councils(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        with pytest.raises(NoSuchPerson):
            join(desk.ed, one, other, now)
        with pytest.raises(NotFound):
            join(desk.ada, one, make_record(council=desk.ash), now)
        auditor = make_viewer(make_staff(council=desk.ash, roles=("auditor",)))
        with pytest.raises(Refused, match="same person"):
            join(auditor, one, make_record(council=desk.ash), now)
        assert not Link.objects.exists()

    def test_of_a_record_with_itself_is_refused(self, desk: Desk, now: datetime) -> None:
        one = make_record(council=desk.ash)
        for act in (join, part):
            with pytest.raises(NotTwoRecords):
                act(desk.stella, one, one, now)

    @pytest.mark.parametrize(
        ("state", "error"),
        [
            ({"circle": "safeguarding"}, Locked),
            ({"state": "erased"}, Erased),
            ({"restricted_at": LATER}, Restricted),
        ],
    )
    def test_of_what_may_not_be_used_is_refused(
        self, desk: Desk, now: datetime, state: dict[str, object], error: type[Exception]
    ) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.ash)
        Record.objects.filter(pk=other.pk).update(**state)
        with pytest.raises(error):
            join(desk.stella, one, other, now)
        assert by_system_refused(one, other, now)
        assert not Link.objects.exists()


def by_system_refused(one: Record, other: Record, now: datetime) -> bool:
    try:
        by_itself(one, other, now)
    except (Locked, Erased, Restricted):
        return True
    return False


class TestTellingApart:
    def test_forbids_joining_them_and_whoever_is_joined_with_them(self, desk: Desk, now: datetime) -> None:
        a, b, c, d = (somebody(desk.ash, name) for name in ("Tim", "Tom", "Timothy", "Thomas"))
        wall = part(desk.stella, a, b, now)
        join(desk.stella, a, c, now)
        join(desk.stella, b, d, now)
        for one, other in ((a, b), (c, d), (d, a)):
            with pytest.raises(KeptApart, match=f"link {wall.pk}"):
                join(desk.stella, one, other, now)
            with pytest.raises(KeptApart):
                by_itself(one, other, now)
            assert guess(one, other, now) is None
        assert persons() == grouped((a, c), (b, d))

    def test_ends_a_link_between_them_only_if_asked(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        link = join(desk.stella, one, other, now)
        with pytest.raises(StillJoined, match=f"link {link.pk}"):
            part(desk.stella, one, other, now)
        tell_apart(
            by=desk.stella, one_id=one.pk, other_id=other.pk, why="Father and son.", now=LATER, end_same=True
        )
        assert persons() == grouped((one,), (other,))
        link.refresh_from_db()
        assert (link.ended_at, link.ended_by) == (LATER, "Stella Steward")
        assert [*Entry.objects.filter(what__contains="person.").values_list("what", flat=True)][-4:] == [
            "person.unlinked",
            "person.unlinked",
            "person.told_apart",
            "person.told_apart",
        ]

    def test_says_which_links_join_them_still(self, desk: Desk, now: datetime) -> None:
        a, b, c = (somebody(desk.ash, name) for name in ("Tim", "Tom", "Timothy"))
        join(desk.stella, a, c, now)
        first, second = join(desk.stella, a, b, now), join(desk.stella, b, c, now)
        with pytest.raises(StillJoined, match=f"link {first.pk}, link {second.pk}"):
            tell_apart(by=desk.stella, one_id=a.pk, other_id=c.pk, why="Twins", now=now, end_same=True)
        assert persons() == grouped((a, b, c))
        assert Link.objects.filter(ended_at=None).count() == 3

    def test_of_records_with_one_origin_is_refused(self, desk: Desk, now: datetime) -> None:
        one = make_record(council=desk.ash)
        other = make_record(council=desk.elm, person=one.person)
        with pytest.raises(StillJoined, match="one origin"):
            part(desk.stella, one, other, now)

    def test_twice_is_once_and_can_be_undone(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.ash)
        wall = part(desk.stella, one, other, now)
        assert part(desk.stella, other, one, LATER) == wall
        undo(by=desk.stella, link_id=wall.pk, why="They are one after all.", now=LATER)
        join(desk.stella, one, other, LATER)
        assert persons() == grouped((one, other))

    def test_is_possible_where_their_use_is_restricted(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.ash)
        Record.objects.filter(pk=one.pk).update(restricted_at=now)
        assert part(desk.stella, one, other, now).kind == "apart"


class TestSuggesting:
    def test_keeps_the_score_the_model_and_the_reasons(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        link = guess(other, one, now)
        assert link is not None
        assert (link.kind, link.score, link.model) == ("maybe", 3.0, 4)
        assert link.reasons == [
            {"field": "born", "level": "same", "points": 7.12, "words": "Date of birth the same"}
        ]
        assert persons() == grouped((one,), (other,))
        assert not Entry.objects.filter(what__startswith="person.linked").exists()

    def test_twice_is_once(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        assert guess(one, other, now) == guess(other, one, LATER, score=8.0)
        assert Link.objects.count() == 1

    def test_is_for_two_records_that_may_be_used(self, desk: Desk, now: datetime) -> None:
        one, other, third = (make_record(council=desk.ash) for _ in range(3))
        Record.objects.filter(pk=other.pk).update(restricted_at=now)
        Record.objects.filter(pk=third.pk).update(state="erased")
        assert guess(one, other, now) is None
        assert guess(one, third, now) is None
        assert guess(one, one, now) is None

    def test_is_pointless_where_it_is_decided(self, desk: Desk, now: datetime) -> None:
        a, b, c = (somebody(desk.ash, name) for name in ("Tim", "Tom", "Timothy"))
        join(desk.stella, a, b, now)
        join(desk.stella, b, c, now)
        assert guess(a, c, now) is None

    def test_ends_with_the_decision_and_says_which(self, desk: Desk, now: datetime) -> None:
        a, b, c = (somebody(desk.ash, name) for name in ("Tim", "Tom", "Timothy"))
        first, second = guess(a, b, now), guess(a, c, now)
        assert first is not None
        assert second is not None
        join(desk.stella, a, b, LATER)
        part(desk.stella, a, c, LATER)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.ended_at, first.ended_why) == (LATER, "They are one person.")
        assert second.ended_why == "They are two people."
        told = Entry.objects.filter(what__in=("person.unlinked", "person.linked", "person.told_apart"))
        assert [*told.order_by("id").values_list("what", flat=True)] == [
            "person.linked", "person.linked", "person.told_apart", "person.told_apart",
        ]  # fmt: skip

    def test_stays_with_a_word_if_somebody_cannot_tell(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.ash)
        link = guess(one, other, now)
        assert link is not None
        again = leave_open(by=desk.stella, link_id=link.pk, why="Rang, no answer.", now=LATER)
        assert (again.kind, again.score, again.why, again.made_by) == (
            "maybe", 3.0, "Rang, no answer.", "Stella Steward",
        )  # fmt: skip
        assert Entry.objects.filter(what="person.left_open").count() == 2
        with pytest.raises(LinkGone):
            leave_open(by=desk.stella, link_id=link.pk, why="", now=LATER)
        with pytest.raises(NotFound):
            leave_open(by=desk.ada, link_id=again.pk, why="", now=LATER)


class TestTheHouseByItself:
    def test_keeps_score_model_and_reasons_and_names_itself(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        link = by_itself(one, other, now)
        assert (link.kind, link.score, link.model, link.made_by) == ("same", 9.5, 4, "Moothall")
        assert len(link.reasons) == 1

    def test_asks_where_somebody_took_a_link_back(self, desk: Desk, now: datetime) -> None:
        a, b, c = (make_record(council=desk.ash) for _ in range(3))
        link = by_itself(a, b, now)
        join(desk.stella, b, c, now)
        undo(by=desk.stella, link_id=link.pk, why="Two sisters", now=LATER)
        assert by_itself(a, b, LATER).kind == "maybe"
        assert by_itself(a, c, LATER).kind == "maybe"
        assert persons() == grouped((a,), (b, c))
        assert join(desk.stella, a, b, LATER).kind == "same"
