"""Questions answered with a day and a time of day in London; kept as 2026-07-01T14:00+01:00."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from moothall.look.dates import with_time
from moothall.process.definition import Field
from moothall.process.kinds.dates import DateKind
from moothall.process.kinds.kind import LONDON, Wrong
from moothall.process.kinds.tidying import tidy

_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))? ?(am|pm)?", re.ASCII)
_NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_LONGEST = 40
_NOON = 12


def time_of_day(text: str) -> time | None:
    """Return the time somebody wrote: `9:30am`, `2pm`, `14:00`, `1400`, `midday`; None if it is none of these.

    >>> time_of_day("9.30 p.m."), time_of_day("14:00"), time_of_day("9"), time_of_day("25:00")
    (datetime.time(21, 30), datetime.time(14, 0), None, None)
    """
    plain = text.lower().replace("a.m.", "am").replace("p.m.", "pm")
    if plain in _NAMED:
        return _NAMED[plain]
    found = _TIME.fullmatch(plain)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found[3] == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


class DateTimeKind(DateKind):
    """Typed as a date and a time; `min` and `max` are days, as for a date."""

    name = "datetime"
    parts = ("day", "month", "year", "time")
    rules = "time"

    def missing(self, field: Field) -> str:
        return f"Enter a date and a time for “{field.name}”, for example 27 3 2026 and 9:30am."

    def clean(self, field: Field, raw: Any, *, today: date) -> str | None:
        moment = self._moment(field, raw)
        if moment is None:
            return None
        self._check_limits(field, moment.date(), today)
        return moment.isoformat(timespec="minutes")

    def _moment(self, field: Field, raw: Any) -> datetime | None:
        if isinstance(raw, datetime):
            return self._kept(field, raw)
        if isinstance(raw, Mapping):
            return self._joined(field, raw)
        text = tidy(raw, longest=_LONGEST, name=field.name)
        if not text:
            return None
        try:
            if "T" in text:
                return self._kept(field, datetime.fromisoformat(text))
        except (ValueError, OverflowError) as error:
            raise Wrong(self.missing(field)) from error
        raise Wrong(self.missing(field))

    def _joined(self, field: Field, raw: Mapping[str, Any]) -> datetime | None:
        typed = tidy(raw.get("time"), longest=_LONGEST, name=field.name)
        entered = [tidy(raw.get(part), longest=_LONGEST, name=field.name) for part in DateKind.parts]
        if typed and not any(entered):
            sentence = f"“{field.name}” must include a day and month and year."
            raise Wrong(sentence, dict.fromkeys(DateKind.parts, sentence))
        day = self._from_parts(field, {key: raw.get(key) for key in DateKind.parts})
        if day is None:
            return None
        at = time_of_day(typed)
        if at is None:
            sentence = f"“{field.name}” must include a time, like 9:30am or 14:00."
            raise Wrong(sentence, {"time": sentence})
        return self._kept(field, datetime.combine(day, at))

    def _kept(self, field: Field, moment: datetime) -> datetime:
        """Return a moment in London, to the minute; a time that the clocks leap over in spring is refused."""
        plain = moment.replace(second=0, microsecond=0)
        here = plain.replace(tzinfo=LONDON) if plain.tzinfo is None else plain.astimezone(LONDON)
        if here.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != here.replace(tzinfo=None):
            sentence = f"“{field.name}” cannot be then: the clocks go forward over that hour."
            raise Wrong(sentence, {"time": sentence})
        return here

    def words(self, _field: Field, value: Any) -> str:
        return with_time(datetime.fromisoformat(value))

    def rule_value(self, value: Any) -> Any:
        return datetime.fromisoformat(value).astimezone(UTC)
