"""A case that was moved to another version keeps its past: each event is read in the words and circles of its time.

What has become secret since stays secret in the past too, under whatever name it then went.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from moothall.process import store
from moothall.process.circles import WHOLE, Sight, own_circle, sees
from moothall.process.definition import Definition, circle_of
from moothall.process.models import Event

MIGRATED = "migrated"
EMPTIED = "emptied"
"""What was said in the case is erased: the rows before it say nothing any more."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move to another version: at which event, from which version, and what became of which name."""

    seq: int
    from_version: int
    names: Mapping[str, str]


def emptied_at(events: Iterable[Event]) -> int:
    """Return the number of the newest event after which a case is empty; 0 if it is not.

    What stands in the rows before it is beyond use: no reader may give it away.
    """
    return max((each.seq for each in events if each.kind == EMPTIED), default=0)


class Past:
    """Says for each event of a case which definition its keys are of, and what of it is there for a viewer.

    `events` must hold every move to another version that is newer than the oldest event which will be asked about; the
    newest so many events of a case do, and so do all of them.
    """

    def __init__(self, current: Definition, events: Iterable[Event]) -> None:
        self._current = current
        self._moves = sorted(
            (_move(each) for each in events if each.kind == MIGRATED), key=lambda each: each.seq
        )
        self._sights: dict[int, Sight] = {}

    def definition(self, seq: int) -> Definition:
        """Return the definition that a case followed when its event of this number was written."""
        then = next((move for move in self._moves if seq < move.seq), None)
        return store.definition_of(then.from_version) if then else self._current

    def name(self, seq: int, key: str) -> str:
        """Return the name, at the event of this number, of what goes by this one today; empty if there was none."""
        for move in reversed(self._moves):
            if move.seq <= seq:
                break
            key = next(
                (old for old, new in move.names.items() if new == key), "" if key in move.names else key
            )
        return key

    def names(self, key: str) -> frozenset[str]:
        """Return every name that what goes by this name today has had."""
        return frozenset(self.name(move.seq - 1, key) for move in self._moves) - {""} | {key}

    def sight(self, seq: int, seen: Sight) -> Sight:
        """Return what of the event of this number is there for whoever sees so much of the case today."""
        number = sum(move.seq <= seq for move in self._moves)
        if number == len(self._moves):
            return seen
        if number not in self._sights:
            self._sights[number] = self._then(number, seen)
        return self._sights[number]

    def _then(self, number: int, seen: Sight) -> Sight:
        """Return what of an earlier version is there: what its circles say, and what became of it since."""
        old, new = store.definition_of(self._moves[number].from_version), self._current
        if seen.everything and not old.has_circles:
            return replace(seen, steps=frozenset(old.steps), fields=frozenset(old.fields))
        whole = seen.level is WHOLE
        steps = {
            key
            for key, step in old.steps.items()
            if self._still(number, key, seen.steps, new.steps, whole=whole)
            and (not step.circle or sees(seen.viewer, seen.council_id, own_circle(step)))
        }
        fields = {
            key
            for key, field in old.fields.items()
            if self._still(number, key, seen.fields, new.fields, whole=whole)
            and sees(seen.viewer, seen.council_id, circle_of(field.circle))
        }
        return replace(seen, steps=frozenset(steps), fields=frozenset(fields), everything=False)

    def _still(
        self, number: int, key: str, seen: frozenset[str], known: Mapping[str, object], *, whole: bool
    ) -> bool:
        """Say whether what a name became is there; of what is gone, its own circle alone decides, in a whole case."""
        for move in self._moves[number:]:
            key = move.names.get(key, key)
        return key in seen if key in known else whole


def _move(event: Event) -> Move:
    body = json.loads(event.body)
    return Move(event.seq, body["from_version"], body.get("map", {}))
