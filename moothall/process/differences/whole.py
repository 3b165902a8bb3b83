"""Everything that differs between two definitions of a process, in the order in which a file is written."""

from moothall.process.definition import Choice, Clock, Definition, Field, Service, Target
from moothall.process.differences.saying import becomes, every, flag, keyed, listed, shown
from moothall.process.differences.steps import step_changed

SERVICE = {
    "title": "its title",
    "description": "its description",
    "category": "its category",
    "lgsl": "its number in the Local Government Service List",
    "how_long": "the promise",
    "contact": "whether it asks for an email address or phone number",
}
FIELD = {
    "ask": "the words",
    "type": "the kind of answer",
    "label": "the label",
    "hint": "the hint",
    "missing": "the sentence for whoever leaves it out",
    "when": "the rule for asking it",
    "source": "where the answer is pulled from",
    "calc": "how it is worked out",
    "min": "the least",
    "max": "the most",
    "most": "how many files may be given",
    "unit": "the unit",
}
CLOCK = {
    "title": "the title",
    "since": "the step it runs from",
    "until": "the step it runs until",
    "when": "the rule for running",
    "pause": "the steps during which it stands still",
    "kept": "the steps during which it counts as kept",
    "calendar": "the calendar",
    "warn": "the percentage of the time after which the team is warned",
    "on_written": "what becomes of it when staff write to whoever asked",
}
LATE = {"tell": "who is told when it runs out", "priority": "the priority when it runs out,"}


def in_words(old: Definition, new: Definition) -> list[str]:
    """Return what changed from one definition to the next, a whole sentence each; empty only if nothing did."""
    if old.body == new.body:
        return []
    return [
        *_process(old, new),
        *_service(old.service, new.service),
        *_fields(old, new),
        *_clocks(old, new),
        *_steps(old, new),
    ]


def _process(old: Definition, new: Definition) -> list[str]:
    return [
        *becomes("The process", "the name", old.key, new.key),
        *becomes("The process", "the title", old.title, new.title),
        *becomes("The process", "the summary", old.summary, new.summary),
        *becomes("The process", "the team that answers for it", old.owner, new.owner),
        *listed(
            old.start, new.start, "It may now be started by: {}.", "It may no longer be started by: {}.",
            "Who may start it is written in another order.",
        ),
        *becomes("The process", "the circle for which alone its cases exist", old.private, new.private),
        *becomes("The process", "the permission that its cases are seen with", old.seen_with, new.seen_with),
    ]  # fmt: skip


def _service(old: Service | None, new: Service | None) -> list[str]:
    if old is None or new is None:
        yes = f"It is now in the catalogue for residents, as “{new.title if new else ''}”."
        return flag(old, new, yes, "It is no longer in the catalogue for residents.")
    return [
        *every(SERVICE, "The service", old, new),
        *listed(
            old.keywords, new.keywords, "The service is now also found by “{}”.",
            "The service is no longer found by “{}”.", "The keywords of the service are in another order.",
        ),
        *listed(
            old.before_you_start, new.before_you_start, "Before they start, residents now read: “{}”",
            "Before they start, residents no longer read: “{}”",
            "What residents read before they start is in another order.",
        ),
        *listed(
            old.councils, new.councils, "The service is now offered by this kind of council: {}.",
            "The service is no longer offered by this kind of council: {}.",
            "The kinds of council that offer the service are in another order.",
        ),
    ]  # fmt: skip


def _fields(old: Definition, new: Definition) -> list[str]:
    return keyed(
        old.fields,
        new.fields,
        came=lambda each: f"{question(each)} is new.",
        went=lambda each: f"{question(each)} is gone.",
        changed=_field,
        order="The questions are written in another order.",
    )


def question(field: Field) -> str:
    """Return how a field is called in a sentence: a question, or a value nobody is asked for."""
    if field.worked_out or field.source:
        return f"The value “{field.name or field.key}”"
    return f"The question “{field.ask or field.key}”"


def _field(old: Field, new: Field) -> list[str]:
    subject = question(old)
    found = every(FIELD, subject, old, new)
    found += flag(
        old.optional, new.optional, f"{subject} may now be left out.", f"{subject} must now be answered."
    )
    found += becomes(subject, "the keeping apart of its answer", old.private, new.private)
    found += becomes(subject, "the circle that alone may read it", old.circle, new.circle)
    found += becomes(subject, "who may put its answer right at any time", old.amend, new.amend)
    found += _table(subject, old, new)
    return found + keyed(
        {each.key: each for each in old.of},
        {each.key: each for each in new.of},
        came=lambda each: f"{subject} can now be answered with “{each.words}”.",
        went=lambda each: f"{subject} can no longer be answered with “{each.words}”.",
        changed=lambda before, after: _choice(subject, before, after),
        order=f"{subject}: its answers stand in another order.",
    )


def _choice(subject: str, old: Choice, new: Choice) -> list[str]:
    return [
        *becomes(f"{subject}, answer “{old.words}”", "the words", old.words, new.words),
        *becomes(f"{subject}, answer “{old.words}”", "the hint", old.hint, new.hint),
    ]


def _table(subject: str, old: Field, new: Field) -> list[str]:
    if old.table is None or new.table is None:
        return flag(
            old.table,
            new.table,
            f"{subject} now comes from a table.",
            f"{subject} no longer comes from a table.",
        )
    before = [f"{', '.join(row.tests)}: {row.then}" for row in old.table.rows]
    after = [f"{', '.join(row.tests)}: {row.then}" for row in new.table.rows]
    return [
        *becomes(subject, "what its table depends on", old.table.by, new.table.by),
        *listed(
            before, after, f"{subject}: its table has the new row “{{}}”.",
            f"{subject}: its table no longer has the row “{{}}”.", f"{subject}: the rows of its table stand in another "
            "order, and the first that fits counts.",
        ),
    ]  # fmt: skip


def _clocks(old: Definition, new: Definition) -> list[str]:
    return keyed(
        old.clocks,
        new.clocks,
        came=lambda each: f"The clock “{each.title}” is new: {each.promised}.",
        went=lambda each: f"The clock “{each.title}” is gone; it was {each.promised}.",
        changed=_clock,
        order="The clocks are written in another order.",
    )


def _clock(old: Clock, new: Clock) -> list[str]:
    subject = f"The clock “{old.title}”"
    found = _time(subject, old, new)
    return [*found, *every(CLOCK, subject, old, new), *every(LATE, subject, old.late, new.late)]


def _time(subject: str, old: Clock, new: Clock) -> list[str]:
    """Say how the time of a clock changed: as a whole, or in some rows of its table."""
    if old.targets is None or new.targets is None:
        return [] if old.promised == new.promised else [f"{subject}: {old.promised} becomes {new.promised}."]
    found = becomes(subject, "the question by whose answer it has its time", old.targets.by, new.targets.by)
    return found + keyed(
        {row.choice: row for row in old.targets.rows},
        {row.choice: row for row in new.targets.rows},
        came=lambda row: f"{subject} has a time for {row.choice}: {_row(row)}.",
        went=lambda row: f"{subject} no longer has a time for {row.choice}.",
        changed=lambda one, other: [f"{subject}: for {one.choice}, {_row(one)} becomes {_row(other)}."],
        order=f"{subject}: the rows of its table stand in another order.",
    )


def _row(row: Target) -> str:
    return f"{row} in the calendar “{row.calendar}”" if row.calendar else str(row)


def _steps(old: Definition, new: Definition) -> list[str]:
    return keyed(
        old.steps,
        new.steps,
        came=lambda each: f"The step “{each.title}” is new{_for(each.by)}.",
        went=lambda each: f"The step “{each.title}” is gone.",
        changed=lambda before, after: step_changed(old, new, before, after),
        order="The steps are written in another order.",
    )


def _for(by: tuple[str, ...]) -> str:
    return f", for {shown(by)}" if by else ""
