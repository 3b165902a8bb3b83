"""What every act on the estate has in common: the record of it, and how it refuses."""

from datetime import datetime

from django.core.exceptions import ValidationError

from moothall.councils.rules import Viewer
from moothall.estate.errors import EstateRefused
from moothall.journal import actions as journal


def write(by: Viewer, what: str, about: str, council_id: int | None, now: datetime, **facts: object) -> None:
    """Write down what was done to the estate."""
    journal.write(by=by.actor, what=what, about=about, council_id=council_id, now=now, facts=facts)


def refused(field: str, why: str) -> EstateRefused:
    """Return the refusal of one answer, with its sentence."""
    return EstateRefused({field: [why]}, why=why)


def unclean(error: ValidationError) -> EstateRefused:
    """Return the refusal of what the fields of a row do not take."""
    fields = {name: [str(each) for each in said] for name, said in error.message_dict.items()}
    return EstateRefused(fields, why=next(iter(fields.values()))[0])
