"""Recurring work: when it comes, that it is logged once, and what a stand-still leaves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moothall.councils import scope
from moothall.journal.models import Job
from moothall.plain.errors import Invalid, NotFound
from moothall.servicedesk.actions.recurring import Work, delete_recurring, keep_recurring, log_due
from moothall.servicedesk.models import Call, Recurring
from moothall.servicedesk.rules import recurring as rules
from moothall.servicedesk.rules.recurring import NotASchedule, TooOften
from moothall.servicedesk.tasks import recurring as timer
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.servicedesk.desked import NOW, Desk, make_desk, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
DAILY = "0 7 * * *"
NEXT = datetime(2026, 11, 24, 7, tzinfo=UTC)


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-task",))


def checks(desk: Desk, **facts: Any) -> Recurring:
    given = {"title": "Morning checks", "schedule": DAILY, "team_id": desk.platforms.pk, **facts}
    work = Work(council_id=given.pop("council_id", desk.ash.pk), **given)
    return keep_recurring(by=desk.manager, work=work, now=NOW)


class TestSchedules:
    def test_are_in_londons_time_whatever_the_season(self) -> None:
        moments = rules.moments("30 8 * * *", datetime(2026, 10, 23, 12, tzinfo=UTC), 3)
        assert [each.hour for each in moments] == [7, 8, 8]

    @pytest.mark.parametrize(
        "night", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)]
    )
    def test_come_once_in_the_nights_when_the_clocks_change(self, night: datetime) -> None:
        moments = rules.moments("30 1 * * *", night, 2)
        days = [each.astimezone(rules.LONDON).date() for each in moments]
        assert (days[1] - days[0]).days == 1

    @pytest.mark.parametrize(
        "written", ["", "daily", "0 7 * *", "99 7 * * *", "0 25 * * *", "0 7 * * * *", "x 7 * * *"]
    )
    def test_that_cannot_be_read_are_refused(self, written: str) -> None:
        with pytest.raises(NotASchedule):
            rules.moments(written, NOW)

    @pytest.mark.parametrize("written", ["* * * * *", "*/5 * * * *", "0,30 * * * *", "0-9 7 * * *"])
    def test_that_come_more_than_once_an_hour_are_refused(self, written: str) -> None:
        with pytest.raises(TooOften):
            rules.moments(written, NOW)

    def test_that_never_come_are_refused(self) -> None:
        with pytest.raises(NotASchedule):
            rules.moments("0 7 31 2 *", NOW)

    def test_are_said_in_words(self) -> None:
        assert rules.in_words("0 7 * * 1") == "At 07:00 on Monday"


class TestKeepingIt:
    def test_says_when_it_comes_next(self, desk: Desk) -> None:
        assert checks(desk).next_at == NEXT

    def test_refuses_a_schedule_that_cannot_be_read_and_says_how(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as refused:
            checks(desk, schedule="each Monday")
        assert "0 7 * * 1" in refused.value.fields["schedule"][0]

    def test_refuses_a_team_that_does_not_serve_the_council(self, desk: Desk) -> None:
        crew = make_team(council=desk.ash, serves=(desk.ash,))
        with pytest.raises(Invalid):
            checks(desk, team_id=crew.pk, council_id=desk.elm.pk)

    def test_is_there_for_those_who_set_up_the_desk_at_that_council(self, desk: Desk) -> None:
        found = checks(desk)
        stranger = make_viewer(make_staff(council=make_council(), roles=("desk-manager",)))
        with pytest.raises(NotFound):
            delete_recurring(by=stranger, number=found.pk, now=NOW)


class TestItsMoment:
    def test_logs_a_task_for_its_team_that_nobody_asked_for(self, desk: Desk) -> None:
        item = make_item(name="Backups")
        found = checks(desk, item_id=item.pk, detail="Look at each job.")
        call = log_due(number=found.pk, now=NEXT + timedelta(seconds=20))
        assert call is not None
        assert (call.kind, call.channel, call.automatic) == ("task", "recurring", True)
        assert (call.headline, call.team, call.item) == ("Morning checks", desk.platforms, item)
        found.refresh_from_db()
        assert (found.next_at, found.last_reference) == (NEXT + timedelta(days=1), call.reference)

    def test_comes_once_however_often_it_is_tried(self, desk: Desk) -> None:
        found = checks(desk)
        log_due(number=found.pk, now=NEXT)
        assert log_due(number=found.pk, now=NEXT) is None
        Recurring.objects.filter(pk=found.pk).update(next_at=NEXT)  # as if it had not been kept
        log_due(number=found.pk, now=NEXT)
        assert Call.objects.count() == 1

    def test_after_a_stand_still_leaves_one_call_not_fifty(self, desk: Desk) -> None:
        found = checks(desk)
        late = NEXT + timedelta(days=50, hours=1)
        log_due(number=found.pk, now=late)
        assert Call.objects.count() == 1
        found.refresh_from_db()
        assert found.next_at == NEXT + timedelta(days=51)

    def test_that_is_not_over_yet_logs_nothing(self, desk: Desk) -> None:
        assert log_due(number=checks(desk).pk, now=NEXT - timedelta(seconds=1)) is None

    def test_of_what_was_switched_off_logs_nothing(self, desk: Desk) -> None:
        assert log_due(number=checks(desk, active=False).pk, now=NEXT) is None

    def test_becomes_one_job_that_sees_one_council(self, desk: Desk) -> None:
        found = checks(desk)
        for _ in range(3):
            timer.post_due(NEXT)
        (job,) = Job.objects.filter(key__startswith="recurring:")
        assert job.council_id == desk.ash.pk
        with scope.only([desk.ash.pk]):
            assert timer.log_due.func(number=found.pk) in {
                "",
                Call.objects.values_list("reference", flat=True).first(),
            }
