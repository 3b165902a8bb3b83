"""Sign-in providers of the councils, against a real OpenID Connect server in this process."""

from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client

from moothall.identity import actions
from moothall.identity.errors import SecretLost, WrongProvider
from moothall.identity.models import Provider, User
from moothall.identity.rules import ProviderDetails
from moothall.identity.sealing import seal, unseal
from tests.identity.conftest import Kept, sign_in
from tests.identity.oidc import SECRET, Issuer, sign_in_at

pytestmark = pytest.mark.django_db


def keep(details: ProviderDetails) -> Provider:
    return actions.keep_provider(details, secret=SECRET)


def ash(issuer: Issuer, **changes: Any) -> Provider:
    details: dict[str, Any] = {
        "code": "ash-staff",
        "council_code": "ash",
        "name": "Ash staff sign-in",
        "issuer": issuer.address,
        "client_id": "moothall",
        "domains": ("ash.example",),
    }
    return keep(ProviderDetails(**{**details, **changes}))


class TestTheSignInPage:
    def test_offers_the_providers_of_the_council_and_of_all(self, client: Client, issuer: Issuer) -> None:
        ash(issuer)
        ash(issuer, code="elm-staff", council_code="elm", name="Elm sign-in", domains=())
        ash(issuer, code="one", council_code="", name="One for all", domains=())
        page = client.get("/account/login/?council=ash").content.decode()
        assert "Sign in with Ash staff sign-in" in page
        assert "Sign in with One for all" in page
        assert "Elm sign-in" not in page

    @pytest.mark.parametrize("query", ["council=ash", "next=/ash/services/", "next=/ash/?x=1"])
    def test_knows_the_council_one_comes_from(self, client: Client, issuer: Issuer, query: str) -> None:
        ash(issuer)
        assert "Ash staff sign-in" in client.get(f"/account/login/?{query}").content.decode()

    @pytest.mark.parametrize(
        "query", ["council=%00", "council=" + "x" * 3000, "next=%00/", "next=//x", "council=%FF"]
    )
    def test_survives_hostile_councils(self, client: Client, query: str) -> None:
        assert client.get(f"/account/login/?{query}").status_code == 200

    def test_sends_people_with_such_an_address_there(self, client: Client, issuer: Issuer, ada: User) -> None:
        ash(issuer)
        page = sign_in(client, ada).content.decode()
        assert "You sign in with Ash staff sign-in. Use the button for it on this page." in page
        assert 'action="/account/providers/ash-staff/login/"' in page

    def test_does_not_offer_what_is_switched_off(self, client: Client, issuer: Issuer) -> None:
        ash(issuer)
        actions.switch_provider(code="ash-staff", is_active=False)
        assert "Ash staff" not in client.get("/account/login/?council=ash").content.decode()
        assert client.post("/account/providers/ash-staff/login/").status_code == 404


class TestComingFromAProvider:
    def test_opens_an_account(self, client: Client, issuer: Issuer, kept: Kept) -> None:
        ash(issuer)
        assert sign_in_at(client, issuer)["Location"] == "/account/"
        user = User.objects.get()
        assert (user.email, user.name, user.has_usable_password()) == ("ada@ash.example", "Ada Byron", False)
        assert EmailAddress.objects.get(user=user).verified
        assert [facts for what, _, facts in kept.entries if what == "signed_in"] == [
            {"how": "ash-staff", "address": "127.0.0.1"}
        ]

    def test_finds_the_same_account_again_though_the_address_changed(
        self, client: Client, issuer: Issuer
    ) -> None:
        ash(issuer)
        sign_in_at(client, issuer)
        issuer.claims["email"] = "ada.lovelace@ash.example"
        sign_in_at(Client(), issuer)
        assert User.objects.count() == 1

    def test_attaches_to_the_account_with_a_confirmed_address_of_its_domain(
        self, client: Client, issuer: Issuer, ada: User
    ) -> None:
        ash(issuer)
        assert sign_in_at(client, issuer)["Location"] == "/account/"
        assert SocialAccount.objects.get().user == ada

    def test_takes_away_the_password_that_a_stranger_may_have_set(
        self, client: Client, issuer: Issuer, now: Any
    ) -> None:
        squatter = actions.open_account(
            email="ada@ash.example", name="S", now=now, password="i was here first"
        )
        ash(issuer)
        sign_in_at(client, issuer)
        squatter.refresh_from_db()
        assert not squatter.has_usable_password()

    @pytest.mark.parametrize(
        ("claims", "changes", "sentence"),
        [
            ({"email": ""}, {}, "did not tell us your email address"),
            ({"email_verified": False}, {}, "has not confirmed that ada@ash.example is yours"),
            (
                {"email": "ada@elm.example"},
                {},
                "may only be used with an address that ends in ash.example, and yours is ada@elm.example",
            ),
            ({}, {"domains": ()}, "There is already an account for ada@ash.example"),
        ],
    )
    def test_is_refused_with_a_sentence(
        self, client: Client, issuer: Issuer, ada: User, claims: Any, changes: Any, sentence: str
    ) -> None:
        ash(issuer, **changes)
        issuer.claims.update(claims)
        answer = sign_in_at(client, issuer)
        assert answer.status_code == 403
        assert sentence in answer.content.decode()
        assert "_auth_user_id" not in client.session
        assert SocialAccount.objects.count() == 0
        assert User.objects.count() == 1

    def test_counts_as_confirmed_when_the_provider_vouches_for_its_domains(
        self, client: Client, issuer: Issuer
    ) -> None:
        ash(issuer, vouches=True)
        del issuer.claims["email_verified"]
        assert sign_in_at(client, issuer)["Location"] == "/account/"

    def test_is_said_when_the_provider_does_not_answer(self, client: Client, issuer: Issuer) -> None:
        ash(issuer)
        issuer.broken = True
        answer = client.post("/account/providers/ash-staff/login/")
        assert answer.status_code == 503
        assert "We could not sign you in" in answer.content.decode()

    def test_is_refused_with_a_state_that_we_did_not_give(self, client: Client, issuer: Issuer) -> None:
        ash(issuer)
        answer = client.get("/account/providers/ash-staff/callback/?code=1&state=made-up")
        assert answer.status_code == 503
        assert User.objects.count() == 0

    def test_is_refused_with_another_client_secret(self, client: Client, issuer: Issuer) -> None:
        provider = ash(issuer)
        provider.sealed_secret = seal("another", "provider:ash-staff")
        provider.save()
        assert sign_in_at(client, issuer).status_code == 503

    def test_can_be_connected_by_somebody_signed_in(self, client: Client, issuer: Issuer, ada: User) -> None:
        sign_in(client, ada)
        ash(issuer, domains=())
        assert "Connect Ash staff sign-in" in client.get("/account/providers/").content.decode()
        answer = sign_in_at(client, issuer, query="?process=connect")
        assert answer["Location"] == "/account/providers/"
        assert SocialAccount.objects.get().user == ada


class TestASecret:
    def test_is_not_readable_in_the_database(self, issuer: Issuer) -> None:
        assert SECRET not in ash(issuer).sealed_secret

    def test_cannot_be_moved_to_another_provider(self) -> None:
        sealed = seal("x", "provider:ash")
        assert unseal(sealed, "provider:ash") == "x"
        with pytest.raises(SecretLost):
            unseal(sealed, "provider:elm")

    def test_is_still_read_with_a_former_key(self, settings: Any) -> None:
        sealed = seal("x", "y")
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key " * 6
        assert unseal(sealed, "y") == "x"

    def test_is_lost_with_the_key(self, settings: Any) -> None:
        sealed = seal("x", "y")
        settings.SECRET_KEY = "a new key " * 6
        with pytest.raises(SecretLost):
            unseal(sealed, "y")


class TestTheCommand:
    def add(self, tmp_path: Any, *more: str) -> str:
        (tmp_path / "secret").write_text(f"{SECRET}\n")
        out = StringIO()
        call_command(
            "provider",
            "add",
            "ash-staff",
            "--council=ash",
            "--name=Ash staff sign-in",
            "--client-id=moothall",
            f"--secret-file={tmp_path / 'secret'}",
            *more,
            stdout=out,
        )
        return out.getvalue()

    def test_keeps_a_provider_and_says_what_to_register(self, tmp_path: Any, kept: Kept) -> None:
        said = self.add(tmp_path, "--issuer=https://id.ash.example/", "--domain=@Ash.Example")
        assert "/account/providers/ash-staff/callback/" in said
        provider = Provider.objects.get()
        assert provider.domains == ["ash.example"]
        assert unseal(provider.sealed_secret, "provider:ash-staff") == SECRET
        assert kept.what() == ["provider_added"]

    def test_says_what_is_wrong(self, tmp_path: Any) -> None:
        with pytest.raises(CommandError, match="starts with https://"):
            self.add(tmp_path, "--issuer=http://id.ash.example")

    def test_does_not_let_two_providers_have_one_domain(self, issuer: Issuer) -> None:
        ash(issuer)
        with pytest.raises(WrongProvider) as refusal:
            ash(issuer, code="other")
        assert refusal.value.fields == {"domains": ["Another provider already has ash.example."]}

    def test_checks_that_the_provider_answers(self, issuer: Issuer) -> None:
        ash(issuer)
        out = StringIO()
        call_command("provider", "check", "ash-staff", stdout=out)
        assert "answers as it should" in out.getvalue()
        issuer.broken = True
        with pytest.raises(CommandError, match="does not describe itself"):
            call_command("provider", "check", "ash-staff")

    def test_lists_and_switches(self, issuer: Issuer) -> None:
        ash(issuer)
        call_command("provider", "off", "ash-staff")
        out = StringIO()
        call_command("provider", "list", stdout=out)
        assert out.getvalue().startswith("ash-staff  off  ash  Ash staff sign-in")
        with pytest.raises(CommandError):
            call_command("provider", "off", "nobody")
