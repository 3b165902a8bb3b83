"""Asking whoever was helped how it was: whom, how often, who may answer, and who reads it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.servicedesk import hooks
from moothall.servicedesk.actions.satisfaction import answer, ask_how_it_was, digest, mark_read
from moothall.servicedesk.errors.packs import AnswerKept, NoSuchQuestion, OwnWork, PackRefused
from moothall.servicedesk.models import Call, Survey
from moothall.servicedesk.queries.satisfaction import heard, teams_heard
from moothall.servicedesk.rules.satisfaction import Closed, is_asked
from tests.makers import make_staff, make_user, make_viewer
from tests.servicedesk.rows import Ground, make_call, make_ground

NOW = datetime.fromisoformat("2026-11-23T09:30:00+00:00")
SAM = "sam@example.org"
DONE = Closed("incident", "phone", "done", automatic=False, was_resolved=True, email=SAM)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    with scope.everything("making a desk for a test"):
        return make_ground(name="Ash Council")


def closed_call(ground: Ground, **facts: Any) -> Call:
    given = {"caller_email": SAM, "caller_name": "Sam", "ended": "done", "closed_at": NOW}
    return make_call(ground, NOW - timedelta(days=2), resolved=NOW - timedelta(days=1), **(given | facts))


def asked(ground: Ground, now: datetime = NOW, **facts: Any) -> tuple[Call, str]:
    """Ask about a closed call, and return the secret of the link that was sent."""
    with scope.everything("asking in a test"):
        call = closed_call(ground, **facts)
        ask_how_it_was(call, now)
        sent = Message.objects.get(about=f"survey:{call.survey.pk}")
    found = re.search(rf"/{ground.council.code}/rate/([\w-]+)/", sent.body)
    assert found is not None
    assert sent.to == call.caller_email
    return call, found[1]


def say(ground: Ground, secret: str, by: Viewer | None = None, now: datetime = NOW, **said: Any) -> Survey:
    given: dict[str, Any] = {"recommend": 9, "content": 5, "words": "Quick and kind."}
    viewer = by or Viewer.anonymous(ground.council.pk)
    with scope.only({ground.council.pk}):
        return answer(by=viewer, council=ground.council, secret=secret, now=now, **(given | said))


class TestWhoIsAsked:
    def test_is_whoever_was_helped(self) -> None:
        assert is_asked(DONE, [], NOW)

    @pytest.mark.parametrize(
        "other",
        [
            {"automatic": True}, {"ended": "merged"}, {"ended": "cancelled"}, {"ended": "moved"}, {"email": ""},
            {"kind": "change"}, {"channel": "import"}, {"channel": "monitoring"}, {"was_resolved": False},
        ],
    )  # fmt: skip
    def test_is_nobody_else(self, other: dict[str, Any]) -> None:
        assert not is_asked(replace(DONE, **other), [], NOW)

    def test_hears_of_it_when_a_call_closes(self) -> None:
        assert ask_how_it_was in hooks.closed

    def test_is_asked_at_most_once_a_fortnight(self, ground: Ground) -> None:
        asked(ground)
        with scope.everything("more calls close"):
            for days, times in ((1, 1), (13, 1), (14, 2)):
                ask_how_it_was(closed_call(ground), NOW + timedelta(days=days))
                assert Survey.objects.count() == times

    def test_is_asked_once_about_a_call(self, ground: Ground) -> None:
        call, _ = asked(ground)
        with scope.everything("it closes again"):
            ask_how_it_was(call, NOW + timedelta(days=30))
            assert Survey.objects.count() == 1

    def test_gets_a_link_of_which_only_a_digest_is_kept(self, ground: Ground) -> None:
        call, secret = asked(ground)
        with scope.everything("to look"):
            survey = Survey.objects.get(call=call)
        assert survey.secret_sha256 == digest(secret)
        assert secret not in str(vars(survey))


class TestAnswering:
    def test_takes_numbers_and_words(self, ground: Ground) -> None:
        _, secret = asked(ground)
        survey = say(ground, secret)
        assert (survey.recommend, survey.content, survey.words) == (9, 5, "Quick and kind.")

    def test_can_be_changed_for_a_week_and_no_longer(self, ground: Ground) -> None:
        _, secret = asked(ground)
        say(ground, secret)
        later = NOW + timedelta(days=6, hours=23)
        assert say(ground, secret, now=later, recommend=2).recommend == 2
        with pytest.raises(AnswerKept):
            say(ground, secret, now=NOW + timedelta(days=7), recommend=10)

    def test_is_not_possible_after_two_months(self, ground: Ground) -> None:
        _, secret = asked(ground)
        with pytest.raises(NoSuchQuestion):
            say(ground, secret, now=NOW + timedelta(days=60))

    @pytest.mark.parametrize("said", [{"recommend": 11}, {"recommend": None}, {"content": 0}, {"content": 6}])
    def test_refuses_numbers_that_are_none_of_these(self, ground: Ground, said: dict[str, Any]) -> None:
        _, secret = asked(ground)
        with pytest.raises(PackRefused):
            say(ground, secret, **said)

    def test_is_not_there_on_the_site_of_another_council_or_with_another_secret(self, ground: Ground) -> None:
        _, secret = asked(ground)
        with scope.everything("another council"):
            other = make_ground(name="Elm Council")
        for council, given in ((other, secret), (ground, f"{secret}x")):
            with pytest.raises(NoSuchQuestion):
                say(council, given)

    def test_is_refused_to_whoever_resolved_it_has_it_or_did_anything_to_it(self, ground: Ground) -> None:
        with scope.everything("making people for a test"):
            resolver, holder, noter, colleague = (
                make_staff(council=ground.council, roles=("desk-analyst",)) for _ in range(4)
            )
            call, secret = asked(ground, resolved_by=resolver, person=holder)
            call.case.events.create(
                council=ground.council, seq=1, at=NOW, kind="note", actor_kind="staff",
                actor_user=noter.user_id, actor_name="x",
            )  # fmt: skip
        for staff in (resolver, holder, noter):
            with pytest.raises(OwnWork):
                say(ground, secret, by=make_viewer(staff))
        say(ground, secret, by=make_viewer(colleague))

    def test_is_open_to_a_user_who_is_signed_in_and_answered_questions_on_it(self, ground: Ground) -> None:
        with scope.everything("making people for a test"):
            user = make_staff(council=ground.council, user=make_user(email=SAM))
            call, secret = asked(ground, requester=user.user)
            call.case.events.create(
                council=ground.council, seq=1, at=NOW, kind="note", actor_kind="staff",
                actor_user=user.user_id, actor_name="x",
            )  # fmt: skip
        assert say(ground, secret, by=make_viewer(user)).answered_at == NOW


class TestThePage:
    def test_asks_takes_and_thanks_without_signing_in(self, ground: Ground) -> None:
        _, secret = asked(ground, now=datetime.now(tz=NOW.tzinfo))
        browser, path = Client(), f"/{ground.council.code}/rate/{secret}/"
        assert "How was it?" in browser.get(path).content.decode()
        wrong = browser.post(path, {"recommend": "12", "words": "Kept & shown"})
        assert wrong.status_code == 422
        assert "Kept &amp; shown" in wrong.content.decode()
        assert "Select how content you are" in wrong.content.decode()
        done = browser.post(path, {"recommend": "3", "content": "2", "words": "Slow"}, follow=True)
        assert "Thank you" in done.content.decode()
        with scope.everything("to look"):
            assert Survey.objects.get().words == "Slow"

    def test_does_not_exist_for_a_link_that_is_none(self, ground: Ground) -> None:
        assert Client().get(f"/{ground.council.code}/rate/{'x' * 32}/").status_code == 404


class TestWhatATeamHears:
    def test_begins_with_what_nobody_has_read_and_the_lowest_scores(self, ground: Ground) -> None:
        with scope.everything("making answers for a test"):
            analyst = make_viewer(make_staff(council=ground.council, roles=("desk-analyst",)))
            for number, score in enumerate((9, 2, 7)):
                _, secret = asked(ground, caller_email=f"{number}@example.org")
                say(ground, secret, recommend=score)
        with scope.only({ground.council.pk}):
            found = heard(analyst, ground.desk, NOW)
            assert [each.recommend for each in found.answers] == [2, 7, 9]
            assert (found.asked, found.n, found.unread, found.score) == (3, 3, 3, None)
            mark_read(by=analyst, survey_id=found.answers[0].pk, now=NOW)
            assert [each.recommend for each in heard(analyst, ground.desk, NOW).answers] == [7, 9, 2]
            assert heard(analyst, ground.resolvers, NOW).answers == []
            assert teams_heard(analyst, NOW) == [ground.desk]

    def test_is_news_again_once_the_answer_is_changed(self, ground: Ground) -> None:
        with scope.everything("making an answer for a test"):
            analyst = make_viewer(make_staff(council=ground.council, roles=("desk-analyst",)))
        _, secret = asked(ground)
        survey = say(ground, secret)
        with scope.only({ground.council.pk}):
            mark_read(by=analyst, survey_id=survey.pk, now=NOW)
        assert say(ground, secret, recommend=0).read_at is None

    def test_is_not_there_for_another_council_or_without_the_permission(self, ground: Ground) -> None:
        _, secret = asked(ground)
        survey = say(ground, secret)
        with scope.everything("making people for a test"):
            elsewhere = make_viewer(make_staff(council=make_ground().council, roles=("desk-analyst",)))
            member = make_viewer(make_staff(council=ground.council, roles=("committee-member",)))
        for viewer in (elsewhere, member):
            with scope.only(viewer.councils):
                assert heard(viewer, None, NOW).answers == []
                with pytest.raises((NotFound, Refused)):
                    mark_read(by=viewer, survey_id=survey.pk, now=NOW)
