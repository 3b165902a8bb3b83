"""The page of a person: what an adviser reads while somebody is on the line, and what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.holding import own_record
from moothall.persons.actions.locking import lock_record
from moothall.persons.actions.relating import relate
from moothall.persons.models import Fact, Record, Relationship
from moothall.persons.rules.facts import NewFact
from tests.makers import make_staff, make_team, make_user
from tests.persons.making import a_birth, a_phone
from tests.workplace.registered import Register

pytestmark = pytest.mark.django_db
MOST_QUESTIONS = 34
LOOKS = "person.seen"


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return text_of(answer)


def entries(**wanted: Any) -> list[Entry]:
    """Return entries of the journal, of whichever council."""
    with scope.everything("looking into the journal in a test"):
        return list(Entry.objects.filter(**wanted).order_by("id"))


def adviser(register: Register) -> Client:
    return register.house.browser(register.house.ada)


def locked(register: Register, record: Record) -> Client:
    """Keep a record to the hub, and return the browser of somebody in it."""
    with scope.everything("locking in a test"):
        hana = make_staff(council=register.house.ash, roles=("supervisor",), user=make_user(name="Hana Hub"))
        make_team(council=register.house.ash, code="hub", name="Safeguarding hub", members=(hana,))
        lock_record(
            by=Viewer.system(), record_id=record.pk, teams=["hub"], why="Works for us", now=timezone.now()
        )
    return register.house.browser(hana)


class TestAPersonsPage:
    def test_shows_who_it_is_and_how_to_reach_them(self, register: Register) -> None:
        text = seen(adviser(register), register.page(register.priya))
        for words in (
            "Priya Nair",
            "4 May 1980",
            "aged 4",
            "14 Mill Lane",
            "07700 900982",
            "priya@example.org",
        ):
            assert words in text, words
        assert "tel:+447700900982" in adviser(register).get(register.page(register.priya)).content.decode()

    def test_shows_alerts_languages_and_needs(self, register: Register) -> None:
        register.tell(
            register.priya,
            NewFact(
                kind="alert",
                body={"category": "animal", "text": "A large dog", "review_on": "2030-01-01"},
            ),
        )
        register.tell(register.priya, NewFact(kind="language", body={"language": "pa", "interpreter": "yes"}))
        register.tell(register.priya, NewFact(kind="need", body={"need": "large-print"}))
        text = seen(adviser(register), register.page(register.priya))
        for words in ("A large dog", "Punjabi, needs an interpreter", "Large print"):
            assert words in text, words

    def test_keeps_an_alert_for_few_eyes_to_them(self, register: Register) -> None:
        body = {"category": "safeguarding", "text": "Ask the hub", "review_on": "2030-01-01"}
        register.tell(register.priya, NewFact(kind="alert", body=body, circle="hub"))
        assert "Ask the hub" not in seen(adviser(register), register.page(register.priya))

    def test_says_of_each_value_where_it_comes_from_and_what_others_said(self, register: Register) -> None:
        register.tell(register.priya, a_phone("07700 900777"), source="import:Council tax")
        text = seen(adviser(register), register.page(register.priya))
        assert "from an adviser" in text
        assert "from import Council tax" in text

    def test_shows_open_cases_with_what_happens_next_and_by_when(self, register: Register) -> None:
        reference = register.bin_of(register.priya)
        text = seen(adviser(register), register.page(register.priya))
        assert reference in text
        assert "Check the round" in text
        assert "Waste team" in text
        assert "Due " in text

    def test_says_how_late_a_case_is(self, register: Register) -> None:
        register.bin_of(register.priya, ago=timedelta(days=12))
        assert "working days late" in seen(adviser(register), register.page(register.priya))

    def test_shows_household_and_who_may_act_for_them(self, register: Register) -> None:
        with scope.everything("relating in a test"):
            relate(
                by=Viewer.system(),
                record_id=register.priya.pk,
                other_id=register.ravi.pk,
                kind="representative",
                scope="Council tax only",
                consent_on=timezone.localdate() - timedelta(days=3),
                consent_how="On the phone",
                source="resident",
                now=timezone.now(),
            )
        text = seen(adviser(register), register.page(register.priya))
        assert "Council tax only" in text
        assert "On the phone" in text
        assert "same address" in text
        other = seen(adviser(register), register.page(register.ravi))
        assert "they act for this person" in other
        assert "Speak only with the person themselves" in other

    def test_says_under_which_agreement_it_is_seen(self, register: Register) -> None:
        assert "You see this under Shared front desk" in seen(adviser(register), register.page(register.tom))

    def test_tells_of_another_council_only_that_it_holds_a_record(self, register: Register) -> None:
        house = register.house
        house.oak.contact_phone = "01632 960 001"
        house.oak.contact_email = "help@oak.example"
        house.oak.save()
        with scope.everything("another council adds its own in a test"):
            own_record(
                by=Viewer.system(),
                council_id=house.oak.pk,
                record_id=register.priya.pk,
                source="adviser",
                now=timezone.now(),
            )
        text = seen(adviser(register), register.page(register.priya))
        assert "Oak District Council holds a record, too: ask them." in text
        assert "01632 960 001" in text
        assert "help@oak.example" in text

    def test_does_not_exist_for_whom_the_council_shares_nothing_with(self, register: Register) -> None:
        assert adviser(register).get(register.page(register.olga)).status_code == 404
        assert adviser(register).get("/work/person/PSN-0000-0000/").status_code == 404

    def test_is_refused_to_those_who_work_with_no_people(self, register: Register) -> None:
        assert register.house.browser(register.house.joe).get(register.page(register.olga)).status_code == 404
        designer = make_staff(council=register.house.ash, roles=("service-designer",))
        assert register.house.browser(designer).get(register.page(register.priya)).status_code == 403

    def test_follows_a_former_reference_and_one_in_any_writing(self, register: Register) -> None:
        answer = adviser(register).get(register.page(register.priya).lower())
        assert answer.status_code in (200, 302)

    def test_writes_down_who_looked(self, register: Register) -> None:
        adviser(register).get(register.page(register.priya))
        (entry,) = entries(what=LOOKS, about=f"record:{register.priya.pk}")
        assert entry.actor_name == "Ada Adviser"

    def test_shows_naughty_words_as_they_were_written(self, register: Register) -> None:
        register.tell(
            register.priya,
            NewFact(
                kind="alert",
                body={"category": "other", "text": "<b>{{ 7*7 }}</b>", "review_on": "2030-01-01"},
            ),
        )
        page = adviser(register).get(register.page(register.priya)).content.decode()
        assert "<b>{{" not in page
        assert "{{ 7*7 }}" in page

    def test_costs_as_many_questions_for_a_long_life_as_for_a_short_one(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)

        def more() -> None:
            for number in range(4):
                register.bin_of(register.priya, ago=timedelta(days=12 + number))
                register.tell(register.priya, a_phone(f"07700 90080{number}"))

        def questions() -> int:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            return len(asked)

        more()
        before = questions()
        more()
        assert before == questions() <= MOST_QUESTIONS


class TestALockedRecord:
    def test_says_so_and_whom_to_ask_and_nothing_else(self, register: Register) -> None:
        reference = register.bin_of(register.priya)
        inside = locked(register, register.priya)
        text = seen(adviser(register), register.page(register.priya))
        assert "Safeguarding hub" in text
        assert "Works for us" in text
        for words in ("Priya", "Mill Lane", "900982", "1980", reference):
            assert words not in text, words
        assert "Priya Nair" in seen(inside, register.page(register.priya))

    def test_has_it_on_record_that_somebody_came(self, register: Register) -> None:
        locked(register, register.priya)
        adviser(register).get(register.page(register.priya))
        (entry,) = entries(what=LOOKS, about=f"record:{register.priya.pk}")
        assert '"locked"' in entry.facts

    def test_is_not_in_anybodys_household(self, register: Register) -> None:
        locked(register, register.ravi)
        assert "Ravi" not in seen(adviser(register), register.page(register.priya))

    def test_refuses_every_change(self, register: Register) -> None:
        locked(register, register.priya)
        client, address = adviser(register), register.page(register.priya)
        for path in ("facts/phone/", "relate/", "history/"):
            assert client.get(f"{address}{path}").status_code == 403

    def test_is_locked_and_opened_on_pages_of_its_own(self, register: Register) -> None:
        sue, address = register.house.sue, register.page(register.priya)
        client = register.house.browser(sue)
        answer = client.post(f"{address}lock/", {"why": ""})
        assert answer.status_code == 422
        assert "Choose the teams" in text_of(answer)
        answer = client.post(f"{address}lock/", {"teams": ["waste"], "why": "Works for us"})
        assert answer.status_code == 302
        assert "Locked record" in seen(adviser(register), address)
        assert client.post(f"{address}open/").status_code == 302
        assert "Priya Nair" in seen(adviser(register), address)


class TestHistoryAndLooks:
    def test_shows_what_was_believed_before_and_why_it_ended(self, register: Register) -> None:
        number = Fact.unscoped("a test").get(record=register.priya, kind="phone").pk
        client, address = adviser(register), register.page(register.priya)
        client.post(f"{address}fact/{number}/end/", {"why": "Not hers"})
        text = seen(client, f"{address}history/")
        assert "07700 900982" in text
        assert "Not hers" in text
        assert "Ada Adviser" in text

    def test_shows_who_looked_to_those_who_may_know(self, register: Register) -> None:
        adviser(register).get(register.page(register.priya))
        sue = register.house.browser(register.house.sue)
        text = seen(sue, f"{register.page(register.priya)}looks/")
        assert "Ada Adviser" in text
        assert "Their page" in text
        assert adviser(register).get(f"{register.page(register.priya)}looks/").status_code == 403


class TestChangingWhatIsKept:
    def test_adds_a_fact_of_each_kind_by_its_own_form(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        sent: dict[str, dict[str, str]] = {
            "name": {"given": "Pri", "use": "known-as"},
            "phone": {"number": "07700 900555", "use": "mobile", "preferred": "yes", "consent": "yes"},
            "email": {"address": "pri@example.net"},
            "address": {
                "place_line1": "2 Oak Row", "place_town": "Ashfield", "place_postcode": "AB10 1AB",
                "use": "correspondence", "since_day": "1", "since_month": "2", "since_year": "2025",
            },
            "identifier": {"scheme": "nhs", "value": "943 476 5919"},
            "language": {"language": "cy"},
            "need": {"need": "braille"},
            "alert": {
                "category": "other", "text": "Rings at night", "review_on_day": "1",
                "review_on_month": "1", "review_on_year": "2030", "circle": "waste",
            },
        }  # fmt: skip
        for kind, body in sent.items():
            assert client.get(f"{address}facts/{kind}/").status_code == 200
            answer = client.post(f"{address}facts/{kind}/", {**body, "source": "adviser"})
            assert answer.status_code == 302, (kind, text_of(answer)[:600])
        assert Fact.unscoped("a test").get(kind="alert").circle == "waste"
        text = seen(client, address)
        for words in (
            "Pri",
            "07700 900555",
            "2 Oak Row",
            "since 1 Feb 2025",
            "943 476 5919",
            "Welsh",
            "Braille",
        ):
            assert words in text, words

    def test_says_at_the_question_what_is_wrong_and_keeps_what_was_typed(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        answer = client.post(
            f"{address}facts/identifier/", {"scheme": "nhs", "value": "943 476 5918", "source": "adviser"}
        )
        assert answer.status_code == 422
        assert "943 476 5918" in answer.content.decode()
        assert "#id_value" in answer.content.decode()

    def test_puts_another_fact_into_the_place_of_one(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        held = Fact.unscoped("a test").get(record=register.priya, kind="address")
        assert "14 Mill Lane" in client.get(f"{address}fact/{held.pk}/").content.decode()
        body = {
            "place_line1": "9 New Street", "place_town": "Ashfield", "place_postcode": "AB10 1AB",
            "use": "home", "source": "adviser", "why": "They moved",
        }  # fmt: skip
        assert client.post(f"{address}fact/{held.pk}/", body).status_code == 302
        text = seen(client, address)
        assert "9 New Street" in text
        assert "14 Mill Lane" not in text
        assert "They moved" in seen(client, f"{address}history/")

    def test_says_when_somebody_was_faster(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        held = Fact.unscoped("a test").get(record=register.priya, kind="phone")
        for status in (302, 409):
            assert client.post(f"{address}fact/{held.pk}/end/", {"why": "Not hers"}).status_code == status

    def test_cannot_reach_another_persons_fact(self, register: Register) -> None:
        theirs = Fact.unscoped("a test").filter(record=register.olga).first()
        assert theirs is not None
        client, address = adviser(register), register.page(register.priya)
        assert client.get(f"{address}fact/{theirs.pk}/").status_code == 409

    def test_is_refused_to_who_may_only_look(self, register: Register) -> None:
        auditor = make_staff(council=register.house.ash, roles=("auditor",))
        client = register.house.browser(auditor)
        assert client.get(f"{register.page(register.priya)}facts/phone/").status_code == 403
        assert "Change" not in seen(client, register.page(register.priya))

    def test_of_a_restricted_record_is_refused_and_said(self, register: Register) -> None:
        Record.unscoped("a test").filter(pk=register.priya.pk).update(
            restricted_at=timezone.now(), restricted_why="They contest it"
        )
        client, address = adviser(register), register.page(register.priya)
        assert "They contest it" in seen(client, address)
        assert client.get(f"{address}facts/phone/").status_code == 409

    def test_says_a_date_of_birth_only_once(self, register: Register) -> None:
        register.tell(register.priya, a_birth("1981-05-04"))
        text = seen(adviser(register), register.page(register.priya))
        assert "4 May 1981" in text
        assert "4 May 1980" not in text


class TestWhoBelongsTogether:
    def test_is_found_and_said(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        assert "Ravi Nair" in seen(client, f"{address}relate/?q=ravi+nair")
        other = register.ravi.person.reference
        assert "Ravi Nair and Priya Nair" in seen(client, f"{address}relate/?other={other}")
        answer = client.post(f"{address}relate/", {"other": other, "kind": "partner"})
        assert answer.status_code == 302
        assert "partner" in seen(client, address)

    def test_needs_consent_where_somebody_acts_for_them(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        answer = client.post(
            f"{address}relate/", {"other": register.ravi.person.reference, "kind": "representative"}
        )
        assert answer.status_code == 422
        assert "Enter when and how they agreed" in text_of(answer)

    def test_ends(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        client.post(f"{address}relate/", {"other": register.ravi.person.reference, "kind": "partner"})
        number = Relationship.unscoped("a test").get().pk
        assert "Ravi Nair: partner" in seen(client, f"{address}relationship/{number}/end/")
        assert client.post(f"{address}relationship/{number}/end/", {"why": "Parted"}).status_code == 302
        assert Relationship.unscoped("a test").get().ended_why == "Parted"

    def test_does_not_admit_that_somebody_of_another_council_exists(self, register: Register) -> None:
        client, address = adviser(register), register.page(register.priya)
        assert client.get(f"{address}relate/?other={register.olga.person.reference}").status_code == 404
