"""How wide words are, and where a line breaks, without asking a browser.

The widths are those of Helvetica (Adobe's AFM file for it), in thousandths of the size; Arial and Liberation Sans
have the same. Other letters count as wide ones, so that a line is rather too short than too long.
"""

from functools import lru_cache

_GROUPS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[]\\tf",
    333: "()-`r",
    334: "{}",
    355: '"“”',
    389: "*",
    469: "^",
    500: "ckvxyzsJ",
    556: "#$?_abdeghnopqu0123456789L",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_OTHER = 700
_BOLD = 1.08
_ROOM = 1.03
"""What is added, because browsers round and take other fonts."""


@lru_cache(maxsize=8_192)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is in pixels."""
    thousandths = sum(_WIDTHS.get(letter, _OTHER) for letter in text)
    return thousandths * size * _ROOM * (_BOLD if bold else 1) / 1000


@lru_cache(maxsize=4_096)
def lines(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return a text in lines that fit; a word that is wider than the room is cut.

    >>> lines("Send a crew back", 10, 60)
    ('Send a crew', 'back')
    """
    found: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            found.append(line)
        line = word
        while width(line, size, bold=bold) > room:
            fits = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or width(line[:n], size, bold=bold) <= room
            )
            found.append(line[:fits])
            line = line[fits:]
    return (*found, line) if line or not found else tuple(found)
