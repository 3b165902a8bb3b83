"""Reads of feeds: those that there are, and the one that a signed message belongs to."""

import hmac
from collections.abc import Mapping
from datetime import datetime

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.identity.sealing import unseal
from moothall.servicedesk.errors.channels import FeedNotSigned, NoSuchFeed
from moothall.servicedesk.models import Feed
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules import signing

NUMBER, AT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
"""The headers of a message, as Standard Webhooks call them."""


def sealed_for(feed: Feed) -> str:
    """Return what a feed's secret is bound to."""
    return f"servicedesk.feed:{feed.key}"


def feeds(viewer: Viewer) -> list[Feed]:
    """Return the feeds where the viewer sets up the desk, by council and name; ended ones last."""
    rows = gate.narrow(viewer, Can.SET_UP, Feed.objects.select_related("council"))
    return sorted(rows, key=lambda feed: (feed.ended_at is not None, feed.council.name, feed.name))


def feed_to_set_up(viewer: Viewer, feed_id: int) -> Feed:
    """Return one feed, for whoever sets up the desk there."""
    row: Feed | None = Feed.objects.select_related("council").filter(pk=feed_id).first()
    if row is None or not gate.may(viewer, Can.SET_UP, row.council_id):
        raise NoSuchFeed
    return row


def signed_feed(key: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Feed:
    """Return the feed that a message is signed for, just now; or refuse, and never say which of the two it is not."""
    with scope.everything("a feed is found by its key, before the signature of a message to it is checked"):
        feed: Feed | None = Feed.objects.filter(key=key[:60], ended_at=None).first()
    secret = unseal(feed.secret, sealed_for(feed)) if feed is not None else signing.new_secret()
    number, at = headers.get(NUMBER, ""), headers.get(AT, "")
    right = signing.is_signed(headers.get(SIGNATURE, ""), secret, number, at, body)
    if feed is None or not right or not signing.in_time(at, now) or not hmac.compare_digest(feed.key, key):
        raise FeedNotSigned
    return feed
