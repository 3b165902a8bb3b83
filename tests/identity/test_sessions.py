"""Sessions one can see and end, that end by themselves, and staff who are asked for a second factor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from moothall.identity import actions
from moothall.identity.models import User
from moothall.identity.rules import device
from moothall.plain.errors import NotFound
from tests.identity.conftest import Kept, sign_in
from tests.identity.oidc import Issuer, sign_in_at
from tests.identity.test_providers import ash

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def at_work(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("work")


at_work.__module__ = "moothall.workplace.views"
urlpatterns = [
    path("account/", include("moothall.identity.urls")),
    path("work/", at_work),
    path("look/", include("moothall.look.urls")),
]


class TestWhereOneIsSignedIn:
    def test_is_shown_in_plain_words(self, ada: User) -> None:
        client, elsewhere = Client(), Client(headers={"User-Agent": FIREFOX})
        sign_in(elsewhere, ada)
        sign_in(client, ada)
        page = client.get("/account/devices/").content.decode()
        assert "Firefox on Linux" in page
        assert "This device" in page
        assert "Sign out all other devices" in page

    def test_can_be_ended_one_by_one(self, client: Client, ada: User, kept: Kept) -> None:
        elsewhere = Client()
        sign_in(elsewhere, ada)
        sign_in(client, ada)
        other = UserSession.objects.get(session_key=elsewhere.session.session_key)
        client.post(f"/account/devices/{other.pk}/end/")
        assert elsewhere.get("/account/").status_code == 302
        assert client.get("/account/").status_code == 200
        assert kept.entries[-1] == ("session_ended", ada, {"why": "owner"})

    def test_can_be_ended_all_at_once(self, client: Client, ada: User) -> None:
        elsewhere = Client()
        sign_in(elsewhere, ada)
        sign_in(client, ada)
        client.post("/account/devices/")
        assert elsewhere.get("/account/").status_code == 302
        assert client.get("/account/").status_code == 200

    def test_of_another_person_does_not_exist(self, client: Client, ada: User, now: Any) -> None:
        eve = actions.open_account(email="eve@elm.example", name="Eve", now=now, confirmed=True)
        sign_in(client, ada)
        mine = UserSession.objects.get()
        with pytest.raises(NotFound):
            actions.end_session(by=eve, session_id=mine.pk)

    @pytest.mark.parametrize(
        ("program", "words"),
        [
            (FIREFOX, "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0",
                "Samsung Internet on Android",
            ),
            ("", "Another program"),
        ],
    )
    def test_names_devices(self, program: str, words: str) -> None:
        assert device(program) == words


def let_rest(client: Client, **ago: timedelta) -> None:
    session = client.session
    for key, time_ago in ago.items():
        session[key] -= int(time_ago.total_seconds())
    session.save()


class TestASession:
    def test_of_a_resident_ends_after_resting_a_day(self, client: Client, ada: User, kept: Kept) -> None:
        sign_in(client, ada)
        let_rest(client, seen_at=timedelta(hours=23))
        assert client.get("/account/").status_code == 200
        let_rest(client, seen_at=timedelta(hours=25))
        assert client.get("/account/").status_code == 302
        assert (
            "You were signed out to keep your account safe." in client.get("/account/login/").content.decode()
        )
        assert kept.entries[-1] == ("session_ended", ada, {"why": "time"})

    def test_of_a_resident_ends_after_two_weeks_at_all(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        let_rest(client, signed_in_at=timedelta(days=15))
        assert client.get("/account/").status_code == 302

    def test_of_staff_ends_after_resting_an_hour(
        self, client: Client, ada: User, works_here: Callable[[User], None]
    ) -> None:
        works_here(ada)
        sign_in(client, ada)
        let_rest(client, seen_at=timedelta(minutes=61))
        assert client.get("/account/").status_code == 302

    def test_of_staff_ends_after_twelve_hours_at_all(
        self, client: Client, ada: User, works_here: Callable[[User], None]
    ) -> None:
        works_here(ada)
        sign_in(client, ada)
        let_rest(client, signed_in_at=timedelta(hours=13))
        assert client.get("/account/").status_code == 302

    def test_notes_when_it_was_seen_but_not_at_every_page(
        self, client: Client, ada: User, django_assert_max_num_queries: Any
    ) -> None:
        sign_in(client, ada)
        client.get("/account/name/")
        # session, account, home (staff, then a resident's council), the partnership's name
        with django_assert_max_num_queries(6):
            client.get("/account/name/")
        before = UserSession.objects.get().last_seen_at
        let_rest(client, seen_at=timedelta(minutes=6))
        client.get("/account/name/")
        assert UserSession.objects.get().last_seen_at > before

    def test_ends_with_the_browser(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        cookie = client.cookies["session"]
        assert cookie["max-age"] == ""
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.urls("tests.identity.test_sessions")
class TestStaffWithoutASecondFactor:
    @pytest.fixture
    def staff(self, ada: User, works_here: Callable[[User], None]) -> User:
        works_here(ada)
        return ada

    def test_are_sent_to_set_one_up(self, client: Client, staff: User, settings: Any) -> None:
        settings.SECOND_FACTOR = "require"
        sign_in(client, staff)
        answer = client.get("/work/?page=2")
        assert answer["Location"] == "/account/second-factor/?next=%2Fwork%2F%3Fpage%3D2"
        page = client.get(answer["Location"]).content.decode()
        assert "Keep your work account safe" in page
        assert "Not now" not in page
        assert client.post("/account/second-factor/").status_code == 200
        assert client.get("/work/").status_code == 302

    def test_may_set_one_up_at_once(self, client: Client, staff: User, settings: Any) -> None:
        settings.SECOND_FACTOR = "require"
        sign_in(client, staff)
        assert client.get("/account/second-factors/app/activate/").status_code == 200

    def test_pass_once_they_have_one(self, client: Client, staff: User, settings: Any) -> None:
        settings.SECOND_FACTOR = "require"
        sign_in(client, staff)
        assert client.get("/work/").status_code == 302
        TOTP.activate(staff, "JBSWY3DPEHPK3PXP")
        assert client.get("/work/").status_code == 200

    def test_may_wait_until_the_next_sign_in_where_they_are_only_asked(
        self, client: Client, staff: User, settings: Any
    ) -> None:
        settings.SECOND_FACTOR = "ask"
        sign_in(client, staff)
        assert client.get("/work/").status_code == 302
        assert client.post("/account/second-factor/", {"next": "/work/"})["Location"] == "/work/"
        assert client.get("/work/").status_code == 200
        client.post("/account/logout/")
        sign_in(client, staff)
        assert client.get("/work/").status_code == 302

    def test_are_left_alone_where_it_is_off(self, client: Client, staff: User, settings: Any) -> None:
        settings.SECOND_FACTOR = "off"
        sign_in(client, staff)
        assert client.get("/work/").status_code == 200

    def test_are_left_alone_when_their_provider_asks_for_one(
        self,
        client: Client,
        ada: User,
        works_here: Callable[[User], None],
        issuer: Issuer,
        settings: Any,
    ) -> None:
        settings.SECOND_FACTOR = "require"
        works_here(ada)
        ash(issuer, asks_second_factor=True)
        sign_in_at(client, issuer)
        assert client.get("/work/").status_code == 200

    def test_residents_are_never_asked(self, client: Client, ada: User, settings: Any) -> None:
        settings.SECOND_FACTOR = "require"
        sign_in(client, ada)
        assert client.get("/work/").status_code == 200


class TestSessionsThatAreOver:
    def test_are_forgotten(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        today = timezone.now()
        assert actions.forget_sessions(now=today) == 0
        assert actions.forget_sessions(now=today + timedelta(days=30)) == 1
        assert not UserSession.objects.exists()


class TestALeaver:
    def test_is_out_everywhere_at_once(self, client: Client, ada: User) -> None:
        sign_in(client, ada)
        actions.close_account(user=ada, why="left")
        assert client.get("/account/").status_code == 302
