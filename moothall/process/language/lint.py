"""What a file can get wrong although every line of it is well formed."""

from collections.abc import Collection, Mapping

from moothall.process.definition import AGENT, NAMED, RESIDENT, Clock, Definition, Step
from moothall.process.language.checking import Desk
from moothall.process.language.deriving import check_derived
from moothall.process.language.handing_over import check_case
from moothall.process.language.mistakes import Report
from moothall.process.language.people import check_people
from moothall.process.language.reaching import check_endings, check_reach
from moothall.process.language.secrets import check_secrets, check_seen
from moothall.process.language.targets import check_amend, check_targets
from moothall.process.language.timing import check_every, check_wait
from moothall.process.language.votes import check_vote


def lint(
    definition: Definition,
    report: Report,
    *,
    processes: Mapping[str, Definition] | None = None,
    publishing: bool = False,
    sources: Collection[str] | None = None,
    walls: Collection[str] | None = None,
) -> None:
    """Note whatever would go wrong when the process runs.

    `processes` are those that there are, by key: with them, hand-overs are compared with what the other process asks.
    One that is missing is advice, and a mistake when `publishing`. `sources` name what answers can be pulled from, and
    `walls` the permissions that cases can be seen with.
    """
    well_formed = report.sound
    linter = _Linter(Desk(definition, report))
    linter.names()
    if linter.circles():
        return
    for step in definition.steps.values():
        linter.step(step)
        check_vote(linter.desk, step)
        check_wait(linter.desk, step)
        check_every(linter.desk, step)
        check_case(linter.desk, step, processes, publishing=publishing)
    for field in definition.fields.values():
        check_derived(linter.desk, field, sources)
        check_amend(linter.desk, field)
    for clock in definition.clocks.values():
        linter.clock(clock)
        check_targets(linter.desk, clock)
    linter.service()
    check_people(linter.desk)
    check_secrets(linter.desk)
    check_seen(linter.desk, walls)
    if well_formed:
        check_endings(linter.desk)
        linter.fields()
    if report.sound:
        check_reach(linter.desk)


class _Linter:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.definition = desk.definition
        self.report = desk.report
        self.order = desk.order
        self.rules = desk.rules

    def names(self) -> None:
        fields, steps = self.definition.fields, self.definition.steps
        known = self.desk.known
        for key, step in steps.items():
            known(f"steps.{key}.ask", step.ask, fields, "field")
            known(f"steps.{key}.show", step.show, fields, "field")
            known(f"steps.{key}.after", step.after, steps, "step")
            known(f"steps.{key}.next", NAMED.findall(step.next), fields, "field")
            for outcome in step.outcomes.values():
                known(f"steps.{key}.outcomes.{outcome.key}.back", [outcome.back], steps, "step")
                known(f"steps.{key}.outcomes.{outcome.key}.go", [outcome.go], steps, "step")
                named = NAMED.findall(outcome.say)
                known(f"steps.{key}.outcomes.{outcome.key}.say", named, fields, "field")
            if key in fields:
                wrong = "A step and a field have the same name, so a rule could mean either."
                self.report.wrong(f"steps.{key}", wrong, "Rename one of them.")
        for key, clock in self.definition.clocks.items():
            known(f"clocks.{key}.from", [clock.since], steps, "step")
            known(f"clocks.{key}.until", [clock.until], steps, "step")
            known(f"clocks.{key}.pause", clock.pause, steps, "step")
            known(f"clocks.{key}.kept", clock.kept, steps, "step")

    def circles(self) -> bool:
        circle = self.order.circle()
        if circle:
            wrong = f"These steps wait for each other: {', '.join(circle)}."
            self.report.wrong(f"steps.{circle[0]}.after", wrong, "Let one of them come after something else.")
        return bool(circle)

    def step(self, step: Step) -> None:
        path = f"steps.{step.key}"
        before = self.order.before(step.key)
        known = self.order.asked(before)
        earlier = before - {step.key} if step.every else before
        self.rules.check(f"{path}.when", step.when, self.order.asked(earlier), earlier)
        for number, key in enumerate(step.show):
            if key in self.definition.fields and key not in known:
                wrong = f"“{key}” is shown here, but no step before this one asks it."
                self.report.wrong(f"{path}.show.{number}", wrong, "Ask it earlier, or take it out here.")
        self.said(f"{path}.next", step.next, known)
        so_far = set(known)
        for key in step.ask:
            if key in self.definition.fields:
                self.rules.check(f"fields.{key}.when", self.definition.fields[key].when, so_far, before)
                so_far = self.order.known(so_far | {key})
        here = before | {step.key}
        for number, need in enumerate(step.need):
            self.rules.check(f"{path}.need.{number}.rule", need.rule, so_far, here)
        titles: dict[str, str] = {}
        for key, outcome in step.outcomes.items():
            where = f"{path}.outcomes.{key}"
            self.rules.check(f"{where}.when", outcome.when, so_far, here)
            self.said(f"{where}.say", outcome.say, so_far)
            self.back(step, outcome.back, where)
            self.go(outcome.go, where)
            if titles.setdefault(outcome.title.casefold(), key) != key:
                wrong = f"It reads the same as “{titles[outcome.title.casefold()]}”: {outcome.title}."
                self.report.wrong(where, wrong, "Give each outcome its own words.")
            self.desk.known(f"{where}.answers", outcome.answers or (), step.ask, "question of this step")
        self.words(step, path)

    def said(self, where: str, text: str, known: set[str]) -> None:
        for name in NAMED.findall(text):
            if name in self.definition.fields and name not in known:
                wrong = f"“{name}” is said here, but nothing before this asks it."
                self.report.wrong(where, wrong, "Ask it earlier, or say it without it.")

    def back(self, step: Step, target: str, where: str) -> None:
        if (
            target in self.definition.steps
            and target != step.key
            and target not in self.order.before(step.key)
        ):
            wrong = f"It goes back to “{target}”, which does not come before this step."
            self.report.wrong(f"{where}.back", wrong, "Go back to a step before this one, or to itself.")

    def go(self, target: str, where: str) -> None:
        if target in self.definition.steps and not self.definition.steps[target].on_demand:
            wrong = f"“{target}” opens in its turn, not on demand."
            self.report.wrong(f"{where}.go", wrong, f"Write “on_demand: true” in the step “{target}”.")

    def words(self, step: Step, path: str) -> None:
        for_residents = self.definition.service is not None
        if for_residents and not step.next and step is not self.definition.first:
            self.report.advise(
                path, "The resident is not told what happens next.", "Write “next: …” in plain words."
            )

    def clock(self, clock: Clock) -> None:
        path = f"clocks.{clock.key}"
        steps = self.definition.steps
        if clock.since not in steps or clock.until not in steps:
            return
        if clock.until not in self.definition.downstream[clock.since]:
            wrong = f"“{clock.until}” does not come after “{clock.since}”, so the clock could never stop."
            self.report.wrong(f"{path}.until", wrong, "Let it run from an earlier step until a later one.")
        before = self.order.before(clock.since) | {clock.since}
        self.rules.check(f"{path}.when", clock.when, self.order.asked(before), before)
        if not clock.late.tell and not clock.late.priority:
            self.report.advise(path, "Nobody is told when it runs out.", "Write “late: {tell: a-team}”.")

    def fields(self) -> None:
        """Advise on questions that nobody is asked, and on answers that are found out and never used."""
        steps = self.definition.steps.values()
        asked = {key for step in steps for key in step.ask}
        used = {key for step in steps for key in step.show} | {step.wait.until for step in steps if step.wait}
        used |= {each.field for step in steps for each in step.passes} | self.rules.read
        used |= {each.field for step in steps for way in step.outcomes.values() for each in way.passes}
        used |= {name for field in self.definition.fields.values() if field.table for name in field.table.by}
        used |= {step.vote.seats for step in steps if step.vote} | {step.person for step in steps}
        used |= {clock.targets.by for clock in self.definition.clocks.values() if clock.targets}
        for key, field in self.definition.fields.items():
            if key in asked:
                continue
            if not (field.worked_out or field.source):
                self.report.advise(f"fields.{key}", "No step asks it.", "Add it to a step's “ask”.")
            elif key not in used:
                wrong = "It is found out, but nothing shows or reads it."
                self.report.advise(f"fields.{key}", wrong, "Add it to a step's “show”, or take it out.")

    def service(self) -> None:
        first, definition = self.definition.first, self.definition
        strangers = [who for who in definition.start if who not in first.by]
        if strangers:
            wrong = f"“{strangers[0]}” may start it, but may not do the first step."
            self.report.wrong("start", wrong, f"Add “{strangers[0]}” to “by” of “{first.key}”.")
        if first.vote or first.by_time:
            wrong = "The first step starts the case, so somebody must do it."
            self.report.wrong(f"steps.{first.key}", wrong, "Begin with a step that somebody does.")
        if definition.service and not {RESIDENT, AGENT} & set(definition.start):
            wrong = "It is in the catalogue for residents, but no resident may start it."
            self.report.wrong("start", wrong, "Write “start: [resident, agent]”.")
        tells = [
            outcome
            for step in definition.steps.values()
            for outcome in step.outcomes.values()
            if outcome.tell
        ]
        if definition.service and definition.service.contact == "none":
            for outcome in tells:
                if RESIDENT in outcome.tell:
                    wrong = f"“{outcome.key}” tells the resident, who is not asked for an email address."
                    self.report.advise("service.contact", wrong, "Write “contact: optional”.")
