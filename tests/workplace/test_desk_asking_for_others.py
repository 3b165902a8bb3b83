"""Asking for something on behalf of a colleague, and at the desk for whoever is on the phone: the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.process import store
from moothall.servicedesk.actions import working
from moothall.servicedesk.models import Call
from moothall.workplace.queries.desk.calls_talk import users_talk
from tests.makers import make_staff, make_user
from tests.workplace.desk_pages import FOUND, QUEUE, UNPROCESSABLE, Pages, page_of, text_of
from tests.workplace.test_desk_self_service import HELP, MINE, wish

pytestmark = pytest.mark.django_db
ASK = f"{HELP}ask/screen/"
FORM = {"detail": "Room 12.", "urgency": "yes", "submission": "0123456789abcdef"}


@pytest.fixture
def starter(pages: Pages) -> Staff:
    """Return somebody who begins at Ash; the catalogue offers them a screen."""
    wish(approval="none")
    with scope.everything("somebody begins in a test"):
        user = make_user(name="Nia New", email="nia@ash.example")
        return make_staff(council=pages.desk.ash, user=user, job_title="Planner")


def asked(pages: Pages, starter: Staff, who: str = "user", **more: Any) -> Call:
    response = pages.browser(who).post(ASK, FORM | {"for": starter.pk} | more)
    assert response.status_code == FOUND
    call: Call = Call.unscoped("a test").select_related("asked_by").get()
    return call


def test_a_colleague_is_found_by_name_and_asked_for(pages: Pages, starter: Staff) -> None:
    browser = pages.browser("user")
    assert "Is it for somebody else?" in text_of(browser.get(ASK))
    text = text_of(browser.get(ASK, {"q": "nia"}))
    assert f'href="?for={starter.pk}"' in text
    assert "Planner" in text
    text = text_of(browser.get(ASK, {"for": starter.pk}))
    assert "For <strong>Nia New</strong>" in text
    assert "Can their work go on without it?" in text
    response = browser.post(ASK, FORM | {"for": starter.pk}, follow=True)
    assert "Nia New has been told." in text_of(response)
    call = Call.unscoped("a test").get()
    assert (call.requester_id, call.asked_by_id) == (starter.user_id, pages.desk.user.actor.user_id)


def test_what_is_missing_is_said_and_the_colleague_stays_chosen(pages: Pages, starter: Staff) -> None:
    response = pages.browser("user").post(ASK, FORM | {"for": starter.pk, "detail": "", "urgency": ""})
    assert response.status_code == UNPROCESSABLE
    text = text_of(response)
    assert "Answer “For which desk?”" in text
    assert "Choose whether their work can go on" in text
    assert "For <strong>Nia New</strong>" in text


def test_people_elsewhere_are_as_unknown_as_people_who_do_not_exist(pages: Pages, starter: Staff) -> None:
    theirs, browser = pages.desk.staff["elm_user"], pages.browser("user")
    texts = []
    for number in (theirs.pk, 10**9):
        response = browser.post(ASK, FORM | {"for": number})
        assert response.status_code == UNPROCESSABLE
        texts.append(text_of(response))
        assert "We cannot find that person at your council." in texts[-1]
        assert browser.get(ASK, {"for": number}).status_code == UNPROCESSABLE
    assert theirs.user.name not in texts[0]
    for words in (theirs.user.name, theirs.user.email, "Nobody Here"):
        assert "Nobody for whom you can ask is called" in text_of(browser.get(ASK, {"q": words}))
    assert not Call.unscoped("a test").exists()


def test_both_see_it_and_each_reads_who_said_what(pages: Pages, starter: Staff) -> None:
    call = asked(pages, starter)
    name, mine = pages.user_name, f"{MINE}{call.reference}/"
    assert "You asked for Nia New" in text_of(pages.browser("user").get(MINE))
    assert (
        pages.browser("user")
        .post(f"{mine}say/", {"say-text": "On Monday.", "say-expected": pages.seq(call)})
        .status_code
        == FOUND
    )
    text = text_of(pages.browser("user").get(mine))
    assert text.count("<strong>You</strong>") == 2
    starting = pages.browser("user")
    starting.force_login(starter.user)
    assert f"{name} asked for you" in text_of(starting.get(MINE))
    text = text_of(starting.get(mine))
    assert "<strong>You</strong>" not in text
    assert "On Monday." in text
    assert text.count(f"<strong>{name}</strong>") == 2


def test_the_desk_sees_for_whom_it_is_and_who_asked(pages: Pages, starter: Staff) -> None:
    call = asked(pages, starter)
    text = text_of(pages.browser("analyst").get(page_of(call)))
    assert "<dt>User</dt><dd>Nia New</dd>" in text
    assert f"<dt>Asked by</dt><dd>{pages.user_name}</dd>" in text


def test_notes_of_an_analyst_who_asked_stay_at_the_desk(pages: Pages, starter: Staff) -> None:
    call = asked(pages, starter, "analyst")
    now = timezone.now() + timedelta(minutes=1)
    with scope.everything("an analyst writes in a test"):
        working.note(by=pages.desk.analyst, call_id=call.pk, text="For the desk alone", now=now)
        working.user_answers(
            by=pages.desk.analyst,
            reference=call.reference,
            text="She starts on Monday",
            expected=None,
            now=now,
        )
        case = store.load(call.case_id)
        assert case is not None
        said = users_talk(call, case, starter.user_id)
        assert [each.text for each in said][1:] == ["She starts on Monday"]
        assert [each.yours for each in said] == [False, False]
        assert all(each.yours for each in users_talk(call, case, pages.desk.analyst.actor.user_id))


def test_the_desk_asks_from_the_catalogue_for_whoever_is_on_the_phone(pages: Pages, starter: Staff) -> None:
    browser, theirs = pages.browser("analyst"), pages.desk.staff["elm_user"]
    number = str(theirs.pk)
    text = text_of(browser.get(f"{QUEUE}new/", {"kind": "request", "caller": number}))
    assert f"{ASK}?for={theirs.pk}&amp;by=desk" in text
    assert "From the catalogue" not in text_of(browser.get(f"{QUEUE}new/", {"caller": number}))
    assert "How did it reach us?" in text_of(browser.get(ASK, {"for": number, "by": "desk"}))
    response = browser.post(ASK, FORM | {"for": number, "by": "desk", "channel": "face-to-face"})
    call = Call.unscoped("a test").get()
    assert response["Location"] == page_of(call)
    assert (call.channel, call.requester_id, call.asked_by_id) == ("face-to-face", theirs.user_id, None)


def test_nobody_asks_as_the_desk_who_logs_no_calls(pages: Pages, starter: Staff) -> None:
    text = text_of(pages.browser("user").get(ASK, {"for": str(starter.pk), "by": "desk"}))
    assert "How did it reach us?" not in text
    assert asked(pages, starter, by="desk", channel="phone").channel == "portal"
