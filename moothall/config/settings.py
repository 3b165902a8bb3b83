"""The one settings file, read from the options."""

import os
import secrets
from pathlib import Path
from typing import Any

from moothall.config import databases
from moothall.config.options import options

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
DEBUG = _options.debug
DEMO = _options.demo
ALLOWED_HOSTS = _options.hosts
PUBLIC_URL = _options.public_url.rstrip("/")

INSTALLED_APPS = [
    "moothall.config",
    "moothall.portal",
    "moothall.workplace",
    "moothall.requests",
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
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

AUTH_USER_MODEL = "identity.User"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FILES_ROOT = HOME / "files"
UPLOAD_LIMIT = _options.upload_limit_mb * 1024 * 1024
