"""Alerts, locks, rights and those who act for others; and an account that is connected with its record."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from moothall.config.demo.register.colleagues import viewer_named
from moothall.config.demo.register.households import HOUSE
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.persons.actions import rights
from moothall.persons.actions.connecting import make_letter, use_code
from moothall.persons.actions.holding import own_record
from moothall.persons.actions.locking import lock_record
from moothall.persons.actions.records import add_fact, add_person
from moothall.persons.actions.relating import relate
from moothall.persons.models import Record
from moothall.persons.rules.facts import NewFact

GUARDIAN = "Norman Ashby"
_ALERTS = (
    ("animal", "A large dog, loose in the garden. Ring before you come.", ""),
    ("two-visit", "Two should visit: a neighbour has threatened a crew.", "repairs waste"),
)
_KEEPERS = {"fernshire": "complaints", "alderbridge": "repairs", "wenbury": "waste"}
"""For which team a locked record stays open: one whose manager may open it again."""
_CONNECTED = (("Priya Nair", "alderbridge"), ("Margaret Ellis", "wenbury"))


def play(families: Sequence[Record], now: datetime) -> None:
    """Say of some people what colleagues should know, and what they asked for themselves."""
    for record, (category, text, circle) in zip(families[4:6], _ALERTS, strict=False):
        _alert(record, category, text, circle, now)
    for hidden in families[7:8]:
        lock_record(
            by=HOUSE,
            record_id=hidden.pk,
            teams=[_KEEPERS[hidden.council.code]],
            why="A member of staff asked for it.",
            now=now - timedelta(days=40),
        )
    known = [_connect(name, code, now) for name, code in _CONNECTED]
    connected = [each for each in known if each is not None]
    for citizen in connected[:1]:
        _across_the_border(citizen, now)
    for mother in connected[1:]:
        _represented(mother, now)
    _rights(families, now)


def _alert(record: Record, category: str, text: str, circle: str, now: datetime) -> None:
    review = (now + timedelta(days=180)).date().isoformat()
    alert = NewFact(
        kind="alert", body={"category": category, "text": text, "review_on": review}, circle=circle
    )
    add_fact(by=HOUSE, record_id=record.pk, fact=alert, source="adviser", now=now - timedelta(days=30))


def _connect(name: str, code: str, now: datetime) -> Record | None:
    """Let a resident connect their account as they would, by the code of a letter; None if they never asked."""
    council, user = Council.objects.get(code=code), User.objects.get(name=name, staff__isnull=True)
    rows = Record.objects.filter(council=council, name=name).exclude(address="").order_by("id")
    record: Record | None = rows.first()
    if record is None:
        return None
    letter = make_letter(by=HOUSE, record_id=record.pk, now=now - timedelta(days=12))
    resident = Viewer.resident(user_id=user.pk, name=user.name, council_id=council.pk)
    use_code(
        by=resident,
        council_id=council.pk,
        reference=letter.reference,
        code=letter.code,
        now=now - timedelta(days=9),
    )
    return record


def _represented(record: Record, now: datetime) -> None:
    """Let a son act for his mother in council tax, with her consent."""
    at = now - timedelta(days=8)
    name = NewFact(kind="name", body={"given": "Huw", "family": record.name.split()[-1], "use": "usual"})
    son = add_person(by=HOUSE, council_id=record.council_id, facts=[name], source="adviser", now=at)
    relate(
        by=HOUSE,
        record_id=record.pk,
        other_id=son.pk,
        kind="representative",
        scope="Council tax and housing benefit",
        consent_on=at.date(),
        consent_how="Signed form, both were here",
        source="adviser",
        now=at,
    )


def _across_the_border(record: Record, now: datetime) -> None:
    """Let another council hold a record of the same person, seen under the partnership's agreement."""
    county = Council.objects.get(code="fernshire")
    own = own_record(
        by=HOUSE, council_id=county.pk, record_id=record.pk, source="adviser", now=now - timedelta(days=4)
    )
    badge = NewFact(kind="identifier", body={"scheme": "other", "value": "Library 20046113"})
    add_fact(by=HOUSE, record_id=own.pk, fact=badge, source="adviser", now=now - timedelta(days=4))


def _rights(families: Sequence[Record], now: datetime) -> None:
    guardian = viewer_named(GUARDIAN, now)
    mine = [each for each in families if each.council_id == guardian.council_id]
    asks = (("access", "Everything you hold on me, please."), ("rectification", "My birthday is wrong."))
    for record, (right, wording) in zip(mine, asks, strict=False):
        at = now - timedelta(days=9)
        rights.ask(
            by=guardian,
            record_id=record.pk,
            right=right,
            wording=wording,
            how="letter",
            came_on=at.date(),
            now=at,
        )
    if len(mine) > len(asks):
        record, why = mine[len(asks)], "They say that the address is not theirs. Being checked."
        rights.restrict(
            by=guardian, record_id=record.pk, ground="accuracy", why=why, now=now - timedelta(days=3)
        )
