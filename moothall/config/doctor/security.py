"""Questions of `moothall doctor`: what is open that should be closed."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from moothall.councils import walls
from moothall.councils.models import Staff
from moothall.plain.checkup import Finding, advice, hang, problem

SHORTEST_KEY, FEWEST_CHARACTERS = 50, 5
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@hang("secrets")
def secret_key(_now: datetime) -> Iterator[Finding]:
    """Look at the key with which sessions and links are signed."""
    key: str = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield problem(
            "The secret key is short, so that sessions and links could be forged.",
            "Set MOOTHALL_SECRET_KEY to 50 random characters, or leave it empty and one is made.",
        )
    kept = settings.HOME / "secret_key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        yield problem(f"{kept} can be read by others on this machine.", f"Run `chmod 600 {kept}`.")


@hang("modes")
def modes(_now: datetime) -> Iterator[Finding]:
    """Look for what must never be on where residents are served."""
    if settings.DEBUG:
        yield problem(
            "Programmers' error pages are on: they show settings and data to whoever meets an error.",
            "Unset MOOTHALL_DEBUG.",
        )
    if settings.DEMO:
        yield problem(
            "This is a demonstration: anyone can sign in as anyone and read all mail.",
            "Unset MOOTHALL_DEMO, and use another MOOTHALL_HOME for real work.",
        )


@hang("addresses")
def addresses(_now: datetime) -> Iterator[Finding]:
    """Look at how the house is reached."""
    public = urlsplit(settings.PUBLIC_URL)
    if not settings.SESSION_COOKIE_SECURE or public.scheme != "https":
        finding = advice if public.hostname in LOOPBACK else problem
        yield finding(
            "The house is not set up for HTTPS: cookies and answers could be read on the way.",
            "Put a proxy with TLS before it, then set MOOTHALL_HTTPS=true and an https MOOTHALL_PUBLIC_URL.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield problem(
            "Any host name is answered to, so that links in emails could be led elsewhere.",
            'List your own names: MOOTHALL_HOSTS=["moothall.example.gov.uk"].',
        )
    elif public.hostname not in settings.ALLOWED_HOSTS:
        yield problem(
            f"Links in emails lead to {public.hostname}, which the house does not answer to.",
            "Add that name to MOOTHALL_HOSTS, or correct MOOTHALL_PUBLIC_URL.",
        )


@hang("walls")
def second_wall(_now: datetime) -> Iterator[Finding]:
    """Look at row-level security, the wall behind the wall."""
    if connection.vendor != "postgresql":
        return
    if walls.bypassed():
        yield problem(
            "Work is done as a PostgreSQL role that row-level security does not bind.",
            "Set MOOTHALL_DATABASE_ROLE to a role of its own, then run `moothall protect`.",
        )
    signed_in = walls.login()
    if signed_in is not None and (signed_in.bypasses or signed_in.owns):
        finding = problem if signed_in.bypasses else advice
        why = "which no wall binds" if signed_in.bypasses else "which owns the tables and could unwall them"
        yield finding(
            f"The house signs in to PostgreSQL as {signed_in.name}, {why}.",
            "Serve it with a role that owns nothing; the owner is for `moothall migrate`: docs/deployment.md.",
        )
    if bare := walls.missing():
        yield problem(f"No wall stands on {', '.join(bare)}.", "Run `moothall protect`.")


@hang("second factors")
def second_factors(_now: datetime) -> Iterator[Finding]:
    """Count the staff whose account is guarded by a password alone."""
    serving = Staff.objects.filter(ended_on=None, user__is_active=True)
    bare = serving.filter(user__authenticator=None).count()
    if bare and not settings.DEMO:
        yield problem(
            f"{bare} members of staff have no second factor.",
            "They are asked at sign-in while MOOTHALL_SECOND_FACTOR is `require`; remind them."
            if settings.SECOND_FACTOR == "require"
            else "Set MOOTHALL_SECOND_FACTOR=require.",
        )
