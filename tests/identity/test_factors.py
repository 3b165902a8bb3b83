"""Second factors: the authenticator app, recovery codes, and what they protect."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from moothall.identity.models import User
from tests.identity.conftest import PASSWORD, Kept, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what waits for the end of a transaction, which in a test never comes."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())


def code_now(secret: str, ahead: int = 0) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))
    return code


def set_up(client: Client) -> str:
    """Set up an app by its page, and return its secret."""
    page = client.get("/account/second-factors/app/activate/")
    assert page.status_code == 200
    secret = str(client.session["mfa.totp.secret"])
    answer = client.post("/account/second-factors/app/activate/", {"code": code_now(secret)})
    assert answer["Location"] == "/account/second-factors/recovery-codes/"
    return secret


class TestSettingUpAnApp:
    def test_shows_a_picture_and_the_key(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        page = client.get("/account/second-factors/app/activate/").content.decode()
        assert 'src="data:image/svg+xml;base64,' in page
        assert client.session["mfa.totp.secret"] in page

    def test_leads_to_recovery_codes_and_tells_by_email(self, client: Client, ada: User, kept: Kept) -> None:
        sign_in(client, ada)
        set_up(client)
        page = client.get("/account/second-factors/recovery-codes/").content.decode()
        codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
        assert [code for code in codes if code not in page] == []
        assert "An authenticator app has been set up" in [each.subject for each in mail.outbox]
        added = [facts for what, _, facts in kept.entries if what == "factor_added"]
        assert {"factor": "authenticator app"} in added

    def test_is_refused_with_a_wrong_code(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        client.get("/account/second-factors/app/activate/")
        page = client.post("/account/second-factors/app/activate/", {"code": "000000"}).content.decode()
        assert "The code is not right." in page

    def test_keeps_its_secrets_sealed(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        secret = set_up(client)
        rows = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in rows
        assert all(each.data.get("secret", "s1.").startswith("s1.") for each in Authenticator.objects.all())


class TestSigningInWithTwoFactors:
    @pytest.fixture
    def secret(self, ada: User) -> str:
        TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
        return "JBSWY3DPEHPK3PXP"

    def test_asks_for_a_code(self, client: Client, ada: User, secret: str) -> None:
        assert sign_in(client, ada)["Location"] == "/account/second-factors/authenticate/"
        assert client.get("/account/").status_code == 302
        page = client.get("/account/second-factors/authenticate/")
        assert "Code from your app, or a recovery code" in page.content.decode()
        assert page.templates == []
        answer = client.post("/account/second-factors/authenticate/", {"code": code_now(secret)})
        assert answer["Location"] == "/account/second-factors/trust/"
        page = client.get("/account/second-factors/trust/")
        assert "Remember this device?" in page.content.decode()
        client.post("/account/second-factors/trust/", {"action": "skip"})
        assert client.get("/account/").status_code == 200

    def test_remembers_a_device_that_is_trusted(self, client: Client, ada: User, secret: str) -> None:
        sign_in(client, ada)
        client.post("/account/second-factors/authenticate/", {"code": code_now(secret)})
        client.post("/account/second-factors/trust/", {"action": "trust"})
        client.post("/account/logout/")
        assert sign_in(client, ada)["Location"] == "/account/"

    def test_takes_a_code_once(self, client: Client, ada: User, secret: str) -> None:
        code = code_now(secret)
        sign_in(client, ada)
        client.post("/account/second-factors/authenticate/", {"code": code})
        elsewhere = Client()
        sign_in(elsewhere, ada)
        page = elsewhere.post("/account/second-factors/authenticate/", {"code": code}).content.decode()
        assert "The code is not right." in page

    def test_takes_a_recovery_code(self, client: Client, ada: User, secret: str) -> None:
        code = RecoveryCodes.activate(ada).get_unused_codes()[0]
        sign_in(client, ada)
        answer = client.post("/account/second-factors/authenticate/", {"code": code})
        assert answer["Location"] == "/account/second-factors/trust/"

    def test_stops_after_five_wrong_codes(self, client: Client, ada: User, secret: str, kept: Kept) -> None:
        sign_in(client, ada)
        for _ in range(5):
            client.post("/account/second-factors/authenticate/", {"code": "000000"})
        page = client.post(
            "/account/second-factors/authenticate/", {"code": code_now(secret)}
        ).content.decode()
        assert "You have tried too many times." in page
        assert kept.what().count("sign_in_failed") == 5


class TestChangingAFactor:
    def test_needs_one_to_show_again_who_one_is_after_five_minutes(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        set_up(client)
        session = client.session
        session["signed_in_at"] -= 600
        session.save()
        answer = client.get("/account/second-factors/app/deactivate/")
        assert answer["Location"].startswith("/account/reauthenticate/")
        page = client.get(answer["Location"])
        assert "Confirm that it is you" in page.content.decode()
        assert "Use a code from your app" in page.content.decode()
        back = client.post(
            "/account/reauthenticate/",
            {"password": PASSWORD, "next": "/account/second-factors/app/deactivate/"},
        )
        assert back["Location"] == "/account/second-factors/app/deactivate/"
        page = client.get("/account/second-factors/app/deactivate/")
        assert page.templates == []
        assert "Remove the authenticator app?" in page.content.decode()

    def test_can_be_confirmed_with_a_code(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        secret = set_up(client)
        page = client.get("/account/second-factors/reauthenticate/")
        assert page.templates == []
        answer = client.post(
            "/account/second-factors/reauthenticate/",
            {"code": code_now(secret, ahead=1), "next": "/account/"},
        )
        assert answer["Location"] == "/account/"

    def test_is_kept_and_told(self, client: Client, ada: User, kept: Kept) -> None:
        sign_in(client, ada)
        set_up(client)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        client.post("/account/second-factors/app/deactivate/")
        assert not Authenticator.objects.exists()
        removed = [facts["factor"] for what, _, facts in kept.entries if what == "factor_removed"]
        assert removed == ["authenticator app", "recovery codes"]
        assert "The authenticator app has been removed" in [each.subject for each in mail.outbox]


class TestRecoveryCodes:
    def test_can_be_made_anew_and_downloaded(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        set_up(client)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        page = client.get("/account/second-factors/recovery-codes/generate/")
        assert "The 10 codes that you have left will stop working." in page.content.decode()
        client.post("/account/second-factors/recovery-codes/generate/")
        file = client.get("/account/second-factors/recovery-codes/download/")
        assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
        codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
        assert all(code in file.content.decode().splitlines() for code in codes)
        assert file.templates == []


class TestPasskeysWithoutABrowser:
    def test_offer_options_to_the_module(self, client: Client) -> None:
        answer = client.get("/account/second-factors/passkeys/login/", headers={"Accept": "application/json"})
        assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"

    @pytest.mark.parametrize(
        "credential", ["", "null", "[]", "{}", '{"id": 1}', "not json", '{"response": 5}']
    )
    def test_survive_a_hostile_credential(self, client: Client, credential: str) -> None:
        answer = client.post("/account/second-factors/passkeys/login/", {"credential": credential})
        assert answer.status_code == 302
        assert answer["Location"] == "/account/login/"

    def test_are_prepared_on_their_page(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        page: Any = client.get("/account/second-factors/passkeys/add/").content.decode()
        assert '<script type="application/json" id="passkey-options">{"creation_options"' in page
        assert "identity/passkeys.js" in page
