"""Letters with a code, and connected accounts, on the pages of staff."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council, Staff
from moothall.journal.models import Entry
from moothall.persons.actions.connecting import end_own_connection
from moothall.persons.actions.linking import link_same
from moothall.persons.models import Connection, LetterCode, Record
from moothall.persons.rules import codes
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_user, make_viewer
from tests.persons.making import a_name, a_phone, make_record
from tests.persons.residents import connected, resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = "off"


@pytest.fixture
def ash(db: None) -> Council:
    return make_council(code="ash", name="Ash Council")


@pytest.fixture
def ann(ash: Council) -> Staff:
    return make_staff(council=ash, roles=("adviser",), user=make_user(name="Ann Adviser"))


@pytest.fixture
def browser(ann: Staff) -> Client:
    client = Client()
    client.force_login(ann.user)
    return client


@pytest.fixture
def record(ash: Council) -> Record:
    with scope.everything("a test"):
        return make_record(council=ash)


def address(record: Record, what: str = "letter") -> str:
    return f"/work/person/{record.person.reference}/{what}/"


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


def code_in(page: str) -> str:
    found = re.search(r"Your code</dt><dd>([^<]+)", page)
    assert found
    return found[1]


class TestALetter:
    def test_is_asked_for_with_where_it_goes(self, browser: Client, record: Record) -> None:
        page = text(browser.get(address(record)))
        assert "14 Mill Lane" in page
        assert "Make the letter" in page

    def test_shows_its_code_once(self, browser: Client, record: Record) -> None:
        answer = browser.post(address(record))
        code = code_in(text(answer))
        assert codes.typed(code)
        assert "no-store" in answer["Cache-Control"]
        assert code not in text(browser.get(address(record)))
        with scope.everything("a test"):
            assert LetterCode.objects.count() == 1
            assert Entry.objects.filter(what="person.seen", facts__contains="print").count() == 1

    def test_says_which_site_to_go_to(self, browser: Client, record: Record, settings: Any) -> None:
        settings.PUBLIC_URL = "https://moothall.example"
        assert "https://moothall.example/ash/details/" in text(browser.post(address(record)))

    def test_asks_which_council_writes_if_several_hold_a_record(
        self, browser: Client, record: Record, ash: Council, ann: Staff
    ) -> None:
        elm = make_council(code="elm", name="Elm Council")
        make_agreement(councils=(ash, elm), kinds=("persons",), name="One register")
        make_grant(staff=ann, role="adviser", council=elm)
        steward = make_staff(council=ash, roles=("record-steward",))
        make_grant(staff=steward, role="record-steward", council=elm)
        with scope.everything("a test"):
            other = make_record(council=elm)
            viewer = make_viewer(steward)
            link_same(by=viewer, one_id=record.pk, other_id=other.pk, why="The same", now=timezone.now())
        assert "Which council writes?" in text(browser.get(address(record)))
        assert browser.post(address(record), {}).status_code == 422
        assert "Elm Council" in text(browser.post(address(record), {"record": other.pk}))
        assert browser.post(address(record), {"record": "9" * 30}).status_code == 422

    def test_is_refused_without_an_address(self, browser: Client, ash: Council) -> None:
        with scope.everything("a test"):
            record = make_record(council=ash, facts=[a_name(), a_phone()])
        answer = browser.get(address(record))
        assert answer.status_code == 409
        assert "no address" in text(answer)

    @pytest.mark.parametrize(
        ("change", "status"),
        [({"circle": "hub"}, 403), ({"restricted_at": "now"}, 409), ({"state": "erased"}, 409)],
    )
    def test_is_refused_for_a_record_that_is_not_open(
        self, browser: Client, record: Record, change: dict[str, Any], status: int
    ) -> None:
        now = timezone.now()
        with scope.everything("a test"):
            Record.objects.update(**{key: now if value == "now" else value for key, value in change.items()})
        for way in (browser.get, browser.post):
            assert way(address(record)).status_code == status

    def test_is_for_those_who_may_connect_people(self, record: Record, ash: Council) -> None:
        client = Client()
        client.force_login(make_staff(council=ash, roles=("officer",)).user)
        assert client.post(address(record)).status_code == 403
        client.force_login(make_staff(council=make_council(), roles=("adviser",)).user)
        assert client.post(address(record)).status_code == 404

    def test_shows_names_as_words(self, browser: Client, ash: Council) -> None:
        with scope.everything("a test"):
            record = make_record(council=ash)
            record.facts.filter(kind="name").update(
                body={"given": "<script>x", "family": "Y", "use": "usual"}
            )
        assert "<script>x" not in text(browser.post(address(record)))


class TestConnectedAccounts:
    @pytest.fixture
    def connection(self, record: Record, ash: Council) -> Connection:
        user = make_user(name="Priya at home", email="priya@home.example")
        with scope.everything("a test"):
            return connected(resident(ash, user.name, user), record, timezone.now())

    def test_are_shown_and_ended(self, browser: Client, record: Record, connection: Connection) -> None:
        assert "End a connection" in text(browser.get(address(record)))
        page = text(browser.get(address(record, "connection/end")))
        assert "Priya at home" in page
        assert "priya@home.example" in page
        answer = browser.post(address(record, "connection/end"), {"connection": connection.pk}, follow=True)
        assert "No account is connected" in text(answer)

    def test_are_ended_once(
        self, browser: Client, record: Record, ash: Council, connection: Connection
    ) -> None:
        with scope.everything("a test"):
            viewer = resident(ash, connection.user.name, connection.user)
            end_own_connection(by=viewer, council_id=ash.pk, now=timezone.now())
        answer = browser.post(address(record, "connection/end"), {"connection": connection.pk})
        assert answer.status_code == 404

    @pytest.mark.parametrize("sent", ["", "x", "0", "9" * 40, "-1"])
    def test_of_nobody_are_not_there(
        self, browser: Client, record: Record, connection: Connection, sent: str
    ) -> None:
        assert browser.post(address(record, "connection/end"), {"connection": sent}).status_code == 404

    def test_of_somebody_else_are_not_ended_here(
        self, browser: Client, record: Record, ash: Council, connection: Connection
    ) -> None:
        with scope.everything("a test"):
            other = make_record(council=ash, facts=[a_name("Ravi")])
        answer = browser.post(address(other, "connection/end"), {"connection": connection.pk})
        assert answer.status_code == 404
