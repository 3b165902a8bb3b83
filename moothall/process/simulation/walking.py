"""One made-up case, from its first step until it ends, or until nothing more can be done on it."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from moothall.plain.errors import HouseError
from moothall.process.definition import Definition
from moothall.process.engine import steps, voting
from moothall.process.engine.state import NEVER, Around, CaseState, StepRun, facts
from moothall.process.errors import NotYet
from moothall.process.kinds.kind import LONDON
from moothall.process.simulation.crew import Crew, Hat, Roster
from moothall.process.simulation.plans import Plan, Question, Way
from moothall.process.working_out import work_out

MOST_TRIES, MOST_TURNS, HURRY = 40, 200, 100
"""How often a step is tried before it counts as blocked, how many turns a case may have, from when it is led out."""
_TEXT = "Because it was so."
_LEFT_OUT, _HOLDER, _TIME_FIRST, _ABSTAIN, _WAIVE = 0.4, 0.5, 0.25, 0.06, 0.1
"""How often a question is left that may be, the holder goes on, time goes by first, a vote is neither, a need waived.

All of them are guesses: they say what is tried, never how often it happens.
"""
_SUPERVISOR = frozenset({"supervisor"})


class Blocked(Exception):
    """A step that nobody could finish, with the reasons in sentences. `staffing`: somebody new could."""

    def __init__(self, reasons: tuple[str, ...], *, staffing: bool = False) -> None:
        super().__init__(*reasons)
        self.reasons, self.staffing = reasons, staffing


class Walk:
    """One case while it is tried. `happened` counts the events until nothing more could be done."""

    def __init__(self, definition: Definition, plans: dict[str, Plan], roster: Roster, dice: Random) -> None:
        self._plans, self._roster, self._dice = plans, roster, dice
        self.now = roster.now
        self.turns = self.happened = 0
        self.chosen: Counter[tuple[str, str]] = Counter()
        self.blocked: dict[str, Blocked] = {}
        self.case = CaseState(
            id=1, council_id=1, reference="", definition=definition, seq=0, status="open", data={},
            opened_at=self.now, requester_id=None,
        )  # fmt: skip

    @property
    def endless(self) -> bool:
        """Whether it was still going on when it was left."""
        return self.turns >= MOST_TURNS

    def go(self) -> None:
        """Take the case as far as it goes."""
        steps.begin(self.case, self._roster.house(self.now))
        while self.case.status == "open" and self.turns < MOST_TURNS and self._turn():
            self.turns += 1
        self.happened = len(self.case.happened)
        if self.case.status == "open" and not self.endless:
            self._ask_somebody_new()

    def who(self, key: str) -> str:
        """Return how many people there are for a step that is open, if they are real."""
        return self._roster.who(self._plans[key].step, self.case.steps[key].team_id)

    def _turn(self) -> bool:
        """Let something happen; return False when nothing more can."""
        timed = self.case.definition.timed
        if timed and self._dice.random() < _TIME_FIRST and self._let_time_pass():
            return True
        while True:
            waiting = [
                run
                for run in self.case.open_steps()
                if run.key not in self.blocked and not self._plans[run.key].step.by_time
            ]
            if not waiting:
                return bool(timed) and self._let_time_pass()
            run = waiting[int(self._dice.random() * len(waiting))] if len(waiting) > 1 else waiting[0]
            try:
                self._finish(run)
            except Blocked as blocked:
                self.blocked[run.key] = blocked
            else:
                self.chosen[run.key, run.outcome] += 1
                self.blocked.clear()
                return True

    def _let_time_pass(self) -> bool:
        """Go on to when time does something next; return False if it never does."""
        at = min((run.wake_at for run in self.case.steps.values() if run.wake_at is not None), default=NEVER)
        if at >= NEVER:
            return False
        self.now = max(self.now, at)
        return steps.wake(self.case, self._roster.house(self.now))

    def _finish(self, run: StepRun) -> None:
        """Finish an open step in one way or another; raises Blocked if nobody here can."""
        plan = self._plans[run.key]
        if plan.step.vote is not None:
            self._vote(plan, run)
            return None
        if plan.step.by_other_case:
            ending = self._dice.choice(plan.ways).outcome.key
            steps.other_closed(self.case, self._roster.house(self.now), plan.key, ending)
            return None
        crew = self._able(plan, self._roster.crew(plan.step, run.team_id))
        reasons: Counter[tuple[str, ...]] = Counter()
        for _ in range(MOST_TRIES):
            hat = self._somebody(crew, run)
            try:
                return self._try(plan, hat)
            except HouseError as error:
                reasons[_reasons(error)] += 1
        raise Blocked(reasons.most_common(1)[0][0])

    def _vote(self, plan: Plan, run: StepRun) -> None:
        """Have everybody vote, in any order, more or less of one mind; raises Blocked if that decides nothing."""
        around = self._roster.house(self.now)
        voters = list(voting.electorate(self.case, plan.step, around))
        stands = voting.standing(plan.step, run, voters, voting.seats_of(self.case, plan.step, around))
        if stands.why_not:
            raise Blocked((stands.why_not,), staffing=True)
        self._dice.shuffle(voters)
        passes, fails = (self.chosen[plan.key, way.outcome.key] for way in (plan.ways[0], plan.ways[-1]))
        mind = self._dice.random() ** (1 / (1 + fails)) if self.turns < HURRY else float(passes < fails)
        reasons: Counter[tuple[str, ...]] = Counter()
        for voter in voters:
            dice = self._dice.random()
            choice = "abstain" if dice < _ABSTAIN else "for" if self._dice.random() < mind else "against"
            try:
                by = self._roster.voter(voter, self.now)
                stands = voting.cast(self.case, by, step=plan.key, choice=choice, text=_TEXT)
            except HouseError as error:
                reasons[_reasons(error)] += 1
            if stands.decided:
                return
        said = reasons.most_common(1)[0][0] if reasons else ("The vote is not decided.",)
        raise Blocked(said)

    def _able(self, plan: Plan, crew: Crew) -> Crew:
        """Return those of a crew whom no need about people keeps from it; raises Blocked if there is nobody."""
        everybody = [*crew.staff, *([crew.requester] if crew.requester else [])]
        if not everybody:
            raise Blocked(("Nobody works in the team that it falls to.",), staffing=True)
        if not plan.watches:
            return crew
        known = {key: {"by": run.done_by} for key, run in self.case.steps.items() if run.state == "done"}

        def kept_by(hat: Hat) -> list[str]:
            seen = {**known, plan.key: {"by": hat.sign}}
            return [watch.say for watch in plan.watches if watch.rule(seen) is not True]

        kept = {hat.sign: kept_by(hat) for hat in everybody}
        able = Crew(
            crew.requester if crew.requester and not kept[crew.requester.sign] else None,
            tuple(hat for hat in crew.staff if not kept[hat.sign]),
        )
        if not able.staff and not able.requester:
            new = kept_by(self._roster.stranger(plan.step))
            said = new or kept[everybody[0].sign]
            raise Blocked(tuple(dict.fromkeys(said)), staffing=not new)
        return able

    def _somebody(self, crew: Crew, run: StepRun) -> Hat:
        """Choose who does it: whoever asked half of the times, if they may; its holder as often; else anybody."""
        dice = self._dice
        if crew.requester is not None and (not crew.staff or dice.random() < 1 / 2):
            return crew.requester
        if run.person_id is not None and dice.random() < _HOLDER:
            for hat in crew.staff:
                if hat.staff_id == run.person_id:
                    return hat
        return crew.staff[int(dice.random() * len(crew.staff))]

    def _try(self, plan: Plan, hat: Hat) -> None:
        """Answer what is asked and finish the step; raises what keeps it from that."""
        known = facts(self.case, self.now, **{plan.key: hat.sign})
        given: dict[str, Any] = {}
        for question in plan.questions:
            if question.optional and self._dice.random() < _LEFT_OUT:
                continue
            self._answer(question, given, known)
        way = self._way(plan, hat, known)
        if way is not None and way.outcome.answers is not None:
            for question in plan.questions:
                if not question.may_be_left(way.outcome) and known.get(question.key) is None:
                    self._answer(question, given, known)
        around, waived = self._at(hat.around), {}
        if plan.waivable and self._dice.random() < _WAIVE:
            around = replace(around, acts_as=hat.acts_as | _SUPERVISOR)
            waived = {
                index: _TEXT for index, by in plan.waivable.items() if not by.isdisjoint(around.acts_as or ())
            }
        outcome = way.outcome.key if way is not None else ""
        steps.complete(
            self.case, around, step=plan.key, given=given, outcome=outcome, text=_TEXT, waived=waived
        )

    def _answer(self, question: Question, given: dict[str, Any], known: dict[str, Any]) -> None:
        definition = self.case.definition
        if question.when is not None:
            if definition.worked_out:
                work_out(definition, known, self.now.astimezone(LONDON).date())
            if question.when(known) is not True:
                known.pop(question.key, None)
                return
        if not question.pool:
            return
        value = question.pool[int(self._dice.random() * len(question.pool))]
        given[question.key], known[question.key] = value, question.known_as(value)

    def _way(self, plan: Plan, hat: Hat, known: dict[str, Any]) -> Way | None:
        """Choose an outcome that these answers allow; None leaves it to the engine to say that there is none."""
        if plan.chooses and self.case.definition.worked_out:
            work_out(self.case.definition, known, self.now.astimezone(LONDON).date())
        ways = [
            way
            for way in plan.ways
            if (way.when is None or way.when(known) is True)
            and (not way.by or not way.by.isdisjoint(hat.acts_as))
        ]
        if not ways:
            return None
        if len(ways) == 1:
            return ways[0]
        if self.turns >= HURRY:
            return min(ways, key=lambda way: self.chosen[plan.key, way.outcome.key])
        if onward := [way for way in ways if not way.outcome.back]:
            back = [way for way in ways if way.outcome.back and not self._tired(plan.key, way.outcome.key)]
            ways = onward + back
        return ways[int(self._dice.random() * len(ways))]

    def _tired(self, step: str, outcome: str) -> bool:
        """Whether people have had enough of going back by this way: more likely each time they went."""
        times = self.chosen[step, outcome]
        return times > 0 and self._dice.random() < times / (times + 1)

    def _at(self, around: Around) -> Around:
        return around if self.now == around.now else replace(around, now=self.now)

    def _ask_somebody_new(self) -> None:
        """Of each step that is blocked, see whether it is for want of people: somebody new can finish it."""
        for run in self.case.open_steps():
            step = self._plans[run.key].step
            if step.by_time:
                self.blocked[run.key] = Blocked(self._held_up(run))
        for key, blocked in list(self.blocked.items()):
            if self.case.status == "closed" or blocked.staffing or self.case.steps[key].state != "open":
                continue
            plan = self._plans[key]
            if plan.step.by_time or plan.step.vote is not None:
                continue
            stranger = self._roster.stranger(plan.step)
            for _ in range(MOST_TRIES):
                try:
                    self._try(plan, stranger)
                except HouseError:
                    continue
                blocked.staffing = True
                break

    def _held_up(self, run: StepRun) -> tuple[str, ...]:
        """Return why a step that time alone finishes stays open."""
        step, house = self._plans[run.key].step, self._roster.house(self.now)
        says = [each.say for each in steps.unmet(self.case, step, self.case.data, house)]
        return tuple(says or ["No outcome fits these answers."])


def _reasons(error: HouseError) -> tuple[str, ...]:
    if isinstance(error, NotYet):
        return tuple(error.reasons)
    fields = getattr(error, "fields", None)
    if fields:
        return tuple(dict.fromkeys(sentence for sentences in fields.values() for sentence in sentences))
    return (error.sentence,)
