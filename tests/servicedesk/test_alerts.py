"""One trouble is one alert and one call; what is over is resolved where nobody took it; a storm is one call."""

from datetime import datetime, timedelta

import pytest

from moothall.process.models import Event
from moothall.servicedesk.actions import alerts, working
from moothall.servicedesk.actions import feeds as actions
from moothall.servicedesk.models import Alert, Call, Feed
from moothall.servicedesk.rules.feeds import STORM_OF, Signal
from tests.servicedesk.channel_world import Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


@pytest.fixture
def feed(desk: Desk, now: datetime) -> Feed:
    who = desk.viewer(desk.manager)
    return actions.make_feed(by=who, council=desk.other, name="Watch", kind="monitoring", now=now).feed


def signal(key: str = "disk", *, firing: bool = True, severity: str = "warning") -> Signal:
    return Signal(key, f"Trouble with {key}", severity, "", firing)


class TestATrouble:
    def test_is_one_alert_and_one_call_however_often_it_is_told(self, feed: Feed, now: datetime) -> None:
        for minute in range(5):
            alerts.take_in(feed, [signal()], now + timedelta(minutes=minute))
        alert, call = Alert.objects.get(), Call.objects.get()
        assert (alert.times, alert.call_id) == (5, call.pk)
        assert (call.automatic, call.channel, call.requester_id, call.kind) == (
            True, "monitoring", None, "incident",
        )  # fmt: skip

    @pytest.mark.parametrize(("severity", "priority"), [("critical", 2), ("warning", 3), ("info", 4)])
    def test_is_as_urgent_as_monitoring_says_but_never_a_p1(
        self, feed: Feed, now: datetime, severity: str, priority: int
    ) -> None:
        alerts.take_in(feed, [signal(severity=severity)], now)
        assert Call.objects.get().priority == priority

    def test_that_is_over_is_resolved_where_nobody_took_it(self, feed: Feed, now: datetime) -> None:
        alerts.take_in(feed, [signal()], now)
        alerts.take_in(feed, [signal(firing=False)], now + timedelta(minutes=3))
        assert Call.objects.get().state == "resolved"
        assert Alert.objects.get().cleared_at == now + timedelta(minutes=3)

    def test_that_is_over_is_only_noted_where_somebody_took_it(
        self, desk: Desk, feed: Feed, now: datetime
    ) -> None:
        alerts.take_in(feed, [signal()], now)
        call = Call.objects.get()
        working.take(by=desk.viewer(desk.analyst), call_id=call.pk, expected=None, now=now)
        alerts.take_in(feed, [signal(firing=False)], now + timedelta(minutes=3))
        call.refresh_from_db()
        assert call.open
        assert alerts.OVER in Event.objects.filter(kind="noted").latest("id").body

    def test_that_comes_again_within_the_hour_goes_on_in_its_call(self, feed: Feed, now: datetime) -> None:
        alerts.take_in(feed, [signal()], now)
        alerts.take_in(feed, [signal(firing=False)], now + timedelta(minutes=3))
        alerts.take_in(feed, [signal()], now + timedelta(minutes=9))
        call = Call.objects.get()
        assert (call.state, call.reopened) == ("open", 1)
        assert Alert.objects.count() == 2

    def test_that_comes_again_later_is_another_call(self, feed: Feed, now: datetime) -> None:
        alerts.take_in(feed, [signal()], now)
        alerts.take_in(feed, [signal(firing=False)], now + timedelta(minutes=3))
        alerts.take_in(feed, [signal()], now + timedelta(hours=5))
        assert Call.objects.count() == 2

    def test_that_nobody_knew_of_is_not_over(self, feed: Feed, now: datetime) -> None:
        assert alerts.take_in(feed, [signal(firing=False)], now).cleared == 0
        assert not Call.objects.exists()


class TestAStorm:
    def test_is_one_call_with_the_first_ones_under_it(self, feed: Feed, now: datetime) -> None:
        for number in range(STORM_OF + 20):
            alerts.take_in(feed, [signal(f"host-{number}")], now + timedelta(seconds=number))
        storm = Feed.objects.get().storm
        assert storm is not None
        assert Call.objects.count() == STORM_OF + 1
        assert Call.objects.filter(parent=storm).count() == STORM_OF
        assert Alert.objects.filter(call=storm).count() == 20

    def test_is_none_where_they_come_slowly(self, feed: Feed, now: datetime) -> None:
        for number in range(STORM_OF + 3):
            alerts.take_in(feed, [signal(f"host-{number}")], now + timedelta(minutes=number))
        assert Feed.objects.get().storm is None

    def test_ends_when_the_last_of_it_is_over(self, feed: Feed, now: datetime) -> None:
        names = [f"host-{number}" for number in range(STORM_OF + 2)]
        alerts.take_in(feed, [signal(name) for name in names], now)
        storm = Feed.objects.get().storm
        assert storm is not None
        alerts.take_in(feed, [signal(name, firing=False) for name in names[:-1]], now + timedelta(minutes=9))
        assert Call.objects.get(pk=storm.pk).open
        alerts.take_in(feed, [signal(names[-1], firing=False)], now + timedelta(minutes=10))
        assert Call.objects.get(pk=storm.pk).state == "resolved"
