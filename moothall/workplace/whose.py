"""Whose form it is: a signed word in each form of a step, so that an expired session loses nothing of what was typed.

It proves that this house made the form for this account, this case and this run of a step, a few days ago at most. It
opens nothing: all that can be done with it is to keep something as that person's own typing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

LIFETIME = timedelta(days=4)  # a form that was left open over a long weekend still counts
_SALT = "moothall.workplace.whose"


@dataclass(frozen=True, slots=True)
class Whose:
    """The account, the case, the step and its run that a form was made for."""

    user_id: int
    case_id: int
    step: str
    run: int


def signed(whose: Whose) -> str:
    """Return the word for a form."""
    return signing.dumps([whose.user_id, whose.case_id, whose.step, whose.run], salt=_SALT)


def read(word: str) -> Whose | None:
    """Return whose form it is; None if nobody of this house signed the word, or too long ago."""
    try:
        user_id, case_id, step, run = signing.loads(word, salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Whose(user_id, case_id, step, run)
