"""A P1 opens one major incident; it is led from its room, told of on a cadence, and ended by whoever restores it."""

from datetime import timedelta

import pytest

from moothall.councils.rules import Viewer
from moothall.estate.models import Use
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process import store
from moothall.servicedesk.actions import joining, majors, working
from moothall.servicedesk.errors.majors import NotNow, NotSaid
from moothall.servicedesk.models import (
    Call,
    CallOut,
    Escalation,
    Follower,
    Major,
    Notice,
    Outage,
    RoomEntry,
    Shift,
)
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.queries.outages import known_now
from tests.servicedesk.channel_world import work_through
from tests.servicedesk.desked import an_incident
from tests.servicedesk.leading import NOW, Led, major_of, make_led

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def led(everything: None) -> Led:
    return make_led()


def lines(major: Major) -> list[str]:
    return list(RoomEntry.objects.filter(major=major).order_by("pk").values_list("text", flat=True))


def reprioritise(led: Led, call: Call, impact: str, now: object = None) -> Call:
    return working.set_priority(
        by=led.desk.analyst,
        call_id=call.pk,
        impact=impact,
        urgency="no",
        why="More of them than we thought.",
        expected=None,
        now=NOW + 5 * MINUTE,
    )


class TestAP1:
    def test_opens_one_major_incident_with_a_case_linked_to_the_call(self, led: Led) -> None:
        call = led.p1()
        major = major_of(call)
        assert (major.state, major.title, major.item_id) == ("open", call.headline, led.item.pk)
        assert major.case.process == "ict-major-incident"
        assert major.case.linked_from.count() + major.case.links.count() >= 1
        assert lines(major) == [f"{call.reference} was logged: {call.headline}"]

    def test_opens_none_while_it_is_a_p2(self, led: Led) -> None:
        an_incident(led.desk, impact="team", urgency="no")
        assert not Major.objects.exists()

    def test_opens_one_when_it_becomes_one_later_and_only_one_however_often(self, led: Led) -> None:
        call = an_incident(led.desk, impact="team", urgency="no")
        for impact in ("council", "team", "council", "team", "council"):
            call = reprioritise(led, call, impact)
        major = major_of(call)
        assert major.state == "open"
        assert Major.objects.count() == 1
        assert sum(text.startswith("Stood down.") for text in lines(major)) == 2
        assert sum(text.startswith("Opened again.") for text in lines(major)) == 2

    def test_is_opened_anew_after_it_has_been_stood_down_for_good(self, led: Led) -> None:
        call = led.p1()
        reprioritise(led, call, "team")
        process.sweep(NOW + timedelta(days=9))
        first = major_of(call)
        assert first.state == "stood-down"
        assert first.case.status == "closed"
        reprioritise(led, call, "council")
        again = major_of(call)
        assert (again.pk, again.state) == (first.pk, "open")
        assert again.case_id != first.case_id

    def test_makes_the_system_away_for_as_many_as_use_it(self, led: Led) -> None:
        major = led.major()
        outage = Outage.objects.get(major=major)
        assert (outage.council_id, outage.users, outage.ended_at) == (led.desk.ash.pk, 120, None)

    def test_of_several_councils_makes_it_away_for_all_that_use_it(self, led: Led) -> None:
        major = led.major(impact="all-councils")
        hit = dict(Outage.objects.filter(major=major).values_list("council_id", "users"))
        assert hit == {led.desk.ash.pk: 120, led.desk.elm.pk: 40}

    def test_of_the_same_system_is_put_under_the_first_and_hits_its_council(self, led: Led) -> None:
        major = led.major()
        other = led.p1(council=led.desk.elm, now=NOW + MINUTE)
        other.refresh_from_db()
        assert Major.objects.count() == 1
        assert other.parent_id == major.call_id
        assert {each.council_id for each in Outage.objects.filter(major=major)} == {
            led.desk.ash.pk,
            led.desk.elm.pk,
        }
        assert any("is the same fault" in text for text in lines(major))

    def test_of_another_system_opens_its_own(self, led: Led) -> None:
        led.major()
        led.p1(item_id=None)
        assert Major.objects.count() == 2

    def test_that_is_put_under_another_later_is_stood_down_as_a_part_of_it(self, led: Led) -> None:
        first, second = led.major(), led.major(item_id=None)
        joining.put_under(
            by=led.desk.analyst, call_id=second.call_id, parent_id=first.call_id, now=NOW + MINUTE
        )
        majors.due_notices(NOW + 2 * MINUTE)
        second.refresh_from_db()
        assert second.state == "stood-down"
        assert any("turned out to be part of this" in text for text in lines(first))

    def test_is_logged_all_the_same_where_no_major_incidents_are_set_up(self, everything: None) -> None:
        led = make_led(published=("ict-incident",))
        assert led.p1().priority == 1
        assert not Major.objects.exists()


class TestLeading:
    def test_takes_the_lead_and_says_where_they_meet(self, led: Led) -> None:
        major = majors.lead_major(
            by=led.manager,
            major_id=led.major().pk,
            manager_id=None,
            bridge="01632 960 999",
            every_minutes=15,
            now=NOW,
        )
        case = store.load(major.case_id)
        assert case is not None
        assert [run.key for run in case.open_steps()] == ["restore"]
        assert (major.manager_id, major.bridge, major.every_minutes) == (
            led.manager.staff_id,
            "01632 960 999",
            15,
        )
        assert "The bridge: 01632 960 999" in lines(major)[-1]

    def test_is_for_those_who_may(self, led: Led) -> None:
        major = led.major()
        with pytest.raises(Refused):
            majors.lead_major(
                by=led.desk.analyst, major_id=major.pk, manager_id=None, bridge="", every_minutes=30, now=NOW
            )
        with pytest.raises(NotFound):
            majors.lead_major(
                by=led.desk.user, major_id=major.pk, manager_id=None, bridge="", every_minutes=30, now=NOW
            )

    def test_does_not_admit_to_another_council_that_there_is_one(self, led: Led) -> None:
        major = led.major()
        with pytest.raises(NotFound):
            queries.major_seen(led.desk.client, major.case.reference)


class TestTheTimeline:
    def test_is_in_the_order_in_which_things_happened(self, led: Led) -> None:
        major = led.major()
        for text, minutes in (("Third", 9), ("Second", 4)):
            majors.write_line(
                by=led.desk.engineer,
                major_id=major.pk,
                kind="action",
                text=text,
                at=NOW + minutes * MINUTE,
                now=NOW + 10 * MINUTE,
            )
        assert [line.entry.text for line in queries.lines_of(major)][1:] == ["Second", "Third"]

    def test_is_put_right_by_another_line_and_never_overwritten(self, led: Led) -> None:
        major = led.major()
        first = majors.write_line(
            by=led.manager, major_id=major.pk, kind="fact", text="Line 3 is cut", now=NOW
        )
        second = majors.correct_line(
            by=led.desk.engineer, major_id=major.pk, line_id=first.pk, text="Line 2 is cut", now=NOW + MINUTE
        )
        stands = queries.lines_of(major)[-1]
        assert stands.entry == second
        assert list(stands.corrected) == [first]
        with pytest.raises(NotNow):
            majors.correct_line(
                by=led.manager, major_id=major.pk, line_id=first.pk, text="Line 1", now=NOW + MINUTE
            )

    @pytest.mark.parametrize(("text", "at"), [("  ", NOW), ("Back", NOW + timedelta(hours=1))])
    def test_takes_neither_nothing_nor_what_is_still_to_come(self, led: Led, text: str, at: object) -> None:
        major = led.major()
        with pytest.raises(NotSaid):
            majors.write_line(
                by=led.manager,
                major_id=major.pk,
                kind="fact",
                text=text,
                at=at,  # type: ignore[arg-type]
                now=NOW,
            )


class TestCallingIn:
    def test_writes_to_a_colleague_and_keeps_when_they_answered(self, led: Led) -> None:
        major = led.major()
        engineer = led.staff["engineer"]
        called = majors.call_out(by=led.manager, major_id=major.pk, staff_id=engineer.pk, now=NOW)
        majors.answered(by=led.desk.engineer, major_id=major.pk, call_out_id=called.pk, now=NOW + 4 * MINUTE)
        majors.answered(by=led.manager, major_id=major.pk, call_out_id=called.pk, now=NOW + 9 * MINUTE)
        called.refresh_from_db()
        assert called.answered_at == NOW + 4 * MINUTE
        assert Message.objects.filter(to=engineer.user.email, about=f"major:{major.pk}").count() == 1
        assert "answered after 4 minutes" in lines(major)[-1]

    def test_calls_whoever_is_on_call_by_itself(self, led: Led) -> None:
        Shift.objects.create(
            team=led.desk.platforms,
            staff=led.staff["engineer"],
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=1),
        )
        major = led.major()
        assert [each.staff_id for each in CallOut.objects.filter(major=major)] == [led.staff["engineer"].pk]


class TestTellingTheCouncils:
    def tell(self, led: Led, major: Major, now: object = NOW, **texts: str) -> list[Notice]:
        councils = {"ash": led.desk.ash.pk, "elm": led.desk.elm.pk}
        return majors.tell_councils(
            by=led.manager,
            major_id=major.pk,
            texts={councils[code]: text for code, text in texts.items()},
            now=now,  # type: ignore[arg-type]
        )

    def test_writes_to_users_owners_and_followers_each_once(self, led: Led) -> None:
        major = led.major()
        Use.objects.filter(council=led.desk.ash).update(owner=led.staff["ash_client"])
        for email in ("fay@example.org", led.staff["user"].user.email):
            Follower.objects.create(council=led.desk.ash, call=major.call, email=email, since=NOW)
        again = led.p1(now=NOW + MINUTE)
        Message.objects.all().delete()
        self.tell(led, major, ash="We have found the line.")
        again.refresh_from_db()
        assert again.parent_id == major.call_id
        to = sorted(Message.objects.values_list("to", flat=True))
        assert to == sorted(
            {"fay@example.org", led.staff["user"].user.email, led.staff["ash_client"].user.email}
        )

    def test_says_each_council_its_own_words(self, led: Led) -> None:
        major = led.major(impact="all-councils")
        self.tell(led, major, ash="Use paper.", elm="It works for you again soon.")
        assert known_now(led.desk.elm.pk, NOW)[0].text == "It works for you again soon."
        assert known_now(led.desk.ash.pk, NOW)[0].text == "Use paper."
        assert known_now(led.desk.ash.pk, NOW)[0].next_at == NOW + 30 * MINUTE

    def test_is_only_for_councils_that_are_hit(self, led: Led) -> None:
        with pytest.raises(NotSaid):
            self.tell(led, led.major(), elm="Nothing is wrong.")

    def test_promises_when_they_hear_again(self, led: Led) -> None:
        major = led.major()
        (due,) = [told.due_at for told in queries.told_of(led.manager, major)]
        assert due == NOW + 30 * MINUTE
        self.tell(led, major, now=NOW + 10 * MINUTE, ash="We are on it.")
        (told,) = queries.told_of(led.manager, major)
        assert told.due_at == NOW + 40 * MINUTE
        assert told.urgency(NOW + 36 * MINUTE) == "soon"
        assert told.countdown(NOW + 43 * MINUTE) == "3 minutes late"

    def test_that_is_due_reminds_the_manager_once_and_ten_minutes_later_their_managers_once(
        self, led: Led
    ) -> None:
        major = led.major()
        majors.lead_major(
            by=led.manager, major_id=major.pk, manager_id=None, bridge="", every_minutes=30, now=NOW
        )
        Message.objects.all().delete()
        for minutes in (29, 30, 31, 39):
            majors.due_notices(NOW + minutes * MINUTE)
        assert [each.subject for each in Message.objects.all()] == [
            f"Major incident {major.case.reference}: tell {led.desk.ash.name} how it goes"
        ]
        for minutes in (40, 41, 55):
            majors.due_notices(NOW + minutes * MINUTE)
        assert Message.objects.count() == 2
        assert Escalation.objects.get(call=major.call).way == "hierarchic"
        assert "should have heard by" in lines(major)[-1]


class TestRestoring:
    def test_ends_outages_resolves_the_call_and_asks_for_the_report(self, led: Led) -> None:
        major = led.major()
        under = led.p1(council=led.desk.elm, now=NOW + MINUTE)
        major = majors.restore_major(
            by=led.manager,
            major_id=major.pk,
            fix="The rule is back.",
            at=NOW + 80 * MINUTE,
            now=NOW + 90 * MINUTE,
        )
        assert (major.state, major.restored_at) == ("restored", NOW + 80 * MINUTE)
        assert set(Outage.objects.values_list("ended_at", flat=True)) == {NOW + 80 * MINUTE}
        assert Call.objects.get(pk=major.call_id).state == "resolved"
        assert major.report_due_at is not None
        assert major.report_due_at.date().isoformat() == "2026-11-30"
        assert Message.objects.filter(subject__endswith="the report is due").count() == 1
        work_through()
        assert Call.objects.get(pk=under.pk).state == "resolved"
        assert Major.objects.count() == 1

    def test_counts_minutes_times_users_of_each_council(self, led: Led) -> None:
        major = led.restored(impact="all-councils")
        room = queries.room(led.manager, major, NOW + timedelta(days=3))
        assert room.users == 160
        assert room.user_minutes == 90 * 160

    def test_happens_once(self, led: Led) -> None:
        major = led.restored()
        with pytest.raises(NotNow):
            majors.restore_major(by=led.manager, major_id=major.pk, fix="Again", now=NOW)

    def test_is_taken_back_when_it_comes_back(self, led: Led) -> None:
        major = led.restored()
        later = NOW + timedelta(hours=3)
        major = majors.reopen_major(by=led.manager, major_id=major.pk, why="It is away again.", now=later)
        assert (major.state, major.restored_at) == ("open", None)

    def test_follows_the_case_wherever_its_step_is_done(self, led: Led) -> None:
        major = led.major()
        by = Viewer.system()
        for step, outcome, answers in (
            ("lead", "leading", {}),
            ("restore", "restored", {"fix": "Plugged in."}),
        ):
            process.act(
                by=by,
                case_id=major.case_id,
                step=step,
                expected=None,
                now=NOW + MINUTE,
                outcome=outcome,
                answers=answers,
            )
        major.refresh_from_db()
        assert major.state == "restored"
        assert Call.objects.get(pk=major.call_id).state == "resolved"

    def test_by_the_call_alone_is_written_down_and_ends_nothing(self, led: Led) -> None:
        major = led.major()
        working.resolve(
            by=led.desk.analyst, call_id=major.call_id, fix="Restarted", expected=None, now=NOW + MINUTE
        )
        major.refresh_from_db()
        assert major.state == "open"
        assert "Say here whether the service is back" in lines(major)[-1]


class TestStandingDown:
    def test_takes_a_reason(self, led: Led) -> None:
        major = led.major()
        with pytest.raises(NotSaid):
            majors.stand_down(by=led.manager, major_id=major.pk, why=" ", now=NOW)
        major = majors.stand_down(by=led.manager, major_id=major.pk, why="One printer.", now=NOW)
        assert major.state == "stood-down"
        assert lines(major)[-1] == "Stood down. One printer."


class TestTheRoom:
    def test_costs_the_same_however_long_the_timeline_is(
        self, led: Led, django_assert_max_num_queries: object
    ) -> None:
        major = led.major(impact="all-councils")
        for number in range(30):
            majors.write_line(by=led.manager, major_id=major.pk, kind="fact", text=f"Line {number}", now=NOW)
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            found = queries.room(led.manager, queries.major_seen(led.manager, major.case.reference), NOW)
        assert len(found.lines) == 31
