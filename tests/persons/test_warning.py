"""Whoever is connected with a record is told, wherever they were reached so far."""

from datetime import datetime

import pytest

from moothall.councils.models import Council
from moothall.messages.models import Message
from moothall.persons.actions.connecting import connect
from moothall.persons.models import Connection
from tests.makers import make_council, make_user
from tests.persons.making import a_name, an_address, an_email, make_record
from tests.persons.residents import resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


class TestAnAccountThatIsConnected:
    def test_is_told_of_at_the_account_and_where_the_council_reached_them(
        self, ash: Council, now: datetime
    ) -> None:
        record = make_record(council=ash, facts=[a_name(), an_address(), an_email("priya@example.org")])
        by = resident(ash, "Priya Nair", make_user(email="somebody@example.com"))
        connect(by=by, record=record, how=Connection.How.LETTER, now=now)
        letters = Message.objects.filter(about=f"record:{record.pk}")
        assert {letter.to for letter in letters} == {"somebody@example.com", "priya@example.org"}
        assert all("If it was not you" in letter.body for letter in letters)
        assert not any("Priya" in letter.body or "Mill Lane" in letter.body for letter in letters)

    def test_is_told_of_once_at_one_address(self, ash: Council, now: datetime) -> None:
        record = make_record(council=ash, facts=[a_name(), an_address(), an_email("priya@example.org")])
        by = resident(ash, "Priya Nair", make_user(email="Priya@Example.org"))
        connect(by=by, record=record, how=Connection.How.LETTER, now=now)
        assert Message.objects.count() == 1
