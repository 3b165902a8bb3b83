"""Requests as contacts: made, answered, written about."""

from datetime import datetime

import pytest

from moothall.contacts.models import Contact
from moothall.contacts.queries.people import contacts_of, of_case
from moothall.persons.models import CasePerson
from moothall.process import actions as process
from moothall.process.models import Case
from moothall.requests import actions as requests
from tests.contacts.making import Desk, an_enquiry, make_desk
from tests.requests.making import make_request, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Desk:
    return make_desk(code="ash", name="Ash District Council")


class TestARequest:
    def test_made_on_the_phone_is_a_contact_of_the_person_and_the_adviser(self, ash: Desk) -> None:
        case = an_enquiry(ash)
        made = Contact.objects.get()
        assert (made.channel, made.direction, made.outcome) == ("phone", "in", "request")
        assert (made.case_id, made.about, made.staff_id) == (case.id, "general-enquiry", ash.adviser.staff_id)
        record = CasePerson.objects.get(case_id=case.id).record
        assert record is not None
        assert [each.number for each in contacts_of(ash.adviser, [record.pk])] == [made.pk]

    def test_made_on_the_website_is_one_once_only(self) -> None:
        town = make_town()
        sent = make_request(town)
        requests.submit(
            by=town.visitor,
            council=town.council,
            service="missed-bin",
            draft_id=sent.request.draft.pk,
            now=sent.request.created_at,
        )
        made = Contact.objects.get()
        assert (made.channel, made.outcome, made.by) == ("web", "request", "Sam Okoro")
        assert (made.address, made.staff_id) == ("sam@example.org", None)

    def test_that_somebody_adds_to_is_a_further_contact(self, now: datetime) -> None:
        town = make_town()
        sent = make_request(town)
        requests.comment(
            by=town.visitor,
            council=town.council,
            reference=sent.reference,
            token=sent.token,
            text="It is still full",
            now=now,
        )
        added = Contact.objects.get(outcome="added")
        assert (added.channel, added.direction, added.summary) == ("web", "in", "It is still full")

    def test_that_is_answered_on_the_website_is_a_further_contact(self, now: datetime) -> None:
        town = make_town()
        sent = make_request(town)
        process.act(
            by=town.officer,
            case_id=sent.request.case_id,
            step="check",
            expected=None,
            now=now,
            answers={"crew_report": "nothing", "question": "Which gate?"},
            outcome="ask-resident",
        )
        requests.reply(
            by=town.visitor,
            council=town.council,
            reference=sent.reference,
            token=sent.token,
            step="reply",
            expected=seq_of(sent.request.case_id),
            answers={"answer": "The green one"},
            now=now,
        )
        added = Contact.objects.get(outcome="added")
        assert added.summary.startswith("Answered")
        assert "green" not in added.summary

    def test_about_which_staff_write_is_an_outbound_contact(self, ash: Desk, now: datetime) -> None:
        case = an_enquiry(ash)
        process.write(by=ash.adviser, case_id=case.id, text="We cut it on Monday.", now=now)
        out = Contact.objects.get(direction="out")
        assert (out.channel, out.summary, out.address) == (
            "e-mail",
            "We cut it on Monday.",
            "sam@example.org",
        )
        assert (out.by, out.staff_id) == (ash.adviser.actor.name, ash.adviser.staff_id)
        assert of_case(ash.adviser, case.id)[0].number == out.pk


def seq_of(case_id: int) -> int:
    return int(Case.objects.values_list("seq", flat=True).get(pk=case_id))
