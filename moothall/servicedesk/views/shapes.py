"""What other systems send to the API and get back; the OpenAPI document is made of these."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from moothall.process.engine.state import NEVER
from moothall.servicedesk.models import Call
from moothall.servicedesk.queries.outside import Whole

Text = Annotated[str, Field(min_length=1, max_length=4000)]
KINDS = Literal["incident", "request"]
CATEGORIES = Literal[
    "hardware", "software", "access", "network", "telephony", "email", "printing", "security", "other"
]


class NewCall(Schema):
    """A call to be logged, at the council of the key."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "summary": "The booking screen in the foyer is dark",
                    "detail": "Since nine o'clock. The power light is on.",
                    "category": "hardware",
                    "impact": "team",
                    "urgency": "partly",
                    "caller_email": "ann@fernshire.example",
                }
            ]
        },
    )

    summary: Annotated[str, Field(min_length=1, max_length=200, description="What is wrong, in a line.")]
    kind: KINDS = "incident"
    detail: Annotated[str, Field(max_length=4000)] = ""
    category: CATEGORIES = "other"
    impact: Literal["one-person", "team", "council", "all-councils"] = "one-person"
    urgency: Annotated[Literal["yes", "partly", "no"], Field(description="Whether work can go on.")] = (
        "partly"
    )
    system: Annotated[str, Field(max_length=150, description="Code or name of a system.")] = ""
    caller_name: Annotated[str, Field(max_length=150)] = ""
    caller_email: Annotated[
        str,
        Field(
            max_length=254,
            pattern=r"^([^@\s<>]+@[^@\s<>]+\.[^@\s<>]+)?$",
            description="Of a colleague of this council: then it is their call.",
        ),
    ] = ""


class NewMessage(Schema):
    """Something to be added to a call."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "user", "text": "It is dark again.", "name": "Ann Ash"}]},
    )

    kind: Annotated[
        Literal["user", "desk", "note"],
        Field(
            description="`user`: what the user says (answers a question, takes up what was resolved unless it "
            "only says thank you, makes a new call of what is closed); `desk`: word to the user, which is sent to "
            "them; `note`: for the desk alone."
        ),
    ] = "user"
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    name: Annotated[str, Field(max_length=150, description="Who says so, if it is the user.")] = ""


class CallShown(Schema):
    """A call as a list has it."""

    reference: str
    kind: str
    state: str
    ended: str
    priority: Annotated[int, Field(description="1 to 4; 0 until it is known.")]
    headline: str
    category: str
    channel: str
    council: str
    system: str
    team: str
    caller_name: str
    caller_email: str
    logged_at: datetime
    first_reply_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    due_at: datetime | None


class MessageShown(Schema):
    """Something that was written to the user, or by them."""

    at: datetime
    by: str
    to_user: bool
    text: str


class CallWhole(CallShown):
    """A call with what was asked, what was done, and what was written."""

    detail: str
    fix: str
    messages: list[MessageShown]


class CallsPage(Schema):
    """A page of calls, the newest first. `more` goes into `after` for the next one; none on the last."""

    calls: list[CallShown]
    more: int | None


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    advice: str = ""
    fields: dict[str, list[str]] = {}


def shown(call: Call) -> dict[str, object]:
    """Return a call as a list has it."""
    return {
        "reference": call.reference,
        "kind": call.kind,
        "state": call.state,
        "ended": call.ended,
        "priority": call.priority,
        "headline": call.headline,
        "category": call.category,
        "channel": call.channel,
        "council": call.council.code,
        "system": call.item.name if call.item is not None else "",
        "team": call.team.name if call.team is not None else "",
        "caller_name": call.caller_name,
        "caller_email": call.caller_email,
        "logged_at": call.logged_at,
        "first_reply_at": call.first_reply_at,
        "resolved_at": call.resolved_at,
        "closed_at": call.closed_at,
        "changed_at": call.changed_at,
        "due_at": None if call.due_at.year >= NEVER.year else call.due_at,
    }


def whole(found: Whole) -> dict[str, object]:
    """Return a call with everything of it."""
    return {
        **shown(found.call),
        "detail": found.detail,
        "fix": found.fix,
        "messages": [
            {"at": each.at, "by": each.by, "to_user": each.to_user, "text": each.text}
            for each in found.messages
        ],
    }
