"""What others may ask about accounts, providers, factors and sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from moothall.identity import rules
from moothall.identity.models import Provider, User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def active_providers(council_code: str = "") -> QuerySet[Provider]:
    """Return what the sign-in page offers: the named council's providers, and those of no council."""
    code = council_code.replace("\x00", "")  # PostgreSQL takes none
    return Provider.objects.filter(Q(council_code=code) | Q(council_code=""), is_active=True)


def providers_to_connect(user: User) -> list[Provider]:
    """Return the providers the owner of an account could add: those of no domain, and those of their address."""
    linked = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    domain = rules.domain_of(user.email)
    active = Provider.objects.filter(is_active=True).exclude(code__in=linked)
    return [each for each in active if not each.domains or domain in each.domains]


def provider_of_address(email: str) -> Provider | None:
    """Return the provider that people with such an address have to use."""
    domain = rules.domain_of(email)
    found = (each for each in Provider.objects.filter(is_active=True) if domain in each.domains)
    return next(found, None)


def proving_providers(council_code: str) -> list[Provider]:
    """Return the providers with which somebody can prove to a council who they are."""
    return [each for each in active_providers(council_code) if each.proves_identity]


def proof_here(session: Mapping[str, Any], council_code: str) -> tuple[str, bool] | None:
    """Return at which provider somebody proved who they are on the way to a council, and whether anybody was found.

    None if they did not in this session.
    """
    kept = session.get("proof") or {}
    return (str(kept["provider"]), bool(kept["found"])) if kept.get("council") == council_code else None


def has_second_factor(user: User) -> bool:
    """Say whether the account has an authenticator app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def provider_asked_second_factor(session: Mapping[str, Any]) -> bool:
    """Say whether this session began at a provider that asks for a second factor itself."""
    methods = session.get("account_authentication_methods", [])
    codes = {each.get("provider") for each in methods if each.get("method") == "socialaccount"}
    return bool(codes) and Provider.objects.filter(code__in=codes, asks_second_factor=True).exists()


@dataclass(frozen=True, slots=True)
class Device:
    """One place where the account is signed in."""

    id: int
    name: str
    address: str
    signed_in_at: datetime
    seen_at: datetime
    is_this_one: bool


def devices(user: User, session_key: str | None) -> list[Device]:
    """Return where the account is signed in, this device first and then the one seen last."""
    found = [
        Device(
            id=each.pk,
            name=rules.device(each.user_agent),
            address=each.ip,
            signed_in_at=each.created_at,
            seen_at=each.last_seen_at,
            is_this_one=each.session_key == session_key,
        )
        for each in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda each: (not each.is_this_one, -each.seen_at.timestamp()))


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the account page says."""

    user: User
    emails: list[EmailAddress]
    has_password: bool
    has_app: bool
    passkeys: int
    codes_left: int | None
    providers: list[str]
    devices: int


def overview(user: User) -> Overview:
    """Return what the account page says about its owner's account."""
    factors = list(Authenticator.objects.filter(user=user))
    kinds = [each.type for each in factors]
    codes = next((each.wrap() for each in factors if each.type == Authenticator.Type.RECOVERY_CODES), None)
    linked = SocialAccount.objects.filter(user=user).values_list("provider", flat=True)
    return Overview(
        user=user,
        emails=list(EmailAddress.objects.filter(user=user).order_by("-primary", "email")),
        has_password=user.has_usable_password(),
        has_app=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        codes_left=len(codes.get_unused_codes()) if isinstance(codes, RecoveryCodes) else None,
        providers=list(Provider.objects.filter(code__in=list(linked)).values_list("name", flat=True)),
        devices=UserSession.objects.filter(user=user).count(),
    )
