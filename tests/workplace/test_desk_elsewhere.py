"""The pages on which a council finds a major incident that hit it and is worked on for another one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.servicedesk.actions import majors
from moothall.servicedesk.models import Major, Outage
from tests.servicedesk.leading import Led, make_led
from tests.workplace.desk_pages import NOT_FOUND, REFUSED, text_of

pytestmark = pytest.mark.django_db
WHY = "a test of pages about major incidents of other councils"
LIST, OUTAGES = "/work/desk/majors/", "/work/desk/outages/"


@pytest.fixture
def led(db: None, settings: Settings) -> Led:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything(WHY):
        return make_led()


def come_in(led: Led, who: str) -> Client:
    client = Client()
    client.force_login(led.staff[who].user)
    return client


def hit(led: Led) -> Major:
    """Let a fault at Ash, which names its caller, hit Elm too; and tell both, each in other words."""
    now = timezone.now() - timedelta(minutes=20)
    texts = {led.desk.ash.pk: "Ash, use paper.", led.desk.elm.pk: "Elm, wait a little."}
    with scope.everything(WHY):
        major = led.major(now=now, impact="all-councils", summary="Jane Caller has no care records")
        majors.tell_councils(by=led.manager, major_id=major.pk, texts=texts, now=now)
    return major


def page_of(major: Major) -> str:
    return f"{LIST}hit/{major.pk}/"


class TestTheList:
    def test_shows_it_to_whom_it_hit_and_leads_to_its_page(self, led: Led) -> None:
        major, client = hit(led), come_in(led, "client")
        shown = text_of(client.get(LIST))
        assert "Care records" in shown
        assert f"It hits {led.desk.elm.name}" in shown
        assert page_of(major) in shown
        assert "No major incident is going on" not in shown

    def test_keeps_it_when_it_is_over(self, led: Led) -> None:
        major, client = hit(led), come_in(led, "client")
        with scope.everything(WHY):
            majors.restore_major(by=led.manager, major_id=major.pk, fix="It is back.", now=timezone.now())
        shown = text_of(client.get(LIST))
        assert "Earlier ones of other councils that hit yours" in shown
        assert page_of(major) in shown
        assert "No major incident is going on" in shown
        assert "It was worked on for another council" in text_of(client.get(page_of(major)))


class TestItsPage:
    def test_shows_what_it_came_to_and_what_was_said_there(self, led: Led) -> None:
        shown = text_of(come_in(led, "client").get(page_of(hit(led))))
        for words in (
            "Care records",
            "Going on",
            "Elm, wait a little.",
            "40 people",
            "people hit",
            "next notice",
        ):
            assert words in shown

    @pytest.mark.parametrize("page", ["list", "one", "outages", "outage"])
    def test_tells_nothing_of_the_council_whose_case_it_is(self, led: Led, page: str) -> None:
        major = hit(led)
        outage = Outage.unscoped(WHY).get(council=led.desk.elm)
        address = {
            "list": LIST,
            "one": page_of(major),
            "outages": OUTAGES,
            "outage": f"{OUTAGES}{outage.pk}/",
        }
        shown = text_of(come_in(led, "client").get(address[page]))
        for secret in (
            "Jane",
            "Ash, use paper.",
            led.desk.ash.name,
            major.case.reference,
            major.call.reference,
            led.staff["manager"].user.name,
            "It is back there",
        ):
            assert secret not in shown

    def test_is_where_the_outage_leads_to(self, led: Led) -> None:
        major = hit(led)
        number = Outage.unscoped(WHY).get(council=led.desk.elm).pk
        for who, leads_to in (("client", page_of(major)), ("analyst", f"{LIST}{major.case.reference}/")):
            for address in (OUTAGES, f"{OUTAGES}{number}/"):
                assert f'href="{leads_to}"' in text_of(come_in(led, who).get(address))

    def test_does_not_exist_where_it_hit_nobody_or_for_whom_its_room_is_there(self, led: Led) -> None:
        major = hit(led)
        assert come_in(led, "analyst").get(page_of(major)).status_code == NOT_FOUND
        assert come_in(led, "client").get(f"{LIST}hit/{major.pk + 1}/").status_code == NOT_FOUND
        assert come_in(led, "client").get(f"{LIST}{major.case.reference}/").status_code == NOT_FOUND
        assert come_in(led, "elm_user").get(page_of(major)).status_code == REFUSED
