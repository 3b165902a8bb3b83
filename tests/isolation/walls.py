"""The walls between councils, taken down one by one, so that each is tested with the other off."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models
from django.db.models import Model

from moothall.councils import doors, gate, queries, rows, rules, scope, walls
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.journal import queries as journal
from moothall.journal.models import Job
from moothall.messages.models import Message
from moothall.plain.errors import NotFound
from moothall.process import circles, hooks
from moothall.process import queries as process
from moothall.process.models import Attachment, Case
from moothall.process.queries import casefile, history
from moothall.process.queries.links import Other
from moothall.requests import queries as requests
from moothall.requests import tokens
from moothall.requests.errors import NoSuchRequest
from moothall.requests.models import Request
from moothall.workplace.queries import cases, directory, record


@contextmanager
def no_managers() -> Iterator[None]:
    """Take the first wall down: managers, checks and hand-written clauses let everything through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows.ScopedManager, "get_queryset", models.Manager.get_queryset)
        patch.setattr(rows, "check", lambda *_: None)
        patch.setattr(scope, "clause", lambda _column: ("1 = 1", []))
        yield


@contextmanager
def no_row_security() -> Iterator[None]:
    """Take the second wall down: act as the owner of the tables, who sees through it."""
    with walls.as_owner():
        yield


@contextmanager
def no_gate() -> Iterator[None]:
    """Leave the gate open: whoever holds a permission anywhere holds it everywhere."""

    def anywhere(viewer: Viewer, permission: Any, _council_id: object = None) -> bool:
        return viewer.is_system or bool(viewer.powers.get(permission.value))

    def everywhere(viewer: Viewer, permission: Any) -> frozenset[int]:
        every = frozenset(Council.objects.values_list("id", flat=True))
        return every if anywhere(viewer, permission) else frozenset()

    def narrow(viewer: Viewer, permission: Any, found: "models.QuerySet[Model]") -> "models.QuerySet[Model]":
        return found if anywhere(viewer, permission) else found.none()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "may", anywhere)
        patch.setattr(gate, "councils", everywhere)
        patch.setattr(gate, "narrow", narrow)
        patch.setattr(gate, "allow", lambda *_: None)
        yield


@contextmanager
def nothing_stands() -> Iterator[None]:
    """Take everything down."""
    with no_managers(), no_row_security(), no_gate():
        yield


def _replacing(
    owner: Any, name: str, other: Callable[..., Any]
) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def replaced() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, other)
            yield

    return replaced


def _replacing_all(
    owners: tuple[Any, ...], name: str, other: Callable[..., Any]
) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def replaced() -> Iterator[None]:
        with ExitStack() as stack:
            for owner in owners:
                stack.enter_context(_replacing(owner, name, other)())
            yield

    return replaced


def _careless_powers(
    *, employer: int, grants: Any, agreements: Any, roles: Any, today: Any
) -> tuple[dict[str, frozenset[int]], dict[int, str]]:
    del employer, agreements, today
    found: dict[str, frozenset[int]] = {}
    for each in grants:
        for permission in roles.get(each.role, ()):
            found[permission] = found.get(permission, frozenset()) | {each.council_id}
    return found, {}


def _any_attachment(viewer: Viewer, reference: str, number: int) -> Any:
    del viewer, reference
    found = Attachment.unscoped("a mutant").filter(id=number).first()
    if found is None:
        raise NotFound(what="file")
    return found


def _any_case(viewer: Viewer, reference: str) -> int:
    del viewer
    found = Case.unscoped("a mutant").filter(reference=reference).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(what="case")
    return int(found)


def _any_request(_viewer: Viewer, _council: Any, reference: str, token: str | None = None) -> Any:
    del token
    found = Request.unscoped("a mutant").filter(case__reference=reference).select_related("case").first()
    if found is None:
        raise NoSuchRequest(what="request")
    return found


_agreements_of = queries._agreements_of


def _of_long_ago(council_id: int, today: date) -> list[rules.Sharing]:
    return _agreements_of(council_id, today - timedelta(days=30))


@contextmanager
def _without_end() -> Iterator[None]:
    """Let agreements that ended count: neither the query nor the rule asks for the day."""
    with (
        _replacing(queries, "_agreements_of", _of_long_ago)(),
        _replacing(rules.Sharing, "in_force", lambda *_: True)(),
    ):
        yield


_row = record._row


def _told_to_everyone(entry: Any, names: Mapping[int, str], _known: object, apart: Any = ()) -> record.Row:
    return _row(entry, names, names, apart)


def _everybodys(ids: Any) -> dict[int, Any]:
    rows = Case.unscoped("a mutant").filter(pk__in=ids)
    return {row.pk: Other(row.reference, row.headline, row.process, row.process, row.status) for row in rows}


@contextmanager
def no_circles() -> Iterator[None]:
    """Let every case, step and answer be there for everybody whom the gate lets."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("sees", "sees_case"):
            patch.setattr(circles, name, lambda *_: True)
        for name in ("within", "within_cases"):
            patch.setattr(circles, name, lambda *_: ~models.Q(pk__in=[]))
        for name in ("clause", "clause_of_cases"):
            patch.setattr(circles, name, lambda *_: ("1 = 1", []))
        yield


_sees_case, _within, _clause = circles.sees_case, circles.within_cases, circles.clause_of_cases


@contextmanager
def no_wall_round_the_desk() -> Iterator[None]:
    """Let what is seen with a permission be there for everybody whom the gate lets see cases."""
    walls = sorted(hooks.walls)
    words = ", ".join(f"'{each}'" for each in walls)

    def clause(viewer: Viewer, table: str) -> tuple[str, list[Any]]:
        found, values = _clause(viewer, table)
        return f"({found} OR {table}.circle IN ({words}))", values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(circles, "sees_case", lambda *args: args[2] in walls or _sees_case(*args))
        patch.setattr(
            circles,
            "within_cases",
            lambda viewer, prefix="": _within(viewer, prefix) | models.Q(**{f"{prefix}circle__in": walls}),
        )
        patch.setattr(circles, "clause_of_cases", clause)
        yield


def _every_file(case: Any, _seen: object) -> list[Attachment]:
    return list(Attachment.objects.filter(case_id=case.id))


MUTANTS: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    "every wall down and the gate open": nothing_stands,
    "agreements are not asked for": _replacing(queries, "powers", _careless_powers),
    "an agreement never ends": _without_end,
    "an agreement covers every kind": _replacing(
        rules.Sharing, "covers", lambda self, _kind, *councils: self.council_ids.issuperset(councils)
    ),
    "a file is found by its number alone": _replacing(cases, "attachment", _any_attachment),
    "a case is found by its reference alone": _replacing_all((casefile, process), "case_id_of", _any_case),
    "the link of a request is not compared": _replacing(requests, "_proved", lambda *_: True),
    "a request is found on any site": _replacing(requests, "request_of", _any_request),
    "jobs are shown without asking where": _replacing(
        journal, "dead_jobs", lambda _ids: Job.objects.filter(state="dead")
    ),
    "the record says to everyone who asked": _replacing(record, "_row", _told_to_everyone),
    "doors are open": _replacing(doors, "_let_in", lambda *_: None),
    "the gate is open": no_gate,
    "people are found by number alone": _replacing(
        directory, "_staff", lambda _reached: Staff.objects.select_related("user", "council")
    ),
    "correspondence of everybody": _replacing(
        cases, "correspondence", lambda _about: Message.unscoped("a mutant")
    ),
    "letters keep their links": _replacing(tokens, "hidden", lambda text: text),
    "circles are not asked": no_circles,
    "lists pass nothing over": _replacing(circles, "narrow", lambda _viewer, found, *_: found),
    "cases are there for everybody": _replacing_all((circles,), "known", lambda _viewer, found: found),
    "everybody has a step in every case": _replacing(circles, "is_there", lambda *_: True),
    "search passes nothing over": _replacing(circles, "clause_of_cases", lambda *_: ("1 = 1", [])),
    "everybody sees the desk's work": no_wall_round_the_desk,
    "the desk sees everybody's work": _replacing(circles, "_shut", lambda _viewer: frozenset()),
    "answers are there for everybody": _replacing(
        circles, "_readable", lambda _viewer, case, *_: frozenset(case.definition.fields)
    ),
    "steps are there for everybody": _replacing(circles, "_sees_step", lambda *_: True),
    "history withholds nothing": _replacing(history, "_withheld", lambda *_: ""),
    "files are there for everybody": _replacing_all((casefile, cases), "files_of", _every_file),
    "links name every case": _replacing(casefile, "seen_cases", lambda _viewer, ids: _everybodys(ids)),
    "the record tells of every case": _replacing(record, "_there", lambda _viewer, found: found),
    "the record tells of every step": _replacing(record, "_apart", lambda *_: set()),
}

SHOWS: Mapping[str, str] = {
    "the link of a request is not compared": "portal:mine_one",
    "a request is found on any site": "portal:follow",
    "jobs are shown without asking where": "workplace:jobs",
    "the record says to everyone who asked": "workplace:journal",
    "doors are open": "workplace:jobs",
    "people are found by number alone": "workplace:person",
    "a file is found by its number alone": "workplace:file",
    "lists pass nothing over": "workplace:home",
    "search passes nothing over": "workplace:search",
    "files are there for everybody": "workplace:file",
    "the record tells of every case": "workplace:journal",
    "the record tells of every step": "workplace:journal",
}
"""Where a mutant shows, so that the search begins there; without a word here it begins with the pages of cases."""
