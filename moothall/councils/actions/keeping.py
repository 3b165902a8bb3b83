"""What every change of the directory has in common: a row is checked, kept once, and written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from moothall.councils import scope
from moothall.councils.errors import AlreadyThere, NotValid
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal


def keep(row: Model) -> None:
    """Keep a row that holds up; says field by field what does not."""
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: list(words) for name, words in error.message_dict.items() if name != NON_FIELD_ERRORS}
        sentences = [sentence for words in error.message_dict.values() for sentence in words]
        raise NotValid(fields, reason=" ".join(sentences)) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # somebody else was a moment faster
        raise AlreadyThere(what=str(row)) from error


def write(  # each is one column of the record
    *,
    by: Viewer,
    what: str,
    about: Model,
    council_id: int | None,
    now: datetime,
    facts: Mapping[str, Any],
) -> None:
    """Write down what happened to a row of the directory, in the record of the council that it concerns."""
    with scope.only([] if council_id is None else [council_id]):
        journal.write(
            by=by.actor,
            what=what,
            about=f"{type(about).__name__.lower()}:{about.pk}",
            council_id=council_id,
            now=now,
            facts=facts,
        )
