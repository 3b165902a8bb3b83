"""Every refusal and every fault is a page in whole sentences."""

import logging

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from moothall.config import wsgi
from moothall.look import hooks
from moothall.look.views import failed

STATUS = {
    "not-found": 404,
    "refused": 403,
    "stale": 409,
    "invalid": 422,
    "too-large": 413,
    "unavailable": 503,
    "house": 400,
    "denied": 403,
    "suspicious": 400,
}


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.getLogger("django").setLevel(logging.CRITICAL)


class TestARefusal:
    @pytest.mark.parametrize(("name", "status"), STATUS.items())
    def test_is_a_page_with_its_status_and_a_way_on(self, browser: Client, name: str, status: int) -> None:
        answer = browser.get(f"/fail/{name}/")
        text = answer.content.decode()
        assert answer.status_code == status
        assert text.count("<h1") == 1
        assert "Go to the start page" in text
        assert answer["Cache-Control"] == "no-store"

    def test_says_what_is_in_the_way_and_what_to_do(self, browser: Client) -> None:
        text = browser.get("/fail/refused/").content.decode()
        assert "You do not have permission to close requests." in text
        assert "Ask your supervisor" in text
        assert "<title>You cannot do this \N{EN DASH} Moothall</title>" in text

    def test_is_json_for_a_programme(self, browser: Client) -> None:
        answer = browser.get("/fail/invalid/", headers={"accept": "application/json"})
        assert answer.status_code == 422
        assert answer.json() == {
            "code": "house.invalid",
            "message": "Some answers need to be corrected.",
            "what_next": "",
            "request_id": answer["X-Request-ID"],
            "fields": {"email": ["Enter an email address"]},
        }

    def test_lists_what_is_wrong_with_each_field(self, browser: Client) -> None:
        assert "<li>Enter an email address</li>" in browser.get("/fail/invalid/").content.decode()

    def test_can_be_given_by_middleware_too(self, browser: Client) -> None:
        assert browser.get("/early/").status_code == 409

    def test_is_shown_even_when_the_frame_fails(
        self, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_request: object) -> hooks.Frame:
            raise RuntimeError("no database")

        monkeypatch.setattr(hooks, "_frames", [broken])
        assert browser.get("/fail/stale/").status_code == 409

    def test_writes_hostile_words_as_words(self, browser: Client) -> None:
        text = browser.get("/<script>alert(1)</script>/").content.decode()
        assert "<script>alert" not in text


class TestAnAddressThatOnlyTakesForms:
    def test_says_so_when_it_is_opened_like_a_page(self, browser: Client) -> None:
        answer = browser.get("/post-only/")
        assert answer.status_code == 405
        assert answer["Allow"] == "POST"
        assert "only takes what its own form sends" in answer.content.decode()


class TestAnAddressThatLeadsNowhere:
    def test_is_a_page(self, browser: Client) -> None:
        answer = browser.get("/no/such/page/")
        assert answer.status_code == 404
        assert "We cannot find that page." in answer.content.decode()


class TestAFaultOfOurs:
    def test_gives_a_number_to_quote_and_no_secrets(self, browser: Client) -> None:
        answer = browser.get("/fail/broken/", headers={"x-request-id": "proxy-1234abcd"})
        text = answer.content.decode()
        assert answer.status_code == 500
        assert "proxy-1234abcd" in text
        assert "secret of the database" not in text
        assert "Sorry, there is a problem with this service" in text

    def test_is_json_for_a_programme(self, browser: Client) -> None:
        answer = browser.get("/fail/broken/", headers={"accept": "application/json"})
        assert answer.json()["request_id"] == answer["X-Request-ID"]

    def test_is_answered_even_if_the_page_that_says_so_has_one_too(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_given: object, **_named: object) -> str:
            raise ValueError("the template is newer than the code")

        monkeypatch.setattr("moothall.look.refusals.page", broken)
        answer = failed(RequestFactory().get("/"))
        assert answer.status_code == 500
        assert "This is a fault on our side" in answer.content.decode()
        assert "has a fault, too" in caplog.text

    def test_that_nothing_caught_is_logged_and_answered_by_the_door_itself(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_given: object) -> list[bytes]:
            raise ValueError("outside of everything")

        monkeypatch.setattr(wsgi, "_house", broken)
        said: list[str] = []
        body = wsgi.application({}, lambda status, _headers: said.append(status))
        assert said == ["500 Internal Server Error"]
        assert b"This is a fault on our side" in b"".join(body)
        assert "outside of everything" in caplog.text


@pytest.mark.usefixtures("house")
class TestAnExpiredForm:
    def test_says_that_nothing_saved_was_lost_and_what_to_do(self) -> None:
        answer = Client(enforce_csrf_checks=True).post("/take/", {"name": "Ada"})
        text = answer.content.decode()
        assert answer.status_code == 403
        assert "This page was open for too long" in text
        assert "Nothing that was saved before has been lost." in text
        assert "send it once more" in text


class TestWhatIsTooLarge:
    def test_is_turned_away_before_it_is_read(self, browser: Client, house: Settings) -> None:
        house.REQUEST_LIMIT = 2 * 1024 * 1024
        answer = browser.post(
            "/take/", data=b"x", content_type="text/plain", CONTENT_LENGTH=str(3 * 1024 * 1024)
        )
        assert answer.status_code == 413
        assert "larger than 2 MB in all" in answer.content.decode()

    def test_is_said_when_django_finds_out(self, browser: Client, house: Settings) -> None:
        house.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        answer = browser.post("/take/", {"name": "x" * 100})
        assert answer.status_code == 413

    @pytest.mark.parametrize("length", ["many", "\N{SUPERSCRIPT TWO}", "-1", ""])
    def test_is_not_what_has_a_length_that_is_no_number(self, browser: Client, length: str) -> None:
        assert browser.get("/look/", CONTENT_LENGTH=length).status_code == 200
