"""Signed feeds: who may speak, once for each message, in which shapes; and what changes they report."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.plain.errors import NotFound, Refused
from moothall.servicedesk.actions import feeds as actions
from moothall.servicedesk.actions.feeds import Made
from moothall.servicedesk.errors.channels import FeedRefused
from moothall.servicedesk.models import Alert, Call, Feed, Heard, Observed
from moothall.servicedesk.queries import feeds as queries
from moothall.servicedesk.rules import feeds, signing
from tests.servicedesk.channel_world import Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

FIRING = {"key": "disk-7", "summary": "Disk of server 7 is full", "severity": "critical", "status": "firing"}
ALERTMANAGER = {
    "version": "4",
    "receiver": "desk",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {
                "alertname": "HighLatency",
                "severity": "warning",
                "instance": "web-1:9100",
                "job": "web",
            },
            "annotations": {"summary": "Pages take longer than two seconds"},
            "startsAt": "2026-11-23T09:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": "c3a1f0a2d5a1b9e4",
        }
    ],
}
ZABBIX = {
    "event": {"id": "1042", "name": "Zabbix agent is not available", "severity": "High", "value": "1"},
    "trigger": {"id": "13926"},
    "host": {"name": "file-store"},
}
NETBOX_LOG = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [
        {
            "id": 8913,
            "url": "/api/core/object-changes/8913/",
            "display": "device core-switch updated by nora",
            "time": "2026-11-23T08:15:00.482913Z",
            "user": {"id": 4, "username": "nora"},
            "user_name": "nora",
            "request_id": "e0b6e4a0-6e43-4d6b-8a0f-1a4c5b1c7d11",
            "action": {"value": "update", "label": "Updated"},
            "changed_object_type": "dcim.device",
            "changed_object_id": 77,
            "changed_object": {
                "id": 77,
                "url": "/api/dcim/devices/77/",
                "display": "core-switch",
                "name": "core-switch",
            },
            "prechange_data": {
                "name": "core-switch",
                "status": "active",
                "serial": "A1",
                "last_updated": "1",
            },
            "postchange_data": {
                "name": "core-switch",
                "status": "offline",
                "serial": "A1",
                "last_updated": "2",
            },
        }
    ],
}
NETBOX_HOOK = {
    "event": "updated",
    "timestamp": "2026-11-23 08:15:00.482913+00:00",
    "model": "device",
    "username": "nora",
    "request_id": "fdbca812-3142-4783-b364-2e2bd5c16c6a",
    "data": {"id": 77, "name": "core-switch", "display": "core-switch"},
    "snapshots": {
        "prechange": {"status": "active", "comments": ""},
        "postchange": {"status": "offline", "comments": ""},
    },
}


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


def made(desk: Desk, now: datetime, *, kind: str = "monitoring", shape: str = "plain") -> Made:
    return actions.make_feed(
        by=desk.viewer(desk.manager), council=desk.other, name="Prometheus", kind=kind, shape=shape, now=now
    )


def send(
    feed: Made,
    message: object,
    *,
    number: str = "msg_1",
    at: datetime | None = None,
    secret: str = "",
    body: bytes | None = None,
) -> HttpResponse:
    """Send a message as its sender would."""
    sent = json.dumps(message).encode()
    seconds = int((at or timezone.now()).timestamp())
    headers = {
        "webhook-id": number,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signing.signature(secret or feed.secret, number, seconds, sent),
    }
    with scope.nothing():
        answer = Client().post(
            f"/api/feeds/{feed.feed.key}/",
            data=body or sent,
            content_type="application/json",
            headers=headers,
        )
    assert isinstance(answer, HttpResponse)
    return answer


class TestAMessage:
    def test_is_taken_when_it_is_signed_just_now(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        answer = send(feed, FIRING)
        assert (answer.status_code, json.loads(answer.content)["new"]) == (202, 1)
        assert Call.objects.get().council_id == desk.other.pk
        assert Feed.objects.get().heard_at is not None

    def test_is_refused_with_another_secret(self, desk: Desk, now: datetime) -> None:
        answer = send(made(desk, now), FIRING, secret=signing.new_secret())
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert not Alert.objects.exists()

    def test_is_refused_when_its_body_was_changed(self, desk: Desk, now: datetime) -> None:
        changed = json.dumps({**FIRING, "summary": "All is well"}).encode()
        assert send(made(desk, now), FIRING, body=changed).status_code == 404

    @pytest.mark.parametrize("off", [timedelta(minutes=6), timedelta(minutes=-6)])
    def test_is_refused_when_it_is_old_or_from_the_future(
        self, desk: Desk, now: datetime, off: timedelta
    ) -> None:
        assert send(made(desk, now), FIRING, at=timezone.now() + off).status_code == 404

    def test_is_refused_when_it_is_played_again(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        send(feed, FIRING)
        again = send(feed, FIRING)
        assert again.status_code == 409
        assert "taken already" in json.loads(again.content)["detail"]
        assert Alert.objects.get().times == 1

    def test_may_be_sent_again_when_it_was_not_understood(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        answer = send(feed, {"summary": "No key"})
        assert answer.status_code == 422
        assert "needs “key”" in json.loads(answer.content)["detail"]
        assert "needs “key”" in Feed.objects.get().error
        assert send(feed, FIRING).status_code == 202
        assert Feed.objects.get().error == ""

    @pytest.mark.parametrize(("body", "status"), [(b"{", 422), (b"[" * 100_000, 422), (b" " * 300_000, 413)])
    def test_that_is_no_message_is_refused(self, desk: Desk, now: datetime, body: bytes, status: int) -> None:
        feed = made(desk, now)
        seconds = int(timezone.now().timestamp())
        answer = Client().post(
            f"/api/feeds/{feed.feed.key}/",
            data=body,
            content_type="application/json",
            headers={
                "webhook-id": "msg_1",
                "webhook-timestamp": str(seconds),
                "webhook-signature": signing.signature(feed.secret, "msg_1", seconds, body),
            },
        )
        assert answer.status_code == status
        assert not Heard.objects.exists()

    @pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_without_a_header_is_refused(self, desk: Desk, now: datetime, missing: str) -> None:
        headers = {"webhook-id": "1", "webhook-timestamp": "x", "webhook-signature": "v1,AAAA"}
        del headers[missing]
        address = f"/api/feeds/{made(desk, now).feed.key}/"
        answer = Client().post(address, data="{}", content_type="application/json", headers=headers)
        assert answer.status_code == 404

    def test_forgets_the_numbers_of_long_ago(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        send(feed, FIRING)
        Heard.objects.update(at=timezone.now() - timedelta(hours=2))
        send(feed, FIRING, number="msg_2")
        assert list(Heard.objects.values_list("message", flat=True)) == ["msg_2"]


class TestAFeed:
    def test_keeps_its_secret_sealed_and_says_it_once(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        assert feed.secret.startswith("whsec_")
        assert feed.secret not in Feed.objects.get().secret

    def test_gets_another_secret_and_the_old_one_counts_no_more(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        fresh = actions.rotate(by=desk.viewer(desk.manager), feed_id=feed.feed.pk, now=now)
        assert send(feed, FIRING).status_code == 404
        assert send(fresh, FIRING).status_code == 202

    def test_that_was_ended_is_not_there_any_more(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        actions.end_feed(by=desk.viewer(desk.manager), feed_id=feed.feed.pk, now=now)
        assert send(feed, FIRING).status_code == 404
        with pytest.raises(FeedRefused):
            actions.rotate(by=desk.viewer(desk.manager), feed_id=feed.feed.pk, now=now)

    def test_is_for_whoever_sets_up_the_desk_there(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now)
        with pytest.raises((Refused, NotFound)):
            actions.make_feed(
                by=desk.viewer(desk.analyst), council=desk.other, name="X", kind="monitoring", now=now
            )
        with pytest.raises(NotFound):
            actions.end_feed(by=desk.viewer(desk.analyst), feed_id=feed.feed.pk, now=now)
        assert queries.feeds(desk.viewer(desk.analyst)) == []


class TestShapes:
    @pytest.mark.parametrize(
        ("shape", "message", "signal"),
        [
            ("plain", FIRING, ("disk-7", "Disk of server 7 is full", "critical", "", True)),
            (
                "alertmanager",
                ALERTMANAGER,
                ("c3a1f0a2d5a1b9e4", "Pages take longer than two seconds", "warning", "web", True),
            ),
            ("zabbix", ZABBIX, ("13926", "Zabbix agent is not available", "high", "file-store", True)),
            (
                "zabbix",
                {**ZABBIX, "event": {"id": "1042", "value": "0"}},
                ("13926", "", "", "file-store", False),
            ),
        ],
    )
    def test_of_monitoring_are_read(self, shape: str, message: Any, signal: tuple[object, ...]) -> None:
        (found,) = feeds.signals(feeds.SHAPES[shape], message)
        assert (found.key, found.summary, found.severity, found.item, found.firing) == signal

    @pytest.mark.parametrize(
        "message", [[], "words", 7, {"alerts": ["x"]}, {"alerts": []}, {"key": {"a": 1}}]
    )
    def test_that_are_none_are_refused(self, message: object) -> None:
        with pytest.raises(feeds.NotUnderstood):
            feeds.signals(feeds.SHAPES["plain"], message)

    def test_of_netboxs_change_log_are_read(self) -> None:
        (seen,) = feeds.netbox(NETBOX_LOG)
        assert (seen.key, seen.item_name, seen.who, seen.what) == (
            "netbox:8913",
            "core-switch",
            "nora",
            "device updated: status",
        )
        assert seen.at == datetime(2026, 11, 23, 8, 15, 0, 482913, tzinfo=UTC)

    def test_of_netboxs_webhooks_are_read(self) -> None:
        (seen,) = feeds.netbox(NETBOX_HOOK)
        assert (seen.item_name, seen.who, seen.what) == ("core-switch", "nora", "device updated: status")

    def test_of_a_page_without_changes_is_nothing(self) -> None:
        assert feeds.netbox({"count": 0, "results": []}) == []


class TestAFeedOfChanges:
    def test_hands_what_netbox_saw_to_whoever_compares_it(self, desk: Desk, now: datetime) -> None:
        feed = made(desk, now, kind="changes", shape="netbox")
        log = json.loads(json.dumps(NETBOX_LOG))
        log["results"][0]["time"] = (timezone.now() - timedelta(hours=1)).isoformat()
        answer = send(feed, log)
        assert (answer.status_code, json.loads(answer.content)["new"]) == (202, 1)
        row = Observed.objects.get()
        assert (row.council_id, row.key) == (desk.other.pk, "netbox:8913")
        again = send(feed, log, number="msg_2")
        assert json.loads(again.content) == {"new": 0, "again": 0, "cleared": 0, "known": 1, "refused": 0}
        assert not Call.objects.exists()


class TestASignature:
    def test_may_be_one_of_several(self) -> None:
        secret = signing.new_secret()
        right = signing.signature(secret, "m", 7, b"x")
        assert signing.is_signed(f"v1,AAAA {right}", secret, "m", "7", b"x")
        assert not signing.is_signed("v1,AAAA v2,BBBB", secret, "m", "7", b"x")

    @pytest.mark.parametrize("at", ["", "-7", "7.0", "\u0667", "9" * 13])
    def test_needs_a_time(self, at: str) -> None:
        secret = signing.new_secret()
        assert not signing.is_signed(signing.signature(secret, "m", 7, b""), secret, "m", at, b"")
