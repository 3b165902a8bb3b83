"""Refusals as other systems read them: RFC 9457, `application/problem+json`, in our sentences."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from moothall.plain import request_id
from moothall.plain.errors import HouseError, Invalid

MEDIA_TYPE = "application/problem+json"
UNPROCESSABLE = 422


def problem(error: HouseError) -> HttpResponse:
    """Return a refusal of the house."""
    fields = error.fields if isinstance(error, Invalid) else {}
    answer = answer_of(
        error.code, error.status, error.title, error.sentence, advice=error.advice, fields=fields
    )
    if error.status == 401:  # noqa: PLR2004 - RFC 9110: says how to ask
        answer["WWW-Authenticate"] = 'Bearer realm="service desk"'
    if error.status == 429:  # noqa: PLR2004
        answer["Retry-After"] = "60"
    return answer


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
