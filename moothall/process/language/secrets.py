"""What a private process, field or step may give away: in words for everybody, and to whom it is shown."""

from collections.abc import Collection

from moothall.process.definition import AGENT, NAMED, RESIDENT, Step
from moothall.process.language.checking import NO_TEAMS, Desk, teams_in
from moothall.process.language.mistakes import did_you_mean

_OUTSIDE = {RESIDENT: "whoever asked", AGENT: "every adviser"}


def check_secrets(desk: Desk) -> None:
    """Note where an answer that only some may read is said or shown to others."""
    for step in desk.definition.steps.values():
        _said(desk, step)
        _shown(desk, step)
        _asked(desk, step)
    for field in desk.definition.fields.values():
        strange = [name for name in field.circle if name in NO_TEAMS]
        if strange:
            wrong = f"“{strange[0]}” is no team, so it cannot be a circle."
            desk.report.wrong(f"fields.{field.key}.private", wrong, "Name teams, or “personal”.")
    for path, names in (
        ("private", desk.definition.private),
        *((f"steps.{key}.private", step.circle) for key, step in desk.definition.steps.items()),
    ):
        strange = [name for name in names if name in NO_TEAMS or name == "personal"]
        if strange:
            wrong = f"“{strange[0]}” is no team, so it cannot be a circle."
            desk.report.wrong(path, wrong, "Name the teams that alone may see it.")


def check_seen(desk: Desk, walls: Collection[str] | None) -> None:
    """Note a permission that no cases are seen with, so that nobody would see these; and one beside a circle."""
    wanted = desk.definition.seen_with
    if wanted and walls is not None and wanted not in walls:
        wrong = f"No cases are seen with the permission “{wanted}”, so nobody would see these."
        desk.report.wrong("seen_with", wrong, did_you_mean(wanted, sorted(walls)) or "Take it out.")
    if wanted and desk.definition.private:
        wrong = "It is private as well: its cases are there for those teams, whatever permission others have."
        desk.report.advise("seen_with", wrong, "Take one of the two out.")


def _said(desk: Desk, step: Step) -> None:
    fields = desk.definition.fields
    texts = [(f"steps.{step.key}.next", step.next)]
    texts += [(f"steps.{step.key}.outcomes.{each.key}.say", each.say) for each in step.outcomes.values()]
    for where, text in texts:
        for name in NAMED.findall(text):
            if name in fields and fields[name].secret:
                wrong = f"“{name}” is private, and this is read by everybody who follows the case."
                desk.report.wrong(where, wrong, f"Take “{{{name}}}” out.")


def _shown(desk: Desk, step: Step) -> None:
    """Advise where a step shows an answer to people outside its circle, who then read it on this step alone."""
    doers = [*teams_in(step.by), *(name for name in _OUTSIDE if name in step.by)]
    for number, key in enumerate(step.show):
        field = desk.definition.fields.get(key)
        if field is None or not field.circle:
            continue
        others = [who for who in doers if who not in field.circle]
        if others:
            who = _OUTSIDE.get(others[0], f"“{others[0]}”")
            wrong = f"“{key}” is for {', '.join(field.circle)} alone, and this step shows it to {who}."
            instead = "Take it out here, or name them in its “private” if they are meant to read it."
            desk.report.advise(f"steps.{step.key}.show.{number}", wrong, instead)


def _asked(desk: Desk, step: Step) -> None:
    if not step.circle:
        return
    for number, key in enumerate(step.ask):
        field = desk.definition.fields.get(key)
        if field is not None and not field.circle:
            wrong = f"Only {', '.join(step.circle)} see this step, but everybody reads “{key}”."
            instead = f"Write “private: [{', '.join(step.circle)}]” in the field too."
            desk.report.advise(f"steps.{step.key}.ask.{number}", wrong, instead)
