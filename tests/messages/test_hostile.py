"""Hostile letters in the house itself: none lost, none crashing, each accounted for."""

from collections import Counter
from datetime import datetime

import pytest

from moothall.journal import worker
from moothall.journal.models import Job
from moothall.messages import actions, filing, packing
from moothall.messages.hooks import Filed, Letter, Taken
from moothall.messages.models import Message, Raw, Received
from tests.makers import make_council
from tests.messages.hostile import letters
from tests.messages.making import make_mailbox, send, taker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SENT = 300


def some(letter: Letter) -> Taken:
    """Take most, refuse some with words, and fail over others, as rooms above may."""
    turn = letter.received_id % 10
    if turn == 0:
        raise ZeroDivisionError
    if turn == 1:
        return "Somebody has to look at this."
    return Filed("contact:1" if turn == 2 else "")


class TestHostileLetters:
    def test_are_all_kept_and_all_accounted_for(self, now: datetime) -> None:
        council = make_council()
        mailbox = make_mailbox(now=now, council=council)
        own = tuple(send(council=council, now=now).message_id for _ in range(5))
        raws = list(letters(1, SENT, own))
        for raw in raws:
            actions.keep(mailbox=mailbox, raw=raw, now=now)
        with taker(some):
            worker.drain()
        states = Counter(Received.objects.values_list("state", flat=True))
        assert states["filed"] + states["waiting"] + states["set-aside"] == len(raws) == SENT
        assert min(states.values()) > 0
        assert not Received.objects.exclude(state="filed").filter(reason="").exists()
        assert not Received.objects.filter(tries=0).exists()
        assert not Job.objects.exclude(state=Job.State.DONE).exists()
        assert (
            Message.objects.filter(direction="in").count()
            + Received.objects.filter(kind="bounce", state="filed").count()
            == states["filed"]
        )

    def test_are_given_back_as_they_came(self, now: datetime) -> None:
        mailbox = make_mailbox(now=now)
        raws = {packing.digest(raw): raw for raw in letters(2, 100)}
        for raw in raws.values():
            actions.keep(mailbox=mailbox, raw=raw, now=now)
        assert Raw.objects.count() == len(raws) == 100
        assert all(packing.unpack(each) == raws[each.digest] for each in Received.objects.all())

    def test_are_read_again_with_the_same_end(self, now: datetime) -> None:
        mailbox = make_mailbox(now=now)
        kept = [actions.keep(mailbox=mailbox, raw=raw, now=now) for raw in letters(3, 60)]
        ends = [[filing.attempt(each.pk, now) for each in kept] for _ in range(2)]
        assert [one for one in ends[0] if one == "waiting"]
        for received, first in zip(kept, ends[0], strict=True):
            received.refresh_from_db()
            assert received.state == first
