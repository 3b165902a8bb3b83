"""What the sign-in library announces, told on to whoever keeps the record."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from moothall.identity import actions, hooks, proving
from moothall.identity.models import User

FACTOR_NAMES = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def connect() -> None:
    """Listen. Each receiver has a name, so that listening twice is listening once."""
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"moothall.identity.{receiver.__name__}")


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign somebody in without asking them anything: the demonstration and tests do so, nobody else."""
    get_adapter(request).login(request, user)
    UserSession.objects.create_from_request(request)


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Start the clocks of the session."""
    now = int(timezone.now().timestamp())
    request.session["signed_in_at"] = request.session["seen_at"] = now
    request.session["staff"] = hooks.is_staff(user)
    methods = request.session.get("account_authentication_methods", [])
    how = ", ".join(dict.fromkeys(str(each.get("provider") or each.get("method")) for each in methods))
    hooks.tell("signed_in", user, how=how or "directly", address=_address(request))


def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        hooks.tell("signed_out", user)


def signed_up(user: User, **_: Any) -> None:
    hooks.tell("account_opened", user, confirmed=False)


def password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """End every other session."""
    actions.end_sessions(user=user, except_key=request.session.session_key, why="password changed")
    hooks.tell("password_changed", user, address=_address(request))


def password_reset(request: HttpRequest, user: User, **_: Any) -> None:
    actions.end_sessions(user=user, why="password reset")
    hooks.tell("password_reset", user, address=_address(request))


def email_confirmed(email_address: Any, **_: Any) -> None:
    hooks.tell("email_confirmed", email_address.user)


def email_changed(user: User, **_: Any) -> None:
    hooks.tell("email_changed", user)


def email_removed(user: User, **_: Any) -> None:
    hooks.tell("email_removed", user)


def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    request.session["factor_shown"] = True
    hooks.tell("factor_added", user, factor=FACTOR_NAMES[Authenticator.Type(authenticator.type)])


def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    request.session.pop("second_factor_done", None)
    hooks.tell("factor_removed", user, factor=FACTOR_NAMES[Authenticator.Type(authenticator.type)])


def factor_reset(user: User, **_: Any) -> None:
    hooks.tell("recovery_codes_made", user)


def factor_failed(request: HttpRequest, user: User, **_: Any) -> None:
    hooks.tell("sign_in_failed", user, how="second factor", address=_address(request))


def provider_connected(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    hooks.tell("provider_connected", sociallogin.user, provider=sociallogin.account.provider)
    proving.tell(request, sociallogin, sociallogin.user)


def provider_used(request: HttpRequest, user: User, sociallogin: Any = None, **_: Any) -> None:
    """Pass on what a provider proved, once somebody is signed in with everything that was asked of them."""
    if sociallogin is not None:
        proving.tell(request, sociallogin, user)


def provider_disconnected(socialaccount: Any, **_: Any) -> None:
    hooks.tell("provider_disconnected", socialaccount.user, provider=socialaccount.provider)


def _address(request: HttpRequest) -> str:
    """Return the visitor's network address; a session that a test or a command begins has none."""
    return get_client_ip(request) or "none"


RECEIVERS = (
    (user_logged_in, signed_in),
    (user_logged_out, signed_out),
    (account.user_signed_up, signed_up),
    (account.user_logged_in, provider_used),
    (account.password_changed, password_changed),
    (account.password_set, password_changed),
    (account.password_reset, password_reset),
    (account.email_confirmed, email_confirmed),
    (account.email_changed, email_changed),
    (account.email_removed, email_removed),
    (factors.authenticator_added, factor_added),
    (factors.authenticator_removed, factor_removed),
    (factors.authenticator_reset, factor_reset),
    (factors.authentication_failed, factor_failed),
    (social.social_account_added, provider_connected),
    (social.social_account_removed, provider_disconnected),
)
