"""Refusals as other systems read them: RFC 9457, `application/problem+json`, in our sentences."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from moothall.plain import request_id
from moothall.plain.errors import HouseError, Invalid

P = ParamSpec("P")
MEDIA_TYPE = "application/problem+json"
FIRST_REFUSAL, NOT_TAKEN, UNPROCESSABLE = 400, 405, 422
HEADERS = {
    401: ("WWW-Authenticate", 'Bearer realm="service desk"', "How to ask: with a key (RFC 9110)."),
    429: ("Retry-After", "60", "After how many seconds to ask again."),
}
"""What an answer of a status has at its head: the header, its value, and what it says."""


def in_problems(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Answer with a problem whatever a view refuses, and a method that it does not take."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            answer = view(*args, **kwargs)
        except HouseError as error:
            return problem(error)
        return not_taken(answer) if isinstance(answer, HttpResponseNotAllowed) else answer

    return answered


def problem(error: HouseError) -> HttpResponse:
    """Return a refusal of the house."""
    fields = error.fields if isinstance(error, Invalid) else {}
    answer = answer_of(
        error.code, error.status, error.title, error.sentence, advice=error.advice, fields=fields
    )
    if error.status in HEADERS:
        name, value, _ = HEADERS[error.status]
        answer[name] = value
    return answer


def headers_of(status: int) -> dict[str, Any]:
    """Return what an OpenAPI document says of the head of an answer of this status; nothing for most."""
    if status not in HEADERS:
        return {}
    name, _, description = HEADERS[status]
    return {"headers": {name: {"description": description, "schema": {"type": "string"}}}}


def not_taken(answer: HttpResponseNotAllowed) -> HttpResponse:
    """Return that an address does not take a method, and which it takes."""
    allowed = answer["Allow"]
    said = answer_of(
        "servicedesk.method_not_taken",
        NOT_TAKEN,
        "This address does not take that",
        f"This address takes {allowed} only.",
        advice="Compare your request with the OpenAPI document, or with what docs/api.md says of feeds.",
    )
    said["Allow"] = allowed
    return said


def answer_of(
    code: str,
    status: int,
    title: str,
    detail: str,
    *,
    advice: str = "",
    fields: Mapping[str, Sequence[str]] | None = None,
) -> HttpResponse:
    """Return a problem: `type` names it for ever, `detail` says what is in the way, `advice` what to do."""
    said: dict[str, Any] = {
        "type": f"urn:moothall:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:moothall:request:{request_id.current()}",
    }
    if advice:
        said["advice"] = advice
    if fields:
        said["fields"] = {key: list(each) for key, each in fields.items()}
    return HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
