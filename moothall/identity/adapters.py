"""What the sign-in library (django-allauth) asks this house about accounts, second factors and providers."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from moothall.identity import errors, hooks, proving, queries, rules
from moothall.identity.models import Provider, User
from moothall.identity.rules import Entry
from moothall.identity.sealing import seal, unseal
from moothall.plain.errors import HouseError


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts, in our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed.",
        "cannot_remove_primary_email": "You cannot remove the address you sign in with.",
        "duplicate_email": "You have already added this email address.",
        "email_password_mismatch": "The email address or the password is not right.",
        "email_taken": "Enter a different email address. This one cannot be added.",
        "enter_current_password": "Enter the password you use now.",
        "incorrect_code": "The code is not right. Check it and enter it again.",
        "incorrect_password": "The password is not right.",
        "invalid_or_expired_key": "This link has been used already, or is too old.",
        "invalid_password_reset": "This link has been used already, or is too old.",
        "max_email_addresses": "You can have up to %d email addresses.",
        "too_many_login_attempts": "You have tried too many times. Wait 5 minutes, then try again.",
        "unverified_primary_email": "Confirm this email address before you sign in with it.",
        "same_as_current": "Enter a different email address from the one you have now.",
        "rate_limited": "You have tried too many times. Wait a few minutes, then try again.",
    }

    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: Any,
        commit: bool = True,  # noqa: FBT001, FBT002 - the library's signature
    ) -> AbstractBaseUser:
        """Keep the name with the account; the address in small letters."""
        assert isinstance(user, User)
        user.name = str(form.cleaned_data.get("name", "")).strip()
        super().save_user(request, user, form, commit=False)
        user.email = user.email.lower()
        if commit:
            user.save()
        return user

    def clean_email(self, email: str) -> str:
        """Keep addresses in small letters, so that one person has one account."""
        return email.lower()

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead people where their work or their requests are."""
        found = hooks.landing_of(request.user) if isinstance(request.user, User) else None
        return found or str(super().get_login_redirect_url(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Do not ask again whoever has just signed in, with all the factors that the account has."""
        session = self.request.session
        age = timezone.now().timestamp() - session.get("signed_in_at", 0)
        if age < app_settings.REAUTHENTICATION_TIMEOUT:
            methods = {each.get("method") for each in session.get("account_authentication_methods", [])}
            if (
                "mfa" in methods
                or session.get("factor_shown")
                or not queries.has_second_factor(self.request.user)
            ):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that somebody tried; an address without an account is not kept."""
        user = next(iter(filter_users_by_email(str(credentials.get("email", "")))), None)
        known = user if isinstance(user, User) else None
        hooks.tell("sign_in_failed", known, how="password", address=self.get_client_ip(request))


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "You cannot remove this, because your work needs a second factor.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
        "incorrect_code": "The code is not right. Check it and enter it again.",
        "unverified_email": "Confirm your email address before you set up a second factor.",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text, "second factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return unseal(encrypted_text, "second factor")

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 - the library's name
    ) -> str:
        """Suggest a name for a passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the house as the browser will show it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Moothall"}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in providers, from our own table; and who of theirs may enter."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "invalid_token": "The provider's answer could not be read.",
        "no_password": "Set a password first, so that you can still sign in.",
        "no_verified_email": "Confirm an email address first, so that you can still sign in.",
        "disconnect_last": "You cannot remove the only way you sign in.",
        "connected_other": "That sign-in already belongs to another account.",
    }

    def list_apps(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - the library's signature
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """Turn our providers into what the library works with; none of its own rows or settings are read."""
        rows = Provider.objects.filter(is_active=True)
        if provider and provider != "openid_connect":
            rows = rows.filter(code=provider)
        if client_id:
            rows = rows.filter(client_id=client_id)
        return [_app(row) for row in rows]

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Let a provider open an existing account only for addresses in its own domains."""
        return rules.domain_of(email) in login.provider.app.settings["domains"]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse, in a sentence, whoever may not enter this way."""
        proving.take(sociallogin)
        connecting = sociallogin.state.get("process") == "connect"
        if connecting and sociallogin.account.pk and sociallogin.user == request.user:
            proving.tell(request, sociallogin, sociallogin.user)
        if sociallogin.account.pk or connecting:
            return  # somebody we know, or somebody signed in who adds a way to sign in
        given = sociallogin.email_addresses[0] if sociallogin.email_addresses else None
        email = given.email if given else ""
        domains = sociallogin.provider.app.settings["domains"]
        decided = rules.entry(
            email=email,
            confirmed=bool(given and given.verified),
            domains=domains,
            account_there=bool(filter_users_by_email(email)) if email else False,
        )
        if error := _REFUSALS.get(decided):
            hooks.tell("sign_in_failed", None, how=sociallogin.provider.app.provider_id, why=decided.value)
            raise error(provider=sociallogin.provider.name, email=email, domains=" or ".join(domains))

    def on_authentication_error(
        self,
        request: HttpRequest,  # noqa: ARG002 - the library's signature
        provider: Any,
        error: Any = None,
        exception: Any = None,  # noqa: ARG002
        extra_context: Any = None,  # noqa: ARG002
    ) -> None:
        """Say that the provider failed; somebody who changed their mind gets the library's own page."""
        if error != AuthError.CANCELLED:
            raise errors.ProviderFailed(provider=provider.name)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Take name and address from the provider."""
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(part for part in parts if part))[:150]
        user.email = user.email.lower()
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        """Fill the form that is shown when something is missing."""
        assert isinstance(sociallogin.user, User)
        return {"email": sociallogin.user.email, "name": sociallogin.user.name}


_REFUSALS: dict[Entry, type[HouseError]] = {
    Entry.NO_ADDRESS: errors.NoAddressGiven,
    Entry.NOT_CONFIRMED: errors.AddressNotConfirmed,
    Entry.OUTSIDE: errors.AddressOutside,
    Entry.ACCOUNT_THERE: errors.AccountThere,
}


def _app(row: Provider) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=row.code,
        name=row.name,
        client_id=row.client_id,
        secret=unseal(row.sealed_secret, f"provider:{row.code}"),
        settings={
            "server_url": row.issuer,
            "token_auth_method": row.token_auth_method,
            "oauth_pkce_enabled": True,
            "domains": row.domains,
            "verified_email": row.domains if row.vouches else None,
            **proving.settings_of(row),
        },
    )
