"""Answers as people read them. What an answer is made of decides its words, but for councils: they have names."""

from typing import Any

from moothall.councils.models import Council
from moothall.process import kinds
from moothall.process.definition import Definition, Field


def in_words(definition: Definition, field: Field, value: Any) -> str:
    """Return an answer as people read it; of one that says which councils have a seat, their names.

    A code that no council has stays as it was written; choices have words of their own.
    """
    if field.key not in definition.seats or field.type != "list" or value is None:
        return kinds.words(field, value)
    names = dict(Council.objects.filter(code__in=value).values_list("code", "name"))
    return kinds.words(field, [names.get(code, code) for code in value])
