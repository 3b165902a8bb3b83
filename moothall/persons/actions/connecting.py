"""Connecting a resident's account with the record of them, by the code of a letter; and ending it.

A letter goes to the address that the council holds: whoever opens it lives there. Of its code only a digest is kept. A
wrong code says nothing: not whether there is such a reference, nor whether a letter was ever made for it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.persons.actions.records import write
from moothall.persons.actions.warning import warn
from moothall.persons.errors import ConnectedAlready, NoLetter, NoSuchPerson, NotConnected
from moothall.persons.models import Connection, Fact, LetterCode, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.connections import as_themselves, connection_of, is_shown
from moothall.persons.queries.records import person_of, record_seen, record_to_change
from moothall.persons.rules import codes
from moothall.persons.rules.golden import best_first

_LINES = ("line1", "line2", "town", "postcode")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. Its code is nowhere else: who loses the letter needs another."""

    council: Council
    reference: str
    code: str
    name: str
    lines: tuple[str, ...]
    made_on: date
    valid_until: date


@transaction.atomic
def make_letter(*, by: Viewer, record_id: int, now: datetime) -> Letter:
    """Make a letter with a new code for the person of a record; the codes of earlier letters end.

    Refuses a record without an address or a name, and that of somebody who has died.
    """
    record = record_to_change(by, record_id, Can.CONNECT)
    name, lines = addressed(record, timezone.localdate(now))
    code = codes.new_code()
    ended = LetterCode.objects.filter(record=record, used_at=None, expires_at__gt=now).update(expires_at=now)
    row = LetterCode.objects.create(
        council_id=record.council_id,
        record=record,
        digest=codes.digest(codes.typed(code), record_id=record.pk, key=settings.SECRET_KEY),
        made_at=now,
        made_by=by.actor.name[:150],
        expires_at=now + codes.VALID,
    )
    write(by, "person.letter_made", record, now, letter=row.pk, ended=ended)
    return Letter(
        council=record.council,
        reference=record.person.reference,
        code=code,
        name=name,
        lines=lines,
        made_on=timezone.localdate(now),
        valid_until=timezone.localdate(row.expires_at),
    )


def addressed(record: Record, today: date) -> tuple[str, tuple[str, ...]]:
    """Return to whom and where a letter goes: where letters go, else where they live. Refuses what has no answer."""
    rows = record.facts.filter(kind__in=("name", "address", "death"), ended_at=None, circle="")
    facts = [fact for fact in best_first(rows, today) if fact.until is None or fact.until >= today]
    if any(fact.kind == "death" for fact in facts):
        raise NoLetter(reason="The record says that they have died.")
    names = [fact for fact in facts if fact.kind == "name" and fact.body.get("use") != "former"]
    homes = [fact for fact in facts if fact.kind == "address"]
    homes.sort(key=lambda fact: fact.body.get("use") != "correspondence")
    if not names:
        raise NoLetter(reason="The record has no name that could stand on a letter.")
    if not homes:
        raise NoLetter(reason="The record has no address to which a letter could go.")
    return _written(names[0]), tuple(
        str(homes[0].body["place"][line]) for line in _LINES if homes[0].body["place"].get(line)
    )


def _written(fact: Fact) -> str:
    return " ".join(str(fact.body[part]) for part in ("title", "given", "family") if fact.body.get(part))


@transaction.atomic
def use_code(*, by: Viewer, council_id: int, reference: str, code: str, now: datetime) -> Connection | None:
    """Connect the viewer's account with the record that a letter was made for; None if it is not right.

    None says nothing of why: no such reference, another council's, a wrong code, one that was used, is too old or was
    tried too often. Each try counts against the letter. The same code sent twice by one account is connected once.
    """
    if (user_id := by.actor.user_id) is None:
        return None
    by = as_themselves(by, council_id)
    User.objects.select_for_update().get(pk=user_id)  # one at a time for each account
    held = connection_of(by, council_id)
    letters = _letters(reference, council_id, now)
    try:
        given = codes.typed(code)
    except codes.NotACode:
        given = ""
    if held is not None:
        if any(each.record_id == held.record_id and _fits(given, each) for each in letters):
            return held
        raise ConnectedAlready(council=held.council.name)
    for letter in letters:
        if letter.used_at is not None or letter.tries >= codes.TRIES or not is_shown(letter.record):
            continue
        letter.tries += 1
        letter.save(update_fields=["tries"])
        if _fits(given, letter):
            letter.used_at = now
            letter.save(update_fields=["used_at"])
            return connect(by=by, record=letter.record, how=Connection.How.LETTER, now=now, letter=letter.pk)
        write(by, "person.code_wrong", letter.record, now, letter=letter.pk, tries=letter.tries)
    return None


def _letters(reference: str, council_id: int, now: datetime) -> list[LetterCode]:
    """Return the letters made in the last weeks for the records that a reference means at a council, held."""
    try:
        person = person_of(reference.replace("\x00", ""))
    except NoSuchPerson:
        return []
    rows = LetterCode.objects.select_for_update(of=("self",)).filter(
        record__person=person, council_id=council_id, expires_at__gt=now
    )
    return list(rows.select_related("record__council").order_by("-id"))


def _fits(code: str, letter: LetterCode) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return bool(code) and codes.fits(code, letter.digest, record_id=letter.record_id, keys=keys)


def connect(*, by: Viewer, record: Record, how: Connection.How, now: datetime, **facts: Any) -> Connection:
    """Connect an account with a record; whoever calls has proved that they belong together."""
    made: Connection = Connection.objects.create(
        council_id=record.council_id,
        user_id=by.actor.user_id,
        record=record,
        how=how,
        at=now,
        by=by.actor.name[:150],
    )
    write(by, "person.connected", record, now, connection=made.pk, how=str(how), **facts)
    warn(made, now)
    return made


@transaction.atomic
def end_own_connection(*, by: Viewer, council_id: int, now: datetime) -> Connection:
    """End the connection of one's own account at a council: "This is not me", or not wanted any more."""
    by = as_themselves(by, council_id)
    found = connection_of(by, council_id)
    if found is None:
        council = Council.objects.get(pk=council_id)
        raise NotConnected(council=council.name, what="record of you")
    return _end(found, by, "themselves", now)


@transaction.atomic
def end_connection(*, by: Viewer, connection_id: int, now: datetime) -> Connection:
    """End the connection of somebody's account with a record, as staff who may connect people there."""
    found: Connection | None = Connection.objects.filter(pk=connection_id, ended_at=None).first()
    if found is None:
        raise NoSuchPerson
    found.record = record_seen(by, found.record_id, Can.CONNECT)
    return _end(found, by, "staff", now)


def _end(found: Connection, by: Viewer, who: str, now: datetime) -> Connection:
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    write(by, "person.disconnected", found.record, now, connection=found.pk, ended_by=who)
    return found
