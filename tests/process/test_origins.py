"""Where each answer came from, how old it is, and what is pulled through from elsewhere."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.process import actions, cel, hooks, store
from moothall.process.definition import Definition
from moothall.process.engine import steps
from moothall.process.engine.state import CaseState, Pulled
from moothall.process.errors import NotYet
from tests.makers import make_user
from tests.process.in_memory import ANN, BOB, MONDAY, around, at, begun, do, kinds, last, made
from tests.process.making import Place, make_place, publish_repair

CLAIM = """
process: claim
title: Claim
owner: desk
start: [desk]
fields:
  name: {ask: Your name?, type: text, from: requester.name}
  income: {ask: Income?, label: Income, type: number}
  address: {ask: Where?, type: address, optional: true}
  round: {type: date, label: Last round, from: address.last_round}
steps:
  claim: {title: Claim, by: [resident, desk], ask: [name, income, address]}
  check: {title: Check, by: desk, show: [round], ask: [income]}
  pay:
    title: Pay
    by: desk
    show: [name, round]
    need: [{rule: age(income) < days(90), say: Ask for the income again.}]
    outcomes: {paid: {title: Paid, end: paid}, ask: {title: Ask again, back: check}}
"""
HERE = {"line1": "1 High Street", "town": "Ashford", "postcode": "AB10 1AA"}


@pytest.fixture(scope="module")
def claim() -> Definition:
    return made(CLAIM)


class TestAnOrigin:
    def test_says_when_by_whom_and_in_which_step(self, claim: Definition) -> None:
        case = begun(claim)
        do(case, "claim", name="Ann", income="900")
        assert case.origins["income"] == {"at": MONDAY.isoformat(), "by": "Ann", "from": "step:claim"}

    def test_stays_while_nobody_answers_anew(self, claim: Definition) -> None:
        case = begun(claim)
        do(case, "claim", name="Ann", income="900")
        do(case, "check", around(BOB, at(days=1)))
        assert case.origins["income"]["from"] == "step:claim"

    def test_is_new_when_the_answer_is_confirmed(self, claim: Definition) -> None:
        case = begun(claim)
        do(case, "claim", name="Ann", income="900")
        do(case, "check", around(BOB, at(days=1)), income="900")
        assert case.origins["income"] == {"at": at(days=1).isoformat(), "by": "Bob", "from": "step:check"}
        assert last(case, "done").body == {"again": ["income"]}

    def test_goes_with_its_answer(self) -> None:
        case = begun(made(CLAIM.replace("show: [round], ask: [income]", "show: [round], ask: [address]")))
        do(case, "claim", name="Ann", income="900", address=HERE)
        assert case.origins["address"]["by"] == "Ann"
        do(case, "check", address={})
        assert set(case.origins) == {"income", "name"} == set(case.data)


class TestAnAge:
    def test_lets_a_rule_refuse_what_is_too_old(self, claim: Definition) -> None:
        case = begun(claim)
        do(case, "claim", name="Ann", income="900")
        do(case, "check")
        with pytest.raises(NotYet, match="Ask for the income again"):
            do(case, "pay", around(BOB, at(days=90)), outcome="paid")
        do(case, "pay", around(BOB, at(days=89)), outcome="paid")
        assert case.status == "closed"

    def test_begins_anew_when_the_answer_is_confirmed_in_the_same_step(self) -> None:
        source = CLAIM.replace("show: [name, round]\n", "ask: [income]\n")
        case = begun(made(source))
        do(case, "claim", name="Ann", income="900")
        do(case, "check")
        with pytest.raises(NotYet):
            do(case, "pay", around(BOB, at(days=900)), outcome="paid")
        do(case, "pay", around(BOB, at(days=900)), outcome="paid", income="900")

    @pytest.mark.parametrize(
        ("facts", "age"),
        [
            ({}, None),
            ({"x": 1}, None),
            ({"x": 1, "now": MONDAY}, None),
            ({"x": 1, "now": MONDAY, cel.SINCE: lambda _key: None}, None),
            ({"now": MONDAY, cel.SINCE: lambda _key: MONDAY}, None),
            ({"x": 1, "now": at(hours=1), cel.SINCE: {"x": MONDAY}.get}, 3600),
        ],
    )
    def test_is_not_known_without_an_answer_and_its_time(
        self, facts: dict[str, Any], age: int | None
    ) -> None:
        found = cel.rule("age(x)").value(facts)
        assert (None if found is None else found.total_seconds()) == age

    @pytest.mark.parametrize("wrong", ["age(x.y) > days(1)", "age(1) > days(1)", "age() > days(1)"])
    def test_is_of_an_answer_only(self, wrong: str) -> None:
        with pytest.raises(cel.RuleError):
            cel.rule(wrong)

    def test_says_what_is_wanted(self) -> None:
        known = {"x": 1, "now": at(days=100), cel.SINCE: {"x": MONDAY}.get}
        said = cel.why_not(cel.rule("age(x) < days(90)"), known, cel.Labels(names={"x": "Income"}))
        assert said == ["“Income” is 1; it must be less than 90 days old."]


class TestWhatIsPulled:
    def test_is_there_when_a_step_opens_that_asks_for_it(self, claim: Definition) -> None:
        case = begun(claim, around(pulled={"requester.name": "Ann Oak"}))
        assert (case.data, kinds(case)) == ({"name": "Ann Oak"}, ["started", "opened", "pulled"])
        assert case.origins["name"] == {"at": MONDAY.isoformat(), "by": "", "from": "source:requester.name"}
        assert last(case, "pulled").body == {
            "answers": {"name": "Ann Oak"},
            "from": {"name": "source:requester.name"},
        }

    def test_never_overrides_a_person(self, claim: Definition) -> None:
        case = begun(claim, around(pulled={"requester.name": "Ann Oak"}))
        do(case, "claim", around(pulled={"requester.name": "Ann Oak"}), name="Ann Ash", income="1")
        do(case, "check", around(pulled={"requester.name": "Ann Elm"}))
        assert (case.data["name"], case.origins["name"]["from"]) == ("Ann Ash", "step:claim")

    def test_follows_the_answer_it_is_a_part_of_at_each_step(self, claim: Definition) -> None:
        def last_round(case: CaseState) -> str | None:
            return "2026-11-20" if case.data.get("address") else None

        place = around(pulled={"address.last_round": last_round})
        case = begun(claim, place)
        do(case, "claim", place, name="Ann", income="1", address=HERE)
        assert case.data["round"] == "2026-11-20"
        assert case.origins["round"]["from"] == "source:address.last_round"
        assert last(case, "done").body["answers"]["round"] == "2026-11-20"

    def test_is_gone_when_it_is_not_known_there_any_more(self, claim: Definition) -> None:
        case = begun(claim)
        do(case, "claim", name="Ann", income="1", address=HERE)
        assert "round" not in case.data
        do(case, "check", around(pulled={"address.last_round": date(2026, 11, 20)}))
        assert case.data["round"] == "2026-11-20"
        do(case, "pay", around(ANN), outcome="ask")
        assert "round" not in case.data
        assert "round" not in case.origins

    def test_is_as_old_as_it_is_there(self, claim: Definition) -> None:
        place = around()
        pulled = Pulled("Ann", "the register", datetime(2020, 1, 1, tzinfo=UTC))
        case = begun(claim, around(pulled={}))
        object.__setattr__(
            place, "pull", lambda _case, source: pulled if source == "requester.name" else None
        )
        case = begun(claim, place)
        assert case.origins["name"] == {
            "at": "2020-01-01T00:00:00+00:00",
            "by": "",
            "from": "source:the register",
        }

    def test_that_does_not_fit_is_left_out(self, claim: Definition) -> None:
        assert begun(claim, around(pulled={"requester.name": ["a", "list"]})).data == {}


class TestASource:
    def test_hangs_once(self) -> None:
        with pytest.raises(ValueError, match="hangs here already"):
            hooks.source("requester", lambda _case, _answer, _part: None)

    def test_is_asked_for_an_answer_of_its_type(
        self, claim: Definition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            hooks, "sources", {"address": lambda _case, answer, part: Pulled((answer["town"], part), "x")}
        )
        case = begun(claim)
        assert hooks.pull(case, "address.last_round") is None
        case.data = {"address": HERE}
        found = hooks.pull(case, "address.last_round")
        assert found is not None
        assert found.value == ("Ashford", "last_round")

    def test_is_not_needed_for_what_an_answer_has_itself(self, claim: Definition) -> None:
        case = begun(claim)
        case.data = {"address": HERE}
        found = hooks.pull(case, "address.town")
        assert found is not None
        assert found.value == "Ashford"
        assert hooks.pull(case, "address.county") is None


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestOverTheDatabase:
    @pytest.fixture
    def place(self) -> Place:
        publish_repair(CLAIM)
        return make_place()

    def test_keeps_origins_and_pulls_the_account_of_whoever_asked(self, place: Place) -> None:
        user = make_user(name="Ann Oak")
        by = Viewer.resident(user_id=user.pk, name=user.name, council_id=place.council.pk)
        case = actions.start_case(
            by=by, council=place.council, process="claim", now=MONDAY, requester_id=user.pk
        )
        again = store.load(case.id)
        assert again is not None
        assert again.data == {"name": "Ann Oak"}
        assert again.origins["name"]["from"] == "source:requester.name"
        actions.act(
            by=place.officer, case_id=case.id, step="claim", expected=case.seq, now=at(hours=1),
            answers={"income": "900", "name": "Ann Ash"},
        )  # fmt: skip
        after = store.load(case.id)
        assert after is not None
        assert after.origins["income"] == {
            "at": at(hours=1).isoformat(), "by": place.officer.actor.name, "from": "step:claim",
        }  # fmt: skip
        assert after.data["name"] == "Ann Ash"

    def test_knows_no_account_where_nobody_asked(self, place: Place) -> None:
        case = actions.start_case(by=place.officer, council=place.council, process="claim", now=MONDAY)
        assert case.data == {}
        assert steps.unmet(case, case.definition.steps["claim"], {}, around()) == []
