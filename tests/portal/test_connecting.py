"""Connecting one's account on a council's site: by the code of a letter, a proof, or asking for a letter."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.identity import actions as identity
from moothall.identity.models import User
from moothall.identity.rules import ProviderDetails
from moothall.persons.actions.connecting import Letter
from moothall.persons.models import CasePerson, Connection, Fact, LetterCode, Record
from moothall.persons.rules import codes
from moothall.process.models import Case
from tests.makers import make_council, make_team, make_user
from tests.persons.making import a_name, an_address, make_record
from tests.persons.processes import publish
from tests.persons.residents import letter_for
from tests.requests.making import Town

pytestmark = pytest.mark.django_db
CALL = "/ashfield/details/"
PHONE = {"number": "07700 900123", "use": "mobile"}
ASKING = {
    "name": "Mrs Priya Nair",
    "born_day": "4",
    "born_month": "5",
    "born_year": "1980",
    "address_line1": "14 Mill Lane",
    "address_town": "Alderbridge",
    "address_postcode": "AB10 1AB",
}


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


def a_letter(record: Record) -> Letter:
    with scope.everything("a test"):
        return letter_for(record, Viewer.system(), timezone.now())


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


class TestWhoeverIsNotConnected:
    def test_reads_how_to_connect(self, client: Client, town: Town) -> None:
        page = text(client.get(CALL))
        assert "First we must be sure that you are you." in page
        assert f'href="{CALL}connect/"' in page
        assert 'aria-current="true"' in page or 'aria-current="page"' in page

    def test_is_led_to_sign_in_first(self, town: Town) -> None:
        for path in ("", "connect/", "letter/", "not-me/", "add/phone/", "change/1/", "acting/1/end/"):
            answer = Client().get(f"{CALL}{path}")
            assert answer.status_code == 302
            assert answer["Location"].startswith("/account/login/")

    def test_is_offered_a_provider_that_proves_identity(self, client: Client, town: Town) -> None:
        provider = ProviderDetails(
            code="one",
            council_code="ashfield",
            name="One",
            issuer="https://one.example",
            client_id="m",
            proves_identity=True,
        )
        identity.keep_provider(provider, secret="x")
        page = text(client.get(CALL))
        assert "Prove it with One" in page
        assert "/account/providers/one/login/?process=connect&amp;next=/ashfield/details/" in page

    def test_reads_that_a_proof_found_nobody(self, client: Client, town: Town) -> None:
        session = client.session
        session["proof"] = {"council": "ashfield", "provider": "One", "found": False}
        session.save()
        assert "we could not be sure which details are yours" in text(client.get(CALL))

    @pytest.mark.parametrize("path", ["add/phone/", "change/1/", "take-away/1/", "acting/1/end/"])
    def test_finds_nothing_to_put_right(self, client: Client, record: Record, path: str) -> None:
        number = fact(record, "phone").pk
        for way in (client.get, client.post):
            assert way(f"{CALL}{path.replace('1', str(number))}").status_code == 404

    def test_is_not_asked_whether_it_is_them(self, client: Client, town: Town) -> None:
        assert client.get(f"{CALL}not-me/")["Location"] == CALL


class TestEnteringACode:
    def test_connects_and_shows_the_details(self, client: Client, record: Record) -> None:
        letter = a_letter(record)
        typed = {"reference": letter.reference.lower(), "code": letter.code.replace("-", " ").lower()}
        answer = client.post(f"{CALL}connect/", typed, follow=True)
        assert answer.redirect_chain[0][0] == CALL
        assert "Your account is now connected" in text(answer)
        assert "14 Mill Lane" in text(answer)

    def test_says_the_same_whatever_is_wrong(self, client: Client, town: Town, record: Record) -> None:
        letter = a_letter(record)
        with scope.everything("a test"):
            elsewhere = make_record(council=make_council(code="elm"), facts=[a_name(), an_address()])
        theirs = a_letter(elsewhere)
        tries = [
            (letter.reference, codes.new_code()),
            (theirs.reference, theirs.code),
            ("PSN-0000-0000", letter.code),
            (letter.reference, "nonsense"),
        ]
        said = set()
        for reference, code in tries:
            answer = client.post(f"{CALL}connect/", {"reference": reference, "code": code})
            assert answer.status_code == 422
            page = text(answer)
            said.add(page[page.index("govuk-error-summary") :].partition("</div>")[0])
        assert len(said) == 1
        assert "do not belong together" in said.pop()

    def test_stops_an_account_after_five_tries_and_says_what_to_do(
        self, client: Client, record: Record
    ) -> None:
        a_letter(record)
        typed = {"reference": record.person.reference, "code": codes.new_code()}
        for _ in range(5):
            assert client.post(f"{CALL}connect/", typed).status_code == 422
        answer = client.post(f"{CALL}connect/", typed)
        assert answer.status_code == 429
        assert "ask for a new letter" in text(answer)
        assert rows(LetterCode)[0].tries == 5

    def test_stops_whoever_asks_after_nobody_in_the_same_way(self, client: Client, town: Town) -> None:
        typed = {"reference": "PSN-0000-0000", "code": codes.new_code()}
        assert [client.post(f"{CALL}connect/", typed).status_code for _ in range(6)] == [422] * 5 + [429]

    def test_of_nothing_asks_for_both(self, client: Client, town: Town) -> None:
        page = text(client.post(f"{CALL}connect/", {}))
        assert "Enter the reference from the letter" in page
        assert "Enter the code from the letter" in page

    def test_twice_connects_once(self, client: Client, record: Record) -> None:
        letter = a_letter(record)
        typed = {"reference": letter.reference, "code": letter.code}
        for _ in range(2):
            assert client.post(f"{CALL}connect/", typed).status_code == 302
        assert len(rows(Connection)) == 1

    def test_of_a_form_that_is_not_ours_does_nothing(self, user: User, record: Record) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(user)
        letter = a_letter(record)
        answer = strict.post(f"{CALL}connect/", {"reference": letter.reference, "code": letter.code})
        assert "send it again" in text(answer)
        assert rows(Connection) == []

    def test_survives_what_no_page_of_ours_sends(self, client: Client, town: Town) -> None:
        for reference, code in (("\x00", "\x00"), ("PSN" * 13, "é" * 40), ("<script>", "' OR 1=1 --")):
            assert client.post(f"{CALL}connect/", {"reference": reference, "code": code}).status_code == 422


class TestAskingForALetter:
    @pytest.fixture(autouse=True)
    def _desk(self, town: Town) -> None:
        with scope.everything("a test"):
            publish("connect-letter", timezone.now())
            make_team(council=town.council, function="customer-services", name="The desk")

    def test_says_the_same_whether_somebody_is_known_or_not(self, client: Client, record: Record) -> None:
        known = text(client.post(f"{CALL}letter/", ASKING))
        other = Client()
        other.force_login(make_user())
        unknown = text(other.post(f"{CALL}letter/", ASKING | {"name": "Priya Unknown"}))
        assert "If we find you, we send a letter to the address that we hold." in known
        assert plain(known) == plain(unknown)
        assert sorted(row.record_id or 0 for row in rows(CasePerson)) == [0, record.pk]

    def test_needs_the_whole_of_it(self, client: Client, town: Town) -> None:
        sent = {key: value for key, value in ASKING.items() if not key.startswith("born")}
        answer = client.post(f"{CALL}letter/", sent)
        assert answer.status_code == 422
        assert "Enter your date of birth" in text(answer)
        assert rows(Case) == []

    def test_is_offered_where_there_is_such_a_process(self, client: Client, town: Town) -> None:
        assert f'href="{CALL}letter/"' in text(client.get(CALL))

    def test_again_makes_no_more_work_and_has_an_end(self, client: Client, town: Town) -> None:
        answers = [client.post(f"{CALL}letter/", ASKING).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert len(rows(Case)) == 1


def test_a_letter_cannot_be_asked_for_without_the_process(client: Client, town: Town) -> None:
    assert client.get(f"{CALL}letter/").status_code == 404
    assert "help@council.example" in text(client.get(CALL))
