"""What a rule is made of, once it has been read."""

from dataclasses import dataclass
from typing import Any


class RuleError(ValueError):
    """The rule cannot be read. `column` counts from 1."""

    def __init__(self, wrong: str, instead: str, column: int) -> None:
        super().__init__(f"column {column}: {wrong} {instead}".strip())
        self.wrong = wrong
        self.instead = instead
        self.column = column


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """An answer, or a part of one: `address.postcode`."""

    path: tuple[str, ...]
    at: int

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Items:
    parts: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a value; for `name.contains("x")` the name is the first argument."""

    function: str
    arguments: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Unary:
    sign: str
    of: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    sign: str
    left: "Node"
    right: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class All:
    """Parts joined by `&&`."""

    parts: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Either:
    """Parts joined by `||`."""

    parts: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Pick:
    """`test ? yes : no`."""

    test: "Node"
    yes: "Node"
    no: "Node"
    at: int


Node = Literal | Name | Items | Call | Unary | Binary | All | Either | Pick


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts directly inside a node."""
    match node:
        case Items(parts) | All(parts) | Either(parts):
            return parts
        case Call(arguments=arguments):
            return arguments
        case Unary(of=of):
            return (of,)
        case Binary(left=left, right=right):
            return (left, right)
        case Pick(test, yes, no):
            return (test, yes, no)
        case _:
            return ()


def names(node: Node) -> list[Name]:
    """Return every name used, in reading order."""
    if isinstance(node, Name):
        return [node]
    return [name for child in children(node) for name in names(child)]
