"""The words for the pages on which somebody looked at a person's record."""

import re
from pathlib import Path

from moothall.workplace.queries.people.history import PAGES

WORKPLACE = Path(__file__).parents[2] / "moothall" / "workplace"


class TestALook:
    def test_says_in_words_on_which_page_it_was(self) -> None:
        written = " ".join(file.read_text(encoding="utf-8") for file in WORKPLACE.rglob("*.py"))
        said = set(re.findall(r"looked_at\([^)]*why=\"([a-z]+)\"", written))
        assert {"change", "contact", "intake", "rights"} <= said
        assert said <= PAGES.keys()
