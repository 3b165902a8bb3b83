"""HTML as plain text: paragraphs, lists and quotations; scripts, styles and pictures are left out."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

LONGEST = 1_000_000
_LONGEST_TAG = 4_000
_TAG = re.compile(rf"<([^<>]{{0,{_LONGEST_TAG}}})>|<")
_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]{0,20}")
_BLANK = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "math"})
_BLOCKS = frozenset({
    "address", "article", "aside", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_DEEPER, _HIGHER = "\x0e", "\x0f"  # where a quotation begins and ends, until lines are made
_DEEPEST = 5
_MOST_HIDDEN = 50
_APART = frozenset({"p", "ul", "ol", "table"})
_BEFORE = {"br": "\n", "li": "\n- ", "td": " ", "th": " ", "blockquote": f"\n{_DEEPER}\n"}


def text_of_markup(markup: str) -> str:
    r"""Return what a page of HTML says, as plain text.

    >>> text_of_markup("<style>p {}</style><p>Dear&nbsp;all<br>the <b>bin</b><script>x()</script></p><ul><li>1<li>2")
    'Dear all\nthe bin\n\n- 1\n- 2'
    """
    reader = _Reader()
    reader.feed(_TAG.sub(_bare, _without_comments(markup[:LONGEST])))
    reader.close()
    return reader.text()


def _bare(tag: re.Match[str]) -> str:
    """Return a tag without its attributes, which nobody here asks for, and over whose quotes the library stumbles."""
    if tag[1] is None:
        return "&lt;"
    name = _NAME.match(tag[1])
    return f"<{name[0]}>" if name else ""


def _without_comments(markup: str) -> str:
    """Take comments out, in one pass: the library takes a square of their number."""
    kept, at = [], 0
    while (start := markup.find("<!--", at)) >= 0:
        kept.append(markup[at:start])
        end = markup.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, markup[at:]])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._said: list[str] = []
        self._hidden: list[str] = []
        self._as_typed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self._hidden += [tag] * (len(self._hidden) < _MOST_HIDDEN)
        elif tag in _BEFORE:
            self._said.append(_BEFORE[tag])
        elif tag in _BLOCKS:
            self._said.append(_gap(tag))
            self._as_typed += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag == "blockquote":
            self._said.append(f"\n{_HIGHER}\n")
        elif tag in _BLOCKS:
            self._said.append(_gap(tag))
            self._as_typed = max(0, self._as_typed - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            said = data.replace(_DEEPER, "").replace(_HIGHER, "")
            self._said.append(said if self._as_typed else _SPACE.sub(" ", said))

    def text(self) -> str:
        return _BLANK.sub("\n\n", "\n".join(_lines("".join(self._said)))).strip()


def _gap(tag: str) -> str:
    return "\n\n" if tag in _APART else "\n"


def _lines(said: str) -> Iterator[str]:
    depth = 0
    for line in said.split("\n"):
        if line in {_DEEPER, _HIGHER}:
            depth = max(0, depth + (1 if line == _DEEPER else -1))
            yield ""
        else:
            words = line.strip()
            yield f"{'>' * min(depth, _DEEPEST)} {words}" if depth and words else words
