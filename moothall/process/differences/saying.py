"""How one difference is said: what is new, what is gone, what became of something, and what stands in another order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from moothall.process.definition.keeping import body_of

T = TypeVar("T")
Named = Callable[[Any], str]


def shown(value: Any) -> str:
    """Return a value as it stands in a sentence; empty for what is not there.

    >>> shown("a == true"), shown(("desk", "crew")), shown(None), shown(True), shown(3)
    ('“a == true”', 'desk, crew', '', 'yes', '3')
    """
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return str(value)


def becomes(subject: str, what: str, old: Any, new: Any) -> list[str]:
    """Say that one value became another; nothing if it did not."""
    if old == new:
        return []
    before, after = shown(old), shown(new)
    if not before:
        return [f"{subject}, {what}: {after} is new."]
    if not after:
        return [f"{subject}, {what}: {before} is gone."]
    return [f"{subject}, {what}: {before} becomes {after}."]


def flag(old: object, new: object, yes: str, no: str) -> list[str]:
    """Say which way a yes or no has turned."""
    return [] if bool(old) == bool(new) else [yes if new else no]


def listed(old: Sequence[str], new: Sequence[str], more: str, fewer: str, order: str) -> list[str]:
    """Say what came into a list and what went out; that only its order changed, if so. `{}` stands for the entry."""
    found = [more.replace("{}", each) for each in new if each not in old]
    found += [fewer.replace("{}", each) for each in old if each not in new]
    return found or ([order] if tuple(old) != tuple(new) else [])


def every(attributes: Mapping[str, str], subject: str, old: Any, new: Any) -> list[str]:
    """Say what became of each of these attributes of a thing."""
    return [
        each
        for name, what in attributes.items()
        for each in becomes(subject, what, getattr(old, name), getattr(new, name))
    ]


def keyed(
    old: Mapping[str, T],
    new: Mapping[str, T],
    *,
    came: Callable[[T], str],
    went: Callable[[T], str],
    changed: Callable[[T, T], Iterable[str]],
    order: str,
) -> list[str]:
    """Say what became of things that have keys: which came, which went, which changed, and whether they moved."""
    found = [came(each) for key, each in new.items() if key not in old]
    found += [went(each) for key, each in old.items() if key not in new]
    for key, each in old.items():
        if key in new and body_of(new[key]) != body_of(each):  # as kept: mappings are equal in any order
            found += changed(each, new[key])
    if [key for key in old if key in new] != [key for key in new if key in old]:
        found.append(order)
    return found
