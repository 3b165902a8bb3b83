"""Raising a request for somebody in the register: what is known is filled in, and shown as such."""

from uuid import uuid4

import pytest
from django.utils import timezone

from moothall.contacts.actions.recording import record_contact
from moothall.contacts.models import Contact
from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.persons.actions.locking import lock_record
from moothall.persons.models import CasePerson, Record
from moothall.process.models import Case
from tests.makers import make_staff, make_team
from tests.requests.making import publish
from tests.workplace.registered import Register
from tests.workplace.test_person_page import adviser, seen, text_of

pytestmark = pytest.mark.django_db
BIN = {
    "address_line1": "14 Mill Lane", "address_town": "Alderbridge", "address_postcode": "AB10 1AB",
    "bin": "refuse", "put_out": "yes", "assisted": "no", "channel": "phone", "name": "Priya Nair",
    "prefers": "phone", "phone": "07700 900982",
}  # fmt: skip


def a_bin() -> dict[str, str]:
    today = timezone.localdate()
    day = {"day": today.day, "month": today.month, "year": today.year}
    return {
        **BIN,
        **{f"collection_day_{part}": str(value) for part, value in day.items()},
        "submission": uuid4().hex,
    }


class TestRaisingForSomebody:
    def test_begins_on_their_page_and_keeps_them_in_mind(self, register: Register) -> None:
        client, reference = adviser(register), register.priya.person.reference
        assert f"/work/new/?person={reference}" in client.get(register.page(register.priya)).content.decode()
        answer = client.get(f"/work/new/?person={reference}")
        assert "For Priya Nair" in text_of(answer)
        assert f"/work/new/ash/missed-bin/?person={reference}" in answer.content.decode()

    def test_fills_in_what_is_known_and_says_from_where(self, register: Register) -> None:
        address = f"/work/new/ash/missed-bin/?person={register.priya.person.reference}"
        answer = adviser(register).get(address)
        page = answer.content.decode()
        for value in ("14 Mill Lane", "AB10 1AB", "Priya Nair", "priya@example.org", "07700 900982"):
            assert f'value="{value}"' in page, value
        assert text_of(answer).count("Filled in from the register: from an adviser") == 4
        assert "at Ash District Council" in text_of(answer)

    def test_puts_the_case_to_them(self, register: Register) -> None:
        client, reference = adviser(register), register.priya.person.reference
        answer = client.post(f"/work/new/ash/missed-bin/?person={reference}", a_bin())
        assert answer.status_code == 302, text_of(answer)[:800]
        case = CasePerson.unscoped("a test").get(record=register.priya)
        assert case.how == CasePerson.How.CHOSEN
        assert "Whose case Priya Nair" in seen(client, answer.headers["Location"])

    def test_keeps_what_was_typed_over_what_is_known(self, register: Register) -> None:
        client, reference = adviser(register), register.priya.person.reference
        address = f"/work/new/ash/missed-bin/?person={reference}"
        answer = client.post(address, {**a_bin(), "address_line1": "99 Other Road", "bin": ""})
        assert answer.status_code == 422
        assert 'value="99 Other Road"' in answer.content.decode()
        assert "For Priya Nair" in text_of(answer)

    def test_gives_a_council_that_holds_nothing_yet_a_record_of_its_own(self, register: Register) -> None:
        house = register.house
        client, reference = adviser(register), register.priya.person.reference
        answer = client.post(f"/work/new/elm/missed-bin/?person={reference}", a_bin())
        assert answer.status_code == 302
        own = Record.unscoped("a test").get(council=house.elm, person=register.priya.person)
        assert CasePerson.unscoped("a test").filter(record=own).count() == 1

    def test_made_twice_is_made_once(self, register: Register) -> None:
        client, reference = adviser(register), register.priya.person.reference
        body = a_bin()
        for _ in range(2):
            client.post(f"/work/new/elm/missed-bin/?person={reference}", body)
        assert Case.unscoped("a test").count() == 1
        assert Record.unscoped("a test").filter(person=register.priya.person).count() == 2

    def test_is_as_before_for_nobody_known(self, register: Register) -> None:
        answer = adviser(register).get("/work/new/ash/missed-bin/")
        assert "Filled in from the register" not in text_of(answer)
        assert "Find them first" in text_of(adviser(register).get("/work/new/"))

    def test_does_not_admit_that_somebody_elsewhere_exists(self, register: Register) -> None:
        reference = register.olga.person.reference
        for address in ("/work/new/", "/work/new/ash/missed-bin/"):
            assert adviser(register).get(f"{address}?person={reference}").status_code == 404

    def test_fills_nothing_in_from_a_locked_record(self, register: Register) -> None:
        with scope.everything("locking in a test"):
            hana = make_staff(council=register.house.ash, roles=("supervisor",))
            make_team(council=register.house.ash, code="hub", name="Safeguarding hub", members=(hana,))
            lock_record(
                by=Viewer.system(), record_id=register.priya.pk, teams=["hub"], why="x", now=timezone.now()
            )
        answer = adviser(register).get(f"/work/new/ash/missed-bin/?person={register.priya.person.reference}")
        assert answer.status_code == 403
        assert "Mill Lane" not in answer.content.decode()

    def test_fills_in_the_address_they_move_from_and_not_the_one_they_move_to(
        self, register: Register
    ) -> None:
        with scope.everything("publishing in a test"):
            publish("council-tax-move")
        page = (
            adviser(register)
            .get(f"/work/new/ash/council-tax-move/?person={register.priya.person.reference}")
            .content.decode()
        )
        assert page.count('value="14 Mill Lane"') == 1
        assert 'name="old_address_line1" value="14 Mill Lane"' in page or page.index(
            'value="14 Mill Lane"'
        ) < page.index("new_address_line1")

    def test_says_of_the_contact_it_came_of_that_it_became_a_request(self, register: Register) -> None:
        client, reference = adviser(register), register.priya.person.reference
        with scope.everything("recording in a test"):
            contact = record_contact(
                by=register.house.viewer(register.house.ada),
                council_id=register.house.ash.pk,
                channel="phone",
                direction="in",
                at=timezone.now(),
                outcome="answered",
                submission=uuid4().hex,
                now=timezone.now(),
                record_id=register.priya.pk,
                summary="Her bin",
            )
        kept = f"?person={reference}&contact={contact.pk}"
        assert f"/work/new/ash/missed-bin/{kept.replace('&', '&amp;')}" in (
            client.get(f"/work/new/{kept}").content.decode()
        )
        assert client.post(f"/work/new/ash/missed-bin/{kept}", a_bin()).status_code == 302
        made = Contact.unscoped("a test").get()
        assert made.outcome == Contact.Outcome.REQUEST
        assert made.case_id == Case.unscoped("a test").get().pk
