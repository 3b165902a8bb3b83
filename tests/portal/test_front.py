"""The front of the house."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from moothall.councils import scope
from moothall.councils.rules import RESERVED
from moothall.requests import actions
from tests.portal.walking import service
from tests.requests.making import MONDAY, Town

pytestmark = pytest.mark.django_db


class TestTheFirstPage:
    def test_lets_one_choose_a_council(self, client: Client, town: Town) -> None:
        page = client.get("/").content.decode()
        assert f'href="/{town.council.code}/"' in page

    def test_of_a_councils_own_host_is_that_councils(self, client: Client, town: Town) -> None:
        town.council.hosts = ["localhost"]
        town.council.save()
        answer = client.get("/", headers={"host": "localhost"})
        assert answer.headers["Location"] == f"/{town.council.code}/"

    def test_works_before_there_is_any_council(self, client: Client) -> None:
        assert client.get("/").status_code == 200


class TestACouncilsSite:
    def test_shows_its_services_by_category(self, client: Client, town: Town) -> None:
        page = client.get(f"/{town.council.code}/").content.decode()
        assert page.index("Bins and recycling") < page.index("Report a missed bin collection")

    def test_has_its_own_words_about_cookies_privacy_and_accessibility(
        self, client: Client, town: Town
    ) -> None:
        for name in ("accessibility", "privacy", "cookies"):
            page = client.get(f"/{town.council.code}/{name}/").content.decode()
            assert town.council.name in page

    def test_does_not_exist_for_another_name(self, client: Client, town: Town) -> None:
        assert client.get("/atlantis/").status_code == 404
        assert client.get("/atlantis/services/missed-bin/").status_code == 404

    def test_cannot_stand_where_the_house_itself_does(self) -> None:
        first = {
            str(each.pattern).partition("/")[0]
            for each in get_resolver().url_patterns
            if isinstance(each, URLPattern | URLResolver)
        }
        assert {name for name in first if name and not name.startswith("<")} <= RESERVED


class TestSearching:
    @pytest.mark.parametrize("typed", ["missed bin", "mised bin", "RUBISH", "wheelie"])
    def test_finds_a_service_in_ones_own_words(self, client: Client, town: Town, typed: str) -> None:
        page = client.get(f"/{town.council.code}/find/", {"q": typed}).content.decode()
        assert service(town) in page

    def test_says_what_to_do_when_nothing_fits(self, client: Client, town: Town) -> None:
        page = client.get(f"/{town.council.code}/find/", {"q": "dragon licence"}).content.decode()
        assert "Nothing found for “dragon licence”" in page
        assert "help@council.example" in page

    @pytest.mark.parametrize(
        "typed", ["", "   ", "\0", "<script>alert(1)</script>", "a" * 9000, "٪' OR 1=1 --"]
    )
    def test_takes_anything_that_can_be_typed(self, client: Client, town: Town, typed: str) -> None:
        answer = client.get(f"/{town.council.code}/find/", {"q": typed})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


class TestTheStartOfAService:
    def test_says_what_one_needs_and_how_long_it_takes(self, client: Client, town: Town) -> None:
        page = client.get(service(town)).content.decode()
        assert "Before you start" in page
        assert "within 2 working days" in page
        assert "Start now" in page

    def test_says_that_it_is_closed_in_the_councils_own_words(self, client: Client, town: Town) -> None:
        with scope.everything("a test closes a service"):
            actions.switch_service(
                by=town.administrator,
                council=town.council,
                service="missed-bin",
                is_open=False,
                words="Crews are snowed in until Friday.",
                now=MONDAY,
            )
        page = client.get(service(town)).content.decode()
        assert "Crews are snowed in until Friday." in page
        assert "Start now" not in page
        gone = client.get(service(town, "questions", "address"))
        assert gone.headers["Location"] == service(town)

    def test_of_no_service_is_not_found(self, client: Client, town: Town) -> None:
        assert client.get(service(town, name="council-tax-move")).status_code == 404
