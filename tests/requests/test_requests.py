"""Requests: made once, and told about."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process.models import Case
from moothall.requests import actions, queries, telling, tokens
from moothall.requests.actions import Sent
from moothall.requests.errors import (
    ContactRefused,
    NotComplete,
    ServiceClosed,
)
from moothall.requests.models import Request
from tests.requests.making import (
    BIN,
    MONDAY,
    SAM,
    Town,
    check_round,
    make_draft,
    make_request,
    make_town,
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


class TestTheCatalogue:
    def test_has_what_fits_the_kind_of_council(self, town: Town) -> None:
        county = make_town(kind="county")
        assert [each.key for each in queries.catalogue(town.visitor, town.council)] == ["missed-bin"]
        assert queries.catalogue(county.visitor, county.council) == []

    def test_of_a_borough_is_that_of_a_district(self) -> None:
        borough = make_town(kind="borough")
        assert len(queries.catalogue(borough.visitor, borough.council)) == 1

    def test_is_found_by_two_questions(self, town: Town) -> None:
        queries.catalogue(town.visitor, town.council)
        with CaptureQueriesContext(connection) as asked:
            queries.catalogue(town.visitor, town.council)
        assert len(asked) == 2

    def test_is_switched_only_by_those_who_may(self, town: Town) -> None:
        with pytest.raises((Refused, NotFound)):
            actions.switch_service(
                by=town.officer, council=town.council, service="missed-bin", is_open=False, now=MONDAY
            )
