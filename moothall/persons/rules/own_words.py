"""What a council holds about somebody, in words for themselves: where it came from, and what they are asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moothall.persons.rules.facts import KINDS
from moothall.persons.rules.facts import said as said_to_staff
from moothall.process.definition import Field
from moothall.process.definition.parts import Choice

_WORDS: Mapping[str, str] = {
    "resident": "you told us here",
    "adviser": "our staff wrote it down",
    "identity": "you proved it when you signed in",
    "rectification": "you asked us to put it right",
    "import": "another system of ours",
    "council": "another council told us",
    "mail": "an email to us",
}
_UNKNOWN = "our records"
_ASKS: Mapping[str, str] = {
    "preferred": "Is this how you like to be reached?",
    "consent": "May we use it to send you news of your requests?",
    "language": "Which language do you speak best?",
    "interpreter": "Do you need an interpreter?",
    "need": "What do you need?",
    "text": "What exactly?",
}
_CHOICES: Mapping[str, str] = {"yes": "Yes", "no": "No", "supporter": "Somebody with you"}


def asked_of_them(kind: str) -> tuple[Field, ...]:
    """Return the questions of a kind of fact as they are put to the person themselves.

    >>> [field.ask for field in asked_of_them("language")]
    ['Which language do you speak best?', 'Do you need an interpreter?']
    """
    return tuple(
        replace(
            part,
            ask=_ASKS.get(part.key, part.ask),
            of=tuple(Choice(key=each.key, words=_CHOICES.get(each.key, each.words)) for each in part.of),
        )
        for part in KINDS[kind].parts
    )


def said_to_them(kind: str, body: Mapping[str, Any]) -> str:
    """Return a fact as its person reads it.

    >>> said_to_them("need", {"need": "supporter", "text": "My sister"})
    'Somebody with you: My sister'
    """
    said = said_to_staff(kind, body)
    return said.replace("Somebody with them", _CHOICES["supporter"], 1) if kind == "need" else said


def to_the_person(source: str) -> str:
    """Return a source of a fact as the person reads it.

    >>> to_the_person("request:ASH-7KQ4-M2XD"), to_the_person("import:revenues"), to_the_person("?")
    ('your request ASH-7KQ4-M2XD', 'another system of ours', 'our records')
    """
    kind, _, name = source.partition(":")
    if kind == "request":
        return f"your request {name}" if name else "a request of yours"
    return _WORDS.get(kind, _UNKNOWN)


def hidden(text: str, shown: int = 3) -> str:
    """Return a number of which only the last characters are shown; nothing of one that is hardly longer.

    >>> hidden("9434765919"), hidden("1234")
    ('ends in 919', 'a number')
    """
    return f"ends in {text[-shown:]}" if len(text) > 2 * shown else "a number"
