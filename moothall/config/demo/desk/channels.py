"""How calls reach the desk of the demonstration otherwise: its mailbox, a key, a feed of alerts, an old file."""

from datetime import datetime, timedelta

from moothall.config.demo.cast import Cast
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.messages import actions as messages
from moothall.messages.queries import mailbox_for
from moothall.servicedesk.actions import alerts, feeds, import_runs, keys
from moothall.servicedesk.actions.telling import PURPOSE
from moothall.servicedesk.rules.feeds import Signal

HOUSE = Viewer.system()
ADDRESS = "it-desk@{host}.example"
_OLD_DESK = """Number,Short description,Opened,State,Priority,Caller,Resolved,Closed,Resolution
OD-10231,Payroll letters print twice,{a},Closed,Medium,Old desk,{b},{c},Switched off the second queue.
OD-10232,Scanner in the post room offline,{a},Closed,Low,Old desk,{c},{c},Changed its cable.
OD-10240,Badge reader at the depot does not open,{b},Closed,High,Old desk,{c},{c},The door was reset.
OD-10244,Shared calendar shows last year,{c},In Progress,Low,Old desk,,,
OD-10245,,{c},New,Low,Old desk,,,
"""


def play(cast: Cast, now: datetime) -> None:
    """Open the other ways in at the council that hosts the desk, and let something come by each."""
    host = cast.councils["fernshire"]
    if mailbox_for(PURPOSE, host.pk) is None:
        messages.add_mailbox(
            by=HOUSE, council=host, address=ADDRESS.format(host=host.code), purpose=PURPOSE, now=now
        )
    keys.make_key(
        by=HOUSE,
        council=host,
        name="Kiosks in the libraries",
        may=["log", "read"],
        now=now - timedelta(days=30),
    )
    _watch(host, now)
    _old_desk(host, now)


def _watch(host: Council, now: datetime) -> None:
    """Let monitoring tell of a disk that is full, and of a line that was away for a while."""
    begun = now - timedelta(days=20)
    feed = feeds.make_feed(by=HOUSE, council=host, name="Watchtower", kind="monitoring", now=begun).feed
    line = Signal("line-depot", "The line to the depot is down", "high", "wide-area", firing=True)
    alerts.take_in(feed, [line], now - timedelta(days=6, hours=2))
    alerts.take_in(
        feed, [Signal(line.key, "", "", "", firing=False)], now - timedelta(days=6, hours=1, minutes=40)
    )
    disk = Signal(
        "disk-files-2", "The second disk of the file store is 95% full", "warning", "file-store", firing=True
    )
    for hours in (5, 4, 3):
        alerts.take_in(feed, [disk], now - timedelta(hours=hours))
    type(feed).objects.filter(pk=feed.pk).update(heard_at=now - timedelta(hours=3))


def _old_desk(host: Council, now: datetime) -> None:
    """Bring in what was left in an old desk, and leave a file that was only looked at."""
    days = {
        key: f"{now - timedelta(days=number):%d/%m/%Y %H:%M}"
        for key, number in (("a", 90), ("b", 88), ("c", 85))
    }
    raw = _OLD_DESK.format(**days).encode()
    run = import_runs.look_at(
        by=HOUSE,
        council=host,
        name="old-desk-2026.csv",
        raw=raw,
        now=now - timedelta(days=58),
        source="old-desk",
    )
    import_runs.bring(run, by=HOUSE, now=now - timedelta(days=58))
