"""Letters as they really come, and as nobody should send them: made by a seed, ten thousand as easily as ten."""

import base64
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage

Maker = Callable[[random.Random], bytes]
WORDS = [
    "bin",
    "hedge",
    "Ynys Môn",
    "council",
    "missed",
    "Grüße",
    "\u202eevil",
    "ﷺ",
    "😀",
    "x" * 80,
    "DROP TABLE",
    "{{7*7}}",
]
CHARSETS = ["utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-7", "punycode", "unicode_escape", "x-nothing",
            "utf-16", "idna", "zlib", "base64", "\x00", "a" * 500, "hz", "iso-2022-kr"]  # fmt: skip
DATES = [
    "Mon, 99 Xxx 99999 25:61:61 +9999",
    "",
    "0",
    "Thu, 01 Jan 1970 00:00:00",
    "31 Feb 2026",
    "Fri, 1 Jan 0001 00:00:00 +2359",
]
LONG, HUGE = 200_000, 5_000_000


def letters(seed: int, count: int, own_ids: tuple[str, ...] = ()) -> Iterator[bytes]:
    """Return so many letters, no two the same; some answer, bounce, or are, letters of ours with these Message-IDs."""
    for number in range(count):
        by = random.Random(f"{seed}:{number}")
        maker = RARE[number // 500 % len(RARE)] if number % 500 == 499 else MAKERS[number % len(MAKERS)]
        raw = maker(by)
        if own_ids and number % 7 == 3:
            raw = f"In-Reply-To: {by.choice(own_ids)}\r\n".encode() + raw
        yield raw + b"\r\n%d\r\n" % number if number % 50 != 49 else b"X-Number: %d\r\n" % number + raw


def _text(by: random.Random, most: int = 60) -> str:
    return " ".join(by.choice(WORDS) for _ in range(by.randint(1, most)))


def _head(by: random.Random, more: str = "") -> bytes:
    sender = by.choice(
        ["ada@example.org", "Bob <bob@example.org>", '"a, b" <c@d.example>', "eve", "<>", "a@b@c", ""]
    )
    return (
        f"From: {sender}\r\nTo: help@ash.example\r\nSubject: {_text(by, 6)}\r\n"
        f"Message-ID: <{by.getrandbits(64):x}@example.org>\r\n{more}"
    ).encode()


def plain(by: random.Random) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "ada@example.org",
        "help@ash.example",
        f"My {by.random()}",
    )
    letter.set_content(_text(by).replace("\x00", "") + "\n\nOn 23 Nov 2026, Ash wrote:\n> What?\n")
    if by.random() < 0.5:
        letter.add_alternative(f"<p>{_text(by)}<script>alert(1)</script>", subtype="html")
    if by.random() < 0.3:
        letter.add_attachment(
            by.randbytes(900), maintype="image", subtype="png", filename="../../etc/pässwd.png"
        )
    return letter.as_bytes()


def nested(by: random.Random) -> bytes:
    depth = by.choice([5, 40, 120, 300, 1500])
    heads = b"".join(
        f'Content-Type: multipart/{by.choice(["mixed", "alternative"])}; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode()
        for n in range(depth)
    )
    return (
        _head(by)
        + heads
        + b"\r\ndeep inside\r\n"
        + b"".join(b"--b%d--\r\n" % n for n in range(depth - 1, -1, -1))
    )


def matryoshka(by: random.Random) -> bytes:
    inner = _head(by) + b"\r\nlast"
    for _ in range(by.choice([3, 60, 400])):
        inner = b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return inner


def no_boundary(by: random.Random) -> bytes:
    kind = by.choice(["multipart/mixed", 'multipart/mixed; boundary=""', "multipart/mixed; boundary=x", "multipart/",
                      "multipart/mixed; boundary*0=a; boundary*2=b", "///", "text/plain; charset*=''%ZZ"])  # fmt: skip
    return _head(by, f"Content-Type: {kind}\r\n") + b"\r\n--y\r\n\r\nhello\r\n--x"


def encodings(by: random.Random) -> bytes:
    charset, how = (
        by.choice(CHARSETS),
        by.choice(["base64", "quoted-printable", "8bit", "7bit", "x-uuencode", "binary", "zzz"]),
    )
    more = f'Content-Type: text/{by.choice(["plain", "html"])}; charset="{charset}"\r\n'
    more += f"Content-Transfer-Encoding: {how}\r\n"
    body = by.choice([base64.b64encode(by.randbytes(400)), b"=ZZ=3D=" * 50, by.randbytes(800),
                      b"begin 666 x\n#!!!\nend",
                      b"====", "Grüße".encode("utf-16"), b"\x00" * 100])  # fmt: skip
    return _head(by, more) + b"\r\n" + body


def words_in_headers(by: random.Random) -> bytes:
    charset = by.choice(CHARSETS).replace("\x00", "")
    subject = by.choice([f"=?{charset}?b?{'/' * by.randint(1, 99)}?=", "=?utf-8?q?=FF=FE=ZZ?=" * 40, "=?" * 3000,
                         "=??q??=" * 99,
                         f"=?{charset}?q?=41{'_' * 50}?= =?utf-8?b?w7w=?=", "\udce9\udcff"])  # fmt: skip
    raw = f"From: {subject} <a@b.example>\r\nSubject: {subject}\r\nTo: {subject}\r\n".encode(
        "utf-8", "surrogateescape"
    )
    return raw + b"X-Raw: " + by.randbytes(30).replace(b"\n", b"") + b"\r\n\r\nhello"


def huge_headers(by: random.Random) -> bytes:
    name = by.choice(
        ["Subject", "From", "To", "References", "Content-Type", "Content-Disposition", "X-Any", "Received"]
    )
    filling = by.choice(
        ["a", '"', ";", "(", "<a@b.example>, ", "\r\n ", "=?utf-8?q?a?= ", '";', "@", ",", "a=b;", "\\"]
    )
    body = filling * (by.choice([5_000, LONG]) // len(filling))
    return f"{name}: text/plain; {body}\r\n".encode() + _head(by) + b"\r\nhello"


def many_headers(by: random.Random) -> bytes:
    return (
        b"".join(b"X-%d: y\r\n" % number for number in range(by.choice([300, 20_000])))
        + _head(by)
        + b"\r\nhello"
    )


def recipients(by: random.Random) -> bytes:
    everybody = ",\r\n ".join(f'"P{n}, {by.random()}" <p{n}@example.org>' for n in range(1000))
    return f"From: a@b.example\r\nTo: {everybody}\r\nCc: {everybody}\r\nSubject: All\r\n\r\nhello".encode()


def loops(by: random.Random) -> bytes:
    return b"Received: from a by b\r\n" * by.choice([10, 60, 3000]) + _head(by) + b"\r\nround and round"


def automatic(by: random.Random) -> bytes:
    mark = by.choice(["Auto-Submitted: auto-replied", "Precedence: bulk", "Precedence: auto_reply", "X-Autoreply: yes",
                      "List-Id: <all.example>", "X-Auto-Response-Suppress: All", "Return-Path: <>",
                      "Auto-Submitted: "])  # fmt: skip
    return _head(by, f"{mark}\r\n") + b"\r\nI am away."


def bounce(by: random.Random) -> bytes:
    number = f"<{by.getrandbits(128):032x}@127.0.0.1>"
    status = by.choice(
        ["Action: failed\r\nStatus: 5.1.1", "Action: delayed\r\nStatus: 4.0.0", "", "Action", "\x00: \xff"]
    )
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@ash.example\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\n\r\nSorry.\r\n--r\r\n'
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; a@b.example\r\n"
        f"{status}\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {number}\r\n{by.random()}\r\n--r--\r\n"
    ).encode("latin-1")


def bombs(by: random.Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(by.choice(["bomb.txt", "../../x", "a/" * 100]), b"\x00" * 10_000_000)
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "a@b.example", f"Bomb {by.random()}"
    letter.set_content("Open it!")
    letter.add_attachment(
        packed.getvalue(), maintype="application", subtype="zip", filename="photo.jpg\u202egpj.zip"
    )
    return letter.as_bytes()


def attachments(by: random.Random) -> bytes:
    name = "Content-Disposition: attachment; filename*0*=utf-8''%ff; filename=\"{1}\""
    part = f"--b\r\nContent-Type: {{0}}\r\n{name}\r\n\r\nx\r\n"
    names = ["", "..", "CON", "a/b\\c", "\u202etxt.exe", "x" * 3000, '"', "\x07", "=?utf-8?q?=00?="]
    body = "".join(
        part.format(by.choice(["a/b", "text/plain", "", "//"]), by.choice(names))
        for _ in range(by.choice([3, 200, 900]))
    )
    return _head(by, "Content-Type: multipart/mixed; boundary=b\r\n") + f"\r\n{body}--b--".encode()


def line_ends(by: random.Random) -> bytes:
    ends = [b"\r", b"\n", b"\r\n", b"\n\r", b"\r\r\n", b"\x0b", b"\x85"]
    lines = [b"From: a@b.example", b"Subject: ends", b" goes on", b"", b"hello", b"--", b".", b"From here"]
    return b"".join(line + by.choice(ends) for line in lines)


def dates(by: random.Random) -> bytes:
    return _head(by, f"Date: {by.choice(DATES)}\r\nDate: {by.choice(DATES)}\r\n") + b"\r\nhello"


def junk(by: random.Random) -> bytes:
    return by.choice(
        [by.randbytes(by.randint(1, 5000)), b"", b"\x00" * 50, b"\r\n" * 50, b":" * 99, b"From ", b" \n:\n"]
    )


def markup(by: random.Random) -> bytes:
    filling = by.choice(
        [
            "<div>",
            "<!--",
            "<a href='",
            "<",
            "&",
            "&#x",
            "<blockquote>",
            "<style>",
            "<![CDATA[",
            "<table><tr><td>",
        ]
    )
    body = filling * (by.choice([100, LONG]) // len(filling))
    return _head(by, "Content-Type: text/html; charset=utf-8\r\n") + f"\r\n<p>Hello</p>{body}".encode()


def quotes(by: random.Random) -> bytes:
    line = by.choice(
        [
            "> " * 300,
            "On Monday, x wrote:",
            "From: a\nSent: b\nTo: c",
            "_" * 40,
            "\n",
            " \t",
            "Am schrieb ",
            "-- ",
        ]
    )
    return (
        _head(by)
        + b"\r\n"
        + f"Yes.\n{(line + chr(10)) * (by.choice([100, 50_000]) // (len(line) + 1))}".encode()
    )


def same_number(by: random.Random) -> bytes:
    return (
        b"From: a@b.example\r\nMessage-ID: <same@example.org>\r\nSubject: Same\r\n\r\n"
        + str(by.random()).encode()
    )


def long_line(by: random.Random) -> bytes:
    return _head(by) + b"\r\n" + by.choice([b"a", b" ", b"> ", b"=\x00"]) * (HUGE // 2)


def long_header(by: random.Random) -> bytes:
    return (
        b"Subject: "
        + by.choice([b"a", b"=?utf-8?q?a?= ", b"\r\n ", b"("]) * (HUGE // 14)
        + b"\r\n"
        + _head(by)
        + b"\r\nhello"
    )


def many_lines(by: random.Random) -> bytes:
    return _head(by) + b"\r\n" + by.choice([b"\n", b"a\n", b"--\n", b">\n"]) * (HUGE // 4)


def many_parts(by: random.Random) -> bytes:
    return (
        _head(by, "Content-Type: multipart/mixed; boundary=b\r\n")
        + b"\r\n"
        + b"--b\r\n\r\n" * by.choice([3_000, 100_000])
    )


MAKERS: list[Maker] = [
    plain, nested, plain, matryoshka, no_boundary, encodings, words_in_headers, plain, huge_headers, many_headers,
    recipients, loops, automatic, bounce, attachments, line_ends, dates, junk, markup, quotes, same_number, encodings,
    automatic,
]  # fmt: skip
RARE: list[Maker] = [bombs, long_line, long_header, many_lines, many_parts]
