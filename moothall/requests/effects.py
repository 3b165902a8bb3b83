"""What follows when a case changes: whoever is to be told is told by email, in the same transaction, once.

Teams are told of every kind of work, and so is whoever asked: a resident by what they left with their request, a member
of staff by their account. No letter has an answer that is kept from anybody, nor the title of a private step; of a
case that exists only for some, not even what it is about.
"""

from dataclasses import replace

from django.contrib.auth import get_user_model

from moothall.contacts import actions as contacts
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.process.definition import RESIDENT, named_circle
from moothall.process.engine.state import Happening, Telling
from moothall.process.hooks import Change, told_elsewhere
from moothall.process.models import Event
from moothall.process.rules import WITHDRAWN
from moothall.requests import letters, telling
from moothall.requests.letters import Letter, News
from moothall.requests.models import Request

_OPENED = frozenset({"opened", "repeated"})


def tell_of(change: Change) -> None:
    """Write to teams and to whoever asked. Nothing is looked up unless there is something to tell."""
    for each in change.told:
        if each.audience != RESIDENT and each.about != "warning":
            _tell_team(change, each)
    if not _concerns_resident(change):
        return
    if change.case.definition.service is None:
        if change.case.definition.key not in told_elsewhere:
            _tell_colleague(change)
    else:
        _tell_resident(change)


def _tell_resident(change: Change) -> None:
    request = Request.objects.filter(case_id=change.case.id).first()
    if request is None:
        return
    _record_written(request, change)
    if not request.email:
        return
    council = Council.objects.get(pk=change.case.council_id)
    news = telling.news_of(request, change.case, council, change.now)
    if letter := _letter(change, news):
        key = f"case:{change.case.id}:seq:{change.seq}:resident"
        telling.to_resident(request, change.case, letter, key, change.now)


def _record_written(request: Request, change: Change) -> None:
    """Record as a contact what somebody of the staff wrote: by email, or to be read on the page of the request."""
    written = next((str(each.body.get("text", "")) for each in change.happened if each.kind == "wrote"), "")
    event = (
        Event.objects.filter(case_id=change.case.id, kind="wrote", seq=change.seq).first()
        if written
        else None
    )
    if event is None:
        return
    staff = Staff.objects.filter(user_id=event.actor_user).first() if event.actor_user else None
    contacts.on_case(
        by=Viewer(Actor("staff", event.actor_user, event.actor_name), staff_id=staff.pk if staff else None),
        case_id=change.case.id,
        channel="e-mail" if request.email else "web",
        direction="out",
        outcome="added",
        submission=f"case:{change.case.id}:seq:{change.seq}:wrote",
        now=change.now,
        address=request.email,
        given_name=request.name,
        summary=written,
    )


def _tell_colleague(change: Change) -> None:
    """Write to the member of staff who asked for work inside the councils, as long as their account is open."""
    case = change.case
    rows = get_user_model().objects.filter(pk=case.requester_id, is_active=True) if case.requester_id else ()
    for person in rows:
        council = Council.objects.get(pk=case.council_id)
        if letter := _letter(change, telling.news_inside(case, council, person.name, change.now)):
            key = f"case:{case.id}:seq:{change.seq}:requester"
            telling.to_colleague(person.email, case, letter, key, change.now)


def _concerns_resident(change: Change) -> bool:
    """Whether the resident hears of it. A new request is confirmed by the action that makes it."""
    if change.happened and change.happened[0].kind == "started":
        return False
    return any(_heard(change, each) for each in change.happened) or any(
        each.audience == RESIDENT for each in change.told
    )


def _heard(change: Change, each: Happening) -> bool:
    return each.kind in {"ended", "late", "wrote"} or _asks(change, each)


def _asks(change: Change, each: Happening) -> bool:
    """Whether a step has opened that waits for the resident, and still does."""
    run = change.case.steps.get(each.step)
    return each.kind in _OPENED and run is not None and run.asks_requester and run.state == "open"


def _letter(change: Change, news: News) -> Letter | None:
    """Return the one letter that says everything that happened just now."""
    happened = change.happened
    said = [words for each in happened for words in _said(change, each)]
    news = replace(news, said=said)
    if any(each.kind == "ended" for each in happened):
        return letters.closed(news)
    asking = next((each.step for each in happened if _asks(change, each)), "")
    if asking:
        return letters.asked(replace(news, asked=telling.shown(change.case, asking, by_post=True)))
    if lates := [each for each in happened if each.kind == "late"]:
        return letters.late(replace(news, late=_overdue(change, lates[0].step, news)))
    if any(each.kind == "wrote" for each in happened):
        return letters.written(news)
    return letters.told(news) if said else None


def _overdue(change: Change, key: str, news: News) -> str:
    """Return the sentence about what is late; what is private is not named in it."""
    case = change.case
    clock = case.definition.clocks[key]
    if case.definition.steps[clock.until].circle or (news.inside and named_circle(case.circle)):
        return "We are later than we promised, and we are sorry. You do not need to contact us."
    return letters.overdue(clock, case.clocks[key].due_at)


def _said(change: Change, each: Happening) -> list[str]:
    """Return what the resident reads of one event."""
    text = str(each.body.get("text", ""))
    if each.kind == "done":
        return telling.said(change.case, each.step, each.outcome, text)
    if each.kind == "ended_early":
        return [letters.ENDED[each.outcome], *([text] if text and each.outcome != WITHDRAWN else [])]
    return [text] if each.kind == "wrote" else []


def _tell_team(change: Change, each: Telling) -> None:
    case = change.case
    step = case.definition.clocks[each.key].until if each.about == "late" else each.key
    key = f"case:{case.id}:seq:{change.seq}:{each.about}:{each.key}"
    team_id = telling.team_named(case, each.audience, step)
    telling.to_team(case, team_id, _letter_to_team(change, each), key, change.now)


def _letter_to_team(change: Change, each: Telling) -> Letter:
    case = change.case
    definition = case.definition
    service, is_late = definition.title, each.about == "late"
    step = definition.clocks[each.key].until if is_late else each.key
    if named_circle(case.circle) or definition.steps[step].circle:
        return letters.kept_apart(reference=case.reference, is_late=is_late)
    if is_late:
        return letters.late_for_team(
            reference=case.reference,
            service=service,
            headline=case.headline,
            clock=definition.clocks[each.key].title,
            due_at=case.clocks[each.key].due_at,
            inside=definition.service is None,
        )
    title = definition.steps[each.key].outcomes[each.outcome].title
    return letters.told_team(reference=case.reference, service=service, headline=case.headline, title=title)
