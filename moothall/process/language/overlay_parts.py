"""Reading the sections of an overlay against the process that it lies over."""

from collections.abc import Iterable, Mapping
from typing import Any

from moothall.process.definition import Clock, Definition
from moothall.process.definition.teams import NO_TEAMS, teams_of
from moothall.process.language.mistakes import Report, did_you_mean
from moothall.process.language.names import OUTCOME_KEY, PROCESS_KEY, TEAM
from moothall.process.language.nodes import Node, Scalar, Section
from moothall.process.language.promises import clock_of
from moothall.process.language.sections import PROSE, Part

_KEYS = ("overlay", "council", "clocks", "teams", "words")
CLOCK = ("title", "within", "when", "pause", "kept", "calendar", "warn", "on_written", "late")
_WORDS = ("title", "summary", "service", "fields", "steps")
_SERVICE = ("title", "description", "category", "keywords", "before_you_start", "how_long")
_LISTS = frozenset({"keywords", "before_you_start"})
_FIELD = ("ask", "label", "hint", "missing", "of")
_STEP = ("title", "next", "outcomes")
_OUTCOME = ("title", "say")
_LONG = frozenset({"summary", "hint", "next", "say", "before_you_start"})
_ELSEWHERE = {
    "words": "Words go under “words:”, as “words: {title: …}”.",
    "teams": "Teams are exchanged under “teams:”, as “teams: {waste: street-scene}”.",
    "shared": "Take it out; ask the owner of the shared process for the change.",
}
_OF_PROCESS = {"title": "words", "summary": "words", "service": "words", "fields": "words", "steps": "words",
               "owner": "teams", "process": "shared", "start": "shared", "private": "shared",
               "seen_with": "shared"}  # fmt: skip
_OF_CLOCK = {"from": "shared", "until": "shared"}
_OF_SERVICE = {"lgsl": "shared", "contact": "shared", "councils": "shared"}
_OF_FIELD = dict.fromkeys(
    ("type", "when", "optional", "private", "from", "table", "calc", "min", "max", "most", "unit", "amend"),
    "shared",
)
_OF_STEP = {"by": "teams", "private": "teams", "tell": "teams", "vote": "shared"} | dict.fromkeys(
    ("show", "ask", "after", "on_demand", "when", "need", "wait", "every", "case", "pass", "until"), "shared"
)
_OF_OUTCOME = {"by": "teams", "tell": "teams"} | dict.fromkeys(
    ("answers", "when", "back", "go", "open", "pass", "end", "need_text"), "shared"
)


class Reader:
    """Reads one overlay; what is wrong goes into the report, with its line."""

    def __init__(self, root: Section, base: Definition, report: Report) -> None:
        self.base = base
        self.report = report
        self.part = self._part(root, "", _KEYS, _OF_PROCESS)

    def _part(self, node: Node, path: str, keys: Iterable[str], others: Mapping[str, str]) -> Part:
        """Return a section; what belongs to the shared process is refused in words of its own."""
        if not isinstance(node, Section):
            return Part(node, path, self.report, keys)
        mine = Section(node.line)
        for key, value in node.pairs:
            if key.text in others and key.text not in keys:
                where = f"{path}.{key.text}" if path else key.text
                wrong = f"An overlay does not change “{key.text}”: it is the same for every council."
                self.report.wrong(where, wrong, _ELSEWHERE[others[key.text]], line=key.line)
            else:
                mine.pairs.append((key, value))
        return Part(mine, path, self.report, keys)

    def process(self) -> str:
        """Return the process it lies over, which must be the one that it is read against."""
        key = self.part.name("overlay", PROCESS_KEY, "missed-bin")
        if not self.part.has("overlay"):
            self.part.missing("overlay", f"“overlay: {self.base.key}”")
        elif key != self.base.key:
            wrong = f"It is an overlay of “{key}”, not of “{self.base.key}”."
            self.report.wrong("overlay", wrong, f"Write “overlay: {self.base.key}”.")
        return key

    def council(self) -> str:
        """Return the code of the council."""
        if not self.part.has("council"):
            self.part.missing("council", "the code of the council, as in its address: “council: ashby”")
        return self.part.name("council", OUTCOME_KEY, "ashby")

    def clocks(self) -> dict[str, dict[str, Any]]:
        """Return what becomes of each clock: the attributes that are written, as they then are."""
        found: dict[str, dict[str, Any]] = {}
        for key, node in self._named("clocks", self.part, self.base.clocks, "clock").items():
            self._part(node, f"clocks.{key}", CLOCK, _OF_CLOCK)
            if isinstance(node, Section):
                written = {name.text for name, _ in node.pairs}.intersection(CLOCK)
                aside = Report(self.report.file)  # without the advice on what was filled in
                made = clock_of(key, _completed(node, self.base.clocks[key], written), aside)
                self.report.lines |= aside.lines
                self.report.mistakes += [each for each in aside.mistakes if each.serious]
                found[key] = {name: getattr(made, name) for name in written}
                if "within" in written:  # one replaces the other: a span, or a table
                    found[key]["targets"] = made.targets
        return found

    def teams(self) -> dict[str, str]:
        """Return which team stands in for which."""
        known = teams_of(self.base)
        part = self.part.part("teams", known)
        found: dict[str, str] = {}
        for name in part.found if part else ():
            assert part is not None
            other = part.name(name, TEAM, "street-scene")
            if other in NO_TEAMS:
                self.report.wrong(part.at(name), f"“{other}” is not a team.", "Name a team by what it does.")
            elif other:
                found[name] = other
        return found

    def words(self) -> dict[str, Any]:
        """Return the words, by what they belong to."""
        found: dict[str, Any] = {}
        node = self.part.found.get("words")
        if node is None:
            return found
        part = self._part(node, "words", _WORDS, _OF_PROCESS)
        found["process"] = self._texts(part, ("title", "summary"))
        found["service"] = self._service(part)
        found["fields"], found["choices"] = self._fields(part)
        found["steps"], found["outcomes"] = self._steps(part)
        return found

    def _service(self, words: Part) -> dict[str, Any]:
        node = words.found.get("service")
        if node is None:
            return {}
        if self.base.service is None:
            wrong = "The shared process is not in the catalogue for residents."
            self.report.wrong("words.service", wrong, "Take “service” out.")
            return {}
        part = self._part(node, "words.service", _SERVICE, _OF_SERVICE)
        return self._texts(part, _SERVICE)

    def _fields(self, words: Part) -> tuple[dict[str, Any], dict[str, Any]]:
        found: dict[str, Any] = {}
        choices: dict[str, Any] = {}
        for key, node in self._named("fields", words, self.base.fields, "field").items():
            part = self._part(node, f"words.fields.{key}", _FIELD, _OF_FIELD)
            found[key] = self._texts(part, _FIELD[:-1])
            if part.has("of"):
                choices[key] = self._choices(key, part)
        return found, choices

    def _choices(self, key: str, field: Part) -> dict[str, dict[str, str]]:
        """Return the words of choices: text, or `words` and `hint`."""
        part = field.part("of", [choice.key for choice in self.base.fields[key].of])
        found: dict[str, dict[str, str]] = {}
        for name, node in part.found.items() if part else ():
            assert part is not None
            if isinstance(node, Scalar):
                found[name] = {"words": part.text(name)}
            else:
                found[name] = self._texts(
                    Part(node, part.at(name), self.report, ("words", "hint")), ("words", "hint")
                )
        return found

    def _steps(self, words: Part) -> tuple[dict[str, Any], dict[str, Any]]:
        found: dict[str, Any] = {}
        outcomes: dict[str, Any] = {}
        for key, node in self._named("steps", words, self.base.steps, "step").items():
            part = self._part(node, f"words.steps.{key}", _STEP, _OF_STEP)
            found[key] = self._texts(part, _STEP[:-1])
            known = self.base.steps[key].outcomes
            outcomes[key] = {
                name: self._texts(
                    self._part(each, f"words.steps.{key}.outcomes.{name}", _OUTCOME, _OF_OUTCOME), _OUTCOME
                )
                for name, each in self._named("outcomes", part, known, "outcome").items()
            }
        return found, outcomes

    def _named(self, key: str, part: Part, known: Iterable[str], thing: str) -> dict[str, Node]:
        """Return what is under the names of something; a name that the process does not have is a mistake."""
        inner = part.found.get(key)
        if inner is None or (isinstance(inner, Scalar) and inner.value is None):
            return {}
        if not isinstance(inner, Section):
            self.report.wrong(
                part.at(key), "Here should be names with keys under them.", "Indent them below it."
            )
            return {}
        found: dict[str, Node] = {}
        names = list(known)
        for name, node in inner.pairs:
            path = f"{part.at(key)}.{name.text}"
            self.report.lines[path] = name.line
            if name.text in names:
                found[name.text] = node
            else:
                wrong = f"The shared process has no {thing} “{name.text}”."
                self.report.wrong(path, wrong, did_you_mean(name.text, names))
        return found

    def _texts(self, part: Part, keys: Iterable[str]) -> dict[str, Any]:
        """Return those texts that are written."""
        found: dict[str, Any] = {}
        for key in keys:
            if not part.has(key):
                continue
            if key in _LISTS:
                found[key] = part.texts(key, longest=PROSE)
            else:
                found[key] = part.text(key, longest=PROSE if key in _LONG else 300)
        return found


def _completed(node: Section, base: Clock, written: set[str]) -> Section:
    """Return the section of a clock with what it needs from the base where the overlay says nothing."""
    own = [(key, value) for key, value in node.pairs if key.text in written]
    plain = {
        "title": base.title,
        "within": str(base.longest or "1 day"),
        "from": base.since,
        "until": base.until,
    }
    rest = [
        (Scalar(node.line, key), Scalar(node.line, text)) for key, text in plain.items() if key not in written
    ]
    return Section(node.line, [*own, *rest])
