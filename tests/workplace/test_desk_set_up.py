"""The pages that set up the desk and help it: rules, rotas, replies, recurring work, filters, escalation."""

from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.messages.models import Message
from moothall.servicedesk.actions import on_call, replies, routing
from moothall.servicedesk.actions.on_call import Duty
from moothall.servicedesk.actions.routing import Wanted
from moothall.servicedesk.models import (
    AssignmentRule,
    CannedReply,
    CatalogueItem,
    Escalation,
    Recurring,
    SavedFilter,
    Shift,
)
from moothall.servicedesk.queries import routing as rules_of
from tests.servicedesk.desked import Desk, an_incident
from tests.workplace.desk_sets import make_set_up, page, send, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Settings, tmp_path: Path) -> Desk:
    return make_set_up(settings, tmp_path)


class TestSettingUp:
    def test_leads_to_every_part_and_says_how_it_stands(self, desk: Desk) -> None:
        shown = page(desk, "set-up/")
        for part in (
            "Assignment rules",
            "On-call rotas",
            "Request catalogue",
            "Canned replies",
            "Recurring work",
        ):
            assert part in shown
        assert "Nobody is on call now" in shown

    def test_is_for_those_who_set_up_the_desk(self, desk: Desk) -> None:
        page(desk, "set-up/", "analyst", 403)
        page(desk, "rules/", "analyst", 403)

    def test_shows_what_to_do_where_there_is_nothing_yet(self, desk: Desk) -> None:
        for path, said in (
            ("rules/", "There are no rules yet"),
            ("catalogue/", "Nothing is offered yet"),
            ("replies/", "There are no replies yet"),
            ("recurring/", "Nothing comes again yet"),
            ("articles/", "There are no articles yet"),
            ("articles/?tab=waiting", "Nothing waits"),
            ("articles/?tab=due", "Nothing is due"),
            ("articles/?tab=retired", "Nothing is retired"),
            ("articles/?q=zebra", "Nothing was found"),
            ("filters/", "You have no filters yet"),
            ("on-call/", "Nobody is on call this week"),
        ):
            assert said in page(desk, path), path


class TestRules:
    FORM: ClassVar[dict[str, Any]] = {
        "title": "VPN",
        "words": "vpn",
        "pick": "in-turn",
        "active": "on",
        "at_most_priority": "0",
    }

    def test_are_written_on_one_page_and_listed_in_words(self, desk: Desk) -> None:
        response = send(desk, "rules/new/", team=desk.platforms.pk, council=desk.elm.pk, **self.FORM)
        assert response.status_code == 302
        rule = AssignmentRule.objects.get()
        assert (rule.team, rule.council, rule.pick) == (desk.platforms, desk.elm, "in-turn")
        shown = page(desk, "rules/")
        assert f"Calls of {desk.elm.name}, with one of the words: vpn: to" in shown

    def test_that_miss_something_say_so_at_the_question_and_keep_what_was_typed(self, desk: Desk) -> None:
        response = send(desk, "rules/new/", **(self.FORM | {"title": "", "words": "kept words"}))
        assert response.status_code == 422
        assert "Enter a name" in text_of(response)
        assert "Choose a team" in text_of(response)
        assert "kept words" in text_of(response)

    def test_are_moved_by_a_button(self, desk: Desk) -> None:
        first, second = a_rule(desk, "First"), a_rule(desk, "Second")
        response = send(desk, f"rules/{second.pk}/move/", way="up")
        assert response["Location"] == f"/work/desk/rules/#rule-{second.pk}"
        with scope.everything("looking in a test"):
            assert list(rules_of.rules_to_keep(desk.manager)) == [second, first]

    def test_are_changed_and_deleted(self, desk: Desk) -> None:
        rule = a_rule(desk, "First")
        assert 'value="First"' in page(desk, f"rules/{rule.pk}/")
        changed: dict[str, Any] = self.FORM | {"title": "Other", "active": ""}
        assert send(desk, f"rules/{rule.pk}/", team=desk.platforms.pk, **changed).status_code == 302
        rule.refresh_from_db()
        assert (rule.title, rule.active) == ("Other", False)
        assert "Switched off" in page(desk, "rules/")
        send(desk, f"rules/{rule.pk}/delete/")
        assert not AssignmentRule.objects.exists()

    def test_are_tried_out_without_logging_anything(self, desk: Desk) -> None:
        rule = a_rule(desk, "VPN", words="vpn")
        query = f"?council={desk.ash.pk}&kind=incident&channel=phone&priority=3&text=My+VPN"
        shown = page(desk, f"rules/try/{query}")
        assert "It would go to Platforms" in shown
        rule.refresh_from_db()
        assert rule.used == 0
        assert "It would stay with the service desk" in page(desk, f"rules/try/{query[:-3]}bus")

    def test_of_another_desk_are_not_there(self, desk: Desk) -> None:
        page(desk, "rules/987654/", status=404)


def a_rule(desk: Desk, title: str, **facts: Any) -> AssignmentRule:
    wanted = Wanted(title=title, team_id=desk.platforms.pk, **facts)
    with scope.everything("making a rule for a test"):
        return routing.keep_rule(by=desk.manager, wanted=wanted, now=timezone.now())


class TestTheRota:
    def test_shows_who_is_on_call_now_and_this_week(self, desk: Desk) -> None:
        now = timezone.now()
        duty = Duty(
            desk.staff["analyst"].pk,
            now - timedelta(hours=1),
            now + timedelta(hours=1),
            desk.staff["colleague"].pk,
            "01632 960 111",
        )
        with scope.everything("making a shift for a test"):
            on_call.keep_shift(by=desk.manager, team_id=desk.desk.pk, duty=duty, now=now)
        shown = page(desk, f"on-call/?team={desk.desk.pk}")
        assert str(desk.staff["analyst"]) in shown
        assert 'href="tel:01632960111"' in shown
        assert "Nobody is on call from" in shown
        assert "Not covered in the next four weeks" in shown

    def test_of_ones_own_team_is_there_for_an_analyst_who_cannot_change_it(self, desk: Desk) -> None:
        shown = page(desk, "on-call/", "analyst")
        assert "Service desk" in shown
        assert "Add a shift" not in shown

    def test_gets_a_shift_with_days_and_times_of_london(self, desk: Desk) -> None:
        path = f"on-call/team/{desk.desk.pk}/new/"
        response = send(desk, path, **(SHIFT | {"staff": desk.staff["analyst"].pk}))
        assert response.status_code == 302
        shift = Shift.objects.get()
        assert shift.starts_at.isoformat() == "2027-07-02T16:00:00+00:00"
        assert (shift.ends_at - shift.starts_at).total_seconds() == 16 * 3600

    def test_says_at_the_question_what_is_wrong_with_a_shift(self, desk: Desk) -> None:
        path = f"on-call/team/{desk.desk.pk}/new/"
        wrong: dict[str, Any] = SHIFT | {
            "staff": desk.staff["analyst"].pk,
            "starts": "tea time",
            "last_day_day": "31",
        }
        shown = text_of(send(desk, path, **wrong))
        assert "Enter a time, like 9am or 17:30" in shown
        assert "tea time" in shown
        backwards: dict[str, Any] = SHIFT | {"staff": desk.staff["analyst"].pk, "last_day_day": "1"}
        assert "The end must be after the start" in text_of(send(desk, path, **backwards))

    def test_is_made_from_a_pattern_and_swapped(self, desk: Desk) -> None:
        data: dict[str, Any] = {
            "first_day": "5", "first_month": "7", "first_year": "2027", "weeks": "4", "phone": "",
            "turn_1": desk.staff["analyst"].pk, "turn_2": desk.staff["colleague"].pk, "turn_3": "",
        }  # fmt: skip
        assert send(desk, f"on-call/team/{desk.desk.pk}/pattern/", **data).status_code == 302
        one, other, *_ = Shift.objects.order_by("starts_at")
        assert Shift.objects.count() == 4
        shown = page(desk, f"on-call/?team={desk.desk.pk}&week=2027-07-07")
        assert "Swap" in shown
        twice: dict[str, Any] = data | {"first_year": "2028", "turn_2": desk.staff["analyst"].pk}
        assert "Choose each person once" in text_of(
            send(desk, f"on-call/team/{desk.desk.pk}/pattern/", **twice)
        )
        again = send(desk, f"on-call/team/{desk.desk.pk}/pattern/", **data)
        assert again.status_code == 422
        assert "Somebody is on call already" in text_of(again)
        page(desk, f"on-call/{one.pk}/swap/")
        with scope.everything("swapping in a test"):
            on_call.swap(by=desk.manager, shift_id=one.pk, other_id=other.pk, now=timezone.now())
        assert page(desk, f"on-call/{one.pk}/")
        send(desk, f"on-call/{one.pk}/delete/")
        assert Shift.objects.count() == 3


SHIFT: dict[str, Any] = {
    "second": "", "phone": "", "first_day_day": "2", "first_day_month": "7", "first_day_year": "2027",
    "starts": "5pm", "last_day_day": "3", "last_day_month": "7", "last_day_year": "2027", "ends": "09:00",
}  # fmt: skip


class TestTheCatalogue:
    FORM: ClassVar[dict[str, Any]] = {
        "title": "Second screen", "description": "For your desk.", "category": "Equipment", "ask": "Which room?",
        "approval": "budget", "price": "£150", "offered": "on",
    }  # fmt: skip

    def test_gets_something_new_that_can_be_changed(self, desk: Desk) -> None:
        assert send(desk, "catalogue-new/", team=desk.platforms.pk, **self.FORM).status_code == 302
        item = CatalogueItem.objects.get()
        assert (item.key, item.price_pence, item.team) == ("second-screen", 15_000, desk.platforms)
        assert "£150" in page(desk, "catalogue/")
        page(desk, "catalogue/second-screen/")
        send(desk, "catalogue/second-screen/", **(self.FORM | {"offered": ""}))
        assert "Not offered" in page(desk, "catalogue/")

    def test_refuses_a_price_that_is_none(self, desk: Desk) -> None:
        response = send(desk, "catalogue-new/", **(self.FORM | {"price": "a lot"}))
        assert response.status_code == 422
        assert "Enter a price, like 150 or 12.50" in text_of(response)


class TestReplies:
    def test_are_written_listed_and_deleted_by_an_analyst(self, desk: Desk) -> None:
        form: dict[str, Any] = {"team": desk.desk.pk, "title": "Seen", "text": "Dear {name}"}
        assert send(desk, "replies/new/", "analyst", **form).status_code == 302
        reply = CannedReply.objects.get()
        assert "Dear {name}" in page(desk, "replies/", "analyst")
        page(desk, f"replies/{reply.pk}/", "analyst")
        wrong = send(desk, f"replies/{reply.pk}/", "analyst", **(form | {"text": "Dear {nam}"}))
        assert wrong.status_code == 422
        assert "{nam} stands for nothing here" in text_of(wrong)
        send(desk, f"replies/{reply.pk}/delete/", "analyst")
        assert not CannedReply.objects.exists()

    def test_of_a_team_elsewhere_are_not_there(self, desk: Desk) -> None:
        with scope.everything("making a reply for a test"):
            reply = replies.write_reply(
                by=desk.analyst, team_id=desk.desk.pk, title="x", text="x", now=timezone.now()
            )
        page(desk, f"replies/{reply.pk}/", "client", 403)


class TestRecurringWork:
    def form(self, desk: Desk, **facts: Any) -> dict[str, Any]:
        given = {
            "title": "Checks",
            "detail": "",
            "council": desk.ash.pk,
            "team": desk.platforms.pk,
            "item": "",
        }
        return given | {"schedule": "0 7 * * 1", "active": "on"} | facts

    def test_shows_the_next_five_dates_before_it_is_kept(self, desk: Desk) -> None:
        shown = text_of(send(desk, "recurring/new/", check="yes", **self.form(desk)))
        assert "At 07:00 on Monday" in shown
        assert shown.count(" at 7am</li>") == 5
        assert not Recurring.unscoped("a test").exists()

    def test_that_is_only_looked_at_is_not_judged(self, desk: Desk) -> None:
        response = send(desk, "recurring/new/", check="yes", schedule="0 7 * * 1", title="")
        assert response.status_code == 200
        assert "Enter what is to be done" not in text_of(response)
        wrong = send(desk, "recurring/new/", check="yes", schedule="on Mondays")
        assert wrong.status_code == 422
        assert "is not a schedule that we can read" in text_of(wrong)

    def test_is_kept_changed_and_deleted(self, desk: Desk) -> None:
        assert send(desk, "recurring/new/", **self.form(desk)).status_code == 302
        work = Recurring.unscoped("a test").get()
        assert "Checks" in page(desk, "recurring/")
        assert "At 07:00 on Monday" in page(desk, f"recurring/{work.pk}/")
        send(desk, f"recurring/{work.pk}/", **self.form(desk, active=""))
        assert "Does not run" in page(desk, "recurring/")
        send(desk, f"recurring/{work.pk}/delete/")
        assert not Recurring.unscoped("a test").exists()

    def test_refuses_a_schedule_that_cannot_be_read(self, desk: Desk) -> None:
        response = send(desk, "recurring/new/", **self.form(desk, schedule="on Mondays"))
        assert response.status_code == 422
        assert "is not a schedule that we can read" in text_of(response)


class TestSavedFilters:
    def test_keep_the_view_one_came_from(self, desk: Desk) -> None:
        shown = page(desk, "filters/?tab=team&late=on&after=x", "analyst")
        assert "Save this view" in shown
        response = send(desk, "filters/", "analyst", name="Late", team="", query="tab=team&late=on")
        assert response["Location"] == "/work/desk/?tab=team&late=on"
        assert "Late" in page(desk, "filters/", "analyst")

    def test_are_shared_changed_and_deleted(self, desk: Desk) -> None:
        send(desk, "filters/", "analyst", name="Late", team=desk.desk.pk, query="late=on")
        saved = SavedFilter.objects.get()
        assert "Shared by" in page(desk, "filters/", "colleague")
        page(desk, f"filters/{saved.pk}/", "colleague", 404)
        send(desk, f"filters/{saved.pk}/", "analyst", name="Very late", team="", query="")
        saved.refresh_from_db()
        assert (saved.name, saved.team, saved.query) == ("Very late", None, "late=on")
        send(desk, f"filters/{saved.pk}/delete/", "analyst")
        assert not SavedFilter.objects.exists()


class TestRaisingACall:
    def test_goes_to_the_next_rung_with_an_email_and_back_to_the_call(self, desk: Desk) -> None:
        with scope.everything("logging a call for a test"):
            call = an_incident(desk, now=timezone.now())
        shown = page(desk, f"escalate/{call.reference}/", "analyst")
        assert "Lead of the team" in shown
        assert "Nobody is named" in shown
        wrong = send(desk, f"escalate/{call.reference}/", "analyst", rung="lead", why="")
        assert wrong.status_code == 422
        done = send(desk, f"escalate/{call.reference}/", "analyst", rung="lead", why="It burns")
        assert done["Location"] == f"/work/desk/call/{call.reference}/"
        assert Escalation.unscoped("a test").get().why == "It burns"
        assert Message.unscoped("a test").filter(to=desk.staff["manager"].user.email).count() == 1
        again = send(desk, f"escalate/{call.reference}/", "analyst", rung="lead", why="It burns")
        assert again.status_code == 422

    def test_is_not_there_for_whom_the_call_is_not(self, desk: Desk) -> None:
        with scope.everything("logging a call for a test"):
            call = an_incident(desk, now=timezone.now())
        page(desk, f"escalate/{call.reference}/", "client", 403)
