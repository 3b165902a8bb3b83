"""What rooms above hang here: the definitions of their figures. Each name once; what differs is a fault at start."""

from collections.abc import Iterable, Mapping

from moothall.measures.rules import Definition

_definitions: dict[str, Definition] = {}


def define(definitions: Iterable[Definition]) -> None:
    """Hang figures; the same ones again change nothing."""
    for each in definitions:
        held = _definitions.setdefault(each.name, each)
        if held != each:
            raise ValueError(f"The figure {each.name} is defined twice.")
        keys = each.keys
        if len(set(keys)) != len(keys) or not keys:
            raise ValueError(f"The figure {each.name} names a slice twice, or none at all.")


def defined() -> Mapping[str, Definition]:
    """Return every figure by its name, in the order in which they were hung."""
    return dict(_definitions)
