"""What changes accounts, sessions and providers."""

from dataclasses import asdict
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from moothall.identity import hooks, rules
from moothall.identity.errors import AddressTaken, WrongProvider
from moothall.identity.models import Provider, User
from moothall.identity.rules import ProviderDetails
from moothall.identity.sealing import seal
from moothall.plain.errors import NotFound


@transaction.atomic
def open_account(
    *, email: str, name: str, now: datetime, password: str = "", confirmed: bool = False
) -> User:
    """Open an account for somebody, such as a starter; `confirmed` when the address is known to be theirs."""
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AddressTaken(email=email)
    user = User.objects.create_user(email=email, name=name, password=password or None)
    User.objects.filter(pk=user.pk).update(joined_at=now)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=confirmed)
    hooks.tell("account_opened", user, confirmed=confirmed)
    return user


@transaction.atomic
def rename(*, by: User, name: str) -> None:
    """Change one's own name."""
    by.name = name.strip()
    by.save(update_fields=["name"])
    hooks.tell("name_changed", by)


@transaction.atomic
def end_session(*, by: User, session_id: int) -> None:
    """End one of one's own sessions."""
    found = UserSession.objects.filter(user=by, pk=session_id).first()
    if found is None:
        raise NotFound(what="device")
    found.end()
    hooks.tell("session_ended", by, why="owner")


@transaction.atomic
def end_sessions(*, user: User, except_key: str | None = None, why: str) -> int:
    """End all sessions of an account, but for one; the leaver's way out."""
    ended = 0
    for each in UserSession.objects.filter(user=user).exclude(session_key=except_key or ""):
        each.end()
        ended += 1
    if ended:
        hooks.tell("sessions_ended", user, why=why, count=ended)
    return ended


def forget_sessions(*, now: datetime, most: int = 1000) -> int:
    """Forget sessions that ended by their age: first the cookie's row, then what the owner's list says of it."""
    old = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:most])
    Session.objects.filter(pk__in=old).delete()
    UserSession.objects.filter(session_key__in=old).delete()
    return len(old)


@transaction.atomic
def close_account(*, user: User, why: str) -> None:
    """Let nobody in with this account any more, and end what is open."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user, why=why)
    hooks.tell("account_closed", user, why=why)


@transaction.atomic
def keep_provider(details: ProviderDetails, *, secret: str) -> Provider:
    """Keep a sign-in provider under its code, new or changed."""
    others = Provider.objects.exclude(code=details.code).values_list("domains", flat=True)
    taken = {domain for kept in others for domain in kept}
    if wrong := rules.problems(details, taken):
        raise WrongProvider(fields=wrong)
    kept = {**asdict(details), "domains": list(details.domains)}
    provider, is_new = Provider.objects.update_or_create(
        code=kept.pop("code"),
        defaults={**kept, "sealed_secret": seal(secret, f"provider:{details.code}"), "is_active": True},
    )
    what = "provider_added" if is_new else "provider_changed"
    hooks.tell(what, None, code=details.code, council=details.council_code)
    return provider


@transaction.atomic
def switch_provider(*, code: str, is_active: bool) -> None:
    """Offer a provider at sign-in, or stop offering it."""
    if not Provider.objects.filter(code=code).update(is_active=is_active):
        raise NotFound(what=f"provider “{code}”")
    hooks.tell("provider_on" if is_active else "provider_off", None, code=code)
