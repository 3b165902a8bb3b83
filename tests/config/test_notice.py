"""Every page of the demonstration says that it is one, and leads to its two doors; no other house has them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from moothall.config.demo import notice, people
from moothall.councils.models import Partnership
from tests import makers

pytestmark = pytest.mark.django_db
PAGES = ("/", "/account/login/", "/account/signup/", "/demo/mail/", "/work/no-such-page/")


class TestTheNotice:
    @pytest.mark.parametrize("page", PAGES)
    def test_stands_on_every_page_of_the_demonstration(
        self, client: Client, settings: Any, page: str
    ) -> None:
        settings.DEMO = True
        text = client.get(page, headers={"accept": "text/html"}, follow=True).content.decode()
        assert notice.NOTICE in text
        assert 'href="/demo/people/">Sign in as anyone</a>' in text
        assert 'href="/demo/mail/">Read its mail</a>' in text

    def test_stands_nowhere_else(self, client: Client) -> None:
        assert "demo" not in client.get("/account/login/").content.decode()

    def test_leads_to_pages_that_exist(self, settings: Any) -> None:
        settings.DEMO = True
        there = {f"/{each.pattern}" for each in people.addresses()}
        assert [door.url in there or bool(resolve(door.url)) for door in notice.DOORS] == [True, True]


class TestThePagesOfNoOneCouncil:
    @pytest.mark.parametrize("page", ["/", "/account/login/", "/account/"])
    def test_bear_the_name_of_the_partnership(self, client: Client, page: str) -> None:
        Partnership.objects.create(name="Fernvale Councils Partnership")
        client.force_login(makers.make_user()) if page == "/account/" else None
        text = client.get(page).content.decode()
        assert "Fernvale Councils Partnership</title>" in text
        assert "Moothall" not in text

    def test_bear_the_name_of_the_house_before_it_has_one(self, client: Client) -> None:
        assert " Moothall</title>" in client.get("/account/login/").content.decode()
