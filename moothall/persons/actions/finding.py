"""Keeping the keys by which records are found in step with what is known.

`persons_findkey` has the keys, `persons_spelling` the vocabulary of names with which typing errors are put right. Only
the difference is written: a new phone number is one row more and one less.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from moothall.councils import rows, scope
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.journal.cursors import QuickCursor
from moothall.persons.models import FindKey
from moothall.persons.queries.candidates import Candidates
from moothall.persons.rules import keys
from moothall.persons.rules.known import Known

_TAKE = "DELETE FROM persons_findkey WHERE council_id = %s AND record_id = %s AND key IN "
_TAKE_ALL = "DELETE FROM persons_findkey WHERE council_id = %s AND record_id = %s"
_GIVE = "INSERT INTO persons_findkey (key, council_id, record_id) VALUES "
_HEARD = "SELECT word FROM persons_spelling WHERE council_id = %s AND variant = word AND variant IN "
_LEARN = "INSERT INTO persons_spelling (variant, council_id, word) VALUES "
_ANYWAY = " ON CONFLICT DO NOTHING"
_BATCH = 2_000
_ROWS = 5_000

Row = tuple[int, int, int] | tuple[str, int, str]


def index(record_id: int, council_id: int, before: Known | None, after: Known | None) -> None:
    """Let a record be found by what is known now, and by nothing that is not known any more.

    Names that the council's register has not had are added to its vocabulary; they stay in it when the last who
    bore one has gone, which finds nobody and says nothing.
    """
    rows.check(FindKey, council_id)
    held = keys.every(before) if before else frozenset[int]()
    wanted = keys.every(after) if after else frozenset[int]()
    with QuickCursor() as cursor:
        if gone := sorted(held - wanted):
            cursor.execute(_TAKE + _places(gone), [council_id, record_id, *gone])
    _write(_GIVE, [(key, council_id, record_id) for key in sorted(wanted - held)])
    if after:
        _learn(council_id, keys.names(after) - (keys.names(before) if before else frozenset()))


@transaction.atomic
def index_many(found: Iterable[tuple[int, int, Known]]) -> int:
    """Let many records (id, council, what is known) be found that were not before; returns how many they are.

    Within one batch the keys are written in their own order, as the index has them.
    """
    number, waiting = 0, iter(found)
    while batch := list(islice(waiting, _BATCH)):
        number += len(batch)
        names: dict[int, set[str]] = {}
        for _, council_id, known in batch:
            names.setdefault(council_id, set()).update(keys.names(known))
        for council_id in names:
            rows.check(FindKey, council_id)
        _write(
            _GIVE,
            sorted((key, council, record) for record, council, known in batch for key in keys.every(known)),
        )
        for council_id, words in sorted(names.items()):
            _learn(council_id, words)
    return number


@transaction.atomic
def index_again(record_id: int, council_id: int, known: Known) -> None:
    """Give a record its keys anew, whatever it had: after a version of Moothall that makes them otherwise."""
    rows.check(FindKey, council_id)
    with QuickCursor() as cursor:
        cursor.execute(_TAKE_ALL, [council_id, record_id])
    index(record_id, council_id, None, known)


@transaction.atomic
def tell_elsewhere(*, by: Viewer, council_id: int, found: Candidates, now: datetime) -> None:
    """Write down that somebody was told that other councils hold a record of the person they asked about.

    Each of those records has it in the journal of its own council: who was told, and for which council they asked.
    """
    with scope.everything("each record told of has the telling in the journal of its own council"):
        for record_id, held_by in found.told:
            journal.write(
                by=by.actor,
                what="person.told_elsewhere",
                about=f"record:{record_id}",
                council_id=held_by,
                now=now,
                facts={"asked_for": council_id},
            )


def _learn(council_id: int, words: Collection[str]) -> None:
    """Add names to the vocabulary, with every way in which each might be mistyped."""
    wanted = sorted(words)
    if not wanted:
        return
    with QuickCursor() as cursor:
        cursor.execute(_HEARD + _places(wanted), [council_id, *wanted])
        heard = {word for (word,) in cursor.fetchall()}
    new = [word for word in wanted if word not in heard]
    _write(_LEARN, sorted((variant, council_id, word) for word in new for variant in keys.spellings(word)))


def _write(statement: str, wanted: Sequence[Row]) -> None:
    for first in range(0, len(wanted), _ROWS):
        some = wanted[first : first + _ROWS]
        places = ", ".join(["(%s, %s, %s)"] * len(some))
        with QuickCursor() as cursor:
            cursor.execute(statement + places + _ANYWAY, [value for row in some for value in row])


def _places(values: Collection[object]) -> str:
    return f"({', '.join(['%s'] * len(values))})"
