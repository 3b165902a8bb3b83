"""Where a value came from, in words for staff, and how old somebody is."""

from collections.abc import Mapping

Day = tuple[int, int, int]
_WORDS: Mapping[str, str] = {
    "adviser": "an adviser",
    "resident": "themselves, on the website",
    "others": "somebody else",
    "request": "request",
    "import": "import",
    "identity": "proved at",
    "rectification": "their request to put it right",
    "council": "council",
    "mail": "an email",
}


def said_source(source: str) -> str:
    """Return a source as staff read it.

    >>> said_source("adviser"), said_source("request:ASH-7KQ4-M2XD"), said_source("old-system")
    ('an adviser', 'request ASH-7KQ4-M2XD', 'old-system')
    """
    kind, _, name = source.partition(":")
    return f"{_WORDS.get(kind, kind)} {name}".strip()


def age(born: Day, on: Day) -> int:
    """Return how many whole years somebody has lived on a day; year, month and day each.

    >>> age((1980, 5, 4), (2026, 5, 3)), age((1980, 5, 4), (2026, 5, 4))
    (45, 46)
    """
    return on[0] - born[0] - ((on[1], on[2]) < (born[1], born[2]))
