"""What a clock's table and an answer that may be amended get wrong: rows, questions, and who may put them right."""

from moothall.process.definition import ANYBODY, RESIDENT, STAFF, TIME, Clock, Field, Targets
from moothall.process.language.checking import Desk
from moothall.process.language.mistakes import did_you_mean


def check_targets(desk: Desk, clock: Clock) -> None:
    """Note what is wrong with the table by which a clock has its time."""
    if clock.targets is None or not clock.targets.by:
        return
    where = f"clocks.{clock.key}.within"
    fields = desk.definition.fields
    field = fields.get(clock.targets.by)
    if field is None:
        choices = [key for key, each in fields.items() if each.type == "choice"]
        near = did_you_mean(clock.targets.by, choices)
        desk.report.wrong(f"{where}.by", f"There is no field “{clock.targets.by}”.", near)
    elif field.type != "choice":
        wrong = f"“{field.key}” is a {field.type}: it has no answers to give a time each."
        desk.report.wrong(f"{where}.by", wrong, "Name a field of type choice, or a table that gives one.")
    else:
        _known(desk, clock, field, where)
        _rows(desk, clock.targets, field, where)


def _known(desk: Desk, clock: Clock, field: Field, where: str) -> None:
    steps = desk.definition.steps
    if clock.since not in steps:
        return
    if field.key not in desk.order.asked(desk.order.before(clock.since) | {clock.since}):
        wrong = f"“{field.key}” is not known yet when the clock starts, after “{clock.since}”."
        desk.report.wrong(f"{where}.by", wrong, "Ask it by then, or let the clock run from a later step.")
    elif field.secret or any(step.circle and field.key in step.ask for step in steps.values()):
        wrong = f"“{field.key}” is private, and everybody sees by its time what was answered."
        desk.report.wrong(f"{where}.by", wrong, "Name a field that is not private.")
    elif field.optional or (field.when and not field.worked_out):
        wrong = f"“{field.key}” may have no answer, and then nothing is promised."
        desk.report.advise(f"{where}.by", wrong, "Ask it of everybody, if there should always be a time.")


def _rows(desk: Desk, targets: Targets, field: Field, where: str) -> None:
    known = [each.key for each in field.of]
    there = [row.choice for row in targets.rows]
    for choice in there:
        if choice not in known:
            wrong = f"“{field.key}” is never “{choice}”."
            desk.report.wrong(f"{where}.{choice}", wrong, did_you_mean(choice, known))
    for choice in known:
        if choice not in there:
            wrong = f"It has no row for “{choice}”."
            desk.report.wrong(where, wrong, f"Write “{choice}: 3 working days”, or “{choice}: none”.")
    if there and not any(row.span for row in targets.rows):
        desk.report.wrong(where, "It promises nothing, whatever is answered.", "Give a row a time.")


def check_amend(desk: Desk, field: Field) -> None:
    """Note where an answer that may be put right at any time could not be, or by nobody."""
    if not field.amend:
        return
    where = f"fields.{field.key}.amend"
    strange = [name for name in field.amend if name in (RESIDENT, STAFF, TIME, ANYBODY)]
    if strange:
        wrong = f"“{strange[0]}” cannot put an answer right outside a step."
        desk.report.wrong(where, wrong, "Name teams, “agent” or “supervisor”.")
    if field.worked_out:
        wrong = "It is worked out from other answers."
        desk.report.wrong(where, wrong, "Let one of those be put right: write “amend” there.")
    elif field.type in ("photo", "file"):
        wrong = "Files are added to a case; they are not put right."
        desk.report.wrong(where, wrong, "Take “amend” out.")
