"""The history of a request, as whoever made it reads it."""

import json
from typing import Any

from moothall.process.language import read
from moothall.process.models import Event
from moothall.requests import timeline
from tests.requests.making import MONDAY

SOURCE = """
process: repair
title: Repair
owner: desk
start: [resident]
fields:
  what: {ask: What?, type: text}
  who: {label: Name, type: text, from: requester.name}
steps:
  report: {title: Report, by: resident, ask: [what]}
  check:
    title: Check
    by: desk
    show: [who]
    outcomes: {done: {title: Done, tell: [resident], say: "We came to {who}. Thank you.", end: done}}
"""


def event(seq: int, kind: str, step: str = "", outcome: str = "", **body: Any) -> Event:
    return Event(
        seq=seq, at=MONDAY, kind=kind, actor_kind="staff", step=step, outcome=outcome, body=json.dumps(body)
    )


class TestWhatIsLookedUp:
    def test_is_known_to_what_is_said_later(self) -> None:
        reading = read(SOURCE)
        assert reading.definition is not None, reading.mistakes
        story = [
            event(1, "started"),
            event(2, "opened", "check"),
            event(3, "pulled", "check", answers={"who": "Sam Okoro"}),
            event(4, "done", "check", "done"),
        ]
        assert all(each.kind in timeline.KINDS for each in story)
        newest = timeline.entries(reading.definition, story)[0]
        assert (newest.title, newest.text) == ("We came to Sam Okoro", "Thank you.")
