"""Connecting the account of somebody who proved who they are, and letting somebody ask for a letter who cannot.

Nobody who asks learns whether the council knows them: a proof connects, or nothing happens; whoever asks for a letter
reads the same words each time.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.identity.hooks import Proven
from moothall.identity.models import User
from moothall.persons.actions.casework import keep_person
from moothall.persons.actions.connecting import connect
from moothall.persons.actions.records import add_fact, write
from moothall.persons.models import CasePerson, Connection, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.candidates import candidates
from moothall.persons.queries.connections import as_themselves, connection_of, is_shown
from moothall.persons.rules import told
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.known import Known, fold
from moothall.process import actions as process
from moothall.process import queries as processes
from moothall.process.errors import NoSuchProcess
from moothall.process.models import Case

LETTER = "connect-letter"


def connect_proven(proven: Proven) -> bool:
    """Connect an account with the one record of a council that it surely belongs to; say whether it is connected.

    Surely: the matching would link them by itself, nothing speaks against it, first name, family name and date of birth
    are exactly the same, and nobody else comes near who was born on that day. A locked record is never found so.
    """
    council = council_by_code(proven.council_code) if proven.council_code else None
    if council is None:
        return False
    now = timezone.now()
    with scope.only([council.pk]), transaction.atomic():
        User.objects.select_for_update().get(pk=proven.user.pk)  # one at a time for each account
        viewer = Viewer.resident(user_id=proven.user.pk, name=proven.user.name, council_id=council.pk)
        found = _surely(viewer, council.pk, proven_facts(proven), proven.born, now)
        held = connection_of(viewer, council.pk)
        if held is not None or found is None:
            return held is not None and found is not None and held.record.person_id == found.person_id
        connect(by=viewer, record=found, how=Connection.How.IDENTITY, now=now, provider=proven.provider)
        _learn(viewer, found, proven, now)
    return True


def proven_facts(proven: Proven) -> list[NewFact]:
    """Return a proof as facts: what it says of a name, a date of birth and the addresses in force."""
    given, _, middle = proven.given_names.partition(" ")
    name = {"given": given, "middle": middle, "family": proven.family_name, "use": "usual"}
    facts = [
        NewFact(kind="name", body={part: said for part, said in name.items() if said}),
        NewFact(kind="birth", body={"precision": "exact", "date": proven.born.isoformat()}),
    ]
    return facts + [
        NewFact(kind="address", body={"place": dict(place), "use": "home"}) for place in proven.addresses
    ]


def _surely(
    viewer: Viewer, council_id: int, facts: list[NewFact], born: date, now: datetime
) -> Record | None:
    """Return the one record of a council that is surely meant, if there is exactly one."""
    today = timezone.localdate(now)
    known = told.known_of(told.good(facts, today), today)
    eyes = as_themselves(viewer, council_id, Can.SEE, Can.SEARCH)
    found = candidates(eyes, council_id, known, now, shown=False).found
    near = [each for each in found if each.verdict == "link" or each.born == born or each.locked]
    if len(near) != 1 or near[0].verdict != "link" or near[0].veto or near[0].here is None:
        return None
    record: Record = Record.objects.select_related("person", "council").get(pk=near[0].here)
    held = Known.of(record.traits)
    died = record.facts.filter(kind="death", ended_at=None).exists()
    return (
        record if held.shares_a_name(known) and held.born == born and not died and is_shown(record) else None
    )


def _learn(viewer: Viewer, record: Record, proven: Proven, now: datetime) -> None:
    """Keep the name that was proved, if it is none of those held. The date of birth is the same already."""
    held = record.facts.filter(kind="name", ended_at=None).values_list("body", flat=True)
    names = {_folded(body) for body in held}
    for fact in told.good(proven_facts(proven)[:1], timezone.localdate(now)):
        if _folded(fact.body) not in names:
            own = as_themselves(viewer, record.council_id, Can.SEE, Can.CHANGE)
            source = f"identity:{proven.provider}"
            add_fact(by=own, record_id=record.pk, fact=fact, source=source, now=now)


def _folded(body: Mapping[str, Any]) -> tuple[str, str, str]:
    given, middle, family = (fold(str(body.get(part, ""))) for part in ("given", "middle", "family"))
    return given, middle, family


def letters_can_be_asked_for(council: Council) -> bool:
    """Say whether a council has the process by which somebody asks for a letter."""
    try:
        processes.newest_version(LETTER, council.pk)
    except NoSuchProcess:
        return False
    return True


@transaction.atomic
def ask_for_letter(*, by: Viewer, council: Council, answers: Mapping[str, Any], now: datetime) -> None:
    """Ask the council for a letter with a code. Nothing is returned: whoever asks reads the same words each time.

    `answers` are those of the process: who they say they are, and where they live. Somebody at the council looks.
    Whoever asks again while they do makes no second case.
    """
    user = User.objects.select_for_update().get(pk=by.actor.user_id or 0)
    waiting = Case.objects.filter(
        requester_id=user.pk, council_id=council.pk, process=LETTER, status=Case.Status.OPEN
    )
    if waiting.exists():
        return
    resident = as_themselves(by, council.pk)
    account = f"{user.name}, {user.email}"[:200] if user.name else user.email[:200]
    case = process.start_case(
        by=resident,
        council=council,
        process=LETTER,
        now=now,
        answers={**answers, "account": account},
        requester_id=user.pk,
    )
    _put(resident, case.id, council.pk, answers, now)


def _put(by: Viewer, case_id: int, council_id: int, answers: Mapping[str, Any], now: datetime) -> None:
    """Say whose the case surely is, for whoever looks at it; without that it waits among those of nobody."""
    facts = told.facts_told(name=answers["name"], born=answers["born"], place=answers["address"])
    record = _surely(by, council_id, facts, date.fromisoformat(answers["born"]), now)
    keep_person(
        by=by,
        case_id=case_id,
        council_id=council_id,
        record_id=record.pk if record else None,
        how=CasePerson.How.MATCHED if record else "",
        now=now,
    )
    if record is not None:
        write(by, "person.case_put", record, now, case=case_id, how=str(CasePerson.How.MATCHED))
