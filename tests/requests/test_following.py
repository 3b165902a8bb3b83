"""Following a request: by its link, from one's account; answering, adding, and asking for the link again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.process import actions as process
from moothall.process.errors import CaseChanged, NotYourStep
from moothall.process.models import Case
from moothall.requests import actions, queries
from moothall.requests.actions import Sent
from moothall.requests.errors import (
    CommentRefused,
    KeptBySomebody,
    NoSuchRequest,
    RequestClosed,
)
from tests.makers import make_user
from tests.requests.making import (
    BIN,
    MONDAY,
    Town,
    check_round,
    make_request,
    make_town,
    resident,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def town() -> Town:
    return make_town()


def mails(to: str = "sam@example.org") -> list[Message]:
    return list(Message.objects.filter(to=to).order_by("id"))


class TestFollowing:
    def test_needs_the_secret_link(self, town: Town) -> None:
        sent = make_request(town)
        page = queries.followed(town.visitor, town.council, sent.reference, MONDAY, sent.token)
        assert page.status == "We are working on it"
        assert page.promises == ["Bin emptied: by Wednesday 25 November 2026"]
        for token in ("", "x", sent.token[:-1], sent.token + "x"):
            with pytest.raises(NoSuchRequest):
                queries.followed(town.visitor, town.council, sent.reference, MONDAY, token)

    def test_by_the_reference_alone_shows_nothing(self, town: Town) -> None:
        sent = make_request(town)
        stranger = resident(make_user(), town.council)
        for viewer in (town.visitor, stranger, town.officer):
            with pytest.raises(NoSuchRequest):
                queries.followed(viewer, town.council, sent.reference, MONDAY)

    def test_at_another_council_finds_nothing(self, town: Town) -> None:
        sent = make_request(town)
        other = make_town()
        with scope.only([other.council.pk]), pytest.raises(NoSuchRequest):
            queries.followed(other.visitor, other.council, sent.reference, MONDAY, sent.token)

    def test_is_open_to_whoever_asked_while_signed_in(self, town: Town) -> None:
        me = resident(make_user(), town.council)
        sent = make_request(town, by=me)
        assert queries.followed(me, town.council, sent.reference, MONDAY).case.reference == sent.reference
        [mine] = queries.my_requests(me, town.council)
        assert (mine.reference, mine.is_open) == (sent.reference, True)

    def test_tells_the_story_in_plain_words(self, town: Town) -> None:
        sent = make_request(town)
        check_round(town, sent.request.case_id, "ask-resident", question="Which gate?")
        page = queries.followed(town.visitor, town.council, sent.reference, MONDAY, sent.token)
        assert page.status == "We need something from you"
        assert [asked.facts for asked in page.asked] == [[("Our question", "Which gate?")]]
        assert [entry.title for entry in page.history] == [
            "We need one answer from you before we can send a crew",
            "We received your request",
        ]
        assert not [entry for entry in page.history if "crew_report" in entry.text]

    def test_shows_nothing_that_staff_wrote_for_each_other(self, town: Town) -> None:
        sent = make_request(town)
        process.note(by=town.officer, case_id=sent.request.case_id, text="Difficult.", now=MONDAY)
        page = queries.followed(town.visitor, town.council, sent.reference, MONDAY, sent.token)
        assert "Difficult." not in repr(page.history)

    def test_says_honestly_that_it_is_late(self, town: Town) -> None:
        sent = make_request(town)
        later = MONDAY + timedelta(days=9)
        page = queries.followed(town.visitor, town.council, sent.reference, later, sent.token)
        assert "we are sorry" in page.late[0]

    def test_asks_the_database_as_often_however_long_the_story_is(self, town: Town) -> None:
        sent = make_request(town)
        for number in range(30):
            actions.comment(
                by=town.visitor,
                council=town.council,
                reference=sent.reference,
                token=sent.token,
                text=f"Number {number}",
                now=MONDAY,
            )
        with CaptureQueriesContext(connection) as asked:
            page = queries.followed(town.visitor, town.council, sent.reference, MONDAY, sent.token)
        assert len(page.history) == 31
        assert len(asked) == 6

    def test_lists_requests_with_one_question(self, town: Town) -> None:
        me = resident(make_user(), town.council)
        for _ in range(3):
            make_request(town, by=me)
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.my_requests(me, town.council)) == 3
        assert len(asked) == 1


class TestAReply:
    def asked(self, town: Town) -> Sent:
        sent = make_request(town)
        check_round(town, sent.request.case_id, "ask-resident", question="Which gate?")
        return sent

    def reply(self, town: Town, sent: Sent, expected: int, step: str = "reply") -> None:
        actions.reply(
            by=town.visitor,
            council=town.council,
            reference=sent.reference,
            token=sent.token,
            step=step,
            expected=expected,
            answers={"answer": "The side gate"},
            outcome="answered",
            now=MONDAY,
        )

    def test_goes_back_to_the_team(self, town: Town) -> None:
        sent = self.asked(town)
        seen = Case.objects.get(pk=sent.request.case_id).seq
        self.reply(town, sent, seen)
        page = queries.followed(town.visitor, town.council, sent.reference, MONDAY, sent.token)
        assert page.status == "We are working on it"
        assert page.history[0].text == "The side gate"

    def test_overwrites_nothing_newer(self, town: Town) -> None:
        sent = self.asked(town)
        seen = Case.objects.get(pk=sent.request.case_id).seq
        self.reply(town, sent, seen)
        with pytest.raises(CaseChanged):
            self.reply(town, sent, seen)

    def test_cannot_do_the_work_of_staff(self, town: Town) -> None:
        sent = make_request(town)
        with pytest.raises(NotYourStep):
            self.reply(town, sent, Case.objects.get(pk=sent.request.case_id).seq, step="check")


class TestAComment:
    def comment(self, town: Town, sent: Sent, text: str) -> None:
        actions.comment(
            by=town.visitor,
            council=town.council,
            reference=sent.reference,
            token=sent.token,
            text=text,
            now=MONDAY,
        )

    def test_stands_in_the_history_of_the_case(self, town: Town) -> None:
        sent = make_request(town)
        self.comment(town, sent, "It is behind the wall.")
        page = queries.followed(town.visitor, town.council, sent.reference, MONDAY, sent.token)
        assert page.history[0].title == "You wrote to us"

    def test_says_something(self, town: Town) -> None:
        with pytest.raises(CommentRefused):
            self.comment(town, make_request(town), "  \n ")

    def test_comes_too_late_when_the_request_is_closed(self, town: Town) -> None:
        sent = make_request(town, answers={**BIN, "put_out": False})
        with pytest.raises(RequestClosed):
            self.comment(town, sent, "But it was out!")


class TestKeepingARequestInAnAccount:
    def keep(self, town: Town, by: Viewer, sent: Sent, token: str | None = None) -> None:
        actions.keep_in_account(
            by=by, council=town.council, reference=sent.reference, token=token or sent.token, now=MONDAY
        )

    def test_needs_the_link_and_then_no_more(self, town: Town) -> None:
        sent, me = make_request(town), resident(make_user(email="sam@example.org"), town.council)
        with pytest.raises(NoSuchRequest):
            queries.followed(me, town.council, sent.reference, MONDAY)
        with pytest.raises(NoSuchRequest):
            self.keep(town, me, sent, "guessed")
        self.keep(town, me, sent)
        assert queries.followed(me, town.council, sent.reference, MONDAY).request == sent.request

    def test_takes_it_from_nobody(self, town: Town) -> None:
        sent = make_request(town)
        self.keep(town, resident(make_user(), town.council), sent)
        with pytest.raises(KeptBySomebody):
            self.keep(town, resident(make_user(), town.council), sent)


class TestALostLink:
    def ask(self, town: Town, reference: str, email: str, minutes: int = 0) -> None:
        actions.send_link_again(
            council=town.council,
            reference=reference,
            email=email,
            now=MONDAY + timedelta(minutes=minutes),
        )

    def test_is_sent_to_the_address_it_belongs_to(self, town: Town) -> None:
        sent = make_request(town)
        self.ask(town, sent.reference.lower().replace("-", " "), " SAM@example.org ")
        assert mails()[-1].subject == f"Your link to {sent.reference}"
        assert sent.token in mails()[-1].body

    @pytest.mark.parametrize("reference", ["", "ASH-0000-0000", "'; DROP TABLE", "🦆", "A" * 500])
    def test_is_not_sent_for_what_is_no_reference(self, town: Town, reference: str) -> None:
        self.ask(town, reference, "sam@example.org")
        assert not mails()

    def test_is_not_sent_to_another_address(self, town: Town) -> None:
        self.ask(town, make_request(town).reference, "eve@example.org")
        assert not mails("eve@example.org")
        assert len(mails()) == 1

    def test_is_sent_once_in_ten_minutes(self, town: Town) -> None:
        sent = make_request(town)
        for minute in (0, 5, 11):
            self.ask(town, sent.reference, "sam@example.org", minute)
        assert len(mails()) == 3
