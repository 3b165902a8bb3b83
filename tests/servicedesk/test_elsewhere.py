"""Major incidents of another council: what those see of them whom they hit, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.process.models import Case
from moothall.servicedesk.actions import majors
from moothall.servicedesk.actions.outages import end_outage
from moothall.servicedesk.errors.majors import NoSuchMajor
from moothall.servicedesk.models import Call, Major, Outage
from moothall.servicedesk.queries import elsewhere
from tests.makers import make_grant, make_staff, make_viewer
from tests.servicedesk.leading import NOW, Led, make_led

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def led(db: None) -> Iterator[Led]:
    del db
    with scope.everything("a test of major incidents of other councils"):
        yield make_led()


def seen(viewer: Viewer) -> list[elsewhere.Elsewhere]:
    """Return what somebody sees from within their own scope, as on a page."""
    with scope.only(viewer.councils):
        return elsewhere.listed(viewer, LATER)


def lead_of_elm(led: Led) -> Viewer:
    """Return somebody who reaches Elm alone."""
    return led.desk.client


class TestWhoWasHit:
    def test_sees_what_was_away_for_them_and_what_they_were_told(self, led: Led) -> None:
        major = led.major(impact="all-councils", summary="Jane Caller says that care records are away")
        texts = {led.desk.ash.pk: "Words for Ash.", led.desk.elm.pk: "Words for Elm."}
        majors.tell_councils(by=led.manager, major_id=major.pk, texts=texts, now=LATER)
        (found,) = seen(lead_of_elm(led))
        assert found.title == "Care records"
        assert (found.users, found.user_minutes, found.is_back) == (40, 40 * 30, False)
        assert found.councils == [led.desk.elm.name]
        assert [each.text for each in found.notices] == ["Words for Elm."]
        assert found.told[0].due_at == LATER + timedelta(minutes=30)
        for secret in ("Jane", major.case.reference, major.call.reference, "Ash"):
            assert secret not in repr(found)

    def test_sees_when_it_is_back(self, led: Led) -> None:
        major = led.major(impact="all-councils")
        at = NOW + timedelta(minutes=20)
        majors.restore_major(by=led.manager, major_id=major.pk, fix="It is back.", now=at)
        (found,) = seen(lead_of_elm(led))
        assert (found.back_at, found.user_minutes) == (at, 40 * 20)
        assert found.told[0].due_at is None

    def test_has_one_page_for_it_by_its_number(self, led: Led) -> None:
        major, viewer = led.major(impact="all-councils"), lead_of_elm(led)
        with scope.only(viewer.councils):
            assert elsewhere.one(viewer, major.pk, LATER).number == major.pk
            assert elsewhere.references(viewer, [major.pk]) == {}

    def test_is_nobody_for_whom_it_turned_out_not_to_be_away(self, led: Led) -> None:
        led.major(impact="all-councils")
        outage = Outage.objects.get(council=led.desk.elm)
        end_outage(by=led.manager, outage_id=outage.pk, ended_at=outage.started_at, now=LATER)
        assert seen(lead_of_elm(led)) == []


class TestEverybodyElse:
    def test_sees_nothing_of_one_that_hit_only_its_own_council(self, led: Led) -> None:
        major, viewer = led.major(), lead_of_elm(led)
        assert seen(viewer) == []
        with scope.only(viewer.councils), pytest.raises(NoSuchMajor):
            elsewhere.one(viewer, major.pk, LATER)

    def test_has_its_room_who_reaches_its_council(self, led: Led) -> None:
        major = led.major(impact="all-councils")
        for viewer in (led.elm_client, led.manager):
            assert seen(viewer) == []
            with scope.only(viewer.councils):
                assert elsewhere.references(viewer, [major.pk]) == {major.pk: major.case.reference}

    def test_needs_to_see_major_incidents_where_it_hit(self, led: Led) -> None:
        led.major(impact="all-councils")
        assert seen(make_viewer(make_staff(council=led.desk.elm, roles=("officer",)))) == []

    def test_sees_it_who_works_at_its_council_without_the_desk(self, led: Led) -> None:
        led.major(impact="all-councils")
        staff: Staff = make_staff(council=led.desk.ash, roles=("officer",))
        make_grant(staff=staff, role="ict-client", council=led.desk.elm, agreement=led.desk.pact)
        assert len(seen(make_viewer(staff))) == 1

    def test_learns_nothing_of_a_private_one_where_they_do_reach_its_council(self, led: Led) -> None:
        major = led.major(impact="all-councils")
        Case.objects.filter(pk__in=[major.case_id, major.call.case_id]).update(circle="hr")
        Call.objects.filter(pk=major.call_id).update(circle="hr")
        assert seen(led.elm_client) == []
        assert Major.objects.filter(pk=major.pk).exists()
