"""From sections to the steps of a process: who does them, how they turn out, how they wait, and what they open."""

import re
from dataclasses import replace

from moothall.process.definition import DONE, TIME, Need, Outcome, Pass, Step, Vote, Wait
from moothall.process.language.mistakes import Report
from moothall.process.language.names import KEY, OUTCOME_KEY, PROCESS_KEY, names_in, span_in, title_in, titled
from moothall.process.language.nodes import Listing, Node, Scalar, Section
from moothall.process.language.sections import PROSE, Part

_STEP = (
    "title", "by", "private", "show", "ask", "after", "on_demand", "when", "need", "outcomes", "next", "tell",
    "vote", "wait", "every", "case", "pass", "until", "person",
)  # fmt: skip
_OUTCOME = (
    "title", "by", "answers", "when", "back", "go", "open", "pass", "end", "tell", "say", "need_text",
)  # fmt: skip
_VOTE = ("of", "pass", "quorum", "one per", "seats", "not", "veto")
_WAIT = ("until", "for", "at most", "then", "calendar")
_UNTIL = {"accepted": "accepted", "closed": "closed"}
_ALL = "all"
_SHARES = ("majority", _ALL)
_BOTH = 2
_WHY_NOT = "Why do you not take it over?"
_DONE_BY = re.compile(r"([a-z][a-z0-9_]{0,39})\.by", re.ASCII)


def steps_of(process: Part, start: tuple[str, ...]) -> dict[str, Step]:
    """Return the steps in the order of the file."""
    steps: dict[str, Step] = {}
    above = ""
    for key, node in process.named("steps", KEY, "collect").items():
        steps[key] = _step(key, node, process.report, above, start)
        above = above if steps[key].on_demand else key
    if not steps:
        process.report.wrong(
            "steps", "A process needs at least one step.", "Write “steps:” and one below it."
        )
    return steps


def _step(key: str, node: Node, report: Report, above: str, start: tuple[str, ...]) -> Step:
    part = Part(node, f"steps.{key}", report, _STEP)
    vote, wait = _vote(part), _wait(part)
    by = names_in(part, "by", "waste") or (vote.of if vote else ())
    after = part.texts("after")
    if after and not above:
        report.wrong(part.at("after"), "The first step comes after nothing.", "Take “after” out.")
    if part.has("when") and not above:
        report.wrong(part.at("when"), "The first step always opens.", "Take “when” out.")
    on_demand = part.flag("on_demand")
    if on_demand and (not above or after or part.has("when")):
        wrong = "A step on demand opens when an outcome goes to it, and only then."
        report.wrong(
            part.at("on_demand"), wrong, "Take “after” and “when” out; the first step cannot be one."
        )
    step = Step(
        key=key,
        title=title_in(part, key),
        by=by,
        circle=names_in(part, "private", "police"),
        show=part.texts("show"),
        ask=part.texts("ask"),
        after=after or ((above,) if above and not on_demand else ()),
        on_demand=on_demand,
        when=part.text("when", longest=PROSE),
        need=_needs(part),
        outcomes=_timed(_outcomes(part), wait),
        next=part.text("next", longest=PROSE),
        vote=vote,
        wait=wait,
        every=span_in(part, "every") if part.has("every") else None,
        case=part.name("case", PROCESS_KEY, "early-help"),
        passes=_passes(part),
        until=_until(part),
        person=part.text("person"),
    )
    step = _with_reasons(step)
    if by or step.by_time or step.by_other_case or step.case:
        return step
    if above:
        part.missing("by", "who does it: “by: waste”")
    return replace(step, by=start)


def _with_reasons(step: Step) -> Step:
    """Return the step; whoever refuses what is handed over to them says why, whether the file asks it or not."""
    chosen = [key for key in step.outcomes if step.wait is None or key != step.wait.then]
    if step.until != "accepted" or not step.case or len(chosen) < _BOTH or step.outcomes[chosen[1]].need_text:
        return step
    refused = replace(step.outcomes[chosen[1]], need_text=_WHY_NOT)
    return replace(step, outcomes={**step.outcomes, refused.key: refused})


def _until(step: Part) -> str:
    """Return until when a step goes on: a case until it is accepted or closed, a repeated one until another step."""
    if step.has("case"):
        return step.choice("until", _UNTIL, "closed")
    if step.has("until") and not step.has("every"):
        wrong = "“until” belongs to “case” or to “every”."
        step.report.wrong(step.at("until"), wrong, "To wait for a day, write “wait: {until: a_field}”.")
    return step.text("until")


def _vote(step: Part) -> Vote | None:
    part = step.part("vote", _VOTE)
    if part is None:
        return None
    of = names_in(part, "of", "cab")
    if not of:
        part.missing("of", "whose members vote: “of: cab”")
    needed = part.text("pass")
    if not part.has("pass"):
        part.missing("pass", "how many votes for it pass it: “pass: 2”, “pass: majority” or “pass: all”")
    elif needed not in _SHARES and (part.whole("pass") or 0) < 1:
        part.report.wrong(part.at("pass"), f"“{needed}” is not a number of votes.", "Write “pass: 2”.")
    excluded = part.texts("not")
    for number, each in enumerate(excluded):
        if not _DONE_BY.fullmatch(each):
            wrong = f"“{each}” does not say who did a step."
            part.report.wrong(f"{part.at('not')}.{number}", wrong, "Write “not: [report.by]”.")
    return Vote(
        of=of,
        needed=needed if needed in _SHARES else part.whole("pass") or 1 if needed else 1,
        quorum=_ALL if part.text("quorum") == _ALL else part.whole("quorum") or 0,
        one_per="council" if part.choice("one per", ("council",)) else "",
        seats=part.text("seats"),
        excluded=excluded,
        veto=names_in(part, "veto", "security"),
    )


def _wait(step: Part) -> Wait | None:
    part = step.part("wait", _WAIT)
    if part is None:
        return None
    ways = [key for key in ("until", "for", "at most") if part.has(key)]
    if len(ways) != 1:
        wrong = "A wait is until a day, for a length of time, or at most so long: one of the three."
        part.report.wrong(
            part.path,
            wrong,
            "Write “wait: {until: starts}”, “{for: 2 days}” or “{at most: 5 days, then: …}”.",
        )
    if part.has("at most") != part.has("then"):
        wrong = "“at most” says how long people have, and “then” what happens when they have not done it."
        part.report.wrong(part.path, wrong, "Write both: “wait: {at most: 5 working days, then: no-answer}”.")
    return Wait(
        until=part.text("until"),
        span=span_in(part, "for") if part.has("for") else None,
        at_most=span_in(part, "at most") if part.has("at most") else None,
        then=part.name("then", OUTCOME_KEY, "no-answer"),
        calendar=part.name("calendar", OUTCOME_KEY, "office") or "office",
    )


def _timed(outcomes: dict[str, Outcome], wait: Wait | None) -> dict[str, Outcome]:
    """Return the outcomes with the one that time takes; one that is not written out ends the case."""
    if wait is None or not wait.then or wait.then in outcomes:
        return outcomes
    return outcomes | {wait.then: Outcome(key=wait.then, title=titled(wait.then), by=(TIME,), end=wait.then)}


def _passes(part: Part) -> tuple[Pass, ...]:
    """Return what is handed to another case: a list of fields, or fields with their names over there."""
    node = part.found.get("pass")
    if isinstance(node, Section):
        found = []
        for key, value in node.pairs:
            part.report.lines[f"{part.at('pass')}.{key.text}"] = key.line
            if isinstance(value, Scalar) and value.text:
                found.append(Pass(field=key.text, to=value.text))
            else:
                wrong = f"Under which name is “{key.text}” handed over?"
                part.report.wrong(f"{part.at('pass')}.{key.text}", wrong, f"Write “{key.text}: {key.text}”.")
        return tuple(found)
    return tuple(Pass(field=each, to=each) for each in part.texts("pass"))


def _needs(step: Part) -> tuple[Need, ...]:
    node = step.found.get("need")
    items = node.items if isinstance(node, Listing) else [node] if node else []
    needs: list[Need] = []
    for number, item in enumerate(items):
        path = f"{step.at('need')}.{number}"
        step.report.lines[path] = item.line
        part = Part(item, path, step.report, ("rule", "say", "waive"))
        rule = part.needed("rule", "the rule: “rule: end > start”")
        say = part.needed("say", "the sentence for whoever does not meet it: “say: The end must be …”")
        needs.append(Need(rule=rule, say=say, waive=names_in(part, "waive", "supervisor")))
    return tuple(needs)


def _outcomes(step: Part) -> dict[str, Outcome]:
    tell = names_in(step, "tell", "resident")
    found = step.named("outcomes", OUTCOME_KEY, "not-ours")
    if not found:
        return {DONE: Outcome(key=DONE, title="Done", tell=tell)}
    made = {key: _outcome(key, node, step, alone=len(found) == 1) for key, node in found.items()}
    return {key: each if each.tell else replace(each, tell=tell) for key, each in made.items()}


def _outcome(key: str, node: Node, step: Part, *, alone: bool) -> Outcome:
    part = Part(node, f"{step.at('outcomes')}.{key}", step.report, _OUTCOME)
    if not part.has("title") and not alone:
        step.report.advise(part.path, "It has no title.", f"Write “title: {titled(key)}”, or better words.")
    back, end = part.text("back"), part.name("end", OUTCOME_KEY, "fixed")
    go = part.text("go")
    if len([way for way in (back, go, end) if way]) > 1:
        wrong = "It can go back, go to a step on demand, or end the case: one of the three."
        step.report.wrong(part.path, wrong, "Keep “back”, “go” or “end”.")
    tell = names_in(part, "tell", "resident")
    if "resident" in tell and not part.has("say"):
        step.report.advise(part.path, "The resident is told, but not what.", "Write “say: …” in plain words.")
    text = part.text("need_text")
    return Outcome(
        key=key,
        title=part.text("title") or titled(key),
        by=names_in(part, "by", "waste"),
        answers=part.texts("answers") if part.has("answers") else None,
        when=part.text("when", longest=PROSE),
        back=back,
        go=go,
        end=end,
        open=part.name("open", PROCESS_KEY, "problem"),
        passes=_passes(part),
        tell=tell,
        say=part.text("say", longest=PROSE),
        need_text={"true": "Give the reason", "false": ""}.get(text, text),
    )
