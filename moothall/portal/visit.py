"""Where somebody is on the way through a service: which council, which questions, which draft."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from moothall.councils.middleware import council_of, viewer_of
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.portal import holding
from moothall.process import store
from moothall.process.definition import Definition, Service
from moothall.requests import queries, rules
from moothall.requests.models import Draft
from moothall.requests.rules import Question


def council_here(request: HttpRequest) -> Council:
    """Return the council whose site this is; the middleware has found it."""
    council = council_of(request)
    if council is None:
        raise NotFound(what="council")
    return council


@dataclass(frozen=True, slots=True)
class Visit:
    """One person on the way through one service."""

    viewer: Viewer
    council: Council
    key: str
    definition: Definition
    service: Service
    questions: list[Question]
    draft: Draft | None
    now: datetime

    def address(self, name: str, *more: str) -> str:
        """Return the address of a page of this service."""
        return reverse(f"portal:{name}", args=[self.council.code, self.key, *more])

    @property
    def needs_contact(self) -> bool:
        return self.service.contact != "none"

    @property
    def next_page(self) -> str:
        """The address of the first thing that is still to be done."""
        if key := rules.first_open(self.questions):
            return self.address("question", key)
        if self.needs_contact and (self.draft is None or not self.draft.contact):
            return self.address("contact")
        return self.address("check")

    def after(self, key: str, *, checking: bool) -> str:
        """Return where to go after a question: on, or back to where all answers are checked."""
        following = "" if checking else rules.after(self.questions, key)
        return self.address("question", following) if following else self.next_page

    @property
    def last_question(self) -> str:
        """The address of the last question; of the start page, if none is put."""
        return self.address("question", self.questions[-1].key) if self.questions else self.address("start")

    def before(self, key: str) -> str:
        """Return the address of the page before a question."""
        earlier = rules.before(self.questions, key)
        return self.address("question", earlier) if earlier else self.address("start")


def visit(request: HttpRequest, service: str) -> Visit | None:
    """Return where this browser is on the way through a service; None if the service may not be begun now.

    A signed-in person's answers are found again on another device, which holds them from then on.
    """
    viewer, council, now = viewer_of(request), council_here(request), timezone.now()
    draft = queries.under_way(viewer, council, service, holding.held(request, council, service), now)
    if draft is None:
        offer = queries.offer(viewer, council, service)
        if not offer.is_open:
            return None
        definition = offer.definition
    else:
        holding.hold(request, draft)
        definition = store.definition_of(draft.version_id)
    if definition.service is None:
        raise NotFound(what="service")
    questions = rules.way(definition, draft.answers if draft else {}, now)
    return Visit(viewer, council, service, definition, definition.service, questions, draft, now)
