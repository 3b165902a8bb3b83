"""Small months whose figures can be worked out by hand."""

from datetime import date, datetime, timedelta

import pytest

from moothall.estate.models import Item, Maintenance, Supplier, SupportRoute, Use
from moothall.process.models import Link
from moothall.servicedesk.models import Change, Headcount, Observed, Outage, SupplierCall, Survey
from moothall.servicedesk.queries.figures import Counted, counted
from moothall.servicedesk.rules.figures import Month
from tests.servicedesk.rows import Ground, History, add_clock, at, make_call, make_call_of, make_ground

OCTOBER = Month(date(2026, 10, 1))
NOW = at(20, month=11)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ground() -> Ground:
    return make_ground()


def value(name: str, key: str = "", council: int = 0) -> float | None:
    held = counted(OCTOBER, NOW).figures[council][name, key].value
    return None if held is None else float(held)


def parts(name: str) -> tuple[float, float]:
    held = counted(OCTOBER, NOW).joint[name, ""].parts
    return held["part"], held["of"]


def answers(ground: Ground, *given: tuple[int, int]) -> None:
    for recommend, content in given:
        call = make_call(ground, at(1), resolved=at(2))
        Survey.objects.create(
            council=ground.council, call=call, secret_sha256=f"{call.pk}", asked_at=at(3), answered_at=at(4),
            recommend=recommend, content=content,
        )  # fmt: skip


class TestServiceLevels:
    def test_count_by_the_month_of_resolving_and_by_priority(self, ground: Ground) -> None:
        for month, state, priority in ((9, "missed", 1), (10, "met", 1), (10, "missed", 2), (10, "met", 2)):
            call = make_call(ground, at(28, month=8), resolved=at(3, month=month), priority=priority)
            add_clock(call, "resolve", state=state)
        assert value("resolve_sla") == pytest.approx(66.6667)
        assert (value("resolve_sla", "P1"), value("resolve_sla", "P2")) == (100, 50)
        assert value("resolve_sla", "P3") is None

    def test_are_not_helped_by_hiding_what_was_breached(self, ground: Ground) -> None:
        kept = make_call(ground, at(1), resolved=at(2))
        add_clock(kept, "resolve")
        hidden = make_call(ground, at(1))
        add_clock(hidden, "resolve", state="running", ended_at=None, late_at=at(9), used_seconds=None)
        not_yet = make_call(ground, at(30))
        later = at(3, month=11)
        add_clock(not_yet, "resolve", state="running", ended_at=None, late_at=later, due_at=later)
        assert (value("resolve_sla"), value("resolve_strict")) == (100, 50)

    def test_leave_out_what_was_merged_or_is_no_call_of_the_desk(self, ground: Ground) -> None:
        for facts in ({"kind": "problem"}, {"ended": "merged", "closed_at": at(3)}):
            call = make_call(ground, at(1), resolved=None if "ended" in facts else at(3), **facts)
            add_clock(call, "resolve", state="missed")
        assert value("resolve_sla") is None


class TestFirstContact:
    @pytest.mark.parametrize(
        ("back", "held"),
        [
            (
                at(12),
                False,
            ),  # Monday; it was resolved on Friday the 9th, so the fifth working day is the 16th
            (at(16, 15), False),
            (at(19, 8), True),
            (at(3, month=11), True),
        ],
    )
    def test_holds_if_the_call_is_not_reopened_within_five_working_days(
        self, ground: Ground, *, back: datetime, held: bool
    ) -> None:
        for turns in ([at(9)], [at(9), back], [at(9), back, back + timedelta(days=1)]):
            make_call_of(ground, History(at(8), turns), first_contact=True)
        assert parts("first_contact") == (3 if held else 1, 3)

    def test_counts_in_the_month_of_the_first_time(self, ground: Ground) -> None:
        again = History(at(8, month=9), [at(9, month=9), at(1), at(2)])
        make_call_of(ground, again, first_contact=True)
        make_call_of(ground, History(at(8), [at(9), at(1, month=11), at(2, month=11)]), first_contact=True)
        assert parts("first_contact") == (1, 1)

    def test_is_not_asked_of_what_the_first_line_could_not_resolve_or_that_came_to_nothing(
        self, ground: Ground
    ) -> None:
        for facts in ({"first_contact": None}, {"first_contact": True, "automatic": True}):
            make_call(ground, at(8), resolved=at(9), **facts)
        ended = History(at(8), [at(9), at(10)], ended=at(11))
        make_call_of(ground, ended, first_contact=True)
        make_call(ground, at(8), resolved=at(9), first_contact=False)
        assert parts("first_contact") == (0, 1)


class TestTimes:
    def test_are_told_in_working_time_and_by_the_clock(self, ground: Ground) -> None:
        for hours in (1, 2, 12):
            call = make_call(ground, at(1), resolved=at(1) + timedelta(hours=24 * hours), priority=1)
            add_clock(call, "resolve", used_seconds=hours * 3600)
        assert [value(f"restore_{each}") for each in ("mean", "median", "p90")] == [5, 2, 12]
        assert [value(f"restore_clock_{each}", "P1") for each in ("mean", "median", "p90")] == [120, 48, 288]

    def test_of_requests_are_no_times_to_restore(self, ground: Ground) -> None:
        call = make_call(ground, at(1), resolved=at(2), kind="request")
        add_clock(call, "resolve")
        assert value("restore_mean") is None


class TestAvailability:
    def test_is_what_was_there_of_the_hours_that_were_agreed(self, ground: Ground) -> None:
        item = Item.objects.create(code="care", name="Care", kind="application", tier=1)
        Use.objects.create(
            council=ground.council, item=item, users=100, since=date(2026, 1, 1), hours="always"
        )
        hours = 31 * 24 + 1  # the clocks go back in October
        for day, users, facts in (
            (2, 50, {}), (2, 10, {}), (5, 100, {"planned": True}), (6, 100, {"degraded": True}), (9, 100, {}),
        ):  # fmt: skip
            Outage.objects.create(
                council=ground.council,
                item=item,
                users=users,
                started_at=at(day),
                ended_at=at(day, 11),
                by="x",
                **facts,
            )
        Maintenance.objects.create(
            council=ground.council, item=item, starts_at=at(9, 8), ends_at=at(9, 12), reason="Agreed"
        )
        agreed = hours - 4
        assert value("availability") == pytest.approx(100 * (agreed - 2) / agreed, abs=0.001)
        assert value("availability_users", "tier-1") == pytest.approx(100 * (agreed - 1) / agreed, abs=0.001)
        assert value("breaks") == 1
        assert value("mtbf") == agreed - 2


class TestChanges:
    def _change(self, ground: Ground, day: int, **facts: object) -> Change:
        call = make_call(ground, at(1), kind="change", state="closed", open=False)
        given: dict[str, object] = {
            "type": "normal", "state": "implemented", "starts_at": at(day), "ends_at": at(day, 11),
            "began_at": at(day), "finished_at": at(day, 10), "decided_at": at(day - 1),
        }  # fmt: skip
        made: Change = Change.objects.create(council=ground.council, call=call, **(given | facts))
        return made

    def test_are_successful_in_their_window_without_an_incident_soon_after(self, ground: Ground) -> None:
        self._change(ground, 5)
        self._change(ground, 6, finished_at=at(6, 12))
        self._change(ground, 7, objectives_met=False)
        self._change(ground, 8, state="backed-out")
        broke, later = self._change(ground, 12), self._change(ground, 12)
        for change, day in ((broke, 19), (later, 20)):  # the fifth working day after, and the sixth
            incident = make_call(ground, at(day), kind="incident")
            Link.objects.create(
                council=ground.council,
                case=incident.case,
                other=change.call.case,
                kind="related",
                at=at(day),
                by="x",
            )
        assert parts("change_success") == (2, 6)
        assert parts("change_backed_out") == (1, 6)
        assert parts("change_incidents") == (2, 2)

    def test_that_nobody_approved_are_held_against_those_that_were(self, ground: Ground) -> None:
        for day in (5, 6, 7):
            self._change(ground, day)
        for number, verdict in enumerate(("unauthorised", "retrospective", "matched", "harmless", "waiting")):
            Observed.objects.create(
                council=ground.council, source="x", key=f"{number}", at=at(9), item_name="A server", what="changed",
                verdict=verdict,
            )  # fmt: skip
        assert value("change_unauthorised") == 40

    def test_are_exceptions_from_four_eyes_where_complex_and_made_alone(self, ground: Ground) -> None:
        self._change(ground, 5, complex=True)
        self._change(ground, 6)
        assert value("change_four_eyes") == 1


class TestWhatUsersSay:
    def test_is_suppressed_under_ten_answers(self, ground: Ground) -> None:
        answers(ground, *[(10, 5)] * 9)
        figure = counted(OCTOBER, NOW).joint["nps", ""]
        assert (figure.value, figure.n, figure.parts) == (None, 9, {})

    def test_has_its_interval(self, ground: Ground) -> None:
        answers(ground, *[(10, 5)] * 6, *[(8, 4)] * 2, *[(3, 1)] * 2)
        figure = counted(OCTOBER, NOW).joint["nps", ""]
        assert figure.value == 40
        assert (figure.parts["low"], figure.parts["high"]) == (-9.6, 89.6)
        assert value("csat") == 80
        assert value("csat_mean") == 4


class TestCallsPerUser:
    def test_leave_out_changes_duplicates_and_what_nobody_reported(self, ground: Ground) -> None:
        Headcount.objects.create(
            council=ground.council,
            in_force_from=date(2026, 1, 1),
            users=2,
            source="HR",
            set_at=NOW,
            set_by="x",
        )
        Headcount.objects.create(
            council=ground.council,
            in_force_from=date(2026, 11, 1),
            users=90,
            source="HR",
            set_at=NOW,
            set_by="x",
        )
        for facts in (
            {}, {"kind": "request"}, {"automatic": True}, {"ended": "merged", "closed_at": at(4)}, {"kind": "change"},
        ):  # fmt: skip
            make_call(ground, at(3), **facts)
        assert value("calls_per_user") == 1
        assert value("incidents_per_user") == 0.5

    def test_are_not_told_of_a_council_that_has_stated_no_accounts(self, ground: Ground) -> None:
        make_call(ground, at(3))
        found: Counted = counted(OCTOBER, NOW)
        assert found.joint["calls_per_user", ""].value is None
        assert found.without_heads == [ground.council.pk]


class TestSuppliers:
    def test_are_held_to_what_they_promised_and_owe_up_to_the_limit(self, ground: Ground) -> None:
        item = Item.objects.create(code="care", name="Care", kind="application")
        route = SupportRoute.objects.create(
            council=ground.council, item=item, supplier=Supplier.objects.create(name="A firm"),
            monthly_charge_pence=200_000, credit_basis_points=200, credit_limit_basis_points=500,
            starts_on=date(2026, 1, 1),
        )  # fmt: skip
        for met in (True, False, False, False, None):
            call = make_call(ground, at(1), resolved=at(2))
            SupplierCall.objects.create(
                council=ground.council, call=call, route=route, hours="office", passed_at=at(1),
                returned_at=at(1, 15), met=met,
            )  # fmt: skip
        assert value("supplier_sla") == 25
        assert value("supplier_credits") == 100
        assert value("supplier_share") == 25
