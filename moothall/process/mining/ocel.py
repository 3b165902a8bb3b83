"""An object-centric event log as OCEL 2.0 in JSON, a piece at a time.

An event for each step done is about its case, whoever did it, their team and the council; a case is of its council, and
linked to others. Attributes of cases have one value each, known when the case was opened.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.process.mining.choosing import Chosen, Happened, at_their_councils, in_fews
from moothall.process.models import Case, Link

CASE, PERSON, TEAM, COUNCIL = "case", "person", "team", "council"
QUALIFIERS = {CASE: "step of", PERSON: "done by", TEAM: "work of", COUNCIL: "at"}
CASE_ATTRIBUTES = {
    "process": "string",
    "council": "string",
    "status": "string",
    "ending": "string",
    "opened": "time",
    "closed": "time",
}
EVENT_ATTRIBUTES = {
    "step": "string",
    "transition": "string",
    "run": "integer",
    "outcome": "string",
    "waived": "integer",
}
NAMED = {"name": "string"}
Thing = tuple[str, str]
"""An object: its type and its own name."""


class Log:
    """Collects, case by case, what the objects of a log are, while its events are written."""

    def __init__(self, viewer: Viewer, process: str) -> None:
        self._viewer, self._process = viewer, process
        self.things: dict[Thing, None] = {}
        self.names: dict[str, None] = {}
        self.cases: list[dict[str, Any]] = []
        self.events = 0

    def read(
        self, cases: Iterable[Chosen]
    ) -> Iterator[tuple[str, str, dict[str, Any], list[tuple[str, str]]]]:
        """Return each event: its own number, its name, its attributes, and the objects it is about."""
        for few in in_fews(cases):
            links = self._links([case.id for case in few])
            for case in few:
                me = name_of((CASE, case.reference))
                council = (COUNCIL, case.council)
                self.things[council] = None
                related = [(name_of(council), "of"), *links.get(case.id, [])]
                self.cases.append({"id": me, **self._about(case), "related": related})
                for each in case.happened:
                    self.events += 1
                    self.names[each.name] = None
                    yield (
                        f"event:{self.events}",
                        each.name,
                        attributes_of(each),
                        self._of(me, case.council, each),
                    )

    def _of(self, case: str, council: str, each: Happened) -> list[tuple[str, str]]:
        found = [(case, QUALIFIERS[CASE])]
        for kind, name in ((PERSON, each.person), (TEAM, each.team), (COUNCIL, council)):
            if name:
                self.things[kind, name] = None
                found.append((name_of((kind, name)), QUALIFIERS[kind]))
        return found

    def _about(self, case: Chosen) -> dict[str, Any]:
        about = {
            "process": self._process,
            "council": case.council,
            "status": case.status,
            "ending": case.ending or None,
            "opened": case.opened_at,
            "closed": case.closed_at,
        }
        return {
            "at": case.opened_at,
            "attributes": {key: value for key, value in about.items() if value is not None},
        }

    def _links(self, case_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
        """Return the other cases that are linked to these, as far as they are there for the viewer."""
        seen = circles.narrow(self._viewer, at_their_councils(self._viewer, Case.objects.all()))
        rows = (
            Link.objects.filter(case_id__in=case_ids, other__in=seen)
            .order_by("id")
            .values_list("case_id", "other__reference", "kind")
        )
        found: dict[int, list[tuple[str, str]]] = {}
        for case_id, reference, kind in rows:
            other = (CASE, reference)
            self.things[other] = None
            found.setdefault(case_id, []).append((name_of(other), kind))
        return found

    def others(self) -> list[Thing]:
        """Return the objects that are no case of this log: people, teams, councils, and cases linked from elsewhere."""
        here = {case["id"] for case in self.cases}
        return [thing for thing in self.things if name_of(thing) not in here]


def name_of(thing: Thing) -> str:
    """Return how an object is called throughout the log."""
    return f"{thing[0]}:{thing[1]}"


def attributes_of(each: Happened) -> dict[str, Any]:
    """Return what an event says of itself."""
    said = {
        "step": each.step or None,
        "transition": each.transition,
        "run": each.run,
        "outcome": each.outcome or None,
        "waived": each.waived or None,
    }
    return {"at": each.at, **{key: value for key, value in said.items() if value is not None}}


def ocel(viewer: Viewer, cases: Iterable[Chosen], *, process: str) -> Iterator[str]:
    """Return the text of the log in pieces. Only the cases' own lines are held in memory, for their relations."""
    log = Log(viewer, process)
    yield '{"events":['
    for number, (id_, name, said, about) in enumerate(log.read(cases)):
        at = said.pop("at")
        event = {
            "id": id_, "type": name, "time": _plain(at),
            "attributes": [{"name": key, "value": _plain(value)} for key, value in said.items()],
            "relationships": _related(about),
        }  # fmt: skip
        yield ("," if number else "") + "\n" + _written(event)
    yield '],\n"objects":['
    for number, each in enumerate(_objects(log)):
        yield ("," if number else "") + "\n" + _written(each)
    kinds = {CASE: CASE_ATTRIBUTES, PERSON: NAMED, TEAM: NAMED, COUNCIL: NAMED}
    yield '],\n"objectTypes":' + _written([_type(kind, named) for kind, named in kinds.items()])
    yield ',\n"eventTypes":' + _written([_type(name, EVENT_ATTRIBUTES) for name in log.names]) + "}\n"


def _objects(log: Log) -> Iterator[dict[str, Any]]:
    for case in log.cases:
        said = [
            {"name": key, "time": _plain(case["at"]), "value": _plain(value)}
            for key, value in case["attributes"].items()
        ]
        yield {"id": case["id"], "type": CASE, "attributes": said, "relationships": _related(case["related"])}
    for thing in log.others():
        named = [] if thing[0] == CASE else [{"name": "name", "time": _NEVER, "value": thing[1]}]
        yield {"id": name_of(thing), "type": thing[0], "attributes": named, "relationships": []}


_NEVER = "1970-01-01T00:00:00Z"


def _related(objects: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": how} for name, how in objects]


def _type(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in attributes.items()]}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
