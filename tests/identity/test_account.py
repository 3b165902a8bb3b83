"""One's own account: name, addresses, and what is sent about them."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from moothall.identity import actions, hooks
from moothall.identity.errors import AddressTaken
from moothall.identity.models import User
from moothall.journal.models import Job
from tests.identity.conftest import Kept, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what waits for the end of a transaction, which in a test never comes."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())


class TestAnAccount:
    def test_leads_back_to_ones_work_and_out(
        self, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hooks, "_landings", {"test": lambda _user: "/work/"})
        assert sign_in(client, ada)["Location"] == "/work/"
        page = client.get("/account/").content.decode()
        assert 'href="/work/"' in page
        assert "Sign out" in page

    def test_is_opened_once_for_an_address(self, ada: User, now: Any) -> None:
        with pytest.raises(AddressTaken):
            actions.open_account(email="ADA@ash.example", name="Another", now=now)

    def test_tells_its_owner_all_about_it(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        page = client.get("/account/").content.decode()
        for words in ("Ada Byron", "ada@ash.example", "Password", "Passkeys", "Where you are signed in"):
            assert words in page

    def test_has_a_name_that_can_be_changed(self, client: Client, ada: User, kept: Kept) -> None:
        sign_in(client, ada)
        client.post("/account/name/", {"name": "  Ada Lovelace "})
        ada.refresh_from_db()
        assert ada.name == "Ada Lovelace"
        assert kept.what()[-1] == "name_changed"

    @pytest.mark.parametrize("name", ["", " ", "x" * 151])
    def test_keeps_its_name_when_the_new_one_is_none(self, client: Client, ada: User, name: str) -> None:
        sign_in(client, ada)
        assert client.post("/account/name/", {"name": name}).status_code == 200
        ada.refresh_from_db()
        assert ada.name == "Ada Byron"

    @pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Ωß漢字", "\u202eevil", "O'Brien & Söhne"])
    def test_shows_any_name_as_text(self, client: Client, ada: User, name: str) -> None:
        sign_in(client, ada)
        client.post("/account/name/", {"name": name})
        assert "<script>alert" not in client.get("/account/").content.decode()


class TestAnotherAddress:
    def add(self, client: Client, email: str = "ada@home.example") -> Any:
        return client.post("/account/email/", {"action_add": "1", "email": email})

    def test_is_added_by_its_code(self, client: Client, ada: User, kept: Kept) -> None:
        sign_in(client, ada)
        assert self.add(client)["Location"] == "/account/confirm-email/"
        page = client.get("/account/confirm-email/")
        assert page.templates == []
        assert "ada@home.example" in page.content.decode()
        code = re.search(r"Your code is: (\S+)", str(mail.outbox[-1].body))
        assert code
        client.post("/account/confirm-email/", {"code": code[1]})
        assert EmailAddress.objects.get(email="ada@home.example").verified
        assert "email_confirmed" in kept.what()

    def test_is_not_added_before(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        self.add(client)
        assert not EmailAddress.objects.filter(email="ada@home.example", verified=True).exists()

    def test_can_become_the_one_we_write_to_and_the_former_be_removed(
        self, client: Client, ada: User
    ) -> None:
        sign_in(client, ada)
        EmailAddress.objects.create(user=ada, email="ada@home.example", verified=True)
        client.post("/account/email/", {"action_primary": "1", "email": "ada@home.example"})
        ada.refresh_from_db()
        assert ada.email == "ada@home.example"
        client.post("/account/email/", {"action_remove": "1", "email": "ada@ash.example"})
        assert [each.email for each in EmailAddress.objects.all()] == ["ada@home.example"]

    def test_is_refused_when_it_is_not_an_address(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        assert "correct format" in self.add(client, "nonsense").content.decode()

    def test_of_somebody_else_cannot_be_touched(self, client: Client, ada: User, now: Any) -> None:
        actions.open_account(email="eve@elm.example", name="Eve", now=now, confirmed=True)
        sign_in(client, ada)
        client.post("/account/email/", {"action_remove": "1", "email": "eve@elm.example"})
        client.post("/account/email/", {"action_primary": "1", "email": "eve@elm.example"})
        assert EmailAddress.objects.filter(email="eve@elm.example", user__name="Eve").exists()


class TestMailAboutAnAccount:
    def test_goes_through_the_outbox_so_that_no_mail_server_is_waited_for(
        self, client: Client, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "moothall.messages.backends.Posted"
        client.post(
            "/account/signup/",
            {"name": "Grace", "email": "g@elm.example", "password1": "correct horse battery"},
        )
        letters = [job.args for job in Job.objects.all() if "letter" in str(job.args)]
        assert len(letters) == 1
        assert "Your code to create an account" in str(letters[0])

    def test_is_plain_text_in_plain_words(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        client.post(
            "/account/password/change/",
            {"oldpassword": "correct horse battery", "password1": "three other random words"},
        )
        letter = mail.outbox[-1]
        assert "The password of your account has been changed." in str(letter.body)
        assert "from the network address 127.0.0.1" in str(letter.body)
        assert "&" not in str(letter.body)
        assert getattr(letter, "alternatives", []) == []
