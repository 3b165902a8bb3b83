"""The six services of the house: sound, without advice, and with words for the resident at every turn."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import moothall.requests
from moothall.process import answers, cel
from moothall.process.definition import RESIDENT, Definition
from moothall.process.language import load, read

FOLDER = Path(moothall.requests.__file__).parent / "processes"
FILES = sorted(FOLDER.glob("*.yaml"))
TEAMS = {"customer-services", "waste", "highways", "repairs", "revenues", "complaints"}
NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)

each_service = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def known(key: str, **given: Any) -> tuple[Definition, dict[str, Any]]:
    """Return a service and the facts after its first step was answered like this."""
    definition = load(FOLDER / f"{key}.yaml")
    taken, wrong = answers.check(definition, definition.first.ask, given, {"now": NOW})
    assert not wrong, {name: error.sentence for name, error in wrong.items()}
    return definition, answers.facts(definition, taken, now=NOW)


def offered(key: str, **given: Any) -> list[str]:
    definition, facts = known(key, **given)
    return [name for name, outcome in definition.first.outcomes.items() if cel.holds(outcome.when, facts)]


def clocks(key: str, **given: Any) -> list[str]:
    definition, facts = known(key, **given)
    first = definition.first.key
    return [
        name for name, one in definition.clocks.items() if one.since == first and cel.holds(one.when, facts)
    ]


class TestEachService:
    def test_is_one_of_six(self) -> None:
        names = {file.stem for file in FILES}
        assert names >= {
            "missed-bin",
            "street-problem",
            "housing-repair",
            "council-tax-move",
            "complaint",
            "general-enquiry",
        }

    @each_service
    def test_has_no_mistakes_and_needs_no_advice(self, file: Path) -> None:
        reading = read(file.read_bytes(), file=file.name)
        assert [str(mistake) for mistake in reading.mistakes] == []
        assert reading.definition is not None
        assert reading.definition.key == file.stem

    @each_service
    def test_tells_the_resident_what_happens_next_at_every_step(self, file: Path) -> None:
        definition = load(file)
        for step in definition.steps.values():
            assert step.next or step is definition.first, step.key
            for outcome in step.outcomes.values():
                assert not outcome.end or (RESIDENT in outcome.tell and outcome.say), (
                    f"{step.key}: {outcome.key}"
                )

    @each_service
    def test_names_only_the_teams_of_the_house(self, file: Path) -> None:
        definition = load(file)
        named = {definition.owner}
        for step in definition.steps.values():
            named |= set(step.by) | {
                who for outcome in step.outcomes.values() for who in outcome.tell + outcome.by
            }
        named |= {who for clock in definition.clocks.values() for who in clock.late.tell}
        assert named <= TEAMS | {"resident", "agent"}

    @each_service
    def test_has_a_place_in_the_catalogue_and_a_promise(self, file: Path) -> None:
        definition = load(file)
        assert definition.service is not None
        assert definition.service.how_long
        assert definition.service.before_you_start
        assert definition.clocks
        assert RESIDENT in definition.start

    @each_service
    def test_can_put_a_question_back_to_the_resident(self, file: Path) -> None:
        definition = load(file)
        reply = definition.steps["reply"]
        assert RESIDENT in reply.by
        assert any(outcome.back for outcome in reply.outcomes.values())


HOME = {"line1": "1 High Street", "town": "Ash", "postcode": "GU12 6AA"}
BIN = {"address": HOME, "bin": "refuse", "collection_day": "2026-03-26", "put_out": "yes", "assisted": "no"}


class TestAMissedBin:
    def test_is_sent_only_if_it_was_out_in_time(self) -> None:
        assert offered("missed-bin", **BIN) == ["sent"]
        assert offered("missed-bin", **BIN | {"put_out": "no"}) == ["not-out"]

    def test_with_garden_waste_needs_a_subscription(self) -> None:
        garden = BIN | {"bin": "garden"}
        assert offered("missed-bin", **garden, garden_licence="yes") == ["sent"]
        assert offered("missed-bin", **garden, garden_licence="no") == ["no-subscription"]


class TestAStreetProblem:
    def test_that_is_dangerous_starts_the_two_hour_clock(self) -> None:
        hole = {"problem": "pothole", "location": {"place": "Mill Road"}, "depth": "deep"}
        assert clocks("street-problem", **hole, dangerous="yes", danger="A wheel fits in.") == ["make-safe"]
        assert clocks("street-problem", **hole, dangerous="no") == ["inspect"]

    def test_with_offensive_graffiti_has_a_clock_of_its_own(self) -> None:
        wall = {
            "problem": "graffiti",
            "location": {"place": "Mill Road"},
            "dangerous": "no",
            "offensive": "yes",
        }
        assert clocks("street-problem", **wall) == ["inspect", "offensive-graffiti"]


REPAIR = {
    "gas": "no",
    "address": HOME,
    "part": "heating",
    "what": "The boiler is dead.",
    "access": ["morning"],
}


class TestAHousingRepair:
    @pytest.mark.parametrize(
        ("given", "clock"),
        [
            ({"danger": ["flooding"], "vulnerable": "no"}, "emergency"),
            ({"danger": ["no-heating"], "vulnerable": "yes"}, "emergency"),
            ({"danger": ["no-heating"], "vulnerable": "no"}, "urgent"),
            ({"danger": ["no-heating", "no-power"], "vulnerable": "no"}, "emergency"),
            ({"part": "water", "vulnerable": "no"}, "urgent"),
            ({"part": "damp", "vulnerable": "yes"}, "urgent"),
            ({"part": "damp", "vulnerable": "no"}, "routine"),
            ({"part": "door", "vulnerable": "yes"}, "routine"),
        ],
    )
    def test_is_rated_by_rule_and_by_one_clock_only(self, given: dict[str, Any], clock: str) -> None:
        assert clocks("housing-repair", **REPAIR | given) == [clock]

    def test_has_exactly_one_clock_whatever_the_answers(self) -> None:
        definition = load(FOLDER / "housing-repair.yaml")
        dangers = [choice.key for choice in definition.fields["danger"].of]
        for part in [choice.key for choice in definition.fields["part"].of]:
            for danger in ([], *([one] for one in dangers), ["no-heating", "not-secure"]):
                for vulnerable in ("yes", "no"):
                    given = REPAIR | {"part": part, "danger": danger, "vulnerable": vulnerable}
                    assert len(clocks("housing-repair", **given)) == 1, given

    def test_with_a_smell_of_gas_ends_at_once_with_the_emergency_number(self) -> None:
        definition, facts = known("housing-repair", gas="yes")
        assert offered("housing-repair", gas="yes") == ["gas-leak"]
        assert "0800 111 999" in definition.first.outcomes["gas-leak"].say
        assert [field.key for field in answers.asked(definition, definition.first.ask, facts)] == ["gas"]


class TestAMove:
    def test_within_the_area_asks_for_both_ends(self) -> None:
        definition, facts = known("council-tax-move", kind="within", old_address=HOME, left_on="2026-03-01",
            new_address=HOME | {"line1": "2 High Street"}, moved_on="2026-03-01", tenure="private", landlord="Lets Ltd",
            adults="1", discount="yes", students="no", left_empty="landlord")  # fmt: skip
        assert all(cel.holds(need.rule, facts) for need in definition.first.need)
        facts["new_address"] = HOME
        assert [need.say for need in definition.first.need if not cel.holds(need.rule, facts)] == [
            "The old and the new address are the same. Check both addresses."
        ]

    def test_out_of_the_area_asks_nothing_about_the_new_home(self) -> None:
        definition, facts = known("council-tax-move", kind="out", old_address=HOME, left_on="2026-04-01",
            new_address=HOME | {"line1": "2 Low Street"}, left_empty="empty")  # fmt: skip
        asked = {field.key for field in answers.asked(definition, definition.first.ask, facts)}
        assert not asked & {"moved_on", "tenure", "adults", "discount", "students"}
        assert all(cel.holds(need.rule, facts) for need in definition.first.need)


class TestAComplaint:
    def test_has_the_times_of_the_ombudsmen_s_codes(self) -> None:
        definition = load(FOLDER / "complaint.yaml")
        times = {key: str(clock.within) for key, clock in definition.clocks.items()}
        assert times == {
            "acknowledge": "5 working days",
            "answer-1": "10 working days",
            "acknowledge-2": "5 working days",
            "answer-2": "20 working days",
        }

    def test_is_reviewed_by_somebody_else(self) -> None:
        definition = load(FOLDER / "complaint.yaml")
        need = definition.steps["review"].need[0]
        same = {"review": {"by": "staff:1"}, "respond": {"by": "staff:1"}}
        assert not cel.holds(need.rule, same)
        assert cel.holds(need.rule, same | {"respond": {"by": "staff:2"}})
        assert not cel.holds(need.rule, {"review": {"by": "staff:1"}})
