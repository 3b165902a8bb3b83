"""The comparison of `levels` in the words of DuckDB: for each field when it is missing, and its levels in order.

`_l` and `_r` are the two sides. The order and the names are those of `fields`.
"""

from moothall.persons.rules.matching.fields import FIELDS
from moothall.persons.rules.matching.levels import CLOSE, TYPO
from moothall.persons.rules.matching.vetoes import VETOES
from moothall.persons.rules.matching.weights import Weights


def _shared(one: str, many: str) -> str:
    """Return that two sides share a value: their first ones, or any where one side has `many`.

    Lists are kept, and looked into, only where there are several values, for they cost much.
    """
    sides = (f"coalesce({many}_{side}, [{one}_{side}])" for side in "lr")
    several = f"({many}_l is not null or {many}_r is not null)"
    return f"({one}_l = {one}_r or ({several} and list_has_any({', '.join(sides)})))"


def _either_missing(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def _within(small: str, great: str) -> str:
    words = f"coalesce(given_words_{small}, [given_{small}])"
    return f"list_has_all(coalesce(all_words_{great}, [given_{great}]), {words})"


_SWAPPED = (
    "((given_l = family_r and (family_l = given_r or {0}(family_l, given_r) >= {1})) "
    "or (family_l = given_r and {0}(given_l, family_r) >= {1}))"
).format("jaro_winkler_similarity", CLOSE)
_ALIKE = "jaro_winkler_similarity({0}_l, {0}_r) >= {1}"
_ONE_OFF = "damerau_levenshtein({0}_l, {0}_r) <= 1"
_SLIP = (
    "(len({0}_l) >= 3 and len({0}_r) >= 3 and abs(len({0}_l) - len({0}_r)) <= 1 "
    "and (left({0}_l, 1) = left({0}_r, 1) or right({0}_l, 1) = right({0}_r, 1)) "
    "and damerau_levenshtein({0}_l, {0}_r) <= 1)"
)
"""One slip leaves the first letter or the last as it was; to ask that first saves most of the work."""
_NEAR_DAY = f"(left(born_l, 5) = left(born_r, 5) or right(born_l, 4) = right(born_r, 4)) and {_ONE_OFF.format('born')}"
_NEAR_PHONE = (
    "(len(phone_l) < 12 or left(phone_l, 9) = left(phone_r, 9) or right(phone_l, 2) = right(phone_r, 2)) "
    f"and {_ONE_OFF.format('phone')}"
)
_SHORT = "(len(given_l) = 1 or len(given_r) = 1)"
_PARTS = " + ".join(f"({part}(born_on_l) = {part}(born_on_r))::int" for part in ("year", "month", "day"))
_SMALLER = "(all_words_l is not null or all_words_r is not null)"
_PIECES = "list_has_any(coalesce(family_words_l, [family_l]), coalesce(family_words_r, [family_r]))"
_MORE_NAMES = "(names_more_l or names_more_r)"
_NHS_TELLS = (
    f"coalesce(sound_nhs_l and sound_nhs_r, false) or {_shared('nhs', 'nhs_all')} or {_ONE_OFF.format('nhs')}"
)

CONDITIONS: dict[str, tuple[str, dict[str, str]]] = {
    "forename": (
        _either_missing("given"),
        {
            "initial": f"{_SHORT} and left(given_l, 1) = left(given_r, 1)",
            "same": "given_l = given_r",
            "swapped": f"not {_SHORT} and {_SWAPPED}",
            "other": f"not {_SHORT} and {_MORE_NAMES} and {_shared('given', 'givens')}",
            "nickname": f"not {_SHORT} and {_shared('kin', 'kins')}",
            "part": f"not {_SHORT} and {_SMALLER} and ({_within('l', 'r')} or {_within('r', 'l')})",
            "typo": f"not {_SHORT} and not (given_often_l and given_often_r) and "
            f"({_ALIKE.format('given', TYPO)} or {_SLIP.format('given')})",
            "close": f"not {_SHORT} and ({_ALIKE.format('given', CLOSE)} or {_SLIP.format('given')})",
        },
    ),
    "surname": (
        _either_missing("family"),
        {
            "same": "family_l = family_r",
            "swapped": _SWAPPED,
            "other": f"{_MORE_NAMES} and {_shared('family', 'families')}",
            "part": f"(family_more_l or family_more_r) and {_PIECES}",
            "typo": f"{_ALIKE.format('family', TYPO)} or {_SLIP.format('family')}",
            "sound": "family_sound_l = family_sound_r",
            "close": _ALIKE.format("family", CLOSE),
        },
    ),
    "middle": (
        _either_missing("middle"),
        {
            "same": "middle_l = middle_r",
            "initial": "(len(middle_l) = 1 or len(middle_r) = 1) and left(middle_l, 1) = left(middle_r, 1)",
        },
    ),
    "born": (
        _either_missing("born"),
        {
            "january": "born_l = born_r and right(born_l, 6) = '-01-01'",
            "same": "born_l = born_r",
            "turned": "year(born_on_l) = year(born_on_r) and month(born_on_l) = day(born_on_r) "
            "and day(born_on_l) = month(born_on_r)",
            "near": _NEAR_DAY,
            "parts": f"{_PARTS} > 1",
            "stood": "year(born_on_l) = year(born_on_r) and "
            "(right(born_l, 6) = '-01-01' or right(born_r, 6) = '-01-01')",
            "year": "year(born_on_l) = year(born_on_r)",
        },
    ),
    "address": (
        f"({_either_missing('postcode')}) and ({_either_missing('uprn')})",
        {
            "uprn": _shared("uprn", "uprns"),
            "spot": _shared("spot", "spots"),
            "line": _shared("road", "roads"),
            "postcode": _shared("postcode", "postcodes"),
            "district": _shared("district", "districts"),
        },
    ),
    "phone": (
        _either_missing("phone"),
        {"same": _shared("phone", "phones"), "near": _NEAR_PHONE},
    ),
    "email": (
        _either_missing("email"),
        {"same": _shared("email", "emails"), "local": _shared("local", "locals")},
    ),
    "nhs": (
        f"({_either_missing('nhs')}) or not ({_NHS_TELLS})",
        {
            "same": _shared("nhs", "nhs_all"),
            "near": f"not (sound_nhs_l and sound_nhs_r) and {_ONE_OFF.format('nhs')}",
        },
    ),
    "nino": (
        _either_missing("nino"),
        {"same": _shared("nino", "nino_all"), "near": _ONE_OFF.format("nino")},
    ),
    "key": (_either_missing("key"), {"same": _shared("key", "keys")}),
}

BLOCKING = (
    "l.nhs = r.nhs",
    "l.born = r.born and l.rough_family = r.rough_family",
    "l.born = r.born and l.rough_given = r.rough_given",
    "l.born_year = r.born_year and l.rough = r.rough",
    "l.postcode = r.postcode and l.initial = r.initial",
    "l.postcode = r.postcode and l.born_year = r.born_year",
    "l.district = r.district and l.rough = r.rough",
    "l.born_turned = r.born_turned and l.district = r.district",
    "l.born_turned = r.born_turned and l.rough = r.rough",
    "l.born[6:] = r.born[6:] and l.rough = r.rough",
    "l.line = r.line and l.rough_family = r.rough_family",
    "l.line = r.line and l.rough_given = r.rough_given",
    "l.phone = r.phone and l.initial = r.initial",
    "l.email = r.email",
    "l.nino = r.nino",
    "l.key = r.key",
)
"""Which pairs are compared: those of which one of these holds."""


def at_home(weights: Weights) -> str:
    """Return the score against two people at one address, of a pair with the columns `level_FIELD`."""
    points = [
        f"{[float(each) for each in weights.points_at_home[place]]}[level_{field.key} + 1]"
        for place, field in enumerate(FIELDS)
    ]
    return f"{weights.start[1]} + " + " + ".join(points)


def vetoed() -> str:
    """Return that a veto holds, of a pair with the columns `level_FIELD`."""
    names = {field.key: field.names for field in FIELDS}
    held = (
        " and ".join(
            f"level_{key} in ({', '.join(str(names[key].index(level)) for level in sorted(levels))})"
            for key, levels in veto.where.items()
        )
        for veto in VETOES
    )
    return " or ".join(f"({each})" for each in held)
