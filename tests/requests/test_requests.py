"""Requests: made once, told about, followed by whoever proves that they are theirs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process.errors import CaseChanged, NotYourStep
from moothall.process.models import Case
from moothall.requests import actions, queries, telling, tokens
from moothall.requests.actions import Sent
from moothall.requests.errors import (
    CommentRefused,
    ContactRefused,
    KeptBySomebody,
    NoSuchRequest,
    NotComplete,
    RequestClosed,
    ServiceClosed,
)
from moothall.requests.models import Request
from tests.makers import make_user
from tests.requests.making import (
    BIN,
    MONDAY,
    SAM,
    Town,
    check_round,
    make_draft,
    make_request,
    make_town,
    resident,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def town() -> Town:
    return make_town()


def mails(to: str = "sam@example.org") -> list[Message]:
    return list(Message.objects.filter(to=to).order_by("id"))


class TestSendingARequest:
    def test_starts_a_case_and_confirms_it(self, town: Town) -> None:
        sent = make_request(town)
        case = Case.objects.get(pk=sent.request.case_id)
        assert case.data["bin"] == "refuse"
        assert "photo" not in case.data
        [mail] = mails()
        assert mail.subject == f"We have your request: {sent.reference}"
        for words in (
            "Dear Sam Okoro",
            "We check our crew's record",
            "The waste team is checking",
            "Bin emptied: by Wednesday 25 November 2026",
            f"/{town.council.code}/follow/{sent.reference}/{sent.token}/",
            "help@council.example or call 01632 960 100",
        ):
            assert words in mail.body

    def test_twice_makes_one_request(self, town: Town) -> None:
        draft = make_draft(town)
        first, second = send(town, draft), send(town, draft)
        assert (first.reference, first.token) == (second.reference, second.token)
        assert Request.objects.count() == Case.objects.count() == len(mails()) == 1

    def test_keeps_no_copy_of_the_answers_in_the_draft(self, town: Town) -> None:
        draft = make_draft(town)
        send(town, draft)
        draft.refresh_from_db()
        assert (draft.answers, draft.contact, draft.files) == ({}, {}, {})

    def test_is_refused_while_a_question_is_open(self, town: Town) -> None:
        draft = make_draft(town, answers={"address": BIN["address"]})
        with pytest.raises(NotComplete, match="Bin"):
            send(town, draft)

    def test_is_refused_while_the_service_is_closed_and_the_draft_is_kept(self, town: Town) -> None:
        draft = make_draft(town)
        actions.switch_service(
            by=town.administrator, council=town.council, service="missed-bin", is_open=False, now=MONDAY
        )
        with pytest.raises(ServiceClosed):
            send(town, draft)
        actions.switch_service(
            by=town.administrator, council=town.council, service="missed-bin", is_open=True, now=MONDAY
        )
        assert send(town, draft).reference

    def test_may_end_at_once_and_says_so(self, town: Town) -> None:
        sent = make_request(town, answers={**BIN, "put_out": False})
        assert Case.objects.get(pk=sent.request.case_id).status == "closed"
        assert "We do not go back for bins that were not out by 6am" in mails()[0].body

    def test_without_an_address_writes_to_nobody(self, town: Town) -> None:
        make_request(town, contact={})
        assert not Message.objects.exists()

    def test_is_written_into_the_record(self, town: Town) -> None:
        sent = make_request(town)
        entry = Entry.objects.get(what="request.made")
        assert entry.about == f"case:{sent.request.case_id}"
        assert (entry.actor_kind, entry.actor_name) == ("resident", "Sam Okoro")

    def test_by_staff_on_the_site_counts_as_anybody_elses(self, town: Town) -> None:
        sent = make_request(town, by=town.officer)
        assert Entry.objects.get(what="request.made").actor_kind == "resident"
        assert sent.request.requester_id == town.officer.actor.user_id

    def test_is_all_or_nothing(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        draft = make_draft(town)

        def fail(*_args: object, **_facts: object) -> None:
            raise OSError("no room")

        monkeypatch.setattr(telling, "to_resident", fail)
        with pytest.raises(OSError, match="no room"):
            send(town, draft)
        assert not Request.objects.exists()
        assert not Case.objects.exists()


class TestAnAdviser:
    def raise_one(self, town: Town, by: Viewer, submission: str = "form-1") -> Sent:
        given = {key: value for key, value in BIN.items() if value is not None}
        return actions.raise_for_resident(
            by=by,
            council=town.council,
            service="missed-bin",
            answers=given,
            contact=SAM,
            channel="phone",
            submission=submission,
            now=MONDAY,
        )

    def test_raises_a_request_for_whoever_called(self, town: Town) -> None:
        sent = self.raise_one(town, town.adviser)
        assert sent.request.channel == "phone"
        assert len(mails()) == 1

    def test_who_sends_the_form_twice_raises_one(self, town: Town) -> None:
        assert self.raise_one(town, town.adviser).reference == self.raise_one(town, town.adviser).reference

    def test_of_another_council_may_not(self, town: Town) -> None:
        with pytest.raises(NotFound):
            self.raise_one(town, make_town().adviser)

    def test_is_needed_for_it(self, town: Town) -> None:
        with pytest.raises((Refused, NotFound)):
            self.raise_one(town, town.administrator)

    def test_must_say_who_called_where_the_service_needs_it(self, town: Town) -> None:
        with pytest.raises(ContactRefused):
            actions.raise_for_resident(
                by=town.adviser,
                council=town.council,
                service="missed-bin",
                answers={},
                contact={"email": "no"},
                channel="phone",
                submission="x",
                now=MONDAY,
            )


class TestWhatTheResidentIsTold:
    def test_an_outcome_in_the_words_of_the_process(self, town: Town) -> None:
        sent = make_request(town)
        check_round(town, sent.request.case_id, "return")
        mail = mails()[-1]
        assert mail.subject == f"News about your request {sent.reference}"
        assert "We are sending a crew back for your bin" in mail.body
        assert "A crew is coming back" in mail.body
        assert sent.token in mail.body

    def test_a_question_with_its_words(self, town: Town) -> None:
        sent = make_request(town)
        check_round(town, sent.request.case_id, "ask-resident", question="Which gate?")
        mail = mails()[-1]
        assert mail.subject == f"We need something from you: {sent.reference}"
        assert "Which gate?" in mail.body

    def test_the_end(self, town: Town) -> None:
        sent = make_request(town)
        process.act(
            by=town.officer,
            case_id=sent.request.case_id,
            step="check",
            expected=None,
            now=MONDAY,
            answers={"crew_report": "not-out"},
            outcome="declined",
            text="The crew's camera shows no bin.",
        )
        mail = mails()[-1]
        assert mail.subject == f"Your request {sent.reference} is closed"
        assert "The crew's camera shows no bin." in mail.body

    def test_that_we_are_late_before_anybody_asks(self, town: Town) -> None:
        sent = make_request(town)
        assert process.sweep(MONDAY + timedelta(days=9)) == 1
        assert "We are late" in mails()[-1].subject
        assert "we are sorry" in mails()[-1].body
        [to_team] = mails("waste@council.example")
        assert to_team.subject == f"Late: {sent.reference}, Bin emptied"

    def test_each_thing_once(self, town: Town) -> None:
        sent = make_request(town)
        check_round(town, sent.request.case_id, "return")
        process.sweep(MONDAY + timedelta(days=9))
        process.sweep(MONDAY + timedelta(days=10))
        keys = [mail.key for mail in Message.objects.all()]
        assert len(keys) == len(set(keys)) == 4

    def test_nothing_of_what_staff_do_among_themselves(self, town: Town) -> None:
        sent = make_request(town)
        process.note(by=town.officer, case_id=sent.request.case_id, text="Ask Jo.", now=MONDAY)
        assert len(mails()) == 1

    def test_costs_a_case_that_is_no_request_nothing(self, town: Town) -> None:
        sent = make_request(town)
        with CaptureQueriesContext(connection) as asked:
            process.note(by=town.officer, case_id=sent.request.case_id, text="Ask Jo.", now=MONDAY)
        assert not [each for each in asked.captured_queries if "requests_request" in each["sql"]]

    def test_still_when_the_houses_key_was_changed(self, town: Town) -> None:
        sent = make_request(town)
        Request.objects.update(token_sealed="s1.lost")
        check_round(town, sent.request.case_id, "return")
        sent.request.refresh_from_db()
        fresh = tokens.opened(sent.request.token_sealed)
        assert fresh != sent.token
        assert fresh in mails()[-1].body


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
        assert len(asked) == 7

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


class TestTheCatalogue:
    def test_has_what_fits_the_kind_of_council(self, town: Town) -> None:
        county = make_town(kind="county")
        assert [each.key for each in queries.catalogue(town.visitor, town.council)] == ["missed-bin"]
        assert queries.catalogue(county.visitor, county.council) == []

    def test_of_a_borough_is_that_of_a_district(self) -> None:
        borough = make_town(kind="borough")
        assert len(queries.catalogue(borough.visitor, borough.council)) == 1

    def test_is_found_by_three_questions(self, town: Town) -> None:
        queries.catalogue(town.visitor, town.council)
        with CaptureQueriesContext(connection) as asked:
            queries.catalogue(town.visitor, town.council)
        assert len(asked) == 3

    def test_is_switched_only_by_those_who_may(self, town: Town) -> None:
        with pytest.raises((Refused, NotFound)):
            actions.switch_service(
                by=town.officer, council=town.council, service="missed-bin", is_open=False, now=MONDAY
            )
