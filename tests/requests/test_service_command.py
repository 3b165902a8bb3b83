"""`moothall service`."""

import pytest
from django.core.management import CommandError, call_command

from moothall.journal.models import Entry
from tests.requests.making import Town, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def town() -> Town:
    return make_town(code="ashfield")


class TestTheServiceCommand:
    def test_closes_lists_and_opens_a_service(self, town: Town, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("service", "close", "ashfield", "missed-bin", "Crews are snowed in.")
        call_command("service", "list", "ashfield")
        assert "missed-bin: closed: Crews are snowed in." in capsys.readouterr().out
        call_command("service", "open", "ashfield", "missed-bin")
        call_command("service", "list", "ashfield")
        assert "missed-bin: open" in capsys.readouterr().out
        assert Entry.objects.filter(what="service.closed").count() == 1

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("close", "atlantis", "missed-bin", "x"), "There is no council “atlantis”"),
            (("close", "ashfield", "dragons", "x"), "has no service at this address"),
        ],
    )
    def test_says_what_is_not_there(self, town: Town, words: tuple[str, ...], said: str) -> None:
        with pytest.raises(CommandError, match=said):
            call_command("service", *words)
