"""Signing in, up and out."""

import re
import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from moothall.identity import actions
from moothall.identity.models import User
from tests.identity.conftest import PASSWORD, Kept, sign_in

pytestmark = pytest.mark.django_db


class TestSigningIn:
    def test_leads_to_ones_account(self, client: Client, ada: User, kept: Kept) -> None:
        answer = sign_in(client, ada)
        assert answer.status_code == 302
        assert answer["Location"] == "/account/"
        assert "Ada Byron" in client.get("/account/").content.decode()
        assert ("signed_in", ada, {"how": "password", "address": "127.0.0.1"}) in kept.entries

    def test_leads_back_to_where_one_was_going(self, client: Client, ada: User) -> None:
        assert sign_in(client, ada, next="/account/name/")["Location"] == "/account/name/"

    def test_does_not_lead_to_another_site(self, client: Client, ada: User) -> None:
        assert sign_in(client, ada, next="https://elsewhere.example/")["Location"] == "/account/"

    def test_takes_the_address_in_any_case(self, client: Client, ada: User) -> None:
        answer = client.post("/account/login/", {"login": "ADA@Ash.example", "password": PASSWORD})
        assert answer.status_code == 302

    def test_says_the_same_for_a_wrong_password_and_for_nobody(self, client: Client, ada: User) -> None:
        wrong = sign_in(client, ada, "not this one at all").content.decode()
        nobody = client.post(
            "/account/login/", {"login": "nobody@ash.example", "password": "not this one at all"}
        ).content.decode()
        sentence = "The email address or the password is not right."
        assert sentence in wrong
        assert sentence in nobody

    def test_is_refused_without_input_and_says_what_is_missing(self, client: Client) -> None:
        page = client.post("/account/login/", {}).content.decode()
        assert "Enter your email address" in page
        assert "Enter your password" in page
        assert "<title>Error: Sign in" in page

    def test_is_refused_to_a_closed_account(self, client: Client, ada: User) -> None:
        actions.close_account(user=ada, why="left")
        answer = client.post("/account/login/", {"login": ada.email, "password": PASSWORD}, follow=True)
        assert "closed" in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_keeps_that_somebody_failed_but_not_an_unknown_address(
        self, client: Client, ada: User, kept: Kept
    ) -> None:
        sign_in(client, ada, "not this one at all")
        client.post("/account/login/", {"login": "nobody@ash.example", "password": "x"})
        failed = [(user, facts) for what, user, facts in kept.entries if what == "sign_in_failed"]
        assert failed == [
            (ada, {"how": "password", "address": "127.0.0.1"}),
            (None, {"how": "password", "address": "127.0.0.1"}),
        ]

    def test_stops_after_five_wrong_passwords_even_with_the_right_one(
        self, client: Client, ada: User
    ) -> None:
        for _ in range(5):
            sign_in(client, ada, "not this one at all")
        page = sign_in(client, ada).content.decode()
        assert "You have tried too many times. Wait 5 minutes" in page

    @pytest.mark.parametrize("address", ["'; DROP TABLE identity_user; --", "a" * 5000, "\x00@x", "😀@😀.😀"])
    def test_survives_hostile_addresses(self, client: Client, address: str) -> None:
        assert client.post("/account/login/", {"login": address, "password": "x"}).status_code == 200


class TestSigningOut:
    def test_ends_the_session(self, client: Client, ada: User, kept: Kept) -> None:
        sign_in(client, ada)
        assert client.post("/account/logout/").status_code == 302
        assert client.get("/account/").status_code == 302
        assert kept.what()[-1] == "signed_out"

    def test_asks_first(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        assert "Do you want to sign out?" in client.get("/account/logout/").content.decode()
        assert client.get("/account/").status_code == 200


def sign_up(client: Client, email: str = "grace@elm.example", password: str = PASSWORD) -> Any:
    return client.post("/account/signup/", {"name": "Grace Hopper", "email": email, "password1": password})


def code_in(message: Any) -> str:
    found = re.search(r"Your code is: (\S+)", message.body)
    assert found
    return found[1]


class TestSigningUp:
    def test_opens_an_account_once_the_code_is_entered(self, client: Client) -> None:
        assert sign_up(client)["Location"] == "/account/confirm-email/"
        page = client.get("/account/confirm-email/").content.decode()
        assert "Check your email" in page
        assert "grace@elm.example" in page
        answer = client.post("/account/confirm-email/", {"code": code_in(mail.outbox[0])})
        assert answer["Location"] == "/account/"
        grace = User.objects.get(email="grace@elm.example")
        assert grace.name == "Grace Hopper"
        assert client.get("/account/").status_code == 200

    def test_sent_twice_is_one_account_and_its_first_code_works(self, client: Client) -> None:
        sign_up(client)
        assert sign_up(client)["Location"] == "/account/confirm-email/"
        assert len(mail.outbox) == 1
        client.post("/account/confirm-email/", {"code": code_in(mail.outbox[0])})
        assert User.objects.count() == 1
        assert client.get("/account/").status_code == 200

    def test_says_when_the_code_is_wrong(self, client: Client) -> None:
        sign_up(client)
        page = client.post("/account/confirm-email/", {"code": "WRONG"}).content.decode()
        assert "The code is not right." in page

    def test_can_send_the_code_again(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        sign_up(client)
        later = time.time() + 60
        monkeypatch.setattr("time.time", lambda: later)
        client.post("/account/confirm-email/", {"action": "resend"})
        assert len(mail.outbox) == 2

    def test_does_not_tell_that_an_account_is_there(self, client: Client, ada: User) -> None:
        answer = sign_up(client, ada.email)
        assert answer["Location"] == "/account/confirm-email/"
        assert "Check your email" in client.get("/account/confirm-email/").content.decode()
        assert "already an account" in mail.outbox[0].body
        assert mail.outbox[0].to == [ada.email]
        assert User.objects.count() == 1

    @pytest.mark.parametrize("password", ["short", "password1234", "grace@elm.example"])
    def test_refuses_a_weak_password(self, client: Client, password: str) -> None:
        assert sign_up(client, password=password).status_code == 200
        assert User.objects.count() == 0

    def test_stays_one_account_whatever_the_case(self, client: Client) -> None:
        sign_up(client, "Grace@Elm.Example")
        assert User.objects.get().email == "grace@elm.example"


class TestAForgottenPassword:
    def link(self, client: Client, user: User) -> str:
        client.post("/account/password/reset/", {"email": user.email})
        found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
        assert found
        return found[1]

    def test_is_replaced_by_the_link(self, client: Client, ada: User, kept: Kept) -> None:
        answer = client.get(self.link(client, ada), follow=True)
        page = answer.content.decode()
        assert "Choose a new password" in page
        new = "three other random words"
        done = client.post(answer.request["PATH_INFO"], {"password1": new}, follow=True)
        assert "Your password has been changed" in done.content.decode()
        assert "password_reset" in kept.what()
        assert sign_in(Client(), ada, new).status_code == 302

    def test_ends_what_was_signed_in(self, client: Client, ada: User) -> None:
        elsewhere = Client()
        sign_in(elsewhere, ada)
        answer = client.get(self.link(client, ada), follow=True)
        client.post(answer.request["PATH_INFO"], {"password1": "three other random words"})
        assert elsewhere.get("/account/").status_code == 302

    def test_link_works_once(self, client: Client, ada: User) -> None:
        link = self.link(client, ada)
        answer = client.get(link, follow=True)
        client.post(answer.request["PATH_INFO"], {"password1": "three other random words"})
        assert "does not work any more" in Client().get(link, follow=True).content.decode()

    def test_says_the_same_to_everybody(self, client: Client, ada: User) -> None:
        pages = [
            client.post("/account/password/reset/", {"email": email}, follow=True).content
            for email in (ada.email, "nobody@ash.example")
        ]
        assert pages[0] == pages[1]
        assert "There is no account with this address" in mail.outbox[1].body


class TestChangingThePassword:
    def test_keeps_this_session_and_ends_the_others(self, client: Client, ada: User, kept: Kept) -> None:
        elsewhere = Client()
        sign_in(elsewhere, ada)
        sign_in(client, ada)
        answer = client.post(
            "/account/password/change/", {"oldpassword": PASSWORD, "password1": "three other random words"}
        )
        assert answer.status_code == 302
        assert client.get("/account/").status_code == 200
        assert elsewhere.get("/account/").status_code == 302
        assert "password_changed" in kept.what()
        assert mail.outbox[-1].subject == "Your password has been changed"

    @pytest.mark.parametrize("password", ["short", "password1234", "ada@ash.example", "Ada Byron 2026"])
    def test_refuses_a_weak_one(self, client: Client, ada: User, password: str) -> None:
        sign_in(client, ada)
        answer = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": password})
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
        ada.refresh_from_db()
        assert ada.check_password(PASSWORD)

    def test_needs_the_present_one(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        page = client.post(
            "/account/password/change/", {"oldpassword": "wrong", "password1": "three other random words"}
        ).content.decode()
        assert "Enter the password you use now." in page


class TestTooManyTries:
    def test_are_answered_with_a_page_in_sentences(self, client: Client, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password": "1/m/ip"}
        client.post("/account/password/reset/", {"email": "a@ash.example"})
        answer = client.post("/account/password/reset/", {"email": "b@ash.example"})
        assert answer.status_code == 429
        page = answer.content.decode()
        assert "You have tried this too many times" in page
        assert "Wait 5 minutes" in page
