"""Two people's answers to one step, question by question: take mine, take theirs, or write it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.forms.boundfield import BoundField

from moothall.process import kinds
from moothall.process.forms import AnswersForm, OutcomeForm
from moothall.process.queries.typing import Fields
from moothall.workplace.forms.typing import inputs_of, inputs_of_all

Pick = Literal["mine", "theirs", "new"]
PICKS: tuple[Pick, ...] = ("mine", "theirs", "new")


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a step's answers: as it was typed, and in words by question."""

    fields: Fields
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One question in which two versions differ. `drawn` is its input, with mine in it, for writing it anew."""

    key: str
    label: str
    mine: str
    theirs: str
    drawn: BoundField
    names: frozenset[str]


def side(answers: AnswersForm, decide: OutcomeForm, fields: Fields | None = None) -> Side:
    """Return a version in words. The forms were sent with these fields, or stand as the case has them."""
    typed = inputs_of_all(answers, decide) if fields is None else fields
    words: dict[str, str] = {}
    if answers.is_bound:
        answers.is_valid()
    for key in answers.keys:
        field = answers.definition.fields[key]
        value = answers.taken.get(key) if answers.is_bound else answers.held.get(key)
        if value is not None:
            words[key] = kinds.words(field, value)
        elif raw := _raw(typed, inputs_of(answers[key])):
            words[key] = raw
    for bound in decide:
        if not bound.is_hidden and (raw := _raw(typed, inputs_of(bound))):
            chosen = decide.outcomes.get(raw)
            words[bound.name] = chosen.title if chosen is not None else raw
    return Side(typed, words)


def _raw(typed: Fields, names: Mapping[str, Any]) -> str:
    """Return what was typed into some inputs, in one line."""
    return ", ".join(value.strip() for name in names for value in typed.get(name, ()) if value.strip())


def rows(mine: Side, theirs: Side, answers: AnswersForm, decide: OutcomeForm) -> list[Row]:
    """Return the questions in which they differ, in the order of the page; the forms have mine in them."""
    found = []
    for form in (answers, decide):
        for bound in form:
            names = frozenset(inputs_of(bound))
            if bound.is_hidden or not names or _same(mine.fields, theirs.fields, names):
                continue
            found.append(
                Row(
                    key=bound.name,
                    label=str(bound.label),
                    mine=mine.words.get(bound.name, ""),
                    theirs=theirs.words.get(bound.name, ""),
                    drawn=bound,
                    names=names,
                )
            )
    return found


def _same(mine: Fields, theirs: Fields, names: frozenset[str]) -> bool:
    return all(_tidy(mine.get(name, ())) == _tidy(theirs.get(name, ())) for name in names)


def _tidy(values: Sequence[str]) -> list[str]:
    return [text for value in values if (text := value.strip().replace("\r\n", "\n"))]


def picked(posted: Any, found: Sequence[Row]) -> dict[str, Pick]:
    """Return what was chosen for each question; mine where nothing was."""
    given = {row.key: str(posted.get(f"pick-{row.key}", "")) for row in found} if posted else {}
    return {row.key: next((pick for pick in PICKS if pick == given.get(row.key)), "mine") for row in found}


def merged(mine: Side, theirs: Side, found: Sequence[Row], posted: Any) -> dict[str, list[str]]:
    """Return the fields that come of the choices; what did not differ stays as it is."""
    result = {name: list(values) for name, values in mine.fields.items()}
    choices = picked(posted, found)
    for row in found:
        for name in row.names:
            sources = {"mine": mine.fields, "theirs": theirs.fields}
            fresh = posted.getlist(name) if choices[row.key] == "new" else sources[choices[row.key]].get(name)
            result.pop(name, None)
            if fresh:
                result[name] = [str(value) for value in fresh]
    return result
