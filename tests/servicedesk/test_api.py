"""Other systems log, read, find and add to calls, by a key of one council, and of no other ever."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process.models import Case, Event
from moothall.servicedesk.actions import calls, joining, keys, working
from moothall.servicedesk.actions.keys import MadeKey
from moothall.servicedesk.errors.channels import KeyRefused
from moothall.servicedesk.models import ApiKey, Call
from moothall.servicedesk.queries.keys import SCOPES
from tests.servicedesk.channel_world import Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

CALL = {"summary": "The foyer screen is dark", "category": "hardware", "impact": "team", "urgency": "partly"}
BASE = "/api/desk/v1/"


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


@pytest.fixture
def key(desk: Desk, now: datetime) -> MadeKey:
    return made(desk, now)


def made(desk: Desk, now: datetime, *may: str, council: Any = None) -> MadeKey:
    who = desk.viewer(desk.manager)
    return keys.make_key(
        by=who, council=council or desk.other, name="Foyer screens", may=may or SCOPES, now=now
    )


def ask(
    key: MadeKey | None,
    way: str,
    address: str,
    data: object = None,
    *,
    number: str = "one",
    secret: str = "",
) -> HttpResponse:
    """Ask the API as another system does: outside any scope and session."""
    headers = {"Idempotency-Key": number} if number else {}
    if key is not None or secret:
        headers["Authorization"] = f"Bearer {secret or (key.secret if key else '')}"
    with scope.nothing():
        answer = Client().generic(
            way,
            f"{BASE}{address}",
            json.dumps(data) if data is not None else "",
            content_type="application/json",
            headers=headers,
        )
    assert isinstance(answer, HttpResponse)
    return answer


def read(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def logged(desk: Desk, now: datetime, council: Any, summary: str) -> Call:
    return calls.log_call(
        by=Viewer.system(),
        council=council,
        kind="incident",
        answers={**CALL, "summary": summary},
        now=now,
        submission=f"test:{summary}",
    )


def say(key: MadeKey, call: Call, text: str) -> Any:
    """Let the user of a call say something by the API; return the call in which it stands."""
    answer = ask(key, "POST", f"calls/{call.reference}/messages", {"text": text})
    assert answer.status_code == 201, answer.content
    return read(answer)


def close(desk: Desk, call: Call, now: datetime) -> None:
    """Put a call right, and let its user say that it works."""
    working.resolve(by=desk.viewer(desk.analyst), call_id=call.pk, fix="Done.", expected=None, now=now)
    process.act(
        by=Viewer.system(), case_id=call.case_id, step="confirm", expected=None, now=now, outcome="works"
    )


class TestAKey:
    def test_is_kept_as_its_digest_and_shown_once(self, key: MadeKey) -> None:
        row = ApiKey.objects.get()
        assert key.secret.startswith(row.prefix)
        assert key.secret not in json.dumps([row.sha256, row.name, row.prefix])

    @pytest.mark.parametrize("secret", ["", "mh_", "mh_" + "x" * 40, "other", "x" * 500])
    def test_that_is_none_is_refused(self, key: MadeKey, secret: str) -> None:
        answer = ask(None, "GET", "calls", secret=secret)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert read(answer)["type"] == "urn:moothall:problem:servicedesk.key_not_known"

    def test_that_begins_the_same_is_refused(self, key: MadeKey) -> None:
        assert ask(None, "GET", "calls", secret=key.secret[:-1] + "~").status_code == 401

    def test_that_was_ended_is_refused(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        keys.end_key(by=desk.viewer(desk.manager), key_id=key.key.pk, now=now)
        assert ask(key, "GET", "calls").status_code == 401

    @pytest.mark.parametrize(
        ("may", "way", "address", "data"),
        [
            ("read", "POST", "calls", CALL),
            ("log", "GET", "calls", None),
            ("log", "GET", "search?q=x", None),
            ("read", "POST", "calls/X/messages", {"text": "Hello"}),
        ],
    )
    def test_may_do_what_it_was_made_for_and_nothing_else(
        self, desk: Desk, now: datetime, may: str, way: str, address: str, data: object
    ) -> None:
        answer = ask(made(desk, now, may), way, address, data)
        assert answer.status_code == 403
        assert "This key may not" in read(answer)["detail"]

    def test_may_ask_so_often_in_a_minute(self, key: MadeKey, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keys, "A_MINUTE", 3)
        codes = [ask(key, "GET", "calls").status_code for _ in range(9)]
        assert 429 in codes
        assert codes[0] == 200

    def test_says_when_it_was_used_last(self, key: MadeKey) -> None:
        ask(key, "GET", "calls")
        assert ApiKey.objects.get().used_at is not None

    def test_is_made_by_whoever_sets_up_the_desk_there(self, desk: Desk, now: datetime) -> None:
        with pytest.raises((Refused, NotFound)):
            keys.make_key(by=desk.viewer(desk.analyst), council=desk.other, name="X", may=["log"], now=now)
        with pytest.raises(KeyRefused, match="Select what the key may do"):
            keys.make_key(by=desk.viewer(desk.manager), council=desk.other, name="X", may=["all"], now=now)


class TestLoggingACall:
    def test_makes_one_at_the_council_of_the_key(self, desk: Desk, key: MadeKey) -> None:
        answer = ask(key, "POST", "calls", {**CALL, "caller_email": "otto@alder.example"})
        assert answer.status_code == 201
        call = Call.objects.get()
        assert (call.council_id, call.channel, call.requester_id) == (
            desk.other.pk, "api", desk.user_of_other.user_id,
        )  # fmt: skip
        assert read(answer)["reference"] == call.reference
        assert read(answer)["priority"] == 3

    def test_is_done_once_for_each_idempotency_key(self, key: MadeKey) -> None:
        first, again = (ask(key, "POST", "calls", CALL) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert read(first)["reference"] == read(again)["reference"]
        assert Call.objects.count() == 1
        assert ask(key, "POST", "calls", CALL, number="two").status_code == 201

    def test_refuses_the_same_key_for_something_else(self, key: MadeKey) -> None:
        ask(key, "POST", "calls", CALL)
        answer = ask(key, "POST", "calls", {**CALL, "summary": "Another"})
        assert answer.status_code == 422
        assert "was used for another call" in read(answer)["detail"]

    def test_needs_an_idempotency_key(self, key: MadeKey) -> None:
        assert ask(key, "POST", "calls", CALL, number="").status_code == 422

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({}, "summary"),
            ({**CALL, "impact": "world"}, "impact"),
            ({**CALL, "caller_email": "nobody"}, "caller_email"),
            ({**CALL, "council": "wenbury"}, "council"),
            ({**CALL, "summary": "x" * 201}, "summary"),
        ],
    )
    def test_says_which_part_is_wrong(self, key: MadeKey, data: object, field: str) -> None:
        answer = ask(key, "POST", "calls", data)
        assert answer.status_code == 422
        assert field in read(answer)["fields"]
        assert not Call.objects.exists()

    def test_does_not_take_what_is_not_json_or_far_too_much(self, key: MadeKey) -> None:
        headers = {"Authorization": f"Bearer {key.secret}", "Idempotency-Key": "x"}
        for body, status in (("{", 400), ("x" * 70_000, 413)):
            answer = Client().post(f"{BASE}calls", body, content_type="application/json", headers=headers)
            assert answer.status_code == status
            assert answer["Content-Type"] == "application/problem+json"

    def test_takes_a_request_too(self, key: MadeKey) -> None:
        asked = {"kind": "request", "summary": "A second screen", "urgency": "yes"}
        assert read(ask(key, "POST", "calls", asked))["kind"] == "request"


class TestReadingCalls:
    def test_returns_one_with_what_was_written(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        call = logged(desk, now, desk.other, "Ours")
        working.reply(by=desk.viewer(desk.analyst), call_id=call.pk, text="On our way.", now=now)
        working.note(by=desk.viewer(desk.analyst), call_id=call.pk, text="He shouts.", now=now)
        found = read(ask(key, "GET", f"calls/{call.reference}"))
        assert [each["text"] for each in found["messages"]] == ["On our way."]
        assert found["headline"] == "Ours"

    def test_lists_page_by_page_each_once(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        names = [logged(desk, now, desk.other, f"Call {number}").reference for number in range(5)]
        seen, after = [], ""
        while True:
            page = read(ask(key, "GET", f"calls?limit=2{after}"))
            seen += [each["reference"] for each in page["calls"]]
            if page["more"] is None:
                break
            after = f"&after={page['more']}"
        assert seen == names[::-1]

    def test_asks_the_database_as_often_for_many_as_for_one(
        self, desk: Desk, key: MadeKey, now: datetime
    ) -> None:
        logged(desk, now, desk.other, "First")
        with CaptureQueriesContext(connection) as one:
            ask(key, "GET", "calls")
        for number in range(6):
            logged(desk, now, desk.other, f"Call {number}")
        with CaptureQueriesContext(connection) as many:
            assert len(read(ask(key, "GET", "calls"))["calls"]) == 7
        assert len(many) == len(one) <= 6

    def test_finds_by_words(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        logged(desk, now, desk.other, "The kiosk is dark")
        logged(desk, now, desk.other, "The printer is loud")
        found = read(ask(key, "GET", "search?q=kiosk%20dark"))
        assert [each["headline"] for each in found["calls"]] == ["The kiosk is dark"]

    def test_shows_nothing_of_another_council(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        other = logged(desk, now, desk.host, "Canary of the host")
        assert ask(key, "GET", f"calls/{other.reference}").status_code == 404
        assert ask(key, "POST", f"calls/{other.reference}/messages", {"text": "Hello"}).status_code == 404
        for address in ("calls", "search?q=canary"):
            assert read(ask(key, "GET", address))["calls"] == []

    def test_shows_nothing_that_is_private(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        call = logged(desk, now, desk.other, "Hush")
        Call.objects.update(circle="ict-security")
        assert ask(key, "GET", f"calls/{call.reference}").status_code == 404
        assert read(ask(key, "GET", "calls"))["calls"] == []

    def test_says_what_is_wrong_with_a_question(self, key: MadeKey) -> None:
        answer = ask(key, "GET", "calls?limit=9999")
        assert answer.status_code == 422
        assert "limit" in read(answer)["fields"]


class TestWhatTheUserSaysOfAClosedCall:
    @pytest.fixture
    def closed(self, desk: Desk, key: MadeKey, now: datetime) -> Call:
        """A call of Otto's that was put right and closed."""
        made = ask(key, "POST", "calls", {**CALL, "caller_email": "otto@alder.example"})
        call: Call = Call.objects.get(reference=read(made)["reference"])
        close(desk, call, now)
        return call

    def test_is_a_new_call_of_theirs_that_knows_of_it(self, desk: Desk, key: MadeKey, closed: Call) -> None:
        said = say(key, closed, "It is dark again.")
        new = Call.objects.latest("id")
        assert (said["reference"], said["state"]) == (new.reference, "new")
        assert new.reference != closed.reference
        assert (new.requester_id, new.channel, new.headline) == (
            desk.user_of_other.user_id, "api", closed.headline,
        )  # fmt: skip
        assert Case.objects.get(pk=new.case_id).data["detail"] == "It is dark again."
        note = Event.objects.get(case_id=new.case_id, kind="noted")
        assert json.loads(note.body)["text"] == f"This answers {closed.reference}, which is closed."
        assert Event.objects.filter(case_id=new.case_id, kind="linked").exists()

    def test_leaves_the_closed_one_as_it_is(self, key: MadeKey, closed: Call) -> None:
        before = Event.objects.filter(case_id=closed.case_id).exclude(kind="linked").count()
        say(key, closed, "It is dark again.")
        closed.refresh_from_db()
        assert (closed.state, closed.ended, closed.reopened) == ("closed", "done", 0)
        assert Event.objects.filter(case_id=closed.case_id).exclude(kind="linked").count() == before

    def test_is_confirmed_to_them(self, desk: Desk, key: MadeKey, closed: Call) -> None:
        reference = say(key, closed, "It is dark again.")["reference"]
        assert Message.objects.filter(to="otto@alder.example", subject__startswith=reference).count() == 1

    def test_said_twice_is_one_new_call(self, desk: Desk, key: MadeKey, closed: Call, now: datetime) -> None:
        first, again = (say(key, closed, "It is dark again.")["reference"] for _ in range(2))
        assert first == again
        assert Call.objects.count() == 2
        new = Call.objects.get(reference=first)
        assert Event.objects.filter(case_id=new.case_id, kind="noted").count() == 1
        close(desk, new, now)
        third = say(key, closed, "It is dark again.")["reference"]
        assert third not in {first, closed.reference}
        assert Event.objects.filter(body__contains=f"This answers {first}").exists()

    def test_takes_up_the_new_one_again_where_that_was_resolved(
        self, desk: Desk, key: MadeKey, closed: Call, now: datetime
    ) -> None:
        first = Call.objects.get(reference=say(key, closed, "It is dark again.")["reference"])
        working.resolve(by=desk.viewer(desk.analyst), call_id=first.pk, fix="Bulb.", expected=None, now=now)
        assert say(key, closed, "It is dark again.")["reference"] == first.reference
        first.refresh_from_db()
        assert (first.state, first.reopened) == ("open", 1)

    @pytest.mark.parametrize("kind", ["desk", "note"])
    def test_is_not_what_the_desk_adds_to_it(self, key: MadeKey, closed: Call, kind: str) -> None:
        answer = ask(
            key, "POST", f"calls/{closed.reference}/messages", {"kind": kind, "text": "It was a fuse."}
        )
        assert (read(answer)["reference"], read(answer)["state"]) == (closed.reference, "closed")
        assert Call.objects.count() == 1


class TestAddingToACall:
    def test_adds_what_the_user_says(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        call = logged(desk, now, desk.other, "Ours")
        answer = ask(key, "POST", f"calls/{call.reference}/messages", {"text": "It hums.", "name": "Otto"})
        assert answer.status_code == 201
        event = Event.objects.filter(kind="noted").get()
        assert (event.actor_name, json.loads(event.body)["text"]) == ("Otto", "It hums.")

    def test_takes_up_again_what_was_resolved(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        call = logged(desk, now, desk.other, "Ours")
        working.resolve(by=desk.viewer(desk.analyst), call_id=call.pk, fix="Done.", expected=None, now=now)
        ask(key, "POST", f"calls/{call.reference}/messages", {"text": "Still dark."})
        call.refresh_from_db()
        assert call.state == "open"

    def test_leaves_resolved_what_they_only_say_thank_you_for(
        self, desk: Desk, key: MadeKey, now: datetime
    ) -> None:
        call = logged(desk, now, desk.other, "Ours")
        working.resolve(by=desk.viewer(desk.analyst), call_id=call.pk, fix="Done.", expected=None, now=now)
        assert say(key, call, "Thanks, works now!")["state"] == "resolved"
        notes = [json.loads(each.body)["text"] for each in Event.objects.filter(kind="noted").order_by("seq")]
        assert notes == ["They only say thank you, so the call stays resolved.", "Thanks, works now!"]

    def test_answers_the_question_that_is_open(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        call = logged(desk, now, desk.other, "Ours")
        analyst = desk.viewer(desk.analyst)
        working.accept(by=analyst, call_id=call.pk, expected=None, now=now)
        working.ask_user(by=analyst, call_id=call.pk, question="Which screen?", expected=None, now=now)
        assert say(key, call, "The left one.")["state"] == "open"
        assert Case.objects.get().data["told"] == "The left one."

    def test_goes_to_the_call_that_a_merged_one_goes_on_as(
        self, desk: Desk, key: MadeKey, now: datetime
    ) -> None:
        first, second = (logged(desk, now, desk.other, each) for each in ("First", "Second"))
        joining.merge(by=Viewer.system(), call_id=first.pk, into_id=second.pk, why="", expected=None, now=now)
        assert say(key, first, "Still dark.")["reference"] == second.reference
        assert Call.objects.count() == 2
        Case.objects.filter(pk=second.case_id).update(circle="ict-security")
        answer = ask(key, "POST", f"calls/{first.reference}/messages", {"text": "And the other."})
        assert answer.status_code == 404
        assert not Event.objects.filter(body__contains="And the other.").exists()

    def test_writes_to_the_user(self, desk: Desk, key: MadeKey, now: datetime) -> None:
        call = logged(desk, now, desk.other, "Ours")
        ask(
            key, "POST", f"calls/{call.reference}/messages", {"kind": "desk", "text": "A part is on its way."}
        )
        call.refresh_from_db()
        assert call.first_reply_at is not None
