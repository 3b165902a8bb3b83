"""What users say, and how much they need."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from moothall.measures.rules import is_content
from moothall.servicedesk.models import Headcount, Survey
from moothall.servicedesk.queries.figures.reading import Reading
from moothall.servicedesk.rules.figures import Book, Month


def count(reading: Reading, book: Book) -> None:
    """Count answers, and calls for each user account."""
    _answers(reading, book)
    _asked(reading, book)
    _demand(reading, book)


def _answers(reading: Reading, book: Book) -> None:
    month = reading.month
    rows = Survey.objects.filter(
        council_id__in=reading.councils, answered_at__gte=month.start, answered_at__lt=month.end
    ).values_list("council_id", "recommend", "content")
    for council, recommend, content in rows:
        if recommend is not None:
            book.value(council, "nps", "", recommend)
        if content is not None:
            book.put(council, "csat", "", float(is_content(content)))
            book.value(council, "csat_mean", "", content)


def _asked(reading: Reading, book: Book) -> None:
    month = reading.month
    rows = Survey.objects.filter(
        council_id__in=reading.councils, asked_at__gte=month.start, asked_at__lt=month.end
    ).values_list("council_id", "answered_at")
    for council, answered_at in rows:
        book.put(council, "survey_response", "", float(answered_at is not None))


def _demand(reading: Reading, book: Book) -> None:
    heads = heads_of(reading.month, reading.councils)
    for council, users in heads.items():
        for name in ("calls_per_user", "incidents_per_user"):
            book.put(council, name, "", 0, users)
    for row in reading.logged():
        if row.automatic:
            continue
        helped_itself = row.channel == "portal" or row.article_id is not None
        book.put(row.council_id, "self_service", "", float(helped_itself), call=row.id)
        if row.ended == "merged" or row.council_id not in heads:
            continue
        book.put(row.council_id, "calls_per_user", "", 1, 0)
        if row.kind == "incident":
            book.put(row.council_id, "incidents_per_user", "", 1, 0)


def heads_of(month: Month, councils: Sequence[int]) -> Mapping[int, float]:
    """Return by council its user accounts: the mean over the days of the month, of councils that have stated any."""
    end = month.back(-1).first
    stated: dict[int, list[tuple[date, int]]] = {}
    rows = Headcount.objects.filter(council_id__in=councils, in_force_from__lt=end).order_by("in_force_from")
    for council, since, users in rows.values_list("council_id", "in_force_from", "users"):
        stated.setdefault(council, []).append((since, users))
    days = [month.first + timedelta(days=number) for number in range((end - month.first).days)]
    found = {}
    for council, each in stated.items():
        counted = [users for day in days if (users := _on(each, day)) is not None]
        if counted and any(counted):
            found[council] = sum(counted) / len(counted)
    return found


def _on(stated: Sequence[tuple[date, int]], day: date) -> int | None:
    return next((users for since, users in reversed(stated) if since <= day), None)
