"""Definitions: the same file gives the same digest for ever, and running cases find theirs again."""

import dataclasses
import json
from pathlib import Path

import pytest

import moothall.requests
from moothall.process.definition import Definition, Outcome, Step, from_json, to_json
from moothall.process.language import load, read

SERVICES = sorted((Path(moothall.requests.__file__).parent / "processes").glob("*.yaml"))

SMALL = """\
process: small
title: Small
owner: desk
start: [resident]
steps:
  ask: {title: Ask, outcomes: {sent: {end: sent}}}
"""


class TestKeepingADefinition:
    @pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
    def test_gives_the_same_one_back(self, file: Path) -> None:
        definition = load(file)
        again = from_json(to_json(definition))
        assert again == definition
        assert again.sha256 == definition.sha256
        assert list(again.steps) == list(definition.steps)

    def test_gives_the_same_object_for_the_same_text(self) -> None:
        body = load(SERVICES[0]).body
        assert from_json(body) is from_json(
            str(json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        )

    def test_leaves_out_what_is_as_usual_so_that_digests_last(self) -> None:
        definition = read(SMALL).definition
        assert definition is not None
        assert definition.body == (
            '{"key":"small","owner":"desk","start":["resident"],"steps":[{"by":["resident"],"key":"ask",'
            '"outcomes":[{"end":"sent","key":"sent","title":"Sent"}],"title":"Ask"}],"title":"Small"}'
        )

    def test_does_not_depend_on_comments_or_layout(self) -> None:
        other = SMALL.replace("start: [resident]", "# who\nstart:\n  - resident")
        first, second = read(SMALL).definition, read(other).definition
        assert first is not None
        assert second is not None
        assert first.sha256 == second.sha256


class TestADefinition:
    def test_cannot_be_changed(self) -> None:
        definition = load(SERVICES[0])
        with pytest.raises(dataclasses.FrozenInstanceError):
            definition.title = "Other"  # type: ignore[misc]

    def test_knows_what_follows_a_step(self) -> None:
        done = {"done": Outcome(key="done", title="Done")}

        def step(key: str, *after: str) -> Step:
            return Step(key=key, title=key, by=("desk",), after=after, outcomes=done)

        steps = {
            key: step(key, *after) for key, after in {"a": (), "b": "a", "c": "a", "d": ("b", "c")}.items()
        }
        definition = Definition(key="x", title="X", owner="desk", start=("desk",), steps=steps)
        assert definition.followers["a"] == ("b", "c")
        assert definition.downstream["a"] == {"b", "c", "d"}
        assert definition.downstream["d"] == frozenset()
        assert definition.first.key == "a"
