"""Each council says when its register links by itself, and when somebody is asked."""

import pytest
from django.test import Client
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Council, Staff
from moothall.journal.models import Entry
from moothall.persons.models import Cutoff
from moothall.persons.queries.weights import cutoffs_of
from tests.makers import make_council, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/work/duplicates/cut-offs/"


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff.user)
    return client


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Settings) -> None:
    settings.SECOND_FACTOR = "off"


class TestTheCutOffsOfACouncil:
    def test_are_set_by_a_steward_and_hold_from_then_on(self, ash: Council) -> None:
        client = browser(make_staff(council=ash, roles=("record-steward",)))
        assert "odds of 64 to 1" in client.get(PAGE).content.decode()
        answer = client.post(f"{PAGE}ash/", {"link": "8.5", "ask": "-2"})
        assert answer["Location"] == PAGE
        with scope.everything("to read them and the record"):
            held = cutoffs_of(ash.pk)
            assert (held.link, held.ask) == (8.5, -2.0)
            assert Entry.objects.filter(what="person.cutoffs_set", council_id=ash.pk).count() == 1

    @pytest.mark.parametrize(
        ("link", "ask", "said"),
        [
            ("3", "5", "Whom somebody is asked about must begin"),
            ("99", "0", "Enter a score between -20 and 40"),
            ("six", "0", "Enter a number"),
            ("", "0", "Enter a score, like 6"),
            ("nan", "0", "Enter a"),
            ("1e400", "0", "Enter a"),
        ],
    )
    def test_are_refused_where_they_make_no_sense(self, ash: Council, link: str, ask: str, said: str) -> None:
        client = browser(make_staff(council=ash, roles=("record-steward",)))
        answer = client.post(f"{PAGE}ash/", {"link": link, "ask": ask})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        with scope.everything("to read it"):
            assert not Cutoff.objects.exists()

    def test_are_not_there_for_stewards_of_other_councils(self, ash: Council) -> None:
        elm = make_council(code="elm", name="Elm Council")
        client = browser(make_staff(council=elm, roles=("record-steward",)))
        assert "Ash District" not in client.get(PAGE).content.decode()
        assert client.post(f"{PAGE}ash/", {"link": "1", "ask": "1"}).status_code == 404
        assert ash.pk

    def test_are_not_for_advisers(self, ash: Council) -> None:
        client = browser(make_staff(council=ash, roles=("adviser",)))
        assert client.get(PAGE).status_code == 403
