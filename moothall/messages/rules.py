"""Plain rules of messages: what may stand in a header, and what a mail server's answer means."""

import hashlib
import re
import smtplib

_SPACES = re.compile(r"\s+")


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
