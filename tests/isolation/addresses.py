"""Every address of the house, filled with the things of a council. What is not known here fails the matrix."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from moothall.councils.doors import Door
from moothall.plain.references import new_reference
from moothall.workplace.desk_urls import calls
from tests.isolation import changing, channels, desk, helping, leading, packs, residents
from tests.isolation.linked import Linked
from tests.isolation.world import Thing

Fill = Callable[[Thing], object]
NOWHERE = 2**40 + 7


class UnknownAddress(AssertionError):
    """An address that the matrix cannot fill."""


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its name, its parameters and the door of its view."""

    name: str
    route: str
    params: tuple[str, ...]
    door: Any

    def path(self, thing: Thing, site: str = "") -> str:
        """Return the address with the things of a council; `site` is the council whose site it is on."""
        given = {param: self._value(param, thing, site) for param in self.params}
        return reverse(self.name, kwargs=given)

    def _value(self, param: str, thing: Thing, site: str) -> object:
        if param == "council":
            return site or thing.code
        fill = FILLS.get(f"{self.name}:{param}") or FILLS.get(param)
        if fill is None:
            raise UnknownAddress(
                f"/{self.route} has the parameter “{param}”, which the isolation matrix does not know. Say in"
                f" tests/isolation/addresses.py, under FILLS, which thing of a council it names: “{self.name}:{param}”."
            )
        return fill(thing)

    @property
    def is_owned(self) -> bool:
        """Whether it names a thing of one council, or of one person there."""
        return any(f"{self.name}:{param}" in OWNED or param in OWNED for param in self.params)

    @property
    def is_of_service(self) -> bool:
        """Whether it names the case of a service, which for those of the service desk is nowhere."""
        by_reference = f"{self.name}:reference" not in FILLS and "reference" in self.params
        return by_reference and any(each.startswith("process.case.") for each in self.permissions)

    @property
    def on_site(self) -> bool:
        return "council" in self.params

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions that its door asks for; any one of them lets in."""
        return tuple(str(each.value) for each in self.door.permissions) if isinstance(self.door, Door) else ()

    @property
    def also(self) -> tuple[str, ...]:
        """The permission that its door asks for besides, if there is one."""
        also = self.door.also if isinstance(self.door, Door) else None
        return (str(also.value),) if also else ()


CONTACT_PAGES = tuple(
    f"workplace:{name}:number"
    for name in (
        "contact",
        "contact_put",
        "contact_avoidable",
        "contact_settled",
        "contact_aside",
        "contact_answer",
    )
)
CALL_PAGES = tuple(
    f"workplace:{each.name}:reference" for each in calls.PATTERNS if "<slug:reference>" in str(each.pattern)
)
"""Addresses that name a call of the desk by its reference."""
FILLS: Mapping[str, Fill] = {
    **residents.FILLS,
    **helping.FILLS,
    **channels.FILLS,
    **changing.FILLS,
    **packs.FILLS,
    **leading.FILLS,
    **dict.fromkeys(CALL_PAGES, lambda thing: thing.desk.call),
    "workplace:desk_follow:number": lambda thing: thing.desk.outage,
    "workplace:desk_ask:key": lambda _: desk.WISH,
    "service": lambda thing: thing.service,
    "code": lambda thing: thing.code,
    "reference": lambda thing: thing.reference,
    "token": lambda thing: thing.token,
    "step": lambda _: "check",
    "portal:answer:step": lambda _: "reply",
    "portal:answer:reference": lambda thing: thing.asked_reference,
    "portal:answer:token": lambda thing: thing.asked_token,
    "portal:mine_answer:step": lambda _: "reply",
    "portal:mine_answer:reference": lambda thing: thing.asked_reference,
    "portal:return:token": lambda thing: thing.draft_token,
    "portal:question:key": lambda _: "what",
    "workplace:clock:key": lambda _: "look",
    "workplace:process:key": lambda thing: thing.service,
    "workplace:process_bpmn:key": lambda thing: thing.service,
    "workplace:process_picture:key": lambda thing: thing.service,
    "workplace:process_changes:key": lambda thing: thing.service,
    "workplace:process_trial:key": lambda thing: thing.service,
    "workplace:process_move:key": lambda thing: thing.service,
    "workplace:draft:key": lambda thing: thing.service,
    "workplace:draft_check:key": lambda thing: thing.service,
    "workplace:review:key": lambda thing: thing.service,
    "workplace:decide:key": lambda thing: thing.service,
    "workplace:laid:key": lambda thing: thing.service,
    "workplace:laid_remove:key": lambda thing: thing.service,
    "workplace:laid_draft:key": lambda thing: thing.service,
    "workplace:laid_draft_check:key": lambda thing: thing.service,
    "workplace:laid_review:key": lambda thing: thing.service,
    "workplace:laid_decide:key": lambda thing: thing.service,
    "workplace:xray_summary:key": lambda thing: thing.service,
    "workplace:xray_cases:key": lambda thing: thing.service,
    "workplace:xray_export:key": lambda thing: thing.service,
    "workplace:xray_plate:key": lambda thing: thing.service,
    "workplace:xray_plate:view": lambda _: "waiting",
    "workplace:xray_table:key": lambda thing: thing.service,
    "workplace:xray_table:view": lambda _: "waiting",
    "workplace:answer:key": lambda _: "what",
    "workplace:begin:key": lambda thing: thing.service,
    "workplace:file:number": lambda thing: thing.file,
    "person": lambda thing: thing.person,
    "workplace:register_add:kind": lambda _: "phone",
    "workplace:register_replace:number": lambda thing: thing.fact,
    "workplace:register_end:number": lambda thing: thing.fact,
    "workplace:register_part:number": lambda thing: thing.relationship,
    "record": lambda thing: thing.record,
    "workplace:rights_unrestrict:person": lambda thing: thing.restricted[0],
    "workplace:rights_unrestrict:record": lambda thing: thing.restricted[1],
    "workplace:retention_confirm:person": lambda thing: thing.proposed[0],
    "workplace:retention_confirm:record": lambda thing: thing.proposed[1],
    "workplace:rights_rectify:number": lambda thing: thing.fact,
    "workplace:certificate:number": lambda thing: thing.certificate,
    **dict.fromkeys(CONTACT_PAGES, lambda thing: thing.contact),
    "workplace:mail_again:number": lambda thing: thing.received,
    "workplace:mail_aside:number": lambda thing: thing.received,
    "workplace:mail_original:number": lambda thing: thing.received,
    "workplace:duplicate:number": lambda thing: thing.linked.question,
    "workplace:duplicate_decide:number": lambda thing: thing.linked.question,
    "workplace:duplicate_undo:number": lambda thing: thing.linked.joined,
    "workplace:person:number": lambda thing: thing.staff,
    "workplace:give_role:number": lambda thing: thing.staff,
    "workplace:take_role:number": lambda thing: thing.staff,
    "workplace:leaves:number": lambda thing: thing.staff,
    "workplace:send_again:number": lambda thing: thing.job,
    "mail:letter:number": lambda thing: thing.job,
    "mail_in:take:number": lambda thing: thing.job,
    "demo_become:pk": lambda thing: thing.user,
    "identity:end_session:pk": lambda thing: thing.session,
    "mfa_remove_webauthn:pk": lambda thing: thing.passkey,
    "mfa_edit_webauthn:pk": lambda thing: thing.passkey,
    "provider_id": lambda thing: thing.code,
    "account_reset_password_from_key:uidb36": lambda thing: f"{thing.user:x}",
    "account_reset_password_from_key:key": lambda _: "set-password",
    "look:theme:version": lambda _: "00000000",
}
OWNED = frozenset(
    {"reference", "person", "token", "number", "identity:end_session:pk", "mfa_remove_webauthn:pk"}
    | {
        "mfa_edit_webauthn:pk",
        "workplace:raise_fill:code",
        "workplace:close_day:code",
        "workplace:cutoffs_change:code",
    }
    | {"workplace:open_day:code", "workplace:begin:code", "workplace:laid:code", "workplace:laid_remove:code"}
    | {"workplace:laid_draft:code", "workplace:laid_draft_check:code", "workplace:laid_review:code"}
    | {"workplace:laid_decide:code"}
    | helping.OWNED
    | channels.OWNED
    | changing.OWNED
    | packs.OWNED
)
"""Parameters that name a thing of one council (or of one of its people): elsewhere it does not exist."""


def addresses() -> list[Address]:
    """Return every address that answers, also those of the sign-in library."""
    return walked(get_resolver().url_patterns)


def walked(patterns: list[URLPattern | URLResolver]) -> list[Address]:
    """Return every address of some patterns."""
    return list(_walk(patterns))


def _walk(
    patterns: list[URLPattern | URLResolver], before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[Address]:
    for found in patterns:
        here = f"{before}{found.pattern}"
        if isinstance(found, URLResolver):
            inner = (*spaces, found.namespace) if found.namespace else spaces
            yield from _walk(found.url_patterns, here, inner)
        else:
            if not found.name:
                raise UnknownAddress(f"/{here} has no name. Give it one, so that the matrix can come to it.")
            params = tuple(dict.fromkeys(re.findall(r"<(?:\w+:)?(\w+)>", here)))
            name = ":".join((*spaces, found.name))
            yield Address(name, here, params, getattr(found.callback, "door", None))


def nothing_like(thing: Thing) -> Thing:
    """Return a thing of the same shape that is nowhere."""
    return replace(
        thing,
        code="nowhere",
        service=thing.service,
        reference=new_reference("ZZ"),
        person=new_reference("PSN"),
        kin=new_reference("PSN"),
        record=NOWHERE,
        certificate=NOWHERE,
        proposed=(new_reference("PSN"), NOWHERE),
        restricted=(new_reference("PSN"), NOWHERE),
        fact=NOWHERE,
        desk=desk.nowhere(NOWHERE),
        relationship=NOWHERE,
        linked=Linked(NOWHERE, NOWHERE, NOWHERE),
        own=residents.Own(),
        contact=NOWHERE,
        received=NOWHERE,
        token="x" * 32,
        asked_reference=new_reference("ZZ"),
        asked_token="y" * 32,
        draft_token="w" * 32,
        file=NOWHERE,
        staff=NOWHERE,
        user=NOWHERE,
        job=NOWHERE,
        session=NOWHERE,
        passkey=NOWHERE,
        exists=False,
        secrets=(),
    )


def _cut(code: str, kind: str) -> str:
    """Return the beginning of a canary: it finds the word, and is not the word when the page says it again."""
    return f"zq{code}{kind[:-1]}"


def _search(thing: Thing) -> list[dict[str, object]]:
    return [
        {"q": _cut(thing.code, "case")},
        {"q": thing.reference},
        {"q": _cut(thing.code, "call")},
        {"q": thing.desk.call},
        {"q": f"it said {_cut(thing.code, 'case')}"},
        {"q": _cut(thing.code, "hidden")},
        {"q": _cut(thing.code, "person")},
        {"q": thing.person},
        {"q": thing.locked},
        {"q": f"uma {_cut(thing.code, 'locked')}"},
        *[dict[str, object](q=reference) for reference, _ in thing.apart],
    ]


def _work(thing: Thing) -> list[dict[str, object]]:
    return [
        {"tab": "all", "council": thing.council_id},
        {"tab": "team", "team": thing.team},
        {"tab": "free", "team": thing.team, "council": thing.council_id, "late": "on"},
        {"tab": "resident", "after": "2020-01-01T00:00:00+00:00_0"},
    ]


def _record(thing: Thing) -> list[dict[str, object]]:
    return [
        {"about": f"cage:{thing.council_id}"},
        {"who": _cut(thing.code, "staff")},
        {"about": f"case:{thing.case_id}", "before": 2**40},
        {"what": "case"},
    ]


def _people(thing: Thing) -> list[dict[str, object]]:
    return [
        {"council": thing.code},
        {"q": _cut(thing.code, "desk")},
        {"q": _cut(thing.code, "staff"), "gone": "on"},
    ]


def _queue(thing: Thing) -> list[dict[str, object]]:
    return [
        {"tab": "all", "council": thing.council_id},
        {"tab": "all", "words": _cut(thing.code, "call")},
        {"tab": "all", "words": thing.desk.call},
        {"tab": "free", "team": thing.team, "late": "on", "system": desk.SYSTEM},
        {"tab": "resolved", "after": "2020-01-01T00:00:00+00:00_0"},
    ]


QUERIES: Mapping[str, Callable[[Thing], list[dict[str, object]]]] = {
    **helping.QUERIES,
    **changing.QUERIES,
    **packs.QUERIES,
    **leading.QUERIES,
    "workplace:home": _work,
    "workplace:search": _search,
    "workplace:desk_queue": _queue,
    "workplace:desk_new": lambda thing: [
        {"q": _cut(thing.code, "staff")},
        {"caller": thing.staff},
        {"council": thing.code, "kind": "request"},
    ],
    "workplace:desk_help": lambda thing: [{"q": _cut(thing.code, "call")}],
    "workplace:duplicates": lambda thing: [{"council": thing.council_id}, {"after": "9.5_1"}],
    "workplace:case_person": lambda thing: [{"q": _cut(thing.code, "person")}],
    "workplace:register_person": lambda _: [{"before": "2030-01-01T00:00:00+00:00_9"}],
    "workplace:register_looks": lambda _: [{"before": 2**40}],
    "workplace:register_relate": lambda thing: [{"q": _cut(thing.code, "person")}, {"other": thing.kin}],
    "workplace:raise_fill": lambda thing: [{"person": thing.person}],
    "workplace:contacts": lambda _: [{"tab": "nobody"}],
    "workplace:demand": lambda thing: [{"council": thing.code, "months": 3}],
    "workplace:demand_contacts": lambda thing: [
        {"figure": "all"},
        {"council": thing.code, "channel": "e-mail"},
    ],
    "workplace:journal": _record,
    "workplace:people": _people,
    "workplace:case": lambda _: [{"history": "all"}],
    "workplace:desk_call": lambda _: [{"history": "all"}],
    "workplace:compare": lambda _: [{"with": "done"}, {"with": "1"}],
    "workplace:process": lambda _: [{"version": 1}],
    "workplace:process_changes": lambda _: [{"from": 1, "to": 2}],
    "workplace:process_trial": lambda thing: [{"cases": 3, "council": thing.code}],
    "workplace:review": lambda thing: [
        {"with": "all"},
        {"cases": 3, "with": "made-up", "council": thing.code},
    ],
    "workplace:xray_summary": lambda thing: [{"council": thing.code}],
    "workplace:xray_plate": lambda thing: [{"council": thing.code}],
    "workplace:xray_cases": lambda thing: [
        {"figure": "cases"},
        {"figure": "council", "at_council": thing.council_id},
        {"figure": "routes", "like": thing.case_id},
        {"figure": "runs", "step": "check", "council": thing.code},
    ],
    "workplace:xray_table": lambda thing: [{"table": "waits", "council": thing.code}],
    "portal:find": lambda thing: [{"q": _cut(thing.code, "case")}],
    "portal:lost_link": lambda thing: [{"reference": thing.reference}],
    "mail:mailbox": lambda thing: [{"to": _cut(thing.code, "asker")}],
}
"""What is asked of a list, beside the list itself: every filter, cursor and search, with things of that council."""


def asked(address: Address, thing: Thing) -> list[str]:
    """Return the address with everything that can be asked of it."""
    path = address.path(thing)
    ask = QUERIES.get(address.name)
    return [path, *(f"{path}?{urlencode(query)}" for query in (ask(thing) if ask else []))]


def apart_at(address: Address, apart: Iterable[Thing]) -> Iterator[Thing]:
    """Return what is kept apart and could be named by an address: its cases, and once its process."""
    if not address.name.startswith("workplace:"):
        return
    for thing in apart:
        if f"{address.name}:number" in CONTACT_PAGES and thing.level in {"hidden", "locked"}:
            yield thing
        if thing.level == "desk":
            if "reference" in address.params and f"{address.name}:reference" not in FILLS:
                yield thing
            continue
        if thing.level == "locked":
            if "person" in address.params:
                yield thing
            continue
        a_process = "/zq-process/" in address.path(replace(thing, service="zq-process"))
        if "reference" in address.params or (a_process and thing.level == "partly"):
            yield thing
