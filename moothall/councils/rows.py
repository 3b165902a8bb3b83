"""The managers of council-owned rows: no scope, no rows; and no row is written for a council outside the scope."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn, TypeVar

from django.db import models
from django.db.models import Model

from moothall.councils import scope
from moothall.councils.errors import OutOfScope

M = TypeVar("M", bound=Model)
_COUNCIL = frozenset({"council", "council_id"})


class ScopedQuerySet(models.QuerySet[M]):
    """Rows within the scope in which the query was begun. Writes are checked against the scope in force now."""

    def update(self, **changes: Any) -> int:
        for name in _COUNCIL & changes.keys():
            check(self.model, changes[name])
        return super().update(**changes)

    def _update(self, values: Iterable[tuple[Any, Any, Any]], *more: Any) -> Any:
        for field, _, value in values:
            if field.name in _COUNCIL:
                check(self.model, value)
        return super()._update(values, *more)  # type: ignore[misc]

    def _insert(self, objs: Iterable[Any], *args: Any, **options: Any) -> Any:
        for row in objs:
            check(self.model, row.council_id)
        return super()._insert(objs, *args, **options)  # type: ignore[misc]

    def raw(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: hand-written SQL puts `scope.clause` on its council column itself."""
        raise TypeError("objects.raw() would not keep to the scope; write the SQL with scope.clause().")


class ScopedManager(models.Manager[Any].from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The only manager of council-owned rows. It raises NoScope where no scope was entered."""

    def get_queryset(self) -> ScopedQuerySet[Any]:
        held = scope.current(str(self.model._meta.verbose_name_plural).capitalize())
        rows: ScopedQuerySet[Any] = super().get_queryset()
        if held.councils is None or held.whole:
            return rows
        if len(held.councils) == 1:
            return rows.filter(council_id=next(iter(held.councils)))
        return rows.filter(council_id__in=sorted(held.councils))


def check(model: type[Model], council: object) -> None:
    """Refuse to write a row of a council outside the scope."""
    council_id = council.pk if isinstance(council, Model) else council
    held = scope.current(str(model._meta.verbose_name_plural).capitalize())
    if held.councils is not None and council_id not in held.councils:
        raise OutOfScope(what=model._meta.verbose_name_plural)


def _for_every_council(name: str) -> Callable[..., Any]:
    inherited = getattr(models.QuerySet, name)

    def run(self: "EverythingQuerySet", *args: Any, **options: Any) -> Any:
        with scope.everything(self.reason):
            return inherited(self, *args, **options)

    run.__name__ = name
    return run


class EverythingQuerySet(models.QuerySet[Any]):
    """Rows of every council, fetched and written as if inside `scope.everything(reason)`."""

    reason = "unscoped"

    def _clone(self) -> "EverythingQuerySet":
        copy: EverythingQuerySet = super()._clone()  # type: ignore[misc]
        copy.reason = self.reason
        return copy

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Fetch the rows at once: later, another scope might be in force."""
        del chunk_size
        return iter(list(self))

    for _name in (
        "_fetch_all",
        "count",
        "exists",
        "aggregate",
        "update",
        "_update",
        "_insert",
        "delete",
        "_raw_delete",
    ):
        locals()[_name] = _for_every_council(_name)
    del _name


def unscoped(model: type[Model], reason: str) -> EverythingQuerySet:
    """Return every council's rows of a model."""
    if not reason.strip():
        raise ValueError("Say why every council's rows are needed.")
    rows = EverythingQuerySet(model)
    rows.reason = reason
    return rows
