"""Answers as a whole: as facts for the rules, as words for people, and which of them count."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from moothall.process import cel
from moothall.process.definition import NOTHING, Definition, Field
from moothall.process.kinds import KINDS, Wrong, clean, words
from moothall.process.kinds.kind import LONDON
from moothall.process.working_out import work_out

Answers = Mapping[str, Any]


def facts(
    definition: Definition,
    answers: Answers,
    *,
    now: datetime,
    steps: Mapping[str, Mapping[str, Any]] = NOTHING,
) -> dict[str, Any]:
    """Return what rules may ask about: answers, what is known of each step (`by`, `outcome`), and `now`."""
    known = {**answers, **steps, "now": now}
    for key in definition.dates:
        if (value := known.get(key)) is not None:
            known[key] = KINDS["date"].rule_value(value)
    for key in definition.moments:
        if (value := known.get(key)) is not None:
            known[key] = KINDS["datetime"].rule_value(value)
    for key in definition.colleagues:
        if (value := known.get(key)) is not None:
            known[key] = KINDS["staff"].rule_value(value)
    return known


def labels(definition: Definition) -> cel.Labels:
    """Return how the names of a process read in a “why not” sentence."""

    def say(dotted: str, value: Any) -> str:
        first, _, part = dotted.partition(".")
        if part == "outcome" and first in definition.steps:
            outcome = definition.steps[first].outcomes.get(value)
            return f"“{outcome.title}”" if outcome else str(value)
        field = definition.fields.get(first)
        if field is None or part or not field.of:
            return cel.plain_words(value)
        return words(field, [value] if field.type == "choices" and isinstance(value, str) else value)

    return cel.Labels(
        names={key: field.name for key, field in definition.fields.items()},
        steps={key: step.title for key, step in definition.steps.items()},
        say=say,
    )


def asked(definition: Definition, keys: Iterable[str], known: cel.Facts) -> list[Field]:
    """Return the questions that are put, as far as the facts show: a hidden question is not asked."""
    fields = [definition.fields[key] for key in keys]
    return [field for field in fields if cel.holds(field.when, known)]


def missing(definition: Definition, keys: Iterable[str], known: cel.Facts) -> list[Field]:
    """Return the questions that still need an answer."""
    return [
        field
        for field in asked(definition, keys, known)
        if not field.optional and known.get(field.key) is None
    ]


def check(
    definition: Definition,
    keys: Iterable[str],
    raw: Answers,
    known: cel.Facts,
    needed: Collection[str] | None = None,
) -> tuple[dict[str, Any], dict[str, Wrong]]:
    """Clean the answers to some questions in their order; return those that count, and what is wrong.

    `known` are the facts from before, with `now`. An answer to a question that is hidden by the answers above
    it, or was left empty, is None, so that it empties what was there. `needed` names those that must be given;
    without it, all that are not optional must.
    """
    today = known["now"].astimezone(LONDON).date()
    facts_now = dict(known)
    taken: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for key in keys:
        field = definition.fields[key]
        facts_now[key] = taken[key] = None
        if field.when and definition.worked_out:
            work_out(definition, facts_now, today)
        if not cel.holds(field.when, facts_now):
            continue
        must = not field.optional if needed is None else key in needed
        try:
            taken[key] = clean(field, raw.get(key), today=today, must=must)
        except Wrong as error:
            wrong[key] = error
        else:
            facts_now[key] = rule_value(field, taken[key])
    return taken, wrong


def rule_value(field: Field, value: Any) -> Any:
    """Return an answer as rules compare it."""
    return None if value is None else KINDS[field.type].rule_value(value)


def search_text(definition: Definition, answers: Answers) -> str:
    """Return the words by which a case may be found through its answers; what is kept apart is left out."""
    found = [
        KINDS[field.type].search_text(field, value)
        for key, value in answers.items()
        if value is not None
        and (field := definition.fields.get(key)) is not None
        and key not in definition.kept_apart
    ]
    return " ".join(text for text in found if text)


_PLACES = frozenset({"address", "location", "postcode"})
_SUBJECTS = frozenset({"choice", "choices", "person", "text"})


def headline(definition: Definition, answers: Answers) -> str:
    """Return the one line by which staff know a case in a list: what it is about, and where."""
    found: list[str] = []
    for types in (_SUBJECTS, _PLACES):
        for key, field in definition.fields.items():
            if field.type in types and key not in definition.kept_apart and answers.get(key) is not None:
                found.append(KINDS[field.type].headline(field, answers[key]))
                break
    return " · ".join(found)
