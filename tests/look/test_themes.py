"""Each council's colours, and never too faint."""

import pytest
from django.test import Client

from moothall.look import hooks, themes
from moothall.look.themes import Theme
from moothall.plain.colour import NotAColour, TooFaint


class TestATheme:
    def test_has_readable_text_on_its_header_by_itself(self) -> None:
        assert "--moothall-on-brand:#ffffff" in themes.stylesheet(Theme(brand="#5b2c6f", link="#5b2c6f"))
        assert "--moothall-on-brand:#0b0c0c" in themes.stylesheet(Theme(brand="#00a0a0", link="#1a5f8a"))

    def test_refuses_links_that_are_too_faint(self) -> None:
        with pytest.raises(TooFaint, match="A link in #8fb8de on #ffffff"):
            Theme(brand="#5b2c6f", link="#8fb8de")

    def test_refuses_a_header_that_cannot_be_told_from_the_page(self) -> None:
        with pytest.raises(TooFaint, match="The header"):
            Theme(brand="#f5f5dc", link="#1a5f8a")

    def test_takes_nothing_but_colours(self) -> None:
        with pytest.raises(NotAColour):
            Theme(brand="red;}body{display:none", link="#1a5f8a")


class TestTheStylesheetOfATheme:
    def test_is_served_for_each_council_and_kept_for_ever(self, browser: Client) -> None:
        answer = browser.get("/look/theme/gallery-00000000.css")
        assert answer["Content-Type"] == "text/css; charset=utf-8"
        assert "immutable" in answer["Cache-Control"]
        assert "--moothall-brand:#5b2c6f" in answer.content.decode()

    def test_is_the_houses_own_where_nobody_chose(self, browser: Client) -> None:
        text = browser.get("/look/theme/nobody-00000000.css").content.decode()
        assert f"--moothall-brand:{themes.HOUSE.brand}" in text

    def test_changes_its_address_with_its_colours(self) -> None:
        assert Theme(brand="#5b2c6f", link="#5b2c6f").version != themes.HOUSE.version

    def test_comes_from_whoever_was_hung_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hooks, "_themes", [])
        hooks.themes(lambda _code: None)
        hooks.themes(lambda code: themes.HOUSE if code == "ash" else None)
        assert hooks.theme_for("ash") == themes.HOUSE
        assert hooks.theme_for("elm") is None
