"""The API of the desk: calls are logged, read, found and added to by other systems, each by a key of one council."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import AwareDatetime

from moothall.councils import scope
from moothall.councils.doors import public
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import keys as use_of_keys
from moothall.servicedesk.actions import outside as acts
from moothall.servicedesk.errors.channels import KeyNotKnown, MessageTooLarge, NoSuchAddress
from moothall.servicedesk.models import ApiKey
from moothall.servicedesk.models.calls import Kind, State
from moothall.servicedesk.queries import keys, outside
from moothall.servicedesk.views.problems import (
    FIRST_REFUSAL,
    MEDIA_TYPE,
    UNPROCESSABLE,
    answer_of,
    headers_of,
    in_problems,
    problem,
)
from moothall.servicedesk.views.shapes import (
    CallShown,
    CallsPage,
    CallWhole,
    NewCall,
    NewMessage,
    Problem,
    shown,
    whole,
)

LARGEST, LONGEST_REFERENCE = 64 * 1024, 40
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
OF_EVERY_KEY = (401, 403, 429)
IDEMPOTENCY = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 100},
            "description": "One for each new call; the same one sends the same call again.",
        }
    ]
}
TITLE = "Moothall: the ICT service desk"
ABOUT = (
    "Calls of one council, for other systems. A key stands in the header `Authorization`, as a bearer token; whoever "
    "sets up the desk makes keys. Refusals are `application/problem+json` (RFC 9457), also the 404 of an address that "
    "is not named here and the 405 of a method that an address does not take."
)


class Key(HttpBearer):
    """The key of a request. `keyed` has found it already, before anything else was read."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        del token
        return key_in(request)


api = NinjaAPI(
    title=TITLE,
    version="1.0",
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="desk_api",
    auth=Key(),
)


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """Return with what an operation may refuse, besides what every key may hear."""
    return dict.fromkeys(sorted({*OF_EVERY_KEY, *statuses}), Problem)


def key_in(request: HttpRequest) -> ApiKey:
    """Return the key by which a request came in."""
    found = vars(request).get("desk_key")
    if not isinstance(found, ApiKey):
        raise KeyNotKnown
    return found


@api.exception_handler(HouseError)
def refused(_request: HttpRequest, error: HouseError) -> HttpResponse:
    """Return a refusal of the house as a problem."""
    return problem(error)


@api.exception_handler(ValidationError)
def not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return what is wrong with which part of what was sent."""
    fields: dict[str, list[str]] = {}
    for each in error.errors:
        place = ".".join(str(part) for part in each["loc"][2:]) or str(each["loc"][-1])
        fields.setdefault(place, []).append(str(each["msg"]))
    detail = "Some parts of this are missing or not as they should be: see “fields”."
    return answer_of("servicedesk.not_valid", UNPROCESSABLE, "Check what you sent", detail, fields=fields)


@api.exception_handler(HttpError)
def not_read(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Return that something could not be read at all, such as a body that is not JSON."""
    return answer_of("servicedesk.not_read", error.status_code, "This cannot be read", f"{error}.")


@api.post(
    "/calls",
    response={201: CallShown, 200: CallShown, **refusals(400, 409, 413, 422)},
    operation_id="log_call",
    summary="Log a call",
    openapi_extra=IDEMPOTENCY,
)
def log(request: HttpRequest, given: NewCall) -> Status[dict[str, object]]:
    """Log a call: 201 for a new one, 200 for one that was logged under this Idempotency-Key before."""
    key = key_in(request)
    use_of_keys.check(key, keys.LOG)
    answers = given.model_dump(include={"summary", "detail", "category", "impact", "urgency"})
    logged = acts.log(
        key=key,
        idempotency=request.headers.get("Idempotency-Key", ""),
        kind=given.kind,
        answers={name: value for name, value in answers.items() if value},
        caller_name=given.caller_name,
        caller_email=str(given.caller_email),
        system=given.system,
        now=timezone.now(),
    )
    return Status(201 if logged.is_new else 200, shown(logged.call))


@api.get(
    "/calls",
    response={200: CallsPage, **refusals(422)},
    operation_id="list_calls",
    summary="List calls",
)
def list_calls(
    request: HttpRequest,
    state: State | None = None,
    kind: Kind | None = None,
    changed_since: Annotated[
        AwareDatetime | None, Query(ge=EARLIEST, le=LATEST, description="With its zone, as RFC 3339 says.")
    ] = None,
    after: Annotated[int | None, Query(description="`more` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=outside.MOST)] = 25,
) -> dict[str, object]:
    """List calls, the newest first."""
    narrow = {"state": state or "", "kind": kind or ""}
    wanted = outside.Wanted(**narrow, changed_since=changed_since, after=after, limit=limit)
    return _page(request, wanted)


@api.get(
    "/search",
    response={200: CallsPage, **refusals(422)},
    operation_id="find_calls",
    summary="Find calls by words",
)
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Whole words; all must be there.")],
    after: int | None = None,
    limit: Annotated[int, Query(ge=1, le=outside.MOST)] = 25,
) -> dict[str, object]:
    """Find calls by words of their summary, details, user and reference."""
    return _page(request, outside.Wanted(words=q, after=after, limit=limit))


@api.get(
    "/calls/{reference}",
    response={200: CallWhole, **refusals(404)},
    operation_id="read_call",
    summary="Read a call",
)
def read(request: HttpRequest, reference: str) -> dict[str, object]:
    """Return one call with its messages."""
    key = key_in(request)
    use_of_keys.check(key, keys.READ)
    return whole(outside.whole(keys.viewer_of(key), _named(reference)))


@api.post(
    "/calls/{reference}/messages",
    response={201: CallShown, **refusals(400, 404, 409, 413, 422)},
    operation_id="add_message",
    summary="Add to a call",
)
def add(request: HttpRequest, reference: str, given: NewMessage) -> Status[dict[str, object]]:
    """Add what the user says, word to the user, or a note. The answer is the call in which it stands.

    What the user says of a call that was merged goes to the one that goes on. What they say of one that is closed
    becomes a new call of theirs, linked to it; the same words of it again make no other one while that is open.
    """
    key = key_in(request)
    use_of_keys.check(key, keys.WRITE)
    call = acts.add(
        key=key,
        reference=_named(reference),
        kind=given.kind,
        text=given.text,
        by_name=given.name,
        now=timezone.now(),
    )
    return Status(201, shown(call))


def _named(reference: str) -> str:
    """Return a reference as a database takes it; what no reference ever has leads to no call."""
    return reference.replace("\0", "")[:LONGEST_REFERENCE]


def _page(request: HttpRequest, wanted: outside.Wanted) -> dict[str, object]:
    key = key_in(request)
    use_of_keys.check(key, keys.READ)
    found = outside.page(keys.viewer_of(key), wanted)
    return {"calls": [shown(each) for each in found.calls], "more": found.more}


def keyed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a request in by its key, count it, and keep it to the key's council."""

    @wraps(view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST:
            raise MessageTooLarge(limit=f"{LARGEST // 1024} KB")
        key = keys.key_of(request.headers.get("Authorization", ""))
        with scope.only([key.council_id]):
            use_of_keys.use(key, timezone.now())
            vars(request)["desk_key"] = key
            return view(request, **parts)

    return guarded


def document() -> dict[str, Any]:
    """Return the OpenAPI document. What makes it knows one media type; refusals are given theirs, and their headers."""
    found = dict(api.get_openapi_schema(path_prefix="/api/desk/v1/"))
    for ways in found["paths"].values():
        for operation in ways.values():
            for status, answer in operation["responses"].items():
                if int(status) >= FIRST_REFUSAL:
                    answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
                    answer.update(headers_of(int(status)))
    return found


@csrf_exempt
@public
@in_problems
@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """Say what this API takes and gives (OpenAPI 3.1); it holds nothing of anybody."""
    return JsonResponse(document())


@csrf_exempt
@public
@in_problems
def nowhere(_request: HttpRequest) -> HttpResponseBase:
    """Refuse an address for machines at which there is nothing, whoever asks and however."""
    raise NoSuchAddress


def addresses(start: str) -> list[URLPattern]:
    """Return the addresses of the API, each with its door: the key."""
    found = [path(f"{start}openapi.json", openapi, name="openapi")]
    routes: dict[str, URLPattern] = {}  # one view answers every method of an address
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            routes.setdefault(str(pattern.pattern).removeprefix("/"), pattern)
    for route, pattern in routes.items():
        door = csrf_exempt(public(in_problems(keyed(pattern.callback))))
        found.append(path(f"{start}{route}", door, name=f"api_{pattern.name}"))
    return found
