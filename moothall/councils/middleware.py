"""Who is looking, whose site it is, and which councils' rows the request may touch."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from moothall.councils import queries, scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.models import User


class Viewers:
    """Give each request its viewer, its council and its scope; each costs a question only when it is needed.

    Staff touch the rows of every council that their powers reach; everybody touches those of the council whose site
    the address names. Sets `request.viewer` and `request.council` (None where the address names none).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        facts = vars(request)
        facts["council"] = None
        facts["viewer"] = SimpleLazyObject(lambda: viewer_of(request))
        with scope.later(lambda: _scope(request)):
            response = self._get_response(request)
            if isinstance(response, StreamingHttpResponse):
                parts = response.streaming_content
                if isinstance(parts, Iterator):
                    response.streaming_content = _within(_scope(request), parts)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Iterable[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Find the council that the address names; without such a council there is no page."""
        del view, args
        code = kwargs.get("council")
        if isinstance(code, str):
            found = queries.council_by_code(code)
            if found is None:
                raise Http404(f"There is no council “{code}”.")
            vars(request)["council"] = found
        return None


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is looking; asked once per request."""
    facts = vars(request)
    found = facts.get("_viewer")
    if not isinstance(found, Viewer):
        council = council_of(request)
        site = None if council is None else council.pk
        if isinstance(user := request.user, User):
            found = queries.viewer_for(user, today=timezone.localdate(), site=site)
        else:
            found = Viewer.anonymous(site)
        facts["_viewer"] = found
    return found


def council_of(request: HttpRequest) -> Council | None:
    """Return the council whose site the address names."""
    found = vars(request).get("council")
    return found if isinstance(found, Council) else None


def _scope(request: HttpRequest) -> scope.Scope:
    viewer, council = viewer_of(request), council_of(request)
    reached = viewer.councils if viewer.is_staff else frozenset[int]()
    if council is not None:
        reached |= {council.pk}
    return scope.Scope(reached, whole=viewer.is_staff and viewer.whole)


def _within(held: scope.Scope, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Make each part of a long answer in the scope of its request, which is over by then."""
    remaining = iter(parts)
    while True:
        with scope.again(held):
            try:
                part = next(remaining)
            except StopIteration:
                return
        yield part
