"""What stands around every page."""

from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from jinja2 import UndefinedError
from pytest_django import Settings

from moothall.look import assets, gallery, hooks
from moothall.look.frames import menu_of
from moothall.look.hooks import Frame, Link, MenuItem
from moothall.look.themes import Theme

pytestmark = pytest.mark.usefixtures("house")


def _draw(text: str, request: HttpRequest | None = None, **context: object) -> str:
    return engines["jinja2"].from_string(text).render(context, request)


class TestAPage:
    def test_is_titled_with_its_service_and_its_council(self) -> None:
        frame = Frame(name="Ashdale City Council")
        page = _draw(
            '{% extends "look/layout.html" %}{% block title %}Where?{% endblock %}'
            "{% block service %}Report a missed bin{% endblock %}",
            frame=frame,
        )
        assert (
            "<title>Where? \N{EN DASH} Report a missed bin \N{EN DASH} Ashdale City Council</title>" in page
        )

    def test_says_in_its_title_that_there_are_errors_and_lists_them(self) -> None:
        form = gallery.OneQuestion({})
        page = _draw('{% extends "look/question.html" %}', form=form, csrf_input="")
        assert "<title>Error: When was your bin missed?" in page
        assert 'href="#id_when_day"' in page

    def test_has_one_main_and_a_way_to_skip_to_it(self, browser: Client) -> None:
        for path in ("/look/", "/look/staff/", "/look/form/", "/look/question/"):
            text = browser.get(path).content.decode()
            assert text.count('id="main-content"') == 1, path
            assert 'href="#main-content"' in text
            assert text.count("<main") == text.count("<h1") == 1, path

    def test_has_nothing_inline_that_the_policy_forbids(self, browser: Client) -> None:
        for path in ("/look/", "/look/staff/", "/look/form/", "/look/question/", "/nowhere/"):
            text = browser.get(path).content.decode()
            assert " style=" not in text, path
            assert "<style" not in text, path
            assert text.count("<script") == text.count('<script type="module" src="') == 1, path
            assert "javascript:" not in text, path

    def test_is_the_councils_whose_site_it_is(self) -> None:
        request = RequestFactory().get("/ash/")
        request.council = SimpleNamespace(name="Ashdale City Council", code="ash")  # type: ignore[attr-defined]
        page = _draw('{% extends "look/layout.html" %}', request)
        assert '<a href="/ash/" class="govuk-generic-header__homepage-link">Ashdale City Council</a>' in page
        assert 'href="/look/theme/ash-' in page

    def test_shows_the_links_of_its_frame(self) -> None:
        request = RequestFactory().get("/")
        theme = Theme(brand="#5b2c6f", link="#5b2c6f")
        hooks.frame(
            lambda _request: Frame(theme=theme, theme_code="elm", footer=(Link("Privacy", "/privacy/"),))
        )
        page = _draw('{% extends "look/layout.html" %}', request)
        assert '<a class="govuk-footer__link" href="/privacy/">Privacy</a>' in page
        assert f"/look/theme/elm-{theme.version}.css" in page

    def test_says_so_when_the_stylesheets_were_not_built(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(engines["jinja2"].env.globals, "assets_ready", lambda: False)  # type: ignore[attr-defined]
        engines["jinja2"].env.cache.clear()  # type: ignore[attr-defined]
        assert "python tools/assets.py" in _draw('{% extends "look/layout.html" %}')
        engines["jinja2"].env.cache.clear()  # type: ignore[attr-defined]
        assert "python tools/assets.py" in assets.HOW

    def test_shows_what_the_last_page_wanted_to_say(self) -> None:
        request = RequestFactory().get("/")
        storage = CookieStorage(request)
        request._messages = storage  # type: ignore[attr-defined]
        messages.success(request, "Request sent <b>now</b>.")
        page = _draw('{% extends "look/layout.html" %}', request)
        assert "govuk-notification-banner--success" in page
        assert "Request sent &lt;b&gt;now&lt;/b&gt;." in page


class TestTheStaffMenu:
    def test_shows_what_was_hung_in_order_and_marks_where_one_is(self) -> None:
        hooks.menu(
            MenuItem(name="work", label="Work", url="look:gallery", order=1, count=lambda _request: 1204)
        )
        hooks.menu(MenuItem(name="queues", label="Queues", url="look:staff-gallery", order=2))
        hooks.menu(MenuItem(name="none", label="None", url="look:gallery", shown=lambda _request: False))
        request = RequestFactory().get("/look/staff/")
        entries = menu_of(request)
        assert [(entry.label, entry.current) for entry in entries] == [("Work", False), ("Queues", True)]
        page = _draw('{% extends "look/staff.html" %}', request)
        assert '<span class="moothall-count">1,204</span>' in page
        assert page.count('aria-current="page"') == 1

    def test_refuses_two_entries_of_one_name(self) -> None:
        hooks.menu(MenuItem(name="work", label="Work", url="look:gallery"))
        with pytest.raises(ValueError, match="already has an entry named work"):
            hooks.menu(MenuItem(name="work", label="Other", url="look:gallery"))


class TestATemplate:
    def test_fails_on_a_misspelt_name(self) -> None:
        for text in ("{{ reqest }}", "{% if reqest %}{% endif %}", "{{ facts.misspelt }}"):
            with pytest.raises(UndefinedError):
                _draw(text, facts={})

    def test_may_use_every_macro_of_govuk_frontend(self) -> None:
        page = _draw(
            '{% from "govuk_frontend_jinja/components/tabs/macro.html" import govukTabs %}'
            '{{ govukTabs({"items": [{"label": "One", "id": "one", "panel": {"text": "First"}}]}) }}'
        )
        assert 'data-module="govuk-tabs"' in page

    def test_writes_markup_as_words(self) -> None:
        assert _draw("{{ name }}", name="<b>") == "&lt;b&gt;"
        page = _draw(
            '{% from "look/components/page.html" import summary, tag %}{{ tag(name) }}{{ summary([(name, name)]) }}',
            name="<b>",
        )
        assert "<b>" not in page

    def test_counts_in_words(self) -> None:
        assert (
            _draw("{{ 1200|plural('request') }} {{ 1|plural('reply', 'replies') }}")
            == "1,200 requests 1 reply"
        )


class TestTheGallery:
    def test_exists_only_in_demonstration_and_debugging(self, browser: Client, house: Settings) -> None:
        assert browser.get("/look/").status_code == 200
        house.DEMO = False
        assert browser.get("/look/").status_code == 404
