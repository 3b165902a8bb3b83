"""Learning weights from the register or from a file, and saying in words what changed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.datasets.store import store
from moothall.persons.actions.weighing import keep_weights
from moothall.persons.management import batch, learning
from moothall.persons.management.matching import read_file
from moothall.persons.management.registered import registered
from moothall.persons.models import MatchModel
from moothall.persons.queries import weights as held
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching import Weights
from moothall.persons.rules.matching.fields import FIELDS

_WORTH_SAYING = 1.0
REGISTER = "register"


def learn_from(source: str, *, now: datetime, dry: bool) -> str:
    """Learn weights, put them in force unless it is `dry`, and return what changed, in words."""
    before = held.in_force()
    version = (MatchModel.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    where = "the register" if source == REGISTER else f"the file {Path(source).name}"
    with store() as tables:
        number = batch.load(tables, _people(source, now), before)
        note = f"Learned from {number:,} records of {where} on {timezone.localdate(now).isoformat()}."
        after = learning.learn(tables, before, version, note)
    if not dry:
        keep_weights(by=Viewer.system(), weights=after, now=now)
    return "\n".join((note, *changes(before, after), _closing(before, after, dry=dry)))


def _people(source: str, now: datetime) -> Iterator[Known]:
    if source == REGISTER:
        yield from (record.known for record in registered())
    else:
        yield from (row.known for row in read_file(Path(source), timezone.localdate(now)).rows)


def changes(before: Weights, after: Weights) -> list[str]:
    """Return what counts at least one bit more or less than before, and the most of what is usual."""
    said = []
    for place, field in enumerate(FIELDS):
        for number, words in enumerate(field.levels.values(), 1):
            was, now = before.points[place][number], after.points[place][number]
            if words and abs(now - was) >= _WORTH_SAYING:
                said.append(f"“{words}” counts {now:+.1f} bits (before: {was:+.1f}).")
    return said or ["No level counts a bit more or less than before."]


def _closing(before: Weights, after: Weights, *, dry: bool) -> str:
    start = f"A pair begins at {after.start[0]:+.1f} bits (before: {before.start[0]:+.1f})."
    if dry:
        return f"{start} Nothing was changed."
    return f"{start} Version {after.version} is in force for every comparison from now on."
