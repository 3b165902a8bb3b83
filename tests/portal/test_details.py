"""A resident's own details on a council's site: reading and putting right."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.journal.models import Entry
from moothall.persons.actions.casework import put_case_to
from moothall.persons.actions.records import add_fact
from moothall.persons.models import CasePerson, Fact, Record
from moothall.persons.rules.facts import NewFact
from tests.makers import make_council, make_user
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record
from tests.persons.processes import publish
from tests.persons.residents import connected, represent, resident
from tests.requests.making import Town, make_request

pytestmark = pytest.mark.django_db
CALL = "/ashfield/details/"
PHONE = {"number": "07700 900123", "use": "mobile"}


@pytest.fixture
def user(db: None) -> User:
    return make_user(name="Priya Nair", email="priya@example.org")


@pytest.fixture
def client(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def record(town: Town) -> Record:
    with scope.everything("a test"):
        return make_record(council=town.council, now=timezone.now())


@pytest.fixture
def mine(record: Record, user: User, town: Town) -> Record:
    """A record that the account is connected with."""
    with scope.everything("a test"):
        connected(resident(town.council, user.name, user), record, timezone.now())
    return record


def rows(model: Any) -> Any:
    with scope.everything("a test"):
        return list(model.objects.all())


def fact(record: Record, kind: str) -> Fact:
    with scope.everything("a test"):
        found: Fact = record.facts.filter(kind=kind, ended_at=None).latest("id")
        return found


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


def plain(page: str) -> str:
    """Return a page without what differs between two visitors."""
    start = page.index("<main")
    return page[start : page.index("</main>")]


class TestWhoeverIsConnected:
    def test_sees_what_the_council_holds_and_where_it_came_from(self, client: Client, mine: Record) -> None:
        page = text(client.get(CALL))
        for words in ("Priya Nair", "4 May 1980", "14 Mill Lane", "priya@example.org", mine.person.reference):
            assert words in page
        assert f"From: our staff wrote it down, {timezone.localdate().day}" in page
        assert "We check this first" in page

    def test_sees_neither_alerts_nor_whole_numbers(self, client: Client, mine: Record, town: Town) -> None:
        with scope.everything("a test"):
            from_staff = [
                NewFact(
                    kind="alert",
                    body={"category": "aggression", "text": "Zebedee", "review_on": "2030-01-01"},
                ),
                NewFact(kind="identifier", body={"scheme": "nhs", "value": "943 476 5919"}),
            ]
            for each in from_staff:
                add_fact(
                    by=Viewer.system(), record_id=mine.pk, fact=each, source="adviser", now=timezone.now()
                )
        page = text(client.get(CALL))
        assert "Zebedee" not in page
        assert "NHS number that ends in 919" in page
        assert "943" not in page

    def test_is_led_past_the_code(self, client: Client, mine: Record) -> None:
        assert client.get(f"{CALL}connect/")["Location"] == CALL

    def test_ends_the_connection(self, client: Client, mine: Record) -> None:
        assert "This is not me" in text(client.get(f"{CALL}not-me/"))
        assert client.post(f"{CALL}not-me/")["Location"] == CALL
        assert client.post(f"{CALL}not-me/")["Location"] == CALL
        assert "First we must be sure" in text(client.get(CALL))

    @pytest.mark.parametrize(
        "change", [{"circle": "safeguarding", "locked_why": "Hiding"}, {"state": "erased"}]
    )
    def test_is_shown_nothing_of_a_record_that_is_not_open(
        self, client: Client, mine: Record, change: dict[str, str]
    ) -> None:
        with scope.everything("a test"):
            Record.objects.update(**change)
        number = fact(mine, "phone").pk
        page = text(client.get(CALL))
        assert "We cannot show your details here. Contact us." in page
        for words in ("Priya Nair</p>", "Mill Lane", mine.person.reference, "lock", "Hiding"):
            assert words not in page
        for path in ("add/phone/", f"change/{number}/", f"take-away/{number}/", "acting/1/end/"):
            answer = client.get(f"{CALL}{path}")
            assert answer.status_code == 403
            assert "Hiding" not in text(answer)

    def test_sees_names_as_words_and_never_as_markup(self, client: Client, town: Town, user: User) -> None:
        with scope.everything("a test"):
            facts = [a_name("<script>alert(1)</script>", '"><img src=x>'), an_address("<b>1</b>")]
            record = make_record(council=town.council, facts=facts)
            connected(resident(town.council, user.name, user), record, timezone.now())
        page = text(client.get(CALL))
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert "&lt;b&gt;1&lt;/b&gt;" in page

    def test_at_one_council_is_a_stranger_at_another(self, client: Client, mine: Record) -> None:
        with scope.everything("a test"):
            make_council(code="elm")
        assert "First we must be sure" in text(client.get("/elm/details/"))
        assert client.get(f"/elm/details/change/{fact(mine, 'phone').pk}/").status_code == 404


class TestStaffOnTheResidentsPage:
    def test_see_no_more_than_a_resident(self, town: Town, record: Record, settings: Any) -> None:
        settings.SECOND_FACTOR = "off"
        client = Client()
        client.force_login(User.objects.get(pk=town.adviser.actor.user_id or 0))
        assert "First we must be sure" in text(client.get(CALL))
        assert client.get(f"{CALL}change/{fact(record, 'phone').pk}/").status_code == 404


class TestPuttingRight:
    def test_adds_a_phone_number(self, client: Client, mine: Record) -> None:
        assert client.post(f"{CALL}add/phone/", PHONE | {"consent": "yes"})["Location"] == CALL
        added = fact(mine, "phone")
        assert (added.body["number"], added.source) == ("+447700900123", "resident")
        page = text(client.get(CALL))
        assert "07700 900123 (mobile)" in page
        assert "We may use it for news. From: you told us here" in page

    def test_says_what_is_wrong_where_it_is_wrong(self, client: Client, mine: Record) -> None:
        answer = client.post(f"{CALL}add/phone/", {"number": "12", "use": "mobile"})
        assert answer.status_code == 422
        page = text(answer)
        assert "govuk-error-summary" in page
        assert 'value="12"' in page

    def test_changes_what_is_held_and_begins_with_it(self, client: Client, mine: Record) -> None:
        held = fact(mine, "email")
        page = text(client.get(f"{CALL}change/{held.pk}/"))
        assert 'value="priya@example.org"' in page
        assert client.post(f"{CALL}change/{held.pk}/", {"address": "new@example.org"})["Location"] == CALL
        assert "new@example.org" in text(client.get(CALL))

    def test_of_what_somebody_changed_meanwhile_is_refused(self, client: Client, mine: Record) -> None:
        held = fact(mine, "email")
        client.post(f"{CALL}change/{held.pk}/", {"address": "new@example.org"})
        answer = client.post(f"{CALL}change/{held.pk}/", {"address": "newer@example.org"})
        assert answer.status_code == 409

    def test_takes_away(self, client: Client, mine: Record) -> None:
        held = fact(mine, "phone")
        assert "07700 900982" in text(client.get(f"{CALL}take-away/{held.pk}/"))
        assert client.post(f"{CALL}take-away/{held.pk}/")["Location"] == CALL
        assert "07700 900982" not in text(client.get(CALL))

    @pytest.mark.parametrize(
        ("kind", "sent", "said"),
        [
            ("language", {"language": "pl", "interpreter": "yes"}, "Polish, needs an interpreter"),
            ("need", {"need": "supporter", "text": "My sister"}, "Somebody with you: My sister"),
            ("email", {"address": "two@example.org", "preferred": "yes"}, "Preferred. From"),
        ],
    )
    def test_asks_in_words_for_the_person(
        self, client: Client, mine: Record, kind: str, sent: dict[str, str], said: str
    ) -> None:
        page = text(client.get(f"{CALL}add/{kind}/"))
        assert "they " not in plain(page).lower()
        assert client.post(f"{CALL}add/{kind}/", sent).status_code == 302
        assert said in text(client.get(CALL))

    @pytest.mark.parametrize("kind", ["name", "birth", "address", "alert", "identifier", "nonsense"])
    def test_is_not_for_what_is_checked_first(self, client: Client, mine: Record, kind: str) -> None:
        for way in (client.get, client.post):
            assert way(f"{CALL}add/{kind}/").status_code == 404

    @pytest.mark.parametrize("kind", ["name", "birth", "address"])
    def test_refuses_a_change_of_what_is_checked_first(self, client: Client, mine: Record, kind: str) -> None:
        number = fact(mine, kind).pk
        assert client.post(f"{CALL}change/{number}/", {"given": "Eve"}).status_code == 403
        assert client.post(f"{CALL}take-away/{number}/").status_code == 403

    def test_reaches_nobody_else(self, client: Client, mine: Record, town: Town) -> None:
        with scope.everything("a test"):
            other = make_record(
                council=town.council, facts=[a_name("Ravi"), a_phone("07700 900555"), an_email()]
            )
        number = fact(other, "phone").pk
        for path in (f"change/{number}/", f"take-away/{number}/"):
            assert client.get(f"{CALL}{path}").status_code == 404
            assert client.post(f"{CALL}{path}", PHONE).status_code == 404
        assert fact(other, "phone").body["number"] == "+447700900555"

    def test_is_written_down_without_what_it_says(self, client: Client, mine: Record) -> None:
        client.post(f"{CALL}add/email/", {"address": "zebedee@example.org"})
        entries = rows(Entry)
        assert entries[-1].actor_kind == "resident"
        assert not any("zebedee" in entry.facts for entry in entries)

    def test_leads_to_the_service_for_the_rest(self, client: Client, mine: Record) -> None:
        with scope.everything("a test"):
            publish("change-details", timezone.now())
        page = text(client.get(CALL))
        assert 'href="/ashfield/services/change-details/"' in page
        assert client.get("/ashfield/services/change-details/").status_code == 200


class TestWhoActsForSomebody:
    def test_is_shown_and_ended(self, client: Client, mine: Record, town: Town) -> None:
        with scope.everything("a test"):
            ravi = make_record(council=town.council, facts=[a_name("Ravi", "Sen"), a_birth("1950-01-01")])
            row = represent(town.adviser, mine, ravi, timezone.now())
        page = text(client.get(CALL))
        assert "Ravi Sen" in page
        assert "You agreed on 2 November 2026" in page
        assert "1950" not in page
        assert "Ravi Sen acts for you" in text(client.get(f"{CALL}acting/{row}/end/"))
        assert client.post(f"{CALL}acting/{row}/end/")["Location"] == CALL
        assert "Nobody." in text(client.get(CALL))
        assert client.post(f"{CALL}acting/{row}/end/").status_code == 404


class TestRequestsThatStaffMade:
    def test_stand_in_the_list_of_ones_own_to_be_read(self, client: Client, mine: Record, town: Town) -> None:
        with scope.everything("a test"):
            sent = make_request(town)
            put_case_to(by=town.adviser, case_id=sent.request.case_id, record_id=mine.pk, now=timezone.now())
        page = text(client.get("/ashfield/requests/"))
        assert "Made for you" in page
        assert sent.reference in page
        assert "12 High Street" not in page
        assert client.get(f"/ashfield/requests/{sent.reference}/").status_code == 404

    def test_do_not_if_the_matching_alone_put_them_there(
        self, client: Client, mine: Record, town: Town
    ) -> None:
        with scope.everything("a test"):
            sent = make_request(town)
            CasePerson.objects.update_or_create(
                case_id=sent.request.case_id,
                defaults={
                    "council": town.council,
                    "record": mine,
                    "how": "matched",
                    "at": timezone.now(),
                    "by": "The register",
                },
            )
        assert sent.reference not in text(client.get("/ashfield/requests/"))

    def test_are_not_anybody_elses(self, client: Client, record: Record, town: Town) -> None:
        with scope.everything("a test"):
            sent = make_request(town)
            put_case_to(
                by=town.adviser, case_id=sent.request.case_id, record_id=record.pk, now=timezone.now()
            )
        assert sent.reference not in text(client.get("/ashfield/requests/"))
