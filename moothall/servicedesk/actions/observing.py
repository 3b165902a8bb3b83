"""What was seen changing: taken in once, put to the approved change that it belongs to, or left for people to look at.

Decided by what was changed and when; who did it is kept for people to read, and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from moothall.estate import queries as estate
from moothall.servicedesk.models import Observed
from moothall.servicedesk.queries.observing import approved_between, items_by_name
from moothall.servicedesk.rules import observing as rules
from moothall.servicedesk.rules.observing import Seen

__all__ = ["Counted", "Seen", "observe"]
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of things that were seen: new ones, those that were told of before, and what is no such thing."""

    kept: int = 0
    known: int = 0
    matched: int = 0
    waiting: int = 0
    refused: int = 0


@transaction.atomic
def observe(
    *, council_id: int, source: str, rows: Sequence[Seen], now: datetime, feed_id: int | None = None
) -> Counted:
    """Take in what a source saw changing at a council; the same key of a source is taken once, however often it comes.

    The caller has asked its own gate: a signed feed, or a file that somebody sent. A row without a key, an item or a
    believable time is left out and counted as refused.
    """
    source = source.strip()[:100]
    fresh = {each.key.strip()[:100]: each for each in rows if _is_one(each, now)}
    refused = sum(not _is_one(each, now) for each in rows)
    known = set(
        Observed.objects.filter(council_id=council_id, source=source, key__in=list(fresh)).values_list(
            "key", flat=True
        )
    )
    made = _matched(
        [(key, each) for key, each in fresh.items() if key not in known], council_id, source, feed_id, now
    )
    Observed.objects.bulk_create(made, ignore_conflicts=True)
    matched = sum(each.verdict == Observed.Verdict.MATCHED for each in made)
    twice = len(rows) - refused - len(fresh)
    return Counted(len(made), len(known) + twice, matched, len(made) - matched, refused)


def _is_one(seen: Seen, now: datetime) -> bool:
    return bool(seen.key.strip() and seen.item_name.strip() and seen.at.tzinfo and seen.at <= now + _AHEAD)


def _matched(
    rows: Sequence[tuple[str, Seen]], council_id: int, source: str, feed_id: int | None, now: datetime
) -> list[Observed]:
    if not rows:
        return []
    items = items_by_name()
    approved = approved_between(min(each.at for _, each in rows), max(each.at for _, each in rows))
    below: dict[int, frozenset[int]] = {}
    made = []
    for key, seen in rows:
        item_id = next((items[name] for name in rules.names(seen.item_name) if name in items), None)
        if item_id is not None and item_id not in below:
            below[item_id] = estate.needed_by([item_id])
        change_id = rules.match(seen.at, below[item_id], approved) if item_id is not None else None
        made.append(
            Observed(
                council_id=council_id,
                feed_id=feed_id,
                source=source,
                key=key,
                at=seen.at,
                item_id=item_id,
                item_name=seen.item_name.strip()[:200],
                who=seen.who[:150],
                what=seen.what[:500],
                change_id=change_id,
                verdict=Observed.Verdict.MATCHED if change_id else Observed.Verdict.WAITING,
                why="In the window of an approved change." if change_id else "",
                decided_at=now if change_id else None,
                decided_by="Moothall" if change_id else "",
            )
        )
    return made
