"""Feeds: made, given another secret, ended; and what a signed message does, once."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity.sealing import seal, unseal
from moothall.journal import actions as journal
from moothall.servicedesk.actions import alerts
from moothall.servicedesk.actions.observing import observe
from moothall.servicedesk.errors.channels import FeedRefused, HeardAlready, MessageNotUnderstood
from moothall.servicedesk.models import Feed, Heard
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.feeds import feed_to_set_up, sealed_for
from moothall.servicedesk.rules import feeds, signing
from moothall.servicedesk.rules.feeds import CHANGE_SHAPES, SHAPES, NotUnderstood

_KEPT = timedelta(hours=1)
_MONITORING, _CHANGES = Feed.Kind.MONITORING, Feed.Kind.CHANGES
SAMPLE = {
    "key": "test", "summary": "This is a test of the feed", "severity": "info", "item": "test", "status": "firing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A feed, and its secret, said this once."""

    feed: Feed
    secret: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a message did."""

    new: int = 0
    again: int = 0
    cleared: int = 0
    known: int = 0
    refused: int = 0


@transaction.atomic
def make_feed(
    *, by: Viewer, council: Council, name: str, kind: str, now: datetime, shape: str = feeds.PLAIN
) -> Made:
    """Let a system send what it sees to the desk of a council."""
    gate.allow(by, Can.SET_UP, council.pk)
    name = name.strip()[:100]
    if not name:
        raise FeedRefused({"name": ["Enter what the feed is called."]}, why="Enter what the feed is called.")
    if kind not in Feed.Kind.values or shape not in shapes_of(kind):
        why = "Select how its messages are written."
        raise FeedRefused({"shape": [why]}, why=why)
    key = f"{slugify(f'{council.code} {name}')[:48].strip('-')}-{secrets.token_hex(4)}"
    feed = Feed(
        council=council, key=key, name=name, kind=kind, shape=shape, made_at=now, made_by=by.actor.name[:150]
    )
    secret = signing.new_secret()
    feed.secret = seal(secret, sealed_for(feed))
    feed.save(force_insert=True)
    _tell(by, "servicedesk.feed_made", feed, now, {"kind": kind, "shape": shape})
    return Made(feed, secret)


def shapes_of(kind: str) -> dict[str, str]:
    """Return the shapes that messages of a kind of feed may have, by key, with what they are called."""
    if kind == _CHANGES:
        return dict(CHANGE_SHAPES)
    return {key: shape.title for key, shape in SHAPES.items()}


@transaction.atomic
def rotate(*, by: Viewer, feed_id: int, now: datetime) -> Made:
    """Give a feed another secret; from now on only that one counts."""
    feed = _to_change(by, feed_id)
    secret = signing.new_secret()
    feed.secret = seal(secret, sealed_for(feed))
    feed.save(update_fields=["secret"])
    _tell(by, "servicedesk.feed_rotated", feed, now)
    return Made(feed, secret)


@transaction.atomic
def end_feed(*, by: Viewer, feed_id: int, now: datetime) -> Feed:
    """Take no more messages of a feed; what it has said stays."""
    feed = _to_change(by, feed_id)
    feed.ended_at, feed.secret = now, ""
    feed.save(update_fields=["ended_at", "secret"])
    _tell(by, "servicedesk.feed_ended", feed, now)
    return feed


def try_feed(*, by: Viewer, feed_id: int, now: datetime) -> str:
    """Return a message that is signed for a feed just now, as a sender would write it; nothing is logged."""
    feed = _to_change(by, feed_id)
    body = json.dumps(SAMPLE).encode()
    at = int(now.timestamp())
    secret = unseal(feed.secret, sealed_for(feed))
    made = signing.signature(secret, "msg_test", at, body)
    if not signing.is_signed(made, secret, "msg_test", str(at), body):
        raise FeedRefused(why="The secret of this feed cannot sign. Give it another one.")
    return made


def _to_change(by: Viewer, feed_id: int) -> Feed:
    feed = feed_to_set_up(by, feed_id)
    if feed.ended_at is not None:
        raise FeedRefused(why="This feed was ended. Make another one.")
    return feed


def take(feed: Feed, *, number: str, message: object, now: datetime) -> Taken:
    """Do what a signed message says. The same number again changes nothing; one that is not understood is told of."""
    try:
        with transaction.atomic():
            locked = Feed.objects.select_for_update().get(pk=feed.pk)  # its messages one after another
            _hear(locked, number, now)
            taken = _do(locked, message, now)
            Feed.objects.filter(pk=feed.pk).update(heard_at=now, error="")
    except NotUnderstood as error:
        Feed.objects.filter(pk=feed.pk).update(heard_at=now, error=str(error)[:300])
        raise MessageNotUnderstood(why=str(error)) from error
    return taken


def _hear(feed: Feed, number: str, now: datetime) -> None:
    """Note a message by its number; refuses one that was taken. Old ones are forgotten: by then they come too late."""
    Heard.objects.filter(feed=feed, at__lt=now - _KEPT).delete()
    _, is_new = Heard.objects.get_or_create(
        feed=feed, message=number, defaults={"council_id": feed.council_id, "at": now}
    )
    if not is_new:
        raise HeardAlready(number=number)


def _do(feed: Feed, message: object, now: datetime) -> Taken:
    if feed.kind == _MONITORING:
        shape = SHAPES.get(feed.shape, SHAPES[feeds.PLAIN])
        counted = alerts.take_in(feed, feeds.signals(shape, message), now)
        return Taken(counted.new, counted.again, counted.cleared)
    rows: Sequence[Any] = feeds.observed(feed.shape, message)
    done = observe(council_id=feed.council_id, source=feed.name, rows=rows, now=now, feed_id=feed.pk)
    return Taken(new=done.kept, known=done.known, refused=done.refused)


def _tell(by: Viewer, what: str, feed: Feed, now: datetime, facts: dict[str, Any] | None = None) -> None:
    journal.write(
        by=by.actor, what=what, about=f"feed:{feed.pk}", council_id=feed.council_id, now=now, facts=facts
    )
