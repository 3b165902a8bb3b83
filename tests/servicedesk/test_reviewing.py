"""The report of a major incident: what it must say, who approves it, what the weekly review shows, who publishes it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError, Refused
from moothall.process.errors import SayWhy
from moothall.servicedesk.actions import reviewing
from moothall.servicedesk.actions.publishing import publish_report, save_public
from moothall.servicedesk.errors.majors import NoSuchReport, NotNow, NotSaid, OwnWords
from moothall.servicedesk.models import Call, Major, RoomEntry
from moothall.servicedesk.queries import publishing as published
from moothall.servicedesk.queries import reviewing as queries
from moothall.servicedesk.rules import redacting
from moothall.servicedesk.rules import reviewing as rules
from tests.makers import make_staff, make_viewer
from tests.servicedesk.leading import NOW, WRITTEN, Led, make_led

DAY = timedelta(days=1)


@pytest.fixture
def led(everything: None, db: None) -> Led:
    return make_led()


class TestAReport:
    @pytest.mark.parametrize("left_out", ["summary", "cause", "cause_owner", "root_cause", "lessons"])
    def test_must_say_everything_that_is_reviewed(self, left_out: str) -> None:
        assert set(rules.missing(replace(WRITTEN, **{left_out: " "}), actions=1)) == {left_out}

    def test_must_promise_something_unless_the_cause_is_not_known(self) -> None:
        assert set(rules.missing(WRITTEN, actions=0)) == {"actions"}
        assert rules.missing(replace(WRITTEN, cause="unknown"), actions=0) == {}

    def test_is_kept_as_far_as_it_is_written(self, led: Led) -> None:
        major = led.restored()
        reviewing.save_report(
            by=led.manager,
            major_id=major.pk,
            report=rules.Report(summary="It was away."),
            cause_item_id=None,
            now=NOW,
        )
        major.refresh_from_db()
        assert (major.summary, major.state) == ("It was away.", "restored")
        with pytest.raises(NotSaid):
            reviewing.send_report(by=led.manager, major_id=major.pk, now=NOW + DAY)

    def test_goes_to_review_only_once_the_service_is_back(self, led: Led) -> None:
        major = led.major()
        with pytest.raises(NotNow):
            reviewing.send_report(by=led.manager, major_id=major.pk, now=NOW)

    def test_is_for_those_who_lead(self, led: Led) -> None:
        major = led.restored()
        with pytest.raises(Refused):
            reviewing.save_report(
                by=led.ash_client, major_id=major.pk, report=WRITTEN, cause_item_id=None, now=NOW
            )


class TestTheReview:
    def test_gives_every_council_that_was_hit_one_seat(self, led: Led) -> None:
        alone = led.written()
        vote = queries.vote_of(led.ash_client, alone, NOW + DAY)
        assert vote is not None
        assert [seat.name for seat in vote.seats] == [led.desk.ash.name]
        assert vote.may
        other = queries.vote_of(led.elm_client, alone, NOW + DAY)
        assert other is not None
        assert not other.may

    def test_ends_with_the_last_vote_for_it_and_opens_a_problem(self, led: Led) -> None:
        major = led.written(impact="all-councils")
        self.vote(led, major, "ash_client")
        assert major.state == "review"
        self.vote(led, major, "elm_client")
        assert major.state == "closed"
        assert major.approved_at == NOW + 2 * DAY
        problem = Call.objects.get(pk=major.call_id).problem
        assert problem is not None
        assert problem.kind == "problem"
        assert problem.item_id == led.item.pk

    def test_opens_no_second_problem(self, led: Led) -> None:
        major = led.written()
        other = led.approved(now=NOW + timedelta(hours=5), item_id=None)
        known = Call.objects.get(pk=other.call_id).problem_id
        Call.objects.filter(pk=major.call_id).update(problem_id=known)
        self.vote(led, major, "ash_client")
        assert Call.objects.filter(kind="problem").count() == 1

    def test_sends_it_back_with_words_for_one_vote_against(self, led: Led) -> None:
        major = led.written(impact="all-councils")
        with pytest.raises(SayWhy):
            self.vote(led, major, "elm_client", "against", "")
        self.vote(led, major, "elm_client", "against", "Why did nobody notice for an hour?")
        assert major.state == "restored"
        last = RoomEntry.objects.filter(major=major).order_by("pk").last()
        assert last is not None
        assert "sent back" in last.text
        reviewing.send_report(by=led.manager, major_id=major.pk, now=NOW + 3 * DAY)
        major.refresh_from_db()
        assert major.state == "review"
        assert major.reported_at == NOW + DAY  # when it first was on the table

    def test_is_not_for_whoever_only_leads(self, led: Led) -> None:
        major = led.written()
        with pytest.raises(HouseError):
            reviewing.vote_on_report(by=led.manager, major_id=major.pk, choice="for", text="", now=NOW + DAY)

    def vote(self, led: Led, major: Major, who: str, choice: str = "for", text: str = "") -> None:
        by = {"ash_client": led.ash_client, "elm_client": led.elm_client}[who]
        reviewing.vote_on_report(by=by, major_id=major.pk, choice=choice, text=text, now=NOW + 2 * DAY)
        major.refresh_from_db()


class TestTheWeeklyReview:
    def test_shows_what_is_not_closed_and_what_is_late(self, led: Led) -> None:
        open_now, late = led.major(), led.restored(now=NOW - 20 * DAY, item_id=None)
        in_review = led.written(now=NOW - 3 * DAY, item_id=None)
        led.approved(now=NOW - 5 * DAY, item_id=None)
        found = queries.review(led.ash_client, NOW)
        assert list(found.going_on) == [open_now]
        assert {each.major.pk: each.standing for each in found.reports} == {
            late.pk: "late",
            in_review.pk: "in-review",
        }
        assert found.late == 1

    def test_counts_open_and_overdue_actions_by_council_and_owner(self, led: Led) -> None:
        major = led.restored(now=NOW - 20 * DAY)
        before = NOW - 19 * DAY
        led.promised(major, due_on=(NOW - DAY).date(), now=before)
        led.promised(major, text="Draw the network", due_on=(NOW + DAY).date(), now=before)
        found = queries.review(led.elm_client, NOW)
        (council,) = found.councils
        (owned,) = council.owners
        assert (found.open, found.overdue, owned.overdue, len(owned.actions)) == (2, 1, 1, 2)

    def test_asks_no_more_of_the_database_for_more_of_them(
        self, led: Led, django_assert_max_num_queries: object
    ) -> None:
        for number in range(4):
            major = led.restored(now=NOW - number * DAY, item_id=None)
            led.promised(major, due_on=NOW.date() + DAY, now=NOW)
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            queries.review(led.ash_client, NOW)


class TestPublishing:
    def test_replaces_people_machines_and_addresses(self, led: Led) -> None:
        major = led.approved()
        person = led.staff["engineer"]
        person.user.name, person.job_title = "Rhys Gould", "Platform engineer"
        person.user.save()
        person.save()
        text = published.proposed(led.manager, major, NOW + 3 * DAY).text
        assert "Rhys" not in text
        assert "FW-EDGE-02" not in text
        assert "[platform engineer]" in text
        assert "## Why" in text

    def test_takes_another_person_than_whoever_wrote_it(self, led: Led) -> None:
        major = led.approved()
        save_public(by=led.manager, major_id=major.pk, text="It was away.", now=NOW + 3 * DAY)
        with pytest.raises(OwnWords):
            publish_report(by=led.manager, major_id=major.pk, sure=False, now=NOW + 3 * DAY)
        publish_report(by=self.another(led), major_id=major.pk, sure=False, now=NOW + 3 * DAY)
        assert [each.text for each in published.published(led.desk.ash)] == ["It was away."]
        assert published.published(led.desk.elm) == []

    def test_takes_a_word_where_something_still_looks_like_a_machine(self, led: Led) -> None:
        major = led.approved()
        save_public(by=led.manager, major_id=major.pk, text="Ring 01632 960 100.", now=NOW + 3 * DAY)
        with pytest.raises(NotSaid):
            publish_report(by=self.another(led), major_id=major.pk, sure=False, now=NOW + 3 * DAY)
        publish_report(by=self.another(led), major_id=major.pk, sure=True, now=NOW + 3 * DAY)
        assert published.report_of(led.desk.ash, major.case.reference).text == "Ring 01632 960 100."

    def test_waits_until_every_council_has_approved(self, led: Led) -> None:
        major = led.written()
        with pytest.raises(NotNow):
            save_public(by=led.manager, major_id=major.pk, text="It was away.", now=NOW + DAY)

    def test_is_taken_back_by_changing_the_text(self, led: Led) -> None:
        major = led.approved()
        save_public(by=led.manager, major_id=major.pk, text="It was away.", now=NOW + 3 * DAY)
        publish_report(by=self.another(led), major_id=major.pk, sure=False, now=NOW + 3 * DAY)
        save_public(by=led.manager, major_id=major.pk, text="It was away for an hour.", now=NOW + 4 * DAY)
        with pytest.raises(NoSuchReport):
            published.report_of(led.desk.ash, major.case.reference)

    def another(self, led: Led) -> Viewer:
        return make_viewer(make_staff(council=led.desk.ash, roles=("desk-manager",)))


NAMES = {"Rhys Gould": "platform engineer", "Rhys": "platform engineer", "Gould": "platform engineer"}
SYSTEMS = {"Care database": "database", "care-db": "database"}
SECRETS = st.sampled_from(
    [
        "rhys.gould@fernshire.example.org",
        "10.20.30.40",
        "192.168.0.0/16",
        "2001:db8::ff00:42:8329",
        "00:1b:44:11:3a:b7",
        "01632 960 999",
        "+44 1632 960999",
        "(01632) 960 999 ext 12",
        "https://wiki.fernshire.example.org/a/b",
        "db01.fernshire.local",
        "FW-EDGE-02",
        "srv-db01",
        "Rhys Gould",
        "Rhys",
        "Care database",
        "care-db",
    ]
)
PLAIN = st.sampled_from(
    [
        "the firewall",
        "at 08:12,",
        "on 22 November 2026",
        "a P1",
        "120 people",
        "Windows 11",
        "2.5 hours",
        "It was",
    ]
)


class TestRedacting:
    @given(st.lists(st.one_of(SECRETS, PLAIN), min_size=1, max_size=12))
    def test_leaves_nothing_in_that_should_be_out(self, pieces: list[str]) -> None:
        found = redacting.redact(" ".join(pieces), people=NAMES, systems=SYSTEMS)
        assert redacting.still_there(found.text, people=NAMES, systems=SYSTEMS) == ()
        again = redacting.redact(found.text, people=NAMES, systems=SYSTEMS)
        assert again.text == found.text

    @given(SECRETS, PLAIN, PLAIN)
    def test_finds_each_wherever_it_stands(self, secret: str, before: str, after: str) -> None:
        for text in (
            f"{before} {secret} {after}",
            f"({secret})",
            f"{secret}.",
            f"{before}\n{secret}, {after}",
        ):
            assert secret not in redacting.redact(text, people=NAMES, systems=SYSTEMS).text

    @given(st.lists(PLAIN, max_size=10))
    def test_leaves_in_what_is_nobodys(self, pieces: list[str]) -> None:
        text = " ".join(pieces)
        assert redacting.redact(text, people=NAMES, systems=SYSTEMS).text == text

    def test_says_what_it_has_taken_out(self) -> None:
        found = redacting.redact("Rhys rang 01632 960 999", people=NAMES, systems={})
        assert {(each.found, each.instead) for each in found.marks} == {
            ("Rhys", "[platform engineer]"),
            ("01632 960 999", "[phone number]"),
        }


class TestAnAction:
    @pytest.mark.parametrize(
        ("due", "closed", "is_now"),
        [
            (date(2026, 11, 23), "", "open"),
            (date(2026, 11, 22), "", "overdue"),
            (date(2026, 11, 1), "done", "done"),
            (date(2026, 11, 1), "dropped", "dropped"),
        ],
    )
    def test_stands(self, due: date, closed: str, is_now: str) -> None:
        found = rules.action_standing(
            due_on=due, is_done=bool(closed), dropped=closed == "dropped", today=date(2026, 11, 23)
        )
        assert found == is_now
