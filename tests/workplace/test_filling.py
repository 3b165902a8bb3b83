"""Whatever the house can ask comes back as it was typed: every question of every process it knows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import moothall.process
import moothall.requests
from moothall.process.definition import Definition
from moothall.process.forms import AnswersForm
from moothall.process.language import read
from moothall.process.simulation import plausible
from moothall.workplace.forms.typing import as_data, fill, inputs_of_all

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
UPLOADS = {"photo", "file"}
FILES = sorted(
    [
        *(Path(moothall.process.__file__).parent / "examples").glob("*.yaml"),
        *(Path(moothall.requests.__file__).parent / "processes").glob("*.yaml"),
    ]
)


def definition(file: Path) -> Definition:
    found = read(file.read_text(encoding="utf-8"), file=file.name).definition
    assert found is not None
    return found


def form(process: Definition, keys: Any, data: Any = None, held: Any = None) -> AnswersForm:
    return AnswersForm(data, {} if data is not None else None, definition=process, keys=keys, known={"now": NOW},
                       held=held, needed=(), prefix="step")  # fmt: skip


def answered(process: Definition) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Return the questions of each step, one after the other with each answer worth trying."""
    pools = plausible.pools(process, NOW)
    for step in process.steps.values():
        keys = tuple(key for key in step.ask if process.fields[key].type not in UPLOADS)
        for number in range(max((len(pools[key]) for key in keys), default=0)):
            yield keys, {key: pools[key][number % len(pools[key])] for key in keys if pools[key]}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
class TestWhatWasTyped:
    def test_stands_in_the_form_again(self, file: Path) -> None:
        process, tried = definition(file), 0
        for keys, held in answered(process):
            typed = inputs_of_all(form(process, keys, held=held))
            again = form(process, keys)
            fill(again, typed)
            assert inputs_of_all(again) == typed, held
            tried += 1
        assert tried

    def test_is_read_as_the_answers_it_was(self, file: Path) -> None:
        process = definition(file)
        for keys, held in answered(process):
            sent = form(process, keys, as_data(inputs_of_all(form(process, keys, held=held))))
            sent.is_valid()
            taken = {key: value for key, value in sent.taken.items() if value is not None}
            assert taken == {key: held[key] for key in taken}
            assert taken
