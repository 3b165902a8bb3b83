"""Adding somebody: who they may be, told first; and what is kept of what they say."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.persons.models import CasePerson, Cutoff, Fact, Link, Record
from moothall.persons.queries.candidates import candidates
from moothall.persons.rules import told
from tests.makers import make_grant, make_staff, make_viewer
from tests.persons.making import a_birth, a_name, a_phone, an_address, make_record
from tests.workplace.registered import Register
from tests.workplace.test_person_page import adviser, entries, seen, text_of

pytestmark = pytest.mark.django_db
NEW = "/work/person/new/"
PRIYA = {
    "given": "Priya", "family": "Nair", "born_day": "4", "born_month": "5", "born_year": "1980",
    "place_line1": "14 Mill Lane", "place_town": "Alderbridge", "place_postcode": "AB10 1AB",
    "phone": "07700 900982", "scheme": "council-tax", "number": "55512345", "council": "ash", "act": "look",
}  # fmt: skip
TWIN = {**PRIYA, "given": "Anjali", "number": "", "phone": ""}
STRANGER = {"given": "Zebedee", "family": "Quill", "council": "ash", "act": "look", "place_postcode": ""}


def people() -> int:
    return int(Record.unscoped("a test").count())


def send(client: Client, body: dict[str, str], **more: str) -> Any:
    return client.post(NEW, {**body, **more})


def ask_only_above(register: Register, record: Record) -> None:
    """Let the council be asked about nobody who is as like Priya as a record is."""
    with scope.everything("reading a score in a test"):
        cutoff = Cutoff.objects.create(council=register.house.ash, link=40, ask=-40)
        viewer = make_viewer(register.house.ada)
        known = told.known_of(
            [a_name(), a_birth(), an_address(), a_phone("07700 900982")], date(2026, 11, 23)
        )
        found = candidates(viewer, register.house.ash.pk, known, timezone.now()).found
        cutoff.ask = next(each.score for each in found if each.record_id == record.pk) + 3
        cutoff.save()


class TestAddingSomebody:
    def test_adds_at_once_whom_nobody_is_like(self, register: Register) -> None:
        client = adviser(register)
        answer = send(client, STRANGER, phone="07700 900321", scheme="nhs", number="943 476 5919")
        assert answer.status_code == 302
        text = seen(client, answer.headers["Location"])
        for words in ("Zebedee Quill", "07700 900321 (mobile)", "NHS number 943 476 5919"):
            assert words in text, words

    def test_says_who_it_may_be_and_why_before_it_adds(self, register: Register) -> None:
        before = people()
        answer = send(adviser(register), PRIYA)
        text = text_of(answer)
        assert answer.status_code == 200
        assert people() == before
        assert "Priya Nair Almost certainly the same" in text
        assert "Date of birth the same" in text
        assert "This is them" in text
        assert 'value="55512345"' in answer.content.decode()

    def test_writes_down_whose_records_were_shown(self, register: Register) -> None:
        send(adviser(register), PRIYA)
        (entry,) = entries(what="person.seen", about=f"record:{register.priya.pk}")
        assert "intake" in entry.facts

    def test_uses_who_is_there_and_keeps_what_is_new(self, register: Register) -> None:
        client, before = adviser(register), people()
        answer = send(client, PRIYA, use=str(register.priya.pk), keep="yes")
        assert answer.headers["Location"] == register.page(register.priya)
        assert people() == before
        assert "55512345" in seen(client, register.page(register.priya))
        phones = Fact.unscoped("a test").filter(record=register.priya, kind="phone").count()
        assert phones == 1

    def test_keeps_nothing_if_that_is_not_wanted(self, register: Register) -> None:
        send(adviser(register), PRIYA, use=str(register.priya.pk))
        assert not Fact.unscoped("a test").filter(body__value="55512345").exists()

    def test_asks_for_a_reason_where_somebody_is_almost_certainly_the_same(self, register: Register) -> None:
        client, before = adviser(register), people()
        shown = " ".join(str(number) for number in Record.unscoped("a test").values_list("pk", flat=True))
        answer = send(client, PRIYA, act="add", shown=shown)
        assert answer.status_code == 422
        assert "Say why they are somebody else" in text_of(answer)
        answer = send(client, PRIYA, act="add", shown=shown, why="A namesake next door")
        assert answer.status_code == 302
        assert people() == before + 1
        link = Link.unscoped("a test").filter(kind="maybe", low=register.priya).get()
        assert "A namesake next door" in str(link.reasons)
        assert entries(facts__contains="namesake") == []

    def test_shows_who_is_less_likely_too_before_it_adds(self, register: Register) -> None:
        ask_only_above(register, register.priya)
        client, before = adviser(register), people()
        answer = send(client, PRIYA)
        text = text_of(answer)
        assert "Nobody in the register fits well" in text
        assert "1 person who is less likely Priya Nair Less likely" in text
        assert '<details class="govuk-details" open>' in answer.content.decode()
        assert entries(what="person.seen", about=f"record:{register.priya.pk}")
        assert people() == before
        assert send(client, PRIYA, act="add", shown=str(register.priya.pk)).status_code == 302
        assert people() == before + 1

    def test_keeps_who_is_less_likely_behind_those_who_fit(self, register: Register) -> None:
        with scope.everything("somebody like her in a test"):
            other = make_record(
                council=register.house.ash,
                facts=[a_name("Priya", "Nayar"), a_birth("1980-05-14"), an_address()],
            )
        ask_only_above(register, other)
        answer = send(adviser(register), PRIYA)
        text = text_of(answer)
        assert text.index("Priya Nair") < text.index("1 other who is less likely Priya Nayar Less likely")
        assert '<details class="govuk-details">' in answer.content.decode()

    def test_adds_a_twin_without_more_ado(self, register: Register) -> None:
        client, before = adviser(register), people()
        answer = send(client, TWIN)
        shown = " ".join(str(number) for number in (register.priya.pk, register.ravi.pk))
        if answer.status_code == 200:
            answer = send(client, TWIN, act="add", shown=shown)
        assert answer.status_code == 302
        assert people() == before + 1

    def test_shows_whoever_was_added_meanwhile_before_it_adds(self, register: Register) -> None:
        answer = send(adviser(register), PRIYA, act="add", shown="", why="Somebody else")
        assert answer.status_code == 200
        assert "Who may that be?" in text_of(answer)

    def test_does_not_add_the_same_person_twice_by_a_second_click(self, register: Register) -> None:
        client = adviser(register)
        send(
            client,
            {**STRANGER, "born_day": "1", "born_month": "2", "born_year": "1990", "phone": "07700 900321"},
        )
        before = people()
        answer = send(
            client,
            {**STRANGER, "born_day": "1", "born_month": "2", "born_year": "1990", "phone": "07700 900321"},
        )
        assert "Who may that be?" in text_of(answer)
        assert people() == before

    def test_tells_of_another_council_only_that_a_record_exists_there(self, register: Register) -> None:
        register.house.oak.contact_phone = "01632 960 001"
        register.house.oak.save()
        olga = {
            "given": "Olga", "family": "Zhukova", "born_day": "6", "born_month": "6", "born_year": "1969",
            "place_line1": "1 Oak Way", "place_postcode": "EF5 6GH", "place_town": "Alderbridge",
            "phone": "07700 900444", "email": "olga@example.org", "council": "ash", "act": "look",
        }  # fmt: skip
        text = text_of(send(adviser(register), olga))
        assert "A record exists at Oak District Council : ask them." in text
        assert "01632 960 001" in text
        (told,) = entries(what="person.told_elsewhere")
        assert told.council_id == register.house.oak.pk
        client, before = adviser(register), people()
        assert send(client, olga, act="add").status_code == 302
        assert people() == before + 1

    def test_looks_with_part_of_an_address_and_keeps_only_a_whole_one(self, register: Register) -> None:
        client, before = adviser(register), people()
        part = {**PRIYA, "place_town": "", "place_line1": "", "phone": "", "number": ""}
        assert "Postcode the same" in text_of(send(client, part))
        answer = send(client, STRANGER, place_postcode="AB10 1AB")
        assert answer.status_code == 422
        assert "or leave the address out" in text_of(answer)
        assert people() == before

    def test_needs_a_name_or_a_number_and_says_at_the_question_what_is_wrong(
        self, register: Register
    ) -> None:
        client = adviser(register)
        answer = send(client, {"council": "ash", "act": "look"})
        assert answer.status_code == 422
        assert "Enter what they are called" in text_of(answer)
        answer = send(client, STRANGER, born_day="1", born_month="1", born_year="2999", phone="12")
        assert answer.status_code == 422
        for href in ("#id_born", "#id_phone"):
            assert href in answer.content.decode()
        assert 'value="Zebedee"' in answer.content.decode()

    def test_cannot_use_a_record_that_is_not_there_for_them(self, register: Register) -> None:
        assert send(adviser(register), STRANGER, use=str(register.olga.pk), keep="yes").status_code == 404

    def test_is_refused_to_who_may_only_look(self, register: Register) -> None:
        auditor = make_staff(council=register.house.ash, roles=("auditor",))
        assert register.house.browser(auditor).get(NEW).status_code == 403

    def test_gives_another_council_a_record_of_its_own_of_who_is_known_here(self, register: Register) -> None:
        answer = send(adviser(register), {**PRIYA, "council": "elm"}, use=str(register.priya.pk), keep="yes")
        assert answer.status_code == 302
        own = Record.unscoped("a test").get(council=register.house.elm, person=register.priya.person)
        held = set(Fact.unscoped("a test").filter(record=own).values_list("kind", flat=True))
        assert {"name", "birth", "phone", "identifier", "address"} == held


class TestWhoseCase:
    def test_is_shown_on_the_page_of_the_case(self, register: Register) -> None:
        reference = register.bin_of(register.priya)
        answer = adviser(register).get(f"/work/case/{reference}/")
        assert "Whose case Priya Nair" in text_of(answer)
        assert register.page(register.priya) in answer.content.decode()

    def test_is_found_among_those_who_may_have_asked(self, register: Register) -> None:
        reference = register.house.missed_bin(name="Priya Nair")
        number = register.house.case_id(reference)
        CasePerson.unscoped("a test").filter(case=number).delete()
        client, address = adviser(register), f"/work/case/{reference}/person/"
        assert "Nobody is known yet" in seen(client, f"/work/case/{reference}/")
        text = seen(client, address)
        assert "The case says: Priya Nair" in text
        answer = client.post(address, {"record": str(register.priya.pk)})
        assert answer.headers["Location"] == f"/work/case/{reference}/"
        assert CasePerson.unscoped("a test").get(case=number).record_id == register.priya.pk
        assert reference in seen(client, register.page(register.priya))

    def test_is_found_by_searching(self, register: Register) -> None:
        reference = register.house.missed_bin()
        client, address = adviser(register), f"/work/case/{reference}/person/"
        assert "Ravi Nair" in seen(client, f"{address}?q=ravi")
        client.post(address, {"person": register.ravi.person.reference})
        case = CasePerson.unscoped("a test").get(case=register.house.case_id(reference))
        assert case.record_id == register.ravi.pk

    def test_is_somebody_new(self, register: Register) -> None:
        reference = register.house.missed_bin(name="Zebedee Quill")
        client = adviser(register)
        form = client.get(f"{NEW}?case={reference}").content.decode()
        assert 'value="Zebedee"' in form
        answer = client.post(NEW, {**STRANGER, "case": reference})
        if answer.status_code == 200:
            shown = " ".join(str(each) for each in Record.unscoped("a test").values_list("pk", flat=True))
            answer = client.post(NEW, {**STRANGER, "case": reference, "act": "add", "shown": shown})
        assert answer.headers["Location"] == f"/work/case/{reference}/"
        case = CasePerson.unscoped("a test").get(case=register.house.case_id(reference))
        assert Record.unscoped("a test").get(pk=case.record_id).name == "Zebedee Quill"

    def test_cannot_be_said_of_another_councils_case(self, register: Register) -> None:
        reference = register.house.missed_bin(council=register.house.oak)
        assert adviser(register).get(f"/work/case/{reference}/person/").status_code == 404

    def test_cannot_be_said_by_who_sees_no_people_there(self, register: Register) -> None:
        """Ann works on Elm's cases, under an agreement that has people in it as well; Ada does not on Oak's."""
        reference = register.house.missed_bin(council=register.house.elm)
        auditor = make_staff(council=register.house.ash, roles=("auditor",))
        make_grant(staff=auditor, role="auditor", council=register.house.elm)
        client = register.house.browser(auditor)
        assert client.get(f"/work/case/{reference}/person/").status_code == 403
