"""The one settings file, read from the options."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from moothall.config import databases
from moothall.config.observability.logs import logging_settings
from moothall.config.options import options
from moothall.identity.rules import Lifetimes
from moothall.look.version import version_of_files

_options = options()
HOME = _options.home.expanduser().absolute()
PACKAGE = Path(__file__).parent.parent


def _secret_key() -> str:
    """Return the key of the options, or one made once and kept in the home folder."""
    if given := _options.secret_key.get_secret_value():
        return given
    kept = HOME / "secret_key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [each.get_secret_value() for each in _options.former_secret_keys]
DEBUG = _options.debug
DEMO = _options.demo
ALLOWED_HOSTS = _options.hosts
PUBLIC_URL = _options.public_url.rstrip("/")

INSTALLED_APPS = [
    "moothall.config",
    "moothall.portal",
    "moothall.workplace",
    "moothall.requests",
    "moothall.servicedesk",
    "moothall.estate",
    "moothall.measures",
    "moothall.contacts",
    "moothall.persons",
    "moothall.datasets",
    "moothall.process",
    "moothall.messages",
    "moothall.councils",
    "moothall.journal",
    "moothall.identity",
    "moothall.look",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "moothall.config.observability.middleware.Observed",
    "moothall.look.middleware.RequestId",
    "moothall.look.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "moothall.look.middleware.SizeLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "moothall.identity.middleware.SessionLifetime",
    "allauth.account.middleware.AccountMiddleware",
    "moothall.identity.middleware.SecondFactor",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "moothall.councils.middleware.Viewers",
    "moothall.look.middleware.Refusals",
]

ROOT_URLCONF = "moothall.config.urls"
WSGI_APPLICATION = "moothall.config.wsgi.application"
APPEND_SLASH = True

DATABASES: dict[str, dict[str, Any]] = {
    "default": databases.postgresql(_options.database_url, _options.database_role)
    if _options.database_url
    else databases.embedded(HOME)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Tries to sign in are counted across all worker processes and machines, so the cache is a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "moothall_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "identity.User"

# Everything, also what other people's apps send, goes through the outbox; the carrier takes it from there.
EMAIL_BACKEND = "moothall.messages.backends.Posted"
MAIL_CARRIER = "moothall.messages.backends.Kept" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _options.mail_host
EMAIL_PORT = _options.mail_port
EMAIL_HOST_USER = _options.mail_user
EMAIL_HOST_PASSWORD = _options.mail_password.get_secret_value()
EMAIL_USE_TLS = _options.mail_starttls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _options.mail_from
SERVER_EMAIL = _options.mail_from
MAIL_IN_LIMIT = _options.mail_in_limit_mb * 1024 * 1024

TASKS = {"default": {"BACKEND": "moothall.journal.backend.LeasedBackend"}}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
SECOND_FACTOR = _options.second_factor or ("off" if DEMO else "require")
STAFF_LIFETIMES = Lifetimes(
    timedelta(minutes=_options.staff_idle_minutes), timedelta(hours=_options.staff_hours)
)
RESIDENT_LIFETIMES = Lifetimes(
    timedelta(hours=_options.resident_idle_hours), timedelta(days=_options.resident_days)
)

# scrypt is hard on memory (16 MiB a try), is in the standard library, and costs 155 ms CPU against 203 of PBKDF2
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

_host_only = "__Host-" if _options.https else ""  # the browser then refuses such a cookie from anybody else
SESSION_ENGINE = "moothall.identity.sessions"
SESSION_COOKIE_NAME = f"{_host_only}session"
SESSION_COOKIE_AGE = int(max(STAFF_LIFETIMES.absolute, RESIDENT_LIFETIMES.absolute).total_seconds())
SESSION_COOKIE_SECURE = _options.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_host_only}csrf"
CSRF_COOKIE_SECURE = _options.https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

ALLAUTH_TRUSTED_PROXY_COUNT = _options.proxies
ACCOUNT_ADAPTER = "moothall.identity.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "moothall.identity.forms.SignInForm",
    "signup": "moothall.identity.forms.SignUpForm",
    "add_email": "moothall.identity.forms.AddEmailForm",
    "change_password": "moothall.identity.forms.ChangePasswordForm",
    "set_password": "moothall.identity.forms.SetPasswordForm",
    "reset_password": "moothall.identity.forms.ResetPasswordForm",
    "reset_password_from_key": "moothall.identity.forms.NewPasswordForm",
    "confirm_email_verification_code": "moothall.identity.forms.ConfirmEmailForm",
    "reauthenticate": "moothall.identity.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_SESSION_REMEMBER = False  # a sign-in ends with the browser: libraries lend computers to residents
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _options.https else "http"
# A whole council often comes from one address: the limits of an address are wide, those of an account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}

MFA_ADAPTER = "moothall.identity.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "moothall.identity.forms.FactorForm",
    "reauthenticate": "moothall.identity.forms.FactorAgainForm",
    "activate_totp": "moothall.identity.forms.ActivateAppForm",
    "authenticate_webauthn": "moothall.identity.forms.PasskeyForm",
    "login_webauthn": "moothall.identity.forms.SignInPasskeyForm",
    "reauthenticate_webauthn": "moothall.identity.forms.PasskeyAgainForm",
    "add_webauthn": "moothall.identity.forms.AddPasskeyForm",
    "edit_webauthn": "moothall.identity.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Moothall"
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_NAME = f"{_host_only}trusted"
MFA_TRUST_COOKIE_AGE = timedelta(days=14)
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}

SOCIALACCOUNT_ADAPTER = "moothall.identity.adapters.ProviderAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "moothall.identity.forms.ProviderSignUpForm",
    "disconnect": "moothall.identity.forms.DisconnectForm",
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "moothall.look.jinja.environment"},
    },
    {
        # only for the templates of other people's apps that have no Jinja2 version of ours
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
FORM_RENDERER = "moothall.look.forms.Renderer"
CSRF_FAILURE_VIEW = "moothall.look.views.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

STATIC_URL = f"/static/{version_of_files(PACKAGE.glob('*/static'))}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
# the address of each file has its version in it, so a browser never has to ask again
WHITENOISE_IMMUTABLE_FILE_TEST = "(?!)" if DEBUG else "^/static/"
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 60 * 60
PROCESS_FOLDERS = [_options.processes.expanduser().absolute()] if _options.processes else []
TWO_PERSON_PUBLISHING = _options.two_person_publishing
FILES_ROOT = HOME / "files"
UPLOAD_LIMIT = _options.upload_limit_mb * 1024 * 1024
REQUEST_LIMIT = max(5 * UPLOAD_LIMIT, MAIL_IN_LIMIT) + 1024 * 1024

if _options.https:  # behind a proxy that ends TLS and sets this header itself; see docs/deployment.md
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

METRICS_TOKEN = _options.metrics_token.get_secret_value()
BACKUPS = (_options.backups or HOME / "backups").expanduser().absolute()
LOGGING = logging_settings(text=_options.log_format == "text")
