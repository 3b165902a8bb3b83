"""Whether two colours can be told apart by people who see less well: WCAG 2.2 contrast."""

import re

from moothall.plain.errors import HouseError

TEXT = 4.5
SHAPES = 3.0
WHITE = "#ffffff"
BLACK = "#0b0c0c"

_HEX = re.compile(r"#[0-9a-f]{6}\Z")


class NotAColour(HouseError):
    code = "plain.not_a_colour"
    status = 422
    message = "“{text}” is not a colour we can use."
    next_step = "Write a colour as # and six digits, like #1d70b8."


class TooFaint(HouseError):
    code = "plain.too_faint"
    status = 422
    message = (
        "{use} in {front} on {back} is too faint to read: its contrast is {contrast}, "
        "and it has to be {least} or more."
    )
    next_step = "Choose a darker colour, or a lighter one to stand behind it."


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white).

    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    text = colour.lower()
    if not _HEX.match(text):
        raise NotAColour(text=colour[:20])
    red, green, blue = (_linear(int(text[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004


def contrast(one: str, other: str) -> float:
    """Return how strongly two colours differ, from 1 (not at all) to 21 (black on white).

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(back: str) -> str:
    """Return white or black, whichever reads better on a colour.

    >>> text_on("#1d70b8"), text_on("#ffdd00")
    ('#ffffff', '#0b0c0c')
    """
    return WHITE if contrast(WHITE, back) >= TEXT else BLACK


def check(*, front: str, back: str, use: str, least: float = TEXT) -> None:
    """Refuse a pair of colours that people cannot tell apart."""
    found = contrast(front, back)
    if found < least:
        # rounded down, so that 4.49 never reads as the 4.5 it is not
        raise TooFaint(use=use, front=front, back=back, contrast=int(found * 10) / 10, least=f"{least:g}")
