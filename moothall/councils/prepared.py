"""Questions put together once: the SQL that Django writes for a queryset is kept, and only its values change.

Django writes the SQL of a queryset anew each time it is asked, which costs several times what a small answer costs. A
page that is opened all day asks the same questions with other values (decision 0013):

    @prepared
    def call_of_case(case_id: Slot) -> Any:
        return Call.objects.filter(case_id=case_id)

    call_of_case.first(case_id=7)

The function says the question once for each scope and each *shape*. Parameters before the `*` are slots: they stand
where a value will, in a comparison, or where a list will, after `__in` (an empty one holds nothing). Those after it are
shapes: hashable values that decide how the question looks, such as which councils a viewer's permission reaches.
Everything else is Django's own: rows, relations, converters.
"""

import inspect
import re
from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression

from moothall.councils import scope
from moothall.councils.rows import EverythingQuerySet

_Written = tuple[Any, Any, list[str], tuple[Any, ...]]
"""The queryset, its compiler (which knows its converters), its SQL between the places, and what stands in them."""
_PLACE = re.compile(r"(?<!%)%s")
_MOST = 64
"""How much SQL is kept for one question; for scopes and shapes beyond that it is written anew."""


class Slot(Expression):
    """The place of a value in a question; it compiles to a parameter that names it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        del compiler, connection
        return "%s", [self]

    def __repr__(self) -> str:
        return f"Slot({self.name!r})"


class Prepared:
    """A question whose SQL is kept."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        given = inspect.signature(build).parameters.values()
        self._slots = {each.name: Slot(each.name) for each in given if each.kind is not each.KEYWORD_ONLY}
        self._shapes = [each.name for each in given if each.kind is each.KEYWORD_ONLY]
        self._kept: dict[Hashable, _Written | None] = {}
        self.__doc__, self.__name__ = build.__doc__, build.__name__

    def sql(self, **given: Any) -> tuple[str, list[Any]] | None:
        """Return the question as SQL with its parameters, for a larger statement; None if it can have no answer."""
        written = self._written(given)
        if written is None:
            return None
        rows, _, parts, parameters = written
        return _filled(connections[rows.db], parts, parameters, given)

    def all(self, **given: Any) -> list[Any]:
        """Return every row that answers the question."""
        written = self._written(given)
        if written is None:
            return []
        rows, compiler, parts, parameters = written
        connection = connections[rows.db]
        filled = _filled(connection, parts, parameters, given)
        asked = _copied(compiler)
        asked.connection, asked.as_sql = connection, lambda *_args, **_options: filled
        query = _copied(rows.query)
        query.get_compiler = lambda *_args, **_options: asked
        answered = _copied(rows)
        answered._query = query  # noqa: SLF001 - what Django keeps of a queryset is copied with it
        return list(answered._iterable_class(answered))  # noqa: SLF001

    def first(self, **given: Any) -> Any:
        """Return the first row that answers the question, in the question's own order, or None."""
        return next(iter(self.all(**given)), None)

    def _written(self, given: dict[str, Any]) -> _Written | None:
        """Return the question as it is put together; what is left in `given` are the values."""
        shape = {name: given.pop(name) for name in self._shapes}
        if given.keys() != self._slots.keys():
            raise TypeError(f"{self.__name__} takes {', '.join(self._slots)}, not {', '.join(given)}.")
        held = scope.peek()
        key = (held and (held.unbounded or held.councils), *shape.values())
        if key in self._kept:
            return self._kept[key]
        written = self._write(shape)
        if len(self._kept) < _MOST:
            self._kept[key] = written
        return written

    def _write(self, shape: dict[str, Any]) -> _Written | None:
        """Say the question; None if it can have no answer, as in a scope without a council."""
        rows = self._build(**self._slots, **shape)
        if isinstance(rows, EverythingQuerySet) or rows._prefetch_related_lookups:  # noqa: SLF001
            raise TypeError(f"{self.__name__} leaves the scope, or fetches beforehand: ask Django for that.")
        compiler = rows.query.get_compiler(using=rows.db)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _expressions: converters
        return rows, compiler, _PLACE.split(sql), tuple(parameters)


def prepared(build: Callable[..., Any]) -> Prepared:
    """Return the question that a function says."""
    return Prepared(build)


def _copied(thing: Any) -> Any:
    """Return the same thing again, with attributes of its own; `copy.copy` would ask a queryset for its rows."""
    again = object.__new__(type(thing))
    again.__dict__.update(vars(thing))
    return again


def _filled(
    connection: Any, parts: list[str], parameters: tuple[Any, ...], given: dict[str, Any]
) -> tuple[str, list[Any]]:
    """Return the SQL with as many places as there are values, and the values."""
    sql, values = [parts[0]], list[Any]()
    for part, parameter in zip(parts[1:], parameters, strict=True):
        if not isinstance(parameter, Slot):
            sql.append("%s")
            values.append(parameter)
        elif isinstance(value := given[parameter.name], list):
            sql.append(", ".join(["%s"] * len(value)) or "NULL")
            values += [_adapted(connection, each) for each in value]
        else:
            sql.append("%s")
            values.append(_adapted(connection, value))
        sql.append(part)
    return "".join(sql), values


def _adapted(connection: Any, value: Any) -> Any:
    """Return a value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
