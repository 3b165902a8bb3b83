"""What waits and repeated steps may get wrong: a day that nobody has asked for, a repetition without an end."""

from moothall.process.definition import Step, Wait
from moothall.process.language.checking import Desk
from moothall.process.language.mistakes import did_you_mean

_DAYS = ("date", "datetime")


def check_wait(desk: Desk, step: Step) -> None:
    """Note what is wrong with the wait of a step."""
    if step.wait is None:
        return
    path = f"steps.{step.key}"
    if step.wait.until:
        _until_a_day(desk, step, step.wait)
    if step.by_time:
        _by_time(desk, step, path)
    if step.by_other_case:
        wrong = "It waits for the other case already."
        desk.report.wrong(f"{path}.wait", wrong, "Take “wait” or “case” out.")
    if step.wait.then:
        _then(desk, step, step.wait.then)


def _until_a_day(desk: Desk, step: Step, wait: Wait) -> None:
    where = f"steps.{step.key}.wait.until"
    fields = desk.definition.fields
    field = fields.get(wait.until)
    if field is None:
        days = [key for key, each in fields.items() if each.type in _DAYS]
        near = did_you_mean(wait.until, days)
        desk.report.wrong(where, f"There is no field “{wait.until}”.", near or "Ask a date before it.")
    elif field.type not in _DAYS:
        wrong = f"“{wait.until}” is a {field.type}, so it has no day to wait for."
        desk.report.wrong(where, wrong, "Name a field of type date or datetime.")
    elif wait.until not in desk.known_before(step):
        wrong = f"“{wait.until}” is waited for here, but no step before this one asks it."
        desk.report.wrong(where, wrong, "Ask it earlier.")
    elif field.optional or (field.when and not field.worked_out):
        wrong = f"“{wait.until}” may have no answer, and then it waits for ever."
        desk.report.advise(where, wrong, "Ask it of everybody, or give this step a “when: has(…)”.")


def _by_time(desk: Desk, step: Step, path: str) -> None:
    """Note what only people could do in a step that time alone does."""
    wrong = desk.report.wrong
    if step.by:
        instead = "Take “by” out, or write “at most” if people have so long to do it."
        wrong(f"{path}.by", "Nobody does a step that waits: it is done when its time has come.", instead)
    for key, there in (("ask", step.ask), ("vote", step.vote), ("every", step.every)):
        if there:
            instead = f"Take “{key}” out, or move it to a step of its own."
            wrong(f"{path}.{key}", f"Nobody does a step that waits, so it has no “{key}”.", instead)
    if step.need:
        instead = "Take “need” out, unless it comes true by itself."
        desk.report.advise(f"{path}.need", "It waits on, if this is not so when its time has come.", instead)
    for key, outcome in step.outcomes.items():
        if step.wait and step.wait.until and step.key in {outcome.back, outcome.go}:
            named, where = "back" if outcome.back else "go", f"{path}.outcomes.{key}"
            again = "Its day has come, so it would be over again at once, for ever."
            wrong(f"{where}.{named}", again, "Go to a step that somebody does, who may give another day.")
        if outcome.need_text or outcome.by:
            named = "need_text" if outcome.need_text else "by"
            where = f"{path}.outcomes.{key}.{named}"
            wrong(where, "Time chooses this outcome: nobody is there to write or choose.", "Take it out.")
    if len([each for each in step.outcomes.values() if not each.when]) > 1:
        wrong(f"{path}.outcomes", "Time cannot choose between several outcomes.", "Keep one without “when”.")


def _then(desk: Desk, step: Step, then: str) -> None:
    outcome = step.outcomes[then]
    where = f"steps.{step.key}.wait.then"
    if len(step.outcomes) == 1:
        wrong = "Whatever people do, the same happens when the time is up."
        desk.report.wrong(where, wrong, "Give the step another outcome, or write “wait: {for: …}”.")
    if outcome.need_text:
        wrong = f"Time takes “{then}”, and time gives no reasons."
        desk.report.wrong(where, wrong, f"Take “need_text” out of “{then}”, or name another outcome.")
    if outcome.when:
        wrong = f"“{then}” is offered only if its rule holds; the time may be up when it does not."
        desk.report.wrong(where, wrong, f"Take “when” out of “{then}”, or name another outcome.")


def check_every(desk: Desk, step: Step) -> None:
    """Note what is wrong with a repeated step: whether it comes to an end, and whom it would keep waiting."""
    if step.every is None:
        return
    path, definition = f"steps.{step.key}", desk.definition
    after = definition.followers[step.key]
    if step is definition.first:
        wrong = "The first step starts the case, and a case starts once."
        desk.report.wrong(f"{path}.every", wrong, "Let a later step be repeated.")
    if step.on_demand:
        wrong = "A step on demand opens when an outcome goes to it, and not by the clock."
        desk.report.wrong(f"{path}.every", wrong, "Take “on_demand” or “every” out.")
    if step.case:
        desk.report.wrong(f"{path}.every", "A step hands over once.", "Take “every” or “case” out.")
    if step.until:
        _until_a_step(desk, step, path)
    elif after:
        wrong = f"“{after[0]}” comes after it, and would never open: this step is repeated for ever."
        desk.report.wrong(f"{path}.every", wrong, "Write “until: a_step”, or put nothing after it.")
    elif not any(each.end or each.back or each.go for each in step.outcomes.values()):
        others = [each for each in definition.steps.values() if each is not step]
        if not any(outcome.end for each in others for outcome in each.outcomes.values()):
            desk.report.wrong(
                f"{path}.every", "It is repeated for ever.", "Give it an outcome with “end: …”."
            )
        else:
            wrong = "It is repeated until something else ends the case."
            desk.report.advise(f"{path}.every", wrong, "Write “until: a_step” if it should stop earlier.")


def _until_a_step(desk: Desk, step: Step, path: str) -> None:
    definition = desk.definition
    where = f"{path}.until"
    if step.until not in definition.steps:
        near = did_you_mean(step.until, definition.steps)
        desk.report.wrong(where, f"There is no step “{step.until}”.", near)
    elif step.until == step.key:
        desk.report.wrong(where, "It would be repeated until it is done once.", "Name another step.")
    elif step.until in definition.downstream[step.key]:
        wrong = f"“{step.until}” comes after it, so each would wait for the other."
        beside = ", ".join(step.after)
        desk.report.wrong(where, wrong, f"Let it run beside: write “after: [{beside}]” in “{step.until}”.")
    elif step.until in desk.order.above(step.key):
        wrong = f"“{step.until}” comes before it, so it would never be repeated."
        desk.report.wrong(where, wrong, "Name a step that runs beside it.")
