"""A major incident, from the P1 to what everybody may read: led from its room, reviewed by the councils, published."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.councils.models import Council
from moothall.estate.models import Use
from moothall.servicedesk.actions import majors
from moothall.servicedesk.models import Major
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_staff
from tests.servicedesk.desked import make_item
from tests.servicedesk.leading import Led, make_led

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]
ROOM = "/work/desk/majors/"


@pytest.fixture
def led() -> Led:
    return make_led()


def room_of(major: Major, page: str = "") -> str:
    return f"{ROOM}{Major.objects.select_related('case').get(pk=major.pk).case.reference}/{page}"


class TestAMajorIncident:
    def test_is_led_from_its_room_by_keyboard_until_the_service_is_back(self, page: Page, led: Led) -> None:
        major = led.major(now=timezone.now() - timedelta(minutes=26), impact="all-councils")
        come_in(page, led.staff["manager"].user, ROOM)
        look(page, "majors")
        page.get_by_role("link", name="Care records are away").click()
        expect(page.get_by_text("Nobody yet")).to_be_visible()
        look(page, "major-room")
        page.get_by_role("button", name="Take the lead").click()
        page.get_by_label("Where do those who mend it meet?").fill("01632 960 999")
        page.get_by_role("button", name="Save it").click()
        tab_to(page, "What?")
        page.keyboard.type("Nothing reaches the database.")
        tab_to(page, "Write it down")
        enter(page)
        expect(
            page.locator("[data-lines]").get_by_text("Nothing reaches the database.", exact=True)
        ).to_be_visible()
        page.get_by_role("button", name="Tell the councils").click()
        look(page, "major-tell")
        page.get_by_label("What are users told?").fill("Care records are away. Please use paper.")
        page.get_by_role("button", name="Tell them").click()
        expect(page.get_by_text("in 29 minutes").or_(page.get_by_text("in 30 minutes")).first).to_be_visible()
        page.get_by_role("button", name="It is back", exact=True).first.click()
        page.get_by_label("What restored the service?").fill("The rule is back.")
        page.get_by_role("button", name="It is back").click()
        expect(page.get_by_text("Next: the report.")).to_be_visible()
        look(page, "major-restored")
        assert Major.objects.get(pk=major.pk).state == "restored"

    def test_brings_in_new_lines_and_leaves_what_is_typed(self, page: Page, led: Led) -> None:
        major = led.major(now=timezone.now() - timedelta(minutes=26))
        come_in(page, led.staff["engineer"].user, room_of(major))
        page.get_by_label("What?", exact=True).fill("I am still typing this")
        majors.write_line(
            by=led.manager, major_id=major.pk, kind="fact", text="Line 3 is cut", now=timezone.now()
        )
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("[data-lines]").get_by_text("Line 3 is cut", exact=True)).to_be_visible()
        expect(page.get_by_label("What?", exact=True)).to_have_value("I am still typing this")
        assert page.locator("[data-lines] > [data-line]").count() == 2

    def test_is_reviewed_by_the_councils_and_published_by_another(self, page: Page, led: Led) -> None:
        led.approved(now=timezone.now() - timedelta(days=70))
        major = led.written(now=timezone.now() - timedelta(days=3))
        come_in(page, led.staff["ash_client"].user, "/work/desk/reviews/")
        look(page, "reviews")
        page.get_by_role("link", name=Major.objects.get(pk=major.pk).case.reference).first.click()
        expect(page.get_by_text("It happened before, of the same cause")).to_be_visible()
        look(page, "major-report")
        page.get_by_label("Approve it").check()
        page.get_by_role("button", name="Vote", exact=True).click()
        expect(page.get_by_text("Approved on")).to_be_visible()
        come_in(page, led.staff["manager"].user, room_of(major, "public/"))
        look(page, "major-public")
        page.get_by_label("The text for everybody").fill("## Why\n\nA rule was removed.")
        page.get_by_role("button", name="Keep the text").click()
        expect(page.get_by_text("somebody else has to read and publish it")).to_be_visible()
        other = make_staff(council=led.desk.ash, roles=("ict-client",))
        come_in(page, other.user, room_of(major, "public/"))
        page.get_by_role("button", name="Publish it").click()
        page.goto(f"/{led.desk.ash.code}/service-reports/")
        look(page, "service-reports")
        page.get_by_role("link", name="Care records was not available").click()
        expect(page.get_by_text("A rule was removed.")).to_be_visible()
        look(page, "service-report")


class TestOutages:
    def test_are_recorded_and_planned(self, page: Page, led: Led) -> None:
        come_in(page, led.staff["manager"].user, "/work/desk/outages/")
        look(page, "outages-empty")
        page.get_by_role("button", name="Record an outage").click()
        page.get_by_label("Which system?").select_option(label="Care records")
        page.get_by_label("What do users read?").fill("Please use paper.")
        look(page, "outage-new")
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_text("Please use paper.")).to_be_visible()
        look(page, "outages")
        page.get_by_role("button", name="It is back").click()
        expect(page.get_by_text("Everything is there.")).to_be_visible()
        page.get_by_role("link", name="Plan maintenance").click()
        look(page, "outage-plan")


class TestAnotherCouncilsMajorIncident:
    def test_is_found_by_whom_it_hit_and_read_on_a_page_of_theirs(self, page: Page, led: Led) -> None:
        now = timezone.now()
        major = led.major(now=now - timedelta(minutes=47), impact="all-councils")
        over = led.major(
            now=now - timedelta(days=3), impact="all-councils", summary="Away on Friday", item_id=_print()
        )
        majors.restore_major(
            by=led.manager,
            major_id=over.pk,
            fix="Restarted.",
            now=now - timedelta(days=3) + timedelta(hours=2),
        )
        for minutes, words in (
            (40, "Care records are away. Please use paper."),
            (10, "It will take until eleven."),
        ):
            majors.tell_councils(
                by=led.manager,
                major_id=major.pk,
                texts={led.desk.elm.pk: words},
                now=now - timedelta(minutes=minutes),
            )
        come_in(page, led.staff["client"].user)
        page.goto(ROOM)
        look(page, "majors-elsewhere")
        page.get_by_role("link", name="Care records").click()
        expect(page.get_by_text("It is worked on for another council")).to_be_visible()
        expect(page.get_by_role("heading", name="What was said here")).to_be_visible()
        expect(page.get_by_text("It will take until eleven.").first).to_be_visible()
        look(page, "major-elsewhere")
        page.get_by_role("link", name="Back to major incidents").click()
        page.get_by_role("link", name="Printing").click()
        look(page, "major-elsewhere-over")
        page.goto("/work/desk/outages/")
        look(page, "outages-elsewhere")


def _print() -> int:
    """Make another system that both councils use."""
    item = make_item(name="Printing")
    for council in Council.objects.all():
        Use.objects.create(council=council, item=item, users=75, since=date(2026, 1, 1))
    return item.pk
