"""Plain rules of messages: what may stand in a header, and what a mail server's answer means."""

import base64
import binascii
import hashlib
import hmac
import re
import smtplib
from datetime import datetime, timedelta

SIGNED_FOR = timedelta(minutes=5)
_SPACES = re.compile(r"\s+")
_NUMBERED = re.compile(r"\+m([a-z2-7]{2,20})-([a-z2-7]{16})@")
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def one_line(text: str, limit: int = 200) -> str:
    r"""Return text that can stand in a header: one line, no control characters, no half characters.

    >>> one_line("Your bin\r\nBcc: everyone@example.com")
    'Your bin Bcc: everyone@example.com'
    """
    kept = text.encode("utf-8", "replace").decode()
    kept = "".join(letter if letter.isprintable() or letter.isspace() else " " for letter in kept)
    return _SPACES.sub(" ", kept).strip()[:limit]


def plain_body(text: str) -> str:
    """Return text that both databases and every mail program can take."""
    kept = text.replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    return kept.encode("utf-8", "replace").decode()


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of the message with this key: the same for every attempt to send it.

    >>> message_id("case:1:received", "example.org")
    '<95230b6b2ecf2c3acf3bdbe8e4ede29d@example.org>'
    """
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def refusal(error: Exception) -> str:
    """Return why a mail server will never take this message; empty if it may yet, or it is not about it.

    >>> refusal(smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such mailbox")}))
    '550 no such mailbox'
    >>> refusal(smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"try later")}))
    ''
    >>> refusal(smtplib.SMTPAuthenticationError(535, b"wrong password"))
    ''
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers: list[tuple[int, bytes | str]] = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError):
        answers = [(error.smtp_code, error.smtp_error)]
    else:
        return ""
    if not all(500 <= code < 600 for code, _ in answers):  # noqa: PLR2004  the permanent ones, RFC 5321
        return ""
    return "; ".join(f"{code} {_words(said)}" for code, said in answers)


def _words(said: bytes | str) -> str:
    return one_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said, 300)


def with_number(address: str, number: int, key: str) -> str:
    """Return an address that carries the number of a message, and proof that we wrote it there.

    >>> with_number("help@ash.example", 12, "key")
    'help+mbq-ssglmer5sgc77aho@ash.example'
    """
    name, _, domain = address.partition("@")
    written = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    word = base64.b32encode(written).decode().rstrip("=").lower()
    return f"{name}+m{word}-{_proof(number, key)}@{domain}"


def number_in(address: str, key: str) -> int | None:
    """Return the number that an address carries, if the proof is right.

    >>> number_in("help+mbq-ssglmer5sgc77aho@ash.example", "key"), number_in("help+mbq-aaaaaaaaaaaaaaaa@x.org", "key")
    (12, None)
    """
    found = _NUMBERED.search(address.lower())
    if found is None:
        return None
    try:
        written = base64.b32decode(found[1].upper() + "=" * (-len(found[1]) % 8))
    except (binascii.Error, ValueError):
        return None
    number = int.from_bytes(written, "big")
    return number if number < 2**63 and hmac.compare_digest(_proof(number, key), found[2]) else None


def _proof(number: int, key: str) -> str:
    made = hmac.new(key.encode(), f"moothall.messages.thread:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:10]).decode().lower()


def signature(secret: str, at: int, body: bytes) -> str:
    """Return what proves who hands a letter over: a time (seconds since 1970), and an HMAC of it and the letter.

    >>> signature("secret", 0, b"letter")[:20]
    't=0,v1=ad3cf322e8a41'
    """
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def signed_at(header: str) -> int | None:
    """Return the time that a signature says, before anything is proven; None if it is no signature."""
    found = _SIGNATURE.fullmatch(header)
    return int(found[1]) if found else None


def is_signed(header: str, secret: str, body: bytes, now: datetime) -> bool:
    """Say whether a letter is signed with the secret, not longer ago than `SIGNED_FOR`, nor in the future."""
    at = signed_at(header)
    if at is None or abs(now.timestamp() - at) > SIGNED_FOR.total_seconds():
        return False
    return hmac.compare_digest(signature(secret, at, body), header)


def patience(failures: int) -> timedelta:
    """Return how long a mailbox is left alone after so many failures in a row: a minute at first, half an hour at most.

    >>> patience(1), patience(3), patience(99)
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=240), datetime.timedelta(seconds=1800))
    """
    return timedelta(minutes=min(2 ** min(failures - 1, 10), 30))
