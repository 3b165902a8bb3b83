"""Articles as HTML: paragraphs, headings, lists and links, made here and from escaped words only."""

import re
from collections.abc import Iterator
from html import escape

_HEADING = "## "
_BULLET = re.compile(r"[-*] +(?=\S)")
_NUMBER = re.compile(r"\d{1,2}[.)] +(?=\S)")
_LINK = re.compile(
    r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,500})\)"  # [words](address)
    r"|(https?://[^\s<>\"'()\[\]]{1,500})"  # an address by itself
)
_ADDRESS = re.compile(r"(?:https?://[^\s/\\]|mailto:[^\s/\\]|/(?![/\\]))", re.IGNORECASE)
_AFTER = ".,;:!?"


def html_of(body: str) -> str:
    r"""Return a text as safe HTML: every word is escaped, and only these elements are ever made.

    >>> print(html_of("## Before\n\n- one\n- <b>[two](https://example.org)</b>"))
    <h2 class="govuk-heading-m">Before</h2>
    <ul class="govuk-list govuk-list--bullet"><li>one</li><li>&lt;b&gt;<a class="govuk-link" rel="noreferrer" href="https://example.org">two</a>&lt;/b&gt;</li></ul>
    >>> html_of("[no](javascript:alert(1)) [nor](//example.org)")
    '<p class="govuk-body">[no](javascript:alert(1)) [nor](//example.org)</p>'
    """
    return "\n".join(_block(kind, lines) for kind, lines in _blocks(body))


def text_of(body: str) -> str:
    r"""Return a text without its marks, for search and for emails.

    >>> text_of("## Before\n- Go to [the form](https://example.org)")
    'Before\nGo to the form (https://example.org)'
    """
    lines = (_bare(line.strip()) for line in body.splitlines())
    return "\n".join(
        _LINK.sub(lambda link: f"{link[1]} ({link[2]})" if link[1] else link[0], line) for line in lines
    )


def _bare(line: str) -> str:
    if line.startswith(_HEADING):
        return line.removeprefix(_HEADING)
    return _BULLET.sub("", line, count=1) if _BULLET.match(line) else line


def _kind(line: str) -> str:
    if line.startswith(_HEADING):
        return "h2"
    if _BULLET.match(line):
        return "ul"
    return "ol" if _NUMBER.match(line) else "p"


def _blocks(body: str) -> Iterator[tuple[str, list[str]]]:
    """Return each block with its lines. A line that is not marked goes on with the item or the paragraph before."""
    kind, lines = "", list[str]()
    for line in (each.strip() for each in body.splitlines()):
        found = _kind(line) if line else ""
        goes_on = bool(kind) and (found == kind != "h2" or (found == "p" and kind in {"ul", "ol"}))
        if not goes_on and lines:
            yield kind, lines
            lines = []
        if not line:
            kind = ""
        elif goes_on and found == "p" and kind != "p":
            lines[-1] = f"{lines[-1]} {line}"
        else:
            kind = found
            lines.append(line)
    if lines:
        yield kind, lines


def _block(kind: str, lines: list[str]) -> str:
    if kind == "h2":
        return f'<h2 class="govuk-heading-m">{_inline(lines[0].removeprefix(_HEADING))}</h2>'
    if kind == "p":
        return f'<p class="govuk-body">{"<br>".join(map(_inline, lines))}</p>'
    mark, style = (_BULLET, "bullet") if kind == "ul" else (_NUMBER, "number")
    items = "".join(f"<li>{_inline(mark.sub('', line, count=1))}</li>" for line in lines)
    return f'<{kind} class="govuk-list govuk-list--{style}">{items}</{kind}>'


def _inline(line: str) -> str:
    """Return a line with its links; everything else of it escaped."""
    made, at = [], 0
    for link in _LINK.finditer(line):
        made.append(escape(line[at : link.start()]))
        words, address = (link[1], link[2]) if link[1] else (link[3], link[3])
        rest = ""
        if not link[1]:
            address = address.rstrip(_AFTER)
            words, rest = address, link[3][len(address) :]
        if _ADDRESS.match(address):
            opened = f'<a class="govuk-link" rel="noreferrer" href="{escape(address)}">'
            made.append(f"{opened}{escape(words)}</a>{escape(rest)}")
        else:
            made.append(escape(link[0]))
        at = link.end()
    made.append(escape(line[at:]))
    return "".join(made)
