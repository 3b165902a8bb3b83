"""The pages of the performance pack, of benchmarks, and of what users say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from moothall.councils import scope
from moothall.identity.models import User
from moothall.measures.models import Benchmark
from moothall.servicedesk.actions import packs
from moothall.servicedesk.models import FigureVisibility, Headcount, Pack, PackComment, SignOff, Survey
from tests.servicedesk.committee import OCTOBER, People, make_people
from tests.servicedesk.month_of_work import work

AFTER = datetime(2026, 12, 1, tzinfo=UTC)
PACK = "/work/desk/pack/2026-10/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(settings: Settings) -> People:
    settings.SECOND_FACTOR = "off"
    with scope.everything("making a month for a test"):
        return make_people(work(30))


def browser(people: People, who: str) -> Client:
    viewer = getattr(people, who)
    client = Client()
    client.force_login(User.objects.get(pk=viewer.actor.user_id))
    return client


def draft(people: People) -> Pack:
    return packs.work_out(by=people.manager, month=OCTOBER, now=AFTER)


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content[:300]
    return " ".join(response.content.decode().split())


class TestTheList:
    def test_offers_months_to_whoever_prepares_and_shows_drafts_to_no_member(self, busy: People) -> None:
        assert "Work it out" in text(browser(busy, "manager"), "/work/desk/pack/")
        draft(busy)
        assert "October 2026" in text(browser(busy, "client"), "/work/desk/pack/")
        assert "No pack is published yet" in text(browser(busy, "member"), "/work/desk/pack/")

    def test_is_refused_to_a_resolver(self, busy: People) -> None:
        assert browser(busy, "resolver").get("/work/desk/pack/").status_code == 403


class TestAPack:
    def test_is_made_signed_and_published_by_the_buttons_on_its_pages(self, busy: People) -> None:
        manager = browser(busy, "manager")
        done = manager.post(f"{PACK}work-out/", follow=True)
        assert "The figures of October 2026 are worked out." in done.content.decode()
        for who, ground in (("client", busy.ash), ("client_of_elm", busy.elm)):
            at = f"{PACK}at/{ground.council.code}/"
            page = text(browser(busy, who), at)
            assert "Sign off these figures" in page
            browser(busy, who).post(f"{at}sign/")
        with scope.everything("to look"):
            assert SignOff.objects.count() == 2
        assert "Every council has signed off" in text(manager, f"{PACK}publish/")
        manager.post(f"{PACK}publish/", {})
        assert Pack.objects.get().state == Pack.State.PUBLISHED
        assert "Its figures never change" in text(browser(busy, "member"), PACK)

    def test_says_who_has_not_signed_and_asks_why_it_is_published_without(self, busy: People) -> None:
        draft(busy)
        manager = browser(busy, "manager")
        refused = manager.post(f"{PACK}publish/", {"why": ""})
        assert refused.status_code == 422
        assert "Ash Council, Elm Council" in refused.content.decode()
        assert manager.post(f"{PACK}publish/", {"why": "The committee meets"}).status_code == 302

    def test_has_each_figure_with_its_trend_and_meaning(self, busy: People) -> None:
        draft(busy)
        packs.work_out_before(by=busy.manager, month=OCTOBER, now=AFTER)
        page = text(browser(busy, "manager"), PACK)
        assert page.count("Trend and meaning:") == 61
        assert page.count('class="moothall-chart"') > 30
        assert "Resolved within target over 13 months" in page
        assert "SDI, backlog management" in page

    def test_of_a_council_leaves_out_what_is_not_for_a_member(self, busy: People) -> None:
        draft(busy)
        packs.publish(by=busy.manager, month=OCTOBER, why="x", now=AFTER)
        page = text(browser(busy, "member"), f"{PACK}at/{busy.ash.council.code}/")
        assert "Suppliers within target" not in page
        assert "Suppliers within target" in text(browser(busy, "member"), PACK)

    @pytest.mark.parametrize("path", ["2026-13/", "2026-1/", "x/", "2031-01/", "2026-10/at/nowhere/"])
    def test_that_is_none_does_not_exist(self, busy: People, path: str) -> None:
        draft(busy)
        assert browser(busy, "manager").get(f"/work/desk/pack/{path}").status_code == 404

    @pytest.mark.parametrize("ending", ["csv", "xlsx", "pptx", "pdf"])
    def test_can_be_taken_away(self, busy: People, ending: str) -> None:
        draft(busy)
        response = browser(busy, "client").get(f"{PACK}at/{busy.ash.council.code}/file/{ending}/")
        assert response.status_code == 200
        assert response["Content-Disposition"].endswith(f'-{busy.ash.council.code}.{ending}"')
        assert len(response.content) > 1_000

    def test_asks_no_more_questions_with_more_figures(
        self, busy: People, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        draft(busy)
        client = browser(busy, "manager")
        client.get(PACK)
        with django_assert_max_num_queries(45):
            client.get(PACK)

    def test_compared_later_says_so(self, busy: People) -> None:
        draft(busy)
        packs.publish(by=busy.manager, month=OCTOBER, why="x", now=AFTER)
        done = browser(busy, "manager").post(f"{PACK}compare/", follow=True)
        assert "Nothing differs" in done.content.decode()


class TestTheCallsBehindANumber:
    def test_are_led_to_only_for_those_who_see_calls(self, busy: People) -> None:
        draft(busy)
        packs.publish(by=busy.manager, month=OCTOBER, why="x", now=AFTER)
        assert f"{PACK}calls/?figure=" in text(browser(busy, "manager"), PACK)
        assert "calls/?figure=" not in text(browser(busy, "member"), PACK)

    def test_are_listed_with_those_that_are_not_for_the_viewer_counted(self, busy: People) -> None:
        draft(busy)
        page = text(browser(busy, "manager"), f"{PACK}calls/?figure=resolve_sla&part=rest")
        assert "Those for which it does not" in page
        assert "TST-" in page
        packs.publish(by=busy.manager, month=OCTOBER, why="x", now=AFTER)
        assert "not for you to see" in text(
            browser(busy, "member"), f"{PACK}calls/?figure=resolve_sla&part=rest"
        )

    @pytest.mark.parametrize(
        "query", ["figure=", "figure=nps", "figure=resolve_sla&slice=P9", "figure=resolve_sla&part=x"]
    )
    def test_of_what_cannot_be_listed_do_not_exist(self, busy: People, query: str) -> None:
        draft(busy)
        assert browser(busy, "manager").get(f"{PACK}calls/?{query}").status_code == 404


class TestCommenting:
    def test_stands_at_its_figure(self, busy: People) -> None:
        draft(busy)
        at = f"{PACK}at/{busy.ash.council.code}/"
        client = browser(busy, "client")
        assert client.post(f"{at}comment/", {"figure": "resolve_sla", "text": " "}).status_code == 422
        client.post(f"{at}comment/", {"figure": "resolve_sla", "text": "Two were <odd>."})
        with scope.everything("to look"):
            assert PackComment.objects.get().figure == "resolve_sla"
        assert "Two were &lt;odd&gt;." in text(client, at)

    def test_is_not_offered_for_another_council(self, busy: People) -> None:
        draft(busy)
        at = f"{PACK}at/{busy.elm.council.code}/"
        client = browser(busy, "client")
        assert "Comment on the figures" not in text(client, at)
        assert client.post(f"{at}comment/", {"figure": "", "text": "x"}).status_code == 409


class TestBenchmarks:
    def test_are_set_with_their_source_and_shown_in_the_pack(self, busy: People) -> None:
        given = {
            "figure": "calls_per_user", "label": "The brief", "value": "1.1", "source": "", "year": "2026",
            "in_force_from_day": "1", "in_force_from_month": "1", "in_force_from_year": "2026",
        }  # fmt: skip
        manager = browser(busy, "manager")
        refused = manager.post("/work/desk/benchmarks/new/", given)
        assert refused.status_code == 422
        assert "Enter where it is from" in refused.content.decode()
        assert (
            manager.post("/work/desk/benchmarks/new/", given | {"source": "The brief, p. 3"}).status_code
            == 302
        )
        assert Benchmark.objects.get().in_force_from == date(2026, 1, 1)
        draft(busy)
        assert "The brief 1.10" in text(manager, PACK)

    def test_are_only_read_by_a_member(self, busy: People) -> None:
        member = browser(busy, "member")
        assert "Set a benchmark" not in text(member, "/work/desk/benchmarks/")
        assert member.post("/work/desk/benchmarks/new/", {"figure": "nps"}).status_code == 403


class TestLevelsAndUsers:
    def test_are_set_by_whoever_prepares(self, busy: People) -> None:
        manager = browser(busy, "manager")
        assert "By its definition" in text(manager, "/work/desk/pack/levels/")
        manager.post("/work/desk/pack/levels/", {"figure": "nps", "level": "officers"})
        assert FigureVisibility.objects.get().level == "officers"
        assert manager.post("/work/desk/pack/levels/", {"figure": "nps", "level": "x"}).status_code == 422
        assert browser(busy, "client").get("/work/desk/pack/levels/").status_code == 403

    def test_accounts_are_stated_with_a_day_and_a_source(self, busy: People) -> None:
        client = browser(busy, "client_of_elm")
        given = {
            "council": busy.elm.council.code, "users": "1200", "source": "Payroll",
            "in_force_from_day": "1", "in_force_from_month": "10", "in_force_from_year": "2026",
        }  # fmt: skip
        assert client.post("/work/desk/pack/users/", given | {"users": "many"}).status_code == 422
        assert client.post("/work/desk/pack/users/", given).status_code == 302
        with scope.everything("to look"):
            assert Headcount.objects.filter(users=1200, council=busy.elm.council).exists()
        assert "1,200" in text(client, "/work/desk/pack/users/")


class TestWhatUsersSay:
    def test_is_shown_to_the_team_low_scores_first_and_can_be_marked(self, busy: People) -> None:
        now = datetime.now(tz=UTC)
        with scope.everything("users answer"):
            Survey.objects.filter(answered_at__isnull=False).update(answered_at=now - timedelta(days=1))
            low = Survey.objects.filter(answered_at__isnull=False).order_by("recommend").first()
            assert low is not None
            Survey.objects.filter(pk=low.pk).update(words="Nobody called <back>", recommend=0)
        manager = browser(busy, "manager")
        page = text(manager, "/work/desk/satisfaction/?team=0")
        assert page.index("Nobody called &lt;back&gt;") < page.index("Mark as read")
        manager.post(f"/work/desk/satisfaction/{low.pk}/read/")
        with scope.everything("to look"):
            assert Survey.objects.get(pk=low.pk).read_at is not None
        assert browser(busy, "member").get("/work/desk/satisfaction/").status_code == 403
