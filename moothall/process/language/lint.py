"""What a file can get wrong although every line of it is well formed."""

from collections.abc import Iterable

from moothall.process.definition import AGENT, NAMED, RESIDENT, Clock, Definition, Step
from moothall.process.language.before import Order
from moothall.process.language.mistakes import Report, did_you_mean
from moothall.process.language.rule_checks import RuleChecker


def lint(definition: Definition, report: Report) -> None:
    """Note whatever would go wrong when the process runs."""
    _Linter(definition, report).everything(well_formed=report.sound)


class _Linter:
    def __init__(self, definition: Definition, report: Report) -> None:
        self.definition = definition
        self.report = report
        self.order = Order(definition)
        self.rules = RuleChecker(definition, report)

    def everything(self, *, well_formed: bool) -> None:
        self.names()
        if not self.circles():
            for step in self.definition.steps.values():
                self.step(step)
            for clock in self.definition.clocks.values():
                self.clock(clock)
            self.service()
            if well_formed:
                self.endings()
                self.fields()

    def known(self, path: str, names: Iterable[str], known: Iterable[str], thing: str) -> None:
        words = list(known)
        for number, name in enumerate(names):
            if name and name not in words:
                wrong = f"There is no {thing} “{name}”."
                where = f"{path}.{number}" if f"{path}.{number}" in self.report.lines else path
                self.report.wrong(where, wrong, did_you_mean(name, words))

    def names(self) -> None:
        fields, steps = self.definition.fields, self.definition.steps
        for key, step in steps.items():
            self.known(f"steps.{key}.ask", step.ask, fields, "field")
            self.known(f"steps.{key}.show", step.show, fields, "field")
            self.known(f"steps.{key}.after", step.after, steps, "step")
            self.known(f"steps.{key}.next", NAMED.findall(step.next), fields, "field")
            for outcome in step.outcomes.values():
                self.known(f"steps.{key}.outcomes.{outcome.key}.back", [outcome.back], steps, "step")
                self.known(f"steps.{key}.outcomes.{outcome.key}.go", [outcome.go], steps, "step")
                named = NAMED.findall(outcome.say)
                self.known(f"steps.{key}.outcomes.{outcome.key}.say", named, fields, "field")
            if key in fields:
                wrong = "A step and a field have the same name, so a rule could mean either."
                self.report.wrong(f"steps.{key}", wrong, "Rename one of them.")
        for key, clock in self.definition.clocks.items():
            self.known(f"clocks.{key}.from", [clock.since], steps, "step")
            self.known(f"clocks.{key}.until", [clock.until], steps, "step")
            self.known(f"clocks.{key}.pause", clock.pause, steps, "step")

    def circles(self) -> bool:
        circle = self.order.circle()
        if circle:
            wrong = f"These steps wait for each other: {', '.join(circle)}."
            self.report.wrong(f"steps.{circle[0]}.after", wrong, "Let one of them come after something else.")
        return bool(circle)

    def step(self, step: Step) -> None:
        path = f"steps.{step.key}"
        before = self.order.before(step.key)
        asked = self.order.asked(before)
        self.rules.check(f"{path}.when", step.when, asked, before)
        for number, key in enumerate(step.show):
            if key in self.definition.fields and key not in asked:
                wrong = f"“{key}” is shown here, but no step before this one asks it."
                self.report.wrong(f"{path}.show.{number}", wrong, "Ask it earlier, or take it out here.")
        so_far = set(asked)
        for key in step.ask:
            if key in self.definition.fields:
                self.rules.check(f"fields.{key}.when", self.definition.fields[key].when, so_far, before)
                so_far.add(key)
        here = before | {step.key}
        for number, need in enumerate(step.need):
            self.rules.check(f"{path}.need.{number}.rule", need.rule, so_far, here)
        titles: dict[str, str] = {}
        for key, outcome in step.outcomes.items():
            where = f"{path}.outcomes.{key}"
            self.rules.check(f"{where}.when", outcome.when, so_far, here)
            self.back(step, outcome.back, where)
            self.go(outcome.go, where)
            if titles.setdefault(outcome.title.casefold(), key) != key:
                wrong = f"It reads the same as “{titles[outcome.title.casefold()]}”: {outcome.title}."
                self.report.wrong(where, wrong, "Give each outcome its own words.")
            self.known(f"{where}.answers", outcome.answers or (), step.ask, "question of this step")
            others = [who for who in outcome.by if who not in step.by]
            if others:
                wrong = f"“{others[0]}” does not do this step."
                self.report.wrong(f"{where}.by", wrong, did_you_mean(others[0], step.by))
        self.words(step, path)

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

    def endings(self) -> None:
        steps = self.definition.steps
        if not any(outcome.end for step in steps.values() for outcome in step.outcomes.values()):
            wrong = "No outcome of any step ends the case."
            self.report.wrong("steps", wrong, "Give the last step an outcome with “end: …”.")
            return
        called = {outcome.go for step in steps.values() for outcome in step.outcomes.values()}
        for key, step in steps.items():
            for outcome in step.outcomes.values():
                if not (self.definition.followers[key] or outcome.end or outcome.back or outcome.go):
                    wrong = f"Nothing comes after “{outcome.key}”, and it does not end the case."
                    self.report.wrong(f"steps.{key}", wrong, "Give the outcome “end: …” or “back: …”.")
            if step.on_demand and key not in called:
                wrong = "No outcome goes to it, so it can never open."
                self.report.wrong(f"steps.{key}", wrong, f"Write “go: {key}” in an outcome, or take it out.")
            never = [one for one in step.after if one in steps and not self.order.goes_on(one)]
            if never:
                wrong = f"It can never open: “{never[0]}” always ends the case or goes back."
                self.report.wrong(f"steps.{key}", wrong, "Give the step before it an outcome that goes on.")

    def fields(self) -> None:
        asked = {key for step in self.definition.steps.values() for key in step.ask}
        for key in self.definition.fields:
            if key not in asked:
                self.report.advise(f"fields.{key}", "No step asks it.", "Add it to a step's “ask”.")

    def service(self) -> None:
        first, definition = self.definition.first, self.definition
        strangers = [who for who in definition.start if who not in first.by]
        if strangers:
            wrong = f"“{strangers[0]}” may start it, but may not do the first step."
            self.report.wrong("start", wrong, f"Add “{strangers[0]}” to “by” of “{first.key}”.")
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
                    wrong = f"“{outcome.key}” tells the resident, who is not asked for an e-mail address."
                    self.report.advise("service.contact", wrong, "Write “contact: optional”.")
