"""A question of any type, an answer to it cleaned, and the sentence with which one is refused."""

from datetime import date
from typing import Any

import pytest

from moothall.process import kinds
from moothall.process.definition import Choice, Field
from moothall.process.kinds import Wrong

TODAY = date(2026, 3, 27)
COLOURS = (Choice(key="red", words="Red"), Choice(key="dark-blue", words="Dark blue"))


def make_field(kind: str, *, optional: bool = True, **more: Any) -> Field:
    return Field(
        key="it", ask="What is it?", type=kind, label="It", optional=optional, **{"of": COLOURS} | more
    )


def clean(kind: str, raw: Any, **more: Any) -> Any:
    return kinds.clean(make_field(kind, **more), raw, today=TODAY)


def refusal(kind: str, raw: Any, **more: Any) -> str:
    with pytest.raises(Wrong) as caught:
        clean(kind, raw, **more)
    return caught.value.sentence
