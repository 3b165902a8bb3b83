"""What is sent to each address: what an honest form would send, and things of others that are smuggled into one."""

from collections.abc import Callable, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.isolation import calls, changing, channels, helping, leading, packs, residents
from tests.isolation.addresses import Address
from tests.isolation.world import OWN, Thing


def _date(name: str) -> dict[str, object]:
    return {f"{name}_day": "4", f"{name}_month": "1", f"{name}_year": "2027"}


SENT_EMPTY = frozenset(
    {
        "portal:again",
        "portal:keep",
        "portal:check",
        "workplace:send_again",
        "workplace:laid_remove",
        "workplace:register_open",
        "workplace:mail_again",
        "workplace:rights_unrestrict",
        "workplace:rights_unhold",
        "workplace:retention_confirm",
        "identity:end_session",
        "demo_become",
    }
    | {"mfa_remove_webauthn", "mfa_edit_webauthn", "account_logout"}
    | residents.SENT_EMPTY
    | calls.SENT_EMPTY
    | helping.SENT_EMPTY
    | channels.SENT_EMPTY
    | changing.SENT_EMPTY
    | packs.SENT_EMPTY
    | leading.SENT_EMPTY
)
"""Addresses to which a form without any field is sent."""


def _upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.txt", b"A plan of the garden", content_type="text/plain")


def _body(**given: object) -> Callable[[Thing], dict[str, object]]:
    return lambda _: given


_CONTACT: dict[str, object] = {
    "channel": "phone", "direction": "in", "given_name": "", "address": "", "about": "", "summary": "It flew",
    "outcome": "answered", "avoidable": "", "phone": "", "day": "", "time": "", "submission": "0123456789abcdef",
}  # fmt: skip
BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    **residents.BODIES,
    **calls.BODIES,
    **helping.BODIES,
    **channels.BODIES,
    **changing.BODIES,
    **packs.BODIES,
    **leading.BODIES,
    "workplace:finish": lambda thing: {
        "check-expected": thing.seq, "check-outcome": "go", "check-question": "None"
    },
    "workplace:keep": _body(**{"check-question": "Which one?"}),
    "workplace:vote": lambda thing: {"check-expected": thing.seq, "check-choice": "for"},
    "workplace:link": lambda thing: {"other": thing.asked_reference, "kind": "related"},
    "workplace:unlink": lambda thing: {"other": thing.asked_reference, "kind": "related"},
    "workplace:begin": _body(what="It flew"),
    "workplace:reply": _body(**{"check-question": "Which one?"}),
    "workplace:keep_reply": _body(**{"check-question": "Which one?"}),
    "workplace:forget": _body(run="1"),
    "workplace:compare": _body(**{"pick-question": "mine"}),
    "workplace:as_note": _body(run="1"),
    "workplace:take": lambda thing: {"expected": thing.seq},
    "workplace:put_back": lambda thing: {"expected": thing.seq},
    "workplace:pass_on": lambda thing: {"expected": thing.seq, "to": f"{thing.crew}:", "why": "They know"},
    "workplace:note": _body(text="A note"),
    "workplace:xray_export": lambda thing: {"how": "xes", "council": thing.code},
    "workplace:write": _body(text="We are on our way"),
    "workplace:end": lambda thing: {"expected": thing.seq, "ending": "duplicate", "text": "Twice the same"},
    "workplace:add_file": lambda _: {"file": _upload()},
    "workplace:draft": _body(source="process: x", expected="0", act="save"),
    "workplace:draft_check": _body(source="process: x"),
    "workplace:decide": _body(act="propose", expected="1"),
    "workplace:laid_draft": _body(source="overlay: x", expected="0", act="save"),
    "workplace:laid_draft_check": _body(source="overlay: x"),
    "workplace:laid_decide": _body(act="propose", expected="1"),
    "workplace:process_move": _body(act="try"),
    "workplace:new_process": _body(title="New", key="new-one", like="blank"),
    "workplace:import_process": lambda _: {"file": _upload(), "key": ""},
    "workplace:case_person": lambda thing: {"record": thing.record},
    "workplace:duplicate_decide": _body(act="same", why="They said so"),
    "workplace:duplicate_undo": _body(why="Two people"),
    "workplace:register_links": lambda thing: {"act": "compare", "other": thing.kin},
    "workplace:register_new": lambda thing: {
        "given": "Newly", "family": "Come", "council": thing.code, "act": "look", "place_line1": "",
    },
    "workplace:register_add": _body(number="07700 900123", use="mobile", source="adviser"),
    "workplace:register_replace": _body(number="07700 900124", use="mobile", source="adviser", why="Changed"),
    "workplace:register_end": _body(why="Not theirs"),
    "workplace:register_relate": lambda thing: {"other": thing.kin, "kind": "partner"},
    "workplace:register_part": _body(why="Parted"),
    "workplace:register_lock": _body(teams="hub", why="Works for us"),
    "workplace:rights_ask": lambda _: _date("came_on") | {"right": "access", "how": "letter", "wording": "All"},
    "workplace:rights_restrict": _body(ground="accuracy", why="They dispute it"),
    "workplace:rights_hold": _body(why="A claim"),
    "workplace:rights_rectify": _body(number="07700 900125", use="mobile", why="Wrong"),
    "workplace:rights_erase": _body(ground="needless", why="They moved", sure="on"),
    "workplace:retention_keep": lambda _: _date("until") | {"until_year": "2090", "why": "An inquiry"},
    "workplace:retention_propose": _body(why="Its time is up"),
    "workplace:contact_new": lambda thing: _CONTACT | {"council": thing.code},
    "workplace:person_contact": lambda thing: _CONTACT | {"council": thing.code},
    "workplace:contact_put": lambda thing: {"to": thing.reference},
    "workplace:contact_avoidable": _body(reason="progress"),
    "workplace:contact_settled": _body(settled="yes"),
    "workplace:contact_aside": _body(reason="advert"),
    "workplace:contact_answer": _body(subject="Re: it", text="We look.", submission="0123456789abcdef"),
    "workplace:mail_aside": _body(reason="advert"),
    "workplace:give_role": lambda thing: {"role": "adviser", "council": thing.code},
    "workplace:take_role": lambda thing: {"role": "officer", "council": thing.code},
    "workplace:leaves": lambda _: _date("last_day"),
    "workplace:cutoffs_change": _body(link="7", ask="-2"),
    "workplace:close_day": lambda _: _date("day") | {"reason": "Stocktaking"},
    "workplace:open_day": lambda thing: {"day": thing.closing_day.isoformat()},
    "workplace:raise_fill": lambda _: {
        "what": "It flew", "more": "", "channel": "phone", "name": "Ann Caller", "prefers": "email",
        "email": "ann@example.org", "phone": "", "submission": "0123456789abcdef",
    },
    "portal:question": _body(what="It flew away"),
    "portal:contact": _body(name="Ann", email="ann@example.org", prefers="email"),
    "portal:save": _body(email="ann@example.org"),
    "portal:answer": _body(**{"reply-answer": "The yellow one", "reply-expected": "99"}),
    "portal:mine_answer": _body(**{"reply-answer": "The yellow one", "reply-expected": "99"}),
    "portal:comment": _body(text="It is back"),
    "portal:mine_comment": _body(text="It is back"),
    "portal:lost_link": lambda thing: {"reference": thing.reference, "email": f"zq{thing.code}asker@example.org"},
    "mail:write": lambda thing: {"council": thing.code, "sender": "ann@example.org", "text": "My bin"},
    "mail_in:take": _body(letter="unsigned"),
    "account_login": _body(login="owner@example.net", password="wrong"),
    "account_signup": _body(name="New", email="zqelmdes@example.org", password1="a long pass phrase 12"),
    "account_reset_password": _body(email="owner@example.net"),
}  # fmt: skip
"""What is sent: what an honest form would send, with the things of that council."""


def body(address: Address, thing: Thing) -> dict[str, object]:
    make = BODIES.get(address.name)
    return make(thing) if make else {}


def is_sent(address: Address) -> bool:
    """Say whether an honest form is sent to this address."""
    return address.name in BODIES or address.name in SENT_EMPTY


SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    **calls.SMUGGLED,
    **helping.SMUGGLED,
    **channels.SMUGGLED,
    **changing.SMUGGLED,
    **packs.SMUGGLED,
    **leading.SMUGGLED,
    "workplace:link": lambda _, other: {"other": other.reference, "kind": "related"},
    "workplace:keep": lambda _, other: {"check-question": "x", "case": other.case_id, "reference": other.reference},
    "workplace:pass_on": lambda own, other: {"expected": own.seq, "to": f"{other.team}:{other.staff}", "why": "x"},
    "workplace:give_role": lambda _, other: {"role": "adviser", "council": other.code},
    "workplace:take_role": lambda _, other: {"role": "supervisor", "council": other.code},
    "workplace:finish": lambda own, other: {
        "check-expected": own.seq, "check-outcome": "go", "council": other.council_id, "case": other.case_id,
        "check-team": other.team,
    },
    "workplace:case_person": lambda _, other: {"record": other.record},
    "workplace:register_links": lambda _, other: {"act": "compare", "other": other.kin},
    "workplace:register_new": lambda own, other: {
        "given": "Newly", "family": "Come", "council": own.code, "use": other.record, "keep": "yes",
    },
    "workplace:register_relate": lambda _, other: {"other": other.kin, "kind": "partner"},
    "workplace:register_open": lambda _, other: {"record": other.record},
    "workplace:note": lambda _, other: {"text": "x", "case_id": other.case_id, "reference": other.reference},
    "workplace:contact_put": lambda _, other: {"case": other.case_id, "record": other.record},
    "workplace:contact_new": lambda own, other: _CONTACT
    | {"council": own.code, "about": f"case:{other.case_id}"},
    "workplace:raise_fill": lambda _, other: BODIES["workplace:raise_fill"](other)
    | {"council": other.code, "code": other.code, "requester_id": other.user},
    "portal:question": lambda _, other: {"what": "x", "draft": other.draft_token, "council": other.code},
}  # fmt: skip
"""Things of another council, smuggled into a form of one's own."""


def smuggled(address: Address, own: Thing, other: Thing, *, apart: bool = False) -> dict[str, object] | None:
    """Return what to smuggle: things of another council, or (`apart`) of a case of one's own that is kept apart."""
    make = SMUGGLED.get(address.name)
    return make(own, other) if make and own.code == OWN and (apart or other.code != OWN) else None
