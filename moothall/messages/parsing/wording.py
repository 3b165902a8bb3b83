"""Bytes that claim to be text in some character set, as text: what they say is believed only where it works."""

import base64
import binascii
import codecs
import quopri
import re

# Encodings of text, and no others: Python's `punycode` takes minutes, its `unicode_escape` makes what was not there.
_SAFE = re.compile(
    r"ascii|utf-8(-sig)?|utf-16(-[bl]e)?|utf-32(-[bl]e)?|utf-7|iso8859-\d+|cp\d{3,4}|koi8-\w|mac-\w+"
    r"|gb2312|gbk|gb18030|hz|big5(hkscs)?|shift_jis\w*|euc_\w+|euc-\w+|iso2022_\w+|johab|tis-620"
)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(=\?)")
_SPACES = re.compile(r"\s+")


def text_of(raw: bytes, charset: str) -> str:
    r"""Return the text of some bytes: in the character set they name, or UTF-8, or as Windows writes it.

    >>> text_of("Gwên".encode(), "us-ascii"), text_of(b"\x93Bin\x94", "utf-8"), text_of(b"x", "punycode")
    ('Gwên', '“Bin”', 'x')
    """
    for name in (charset, "utf-8", "cp1252"):
        try:
            found = codecs.lookup(name.strip("'\" ").lower()).name
            if _SAFE.fullmatch(found):
                return _whole(raw.decode(found))
        except (LookupError, ValueError, TypeError, RuntimeError):
            continue
    return raw.decode("latin-1").replace("\x00", "\ufffd")


def _whole(text: str) -> str:
    """Return text without what no database takes: the character that ends strings, and halves of characters."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def unescaped(text: str) -> str:
    """Return a header whose bytes beyond ASCII were kept as escapes, as the text they are."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return text_of(text.encode("utf-8", "surrogateescape"), "utf-8")


def header_text(value: str) -> str:
    r"""Return a header with its encoded words read, on one line.

    >>> header_text("=?utf-8?q?G=C3=B6?=\n =?utf-8?b?w7w=?= there =?x-nothing?q?f=FCr?=")
    'Göü there für'
    >>> header_text("=?utf-8?b?!!!?= =?utf-8?z?x?=")
    '=?utf-8?b?!!!?==?utf-8?z?x?='
    """
    joined = _BETWEEN.sub(r"\1\2", unescaped(value))
    read = _WORD.sub(lambda found: _word(found[1], found[2].lower(), found[3], found[0]), joined)
    return _SPACES.sub(" ", "".join(each if each.isprintable() else " " for each in read)).strip()


def _word(charset: str, how: str, text: str, whole: str) -> str:
    try:
        if how == "b":
            raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        else:
            raw = quopri.decodestring(text.encode("ascii"), header=True)
    except (binascii.Error, ValueError):
        return whole
    return text_of(raw, charset.partition("*")[0])
