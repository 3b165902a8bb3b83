"""What people may ask for under data protection law, by when it is answered, and on which grounds the council acts."""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

PROCESS = "data-right"
"""The process by which what somebody asked for is answered."""
TEAM = "data-protection"
"""What process files call the team that answers."""

RIGHTS: Mapping[str, str] = {
    "access": "See what is held about them (article 15)",
    "rectification": "Have something put right (article 16)",
    "erasure": "Have it erased (article 17)",
    "restriction": "Have its use restricted (article 18)",
    "objection": "Object to its use (article 21)",
}

RESTRICTING: Mapping[str, str] = {
    "accuracy": "They say that it is not accurate, and this is being checked: article 18(1)(a)",
    "unlawful": "It should not have been held, and they do not want it erased: article 18(1)(b)",
    "claims": "We no longer need it, but they do for a legal claim: article 18(1)(c)",
    "objection": "They object, and it is being weighed up: article 18(1)(d)",
}
"""Why a record is restricted, in the words of UK GDPR article 18(1)."""

ERASING: Mapping[str, str] = {
    "needless": "It is not needed any more for what it was collected for: article 17(1)(a)",
    "consent": "They withdrew their consent, and there is no other ground: article 17(1)(b)",
    "objection": "They object, and nothing overrides it: article 17(1)(c)",
    "unlawful": "It should not have been held: article 17(1)(d)",
    "duty": "The law obliges us to erase it: article 17(1)(e)",
    "retention": "The time for which it is kept is over: article 5(1)(e)",
}
"""Why a record is erased, in the words of UK GDPR article 17(1)."""

LONGEST = 3
"""Months in which a request must be answered, with the extension of article 12(3)."""


def answer_by(came_on: date, *, months: int = 1, closed: Callable[[date], bool] | None = None) -> date:
    """Return the last day on which a request can be answered in time (UK GDPR article 12(3)).

    The day of the same number in a later month, or that month's last; if that is a Saturday, Sunday or bank holiday
    (`closed`), the next working day (Regulation 1182/71 article 3, as the Information Commissioner reads it).

    >>> answer_by(date(2027, 1, 31)).isoformat(), answer_by(date(2026, 11, 3), months=3).isoformat()
    ('2027-03-01', '2027-02-03')
    """
    years, month = divmod(came_on.month - 1 + months, 12)
    year = came_on.year + years
    day = date(year, month + 1, min(came_on.day, monthrange(year, month + 1)[1]))
    while day.weekday() > 4 or (closed is not None and closed(day)):  # noqa: PLR2004 # Saturday and Sunday
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What may stand against the erasure of a record.

    `open_cases` are the references of open cases that are there for whoever asks; `hidden` counts the others.
    """

    hold: str = ""
    open_cases: Sequence[str] = ()
    hidden: int = 0
    kept_until: date | None = None
    because: str = ""


def reasons_against(found: Obstacles, today: date) -> list[str]:
    """Return, in whole sentences, why a record cannot be erased now; an empty list if it can.

    >>> reasons_against(Obstacles(hold="A claim."), date(2026, 1, 1))
    ['A legal hold forbids it: A claim.']
    """
    said = []
    if found.hold:
        said.append(f"A legal hold forbids it: {found.hold}")
    if found.open_cases:
        many = len(found.open_cases) > 1
        named = ", ".join(found.open_cases)
        said.append(
            f"{'Cases' if many else 'A case'} about them {'are' if many else 'is'} still open: {named}."
        )
    if found.hidden:
        said.append("Work by others about them is still open.")
    if found.kept_until is not None and found.kept_until > today:
        until = f"{found.kept_until.day} {found.kept_until:%B %Y}" if found.kept_until.year < MAXYEAR else ""
        said.append(f"The council must keep it {f'until {until}' if until else 'for now'}: {found.because}")
    return said
