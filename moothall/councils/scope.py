"""Whose rows may be touched just now. Without a scope, none: that is the first wall between councils."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from moothall.councils.errors import NoScope


@dataclass(frozen=True, slots=True)
class Scope:
    """The councils that may be touched. `councils` is None for all of them; then `reason` says why.

    `whole` is true when `councils` names every council there is: queries then need no clause.
    """

    councils: frozenset[int] | None
    reason: str = ""
    whole: bool = False

    @property
    def words(self) -> str:
        """The scope as PostgreSQL is told it: an array of council numbers; 0 stands for every council."""
        if self.councils is None:
            return "{0}"
        return "{" + ",".join(map(str, sorted(self.councils))) + "}"

    @property
    def unbounded(self) -> bool:
        """Whether a query needs no clause about councils."""
        return self.whole or self.councils is None

    def holds(self, council_id: int | None) -> bool:
        """Whether a row of this council may be touched."""
        return self.councils is None or council_id in self.councils


class _Later:
    """A scope that is found out when it is first needed, because finding it costs a query."""

    __slots__ = ("_find", "found", "looking")

    def __init__(self, find: Callable[[], Scope | None]) -> None:
        self._find = find
        self.found: Scope | None = None
        self.looking = False

    def scope(self) -> Scope | None:
        if self.found is None and not self.looking:
            self.looking = True
            try:
                self.found = self._find()
            finally:
                self.looking = False
        return self.found


_current: ContextVar[Scope | _Later | None] = ContextVar("moothall_scope", default=None)


def current(what: str = "This") -> Scope:
    """Return the scope, or raise NoScope."""
    scope = peek()
    if scope is None:
        raise NoScope(what=what)
    return scope


def peek() -> Scope | None:
    """Return the scope, or None."""
    held = _current.get()
    return held.scope() if isinstance(held, _Later) else held


def words() -> str:
    """Return the scope as PostgreSQL is told it. A scope not yet found out, or none at all, opens nothing."""
    held = _current.get()
    if isinstance(held, _Later):
        held = held.found
    return "" if held is None else held.words


@contextmanager
def only(council_ids: Iterable[int], *, whole: bool = False) -> Iterator[Scope]:
    """Touch rows of these councils only."""
    scope = Scope(frozenset(council_ids), whole=whole)
    with _held(scope):
        yield scope


@contextmanager
def everything(reason: str) -> Iterator[Scope]:
    """Touch rows of every council, for a reason that a reviewer can read: a sweep, a migration, a check."""
    if not reason.strip():
        raise ValueError("Say why every council's rows are needed.")
    scope = Scope(None, reason)
    with _held(scope):
        yield scope


def later(find: Callable[[], Scope | None]) -> AbstractContextManager[None]:
    """Enter a scope that `find` works out when it is first needed."""
    return _held(_Later(find))


def nothing() -> AbstractContextManager[None]:
    """Leave every scope: council-owned rows cannot be touched inside."""
    return _held(None)


def again(scope: Scope | None) -> AbstractContextManager[None]:
    """Enter a scope that was seen earlier, for work that ends later than its request."""
    return _held(scope)


@contextmanager
def _held(scope: Scope | _Later | None) -> Iterator[None]:
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def clause(column: str) -> tuple[str, list[int]]:
    """Return the SQL condition, with its parameters, that hand-written SQL puts on a council column.

    >>> with only([4]):
    ...     clause("c.council_id")
    ('c.council_id = %s', [4])
    >>> with only([1, 4]):
    ...     clause("c.council_id")
    ('c.council_id IN (%s, %s)', [1, 4])
    >>> with everything("an example"):
    ...     clause("c.council_id")
    ('1 = 1', [])
    """
    scope = current(column)
    if scope.unbounded:
        return "1 = 1", []
    ids = sorted(scope.councils or ())
    if not ids:
        return "1 = 0", []
    if len(ids) == 1:
        return f"{column} = %s", ids
    return f"{column} IN ({', '.join(['%s'] * len(ids))})", ids
