"""Reading one section of a file key by key: what is allowed, what is missing, what was meant."""

import re
from collections.abc import Iterable, Mapping

from moothall.process.language.mistakes import Report, did_you_mean
from moothall.process.language.nodes import Listing, Node, Scalar, Section

SENTENCE = 300
PROSE = 2_000
MOST = 200

_LATER = {"offline": "work without a connection"}


class Part:
    """One mapping of the file, with its path."""

    def __init__(self, node: Node, path: str, report: Report, keys: Iterable[str]) -> None:
        self.path = path
        self.report = report
        self.keys = tuple(keys)
        self.found: dict[str, Node] = {}
        self.is_section = True
        if isinstance(node, Scalar) and node.value is None:
            node = Section(node.line)
        if not isinstance(node, Section):
            self.is_section = False
            report.wrong(
                path, "Here should be keys with values.", "Write “key: value” lines.", line=node.line
            )
            return
        for key, value in node.pairs:
            report.lines[self.at(key.text)] = key.line
            if key.text in self.keys:
                self.found[key.text] = value
            else:
                self._unknown(key)

    def at(self, key: str) -> str:
        """Return the path of a key in here."""
        return f"{self.path}.{key}" if self.path else key

    def _unknown(self, key: Scalar) -> None:
        if key.text in _LATER:
            wrong = f"This version of Moothall does not know “{key.text}” ({_LATER[key.text]}) yet."
            self.report.wrong(self.at(key.text), wrong, "Take it out for now.", line=key.line)
        else:
            wrong = f"“{key.text}” is not a key here."
            self.report.wrong(self.at(key.text), wrong, did_you_mean(key.text, self.keys), line=key.line)

    def has(self, key: str) -> bool:
        return key in self.found

    def missing(self, key: str, example: str) -> None:
        if self.is_section:
            self.report.wrong(self.path or key, f"“{key}” is missing.", f"Write {example}.")

    def text(self, key: str, default: str = "", *, longest: int = SENTENCE) -> str:
        """Return a text, with its lines joined by the rules of YAML."""
        node = self.found.get(key)
        if node is None:
            return default
        text = self._scalar(key, node)
        if text is None:
            return default
        if not text.strip():
            self.report.wrong(self.at(key), "It is empty.", "Write a text, or take the key out.")
        if len(text) > longest:
            self.report.wrong(
                self.at(key), f"It may have {longest} characters; it has {len(text)}.", "Cut it."
            )
        return text.strip()

    def needed(self, key: str, example: str) -> str:
        """Return a text that must be there."""
        if key not in self.found:
            self.missing(key, example)
        return self.text(key)

    def _scalar(self, key: str, node: Node) -> str | None:
        if isinstance(node, Scalar):
            return node.text
        self.report.wrong(self.at(key), "Here should be a single text.", f"Write “{key}: some text”.")
        return None

    def name(self, key: str, pattern: re.Pattern[str], example: str) -> str:
        """Return a text that is a name of something: one lower-case word."""
        text = self.text(key)
        if text and not pattern.fullmatch(text):
            self.report.wrong(self.at(key), f"“{text}” is not a name.", f"Write it like “{example}”.")
        return text

    def flag(self, key: str) -> bool:
        node = self.found.get(key)
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.report.wrong(self.at(key), "It must be true or false.", f"Write “{key}: true”.")
        return False

    def whole(self, key: str) -> int | None:
        node = self.found.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and type(node.value) is int:
            return node.value
        self.report.wrong(self.at(key), "It must be a whole number.", f"Write “{key}: 12”.")
        return None

    def texts(self, key: str, *, longest: int = SENTENCE) -> tuple[str, ...]:
        """Return a list of texts; a single one may stand without brackets."""
        node = self.found.get(key)
        if node is None:
            return ()
        if isinstance(node, Section):
            self.report.wrong(self.at(key), "Here should be a list.", f"Write “{key}: [one, another]”.")
            return ()
        items = node.items if isinstance(node, Listing) else [node]
        if len(items) > MOST:
            self.report.wrong(self.at(key), f"It may have {MOST} entries.", "Shorten the list.")
        found: list[str] = []
        for number, item in enumerate(items[:MOST]):
            self.report.lines[f"{self.at(key)}.{number}"] = item.line
            text = self._scalar(key, item)
            if text is not None and len(text) > longest:
                self.report.wrong(self.at(key), f"An entry may have {longest} characters.", "Cut it.")
            if text in found:
                self.report.wrong(self.at(key), f"“{text}” is in the list twice.", "Take one out.")
            elif text:
                found.append(text)
        return tuple(found)

    def choice(self, key: str, known: Iterable[str], default: str = "") -> str:
        """Return one word out of several."""
        text = self.text(key, default)
        words = tuple(known)
        if text and text not in words:
            self.report.wrong(self.at(key), f"“{text}” is not known here.", did_you_mean(text, words))
            return default
        return text

    def part(self, key: str, keys: Iterable[str]) -> "Part | None":
        node = self.found.get(key)
        return None if node is None else Part(node, self.at(key), self.report, keys)

    def named(self, key: str, pattern: re.Pattern[str], example: str) -> Mapping[str, Node]:
        """Return a mapping of names to whatever each has."""
        node = self.found.get(key)
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return {}
        if not isinstance(node, Section):
            self.report.wrong(
                self.at(key), "Here should be names with keys under them.", f"Write “{example}:”."
            )
            return {}
        if len(node.pairs) > MOST:
            self.report.wrong(self.at(key), f"It may have {MOST} entries.", "Split the process.")
        for name, _ in node.pairs:
            path = f"{self.at(key)}.{name.text}"
            self.report.lines[path] = name.line
            if not pattern.fullmatch(name.text):
                self.report.wrong(path, f"“{name.text}” is not a name.", f"Write it like “{example}”.")
        return {name.text: value for name, value in node.pairs[:MOST]}
