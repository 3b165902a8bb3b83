"""A definition as JSON, for ever. What equals its default is left out: a key added later changes no old digest."""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from moothall.plain.canonical import canonical


def body_of(thing: Any) -> str:
    """Return the canonical JSON of a definition."""
    return canonical(_plain(thing)).decode()


def read_as(kind: Any, body: str) -> Any:
    """Return the value of that dataclass whose canonical JSON this is."""
    return _maker(kind)(json.loads(body))


def _plain(value: Any) -> Any:
    """Return dataclasses as mappings without their defaults, and mappings by key as lists in their order."""
    if dataclasses.is_dataclass(value):
        return {
            each.name: _plain(held)
            for each in dataclasses.fields(value)
            if (held := getattr(value, each.name)) != _default(each)
        }
    if isinstance(value, Mapping):
        return [_plain(held) for held in value.values()]
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value


def _default(each: dataclasses.Field[Any]) -> Any:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default


@lru_cache(maxsize=128)
def _maker(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a value of an annotated type again from its JSON."""
    if dataclasses.is_dataclass(kind):
        made: Any = kind
        makers = {name: _maker(hint) for name, hint in get_type_hints(kind).items()}
        return lambda plain: made(**{name: makers[name](held) for name, held in plain.items()})
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        one = _maker(inner[0])
        return lambda plain: tuple(map(one, plain))
    if origin is Mapping:
        value = _maker(inner[1])
        return lambda plain: {held.key: held for held in map(value, plain)}
    if origin in (Union, types.UnionType):
        found: list[Callable[[Any], Any]] = [_maker(each) for each in inner if each is not types.NoneType]
        return next(
            (one for one in found if one is not _same), _same
        )  # None is a default, so never in the JSON
    return _same


def _same(plain: Any) -> Any:
    return plain
