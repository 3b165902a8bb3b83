"""Looking through the whole register for people who are on it twice, within each council."""

from datetime import datetime

from moothall.datasets.store import store
from moothall.persons.actions.linking import suggest
from moothall.persons.management import batch
from moothall.persons.management.batch import PAIRS
from moothall.persons.management.registered import registered, told_apart
from moothall.persons.queries import weights as held
from moothall.persons.rules.matching import compare
from moothall.persons.rules.matching.cutoffs import ASK


def look(*, now: datetime, keep: bool) -> str:
    """Return in words how many pairs of records may be one person; with `keep`, let somebody look at each.

    From which score on somebody is asked, each council sets. Pairs of two councils are left to those who work under an
    agreement, and nobody is linked without being looked at.
    """
    records = list(registered())
    weights, asks = held.in_force(), held.asks()
    apart = told_apart()
    with store() as tables:
        batch.load(tables, (record.known for record in records), weights)
        batch.score(tables, weights, min([ASK, *asks.values()]))
        pairs = tables.rows(f"select low, high, score from {PAIRS} order by low, high")  # noqa: S608
    found = [
        (records[low], records[high])
        for low, high, score in pairs
        if records[low].person != records[high].person
        and records[low].council_id == records[high].council_id
        and score >= asks.get(records[low].council_id, ASK)
        and (records[low].record_id, records[high].record_id) not in apart
    ]
    asked = 0
    for one, other in found if keep else ():
        match = compare(weights, one.known, other.known)
        link = suggest(
            low=one.record_id,
            high=other.record_id,
            score=match.score,
            reasons=match.reasons,
            model=weights.version,
            now=now,
        )
        asked += link is not None
    said = f"{len(records):,} records; {len(found):,} pairs within a council may be one person."
    return (
        f"{said} {asked:,} are in the queue of duplicates."
        if keep
        else f"{said} With --keep they go into the queue."
    )
