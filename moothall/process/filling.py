"""Words of a process with answers in them, as whoever asked reads them."""

import re
from collections.abc import Mapping
from typing import Any

from moothall.process.definition import NAMED, Definition
from moothall.process.kinds import words

KEPT = "(not shown here)"
"""What stands for an answer that only a circle may read: whoever asked may be outside it, and so may the post."""


def filled(text: str, definition: Definition, data: Mapping[str, Any]) -> str:
    """Return the words of a process with the answers they name, such as {visit_on}; never one kept in a circle."""

    def answer(found: re.Match[str]) -> str:
        named = definition.fields.get(found[1])
        if named is None:
            return found[0]
        return KEPT if named.key in definition.circled else words(named, data.get(found[1]))

    return NAMED.sub(answer, text)
