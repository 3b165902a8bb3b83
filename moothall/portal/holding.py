"""Which draft a browser holds for each service: kept in its session, so that it works without an account."""

from django.http import HttpRequest

from moothall.councils.models import Council
from moothall.requests.models import Draft

_KEY = "drafts"


def held(request: HttpRequest, council: Council, service: str) -> int | None:
    """Return the number of the draft that this browser holds."""
    found = request.session.get(_KEY, {}).get(_name(council, service))
    return found if isinstance(found, int) else None


def hold(request: HttpRequest, draft: Draft) -> None:
    """Let this browser go on with a draft."""
    drafts = request.session.get(_KEY, {})
    name = f"{draft.council_id}:{draft.service}"
    if drafts.get(name) != draft.pk:
        request.session[_KEY] = {**drafts, name: draft.pk}


def let_go(request: HttpRequest, council: Council, service: str) -> None:
    """Forget which draft this browser held."""
    drafts = dict(request.session.get(_KEY, {}))
    if drafts.pop(_name(council, service), None) is not None:
        request.session[_KEY] = drafts


def _name(council: Council, service: str) -> str:
    return f"{council.pk}:{service}"
