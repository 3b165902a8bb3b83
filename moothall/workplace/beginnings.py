"""What a new process may begin with: a blank one, a published one, or an example; and a council's first overlay."""

import re
from dataclasses import dataclass

from moothall.process import library, queries
from moothall.process.bpmn.writing import quoted
from moothall.process.language import load
from moothall.process.models import ProcessVersion

BLANK = "blank"
_BLANK = """\
# What it is for, in a sentence for whoever changes it after you.
process: new-process
title: New process
owner: {owner}
start: [staff]

fields:
  what: {{ask: What is needed?, label: Needed, type: paragraph, missing: Enter what is needed.}}
  result: {{ask: What came of it?, label: Result, type: paragraph}}

steps:
  ask:
    title: Ask
    ask: [what]

  do:
    title: Do it
    by: {owner}
    show: [what]
    ask: [result]
    outcomes:
      done: {{title: It is done, end: done}}
      not-done: {{title: It is not done, need_text: Why is it not done?, end: not-done}}
"""
_OVERLAY = """\
# What {council} does in its own way. Clocks, teams and words may differ; all else is the same for every council.
overlay: {key}
council: {code}
clocks: {{}}
teams: {{}}
words: {{}}
"""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Something to begin with: its name in the form, its words, its text."""

    name: str
    words: str
    source: str


def beginnings() -> list[Beginning]:
    """Return everything that a new process may begin with."""
    found = [Beginning(BLANK, "Nothing yet: two steps to begin with", _BLANK.format(owner=_owner()))]
    rows = ProcessVersion.objects.filter(council=None).order_by("key", "number")
    newest = {row.key: row for row in rows}
    found += [
        Beginning(f"process:{row.key}", f"{row.title} (published)", row.source) for row in newest.values()
    ]
    for path in library.examples():
        if path.stem not in newest:
            words = f"{load(path).title} (example)"
            found.append(Beginning(f"example:{path.stem}", words, path.read_text(encoding="utf-8")))
    return found


def _owner() -> str:
    """Return a team that answers for some process, since a blank one has to name one."""
    return next((found.owner for _, found in queries.newest_versions().values()), "customer-services")


def renamed(source: str, *, key: str, title: str = "") -> str:
    r"""Return the text of a process under another name, and title if one is given; comments and all else stay.

    >>> renamed("process: a # for ever\ntitle: A\nsteps: {}", key="b", title="B: 2")
    'process: b\ntitle: "B: 2"\nsteps: {}'
    """
    text = re.sub(r"^process:.*$", f"process: {key}", source, count=1, flags=re.MULTILINE)
    line = f"title: {quoted(title)}"
    return re.sub(r"^title:.*$", lambda _: line, text, count=1, flags=re.MULTILINE) if title else text


def first_overlay(*, key: str, council: str, code: str) -> str:
    """Return the text of an overlay that changes nothing yet."""
    return _OVERLAY.format(key=key, council=council, code=code)
