"""The pages of major incidents: the room, the report and its review, the text for everybody, outages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.servicedesk.actions.publishing import save_public
from moothall.servicedesk.models import LessonAction, Major, Notice, Outage, RoomEntry
from tests.servicedesk.leading import Led, make_led
from tests.workplace.desk_pages import CONFLICT, FOUND, NOT_FOUND, REFUSED, UNPROCESSABLE, text_of

OK = 200
WHY = "a test of the pages of major incidents"


@dataclass(frozen=True)
class Pages:
    """A desk that leads major incidents, and the browsers of its people."""

    led: Led

    def browser(self, who: str) -> Client:
        client = Client()
        client.force_login(self.led.staff[who].user)
        return client

    def make(self, how: Callable[..., Major], **facts: Any) -> Major:
        with scope.everything(WHY):
            made = how(now=facts.pop("now", timezone.now() - timedelta(minutes=40)), **facts)
        return self.again(made)

    def again(self, major: Major) -> Major:
        found: Major = Major.unscoped(WHY).select_related("case").get(pk=major.pk)
        return found

    def lines(self, major: Major) -> list[str]:
        rows = RoomEntry.unscoped(WHY).filter(major=major).order_by("pk")
        return list(rows.values_list("text", flat=True))


@pytest.fixture
def pages(db: None, settings: Settings, tmp_path: Path) -> Pages:
    settings.SECOND_FACTOR = "off"
    settings.FILES_ROOT = tmp_path
    with scope.everything(WHY):
        return Pages(make_led())


def at(major: Major, page: str = "") -> str:
    return f"/work/desk/majors/{major.case.reference}/{page}"


class TestTheList:
    def test_shows_what_is_going_on_and_what_was(self, pages: Pages) -> None:
        now, before = pages.make(pages.led.major), pages.make(pages.led.restored, item_id=None)
        shown = text_of(pages.browser("analyst").get("/work/desk/majors/"))
        assert "Going on now" in shown
        assert now.case.reference in shown
        assert before.case.reference in shown

    def test_says_in_words_that_nothing_is_going_on(self, pages: Pages) -> None:
        assert "No major incident is going on" in text_of(pages.browser("analyst").get("/work/desk/majors/"))

    @pytest.mark.parametrize("before", ["", "x", "2026-01-01T00:00:00+00:00_5", "_", "2026-13-01T00:00_1"])
    def test_goes_on_wherever_its_address_says(self, pages: Pages, before: str) -> None:
        assert pages.browser("analyst").get("/work/desk/majors/", {"before": before}).status_code == OK

    def test_is_for_those_who_may_see_them(self, pages: Pages) -> None:
        assert pages.browser("user").get("/work/desk/majors/").status_code == REFUSED


class TestTheRoom:
    def test_shows_what_is_known_at_a_glance(self, pages: Pages) -> None:
        major = pages.make(pages.led.major, impact="all-councils")
        shown = text_of(pages.browser("manager").get(at(major)))
        for words in ("160", "people hit", "10 minutes late", "Nobody yet", "Take the lead"):
            assert words.lower() in shown.lower()
        assert pages.led.desk.elm.name in shown

    def test_does_not_exist_for_another_council(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        assert pages.browser("client").get(at(major)).status_code == NOT_FOUND

    def test_takes_a_line(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        typed = {"kind": "action", "at": "", "text": "Called the supplier"}
        assert pages.browser("engineer").post(at(major, "write/"), typed).status_code == FOUND
        assert pages.lines(major)[-1] == "Called the supplier"

    @pytest.mark.parametrize("at_", ["00:01", "12.01am", "1/3/2026 9:30am", "1.3.2026 14:00"])
    def test_takes_a_time_as_it_is_written(self, pages: Pages, at_: str) -> None:
        major = pages.make(pages.led.major)
        typed = {"kind": "fact", "at": at_, "text": "It began"}
        assert pages.browser("engineer").post(at(major, "write/"), typed).status_code == FOUND
        line = RoomEntry.unscoped(WHY).get(major=major, text="It began")
        assert line.at <= timezone.now()
        assert (timezone.localtime(line.at).hour, timezone.localtime(line.at).minute) in {
            (0, 1),
            (9, 30),
            (14, 0),
        }

    @pytest.mark.parametrize("at_", ["half past nine", "25:00", "31/2/2026 9am", "9am tomorrow"])
    def test_keeps_what_was_typed_when_it_is_refused(self, pages: Pages, at_: str) -> None:
        major = pages.make(pages.led.major)
        answer = pages.browser("engineer").post(
            at(major, "write/"), {"kind": "fact", "at": at_, "text": "Line 3 is cut"}
        )
        assert answer.status_code == UNPROCESSABLE
        assert "Line 3 is cut" in text_of(answer)
        assert "Enter a time" in text_of(answer)

    def test_puts_a_line_right_and_shows_what_it_said(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        browser = pages.browser("manager")
        browser.post(at(major, "write/"), {"kind": "fact", "at": "", "text": "Line 3 is cut"})
        number = RoomEntry.unscoped(WHY).filter(major=major).order_by("-pk").values_list("pk", flat=True)[0]
        page = at(major, f"correct/{number}/")
        assert "Line 3 is cut" in text_of(browser.get(page))
        browser.post(page, {"at": "", "text": "Line 2 is cut"})
        shown = text_of(browser.get(at(major)))
        assert "<s>Line 3 is cut</s>" in shown
        assert "Line 2 is cut" in shown

    def test_gives_its_script_the_same_pieces_and_no_more(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        shown = text_of(pages.browser("analyst").get(at(major, "lines/")))
        assert "data-lines" in shown
        assert "data-due" in shown
        assert "<html" not in shown

    def test_costs_no_more_with_a_long_timeline(
        self, pages: Pages, django_assert_max_num_queries: Any
    ) -> None:
        major = pages.make(pages.led.major)
        browser = pages.browser("manager")
        browser.get(at(major))
        with scope.everything(WHY):
            for number in range(40):
                RoomEntry.objects.create(
                    council_id=major.council_id,
                    major=major,
                    text=f"Line {number}",
                    at=timezone.now(),
                    written_at=timezone.now(),
                    by="Somebody",
                )
        with django_assert_max_num_queries(35):
            browser.get(at(major))


class TestWhatIsDoneInIt:
    def test_leads_it(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        browser = pages.browser("manager")
        assert "Take the lead" in text_of(browser.get(at(major, "lead/")))
        typed = {"manager": pages.led.manager.staff_id, "bridge": "01632 960 999", "every_minutes": 15}
        assert browser.post(at(major, "lead/"), typed).status_code == FOUND
        assert pages.again(major).bridge == "01632 960 999"

    @pytest.mark.parametrize(
        "page", ["lead/", "call/", "tell/", "away/", "restore/", "stand-down/", "again/"]
    )
    def test_is_for_those_who_lead(self, pages: Pages, page: str) -> None:
        major = pages.make(pages.led.major)
        assert pages.browser("analyst").get(at(major, page)).status_code == REFUSED
        assert pages.browser("manager").get(at(major, page)).status_code == OK

    def test_tells_each_council_its_own_words(self, pages: Pages) -> None:
        major = pages.make(pages.led.major, impact="all-councils")
        ash, elm = pages.led.desk.ash.pk, pages.led.desk.elm.pk
        typed = {"councils": [ash, elm], "text": "We are on it.", f"text_{elm}": "Use paper."}
        assert pages.browser("manager").post(at(major, "tell/"), typed).status_code == FOUND
        told = dict(Notice.unscoped(WHY).values_list("council_id", "text"))
        assert told == {ash: "We are on it.", elm: "Use paper."}

    def test_says_at_its_question_that_words_are_missing(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        answer = pages.browser("manager").post(
            at(major, "tell/"), {"councils": [pages.led.desk.ash.pk], "text": ""}
        )
        assert answer.status_code == UNPROCESSABLE
        assert "Enter what users are told." in text_of(answer)

    def test_calls_somebody_in(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        browser = pages.browser("manager")
        browser.post(at(major, "call/"), {"staff": pages.led.staff["engineer"].pk, "name": "", "role": ""})
        shown = text_of(browser.get(at(major)))
        assert "Has answered" in shown

    def test_takes_back_that_a_council_was_hit(self, pages: Pages) -> None:
        major = pages.make(pages.led.major, impact="all-councils")
        outage = Outage.unscoped(WHY).get(major=major, council=pages.led.desk.elm)
        pages.browser("manager").post(at(major, f"back/{outage.pk}/"), {"never": "yes"})
        outage = Outage.unscoped(WHY).get(pk=outage.pk)
        assert outage.ended_at == outage.started_at
        shown = text_of(pages.browser("manager").get(at(major)))
        assert f"at {pages.led.desk.elm.name}" not in shown

    def test_restores_the_service(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        answer = pages.browser("manager").post(
            at(major, "restore/"), {"fix": "Restarted", "at": ""}, follow=True
        )
        assert "Write the report" in text_of(answer)
        assert pages.again(major).state == "restored"

    def test_stands_it_down_and_opens_it_again(self, pages: Pages) -> None:
        major = pages.make(pages.led.major)
        browser = pages.browser("manager")
        assert browser.post(at(major, "stand-down/"), {"why": ""}).status_code == UNPROCESSABLE
        browser.post(at(major, "stand-down/"), {"why": "One printer."})
        assert pages.again(major).state == "stood-down"
        browser.post(at(major, "again/"), {"why": "All printers."})
        assert pages.again(major).state == "open"


class TestTheReport:
    def typed(self, pages: Pages, **more: Any) -> dict[str, Any]:
        return {
            "summary": "It was away.",
            "cause": "change",
            "cause_item": pages.led.item.pk,
            "cause_owner": "shared",
            "root_cause": "A rule was removed.",
            "went_well": "",
            "lessons": "Try it out.",
            **more,
        }

    def test_begins_from_the_timeline(self, pages: Pages) -> None:
        major = pages.make(pages.led.restored)
        assert "The service is back. The rule is back." in text_of(
            pages.browser("manager").get(at(major, "report/"))
        )

    def test_says_what_is_missing_and_keeps_what_was_typed(self, pages: Pages) -> None:
        major = pages.make(pages.led.restored)
        answer = pages.browser("manager").post(
            at(major, "report/keep/"), self.typed(pages, lessons="", then="send")
        )
        assert answer.status_code == UNPROCESSABLE
        assert "Enter what was learned." in text_of(answer)
        assert "Add at least one action" in text_of(answer)
        assert "A rule was removed." in text_of(answer)

    def test_goes_to_review_and_is_voted_on(self, pages: Pages) -> None:
        major = pages.make(pages.led.restored)
        browser = pages.browser("manager")
        due = timezone.localdate() + timedelta(days=20)
        action = {
            "text": "Try rules out",
            "owner": pages.led.staff["engineer"].pk,
            "due_on_day": due.day,
            "due_on_month": due.month,
            "due_on_year": due.year,
        }
        assert browser.post(at(major, "actions/"), action).status_code == FOUND
        assert browser.post(at(major, "report/keep/"), self.typed(pages, then="send")).status_code == FOUND
        client = pages.browser("ash_client")
        assert "Review by the councils" in text_of(client.get(at(major, "report/")))
        against = client.post(at(major, "vote/"), {"choice": "against", "text": ""})
        assert against.status_code == UNPROCESSABLE
        assert client.post(at(major, "vote/"), {"choice": "for", "text": ""}).status_code == FOUND
        assert pages.again(major).state == "closed"

    def test_is_read_by_whoever_sees_it_and_written_by_none_of_them(self, pages: Pages) -> None:
        major = pages.make(pages.led.restored)
        client = pages.browser("ash_client")
        assert "Keep it as it stands" not in text_of(client.get(at(major, "report/")))
        assert client.post(at(major, "report/keep/"), self.typed(pages)).status_code == REFUSED

    def test_points_to_what_was_left_undone_before(self, pages: Pages) -> None:
        pages.make(pages.led.approved, now=timezone.now() - timedelta(days=60))
        major = pages.make(pages.led.major)
        for page in ("", "report/"):
            assert "Try rules out first" in text_of(pages.browser("manager").get(at(major, page)))


class TestAnAction:
    def test_is_closed_in_words_by_its_owner(self, pages: Pages) -> None:
        major = pages.make(pages.led.approved, now=timezone.now() - timedelta(days=4))
        action = LessonAction.unscoped(WHY).get(major=major)
        page = at(major, f"actions/{action.pk}/")
        owner = pages.browser("engineer")
        assert owner.post(page, {"how": "done", "text": ""}).status_code == UNPROCESSABLE
        owner.post(page, {"how": "done", "text": "There is a test bed."})
        assert "There is a test bed." in text_of(owner.get(page))

    def test_is_not_closed_by_others(self, pages: Pages) -> None:
        major = pages.make(pages.led.approved, now=timezone.now() - timedelta(days=4))
        action = LessonAction.unscoped(WHY).get(major=major)
        other = pages.browser("analyst")
        page = at(major, f"actions/{action.pk}/")
        assert "Close the action" not in text_of(other.get(page))
        assert other.post(page, {"how": "done", "text": "Done."}).status_code == CONFLICT


class TestTheWeeklyReview:
    def test_shows_reports_and_actions_by_council(self, pages: Pages) -> None:
        major = pages.make(pages.led.written, now=timezone.now() - timedelta(days=2))
        shown = text_of(pages.browser("ash_client").get("/work/desk/reviews/"))
        assert major.case.reference in shown
        assert "In review" in shown
        assert "Try rules out first" in shown

    def test_says_that_nothing_is_open(self, pages: Pages) -> None:
        shown = text_of(pages.browser("ash_client").get("/work/desk/reviews/"))
        assert "Every report is approved." in shown
        assert "Everything that was promised is done." in shown


class TestTheTextForEverybody:
    def test_stands_beside_the_report_and_is_published_by_another(self, pages: Pages) -> None:
        major = pages.make(pages.led.approved, now=timezone.now() - timedelta(days=4))
        manager = pages.browser("manager")
        assert "[machine]" in text_of(manager.get(at(major, "public/")))
        manager.post(at(major, "public/keep/"), {"text": "## Why\n\nA rule was removed."})
        assert "somebody else has to read and publish it" in text_of(manager.get(at(major, "public/")))
        assert manager.post(at(major, "public/publish/")).status_code == CONFLICT
        with scope.everything(WHY):
            Major.objects.filter(pk=major.pk).update(public_by=pages.led.staff["analyst"])
        assert manager.post(at(major, "public/publish/")).status_code == FOUND
        ash, elm = pages.led.desk.ash.code, pages.led.desk.elm.code
        public = Client().get(f"/{ash}/service-reports/{major.case.reference}/")
        assert "A rule was removed." in text_of(public)
        assert "<h2" in text_of(public)
        assert Client().get(f"/{elm}/service-reports/{major.case.reference}/").status_code == NOT_FOUND
        manager.post(at(major, "public/take-back/"))
        assert "has not published any report" in text_of(Client().get(f"/{ash}/service-reports/"))

    def test_is_not_public_before_it_is_published(self, pages: Pages) -> None:
        major = pages.make(pages.led.approved, now=timezone.now() - timedelta(days=4))
        with scope.everything(WHY):
            save_public(by=pages.led.manager, major_id=major.pk, text="Secret.", now=timezone.now())
        page = f"/{pages.led.desk.ash.code}/service-reports/{major.case.reference}/"
        assert Client().get(page).status_code == NOT_FOUND


class TestOutages:
    def test_are_recorded_said_and_ended(self, pages: Pages) -> None:
        browser = pages.browser("analyst")
        typed = {
            "council": pages.led.desk.ash.pk,
            "item": pages.led.item.pk,
            "started_at": "",
            "users": "",
            "public": "Use paper.",
        }
        assert browser.post("/work/desk/outages/new/", typed).status_code == FOUND
        assert "Use paper." in text_of(browser.get("/work/desk/outages/"))
        outage = Outage.unscoped(WHY).get()
        assert outage.users == 120
        assert browser.post("/work/desk/outages/new/", typed).status_code == UNPROCESSABLE
        browser.post(f"/work/desk/outages/{outage.pk}/say/", {"users": "12", "public": "Soon."})
        browser.post(f"/work/desk/outages/{outage.pk}/end/")
        outage = Outage.unscoped(WHY).get()
        assert (outage.users, outage.public) == (12, "Soon.")
        assert outage.ended_at is not None

    def test_are_planned_over_midnight(self, pages: Pages) -> None:
        day = timezone.localdate() + timedelta(days=3)
        typed = {
            "council": pages.led.desk.ash.pk,
            "item": pages.led.item.pk,
            "day_day": day.day,
            "day_month": day.month,
            "day_year": day.year,
            "begins": "10pm",
            "ends": "2am",
            "reason": "New disks",
            "public": "",
        }
        browser = pages.browser("manager")
        assert browser.post("/work/desk/outages/plan/", typed).status_code == FOUND
        outage = Outage.unscoped(WHY).get()
        assert outage.ended_at is not None
        assert outage.ended_at - outage.started_at == timedelta(hours=4)
        assert "New disks" in text_of(browser.get("/work/desk/outages/"))
        again = browser.post("/work/desk/outages/plan/", typed)
        assert again.status_code == UNPROCESSABLE
        assert "overlaps" in text_of(again)

    def test_of_another_council_do_not_exist(self, pages: Pages) -> None:
        pages.make(pages.led.major)
        outage = Outage.unscoped(WHY).get()
        client = pages.browser("client")
        assert client.get(f"/work/desk/outages/{outage.pk}/").status_code == NOT_FOUND
        assert "Everything is there." in text_of(client.get("/work/desk/outages/"))
