"""What would follow from answers that are not saved yet: the priority, and what is promised for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moothall.process import kinds as process_kinds
from moothall.process import queries as process
from moothall.process import store
from moothall.process.definition import Definition
from moothall.process.errors import NoSuchProcess
from moothall.process.working_out import first_row
from moothall.servicedesk.errors.calls import NotSetUp
from moothall.servicedesk.rules import kinds

PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The priority that follows, in the council's words, and the promises that come with it."""

    number: int
    words: str
    promises: Sequence[str]

    @property
    def sentence(self) -> str:
        said = f"Priority {self.words}."
        return f"{said} {'; '.join(self.promises)}." if self.promises else said


def definition_at(kind: str, council_id: int) -> Definition:
    """Return the process of a kind of call as a council has it."""
    key = kinds.PROCESS[kind]
    try:
        return store.definition_of(process.newest_version(key, council_id))
    except NoSuchProcess:
        raise NotSetUp(process=key) from None


def choices_of(definition: Definition, key: str) -> list[tuple[str, str]]:
    """Return the choices of a question, in the council's words; none if it is no question of choices."""
    field = definition.fields.get(key)
    return [(each.key, each.words) for each in field.of] if field else []


def foreseen(definition: Definition, answers: Mapping[str, str]) -> Foreseen | None:
    """Return what would follow from answers; nothing while too little is known."""
    field = definition.fields.get(PRIORITY)
    if field is None:
        return None
    known = {name: answers.get(name) or None for name in field.table.by} if field.table else {}
    value = first_row(field.table, known) if field.table and all(known.values()) else answers.get(PRIORITY)
    if not value:
        return None
    return Foreseen(
        number=kinds.priority_of(value),
        words=process_kinds.words(field, value),
        promises=_promises(definition, value),
    )


def _promises(definition: Definition, choice: str) -> list[str]:
    """Return what each clock of the desk promises with a priority, those that everybody of the desk reads."""
    found = []
    for key in kinds.WITHIN:
        clock = definition.clocks.get(key)
        target = clock.target(choice) if clock else None
        if clock is not None and target is not None:
            found.append(f"{clock.title} within {target}")
    return found
