"""What only some at a council may know: cases, steps, answers and files that are kept from everybody who comes here."""

from dataclasses import replace
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.persons.actions.locking import lock_record
from moothall.process import actions as process
from moothall.process import files
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.process.models import Attachment, Case
from tests import makers
from tests.isolation.desk import kept_apart_at
from tests.isolation.letters import of_few, with_locked
from tests.isolation.people import add_somebody
from tests.isolation.world import OWN, QUIET, SAID, SHARED, TITLE, Thing, World, canary

HIDDEN, PARTLY, LOCKED, DESK = "hidden", "partly", "locked", "desk"


def keep_apart(world: World) -> World:
    """Put into each council what only some may know, and return the world with it."""
    now = timezone.now()
    with scope.everything("what is kept apart is made for the isolation matrix"):
        definition = read(SOURCE).definition
        assert definition is not None, [str(each) for each in read(SOURCE).mistakes]
        process.publish(by=Viewer.system(), definition=definition, source=SOURCE, now=now)
        kept = {code: _kept(world, thing, now) for code, thing in world.things.items()}
    things = {code: thing for code, (thing, *_) in kept.items()}
    apart = tuple(each for code, (_, *rest) in kept.items() for each in rest if code in {OWN, SHARED})
    return replace(world, things=things, apart=apart)


def more_kept_apart(world: World, code: str) -> None:
    """Let more happen at a council of which nobody who comes knows."""
    now = timezone.now()
    with scope.everything("a hub works on"):
        keeper = _keeper(world, code, now)
        case = _case(keeper, world.councils[code], now, desk=False)
        process.act(by=keeper, case_id=case.id, step="look", expected=None, now=now, outcome=SAID)
        _case(keeper, world.councils[code], now, desk=False)


def _keeper(world: World, code: str, now: datetime) -> Viewer:
    """Return the one member of the hub: whoever comes is outside."""
    hub = Team.objects.get(function="hub", council=world.councils[code])
    staff = hub.staff.first()
    if staff is None:
        staff = makers.make_staff(council=world.councils[code], roles=("officer", "supervisor"))
        hub.memberships.create(staff=staff)
    return makers.make_viewer(staff, today=now.date())


def _kept(world: World, thing: Thing, now: datetime) -> tuple[Thing, ...]:
    """Return a council's thing, its case that is there for nobody who comes, and that of which the desk has a step.

    Then the thing with a person whose record is locked, and that whose case is a call of the service desk.
    """
    council, keeper = world.councils[thing.code], _keeper(world, thing.code, now)
    _probe(keeper, thing, now)
    over = _case(keeper, council, now, desk=False)
    process.act(by=keeper, case_id=over.id, step="look", expected=None, now=now, outcome=SAID)
    hidden = _case(keeper, council, now, desk=False)
    partly = _case(keeper, council, now, desk=True)
    process.link(by=keeper, case_id=hidden.id, other=thing.reference, kind="related", now=now)
    locked, talk = _locked(keeper, council, now)
    call = kept_apart_at(council, canary(thing.code, HIDDEN), now)
    kept = ((over.reference, HIDDEN), (hidden.reference, HIDDEN), (partly.reference, PARTLY))
    apart = (*kept, (call.call, HIDDEN))
    return (
        replace(thing, apart=apart, locked=locked, seq=Case.objects.get(pk=thing.case_id).seq),
        replace(
            _thing(thing, hidden, HIDDEN),
            contact=of_few(hidden.id, canary(thing.code, HIDDEN), now),
            desk=call,
        ),
        _thing(thing, partly, PARTLY),
        replace(thing, level=LOCKED, person=locked, locked=locked, contact=talk),
        _called(thing),
    )


def _called(thing: Thing) -> Thing:
    """Return the thing whose case is its call, as pages of all cases name it."""
    call = Case.objects.get(reference=thing.desk.call)
    return replace(
        thing, level=DESK, service=call.process, reference=call.reference, case_id=call.pk, seq=call.seq
    )


def _locked(keeper: Viewer, council: Council, now: datetime) -> tuple[str, int]:
    """Lock the record of somebody, so that it is open to the hub alone; return their reference, and a contact."""
    record = add_somebody(council, canary(council.code, LOCKED), "Uma", now)
    lock_record(by=keeper, record_id=record.pk, teams=["hub"], why="Kept to the hub", now=now)
    reference: str = record.person.reference
    return reference, with_locked(council.pk, record.pk, canary(council.code, LOCKED), now)


def _probe(keeper: Viewer, thing: Thing, now: datetime) -> None:
    """Do the private step of a case that everybody may see, with an answer and a file for the hub alone."""
    word = canary(thing.code, HIDDEN)
    kept = _file(word)
    answers = {"finding": f"Nobody may know {word}", "evidence": [{"id": kept.sha256, "name": kept.name}]}
    process.act(
        by=keeper,
        case_id=thing.case_id,
        step="probe",
        expected=None,
        now=now,
        answers=answers,
        outcome=SAID,
        text=f"Because of {word}",
    )
    process.attach(by=keeper, case_id=thing.case_id, file=kept, now=now, field="evidence")


def _case(keeper: Viewer, council: Council, now: datetime, *, desk: bool) -> CaseState:
    word = canary(council.code, HIDDEN)
    case = process.start(
        by=keeper,
        council=council,
        process=QUIET,
        answers={
            "what": f"A quiet {word}",
            "desk": desk,
            "shown": f"For the desk {canary(council.code, PARTLY)}" if desk else word,
        },
        now=now,
    )
    process.note(by=keeper, case_id=case.id, text=f"A note of {word}", now=now)
    process.attach(by=keeper, case_id=case.id, file=_file(f"{word}{desk}"), now=now)
    if not desk:
        process.take(by=keeper, case_id=case.id, step="look", expected=None, now=now)
    return case


def _thing(thing: Thing, case: CaseState, level: str) -> Thing:
    return replace(
        thing,
        level=level,
        service=QUIET,
        reference=case.reference,
        asked_reference=case.reference,
        case_id=case.id,
        seq=Case.objects.get(pk=case.id).seq,
        file=Attachment.objects.filter(case_id=case.id).latest("id").pk,
    )


def _file(word: str) -> files.Kept:
    return files.keep(SimpleUploadedFile(f"{word}.txt", f"Inside: {word}".encode()), limit=10_000)


SOURCE = f"""
process: {QUIET}
title: A matter of few
owner: hub
start: [hub]
private: [hub]
fields:
  what: {{ask: What happened?, type: text}}
  desk: {{ask: Is the desk to be asked?, type: yesno}}
  shown: {{ask: What may the desk know?, type: text}}
  question: {{ask: What does the desk say?, type: text, optional: true}}
clocks:
  look: {{title: "{TITLE} looked at", within: 1 working day, from: report, until: look, late: {{tell: desk}}}}
steps:
  report: {{title: "{TITLE} reported", by: [hub], ask: [what, desk, shown], next: We look.}}
  check:
    title: The desk is asked
    by: desk
    after: report
    when: desk == true
    show: [shown]
    ask: [question]
    outcomes: {{go: {{title: Say it}}, ask: {{title: Say nothing}}}}
  look:
    title: "{TITLE} looked at"
    by: hub
    outcomes: {{{SAID}: {{title: "{TITLE} done", end: done, tell: desk}}}}
"""
