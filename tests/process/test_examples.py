"""The example processes, and the first one that was ever written down: sound, and tried out."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.process import actions, hooks, library, store
from moothall.process.definition import Definition
from moothall.process.engine.state import CaseState, Pulled
from moothall.process.errors import NotYet
from moothall.process.language import load, read
from moothall.process.simulation import simulate
from tests.makers import make_user
from tests.process.making import MONDAY, Place, make_place, publish_repair

EXAMPLES = library.examples()
CASES, MUTATIONS = 150, 120

RESEARCHED = """\
process: missed-bin
title: Missed bin collection
owner: waste
start: [resident, agent]
fields:
  address:      {ask: Which address?, type: uprn}
  bin:          {ask: Which bin was missed?, type: choice, of: [refuse, recycling, garden]}
  put_out:      {ask: Was it out by 6am?, type: yesno}
  email:        {ask: Email for updates, type: email, optional: true, private: personal}
  last_round:   {type: date, from: address.last_round}
  contaminated: {ask: Was the wrong waste in it?, type: yesno}
  photo:        {ask: Photo, type: photo, when: contaminated == true}
clocks:
  return: {within: 2 working days, from: report, until: collect, pause: question, warn: 75%, late: {tell: waste-supervisor}}
steps:
  report:
    by: [resident, agent]
    ask: [address, bin, put_out, email]
    need: [{rule: has(last_round), say: We have no collection round for this address., waive: agent}]
    outcomes: {sent: {when: put_out == true, tell: resident}, too-late: {when: put_out == false, end: declined, tell: resident}}
  question: {by: resident, when: bin == "garden" && !has(photo), ask: [photo], wait: {at most: 5 working days, then: closed-no-answer}}
  collect:
    by: crew
    show: [address, bin, photo]
    ask: [contaminated, photo]
    outcomes: {collected: {tell: resident, end: fixed}, not-collected: {when: contaminated == true, need_text: true, tell: resident, end: declined}}
"""  # noqa: E501 - as it was written
MENDED = (
    RESEARCHED.replace(
        "type: photo, when", "type: photo}\n  proof:        {ask: Photo of it, type: photo, when"
    )
    .replace(" && !has(photo), ask: [photo]", ", ask: [photo]")
    .replace("ask: [contaminated, photo]", "ask: [contaminated, proof]")
)
"""A question about a photo cannot hang on an answer that the crew gives only after it."""


@cache
def known() -> dict[str, Definition]:
    return {definition.key: definition for definition in map(load, EXAMPLES)}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
class TestEachExample:
    def test_is_sound_without_advice_beside_the_others(self, file: Path) -> None:
        reading = read(file.read_bytes(), file=file.name, processes=known(), sources=hooks.sources)
        assert [str(mistake) for mistake in reading.mistakes] == []
        assert reading.definition is not None
        assert reading.definition.key == file.stem

    def test_comes_to_an_end_by_every_outcome(self, file: Path) -> None:
        report = simulate(load(file), cases=CASES, seed=7)
        assert (report.blocks, report.endless) == ((), ())
        assert (report.unreached_steps, report.unreached_outcomes) == ((), ())

    def test_has_a_sentence_for_whoever_leaves_an_answer_out(self, file: Path) -> None:
        definition = load(file)
        asked = {key for step in definition.steps.values() for key in step.ask}
        silent = [
            key for key in asked if not (definition.fields[key].missing or definition.fields[key].optional)
        ]
        assert silent == []

    def test_names_its_clocks_that_nobody_is_late_unheard(self, file: Path) -> None:
        clocks = load(file).clocks.values()
        assert [clock.key for clock in clocks if not clock.late.tell or not clock.warn] == []


def test_whatever_is_done_to_an_example_is_read_or_refused_with_words() -> None:
    texts = [path.read_text(encoding="utf-8").split("\n") for path in EXAMPLES]
    dice = random.Random(11)
    for _ in range(MUTATIONS):
        lines = list(dice.choice(texts))
        for _ in range(dice.randrange(1, 4)):
            place = dice.randrange(len(lines))
            other = dice.choice(dice.choice(texts))
            lines[place : place + dice.randrange(2)] = dice.choice(
                [[], [other], [other.partition(":")[0] + ":"]]
            )
        reading = read("\n".join(lines), processes=known(), sources=())
        assert reading.sound or any(each.serious for each in reading.mistakes)
        assert all(each.wrong.endswith((".", "?", "!")) for each in reading.mistakes), reading.mistakes


def last_round(_case: CaseState, answer: Any, part: str) -> Pulled | None:
    """Stand in for the register of rounds: it knows one address."""
    if part != "last_round" or answer != "100023336956":
        return None
    return Pulled(date(2026, 11, 20).isoformat(), "rounds", datetime(2026, 11, 20, 6, tzinfo=UTC))


class TestTheResearchedProcess:
    def test_had_two_faults_that_nobody_had_seen(self) -> None:
        serious = [each for each in read(RESEARCHED).mistakes if each.serious]
        assert [(each.path, each.wrong) for each in serious] == [
            ("fields.photo.when", "“contaminated” is read here, but nothing before this asks it."),
            ("steps.question.when", "“photo” is read here, but nothing before this asks it."),
        ]

    def test_is_read(self) -> None:
        reading = read(MENDED)
        assert reading.definition is not None, [str(each) for each in reading.mistakes]
        assert {each.wrong for each in reading.mistakes} == {
            "It has no title.",
            "The resident is told, but not what.",
        }

    def test_is_tried_out(self) -> None:
        definition = read(MENDED).definition
        assert definition is not None
        report = simulate(definition, cases=CASES, seed=7)
        assert (report.sound, report.unreached_steps, report.unreached_outcomes) == (True, (), ())


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestTheResearchedProcessAtWork:
    @pytest.fixture
    def place(self, monkeypatch: pytest.MonkeyPatch) -> Place:
        monkeypatch.setitem(hooks.sources, "uprn", last_round)
        publish_repair(MENDED)
        return make_place()

    def report(self, place: Place, **answers: Any) -> CaseState:
        resident = make_user()
        return actions.start_case(
            by=Viewer.resident(user_id=resident.pk, name=resident.name, council_id=place.council.pk),
            council=place.council,
            process="missed-bin",
            now=MONDAY,
            answers={"address": "100023336956", "bin": "garden", "put_out": "yes", **answers},
            requester_id=resident.pk,
        )

    def test_pulls_the_last_round_and_says_where_it_is_from(self, place: Place) -> None:
        case = self.report(place)
        assert case.data["last_round"] == "2026-11-20"
        assert case.origins["last_round"]["from"] == "source:rounds"
        assert case.origins["last_round"]["at"].startswith("2026-11-20T06:00")

    def test_refuses_an_address_without_a_round_unless_an_adviser_says_why(self, place: Place) -> None:
        with pytest.raises(NotYet, match="no collection round"):
            self.report(place, address="1")
        case = actions.start_case(by=place.adviser, council=place.council, process="missed-bin", now=MONDAY)
        case = actions.act(
            by=place.adviser,
            case_id=case.id,
            step="report",
            expected=case.seq,
            now=MONDAY,
            answers={"address": "1", "bin": "refuse", "put_out": "yes"},
            waived={0: "A new street; the crew passes there."},
        )
        assert [run.key for run in case.open_steps()] == ["collect"]

    def test_waits_for_the_resident_five_working_days(self, place: Place) -> None:
        case = self.report(place)
        assert [run.key for run in case.open_steps()] == ["question"]
        closing = MONDAY.replace(day=30, hour=17, minute=0)
        assert case.steps["question"].wake_at == closing
        actions.sweep(closing - timedelta(minutes=1))
        waiting = store.load(case.id)
        assert waiting is not None
        assert waiting.status == "open"
        actions.sweep(closing)
        over = store.load(case.id)
        assert over is not None
        assert (over.status, over.ending) == ("closed", "closed-no-answer")
