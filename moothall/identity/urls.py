"""Every address of sign-in and of one's own account.

The sign-in library's pages are named one by one, under the names it looks them up by: what is not listed here
is switched off.
"""

from collections.abc import Callable
from typing import NamedTuple

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path

from moothall.identity import views

View = Callable[..., HttpResponseBase]


class Door(NamedTuple):
    """Whom a view lets in, in the shape of councils/doors.py, which stands above this room."""

    kind: str
    permissions: tuple[str, ...] = ()


def _open(view: View) -> View:
    """Let everybody in."""
    opened = login_not_required(view)
    vars(opened)["door"] = Door("public")
    return opened


def _own(view: View) -> View:
    """Let in whoever is signed in; the page is about their own account."""
    owned: View = login_required(view)
    vars(owned)["door"] = Door("signed_in")
    return owned


signing_in: list[URLPattern | URLResolver] = [
    path("login/", _open(views.SignInView.as_view()), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]

second_factors: list[URLPattern | URLResolver] = [
    path("", factors.index, name="mfa_index"),
    path("authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("trust/", factors.trust, name="mfa_trust"),
    path("app/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]

providers: list[URLPattern | URLResolver] = [
    path("", _own(views.ConnectionsView.as_view()), name="socialaccount_connections"),
    path("cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("signup/", social.signup, name="socialaccount_signup"),
    path("<slug:provider_id>/login/", _open(views.provider_login), name="openid_connect_login"),
    path("<slug:provider_id>/callback/", _open(views.provider_callback), name="openid_connect_callback"),
]

own: list[URLPattern] = [
    path("", _own(views.overview), name="overview"),
    path("name/", _own(views.name), name="name"),
    path("second-factor/", _own(views.second_factor), name="second_factor"),
    path("devices/<int:pk>/end/", _own(views.end_session), name="end_session"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((own, "identity"))),
    path("", include(signing_in)),
    path("second-factors/", include(second_factors)),
    path("providers/", include(providers)),
    path("devices/", _own(views.SessionsView.as_view()), name="usersessions_list"),
]
