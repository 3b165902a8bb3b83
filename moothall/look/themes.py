"""The colours of a council: two are chosen, the rest follows, and none may be too faint."""

import hashlib
from dataclasses import dataclass
from functools import cache

from moothall.plain import colour

PAGE = "#ffffff"
SURFACE = "#f3f4f6"


@dataclass(frozen=True, slots=True)
class Theme:
    """The header's colour and the colour of links, as `#rrggbb`."""

    brand: str
    link: str

    def __post_init__(self) -> None:
        colour.check(front=self.link, back=PAGE, use="A link")
        colour.check(front=self.link, back=SURFACE, use="A link in the navigation")
        colour.check(front=self.brand, back=PAGE, use="The header", least=colour.SHAPES)
        colour.check(front=colour.text_on(self.brand), back=self.brand, use="The name in the header")

    @property
    def version(self) -> str:
        """Eight digits that change with the colours, so that the stylesheet may be kept for ever."""
        return hashlib.sha256(f"{self.brand}{self.link}".encode()).hexdigest()[:8]


HOUSE = Theme(brand="#1f3d4d", link="#1a5f8a")


@cache
def stylesheet(theme: Theme) -> str:
    """Return the theme as custom properties; everything else reads these."""
    return (
        ":root{"
        f"--moothall-brand:{theme.brand};"
        f"--moothall-on-brand:{colour.text_on(theme.brand)};"
        f"--govuk-brand-colour:{theme.brand};"
        f"--govuk-link-colour:{theme.link};"
        "}\n"
    )
