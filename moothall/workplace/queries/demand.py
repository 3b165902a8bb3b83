"""The page of failure demand: how much contact could have been avoided, by month, reason, channel, service, council."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from moothall.contacts.models import Channel, Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries import demand
from moothall.contacts.queries.demand import Behind, Counted, Lens, Settled
from moothall.contacts.queries.people import Line, title_of
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.look import charts
from moothall.workplace.queries.contacts import councils_for
from moothall.workplace.queries.xray import sheets
from moothall.workplace.queries.xray.sheets import Cell, Column, Plate, Sheet

_COUNTS = (Column("Contacts", "number"), Column("Avoidable", "number"), Column("Share", "share"))
_MOST_SERVICES = 20
_AVOIDABLE = (
    "Avoidable is what an adviser marked so: chasing progress, asking about a letter or page that was unclear, asking"
    " again, a promise that was not kept, being sent to the wrong place."
)
_STAYED = (
    "“Stayed settled” is the share of those settled after which the same person did not come back about the same"
    " within 14 days. It counts contacts with somebody known, once the 14 days are over."
)
_COUNTED = "Only contacts in which somebody reached the council are counted, each once."


@dataclass(frozen=True, slots=True)
class Places:
    """What the page may be narrowed to."""

    councils: Sequence[Council]
    services: Sequence[tuple[str, str]]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(each.code, each.name) for each in self.councils]

    def number(self, code: str) -> int | None:
        """Return the number of a council; None for all of them."""
        return next((each.pk for each in self.councils if each.code == code), None)


def places(viewer: Viewer, now: datetime) -> Places:
    """Return the councils and services that the viewer may count."""
    lens = Lens(demand.months_back(timezone.localdate(now), 24))
    keys = demand.services(viewer, lens)
    return Places(councils_for(viewer, Can.COUNT), [(key, title(key)) for key in keys])


def plate(viewer: Viewer, lens: Lens, places: Places, now: datetime) -> Plate:
    """Return what the page says: a sentence, then tables whose figures lead to their contacts."""
    rows = demand.counted(viewer, lens)
    found = [_by_month(rows, lens), _by_reason(rows), _by_channel(rows), _by_service(rows)]
    if len(places.councils) > 1:
        found.append(_by_council(rows, {each.pk: each for each in places.councils}))
    found.append(_first_time(demand.first_time(viewer, lens, now)))
    return Plate([_said(rows)], found)


def lines(viewer: Viewer, lens: Lens, which: Behind, now: datetime) -> list[Line]:
    """Return the contacts behind a figure."""
    return demand.behind(viewer, lens, which, now)


def title(key: str) -> str:
    """Return the key of a service as words.

    >>> title("missed-bin"), title("")
    ('Missed bin', 'No service named')
    """
    return title_of(key, None) or "No service named"


def _said(rows: Sequence[Counted]) -> str:
    whole, avoidable = _both(rows)
    if not whole:
        return "No contacts are recorded in this time."
    share = sheets.share_of(avoidable, whole)
    return f"{avoidable:,} of {whole:,} contacts ({share}) were marked as avoidable."


def _both(rows: Sequence[Counted]) -> tuple[int, int]:
    return sum(each.count for each in rows), sum(each.count for each in rows if each.reason)


def _cells(rows: Sequence[Counted], **keys: str) -> list[Cell]:
    whole, avoidable = _both(rows)
    return [
        sheets.number(whole, "all", **keys),
        sheets.number(avoidable, "any", **keys),
        sheets.share(avoidable, whole),
    ]


def _by_month(rows: Sequence[Counted], lens: Lens) -> Sheet:
    months = {month: [each for each in rows if each.month == month] for month in lens.months}
    drawn = [charts.Column(_month(month), _both(found)) for month, found in months.items()]
    return Sheet(
        "months",
        "By month",
        [Column("Month"), *_COUNTS],
        [
            [sheets.words(_month(month)), *_cells(found, month=month.isoformat())]
            for month, found in months.items()
        ]
        if rows
        else [],
        [_COUNTED, _AVOIDABLE, "The last month is the one that is running."],
        "No contacts are recorded in this time.",
        charts.columns("Contacts by month, and those that were avoidable", drawn) if rows else "",
        sheets.legend("All contacts", "Avoidable"),
    )


def _by_reason(rows: Sequence[Counted]) -> Sheet:
    whole, _ = _both(rows)
    counts: Counter[str] = Counter()
    for each in rows:
        if each.reason:
            counts[each.reason] += each.count
    names = dict(Contact.Avoidable.choices)
    found = [(key, names.get(key, key), count) for key, count in counts.most_common()]
    drawn = [charts.Bar(str(name), [count], f"{count:,}") for _, name, count in found]
    return Sheet(
        "reasons",
        "Why it could have been avoided",
        [Column("Reason"), Column("Contacts", "number"), Column("Share of all", "share")],
        [
            [sheets.words(str(name)), sheets.number(count, "any", reason=key), sheets.share(count, whole)]
            for key, name, count in found
        ],
        [_AVOIDABLE, "The share is that of all contacts, not only of the avoidable ones."],
        "No contact was marked as avoidable.",
        charts.bars("Avoidable contacts by reason", drawn) if drawn else "",
    )


def _grouped(rows: Sequence[Counted], key: Callable[[Counted], str]) -> list[tuple[str, list[Counted]]]:
    """Return counts by a key, the most avoidable contact first."""
    found: dict[str, list[Counted]] = {}
    for each in rows:
        found.setdefault(key(each), []).append(each)
    return sorted(found.items(), key=lambda pair: (-_both(pair[1])[1], -_both(pair[1])[0], pair[0]))


def _by_channel(rows: Sequence[Counted]) -> Sheet:
    names = dict(Channel.choices)
    return Sheet(
        "channels",
        "By channel",
        [Column("Channel"), *_COUNTS],
        [
            [sheets.words(str(names.get(key, key))), *_cells(found, channel=key)]
            for key, found in _grouped(rows, lambda each: each.channel)
        ],
        [_COUNTED],
        "No contacts are recorded in this time.",
    )


def _by_service(rows: Sequence[Counted]) -> Sheet:
    return Sheet(
        "services",
        "By service",
        [Column("Service"), *_COUNTS],
        [
            [sheets.words(title(key)), *_cells(found, **({"about": key} if key else {}))]
            for key, found in _grouped(rows, lambda each: each.about)[:_MOST_SERVICES]
        ],
        [
            "The service is that of the case, or the one that an adviser chose.",
            f"At the most {_MOST_SERVICES}.",
        ],
        "No contacts are recorded in this time.",
    )


def _by_council(rows: Sequence[Counted], councils: Mapping[int, Council]) -> Sheet:
    known = [each for each in rows if each.council_id in councils]
    return Sheet(
        "councils",
        "By council",
        [Column("Council"), *_COUNTS],
        [
            [sheets.words(councils[int(key)].name), *_cells(found, council=councils[int(key)].code)]
            for key, found in _grouped(known, lambda each: str(each.council_id))
        ],
        [_COUNTED],
        "No contacts are recorded in this time.",
    )


def _first_time(months: Sequence[Settled]) -> Sheet:
    columns = [
        Column("Month"),
        Column("Said", "number"),
        Column("Settled", "number"),
        Column("Share", "share"),
        Column("Stayed settled", "share"),
    ]
    return Sheet(
        "first",
        "Settled at the first contact",
        columns,
        [
            [
                sheets.words(_month(each.month)),
                sheets.number(each.said),
                sheets.number(each.settled),
                sheets.share(each.settled, each.said),
                sheets.share(each.stayed, each.over),
            ]
            for each in months
            if each.said
        ],
        ["“Said” is how many contacts an adviser said this of: settled there and then, or not.", _STAYED],
        "Nobody has said of a contact whether it was settled.",
    )


def _month(month: date) -> str:
    return f"{month:%b} {month.year}"
