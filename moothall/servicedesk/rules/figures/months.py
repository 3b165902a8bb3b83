"""Months as the pack counts them: whole months of Europe/London."""

from dataclasses import dataclass
from datetime import date, datetime, time

from moothall.plain.working_time import LONDON

SHOWN_IN_A_TREND = 13
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month: `first` is its first day; `start` belongs to it, `end` does not."""

    first: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), LONDON)

    @property
    def end(self) -> datetime:
        return self.back(-1).start

    @property
    def words(self) -> str:
        """The month as people write it.

        >>> Month(date(2026, 10, 1)).words
        'October 2026'
        """
        return f"{self.first:%B} {self.first.year}"

    @property
    def short(self) -> str:
        return f"{self.first:%b} {self.first.year}"

    @property
    def key(self) -> str:
        """The month as addresses write it.

        >>> Month(date(2026, 10, 1)).key
        '2026-10'
        """
        return f"{self.first:%Y-%m}"

    def back(self, months: int) -> "Month":
        """Return the month so many months earlier; later with a number below zero.

        >>> Month(date(2026, 1, 1)).back(1).first, Month(date(2026, 12, 1)).back(-1).first
        (datetime.date(2025, 12, 1), datetime.date(2027, 1, 1))
        """
        whole = self.first.year * _YEAR + self.first.month - 1 - months
        return Month(date(whole // _YEAR, whole % _YEAR + 1, 1))

    def trend(self) -> list["Month"]:
        """Return the months of a trend that ends with this one, the oldest first."""
        return [self.back(number) for number in range(SHOWN_IN_A_TREND - 1, -1, -1)]


def month_of(moment: datetime | date) -> Month:
    """Return the month in which a moment lies in London."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return Month(day.replace(day=1))
