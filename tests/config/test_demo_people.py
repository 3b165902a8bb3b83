"""The people of the demonstration, who exist only there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from moothall.config.demo import people
from moothall.config.demo.guide import GUIDE
from tests import makers

pytestmark = pytest.mark.django_db
urlpatterns = [
    path("account/", include("moothall.identity.urls")),
    path("look/", include("moothall.look.urls")),
    path("demo/people/", people.people, name="demo_people"),
    path("demo/people/<int:pk>/", people.become, name="demo_become"),
]


class TestOutsideTheDemonstration:
    def test_there_is_no_such_page(self, client: Client) -> None:
        assert people.addresses() == []
        assert client.get("/demo/people/").status_code == 404
        assert client.post("/demo/people/1/").status_code == 404

    @pytest.mark.urls("tests.config.test_demo_people")
    def test_nobody_is_signed_in_even_where_the_addresses_are_left_in(
        self, client: Client, settings: Any
    ) -> None:
        settings.DEMO = False
        somebody = makers.make_user(name="Ada Byron")
        assert client.get("/demo/people/").status_code == 404
        assert client.post(f"/demo/people/{somebody.pk}/").status_code == 404
        assert "_auth_user_id" not in client.session


@pytest.mark.urls("tests.config.test_demo_people")
class TestThePeopleOfTheDemonstration:
    @pytest.fixture(autouse=True)
    def demo(self, settings: Any) -> None:
        settings.DEMO = True

    def test_are_shown_by_council_with_what_they_do(self, client: Client) -> None:
        ash = makers.make_council(name="Ash District Council")
        makers.make_staff(council=ash, user=makers.make_user(name="Grace Hopper"), roles=("officer",))
        makers.make_user(name="Ada Byron")
        page = client.get("/demo/people/").content.decode()
        assert "only because this is a demonstration" in page
        assert page.index("Ash District Council") < page.index("Grace Hopper") < page.index("Ada Byron")
        assert "Works on the cases of a service team and completes their steps." in page

    def test_can_each_be_entered_with_one_click(self, client: Client) -> None:
        ada = makers.make_user(name="Ada Byron")
        assert client.post(f"/demo/people/{ada.pk}/").status_code == 302
        assert client.session["_auth_user_id"] == str(ada.pk)
        assert "Ada Byron" in client.get("/account/").content.decode()
        assert "1 device" in client.get("/account/").content.decode()

    def test_are_not_entered_by_a_link(self, client: Client) -> None:
        ada = makers.make_user(name="Ada Byron")
        assert client.get(f"/demo/people/{ada.pk}/").status_code == 405

    def test_are_not_entered_from_another_site(self) -> None:
        ada = makers.make_user(name="Ada Byron")
        assert Client(enforce_csrf_checks=True).post(f"/demo/people/{ada.pk}/").status_code == 403

    def test_that_do_not_exist_are_not_found(self, client: Client) -> None:
        assert client.post("/demo/people/999/").status_code == 404

    def test_lead_to_what_the_guide_names_and_nowhere_else(self, client: Client) -> None:
        what, name, page = next(each for each in GUIDE if each[2])
        somebody = makers.make_user(name=name)
        shown = client.get("/demo/people/").content.decode()
        assert f'name="what" value="{what}"' in shown
        assert client.post(f"/demo/people/{somebody.pk}/", {"what": what})["Location"] == page
        astray = client.post(f"/demo/people/{somebody.pk}/", {"what": "https://example.org/"})["Location"]
        assert "example.org" not in astray
