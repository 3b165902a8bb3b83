"""Who somebody proved to be at a provider: read from its claims, and checked. No Django, no database.

Plain claims (OpenID Connect Core 1.0, section 5.1) and `verified_claims` (OpenID Connect for Identity Assurance 1.0)
count as the provider sends them, over TLS from itself. GOV.UK One Login signs a core identity (coreIdentityJWT, ES256)
with a key of its DID document (`did:web`): where such keys are kept, nothing else counts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import jwt

CORE = "https://vocab.account.gov.uk/v1/coreIdentityJWT"
ADDRESS = "https://vocab.account.gov.uk/v1/address"
LEVELS = frozenset({"P2", "P3"})
"""Levels of confidence (GPG 45) that are enough: medium and high. P1 is not: it can be had without a document."""
KEPT = frozenset(
    {
        "sub",
        "iss",
        "aud",
        "email",
        "email_verified",
        "name",
        "given_name",
        "family_name",
        "preferred_username",
    }
)
"""The claims of a provider that proves identity which stay with the account; the rest is used, and forgotten."""
_LEEWAY = 60  # seconds
_LONGEST = 200
_DID = "did:web:"


class NoKeys(ValueError):
    """What was given is no DID document with keys for ES256."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody proved to be. `addresses` have line1, line2, town, postcode, uprn, as far as they are known."""

    given_names: str
    family_name: str
    born: date
    addresses: tuple[Mapping[str, str], ...] = ()
    level: str = ""

    @property
    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "born": self.born.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Proof":
        """Return a proof from what `as_json` gave."""
        return cls(
            **{**kept, "born": date.fromisoformat(kept["born"]), "addresses": tuple(kept["addresses"])}
        )


def keys_in(document: str) -> dict[str, Any]:
    """Return the issuer and the public keys of a DID document, as a provider publishes it; refuses anything else."""
    try:
        found = json.loads(document)
        owner = str(found["id"])
        keys = {
            str(each["id"]): dict(each["publicKeyJwk"])
            for each in found["assertionMethod"]
            if each["publicKeyJwk"].get("crv") == "P-256" and each.get("controller", owner) == owner
        }
        for key in keys.values():
            jwt.PyJWK(key, algorithm="ES256")  # refuses what is no key
    except (KeyError, TypeError, ValueError, AttributeError, jwt.PyJWTError) as error:
        raise NoKeys("This is not a DID document with its keys.") from error
    if not owner.startswith(_DID) or not keys:
        raise NoKeys("This DID document has no key for ES256.")
    return {"issuer": f"https://{owner.removeprefix(_DID)}/", "keys": keys}


def proof_of(
    claims: Mapping[str, Any], *, keys: Mapping[str, Any], audience: str, subject: str
) -> Proof | None:
    """Return who somebody proved to be; None if the claims do not say so, or say it without a good signature.

    `subject` is whom the provider means by the account; `keys` are what `keys_in` gave, empty for plain claims.
    """
    if str(claims.get("sub", "")) != subject or not subject:
        return None
    try:
        return _signed(claims, keys, audience, subject) if keys else _plain(claims)
    except (KeyError, TypeError, ValueError, AttributeError, jwt.PyJWTError):
        return None


def _signed(claims: Mapping[str, Any], keys: Mapping[str, Any], audience: str, subject: str) -> Proof | None:
    token = str(claims[CORE])
    key = keys["keys"][jwt.get_unverified_header(token)["kid"]]
    said = jwt.decode(
        token,
        jwt.PyJWK(key, algorithm="ES256"),
        algorithms=["ES256"],
        audience=audience,
        issuer=keys["issuer"],
        leeway=_LEEWAY,
        options={"require": ["exp", "iat", "sub", "aud", "iss"]},
    )
    if said["sub"] != subject or said.get("vot") not in LEVELS:
        return None
    who = said["vc"]["credentialSubject"]
    parts = _newest(who["name"])["nameParts"]
    return Proof(
        given_names=_joined(parts, "GivenName"),
        family_name=_joined(parts, "FamilyName"),
        born=date.fromisoformat(_newest(who["birthDate"])["value"]),
        addresses=_vocabulary(claims.get(ADDRESS)),
        level=str(said["vot"]),
    )


def _newest(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the entry that is in force: the one without an end, else the one that ends last."""
    return max(entries, key=lambda each: str(each.get("validUntil") or "9999"))


def _joined(parts: Sequence[Mapping[str, Any]], kind: str) -> str:
    return " ".join(_text(each["value"]) for each in parts if each["type"] == kind)


def _vocabulary(addresses: Any) -> tuple[Mapping[str, str], ...]:
    """Return the addresses in force of One Login's own vocabulary."""
    found = []
    for each in addresses if isinstance(addresses, list) else ():
        if not isinstance(each, Mapping) or each.get("validUntil"):
            continue
        street = _words(each, "buildingNumber", "dependentStreetName", "streetName")
        lines = [_words(each, "subBuildingName", "buildingName"), street]
        lines += [_words(each, "doubleDependentAddressLocality", "dependentAddressLocality")]
        line1, line2, *_ = [*[line for line in lines if line], "", ""]
        place = {"line1": line1, "line2": line2, "town": _text(each.get("addressLocality"))}
        place |= {"postcode": _text(each.get("postalCode")), "uprn": _text(each.get("uprn"))}
        found.append({part: value for part, value in place.items() if value})
    return tuple(found)


def _plain(claims: Mapping[str, Any]) -> Proof | None:
    verified = claims.get("verified_claims")
    if isinstance(verified, list):
        verified = verified[0] if verified else None
    said = verified["claims"] if isinstance(verified, Mapping) else claims
    level = _text(claims.get("acr"))
    if isinstance(verified, Mapping):
        how = verified["verification"]
        level = _text(how.get("assurance_level") or how.get("trust_framework"))
    family = _text(said.get("family_name"))
    if not family or not said.get("birthdate"):
        return None
    return Proof(
        given_names=_text(said.get("given_name")),
        family_name=family,
        born=date.fromisoformat(str(said["birthdate"])),
        addresses=_standard(said.get("address")),
        level=level,
    )


def _standard(address: Any) -> tuple[Mapping[str, str], ...]:
    """Return an address claim of OpenID Connect."""
    if not isinstance(address, Mapping):
        return ()
    lines = [line for line in str(address.get("street_address") or "").splitlines() if line.strip()]
    line1, line2, *_ = [*map(_text, lines), "", ""]
    place = {"line1": line1, "line2": line2, "town": _text(address.get("locality"))}
    place |= {"postcode": _text(address.get("postal_code"))}
    found = {part: value for part, value in place.items() if value}
    return (found,) if found else ()


def _words(parts: Mapping[str, Any], *names: str) -> str:
    return " ".join(text for name in names if (text := _text(parts.get(name))))


def _text(value: Any) -> str:
    """Return one line of text, in the lengths that a page can take."""
    said = "" if value is None else str(value).replace("\x00", "")
    return " ".join(said.split())[:_LONGEST]
