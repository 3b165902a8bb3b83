"""Which forenames one person may go by: Margaret and Peggy, Muhammad and Mohamed, Katarzyna and Kate."""

from functools import cache
from importlib.resources import files

_NONE: frozenset[int] = frozenset()


@cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    text = files("moothall.persons.rules.matching").joinpath("nicknames.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    for number, names in enumerate(lines):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def groups(forename: str) -> frozenset[int]:
    """Return the numbers of the groups that a folded forename is in; of most names, none.

    >>> bool(groups("peggy") & groups("margaret")), groups("xerxes")
    (True, frozenset())
    """
    return _groups().get(forename, _NONE)


def akin(one: str, other: str) -> bool:
    """Return whether two folded forenames may be one person's.

    >>> akin("bob", "robert"), akin("muhammad", "mohamed"), akin("bob", "peter")
    (True, True, False)
    """
    return not groups(one).isdisjoint(groups(other))


@cache
def _members() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for name, numbers in _groups().items():
        for number in numbers:
            found.setdefault(number, set()).add(name)
    return {number: frozenset(names) for number, names in found.items()}


def forms(forename: str) -> frozenset[str]:
    """Return the other folded forenames by which the same person may go.

    >>> "margaret" in forms("peggy"), "peggy" in forms("peggy"), forms("xerxes")
    (True, False, frozenset())
    """
    return frozenset().union(*(_members()[number] for number in groups(forename))) - {forename}
