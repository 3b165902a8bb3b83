"""Reading letters: what they say, quote and bring along, whatever they are made of."""

from contextlib import suppress
from email.message import EmailMessage
from functools import partial

import pytest

from moothall.messages import parsing
from moothall.messages.parsing import Unreadable, envelope, read
from tests.messages.hostile import letters
from tests.messages.making import make_raw
from tests.plain.steps import steps_of

A_BYTE, A_LETTER = 60, 2_000
"""How many calls a byte of a letter may cause, and from how many bytes on that counts: every letter has a head."""
REPEATED = (
    "> ",
    "<div>",
    "-- \n",
    "On Monday, x wrote:\n",
    "From: a\nSent: b\n",
    "=?utf-8?q?a?= ",
    "&#x",
    "_" * 9,
)


class TestTheHead:
    def test_is_read_with_broken_words_and_bytes_beyond_ascii(self) -> None:
        raw = (
            "From: =?utf-8?q?J=C3=BCrgen_=22J=22?= <J@Example.org>\r\nTo: a@b.example, <Help@Ash.example>\r\n"
            "Subject: =?iso-8859-1?q?M=FCll?= =?utf-8?q?_=F0=9F=97=91?= caf\u00e9\r\n"
            "Date: Mon, 23 Nov 2026 09:30 +0000\r\n"
            "In-Reply-To: <b@x>\r\nReferences: <a@x>\r\n <b@x>\r\n\r\nhello"
        ).encode("latin-1")
        head = envelope(raw)
        assert (head.sender_name, head.sender) == ('Jürgen "J"', "j@example.org")
        assert head.subject == "Müll 🗑 café"
        assert head.to == ("a@b.example", "help@ash.example")
        assert head.answers == ("<b@x>", "<a@x>")
        assert head.written_at is not None
        assert head.written_at.hour == 9

    @pytest.mark.parametrize(
        "sender", ["", "eve", "<>", "undisclosed-recipients:;", "((((((" * 400, "\x00\x00", ","]
    )
    def test_without_a_sender_has_none(self, sender: str) -> None:
        assert envelope(make_raw(sender=sender)).sender == ""

    def test_knows_a_thousand_recipients_and_keeps_a_hundred(self) -> None:
        everybody = ", ".join(f"p{number}@example.org" for number in range(1000))
        assert len(envelope(make_raw(more=f"Cc: {everybody}\r\n")).to) == 100


class TestTheText:
    def test_is_the_plain_part_where_there_is_one(self) -> None:
        letter = EmailMessage()
        letter["From"] = "a@b.example"
        letter.set_content("Plain words")
        letter.add_alternative("<p>Other words</p>", subtype="html")
        assert read(letter.as_bytes()).text == "Plain words"

    def test_is_made_of_html_without_scripts_and_styles(self) -> None:
        html = "<style>x{}</style><p>Dear &amp; all</p><script>bad()</script><blockquote>Old<br>words</blockquote>"
        found = read(make_raw(text=html, more="Content-Type: text/html\r\n"))
        assert (found.text, found.quoted) == ("Dear & all", "> Old\n> words")

    @pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "x-none", "punycode", "us-ascii"])
    def test_is_read_in_a_character_set_that_works(self, charset: str) -> None:
        raw = make_raw(text="x", more=f"Content-Type: text/plain; charset={charset}\r\n")
        assert read(raw.replace(b"\r\n\r\nx", b"\r\n\r\nM\xfcll")).text == "Müll"

    @pytest.mark.parametrize(
        ("text", "new", "quoted"),
        [
            ("Yes.\n\n> What?\n> Really?", "Yes.", "> What?\n> Really?"),
            (
                "Yes.\n\n-----Original Message-----\nFrom: x\nWhat?",
                "Yes.",
                "-----Original Message-----\nFrom: x\nWhat?",
            ),
            ("Ja.\n\nAm 23.11.2026 schrieb Ash:\n> Was?", "Ja.", "Am 23.11.2026 schrieb Ash:\n> Was?"),
            ("> One?\nYes.\n> Two?\nNo.", "Yes.\nNo.", "> One?\n> Two?"),
            ("> Only quoted", "> Only quoted", ""),
            ("Nothing quoted\nFrom: here to there", "Nothing quoted\nFrom: here to there", ""),
        ],
    )
    def test_is_parted_from_what_it_quotes(self, text: str, new: str, quoted: str) -> None:
        found = read(make_raw(text=text.replace("\n", "\r\n")))
        assert (found.text, found.quoted) == (new, quoted)

    def test_loses_nothing_of_what_was_quoted(self) -> None:
        text = "Yes.\n\nFrom: Ash <help@ash.example>\nSent: Monday\nTo: Ada\nSubject: Bin\n\nIs it there?"
        found = read(make_raw(text=text))
        assert found.text == "Yes."
        assert "Is it there?" in found.quoted


class TestAttachments:
    def test_come_with_tidy_names_and_unopened(self) -> None:
        letter = EmailMessage()
        letter["From"] = "a@b.example"
        letter.set_content("See there")
        letter.add_attachment(
            b"PK\x03\x04bomb", maintype="application", subtype="zip", filename="..\\a/b\u202egpj.zip"
        )
        letter.add_attachment(b"words", maintype="text", subtype="plain", filename="notes.txt")
        found = read(letter.as_bytes())
        assert [(each.name, each.content) for each in found.attachments] == [
            ("b gpj.zip", b"PK\x03\x04bomb"),
            ("notes.txt", b"words"),
        ]
        assert found.text == "See there"

    def test_over_fifty_are_named_and_left_out(self) -> None:
        part = "--b\r\nContent-Type: a/b\r\n\r\nx\r\n"
        raw = make_raw(text=part * 60 + "--b--", more="Content-Type: multipart/mixed; boundary=b\r\n")
        found = read(raw)
        assert (len(found.attachments), len(found.left_out)) == (50, 10)

    def test_a_letter_in_a_letter_is_attached_whole(self) -> None:
        raw = make_raw(
            text="--b\r\n\r\nsee\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
            "From: x@y.example\r\n\r\ninside\r\n--b--",
            more="Content-Type: multipart/mixed; boundary=b\r\n",
        )
        found = read(raw)
        assert found.text == "see"
        assert found.attachments[0].name == "attachment-1.eml"
        assert b"inside" in found.attachments[0].content


class TestTheKind:
    @pytest.mark.parametrize(
        ("more", "kind"),
        [
            ("", "letter"),
            ("Auto-Submitted: no\r\n", "letter"),
            ("Auto-Submitted: auto-replied (vacation)\r\n", "auto-reply"),
            ("Auto-Submitted: auto-generated; x=y\r\n", "auto-reply"),
            ("Precedence: auto_reply\r\n", "auto-reply"),
            ("X-Autoreply: yes\r\n", "auto-reply"),
            ("X-Auto-Response-Suppress: All\r\n", "auto-reply"),
            ("Return-Path: <>\r\n", "auto-reply"),
            ("Precedence: bulk\r\n", "bulk"),
            ("List-Unsubscribe: <https://x.example>\r\n", "bulk"),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n", "bounce"),
            ("Received: by x\r\n" * 51, "loop"),
        ],
    )
    def test_is_told_by_the_headers(self, more: str, kind: str) -> None:
        assert read(make_raw(more=more)).kind == kind

    def test_of_a_mailer_daemon_is_a_bounce_by_its_text(self) -> None:
        number = f"<{'ab' * 16}@moothall.example>"
        found = read(make_raw(sender="MAILER-DAEMON@mx.example", text=f"Sorry.\r\nMessage-ID: {number}"))
        assert found.failure is not None
        assert found.failure.message_ids == (number,)


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "raw", [b"", b"\x00" * 9, b"\r\n\r\n", b"no head at all", b"X-A: b\r\n\r\nhello"]
    )
    def test_is_refused_in_a_sentence(self, raw: bytes) -> None:
        with pytest.raises(Unreadable, match=r"^It .*\.$"):
            read(raw)

    def test_is_refused_before_it_costs_minutes(self) -> None:
        deep = b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(900)
        )
        for raw in (make_raw() + deep * 20, make_raw(text="\n" * 4_000_000), make_raw() + b"\n--" * 30_000):
            with pytest.raises(Unreadable):
                read(raw)


class TestHostileLetters:
    @pytest.mark.parametrize("seed", range(2))
    def test_are_read_or_refused_and_can_be_kept(self, seed: int) -> None:
        for raw in letters(seed, 200):
            try:
                found = read(raw)
            except Unreadable:
                continue
            head = parsing.envelope(raw)
            words = "".join(
                [found.text, found.quoted, head.subject, head.sender_name, *head.to, *head.answers]
            )
            assert "\x00" not in words
            words.encode()
            assert all(each.name and "/" not in each.name for each in found.attachments)

    def test_are_work_in_proportion_to_their_length(self) -> None:
        """How long they take is measured in `benchmarks/mail.py`."""
        for raw in letters(0, 60):
            assert steps_of(partial(tried, raw)) < A_BYTE * (len(raw) + A_LETTER)

    def test_of_twice_the_length_are_twice_the_work_whatever_they_repeat(self) -> None:
        for many in REPEATED:
            short, long = (steps_of(partial(tried, make_raw(text=many * count))) for count in (500, 1000))
            assert long < 2.5 * short, many


def tried(raw: bytes) -> None:
    """Read a letter, or hear that it cannot be read."""
    with suppress(Unreadable):
        read(raw)
