"""What is sent to the pages of the desk's calls: by honest forms, and smuggled into one."""

from collections.abc import Callable, Mapping

from tests.isolation.world import Thing

_LOGGED: dict[str, object] = {
    "kind": "incident", "channel": "phone", "caller_name": "Ann Caller", "caller_email": "", "summary": "It flew",
    "detail": "", "system": "", "category": "software", "impact": "team", "urgency": "no",
    "submission": "0123456789abcdef",
}  # fmt: skip
_WISHED: dict[str, object] = {"detail": "For mine", "urgency": "yes", "submission": "0123456789abcdef"}


def _act(act: str, **given: object) -> tuple[str, Callable[[Thing], dict[str, object]]]:
    return f"workplace:desk_call_{act}", lambda thing: {"expected": thing.desk.seq, **given}


BODIES: Mapping[str, Callable[[Thing], dict[str, object]]] = {
    **dict(
        (
            _act("take"),
            _act("reply", text="We look at it."),
            _act("ask", question="Which one?"),
            _act("resolve", fix="It is back."),
            _act("priority", impact="council", urgency="no", why="All of them"),
            _act("note", text="A note"),
            _act("accept"),
            _act("turn_down", why="Not ours"),
            _act("withdraw", why="Not needed"),
            _act("split", summary="Another bird", detail="", submission="0123456789abcdef"),
            _act("tell_all", text="We look at it."),
            _act("resolve_all", fix="It is back."),
            _act("put_back"),
            _act("reopen", why="It flew again"),
            _act("bring_back", result="They said so"),
            _act("supplier", route="1", their_reference="X"),
            _act("supplier_answered", their_reference="X"),
            _act("supplier_back", result="They said so"),
            _act("release"),
            _act("unmerge", why="Another bird"),
            _act("no_problem"),
        )
    ),
    "workplace:desk_call_assign": lambda thing: {
        "expected": thing.desk.seq, "to": f"team:{thing.crew}", "why": "They know"
    },
    "workplace:desk_call_merge": lambda thing: {
        "expected": thing.desk.seq, "other": thing.desk.call, "why": "The same"
    },
    "workplace:desk_call_under": lambda thing: {"expected": thing.desk.seq, "other": thing.desk.call},
    "workplace:desk_call_link": lambda thing: {"expected": thing.desk.seq, "other": thing.reference},
    "workplace:desk_call_problem": lambda thing: {"expected": thing.desk.seq, "other": thing.desk.call},
    "workplace:desk_call_move": lambda thing: {
        "expected": thing.desk.seq, "council": thing.council_id, "why": "It is theirs"
    },
    "workplace:desk_bulk": lambda thing: {"act": "take", "sure": "yes", "call": [thing.desk.call]},
    "workplace:desk_new": lambda thing: _LOGGED | {"council": thing.code, "under": thing.desk.call},
    "workplace:desk_report": lambda _: _LOGGED,
    "workplace:desk_ask": lambda _: _WISHED,
    "workplace:desk_mine_say": lambda thing: {"say-expected": thing.desk.seq, "say-text": "It is back"},
    "workplace:desk_mine_works": lambda thing: {"works-expected": thing.desk.seq, "works-works": "yes"},
    "workplace:desk_mine_withdraw": lambda thing: {"withdraw-expected": thing.desk.seq},
}  # fmt: skip
SENT_EMPTY = frozenset({"workplace:desk_follow"})


def _other(act: str, **given: object) -> tuple[str, Callable[[Thing, Thing], dict[str, object]]]:
    return f"workplace:desk_call_{act}", lambda own, other: {
        "expected": own.desk.seq, "other": other.desk.call, **given
    }  # fmt: skip


SMUGGLED: Mapping[str, Callable[[Thing, Thing], dict[str, object]]] = {
    **dict((_other("merge", why="x"), _other("under"), _other("link"), _other("problem"))),
    "workplace:desk_call_assign": lambda own, other: {
        "expected": own.desk.seq, "to": f"person:{other.team}:{other.staff}", "why": "x"
    },
    "workplace:desk_call_move": lambda own, other: {
        "expected": own.desk.seq, "council": other.council_id, "why": "x"
    },
    "workplace:desk_bulk": lambda own, other: {
        "act": "under", "sure": "yes", "call": [own.desk.call, other.desk.call], "into": other.desk.call,
    },
    "workplace:desk_new": lambda own, other: _LOGGED
    | {"council": own.code, "caller": other.staff, "under": other.desk.call},
    "workplace:desk_ask": lambda _, other: _WISHED | {"for": other.staff, "by": "desk"},
    "workplace:desk_report": lambda _, other: _LOGGED | {"council": other.code, "requester_id": other.user},
}  # fmt: skip
