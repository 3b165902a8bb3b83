"""Which records may be one person, side by side, and what was decided about them."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from moothall.councils.rules import Viewer
from moothall.persons import hooks
from moothall.persons.actions.duplicates import ask_about, find_more
from moothall.persons.actions.linking import leave_open, suggest, undo
from moothall.persons.errors import Locked, NoSuchLink, NoSuchPerson
from moothall.persons.hooks import Follower
from moothall.persons.models import Link, Record
from moothall.persons.queries import duplicates
from moothall.persons.queries.duplicates import links_of, next_to_review, to_review
from moothall.persons.queries.pairs import Pair, pair
from moothall.persons.rules import sidebyside
from moothall.persons.rules.facts import NewFact
from moothall.plain.errors import NotFound
from tests.makers import make_staff, make_viewer
from tests.persons.linked import LATER, Desk, join, make_desk, part, put_case, somebody
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def guess(one: Record, other: Record, now: datetime, score: float = 3.0) -> Link:
    link = suggest(low=one.pk, high=other.pk, score=score, reasons=[], model=0, now=now)
    assert link is not None
    return link


def listed(viewer: Viewer, **how: object) -> list[int]:
    return [link.pk for link in to_review(viewer, **how).links]  # type: ignore[arg-type]


def lines(found: Pair) -> list[tuple[str, str, str, str]]:
    return [
        (row.title, row.low.words if row.low else "", row.high.words if row.high else "", row.how)
        for row in found.rows
    ]


class TestTheQueue:
    def test_has_the_likeliest_first_and_goes_on_where_it_stopped(
        self, desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(duplicates, "PAGE", 2)
        people = [somebody(desk.ash, name) for name in ("A", "B", "C", "D", "E", "F")]
        scores = (1.5e-05, 7.25, 1.5e-05, -0.5, 1.5e-05)
        links = [
            guess(one, other, now, score)
            for one, other, score in zip(people, people[1:], scores, strict=False)
        ]
        wanted = [links[each].pk for each in (1, 0, 2, 4, 3)]
        found, after = list[int](), ""
        for _ in range(3):
            page = to_review(desk.stella, after=after)
            found += [link.pk for link in page.links]
            after = page.more
        assert found == wanted
        assert after == ""
        assert listed(desk.stella, after="nonsense") == wanted[:2]
        assert next_to_review(desk.stella, wanted[0]) == wanted[1]

    def test_has_only_what_the_viewer_may_decide(self, desk: Desk, now: datetime) -> None:
        ours = guess(somebody(desk.ash, "A"), somebody(desk.ash, "B"), now)
        theirs = guess(somebody(desk.elm, "C"), somebody(desk.elm, "D"), now)
        both = guess(somebody(desk.ash, "E"), somebody(desk.elm, "F"), now)
        assert listed(desk.stella) == [ours.pk, theirs.pk, both.pk]
        assert listed(desk.ed) == [theirs.pk]
        assert listed(desk.ada) == []
        assert listed(desk.stella, council_id=desk.elm.pk) == [theirs.pk, both.pk]
        assert listed(desk.ed, council_id=desk.ash.pk) == []

    @pytest.mark.parametrize(
        "state", [{"circle": "safeguarding"}, {"state": "erased"}, {"restricted_at": LATER}]
    )
    def test_has_nothing_that_is_locked_erased_or_restricted(
        self, desk: Desk, now: datetime, state: dict[str, object]
    ) -> None:
        for lower in (True, False):
            one, other = somebody(desk.ash, "A"), somebody(desk.ash, "B")
            guess(one, other, now)
            Record.objects.filter(pk=one.pk if lower else other.pk).update(**state)
        assert listed(desk.stella) == []

    def test_has_nothing_that_other_links_decide(self, desk: Desk, now: datetime) -> None:
        a, b, c, d = (somebody(desk.ash, name) for name in ("A", "B", "C", "D"))
        question = guess(a, d, now)
        links = [join(desk.stella, a, b, now), join(desk.stella, c, d, now)]
        assert listed(desk.stella) == [question.pk]
        third = join(desk.stella, b, c, now)
        assert listed(desk.stella) == []
        undo(by=desk.stella, link_id=third.pk, why="", now=LATER)
        assert listed(desk.stella) == [question.pk]
        wall = part(desk.stella, c, b, LATER)
        assert listed(desk.stella) == []
        undo(by=desk.stella, link_id=wall.pk, why="", now=LATER)
        undo(by=desk.stella, link_id=links[0].pk, why="", now=LATER)
        part(desk.stella, b, d, LATER)
        assert listed(desk.stella) == [question.pk]

    def test_asks_few_questions(
        self, desk: Desk, now: datetime, django_assert_max_num_queries: object
    ) -> None:
        for number in range(4):
            guess(somebody(desk.ash, f"A{number}"), somebody(desk.elm, f"B{number}"), now)
        assert callable(django_assert_max_num_queries)
        with django_assert_max_num_queries(4):  # two for each council
            assert [link.low.council.name for link in to_review(desk.stella).links] == ["Ash Council"] * 4


class TestSideBySide:
    def test_shows_what_is_the_same_what_differs_and_what_only_one_has(
        self, desk: Desk, now: datetime
    ) -> None:
        one = make_record(
            council=desk.ash,
            facts=[
                a_name("Ann", "Lee", title="Dr"),
                a_birth(),
                an_address(),
                a_phone("07700 900001"),
                an_email("ann@example.org"),
            ],
        )
        other = make_record(
            council=desk.elm,
            facts=[
                a_name("ANN", "Lee"),
                a_birth("1980-05-14"),
                an_address("2 Oak Row"),
                a_phone("07700 900002"),
                a_phone("07700 900001"),
            ],
        )
        found = pair(desk.stella, guess(one, other, now).pk, now)
        assert lines(found) == [
            ("Name", "Dr Ann Lee", "ANN Lee", "same"),
            ("Date of birth", "4 May 1980", "14 May 1980", "differs"),
            ("Address", "14 Mill Lane, Alderbridge, AB10 1AB", "2 Oak Row, Alderbridge, AB10 1AB", "differs"),
            ("Phone number", "07700 900001 (mobile)", "07700 900001 (mobile)", "same"),
            ("Phone number", "", "07700 900002 (mobile)", "only"),
            ("Email address", "ann@example.org", "", "only"),
        ]
        receipt = found.rows[0].low
        assert isinstance(receipt, sidebyside.Value)
        assert receipt.receipt.endswith(", 23 Nov 2026")

    def test_compares_by_the_weights_in_force_and_names_vetoes(self, desk: Desk, now: datetime) -> None:
        one, other = somebody(desk.ash, "Tim", an_address()), somebody(desk.ash, "Oscar", an_address())
        found = pair(desk.stella, guess(one, other, now).pk, now)
        assert "forenames" in found.match.veto
        assert any(reason.words == "Date of birth the same" for reason in found.match.reasons)
        assert (found.waits, found.is_one, found.walls) == (True, False, [])

    def test_counts_what_hangs_on_either_without_what_is_kept_apart(
        self, desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = somebody(desk.ash, "Ann"), somebody(desk.ash, "Anna")
        put_case(one)
        hidden = put_case(one)
        hidden.case.circle = "safeguarding"
        hidden.case.save()

        def count(_viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
            return {other.pk: 3} if other.pk in ids else {}

        calls = Follower(
            kind="contact",
            plural="contacts",
            since=lambda *_: (),
            count=count,
            where=lambda *_: {},
            move=lambda *_: None,
        )
        monkeypatch.setattr(hooks, "followers", {"contact": calls})
        found = pair(desk.stella, guess(one, other, now).pk, now)
        assert found.low.counts == [("cases", 1), ("contacts", 0)]
        assert found.high.counts == [("cases", 0), ("contacts", 3)]

    def test_tells_of_agreements_and_of_records_that_are_joined_already(
        self, desk: Desk, now: datetime
    ) -> None:
        one, other, third = somebody(desk.ash, "A"), somebody(desk.elm, "A"), somebody(desk.ash, "A")
        join(desk.stella, other, third, now)
        found = pair(desk.stella, guess(one, other, now).pk, now)
        assert (found.low.agreement, found.high.agreement) == ("", "One register")
        assert (found.low.joined, found.high.joined) == ([], ["Ash Council"])

    def test_shows_no_alert_of_a_circle(self, desk: Desk, now: datetime) -> None:
        body = {"category": "other", "text": "Secret", "review_on": "2027-01-04"}
        alert = NewFact(kind="alert", body=body, circle="safeguarding")
        one, other = somebody(desk.ash, "Ann", alert), somebody(desk.ash, "Anna")
        link = guess(one, other, now)
        assert not any(title == "Alert" for title, *_ in lines(pair(desk.stella, link.pk, now)))

    def test_is_for_whoever_may_see_links_at_both_councils(self, desk: Desk, now: datetime) -> None:
        one, other = somebody(desk.ash, "Ann"), somebody(desk.elm, "Anna")
        link = guess(one, other, now)
        for viewer in (desk.ada, desk.ed):
            with pytest.raises(NoSuchLink):
                pair(viewer, link.pk, now)
        auditor = make_viewer(make_staff(council=desk.ash, roles=("auditor",)))
        inside = guess(one, somebody(desk.ash, "Anne"), now)
        assert pair(auditor, inside.pk, now).may_decide is False
        Record.objects.filter(pk=other.pk).update(circle="safeguarding", locked_why="A court order.")
        with pytest.raises(Locked, match="A court order"):
            pair(desk.stella, link.pk, now)

    def test_says_what_keeps_them_apart_or_joins_them(self, desk: Desk, now: datetime) -> None:
        a, b, c, d = (somebody(desk.ash, name) for name in ("A", "B", "C", "D"))
        question, other = guess(a, b, now), guess(c, d, now)
        wall = part(desk.stella, a, c, now)
        join(desk.stella, c, b, now)
        assert [tie.id for tie in pair(desk.stella, question.pk, now).walls] == [wall.pk]
        join(desk.stella, b, d, now)
        assert pair(desk.stella, other.pk, now).is_one


class TestTheLedgerOfAPerson:
    def test_has_everything_that_was_ever_said_the_newest_first(self, desk: Desk, now: datetime) -> None:
        one, other, third = somebody(desk.ash, "Ann"), somebody(desk.elm, "Anna"), somebody(desk.ash, "Anne")
        first = join(desk.stella, one, other, now)
        undo(by=desk.stella, link_id=first.pk, why="Sisters", now=LATER)
        wall = part(desk.stella, one, other, LATER)
        second = join(desk.stella, one, third, LATER)
        found = links_of(desk.stella, one.person.reference)
        assert [line.link.pk for line in found.lines] == [second.pk, wall.pk, first.pk]
        assert [line.may_undo for line in found.lines] == [True, True, False]
        assert (found.lines[2].link.ended_why, found.lines[2].high.name) == ("Sisters", "Anna Nair")
        assert links_of(desk.stella, third.origin.reference).person == found.person

    def test_tells_of_what_is_not_there_for_the_viewer_only_that_it_is(
        self, desk: Desk, now: datetime
    ) -> None:
        one, other = somebody(desk.ash, "Ann"), somebody(desk.elm, "Anna")
        join(Viewer.system(), one, other, now)
        [line] = links_of(desk.ed, other.origin.reference).lines
        assert (line.low.name, line.low.council, line.low.reference) == (
            "A record that you may not see", "Ash Council", "",
        )  # fmt: skip
        assert (line.is_open, line.may_undo) == (False, True)
        Record.objects.filter(pk=one.pk).update(circle="safeguarding")
        [line] = links_of(desk.stella, one.person.reference).lines
        assert line.low.name == "Locked record"

    def test_is_not_there_for_whoever_may_see_no_links(self, desk: Desk, now: datetime) -> None:
        one = somebody(desk.ash, "Ann")
        with pytest.raises(NoSuchPerson):
            links_of(desk.ada, one.person.reference)
        with pytest.raises(NoSuchPerson):
            links_of(desk.ed, one.person.reference)


class TestLookingForMore:
    def test_asks_about_everybody_who_may_be_the_same(self, desk: Desk, now: datetime) -> None:
        one, other = make_record(council=desk.ash), make_record(council=desk.elm)
        stranger = make_record(council=desk.ash, facts=[a_name("Otto", "Quist"), a_birth("1931-01-09")])
        [link] = find_more(by=desk.stella, record_id=one.pk, now=now)
        assert (link.low_id, link.high_id, link.made_by) == (one.pk, other.pk, "Stella Steward")
        assert link.reasons
        assert listed(desk.stella) == [link.pk]
        assert find_more(by=desk.stella, record_id=stranger.pk, now=now) == []

    def test_does_not_ask_what_is_decided_or_not_for_them(self, desk: Desk, now: datetime) -> None:
        one, other, third = (make_record(council=desk.ash) for _ in range(3))
        elsewhere = make_record(council=desk.elm)
        part(desk.stella, one, other, now)
        join(desk.stella, one, third, now)
        supervisor = make_viewer(make_staff(council=desk.ash, roles=("supervisor",)))
        assert find_more(by=supervisor, record_id=one.pk, now=now) == []
        assert [link.high_id for link in find_more(by=desk.stella, record_id=one.pk, now=now)] == [
            elsewhere.pk
        ]

    def test_is_refused_to_whoever_may_not_decide(self, desk: Desk, now: datetime) -> None:
        one = make_record(council=desk.ash)
        with pytest.raises(NotFound):
            find_more(by=desk.ada, record_id=one.pk, now=now)

    def test_can_be_about_two_people_whom_somebody_names(self, desk: Desk, now: datetime) -> None:
        one, other = somebody(desk.ash, "Ann"), somebody(desk.ash, "Zoe")
        link = ask_about(by=desk.stella, record_ids=[one.pk], other_ids=[other.pk], now=now)
        assert link is not None
        assert (link.kind, link.low_id, link.high_id) == ("maybe", one.pk, other.pk)
        assert ask_about(by=desk.ada, record_ids=[one.pk], other_ids=[other.pk], now=now) is None
        part(desk.stella, one, other, now)
        assert ask_about(by=desk.stella, record_ids=[other.pk], other_ids=[one.pk], now=now) is None

    def test_keeps_what_whoever_could_not_tell_had_found_out(self, desk: Desk, now: datetime) -> None:
        link = guess(somebody(desk.ash, "Ann"), somebody(desk.ash, "Anna"), now)
        again = leave_open(by=desk.stella, link_id=link.pk, why="No answer on the phone.", now=LATER)
        assert [each.why for each in to_review(desk.stella).links] == ["No answer on the phone."]
        assert to_review(desk.stella).links[0].pk == again.pk
