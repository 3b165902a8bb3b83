"""What may sign in, for how long, and what a device is called: plain values, no Django."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session may rest, and how long it may last at all."""

    idle: timedelta
    absolute: timedelta


def is_over(lifetimes: Lifetimes, *, signed_in_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Say whether a session has rested too long or lasted too long.

    >>> day = datetime(2026, 1, 5, 9)
    >>> office = Lifetimes(idle=timedelta(hours=1), absolute=timedelta(hours=12))
    >>> is_over(office, signed_in_at=day, seen_at=day + timedelta(hours=2), now=day + timedelta(hours=2.5))
    False
    >>> is_over(office, signed_in_at=day, seen_at=day, now=day + timedelta(hours=2))
    True
    """
    return now - seen_at > lifetimes.idle or now - signed_in_at > lifetimes.absolute


class Entry(Enum):
    """What to do with a person whom a provider sends to us for the first time."""

    NEW = "open an account"
    ATTACH = "sign in to the account with that address"
    NO_ADDRESS = "no address"
    NOT_CONFIRMED = "address not confirmed"
    OUTSIDE = "address outside the provider's domains"
    ACCOUNT_THERE = "an account is there, and the provider may not open it"


def entry(*, email: str, confirmed: bool, domains: Collection[str], account_there: bool) -> Entry:
    """Decide it: only a confirmed address in the provider's own domains may open an account that exists.

    >>> entry(email="ada@ash.example", confirmed=True, domains=["ash.example"], account_there=True).name
    'ATTACH'
    >>> entry(email="ada@ash.example", confirmed=True, domains=[], account_there=True).name
    'ACCOUNT_THERE'
    """
    if not email:
        return Entry.NO_ADDRESS
    if not confirmed:
        return Entry.NOT_CONFIRMED
    if domains and domain_of(email) not in domains:
        return Entry.OUTSIDE
    if not account_there:
        return Entry.NEW
    return Entry.ATTACH if domains else Entry.ACCOUNT_THERE


def domain_of(email: str) -> str:
    """Return the part after the last @, in small letters.

    >>> domain_of("Ada@Ash.Example")
    'ash.example'
    """
    return email.rpartition("@")[2].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDetails:
    """What has to be known of a sign-in provider. People with an address in its domains sign in there."""

    code: str
    council_code: str
    name: str
    issuer: str
    client_id: str
    token_auth_method: str = "client_secret_basic"  # noqa: S105 - the name of a way, not a secret
    domains: tuple[str, ...] = ()
    vouches: bool = False  # the provider's word stands for addresses in its domains even if it says nothing
    asks_second_factor: bool = False
    proves_identity: bool = False  # its claims say who somebody is, checked against documents
    identity_keys: Mapping[str, Any] = field(default_factory=dict)


def problems(details: ProviderDetails, taken: Collection[str] = ()) -> dict[str, list[str]]:
    """Say what is wrong with the details of a provider, field by field; `taken` are domains of others.

    >>> ash = dict(code="ash", council_code="ash", name="Ash", client_id="1", vouches=True)
    >>> problems(ProviderDetails(**ash, issuer="https://id.ash.example", domains=("ash.example",)))
    {}
    >>> list(problems(ProviderDetails(**ash, issuer="http://id.ash.example")))
    ['issuer', 'vouches']
    """
    issuer = urlsplit(details.issuer)
    near = issuer.hostname in {"localhost", "127.0.0.1"}
    strange = [each for each in details.domains if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", each)]
    elsewhere = sorted(set(details.domains) & set(taken))
    found = {
        "code": not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", details.code)
        and "The code may have small letters, figures and hyphens only, such as ash-staff.",
        "name": not details.name.strip() and "Give the name that people know the provider by.",
        "issuer": not (issuer.scheme == "https" or (near and issuer.scheme == "http"))
        and "The issuer has to be an address that starts with https://.",
        "client_id": not details.client_id and "Give the client ID that the provider issued.",
        "domains": (strange and f"A domain looks like ash.gov.uk, not {strange[0]}.")
        or (elsewhere and f"Another provider already has {', '.join(elsewhere)}."),
        "vouches": details.vouches
        and not details.domains
        and "Only a provider with domains of its own can vouch for addresses.",
        "identity_keys": details.identity_keys
        and not details.proves_identity
        and "Keys of signed identities are only for a provider that proves identity.",
    }
    return {field: [sentence] for field, sentence in found.items() if sentence}


def device(user_agent: str) -> str:
    """Name a device as its owner would.

    >>> device("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0")
    'Edge on Windows'
    >>> device("curl/8.5")
    'Another program'
    """
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Another program"
