"""Suppliers: their clock inside ours, whose time a call's was, and what is owed for broken promises."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.estate import actions as estate
from moothall.estate.models import Item, SupportRoute
from moothall.look import dates
from moothall.messages.models import Message
from moothall.plain.errors import NotFound
from moothall.plain.working_time import Calendar, Version, Week
from moothall.process.definition import Span
from moothall.process.engine.spans import due
from moothall.process.models import Event
from moothall.servicedesk.actions import suppliers, working
from moothall.servicedesk.errors.suppliers import NoSuchRoute, NotWithSupplier
from moothall.servicedesk.models import Call, SupplierCall
from moothall.servicedesk.queries import suppliers as queries
from moothall.servicedesk.queries.suppliers.contracts import worst_gap
from moothall.servicedesk.rules import suppliers as rules
from moothall.servicedesk.rules.suppliers import Gap, Promised, Shares, Spell
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk, make_item

database = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
TARGETS = {"P1": {"respond": 15, "resolve": 240}, "P3": {"respond": 60, "resolve": 480}}
WEEK = Calendar(
    [Version(date.min, Week.of({day: [["09:00", "17:00"]] for day in ("monday", "tuesday", "friday")}))]
)
SPANS = st.sampled_from(
    [
        Span(count=4, unit="hours"),
        Span(count=8, unit="hours", working=True),
        Span(count=3, unit="days", working=True),
        Span(count=2, unit="days"),
        Span(count=1, unit="months"),
    ]
)
CALENDARS = st.sampled_from([WEEK, Calendar.always()])
MOMENTS = st.integers(0, 48 * 20).map(lambda halves: NOW + timedelta(minutes=30 * halves))


@pytest.fixture
def desk(everything: None) -> Desk:
    del everything
    return make_desk()


@pytest.fixture
def email(desk: Desk) -> Item:
    item = make_item()
    estate.record_use(
        by=Viewer.system(),
        council_id=desk.ash.pk,
        item_id=item.pk,
        users=300,
        since=date(2026, 1, 1),
        now=NOW,
    )
    return item


def a_route(desk: Desk, item: Item, *, supplier: str = "Northmail", **terms: object) -> SupportRoute:
    given = {"starts_on": date(2026, 1, 1), "targets": TARGETS, "email": "help@northmail.example"} | terms
    found = estate.add_supplier(by=Viewer.system(), name=supplier, now=NOW)
    return estate.add_route(
        by=Viewer.system(),
        council_id=desk.ash.pk,
        item_id=item.pk,
        supplier_id=found.pk,
        terms=estate.Terms(**given),  # type: ignore[arg-type] # each test says which
        now=NOW,
    )


def passed(desk: Desk, call: Call, route: SupportRoute, now: datetime = NOW) -> SupplierCall:
    return suppliers.pass_to_supplier(
        by=desk.analyst, call_id=call.pk, route_id=route.pk, their_reference="NM-77", expected=None, now=now
    )


def sorted_call(desk: Desk, item: Item) -> Call:
    call = an_incident(desk, item_id=item.pk)
    return working.accept(by=desk.analyst, call_id=call.pk, expected=None, now=NOW)


class TestPassingACallOn:
    pytestmark = database

    def test_writes_down_what_the_route_promises_for_its_priority_in_its_hours(
        self, desk: Desk, email: Item
    ) -> None:
        held = passed(desk, sorted_call(desk, email), a_route(desk, email))
        assert (held.respond_seconds, held.target_seconds, held.hours) == (3_600, 28_800, "office")
        assert held.due_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # eight office hours
        assert held.call.state == "supplier"

    def test_keeps_that_promise_when_the_contract_changes(self, desk: Desk, email: Item) -> None:
        route = a_route(desk, email)
        held = passed(desk, sorted_call(desk, email), route)
        estate.change_route(
            by=Viewer.system(), route_id=route.pk, terms=estate.Terms(starts_on=date(2026, 1, 1)), now=NOW
        )
        held.refresh_from_db()
        assert held.target_seconds == 28_800

    def test_promises_nothing_where_the_route_does_not(self, desk: Desk, email: Item) -> None:
        held = passed(desk, sorted_call(desk, email), a_route(desk, email, targets={"P1": {"respond": 15}}))
        assert (held.due_at, held.respond_due_at) == (None, None)

    def test_refuses_a_route_of_another_council_or_one_that_has_ended(self, desk: Desk, email: Item) -> None:
        call = sorted_call(desk, email)
        over = a_route(desk, email, ends_on=date(2026, 11, 1))
        other = a_route(desk, email)
        SupportRoute.objects.filter(pk=other.pk).update(council=desk.elm)
        for route in (over, other):
            with pytest.raises(NoSuchRoute):
                passed(desk, call, route)

    def test_does_not_admit_to_others_that_the_call_exists(self, desk: Desk, email: Item) -> None:
        call, route = sorted_call(desk, email), a_route(desk, email)
        with pytest.raises(NotFound):
            suppliers.pass_to_supplier(
                by=desk.client, call_id=call.pk, route_id=route.pk, their_reference="", expected=None, now=NOW
            )


class TestTakingItBack:
    pytestmark = database

    @pytest.mark.parametrize(("hours", "met"), [(24, True), (25, False)])
    def test_says_whether_the_promise_was_kept_and_how_long_it_took(
        self, desk: Desk, email: Item, hours: int, *, met: bool
    ) -> None:
        call = sorted_call(desk, email)
        passed(desk, call, a_route(desk, email))
        after = NOW + timedelta(hours=hours)
        held = suppliers.returned(by=desk.analyst, call_id=call.pk, text="Patched.", expected=None, now=after)
        assert (held.met, held.returned_at) == (met, after)
        assert held.seconds == (hours - 16) * 3_600  # sixteen of them at night
        call.refresh_from_db()
        assert call.state == "open"

    def test_ends_their_clock_too_when_the_call_is_resolved_over_it_or_withdrawn(
        self, desk: Desk, email: Item
    ) -> None:
        route = a_route(desk, email)
        resolved, withdrawn = sorted_call(desk, email), sorted_call(desk, email)
        for call in (resolved, withdrawn):
            passed(desk, call, route)
        after = NOW + timedelta(hours=1)
        working.resolve(by=desk.analyst, call_id=resolved.pk, fix="It came back.", expected=None, now=after)
        working.withdraw(by=desk.analyst, call_id=withdrawn.pk, why="Not needed.", expected=None, now=after)
        assert [each.seconds for each in SupplierCall.objects.all()] == [3_600, 3_600]

    def test_counts_each_time_that_they_have_it_apart(self, desk: Desk, email: Item) -> None:
        call, route = sorted_call(desk, email), a_route(desk, email)
        for number in range(2):
            start = NOW + timedelta(hours=2 * number)
            passed(desk, call, route, start)
            suppliers.returned(
                by=desk.analyst, call_id=call.pk, text="Done.", expected=None, now=start + timedelta(hours=1)
            )
        assert [each.seconds for each in SupplierCall.objects.order_by("id")] == [3_600, 3_600]

    def test_is_refused_when_no_supplier_has_it(self, desk: Desk, email: Item) -> None:
        with pytest.raises(NotWithSupplier):
            suppliers.returned(
                by=desk.analyst, call_id=sorted_call(desk, email).pk, text="?", expected=None, now=NOW
            )

    def test_their_answer_counts_the_first_time_and_never_before_they_had_it(
        self, desk: Desk, email: Item
    ) -> None:
        call = sorted_call(desk, email)
        passed(desk, call, a_route(desk, email))
        early = NOW - timedelta(days=1)
        held = suppliers.supplier_responded(
            by=desk.analyst, call_id=call.pk, now=NOW + timedelta(hours=3), at=early
        )
        assert held.responded_at == NOW
        suppliers.supplier_responded(by=desk.analyst, call_id=call.pk, now=NOW + timedelta(hours=4))
        held.refresh_from_db()
        assert held.responded_at == NOW


class TestALateSupplier:
    pytestmark = database
    LATE = NOW + timedelta(days=2)

    def test_is_written_to_once_and_that_is_noted_on_the_call(self, desk: Desk, email: Item) -> None:
        call = sorted_call(desk, email)
        passed(desk, call, a_route(desk, email))
        assert suppliers.chase_late(NOW + timedelta(minutes=30)) == 0
        assert [suppliers.chase_late(self.LATE) for _ in range(2)] == [1, 0]
        letter = Message.objects.get(to="help@northmail.example")
        assert "NM-77" in letter.body
        assert Event.objects.filter(case_id=call.case_id, kind="noted").count() == 1
        assert not mail.outbox  # it is the outbox that carries it

    def test_without_an_address_is_to_be_rung(self, desk: Desk, email: Item) -> None:
        call = sorted_call(desk, email)
        passed(desk, call, a_route(desk, email, email="", phone="01632 960 100"))
        suppliers.late_suppliers(self.LATE)
        note = Event.objects.get(case_id=call.case_id, kind="noted")
        assert "01632 960 100" in note.body
        assert not Message.objects.filter(
            about=f"case:{call.case_id}", subject__startswith="Overdue"
        ).exists()


class TestTheClocksOfACall:
    pytestmark = database

    def test_show_whose_time_it_was(self, desk: Desk, email: Item) -> None:
        call, route = sorted_call(desk, email), a_route(desk, email)
        passed(desk, call, route, NOW + timedelta(hours=1))
        suppliers.returned(
            by=desk.analyst, call_id=call.pk, text="x", expected=None, now=NOW + timedelta(hours=3)
        )
        working.ask_user(
            by=desk.analyst, call_id=call.pk, question="Ok?", expected=None, now=NOW + timedelta(hours=3)
        )
        working.bring_back(
            by=desk.analyst, call_id=call.pk, text="Yes", expected=None, now=NOW + timedelta(hours=4)
        )
        done = working.resolve(
            by=desk.analyst, call_id=call.pk, fix="y", expected=None, now=NOW + timedelta(hours=5)
        )
        assert queries.share_of_clock(done, NOW + timedelta(days=9)) == Shares(7_200, 3_600, 7_200)

    def test_warn_when_a_supplier_may_take_longer_than_we_have_left(self, desk: Desk, email: Item) -> None:
        call = sorted_call(desk, email)
        route = a_route(desk, email, targets={"P3": {"resolve": 60 * 8 * 6}})
        passed(desk, call, route)
        found = queries.nested(call, NOW)
        assert "tell the user that it will take longer" in found.warning
        assert found.held is not None

    def test_do_not_warn_when_it_fits(self, desk: Desk, email: Item) -> None:
        call = sorted_call(desk, email)
        passed(desk, call, a_route(desk, email))
        assert queries.nested(call, NOW).warning == ""

    def test_offer_the_routes_of_its_system_or_else_all_of_the_council(self, desk: Desk, email: Item) -> None:
        own = a_route(desk, email)
        other = a_route(desk, make_item(name="Phones"))
        assert queries.supplier_options(sorted_call(desk, email), NOW) == [own]
        assert set(queries.supplier_options(an_incident(desk), NOW)) == {own, other}


class TestBackToBack:
    pytestmark = database

    def test_a_route_that_outlasts_our_promise_is_named_by_priority(self, desk: Desk, email: Item) -> None:
        route = a_route(desk, email, hours="office", targets={"P1": {"resolve": 240}, "P3": {"resolve": 480}})
        gaps = queries.route_gaps(route, NOW)
        assert set(gaps) == {1}  # four office hours are no match for four hours of the day and the night
        assert gaps[1].seconds > 0

    def test_a_route_round_the_clock_that_is_quicker_fits(self, desk: Desk, email: Item) -> None:
        assert (
            queries.route_gaps(a_route(desk, email, hours="always", targets={"P1": {"resolve": 200}}), NOW)
            == {}
        )


class TestTheWorstGap:
    @settings(max_examples=60, deadline=None)
    @given(SPANS, CALENDARS, CALENDARS, st.integers(0, 100), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    def test_is_what_trying_every_hour_finds(
        self, span: Span, ours: Calendar, theirs: Calendar, hours: int, day: date
    ) -> None:
        since = datetime.combine(day, time(), dates.LONDON)
        worst: Gap | None = None
        for number in range(14 * 24):
            at = since + timedelta(hours=number)
            gap = Gap(at, due(span, ours, at), theirs.add(at, hours * 3600))
            if gap.seconds > 0 and (worst is None or gap.seconds > worst.seconds):
                worst = gap
        assert worst_gap(span, ours, theirs, hours * 3600, since) == worst


class TestTheMonthOfAContract:
    pytestmark = database

    def test_counts_what_was_due_what_was_kept_and_the_credit(self, desk: Desk, email: Item) -> None:
        route = a_route(
            desk,
            email,
            monthly_charge_pence=100_000,
            credit_basis_points=250,
            credit_limit_basis_points=1_000,
        )
        call = sorted_call(desk, email)
        passed(desk, call, route)
        suppliers.returned(
            by=desk.analyst, call_id=call.pk, text="x", expected=None, now=NOW + timedelta(days=3)
        )
        [found] = queries.contracts(desk.manager, date(2026, 11, 1), NOW + timedelta(days=4))
        assert (found.resolved.due, found.resolved.met, found.responded.missed) == (1, 0, 1)
        assert found.credit_pence == 5_000
        [after] = queries.contracts(desk.manager, date(2026, 12, 1), NOW + timedelta(days=40))
        assert (after.resolved.due, after.credit_pence) == (0, 0)

    def test_shows_nobody_another_councils_contracts(self, desk: Desk, email: Item) -> None:
        a_route(desk, email)
        with scope.only([desk.elm.pk]):
            assert queries.contracts(desk.client, date(2026, 11, 1), NOW) == []


class TestTheLawOfShares:
    @given(
        MOMENTS,
        MOMENTS,
        st.lists(st.tuples(st.sampled_from(["user", "supplier", "resolved"]), MOMENTS, MOMENTS), max_size=6),
    )
    def test_they_add_up_to_the_time_that_was_anybodys(
        self, one: datetime, other: datetime, given_spells: Sequence[tuple[str, datetime, datetime]]
    ) -> None:
        start, end = min(one, other), max(one, other)
        spells = [Spell(whose, min(a, b), max(a, b)) for whose, a, b in given_spells]
        found = rules.shares(WEEK, start, end, spells)
        assert min(found.ours, found.user, found.supplier) >= 0
        resolved = sum(
            WEEK.between(at, at + timedelta(minutes=30))
            for at in _half_hours(start, end)
            if _whose(at, spells) == "resolved"
        )
        assert found.whole + resolved == WEEK.between(start, end)

    @given(MOMENTS, st.lists(st.tuples(MOMENTS, st.one_of(st.none(), MOMENTS)), max_size=8))
    def test_every_promise_is_counted_in_exactly_one_span_of_time(
        self, now: datetime, given_promises: Sequence[tuple[datetime, datetime | None]]
    ) -> None:
        promises = [
            Promised("resolve", due, done if done and done <= now else None) for due, done in given_promises
        ]
        edges = [NOW + timedelta(days=days) for days in range(0, 25, 4)]
        parts = [rules.kept(promises, a, b, now) for a, b in pairwise(edges)]
        whole = rules.kept(promises, edges[0], edges[-1], now)
        assert (sum(each.due for each in parts), sum(each.met for each in parts)) == (whole.due, whole.met)
        assert whole.due == sum(each.met(now) is not None for each in promises)


class TestTheLawOfCredits:
    MONEY, POINTS = st.integers(0, 10**10), st.integers(0, 10_000)

    @given(st.integers(0, 500), MONEY, POINTS, POINTS)
    def test_a_credit_is_whole_pence_within_the_limit_and_never_falls_with_another_miss(
        self, missed: int, charge: int, each: int, limit: int
    ) -> None:
        credit = rules.credit_pence(missed, charge, each, limit)
        assert 0 <= credit <= charge * (limit or 10_000) / 10_000
        assert credit <= rules.credit_pence(missed + 1, charge, each, limit)

    @given(MONEY, POINTS)
    def test_one_miss_costs_what_the_contract_says_to_the_penny_below(self, charge: int, each: int) -> None:
        exact = charge * each
        assert 0 <= exact - rules.credit_pence(1, charge, each, 0) * 10_000 < 10_000


def _half_hours(start: datetime, end: datetime) -> list[datetime]:
    return [
        start + timedelta(minutes=30 * number) for number in range(int((end - start).total_seconds() // 1800))
    ]


def _whose(at: datetime, spells: Sequence[Spell]) -> str:
    for spell in sorted(spells, key=lambda each: (each.start, each.end)):
        if spell.start <= at < spell.end:
            return spell.whose
    return ""


class TestWhatItAsksTheDatabase:
    pytestmark = database

    @pytest.mark.parametrize("number", [1, 4])
    def test_a_month_asks_the_same_however_many_calls_there_were(
        self, desk: Desk, email: Item, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        route = a_route(desk, email)
        for _ in range(number):
            passed(desk, sorted_call(desk, email), route)
        with django_assert_num_queries(5):
            queries.contracts(desk.manager, date(2026, 11, 1), NOW + timedelta(hours=1))
