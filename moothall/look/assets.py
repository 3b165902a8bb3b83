"""Whether what the browser needs has been built into static/assets; `python tools/assets.py` builds it."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "assets"
NEEDED = ("govuk-frontend.css", "govuk-frontend.js")
HOW = (
    "The stylesheets of this site have not been built. "
    "Run `python tools/assets.py` in the folder of the source code, then start the site again."
)


@cache
def ready() -> bool:
    """Return whether the built files are there; asked once, because they come with a start."""
    return all((FOLDER / name).is_file() for name in NEEDED)
