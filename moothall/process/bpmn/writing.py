"""Writing a draft as a process file, with comments where a designer has to decide."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.'()/&_-]*")
_WORDS = {"yes", "no", "true", "false", "null", "on", "off"}
_WIDTH = 110


@dataclass(slots=True)
class Ending:
    """A step of a draft, its outcomes, and where those lead in the BPMN."""

    title: str
    by: str
    about: str = ""
    vote: str = ""
    when: str = ""
    after: list[str] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    leads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A whole draft. `dates` are the questions for days that the process waits for."""

    key: str
    title: str
    summary: str
    owner: str
    steps: Mapping[str, Ending]
    dates: Mapping[str, str]
    aside: Sequence[str]


def written(made: Drafted, wrong: Sequence[str] = ()) -> str:
    """Return the source of the file; what is still wrong stands on top."""
    out = [
        "# A first draft, made from a BPMN file. Add the questions, the promises and the words for residents."
    ]
    if made.aside:
        out += ["# What the BPMN says and this draft does not:", *_comments(made.aside, "")]
    if wrong:
        out += ["# What is still wrong:", *_comments(wrong, "")]
    first = next(iter(made.steps.values()))
    out += [f"process: {made.key}", f"title: {quoted(made.title)}"]
    out += [f"summary: {quoted(made.summary)}"] if made.summary else []
    out += [f"owner: {made.owner}", f"start: [{first.by}]", ""]
    if made.dates:
        out.append("fields:")
        out += [f"  {key}: {{ask: {quoted(ask)}, type: date}}" for key, ask in made.dates.items()]
        out.append("")
    out.append("steps:")
    above = ""
    for key, step in made.steps.items():
        out += _step(key, step, above, list(made.dates) if step is first else [])
        above = key
    return "\n".join(out) + "\n"


def _step(key: str, step: Ending, above: str, asks: Sequence[str]) -> list[str]:
    out = [f"  {key}:", *_comments([*([step.about] if step.about else []), *step.aside], "    ")]
    out.append(f"    title: {quoted(step.title)}")
    if step.vote:
        out.append(f"    vote: {{of: {step.by}, pass: {step.vote}}}")
    elif step.by:
        out.append(f"    by: {step.by}")
    if step.after and step.after != [above]:
        out.append(
            f"    after: [{', '.join(step.after)}]" if len(step.after) > 1 else f"    after: {step.after[0]}"
        )
    if step.when:
        out.append(f"    when: {quoted(step.when)}")
    out += [f"    {name}: {value}" for name, value in step.lines.items()]
    if asks:
        out.append(f"    ask: [{', '.join(asks)}]")
    if step.outcomes:
        out.append("    outcomes:")
        for name, lines in step.outcomes.items():
            inner = ", ".join(f"{word}: {quoted(value)}" for word, value in lines.items())
            out.append(f"      {name}: {{{inner}}}")
    return out


def quoted(text: str) -> str:
    r"""Return a text as YAML reads it back, in quotation marks where it needs them.

    >>> quoted("Check the round"), quoted("yes"), quoted('a == "b"')
    ('Check the round', '"yes"', '\'a == "b"\'')
    """
    plain = (
        _PLAIN.fullmatch(text) and not text.endswith(" ") and "," not in text and text.lower() not in _WORDS
    )
    if plain:
        return text
    single = '"' in text and "\\" not in text and text.isprintable()
    return "'{}'".format(text.replace("'", "''")) if single else json.dumps(text, ensure_ascii=False)


def _comments(texts: Sequence[str], indent: str) -> list[str]:
    """Return texts as comments, each beginning with a dash."""
    return [
        f"{indent}# {'- ' if not number else '  '}{line}"
        for text in texts
        for number, line in enumerate(textwrap.wrap(" ".join(text.split()), _WIDTH) or [""])
    ]
