"""What is known of somebody, as far as it tells people apart: what matching and searching compare.

A record keeps it in short as its `traits`; an adviser's form makes one of what a caller said.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_EASY = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "œ": "oe", "\u0131": "i"}
)


def fold(text: str) -> str:
    """Return text as it is compared: small letters and digits without accents, one space between words.

    >>> fold("  O'Brien-Łuczak  "), fold("José"), fold("Sørensen")
    ('obrien luczak', 'jose', 'sorensen')
    """
    small = text.lower().replace("\u2019", "").replace("'", "").replace("`", "").translate(_EASY)
    plain = unicodedata.normalize("NFKD", small).encode("ascii", "ignore").decode()
    return _NOT_A_LETTER.sub(" ", plain).strip()


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts, folded."""

    given: str = ""
    middle: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An address as it is compared: the first line folded, the postcode without its space, the UPRN without noughts."""

    line: str = ""
    postcode: str = ""
    uprn: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody; the usual value of each kind comes first.

    `identifiers` has the values by scheme: `nhs`, `nino`, `upn`, or what another system calls its key. Phone numbers
    are E.164, email addresses in small letters.
    """

    names: tuple[Name, ...] = ()
    born: date | None = None
    places: tuple[Place, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NOTHING)

    @property
    def traits(self) -> dict[str, Any]:
        """Return it in short, as a record keeps it; what is not known is left out."""
        found: dict[str, Any] = {
            "n": [[name.given, name.middle, name.family] for name in self.names],
            "b": self.born.isoformat() if self.born else "",
            "a": [[place.line, place.postcode, place.uprn] for place in self.places],
            "p": list(self.phones),
            "e": list(self.emails),
            "i": {scheme: sorted(values) for scheme, values in sorted(self.identifiers.items()) if values},
        }
        return {key: value for key, value in found.items() if value}

    def shares_a_name(self, other: "Known") -> bool:
        """Say whether both bear one name: first and family name the same, whatever stands between.

        >>> ann = Known((Name("ann", "may", "lee"), Name("ann", "", "ray")))
        >>> ann.shares_a_name(Known((Name("ann", "", "ray"),))), ann.shares_a_name(Known((Name("may", "", "lee"),)))
        (True, False)
        """
        mine = {(name.given, name.family) for name in self.names}
        return any((name.given, name.family) in mine for name in other.names)

    @classmethod
    def of(cls, traits: Mapping[str, Any]) -> "Known":
        """Return what a record's traits say.

        >>> known = Known((Name("ann", "", "lee"),), date(1980, 5, 4), identifiers={"nhs": frozenset({"9434765919"})})
        >>> Known.of(known.traits) == known
        True
        """
        born = traits.get("b")
        return cls(
            names=tuple(Name(*parts) for parts in traits.get("n", ())),
            born=date.fromisoformat(born) if born else None,
            places=tuple(Place(*parts) for parts in traits.get("a", ())),
            phones=tuple(traits.get("p", ())),
            emails=tuple(traits.get("e", ())),
            identifiers={scheme: frozenset(values) for scheme, values in traits.get("i", {}).items()},
        )


def name_of(text: str) -> Name:
    """Return a name of what somebody calls themselves in one line: the last word is taken for the family name.

    >>> name_of("Mary Jane O'Brien"), name_of("Smith, John")
    (Name(given='mary', middle='jane', family='obrien'), Name(given='john', middle='', family='smith'))
    """
    family, comma, given = text.partition(",")
    words = fold(given).split() if comma else fold(text).split()
    if comma:
        return Name(words[0] if words else "", " ".join(words[1:]), fold(family))
    if len(words) == 1:
        return Name(family=words[0])
    return Name(words[0] if words else "", " ".join(words[1:-1]), words[-1] if words else "")
