"""Matching a file of people, among themselves and with the register; a report in which every row is accounted for."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.datasets.store import Store, store
from moothall.persons.management import batch
from moothall.persons.management.batch import PAIRS, Given, Linked
from moothall.persons.management.refusals import FileRefused, NoSuchCouncil
from moothall.persons.management.registered import Registered, registered, told_apart
from moothall.persons.queries import weights as held
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching import Cutoffs, Match, Weights, compare
from moothall.persons.rules.people_files import RefusedRow, Row, headings, read

REPORT = (
    "line", "id", "source", "outcome", "reference", "score", "matched_with", "reasons", "to_look_at", "notes",
)  # fmt: skip
"""What the report says of each row. `outcome` is person, group, alone or refused."""
_MOST_TO_LOOK_AT = 3


@dataclass(slots=True)
class Work:
    """A file on its way: its rows, then the records they were matched with."""

    rows: list[Row] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    records: list[Registered] = field(default_factory=list)

    def known(self, number: int) -> Known:
        count = len(self.rows)
        return self.rows[number].known if number < count else self.records[number - count].known

    def name(self, number: int) -> str:
        """Return how the report calls a row, or a record: by its person's reference."""
        count = len(self.rows)
        return f"line {self.rows[number].line}" if number < count else self.records[number - count].person


def read_file(path: Path, today: date) -> Work:
    """Return the rows of a file. Refuses a file that is no CSV of people as a whole, and rows one by one."""
    work = Work()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            columns = headings(next(lines, []))
            for each in read(columns, ((lines.line_num, values) for values in lines if values), today):
                if isinstance(each, Row):
                    work.rows.append(each)
                else:
                    work.refused.append(each)
    except OSError as error:
        raise FileRefused(file=path.name, why=f"It cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileRefused(file=path.name, why="It is not UTF-8 text. Save it as “CSV UTF-8”.") from error
    except (ValueError, csv.Error) as error:
        raise FileRefused(file=path.name, why=str(error)) from error
    return work


def match_file(path: Path, out: Path, today: date, council: str = "") -> str:
    """Match the people of a file, write the report, and return in words what came of it.

    By the cut-offs of a council, if its code is given; else by those that the house comes with.
    """
    cutoffs = _cutoffs(council)
    work = read_file(path, today)
    work.records.extend(registered())
    weights = held.in_force()
    with store() as tables:
        people = [*(row.known for row in work.rows), *(record.known for record in work.records)]
        batch.load(tables, people, weights)
        batch.score(tables, weights, cutoffs.ask)
        linked = batch.link(tables, len(people), cutoffs, given=_given(work))
        outcomes = _outcomes(tables, work, linked, weights)
    _write(out, work, outcomes)
    return _summary(work, outcomes, out)


def _cutoffs(code: str) -> Cutoffs:
    if not code:
        return Cutoffs()
    council = Council.objects.filter(code=code).first()
    if council is None:
        raise NoSuchCouncil(council=code)
    with scope.everything("a file is matched by the cut-offs of a council"):
        return held.cutoffs_of(council.pk)


def _given(work: Work) -> Given:
    count = len(work.rows)
    places = {record.record_id: count + place for place, record in enumerate(work.records)}
    apart = {(places[low], places[high]) for low, high in told_apart() if low in places and high in places}
    return Given([*([""] * count), *(record.person for record in work.records)], apart)


@dataclass(slots=True)
class _Outcome:
    """What came of one row: with whom it is one, by which pair, and who else it may be."""

    kind: str = "alone"
    reference: str = ""
    partner: int = -1
    match: Match | None = None
    others: list[tuple[int, float]] = field(default_factory=list)


def _outcomes(tables: Store, work: Work, linked: Linked, weights: Weights) -> list[_Outcome]:
    """Return what came of each row."""
    count = len(work.rows)
    found = [_Outcome() for _ in work.rows]
    for number, other in _both_ways((low, high) for low, high in tables.each(_BEST_FIRST)):
        same = linked.clusters[number] == linked.clusters[other]
        if number < count and found[number].partner < 0 and same:
            found[number].partner = other
    points = {(low, high): score for low, high, score in linked.to_look_at}
    for number, other in _both_ways(points):
        if number < count and len(found[number].others) < _MOST_TO_LOOK_AT:
            found[number].others.append((other, points[min(number, other), max(number, other)]))
    sizes = Counter(linked.clusters)
    persons = {linked.clusters[count + place]: record.person for place, record in enumerate(work.records)}
    for number, outcome in enumerate(found):
        cluster = linked.clusters[number]
        if cluster in persons:
            outcome.kind, outcome.reference = "person", persons[cluster]
        elif sizes[cluster] > 1:
            outcome.kind, outcome.reference = "group", f"group {work.rows[cluster].line}"
        if outcome.partner >= 0:
            outcome.match = compare(weights, work.known(number), work.known(outcome.partner))
    return found


_BEST_FIRST = f"select low, high from {PAIRS} where not vetoed order by score desc, low, high"  # noqa: S608


def _both_ways(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for low, high in pairs:
        yield low, high
        yield high, low


def _write(out: Path, work: Work, outcomes: Sequence[_Outcome]) -> None:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            report = csv.writer(file)
            report.writerow(REPORT)
            for _, line in sorted(_lines(work, outcomes)):
                report.writerow(line)
    except OSError as error:
        raise FileRefused(file=out.name, why=f"It cannot be written: {error.strerror}.") from error


def _lines(work: Work, outcomes: Sequence[_Outcome]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for row, outcome in zip(work.rows, outcomes, strict=True):
        match = outcome.match
        others = "; ".join(f"{work.name(other)} ({points:.1f})" for other, points in outcome.others)
        yield (
            row.line,
            (
                str(row.line),
                _safe(row.key),
                _safe(row.source),
                outcome.kind,
                outcome.reference,
                f"{match.score:.1f}" if match else "",
                work.name(outcome.partner) if match else "",
                "; ".join(reason.words for reason in match.reasons) if match else "",
                others,
                " ".join(row.notes),
            ),
        )
    for refused in work.refused:
        line = (
            str(refused.line),
            _safe(refused.key),
            _safe(refused.source),
            "refused",
            "",
            "",
            "",
            "",
            "",
            refused.why,
        )
        yield refused.line, line


def _safe(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _summary(work: Work, outcomes: Sequence[_Outcome], out: Path) -> str:
    kinds = Counter(outcome.kind for outcome in outcomes)
    groups = len({outcome.reference for outcome in outcomes if outcome.kind == "group"})
    looks = sum(bool(outcome.others) for outcome in outcomes)
    return (
        f"{len(work.rows) + len(work.refused):,} rows, compared with each other and with "
        f"{len(work.records):,} records of the register:\n"
        f"{kinds['person']:,} are somebody on the register,\n"
        f"{kinds['group']:,} are {groups:,} people who are on the file more than once, and not on the register,\n"
        f"{kinds['alone']:,} are nobody else,\n"
        f"{len(work.refused):,} were refused.\n"
        f"Of {looks:,} somebody should look whether they are another, too. Each row is in {out}."
    )
