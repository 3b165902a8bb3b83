"""What is wrong with a process file, where, and what to write instead."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

WORST = 50
"""A file with more mistakes than this is told about these first."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """`serious` mistakes stop the file; the others are advice."""

    file: str
    line: int
    path: str
    wrong: str
    instead: str
    serious: bool = True

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.path}: " if self.path else "")
        return f"{where}{'' if self.serious else 'advice: '}{self.wrong} {self.instead}".strip()


class Report:
    """Gathers the mistakes of one file, and remembers where everything stood."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self.lines: dict[str, int] = {}

    def wrong(self, path: str, wrong: str, instead: str = "", *, line: int | None = None) -> None:
        """Note a mistake that stops the file."""
        self._note(Mistake(self.file, line or self.line(path), path, wrong, instead))

    def advise(self, path: str, wrong: str, instead: str = "") -> None:
        """Note what could be better."""
        self._note(Mistake(self.file, self.line(path), path, wrong, instead, serious=False))

    def _note(self, mistake: Mistake) -> None:
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def line(self, path: str) -> int:
        """Return the line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    @property
    def sound(self) -> bool:
        return not any(mistake.serious for mistake in self.mistakes)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return what to write instead of a word that is not known.

    >>> did_you_mean("adress", ["address", "bin"])
    'Did you mean “address”?'
    """
    words = list(known)
    near = difflib.get_close_matches(word, words, 1, 0.6)
    if near:
        return f"Did you mean “{near[0]}”?"
    if not words:
        return ""
    return f"It can be: {', '.join(words[:20])}{'…' if len(words) > 20 else ''}."  # noqa: PLR2004
