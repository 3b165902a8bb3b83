"""The matrix itself: every address, method, visitor and council; what is expected, what came, and what leaked."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote, unquote_plus

from django.db import transaction
from django.db.models import Max
from django.http import HttpResponseBase, StreamingHttpResponse

from moothall.councils import scope
from moothall.journal.models import Entry, Job
from moothall.messages.models import Message
from tests.isolation import addresses as known
from tests.isolation import sending
from tests.isolation.addresses import Address
from tests.isolation.visitors import Visitor
from tests.isolation.world import OTHER_KIND, OWN, Thing, World

Expected = Literal["sign in", "refused", "nothing", "open", "any"]
_SECRET = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*|(data-request=")[^"]*')
_SERVER_FAULT = 500
_ANSWERS: Mapping[Expected, frozenset[int]] = {
    "sign in": frozenset({302}),
    "refused": frozenset({403}),
    "nothing": frozenset({404, 405}),
    "open": frozenset({200, 302, 303, 405, 409, 422, 429}),
}


@dataclass(frozen=True)
class Cell:
    """One thing that is tried: who comes, to which address, how, with whose things."""

    address: Address
    visitor: Visitor
    thing: Thing
    site: str
    method: str
    query: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    is_smuggled: bool = False

    @cached_property
    def path(self) -> str:
        return self.query or self.address.path(self.thing, self.site)

    @property
    def request(self) -> tuple[str, ...]:
        """What comes over the line; two cells of a visitor that come to the same are one."""
        return self.method, self.path, *(f"{name}={value}" for name, value in self.data.items())

    @property
    def sent(self) -> str:
        """Everything that the visitor said: an answer that says it again tells them nothing."""
        return "\n".join([unquote_plus(self.path), *map(str, self.data.values())])

    def __str__(self) -> str:
        return f"{self.visitor.name}: {self.method} {self.address.name} ({self.path}) with things of {self.thing.code}"


@dataclass
class Figures:
    """What a run came to."""

    cells: int = 0
    compared: int = 0
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    opened: set[tuple[str, str]] = field(default_factory=set)

    def of(self, leaks: list[str]) -> "Figures":
        """Return the figures with these leaks only, of those that count."""
        return replace(self, leaks=leaks, faults=[])

    def __str__(self) -> str:
        tried = f"{self.cells:,} cells, {self.compared:,} of them compared with what is nowhere"
        return f"{tried}, {len(self.leaks)} leaks, {len(self.faults)} unexpected answers"


class Matrix:
    """Tries cells in a world, each inside a transaction that is rolled back."""

    def __init__(self, world: World, visitors: Sequence[Visitor]) -> None:
        self.world = world
        self.visitors = visitors
        self.figures = Figures()
        self._words = [
            (word, kind, thing.code)
            for thing in world.things.values()
            for word, kind in thing.words().items()
        ]
        self._any_word = re.compile("|".join(re.escape(word) for word, _, _ in self._words if word))
        self._kind_of = {word: (kind, code) for word, kind, code in self._words}
        self._nothing: dict[tuple[str, str, str, str], tuple[int, bytes]] = {}

    def cells(
        self, found: Sequence[Address], *, whole: bool, wanted: Callable[[Cell], bool] = lambda _: True
    ) -> Iterator[Cell]:
        """Return the cells; unless `whole`, without those that are provably equal to another (see `_equal`).

        What is asked of a page that is nobody's is mostly the same whosever things one has in mind: it is asked once.
        """
        for address in found:
            for visitor in self.visitors:
                asked: set[tuple[str, ...]] = set()
                for cell in self._of(address, visitor):
                    if (whole or not _equal(cell)) and wanted(cell) and (whole or cell.request not in asked):
                        asked.add(cell.request)
                        yield cell

    def _of(self, address: Address, visitor: Visitor) -> Iterator[Cell]:
        things = self.world.things
        own = things[OWN]
        for thing in things.values():
            for site in _sites(address, thing, tuple(things)):
                yield Cell(address, visitor, thing, site, "GET")
                yield Cell(address, visitor, thing, site, "POST", data=sending.body(address, thing))
            if not address.on_site or not address.is_owned:
                for query in known.asked(address, thing)[1:]:
                    yield Cell(address, visitor, thing, thing.code, "GET", query=query)
            if (data := sending.smuggled(address, own, thing)) is not None:
                yield Cell(address, visitor, own, OWN, "POST", data=data, is_smuggled=True)
        for thing in known.apart_at(address, self.world.apart):
            yield Cell(address, visitor, thing, thing.code, "GET")
            yield Cell(address, visitor, thing, thing.code, "POST", data=sending.body(address, thing))
            for query in known.asked(address, thing)[1:]:
                yield Cell(address, visitor, thing, thing.code, "GET", query=query)
            if (
                thing.level == "hidden"
                and (data := sending.smuggled(address, own, thing, apart=True)) is not None
            ):
                yield Cell(address, visitor, own, OWN, "POST", data=data, is_smuggled=True)

    def run(self, cells: Iterator[Cell], *, until_found: bool = False) -> Figures:
        """Try cells; all of them, or until something is found."""
        for cell in cells:
            self.try_one(cell)
            if until_found and (self.figures.leaks or self.figures.faults):
                break
        return self.figures

    def try_one(self, cell: Cell) -> None:
        """Try one cell, and note every leak and every unexpected answer."""
        expected = expected_of(cell)
        with transaction.atomic():
            before = _latest() if cell.method == "POST" else None
            response = _come(cell)
            text = _everything_said(response)
            written = _written_since(before) if before else []
            transaction.set_rollback(True)
        status = response.status_code
        self.figures.cells += 1
        self.figures.statuses[f"{expected} {status}"] += 1
        broken = (
            status >= _SERVER_FAULT and cell.address.name != "readyz"
        )  # which says that there is no worker here
        if broken or (expected != "any" and status not in _ANSWERS[expected]):
            if cell.is_smuggled and status in _ANSWERS["nothing"]:
                return
            self.figures.faults.append(f"{cell}: {status}, expected: {expected}")
        if expected == "open" and status < 400:
            self.figures.opened.add((cell.address.name, cell.method))
        if expected == "nothing":
            self._compare(cell, status, text)
        self._look(cell, text)
        self._look_at_written(cell, written)

    def _look(self, cell: Cell, text: bytes) -> None:
        """Search an answer for canaries that this visitor may not read; what they sent themselves is not news."""
        said = text.decode("utf-8", "replace")
        sent = cell.sent
        for word in set(self._any_word.findall(said)):
            kind, code = self._kind_of[word]
            if word not in sent and not may_read(cell, kind, code):
                self.figures.leaks.append(f"{cell}: the answer has {word} ({kind} of {code})")

    def _look_at_written(self, cell: Cell, written: list[tuple[int | None, str]]) -> None:
        """What an act wrote belongs to councils where the visitor may act, and tells nothing of others."""
        codes = {thing.council_id: thing.code for thing in self.world.things.values()}
        for council_id, said in written:
            code = codes.get(council_id or 0)
            if code and cell.visitor.is_staff and not _may_write(cell, code):
                self.figures.leaks.append(f"{cell}: something was written at {code}")
            for word in set(self._any_word.findall(said)):
                if code and self._kind_of[word][1] != code:
                    self.figures.leaks.append(f"{cell}: what is sent for {code} has {word}")

    def _compare(self, cell: Cell, status: int, text: bytes) -> None:
        """What is another council's answers exactly as what is nowhere."""
        key = (cell.address.name, cell.visitor.name, cell.method, cell.site)
        if key not in self._nothing:
            nowhere = known.nothing_like(cell.thing)
            blank = Cell(cell.address, cell.visitor, nowhere, cell.site, cell.method, data=cell.data)
            with transaction.atomic():
                answer = _come(blank)
                self._nothing[key] = (
                    answer.status_code,
                    normal(blank.path, blank.thing, _everything_said(answer)),
                )
                transaction.set_rollback(True)
        if self._nothing[key] != (status, normal(cell.path, cell.thing, text)):
            self.figures.leaks.append(f"{cell}: answers {status}, unlike what is nowhere")
        self.figures.compared += 1


def _sites(address: Address, thing: Thing, codes: Sequence[str]) -> list[str]:
    """Return the sites on which an address is tried with a thing: its own, and each other for owned things."""
    if not address.on_site or not address.is_owned:
        return [thing.code]
    return list(codes)


def _equal(cell: Cell) -> bool:
    """Say whether a cell is provably equal to another that is tried.

    Doors refuse before a view reads anything, so one council's things and one method stand for all there.
    A method that a view does not take is refused before the view reads anything: there, too.
    The portal never asks the gate: its doors are `public` or `signed_in`, so roles differ in nothing but the scope,
    and the supervisor's reaches furthest. On a foreign site, one foreign site stands for all: the query names the
    site's council. Pages of the sign-in library and of the look know no councils: one staff role stands for all.
    """
    visitor, address = cell.visitor, cell.address
    if expected_of(cell) in {"refused", "sign in"}:
        return cell.thing.code != "elm" or cell.method == "POST" or bool(cell.query) or cell.is_smuggled
    if cell.method == "POST" and not sending.is_sent(address):
        return cell.thing.code != "elm" or visitor.role not in {"supervisor", "partnership-administrator", ""}
    if address.permissions or getattr(address.door, "kind", "") == "staff_only":
        return False
    if visitor.is_staff and visitor.role != "supervisor":
        return True
    if address.on_site:
        return cell.site not in {cell.thing.code, OWN, "elm"} or (
            cell.site == "elm" and cell.thing.code not in {OWN, "elm"}
        )
    return not address.is_owned and cell.thing.code != "elm" and not cell.query


def is_foreign(cell: Cell) -> bool:
    """Say whether a cell reaches for another council's things, past a door that lets the visitor in."""
    return (cell.thing.code != OWN or cell.is_smuggled) and expected_of(cell) not in {"refused", "sign in"}


def is_foreign_to_staff(cell: Cell) -> bool:
    """Say the same of pages of staff, for the two ways in which a council can be foreign.

    Where no agreement is in force, the scope leaves the council out (elm stands for fir as well); where one of another
    kind is, the council is in the scope, and only the gate keeps its cases apart (yew).
    """
    return is_foreign(cell) and cell.thing.code in {"elm", OTHER_KIND} and not cell.address.on_site


def expected_of(cell: Cell) -> Expected:
    """Return what roles.yaml, the agreements and the door say must come."""
    door, visitor, address = cell.address.door, cell.visitor, cell.address
    kind = getattr(door, "kind", "")
    if not kind:
        return "any"
    if kind != "public" and visitor.user is None:
        return "sign in"
    outside = kind in {"staff_only", "permission"} and not visitor.is_staff
    if outside or (address.permissions and not any(map(visitor.anywhere, address.permissions))):
        return "refused"
    if not all(map(visitor.anywhere, address.also)):
        return "refused"
    if cell.thing.level:
        return _expected_apart(cell)
    return _expected_inside(cell, kind)


def _expected_apart(cell: Cell) -> Expected:
    """What comes of what is kept apart, behind a door that lets the visitor in."""
    if cell.thing.level == "desk":
        return "any" if cell.visitor.holds("servicedesk.call.see", cell.thing.code) else "nothing"
    return "nothing" if cell.thing.level == "hidden" else "any"


def _expected_inside(cell: Cell, kind: str) -> Expected:
    """What comes behind a door that lets the visitor in."""
    visitor, address = cell.visitor, cell.address
    if not address.is_owned:
        return "any" if kind in {"public", "signed_in"} else "open"
    if address.permissions:
        here = any(visitor.holds(each, cell.thing.code) for each in address.permissions) and all(
            visitor.holds(each, cell.thing.code)
            for each in (*address.also, *(["process.service.see"] if address.is_of_service else ()))
        )
        return "open" if here else "nothing"
    return _expected_of_own(cell)


def _expected_of_own(cell: Cell) -> Expected:
    """What belongs to a person: to whoever has its link, or keeps it in their account."""
    if not cell.address.on_site:
        return "nothing" if cell.address.name.startswith("identity:") else "any"
    if cell.site != cell.thing.code:
        return "nothing"
    if "token" in cell.address.params:
        return "open"
    return "open" if cell.visitor.name.startswith("resident, owner") else "nothing"


def may_read(cell: Cell, kind: str, code: str) -> bool:
    """Say whether a canary may stand in the answer of this cell."""
    if cell.visitor.may_read(kind, code):
        return True
    if not cell.address.on_site or code != cell.site:
        return False
    holds_link = "token" in cell.address.params and cell.thing.code == cell.site
    if holds_link:
        return kind in {"case", "link", "draft", "asker", "call", "heard"}
    return cell.visitor.name.startswith("resident, owner") and kind in {
        "case",
        "draft",
        "link",
        "own",
        "asker",
    }


def _may_write(cell: Cell, code: str) -> bool:
    if cell.address.on_site:
        return code == cell.site
    if getattr(cell.address.door, "kind", "") == "staff_only":
        return code == OWN  # what anybody of the staff may ask for, they ask for at their own council
    return any(cell.visitor.holds(each, code) for each in cell.address.permissions) and all(
        cell.visitor.holds(each, code) for each in cell.address.also
    )


def _come(cell: Cell) -> HttpResponseBase:
    cell.visitor.come()
    if cell.method == "GET":
        answer: Any = cell.visitor.client.get(cell.path)
    else:
        data = sending.body(cell.address, cell.thing) if "file" in cell.data else cell.data
        answer = cell.visitor.client.post(cell.path, dict(data))
    found: HttpResponseBase = answer
    return found


def _everything_said(response: HttpResponseBase) -> bytes:
    """Return status line, headers and body as one text; cookies are the visitor's own."""
    streamed = isinstance(response, StreamingHttpResponse)
    body = b"".join(response) if streamed else getattr(response, "content", b"")
    headers = "\n".join(f"{name}: {value}" for name, value in response.items() if name != "X-Request-ID")
    return headers.encode() + b"\n\n" + body


def normal(path: str, thing: Thing, text: bytes) -> bytes:
    """Return an answer without what must differ: the secret of forms, and what was asked for."""
    text = _SECRET.sub(rb"\1\2", text)
    for value in (
        path,
        thing.reference,
        thing.asked_reference,
        thing.person,
        thing.kin,
        thing.token,
        thing.asked_token,
        thing.draft_token,
        thing.desk.call,
    ):
        for written in {value, html.escape(value), quote(value, safe=""), quote(value)}:
            text = text.replace(written.encode(), b"*")
    text = re.sub(rb"Content-Length: \d+", b"", text)
    return re.sub(rb"\b(?:\d{2,}|next=[^\s\"]*)", b"*", text)


def _latest() -> tuple[int, int, int]:
    with scope.everything("the isolation matrix looks what an act wrote"):
        return (
            Entry.objects.aggregate(top=Max("id"))["top"] or 0,
            Message.objects.aggregate(top=Max("id"))["top"] or 0,
            Job.objects.aggregate(top=Max("id"))["top"] or 0,
        )


def _written_since(before: tuple[int, int, int]) -> list[tuple[int | None, str]]:
    """Return the council and the words of every entry, message and job that an act wrote."""
    entry, message, job = before
    with scope.everything("the isolation matrix looks what an act wrote"):
        found = list(Entry.objects.filter(id__gt=entry).values_list("council_id", "facts"))
        found += [
            (council_id, " ".join(words))
            for council_id, *words in Message.objects.filter(id__gt=message).values_list(
                "council_id", "to", "subject", "body"
            )
        ]
        found += list(Job.objects.filter(id__gt=job).values_list("council_id", "args"))
    return found
