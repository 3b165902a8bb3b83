"""What every answer tells the browser."""

from django.test import Client

from moothall.plain import request_id


class TestEveryAnswer:
    def test_forbids_inline_scripts_and_styles_and_foreign_frames(self, browser: Client) -> None:
        policy = browser.get("/look/")["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy

    def test_protects_errors_as_well(self, browser: Client) -> None:
        assert "Content-Security-Policy" in browser.get("/nowhere/")
        assert "Permissions-Policy" in browser.get("/nowhere/")

    def test_keeps_addresses_from_other_sites(self, browser: Client) -> None:
        answer = browser.get("/look/")
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_is_not_kept_by_caches_unless_it_says_so(self, browser: Client) -> None:
        assert browser.get("/look/")["Cache-Control"] == "no-cache, private"


class TestTheNameOfARequest:
    def test_is_new_for_each(self, browser: Client) -> None:
        assert browser.get("/look/")["X-Request-ID"] != browser.get("/look/")["X-Request-ID"]

    def test_is_kept_from_the_proxy_in_front(self, browser: Client) -> None:
        answer = browser.get("/look/", headers={"x-request-id": "abcdef123456"})
        assert answer["X-Request-ID"] == "abcdef123456"
        assert request_id.current() == "abcdef123456"

    def test_is_not_taken_when_it_could_write_into_the_log(self, browser: Client) -> None:
        answer = browser.get("/look/", headers={"x-request-id": 'a" level="error'})
        assert len(answer["X-Request-ID"]) == 12
