"""Every page of the sign-in library is ours: our layout, our words, no template of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from moothall.identity import urls
from moothall.identity.models import User
from moothall.identity.rules import ProviderDetails
from tests.identity.conftest import sign_in
from tests.identity.test_providers import keep

pytestmark = pytest.mark.django_db

# What is switched off, so that the library's own templates for it are never asked for.
NOT_REACHED = (
    "base",  # its layouts
    "allauth/",  # its components
    "snippets/",
    "phone",  # no telephone numbers
    "login_code",  # no sign-in by code
    "password_reset_code",  # reset is by link
    "signup_by_passkey",
    "webauthn/signup_form",
    "email_confirm.html",  # addresses are confirmed by code
    "verification_sent",
    "verified_email_required",
    "email_change.html",  # people have several addresses
    "socialaccount/authentication_error",  # our own refusal answers
    "socialaccount/login_redirect",  # only for SameSite=Strict
    "openid/",
    "idp/",
)


def patterns(found: Any = urls.urlpatterns) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


def library_templates() -> list[str]:
    root = Path(allauth.__file__).parent / "templates"
    names = (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return sorted(name for name in names if not any(off in name for off in NOT_REACHED))


class TestEveryTemplateOfTheLibrary:
    @pytest.mark.parametrize("name", library_templates())
    def test_has_one_of_ours_in_its_place(self, name: str) -> None:
        assert "moothall" in str(engines["jinja2"].get_template(name).template.filename)  # type: ignore[attr-defined]


def with_factors(user: User) -> None:
    Authenticator.objects.create(user=user, type="totp", data={"secret": "s"})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "s", "used_mask": 0})


OPEN = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
]
SIGNED_IN = [
    "identity:overview",
    "identity:name",
    "identity:second_factor",
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "socialaccount_connections",
    "usersessions_list",
]
# Pages that need something to have happened first; each has a test of its own, here or beside its journey.
BY_WAY_OF = {
    "account_email_verification_sent",
    "account_reset_password_from_key",
    "account_set_password",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_trust",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
    "end_session",
}


def is_ours(answer: Any) -> None:
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="govuk-template moothall-page"' in page
    assert page.count("<h1") == 1
    assert answer.templates == [], "a template of the library was drawn"
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick" not in page


class TestEveryPage:
    def test_is_on_a_list_here(self) -> None:
        listed = {name.removeprefix("identity:") for name in [*OPEN, *SIGNED_IN]} | BY_WAY_OF
        assert {each.name for each in patterns()} == listed

    @pytest.mark.parametrize("name", OPEN)
    def test_is_ours_without_sign_in(self, client: Client, name: str) -> None:
        keep(
            ProviderDetails(
                code="ash", council_code="", name="Ash", issuer="https://a.example", client_id="1"
            )
        )
        is_ours(client.get(reverse(name)))

    @pytest.mark.parametrize("name", SIGNED_IN)
    def test_is_ours_after_sign_in(self, client: Client, ada: User, name: str) -> None:
        sign_in(client, ada)
        is_ours(client.get(reverse(name), follow=name != "identity:second_factor"))

    @pytest.mark.parametrize("name", SIGNED_IN)
    def test_is_not_for_people_who_have_not_signed_in(self, client: Client, name: str) -> None:
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/" if name != "account_logout" else "/")

    def test_of_providers_is_ours(self, client: Client) -> None:
        keep(
            ProviderDetails(
                code="ash", council_code="", name="Ash", issuer="https://a.example", client_id="1"
            )
        )
        is_ours(client.get("/account/providers/ash/login/"))

    def test_of_unconfirmed_and_further_addresses_is_ours(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        EmailAddress.objects.create(user=ada, email="ada@home.example", verified=False)
        EmailAddress.objects.create(user=ada, email="ada@work.example", verified=True)
        answer = client.get("/account/email/")
        is_ours(answer)
        assert "Not confirmed" in answer.content.decode()

    def test_that_sets_a_password_is_ours(self, client: Client, ada: User) -> None:
        ada.set_unusable_password()
        ada.save()
        client.force_login(ada)
        is_ours(client.get("/account/password/set/"))


class TestAFieldThatIsWrong:
    def test_is_named_in_the_summary_and_at_the_field(self, client: Client) -> None:
        page = client.post("/account/signup/", {"email": "not one"}).content.decode()
        assert page.count("Enter an email address in the correct format, like name@example.com") == 2
        assert 'href="#id_email"' in page
