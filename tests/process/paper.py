"""The reference: what a case should look like, worked out as somebody would with paper and pencil.

It shares no code with the engine. Rules are read by pattern, going back by walking from follower to follower, and
clocks by counting the minutes in which they ran.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moothall.process.definition import Clock, Outcome, Step
from tests.process.sheet import Run, Sheet, Timer, Who


@dataclass(repr=False)
class Paper(Sheet):
    """One case on paper. `acting` is who has just done something: as work falls to them, and as rules name them."""

    acting: tuple[int | None, str] = (None, "")

    def start(self, now: datetime) -> None:
        self.now = now
        self._settle(None, None)
        self.tick(now)

    def may(self, who: Who, key: str) -> bool:
        step, team = self.plan.steps[key], self.runs[key].team
        if step.wait and not step.wait.at_most:
            return False
        if who.requester:
            return "resident" in step.by
        if not who.acts:
            return False
        if who.supervises or "agent" in step.by:
            return True
        return team in who.teams if team is not None else set(step.by) != {"resident"}

    def _acts_as(self, who: Who, key: str) -> set[str]:
        step = self.plan.steps[key]
        if who.requester:
            return {"resident"}
        everybody = set(step.by) - {"resident"} | {"agent"}
        if who.supervises:
            return everybody | {"supervisor"} | who.functions
        stands_in = self.runs[key].team in who.teams and not who.functions & set(step.by)
        return everybody if stands_in else {*who.functions, "agent"}

    def do(  # noqa: PLR0913, PLR0917 - each is one thing that somebody says
        self,
        who: Who,
        key: str,
        given: Mapping[str, Any],
        outcome: str,
        text: str,
        now: datetime,
        waived: Mapping[int, str],
    ) -> bool:
        """Finish a step; say whether that is allowed. Nothing changes if it is not."""
        step = self.plan.steps[key]
        if self.ending or key not in self.open() or step.vote or not self.may(who, key):
            return False
        data, doing, hats = self.merged(who, step, given, outcome), (key, who.name), self._acts_as(who, key)
        if data is None or not all(map(self.settled, step.after)):
            return False
        for number, need in enumerate(step.need):
            waives = number in waived and hats & set(need.waive) and waived[number].strip()
            if not waives and not self.true(need.rule, data, doing):
                return False
        offered = [
            each
            for each in step.outcomes.values()
            if (not each.by or hats & set(each.by)) and self.true(each.when, data, doing)
        ]
        chosen = [each for each in offered if not outcome or each.key == outcome]
        if len(chosen) != 1 or (chosen[0].need_text and not text):
            return False
        run = self.runs[key]
        run.person = who.person or run.person
        self.acting = (who.person, who.name)
        self._finish(key, chosen[0], who.name, data, now, who.person)
        self.acting = (None, "")
        return True

    def _finish(
        self, key: str, chosen: Outcome, by: str, data: Mapping[str, Any], now: datetime, person: int | None
    ) -> None:
        self.now = now
        run = self.runs[key]
        run.state, run.outcome, run.by, run.at = "done", chosen.key, by, now
        self.data = self.work_out(data)
        team = None if self.plan.steps[key].vote else run.team
        if chosen.end:
            self._end(chosen.end)
        else:
            if target := chosen.back or chosen.go:
                self._again(target, team, person)
            self._settle(team, person)
        self.tick(now)

    def vote(self, who: Who, key: str, choice: str, text: str, now: datetime) -> bool:
        """Cast a vote; say whether that is allowed."""
        vote = self.plan.steps[key].vote
        if self.ending or key not in self.open() or vote is None or not who.acts:
            return False
        step, run, members = self.plan.steps[key], self.runs[key], dict(self.members(vote.of))
        for name in vote.excluded:
            did = self.runs.get(name.split(".")[0])
            if did is not None and did.state == "done":
                members.pop(did.by, None)
        passes, fails, *_ = (each for each in step.outcomes.values() if "time" not in each.by)
        data = self.work_out(self.data)
        doing = (key, who.name)
        if who.name not in members or choice not in {"for", "against", "abstain"}:
            return False
        if not all(map(self.settled, step.after)) or not all(
            self.true(each.rule, data, doing) for each in step.need
        ):
            return False
        seat = members[who.name][0] if vote.one_per else who.name
        if choice == "against" and fails.need_text and not text:
            return False
        if any(other != who.name and taken == seat for other, (taken, _) in run.votes.items()):
            return False
        run.votes[who.name] = (run.votes[who.name][0] if who.name in run.votes else seat, choice)
        result = self._count(step, run, members)
        if result:
            self._finish(key, passes if result == "for" else fails, who.name, data, now, None)
        return True

    def _count(self, step: Step, run: Run, members: Mapping[str, tuple[str, frozenset[str]]]) -> str:
        vote = step.vote
        assert vote is not None
        taken = {seat for seat, _ in run.votes.values()}
        seats = taken | {council if vote.one_per else name for name, (council, _) in members.items()}
        said = [choice for _, choice in run.votes.values()]
        shares = {"majority": len(seats) // 2 + 1, "all": len(seats)}
        needed = shares.get(str(vote.needed)) or int(vote.needed)
        quorum = shares.get(str(vote.quorum)) or int(vote.quorum)
        for name, (_, choice) in run.votes.items():
            functions = members[name][1] if name in members else frozenset()
            if choice == "against" and ("any" in vote.veto or functions & set(vote.veto)):
                return "against"
        if len(seats) < max(needed, quorum):
            return ""
        if said.count("for") >= needed and len(said) >= quorum:
            return "for"
        return "against" if said.count("for") + len(seats - taken) < needed else ""

    def wakes(self, key: str) -> datetime | None:
        """Return when time does something with a step: when it is due, or later if it went round at once."""
        at = self._due(key)
        return (self.runs[key].put_off or at) if at else None

    def _due(self, key: str) -> datetime | None:
        step, run = self.plan.steps[key], self.runs[key]
        if self.ending or run.opened is None:
            return None
        if run.state == "open" and step.wait and not run.stuck:
            if step.wait.until:
                day = self.data.get("d")
                return datetime.fromisoformat(f"{day}T00:00:00+00:00") if day else None
            span = step.wait.span or step.wait.at_most
            assert span is not None
            return run.opened + timedelta(minutes=span.count)
        if run.state == "done" and step.every and self._repeats(step, run):
            return run.opened + timedelta(minutes=step.every.count)
        return None

    def _repeats(self, step: Step, run: Run) -> bool:
        way = step.outcomes[run.outcome]
        return not (way.end or way.back or way.go) and not (step.until and self.settled(step.until))

    def wake(self, now: datetime) -> None:
        """Let time do what is due, each step once."""
        woken: set[str] = set()
        while due := sorted(
            (at, key)
            for key in self.runs
            if key not in woken and (at := self.wakes(key)) is not None and at <= now
        ):
            woken.add(due[0][1])
            self._woken(due[0][1], now)
        for key, run in self.runs.items():
            if key in woken and (at := self.wakes(key)) is not None and at <= now:
                run.put_off = now + timedelta(minutes=10)

    def _woken(self, key: str, now: datetime) -> None:
        self.now = now
        step, run = self.plan.steps[key], self.runs[key]
        if run.state == "done":
            kept = run.team if run.team is not None else self._team(step)
            self._open(key, kept, run.team, run.person)
            self.tick(now)
            return
        assert step.wait is not None
        data = self.work_out(self.data)
        fits = [each for each in step.outcomes.values() if not each.by or "time" in each.by]
        fits = [each for each in fits if self.true(each.when, data, (key, "system"))]
        if step.wait.then:
            fits = [step.outcomes[step.wait.then]]
        if not fits or not all(map(self.settled, step.after)):
            run.stuck = True
            return
        chosen = next((each for each in fits if not each.when), fits[0])
        self._finish(key, chosen, "system", data, now, None)

    def withdraw(self, now: datetime) -> None:
        """End the case before its time."""
        self.now = now
        self._end("withdrawn")
        self.tick(now)

    def _end(self, ending: str) -> None:
        for key in self.open():
            self.runs[key].state = "cancelled"
        self.ending = ending

    def _again(self, target: str, team: int | None, person: int | None) -> None:
        last = self.runs.get(target)
        for key in {target, *self.after(target)}:
            if key in self.runs and self.runs[key].state in {"open", "done", "skipped"}:
                self.runs[key].state = "cancelled" if self.runs[key].state == "open" else "reset"
        step = self.plan.steps[target]
        if all(self.settled(before) for before in step.after):
            holder = (last.team, last.person) if last else (team, person)
            kept = last.team if last and last.team is not None else self._team(step)
            self._open(target, kept, *holder)

    def _settle(self, team: int | None, person: int | None) -> None:
        self._stop()
        while ready := [key for key, step in self.plan.steps.items() if self._ready(step)]:
            step = self.plan.steps[ready[0]]
            if self.true(step.when) and not (step.every and step.until and self.settled(step.until)):
                self._open(step.key, self._team(step), team, person)
            else:
                number = self.runs[step.key].number + 1 if step.key in self.runs else 1
                self.runs[step.key] = Run(number, "skipped")
            self._stop()
        if (
            not self.open()
            and not any(map(self.wakes, self.runs))
            and all(map(self.settled, self.plan.steps))
        ):
            self._end("completed")

    def _stop(self) -> None:
        """Put an end to what is repeated until something is settled."""
        for key in self.open():
            step = self.plan.steps[key]
            if step.every and step.until and self.settled(step.until):
                self.runs[key].state = "cancelled"

    def _ready(self, step: Step) -> bool:
        run = self.runs.get(step.key)
        if step.on_demand or (run is not None and run.state not in {"reset", "cancelled"}):
            return False
        if (
            run is not None
            and run.state == "cancelled"
            and step.every
            and step.until
            and self.settled(step.until)
        ):
            return False
        return all(map(self.settled, step.after))

    def _team(self, step: Step) -> int | None:
        if step.wait and not step.wait.at_most:
            return None
        named = [who for who in step.by if who not in {"resident", "agent"}]
        if not named and "resident" in step.by:
            return None
        return next(self.teams[who] for who in [*named, self.plan.owner] if who in self.teams)

    def _open(self, key: str, team: int | None, had: int | None, person: int | None) -> None:
        number = self.runs[key].number + 1 if key in self.runs else 1
        stays = team is not None and team == had and person is not None and self.works(team, person)
        if stays and self.acting[0] == person:
            others = (
                re.fullmatch(rf"{key}\.by != (\w+)\.by", need.rule) for need in self.plan.steps[key].need
            )
            stays = all(
                self.runs[found[1]].by != self.acting[1]
                for found in others
                if found and found[1] in self.runs and self.runs[found[1]].state == "done"
            )
        self.runs[key] = Run(number, "open", team, person if stays else None, opened=self.now)

    def tick(self, now: datetime) -> None:
        """Bring every clock up to date after something happened."""
        for run in self.runs.values():
            run.stuck, run.put_off = False, None
        for key, clock in self.plan.clocks.items():
            timer, wanted = self.timers.get(key), self._wanted(clock)
            since = self.runs[clock.since].at if clock.since in self.runs else None
            if timer is not None:
                timer.count(now)
            if wanted == "due" and (
                timer is None or (timer.since != since and timer.mode not in {"running", "still"})
            ):
                assert since is not None
                assert clock.within is not None
                timer = Timer(timer.number + 1 if timer else 1, since, clock.within.count * 60, since)
                timer.count(now)
                self.timers[key] = timer
            if timer is not None:
                self._turn(timer, wanted, any(one in clock.pause for one in self.open()))

    def _turn(self, timer: Timer, wanted: str, standing: bool) -> None:  # noqa: FBT001 - a table of two columns
        going = timer.mode in {"running", "still"}
        if going and wanted != "due":
            timer.late = timer.late or (timer.mode == "running" and timer.used > timer.span)
            timer.stood = timer.mode == "still"
            timer.mode = "missed" if timer.late else "met" if wanted == "done" else "stopped"
        elif wanted == "due":
            if not going:
                timer.mode = "still" if timer.mode == "met" or timer.stood else "running"
            if timer.mode == "running" and standing and not timer.late and timer.used < timer.span:
                timer.mode = "still"
            elif timer.mode == "still" and not standing:
                timer.mode = "running"

    def _wanted(self, clock: Clock) -> str:
        since, until = self.runs.get(clock.since), self.runs.get(clock.until)
        asking = any(self._leads_back(key, clock.until) for key in self.open())
        if until is not None and until.state == "done" and not asking:
            return "done"
        if self.ending or (until is not None and until.state == "skipped"):
            return "off"
        return "due" if since is not None and since.state == "done" and self.true(clock.when) else "off"

    def _leads_back(self, key: str, over: str) -> bool:
        ways = [each.back for each in self.plan.steps[key].outcomes.values() if not each.end]
        return bool(ways) and all(back and over in {back, *self.after(back)} for back in ways)

    def sweep(self, now: datetime) -> None:
        """Call late what is, and let time do the rest."""
        for key, timer in self.timers.items():
            timer.count(now)
            if timer.mode == "running" and not timer.late and timer.used >= timer.span:
                timer.late = True
                if self.priority != "urgent":
                    self.priority = self.plan.clocks[key].late.priority or self.priority
        self.wake(now)
