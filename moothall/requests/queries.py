"""Reads: the catalogue, drafts, and requests for whoever proved that they may follow them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.persons.queries.connections import own_case_ids
from moothall.persons.rules import told
from moothall.persons.rules.known import Known
from moothall.plain.references import NotAReference, normalise
from moothall.process import queries as process
from moothall.process import store
from moothall.process.definition import Definition, Outcome, Service
from moothall.process.engine.state import CaseState
from moothall.process.filling import filled
from moothall.process.models import Event, Step
from moothall.process.queries.asking import first_answers, next_words
from moothall.process.queries.casefile import facts_of
from moothall.requests import finding, telling, timeline, tokens
from moothall.requests.errors import DraftGone, NoSuchRequest, NoSuchService
from moothall.requests.models import CouncilService, Draft, Request
from moothall.requests.timeline import Entry

_CLOSED = "The council does not take these requests at the moment."
_AS_DISTRICT = {"borough": "district"}
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as one council offers it. `words` are what residents read while it is closed, else empty."""

    key: str
    version_id: int
    definition: Definition
    service: Service
    is_open: bool
    words: str


def catalogue(viewer: Viewer, council: Council) -> list[Offer]:
    """Return every service of a council, by title; also those it has closed. The catalogue is everybody's to see."""
    del viewer
    kind = _AS_DISTRICT.get(council.kind, council.kind)
    own = {row.service: row for row in CouncilService.objects.filter(council_id=council.pk)}
    offers = [
        Offer(key, version_id, definition, service, key not in own or own[key].is_open, _said(own.get(key)))
        for key, (version_id, definition) in process.newest_versions(council.pk).items()
        if (service := definition.service) is not None and kind in (service.councils or (kind,))
    ]
    return sorted(offers, key=lambda offer: offer.service.title)


def _said(own: CouncilService | None) -> str:
    return "" if own is None or own.is_open else own.words or _CLOSED


def offer(viewer: Viewer, council: Council, service: str) -> Offer:
    """Return one service of a council."""
    found = next((each for each in catalogue(viewer, council) if each.key == service), None)
    if found is None:
        raise NoSuchService(council=council.name, what="service")
    return found


def closing(council_id: int, service: str) -> str | None:
    """Return what a council says about a service it has closed; None if it is open."""
    row = CouncilService.objects.filter(council_id=council_id, service=service, is_open=False).first()
    return _said(row) or None


def by_category(offers: Sequence[Offer]) -> list[tuple[str, list[Offer]]]:
    """Return services under their categories, both by name."""
    found: dict[str, list[Offer]] = {}
    for each in offers:
        found.setdefault(each.service.category, []).append(each)
    return sorted(found.items())


def find(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Return the services that fit what somebody typed, best first; small slips are forgiven."""
    wanted = finding.words(text)
    scores = [(finding.score(wanted, each.service.title, _found_by(each.service)), each) for each in offers]
    fitting = sorted((-score, each.service.title, each) for score, each in scores if score)
    return [each for _, _, each in fitting[:MOST_FOUND]]


def _found_by(service: Service) -> str:
    return " ".join([*service.keywords, service.description, service.category])


def draft(viewer: Viewer, council: Council, draft_id: int | None) -> Draft | None:
    """Return a draft that the viewer's session holds, if it is there still and of this council."""
    del viewer
    if draft_id is None:
        return None
    found: Draft | None = Draft.objects.filter(pk=draft_id, council_id=council.pk).first()
    return found


def draft_returned_to(viewer: Viewer, council: Council, token: str, now: datetime) -> Draft:
    """Return the draft whose secret link this is."""
    del viewer
    rows = Draft.objects.filter(
        token_digest=tokens.digest(token), council_id=council.pk, expires_at__gt=now, request=None
    )
    found: Draft | None = rows.first()
    if found is None:
        raise DraftGone(what="draft")
    return found


def unfinished(viewer: Viewer, council: Council, now: datetime, service: str = "") -> list[Draft]:
    """Return a signed-in person's drafts at a council, the newest first."""
    if viewer.actor.user_id is None:
        return []
    rows = Draft.objects.filter(
        owner_id=viewer.actor.user_id, council_id=council.pk, request=None, expires_at__gt=now
    ).order_by("-changed_at")
    return list(rows.filter(service=service) if service else rows)


def under_way(
    viewer: Viewer, council: Council, service: str, draft_id: int | None, now: datetime
) -> Draft | None:
    """Return the answers under way: the draft that the session holds, else the newest a signed-in person has here."""
    held = draft(viewer, council, draft_id)
    if held is not None and held.request_id is None and held.expires_at > now:
        return held
    return next(iter(unfinished(viewer, council, now, service)), None)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the confirmation says."""

    request: Request
    case: CaseState
    title: str
    token: str
    said: Sequence[str]
    next: str
    promises: Sequence[str]


def confirmed(viewer: Viewer, council: Council, draft_id: int | None, now: datetime) -> Confirmed:
    """Return the confirmation of the request that became of the draft which the viewer's session holds."""
    sent = draft(viewer, council, draft_id)
    if sent is None or sent.request_id is None:
        raise NoSuchRequest(what="request")
    request: Request = Request.objects.get(pk=sent.request_id)
    case = store.load(request.case_id)
    assert case is not None
    first = case.steps[case.definition.first.key]
    service = case.definition.service
    return Confirmed(
        request=request,
        case=case,
        title=service.title if service else case.definition.title,
        token=telling.token_of(request),
        said=telling.said(case, first.key, first.outcome, "") if first.outcome else [],
        next=next_words(case),
        promises=timeline.promises(case, now)[0],
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """One request in the list of somebody's own."""

    reference: str
    title: str
    headline: str
    made_at: datetime
    status: str
    waits_for_me: bool
    is_open: bool


def my_requests(viewer: Viewer, council: Council) -> list[Mine]:
    """Return the requests that a signed-in person keeps in their account at a council, the newest first."""
    if viewer.actor.user_id is None:
        return []
    asking = Step.objects.filter(case_id=OuterRef("case_id"), state="open", asks_requester=True)
    rows = (
        Request.objects.filter(requester_id=viewer.actor.user_id, council_id=council.pk)
        .select_related("case")
        .annotate(asks=Exists(asking))
        .order_by("-created_at")
    )
    return [_mine(row, asks=row.asks) for row in rows]


@dataclass(frozen=True, slots=True)
class Raised:
    """A request that staff made for somebody, as that person may read it: what it is, and how it stands."""

    reference: str
    title: str
    made_at: datetime
    status: str
    next: str
    is_open: bool


def raised_for_me(viewer: Viewer, council: Council) -> list[Raised]:
    """Return the requests that others made for the person of the viewer's own record at a council, the newest first.

    To be read, and no more: what was answered and written is not told, since somebody may have said it in confidence.
    """
    ids = own_case_ids(viewer, council.pk)
    rows = Request.objects.filter(case_id__in=ids, council_id=council.pk, requester=None)
    asking = Step.objects.filter(case_id=OuterRef("case_id"), state="open", asks_requester=True)
    found = rows.select_related("case").annotate(asks=Exists(asking)).order_by("-created_at")[:MOST_FOUND]
    return [_raised(row, asks=row.asks) for row in found]


def _raised(row: Request, *, asks: bool) -> Raised:
    mine = _mine(row, asks=asks)
    case = store.load(row.case_id) if mine.is_open else None
    return Raised(
        reference=mine.reference,
        title=mine.title,
        made_at=mine.made_at,
        status=mine.status,
        next=next_words(case) if case is not None else "",
        is_open=mine.is_open,
    )


def council_of_newest(user_id: int) -> str:
    """Return the code of the council at which somebody last made a request while signed in; empty if nowhere."""
    with scope.everything("where somebody's own requests are is found before a council is known"):
        made = Request.objects.filter(requester_id=user_id).order_by("-created_at")
        return made.values_list("council__code", flat=True).first() or ""


def _mine(row: Request, *, asks: bool) -> Mine:
    case = row.case
    definition = store.definition_of(case.version_id)
    is_open = case.status == "open"
    return Mine(
        reference=case.reference,
        title=definition.service.title if definition.service else definition.title,
        headline=case.headline,
        made_at=row.created_at,
        status=timeline.status(is_open=is_open, asks=asks),
        waits_for_me=is_open and asks,
        is_open=is_open,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that waits for whoever asked: what it shows, what it asks, and how it may turn out."""

    step: str
    title: str
    facts: Sequence[tuple[str, str]]
    keys: Sequence[str]
    outcomes: Sequence[Outcome]
    next: str


@dataclass(frozen=True, slots=True)
class Followed:
    """Everything the page of a request shows to whoever made it."""

    request: Request
    case: CaseState
    title: str
    status: str
    next: str
    promises: Sequence[str]
    late: Sequence[str]
    asked: Sequence[Asked]
    history: Sequence[Entry]
    answers: Sequence[tuple[str, str]]
    letters: Sequence[Message]


def request_of(viewer: Viewer, council: Council, reference: str, token: str | None = None) -> Request:
    """Return a request to whoever has its secret link, or keeps it in their account; for anybody else there is none."""
    try:
        written = normalise(reference)
    except NotAReference:
        raise NoSuchRequest(what="request") from None
    rows = Request.objects.filter(case__reference=written, case__council_id=council.pk, council_id=council.pk)
    found: Request | None = rows.select_related("case").first()
    if found is None or not _proved(viewer, found, token):
        raise NoSuchRequest(what="request")
    return found


def _proved(viewer: Viewer, request: Request, token: str | None) -> bool:
    if token is not None:
        return tokens.matches(token, request.token_digest)
    return viewer.actor.user_id is not None and viewer.actor.user_id == request.requester_id


def followed(
    viewer: Viewer, council: Council, reference: str, now: datetime, token: str | None = None
) -> Followed:
    """Return the page of a request, for whoever made it."""
    request = request_of(viewer, council, reference, token)
    case = store.load(request.case_id)
    if case is None:
        raise NoSuchRequest(what="request")
    events = Event.objects.filter(case_id=case.id, kind__in=timeline.KINDS).order_by("seq")
    about = Message.objects.filter(about=f"case:{case.id}", to=request.email or "-")
    sent = about.exclude(key__contains=":team:").order_by("id")  # also if the team's own address was given
    service = case.definition.service
    asks = [run for run in case.open_steps() if run.asks_requester]
    promises, late = timeline.promises(case, now)
    return Followed(
        request=request,
        case=case,
        title=service.title if service else case.definition.title,
        status=timeline.status(is_open=case.status == "open", asks=bool(asks)),
        next=next_words(case),
        promises=promises,
        late=late,
        asked=[_asked(case, run.key) for run in asks],
        history=timeline.entries(case.definition, events),
        answers=[(each.label, each.words) for each in facts_of(case, first_answers(case))],
        letters=list(sent),
    )


def _asked(case: CaseState, key: str) -> Asked:
    step = case.definition.steps[key]
    return Asked(
        step=key,
        title=step.title,
        facts=telling.shown(case, key),
        keys=step.ask,
        outcomes=step.for_requester,
        next=filled(step.next, case.definition, case.data),
    )


def requester_of(case_id: int) -> Request | None:
    """Return who made the request behind a case; for rooms that have asked the gate about the case."""
    found: Request | None = Request.objects.filter(case_id=case_id).first()
    return found


def known_of_cases(case_ids: Sequence[int]) -> dict[int, Known]:
    """Return what whoever asked said of themselves, by the number of the case; of what nobody asked for, nothing."""
    today = timezone.localdate()
    rows = Request.objects.filter(case_id__in=case_ids).values_list("case_id", "name", "email", "phone")
    return {
        case_id: told.known_of(told.good(told.facts_told(name=name, email=email, phone=phone), today), today)
        for case_id, name, email, phone in rows
    }
