"""The OpenAPI document of the desk's API is sound, and every answer that it names is given, and is as it says."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.servicedesk.actions import calls, keys, routing_to, saying, working
from moothall.servicedesk.models import Call
from moothall.servicedesk.queries.keys import SCOPES
from moothall.servicedesk.rules import kinds
from tests.servicedesk.channel_world import Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

BASE = "/api/desk/v1/"
CALLS, SEARCH = f"{BASE}calls", f"{BASE}search"
ONE = f"{CALLS}/{{reference}}"
MESSAGES = f"{ONE}/messages"
CALL = {"summary": "The foyer screen is dark", "category": "hardware", "impact": "team", "urgency": "partly"}
SAID = {"text": "It hums."}
OK, CREATED = 200, 201
UNREAD, NO_KEY, MAY_NOT, ABSENT, PASSED, TOO_LARGE, WRONG, TOO_OFTEN = 400, 401, 403, 404, 409, 413, 422, 429
LARGE = "x" * 70_000


@dataclass(frozen=True)
class House:
    """A desk with two calls of one council, one of them answered, and keys to its API there."""

    desk: Desk
    now: datetime
    call: Call

    def secret(self, *may: str) -> str:
        """Return a key's secret that may do these things; all of them if none is named."""
        who = self.desk.viewer(self.desk.manager)
        made = keys.make_key(
            by=who, council=self.desk.other, name="Foyer screens", may=may or SCOPES, now=self.now
        )
        return made.secret

    def ask(self, way: str, address: str, data: object = None, *, secret: str | None = None) -> HttpResponse:
        """Ask as another system does: outside any scope and session. Words go as they are, the rest as JSON."""
        body = data if isinstance(data, str) else "" if data is None else json.dumps(data)
        given = self.secret() if secret is None else secret
        headers = {"Authorization": f"Bearer {given}", "Idempotency-Key": "one"}
        with scope.nothing():
            answer = Client().generic(way, address, body, content_type="application/json", headers=headers)
        assert isinstance(answer, HttpResponse)
        return answer

    def log(self, data: object = CALL, *, secret: str | None = None) -> HttpResponse:
        return self.ask("POST", CALLS, data, secret=secret)

    def log_twice(self) -> HttpResponse:
        secret = self.secret()
        self.log(secret=secret)
        return self.log(secret=secret)

    def find(self, words: str = "q=dark", *, secret: str | None = None) -> HttpResponse:
        return self.ask("GET", f"{SEARCH}?{words}", secret=secret)

    def read(self, reference: str = "", *, secret: str | None = None) -> HttpResponse:
        return self.ask("GET", f"{CALLS}/{reference or self.call.reference}", secret=secret)

    def add(self, data: object = SAID, *, call: str = "", secret: str | None = None) -> HttpResponse:
        return self.ask("POST", f"{CALLS}/{call or self.call.reference}/messages", data, secret=secret)

    def log_without_a_process(self) -> HttpResponse:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kinds, "PROCESS", {**kinds.PROCESS, "incident": "nowhere"})
            return self.log()

    def add_too_late(self) -> HttpResponse:
        """Answer a question that somebody answered in the same moment."""
        analyst, call = self.desk.viewer(self.desk.analyst), self.call.pk
        working.ask_user(by=analyst, call_id=call, question="Which foyer?", expected=None, now=self.now)
        before = routing_to.state_of(self.call)
        working.bring_back(by=analyst, call_id=call, text="The east one.", expected=None, now=self.now)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(saying, "state_of", lambda _call: before)
            return self.add()

    def too_often(self, ask: Callable[[str], HttpResponse]) -> HttpResponse:
        secret = self.secret()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(keys, "A_MINUTE", 0)
            return ask(secret)


Provoke = Callable[[House], HttpResponse]
ANSWERS: Mapping[tuple[str, str, int], Provoke] = {
    ("post", CALLS, CREATED): lambda house: house.log(),
    ("post", CALLS, OK): lambda house: house.log_twice(),
    ("post", CALLS, UNREAD): lambda house: house.log("{"),
    ("post", CALLS, NO_KEY): lambda house: house.log(secret=""),
    ("post", CALLS, MAY_NOT): lambda house: house.log(secret=house.secret("read")),
    ("post", CALLS, PASSED): lambda house: house.log_without_a_process(),
    ("post", CALLS, TOO_LARGE): lambda house: house.log(LARGE),
    ("post", CALLS, WRONG): lambda house: house.log({**CALL, "impact": "world"}),
    ("post", CALLS, TOO_OFTEN): lambda house: house.too_often(lambda key: house.log(secret=key)),
    ("get", CALLS, OK): lambda house: house.ask("GET", f"{CALLS}?limit=1"),
    ("get", CALLS, NO_KEY): lambda house: house.ask("GET", CALLS, secret="mh_none"),
    ("get", CALLS, MAY_NOT): lambda house: house.ask("GET", CALLS, secret=house.secret("log")),
    ("get", CALLS, WRONG): lambda house: house.ask("GET", f"{CALLS}?limit=9999&changed_since=noon"),
    ("get", CALLS, TOO_OFTEN): lambda house: house.too_often(lambda key: house.ask("GET", CALLS, secret=key)),
    ("get", SEARCH, OK): lambda house: house.find(),
    ("get", SEARCH, NO_KEY): lambda house: house.find(secret=""),
    ("get", SEARCH, MAY_NOT): lambda house: house.find(secret=house.secret("log")),
    ("get", SEARCH, WRONG): lambda house: house.find("q="),
    ("get", SEARCH, TOO_OFTEN): lambda house: house.too_often(lambda key: house.find(secret=key)),
    ("get", ONE, OK): lambda house: house.read(),
    ("get", ONE, NO_KEY): lambda house: house.read(secret=""),
    ("get", ONE, MAY_NOT): lambda house: house.read(secret=house.secret("log")),
    ("get", ONE, ABSENT): lambda house: house.read("ICT-NONE"),
    ("get", ONE, TOO_OFTEN): lambda house: house.too_often(lambda key: house.read(secret=key)),
    ("post", MESSAGES, CREATED): lambda house: house.add(),
    ("post", MESSAGES, UNREAD): lambda house: house.add("[1"),
    ("post", MESSAGES, NO_KEY): lambda house: house.add(secret=""),
    ("post", MESSAGES, MAY_NOT): lambda house: house.add(secret=house.secret("read")),
    ("post", MESSAGES, ABSENT): lambda house: house.add(call="ICT-NONE"),
    ("post", MESSAGES, PASSED): lambda house: house.add_too_late(),
    ("post", MESSAGES, TOO_LARGE): lambda house: house.add(LARGE),
    ("post", MESSAGES, WRONG): lambda house: house.add({"text": ""}),
    ("post", MESSAGES, TOO_OFTEN): lambda house: house.too_often(lambda key: house.add(secret=key)),
}
"""Every answer of every operation, and how it is brought about."""
NAMES = [f"{way} {address.removeprefix(BASE)} {status}" for way, address, status in ANSWERS]

NOWHERE = [
    "/api/", "/api/desk/", BASE, f"{CALLS}/", f"{BASE}cases", f"{BASE}calls/X/notes", "/api/feeds/none", "/api/none",
]  # fmt: skip
"""Addresses for machines at which there is nothing."""

Odd = tuple[str, str, object, int]
ODD: Mapping[str, Odd] = {
    "nul in a summary": ("POST", CALLS, {**CALL, "summary": "dark\0"}, CREATED),
    "nul in a message": ("POST", f"{CALLS}/ONE/messages", {"text": "It hums.\0"}, CREATED),
    "half a letter": ("POST", CALLS, '{"summary": "dark \\ud800"}', WRONG),
    "nul in words": ("GET", f"{SEARCH}?q=%00", None, OK),
    "nul in a state": ("GET", f"{CALLS}?state=%00", None, WRONG),
    "nul in a reference": ("GET", f"{CALLS}/%00", None, ABSENT),
    "a far page": ("GET", f"{CALLS}?after=99999999999999999999999", None, OK),
    "a page before the first": ("GET", f"{SEARCH}?q=dark&after=-1", None, OK),
    "the first of all days": ("GET", f"{CALLS}?changed_since=0001-01-01T00:00:00Z", None, WRONG),
    "the last of all days": ("GET", f"{CALLS}?changed_since=9999-12-31T23:59:59-12:00", None, WRONG),
    "a time of nowhere": ("GET", f"{CALLS}?changed_since=2026-11-23T09:30:00", None, WRONG),
}
"""Words that are well formed and that a database may choke on."""


@pytest.fixture
def house(everything: None, now: datetime) -> House:
    desk = make_desk(now)
    call, _ = (_logged(desk.other, f"The screen is dark, {each}", now) for each in ("here", "there"))
    analyst = desk.viewer(desk.analyst)
    working.reply(by=analyst, call_id=call.pk, text="On our way.", now=now)
    return House(desk, now, call)


def _logged(council: Council, summary: str, now: datetime) -> Call:
    return calls.log_call(
        by=Viewer.system(),
        council=council,
        kind="incident",
        answers={**CALL, "summary": summary},
        now=now,
        submission=f"test:{summary}",
    )


def served() -> dict[str, Any]:
    """Return the document as it is served to anybody."""
    found: dict[str, Any] = Client().get(f"{BASE}openapi.json").json()
    return found


def operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for address, ways in found["paths"].items():
        yield from ((way, address, operation) for way, operation in ways.items())


def faults(found: dict[str, Any], schema: dict[str, Any], said: object) -> list[str]:
    """Return what of an answer is not as its schema says; what the schema does not name is a fault, too."""
    parts = json.loads(json.dumps(found["components"]))
    for part in parts["schemas"].values():
        part["additionalProperties"] = False
    judge = OAS31Validator({**schema, "components": parts}, format_checker=oas31_format_checker)
    return [f"{each.json_path}: {each.message}" for each in judge.iter_errors(said)]


class TestTheDocument:
    def test_is_valid_openapi_3_1(self) -> None:
        found = served()
        assert found["openapi"].startswith("3.1")
        assert [each.message for each in OpenAPIV31SpecValidator(found).iter_errors()] == []

    def test_names_every_answer_of_every_operation_and_no_other(self) -> None:
        named = {
            (way, address, int(status))
            for way, address, operation in operations(served())
            for status in operation["responses"]
        }
        assert named == set(ANSWERS)

    def test_names_its_operations_shortly(self) -> None:
        names = [operation["operationId"] for _, _, operation in operations(served())]
        assert names == ["log_call", "list_calls", "find_calls", "read_call", "add_message"]

    def test_asks_for_a_key_everywhere(self) -> None:
        found = served()
        assert found["components"]["securitySchemes"]["Key"] == {"type": "http", "scheme": "bearer"}
        assert all(operation["security"] == [{"Key": []}] for _, _, operation in operations(found))

    def test_says_what_becomes_of_a_message_to_a_closed_call(self) -> None:
        told = served()["paths"][MESSAGES]["post"]["description"]
        assert "What they say of one that is closed becomes a new call" in " ".join(told.split())

    def test_says_that_a_call_needs_an_idempotency_key(self) -> None:
        header = served()["paths"][CALLS]["post"]["parameters"][0]
        assert (header["in"], header["name"], header["required"]) == ("header", "Idempotency-Key", True)
        assert header["schema"]["maxLength"] == 100

    def test_has_examples_that_are_as_it_says(self) -> None:
        found = served()
        for part in ("NewCall", "NewMessage"):
            schema = found["components"]["schemas"][part]
            assert schema["examples"]
            for each in schema["examples"]:
                assert faults(found, {"$ref": f"#/components/schemas/{part}"}, each) == []


class TestAnAnswer:
    @pytest.mark.parametrize("case", ANSWERS, ids=NAMES)
    def test_is_as_the_document_says(self, house: House, case: tuple[str, str, int]) -> None:
        way, address, status = case
        answer = ANSWERS[case](house)
        assert answer.status_code == status, answer.content
        found = served()
        told = found["paths"][address][way]["responses"][str(status)]
        assert list(told["content"]) == [answer["Content-Type"].partition(";")[0]]
        (form,) = told["content"].values()
        said = json.loads(answer.content)
        assert faults(found, form["schema"], said) == []
        assert set(told.get("headers", {})) <= set(answer.headers)
        if status >= UNREAD:
            assert said["status"] == status

    def test_is_judged_by_what_the_document_says(self, house: House) -> None:
        found, said = served(), json.loads(house.read().content)
        one = {"$ref": "#/components/schemas/CallWhole"}
        assert faults(found, one, said) == []
        assert faults(found, one, {**said, "logged_at": "this morning"}) != []
        assert faults(found, one, {**said, "council_id": 4}) != []
        assert faults(found, one, {**said, "messages": [{"text": "x"}]}) != []

    @pytest.mark.parametrize("way", ["PUT", "PATCH", "DELETE"])
    def test_to_a_way_that_is_not_taken_is_a_problem_too(self, house: House, way: str) -> None:
        answer = house.ask(way, CALLS)
        assert answer.status_code == 405
        assert {each.strip() for each in answer["Allow"].split(",")} == {"GET", "POST"}
        assert answer["Content-Type"] == "application/problem+json"
        assert faults(served(), {"$ref": "#/components/schemas/Problem"}, json.loads(answer.content)) == []

    @pytest.mark.parametrize(
        ("way", "address", "taken"),
        [
            ("POST", f"{BASE}openapi.json", {"GET", "HEAD"}),
            ("GET", "/api/feeds/fernshire-monitoring/", {"POST"}),
            ("DELETE", "/api/feeds/fernshire-monitoring/", {"POST"}),
        ],
    )
    def test_of_the_other_doors_for_machines_is_a_problem_too(
        self, way: str, address: str, taken: set[str]
    ) -> None:
        answer = Client(enforce_csrf_checks=True).generic(way, address, "{}", content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
        assert {each.strip() for each in answer["Allow"].split(",")} == taken
        said = json.loads(answer.content)
        assert said["type"] == "urn:moothall:problem:servicedesk.method_not_taken"
        assert faults(served(), {"$ref": "#/components/schemas/Problem"}, said) == []

    @pytest.mark.parametrize("address", NOWHERE)
    def test_from_an_address_that_is_none_is_a_problem_whoever_asks(self, address: str) -> None:
        browser = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
        for way in ("GET", "POST", "PUT", "DELETE"):
            answer = browser.generic(way, address, "{}", content_type="application/json")
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
            said = json.loads(answer.content)
            assert said["type"] == "urn:moothall:problem:servicedesk.no_such_address"
            assert said["detail"] == "There is nothing at this address."
            assert faults(served(), {"$ref": "#/components/schemas/Problem"}, said) == []

    @pytest.mark.parametrize("words", ODD.values(), ids=ODD)
    def test_to_what_no_database_takes_says_what_is_wrong(self, house: House, words: Odd) -> None:
        way, address, data, status = words
        answer = house.ask(way, address.replace("ONE", house.call.reference), data)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"].startswith("application/")
