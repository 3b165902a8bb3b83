"""From a BPMN file to the first draft of a process file: its tasks, choices, parallel parts and ends.

What BPMN says and our language does not, or the other way round, stands in comments for the designer to settle.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from moothall.process.bpmn.reading import Element, definitions
from moothall.process.bpmn.sketch import Sketch, sketch
from moothall.process.bpmn.walking import OWN, Out, Walked, walked
from moothall.process.bpmn.writing import Drafted, Ending, written
from moothall.process.language import read

_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_UNITS = ("year", "month", "week", "day", "hour", "minute")
_OWN_CHOICE = re.compile(OWN + r"[a-z][a-z0-9_]*\.([a-z][a-z0-9-]*)")
_NOBODY = ("", "resident", "agent", "staff")
_BOTH = 2


def draft(xml: bytes | str) -> str:
    """Return the source of a process file drafted from BPMN, or raise NotBpmn."""
    found = sketch(definitions(xml))
    made = _Drafter(found, walked(found)).made()
    source = written(made)
    wrong = [str(each) for each in read(source, file="line").mistakes if each.serious]
    return written(made, wrong) if wrong else source


@dataclass(slots=True)
class _Drafter:
    found: Sketch
    walk: Walked
    keys: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def made(self) -> Drafted:
        """Put the draft together."""
        order, back = self.ordered()
        for node in order:
            self.keys[node] = self.key(node)
        owner = next((team for node in order if (team := self.team(node)) not in _NOBODY), "owner")
        steps: dict[str, Ending] = {}
        for number, node in enumerate(order):
            steps[self.keys[node]] = self.step(node, owner, back, first=not number)
        self.after(order, steps)
        unmet = [
            f"“{self.found.name(node) or node}” cannot be reached from the start." for node in self.walk.unmet
        ]
        return Drafted(
            key=self.name(),
            title=self.found.title or "Drafted process",
            summary=self.found.about,
            owner=owner,
            steps=steps,
            dates=self.asked,
            aside=[*dict.fromkeys(self.found.aside), *unmet],
        )

    def name(self) -> str:
        """Return the key of the process: its id, unless a tool made that up."""
        made_up = re.fullmatch(r"(?:Process|Id|sid)?_?[-0-9a-z]*\d[-0-9a-z]*", self.found.key, re.IGNORECASE)
        wanted = slug(self.found.title if made_up else self.found.key, "", dash="-")
        return wanted or "drafted-process"

    def ordered(self) -> tuple[list[str], set[tuple[str, str]]]:
        """Return the activities so that each stands behind what leads to it, and the ways that go back."""
        back: set[tuple[str, str]] = set()
        done: list[str] = []
        state: dict[str, bool] = {}
        root = next(iter(self.walk.outs))
        path = [(root, iter(self.next_of(root)))]
        state[root] = True
        while path:
            node, following = path[-1]
            target = next(following, None)
            if target is None:
                state[node] = False
                done.append(node)
                path.pop()
            elif target not in state:
                state[target] = True
                path.append((target, iter(self.next_of(target))))
            elif state[target]:
                back.add((node, target))
        return done[::-1], back

    def next_of(self, node: str) -> list[str]:
        """Return what may follow an activity; the last first, so that the first stands nearest."""
        outs = [*self.walk.outs[node], *([self.walk.timed[node][1]] if node in self.walk.timed else [])]
        return [target for out in outs for target in out.targets][::-1]

    def key(self, node: str) -> str:
        """Return a key for a step that no other has: that of our own export, or one made of its words."""
        own = node.removeprefix("step_")
        wanted = own if own != node and own.isascii() else slug(self.found.name(node) or node, "step")
        return unique(wanted[:36], set(self.keys.values()))

    def team(self, node: str) -> str:
        """Return who does an activity: by its lane, or by the group that another tool names."""
        lane, name = self.found.lanes.get(node, ("", ""))
        if lane.startswith("lane_") and slug(lane[5:], "", dash="-") == lane[5:]:
            return lane[5:]
        groups = self.found.nodes[node].get("candidateGroups").split(",")[0]
        return slug(name or groups, "", dash="-") if name or (groups.strip() and "{" not in groups) else ""

    def step(self, node: str, owner: str, back: set[tuple[str, str]], *, first: bool) -> Ending:
        element = self.found.nodes[node]
        team = self.team(node)
        by = owner if not team or (team == "staff" and not first) else team
        made = Ending(title=self.found.name(node) or node, by=by, about=_about(element))
        self.outcomes(node, made, back)
        if (element.tag == "intermediateCatchEvent") and not first:
            self.waits(node, element, made)
        if element.tag == "callActivity" and not first:
            made.lines["case"] = slug(
                element.get("calledElement").rpartition(":")[2], "another-process", dash="-"
            )
            made.lines["until"] = "accepted" if len(made.outcomes) == _BOTH else "closed"
            made.by = "" if made.lines["until"] == "closed" else made.by
        votes = element.one("multiInstanceLoopCharacteristics")
        if votes and len(made.outcomes) == _BOTH and not first:
            count = votes.words("loopCardinality")
            made.vote = count if count.isdigit() and 0 < int(count) < 100 else "majority"  # noqa: PLR2004 - nobody counts more
        elif votes or element.one("standardLoopCharacteristics"):
            made.aside.append("It is done several times in the BPMN: “vote” or “every” may say it.")
        if rule := self.walk.rules.get(node):
            made.aside.append(f"Only if, as the BPMN has it: {rule}")
        return made

    def outcomes(self, node: str, made: Ending, back: set[tuple[str, str]]) -> None:
        """Write the ways on as outcomes; what is simply done has none."""
        outs = self.walk.outs[node]
        for out in outs:
            self.outcome(node, out, made, back)
        if len(made.outcomes) == 1 and not outs[0].words:
            sole = next(iter(made.outcomes.values()))
            if set(sole) <= {"title"}:
                made.outcomes.clear()
        if node in self.walk.timed:
            element, out = self.walk.timed[node]
            alike = [key for key, lines in made.outcomes.items() if out.words and lines["title"] == out.words]
            if alike:  # what people may choose as well is one outcome, and not two that read the same
                made.lines["wait"] = f"{{at most: {_span(element) or '5 working days'}, then: {alike[0]}}}"
                return
            key = self.outcome(
                node,
                Out(out.words or element.get("name") or "Nothing came in time", "", out.targets, out.end),
                made,
                back,
            )
            made.outcomes[key]["by"] = "time"
            made.lines["wait"] = f"{{at most: {_span(element) or '5 working days'}, then: {key}}}"
            if len(made.outcomes) == 1:
                made.outcomes = {"done": {"title": "Done"}, **made.outcomes}

    def outcome(self, node: str, out: Out, made: Ending, back: set[tuple[str, str]]) -> str:
        """Write one way on, and return its key."""
        ending = self.found.name(out.end) if out.end in self.found.nodes else ""
        own = _OWN_CHOICE.fullmatch(out.key)
        key = unique(
            own[1] if own else slug(out.words or ending, "done", dash="-"), set(made.outcomes), dash="-"
        )
        lines = {"title": out.words or ending or "Done"}
        again = [target for target in out.targets if (node, target) in back]
        if out.end:
            named = out.end.removeprefix("end_") if out.end.startswith("end_") else ""
            lines["end"] = (
                named if named == slug(named, "", dash="-") and named else slug(ending, "done", dash="-")
            )
        elif again:
            lines["back"] = self.keys[again[0]]
            if len(out.targets) > 1:
                made.aside.append(f"“{lines['title']}” leads back and on at once; here it only goes back.")
        made.outcomes[key] = lines
        made.leads[key] = () if out.end or again else out.targets
        return key

    def waits(self, node: str, element: Element, made: Ending) -> None:
        """Write an event that is waited for."""
        timer = element.one("timerEventDefinition")
        if timer is None:
            made.aside.append(
                "It waits for a message or a signal in the BPMN; here somebody says that it came."
            )
            return
        made.by = ""
        if span := _span(element):
            made.lines["wait"] = f"{{for: {span}}}"
            return
        key = slug(timer.words("timeDate"), "", dash="_") or f"{self.keys[node]}_day"
        name = unique(key[:36] if key not in self.keys.values() else f"{key[:32]}_day", set(self.asked))
        self.asked[name] = f"Until when does “{made.title}” wait?"
        made.lines["wait"] = f"{{until: {name}}}"

    def after(self, order: list[str], steps: Mapping[str, Ending]) -> None:
        """Write what each step comes after, and how those before it must have turned out."""
        conditional: set[str] = set()
        for number, node in enumerate(order):
            key = self.keys[node]
            leading = {
                self.keys[other]: [
                    name for name, targets in steps[self.keys[other]].leads.items() if node in targets
                ]
                for other in order[:number]
            }
            before = {other: names for other, names in leading.items() if names}
            steps[key].after = list(before)
            terms = [
                _term(other, names, steps[other], other in conditional) for other, names in before.items()
            ]
            if before and all(terms):
                steps[key].when = " || ".join(terms)
                conditional.add(key)


def _term(step: str, names: list[str], made: Ending, conditional: bool) -> str:  # noqa: FBT001
    """Return when a step leads to another; nothing if it always does."""
    onward = [name for name, targets in made.leads.items() if targets]
    if set(names) == set(onward):
        return f'{step}.outcome != "skipped"' if conditional else ""
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"{step}.outcome == {quoted}" if len(names) == 1 else f"{step}.outcome in [{quoted}]"


def _about(element: Element) -> str:
    return element.words("documentation")[:400]


def _span(element: Element) -> str:
    """Return the duration of an event's timer in our words, in the largest unit it names; empty if it has none."""
    timer = element.one("timerEventDefinition")
    found = _DURATION.fullmatch(timer.words("timeDuration")) if timer else None
    counts = (
        [(count, unit) for count, unit in zip(found.groups(), _UNITS, strict=False) if count] if found else []
    )
    if not counts or not 0 < int(counts[0][0]) <= 9_999:  # noqa: PLR2004 - as long as a file may say
        return ""
    count, unit = int(counts[0][0]), counts[0][1]
    return f"{count} {unit}{'' if count == 1 else 's'}"


def slug(text: str, otherwise: str, *, dash: str = "_") -> str:
    """Return words as a key.

    >>> slug("Check the Round!", "step"), slug("2nd look", "step"), slug("§", "step")
    ('check_the_round', 'step_2nd_look', 'step')
    """
    words = re.sub(r"[^a-z0-9]+", dash, text.lower()).strip(dash)
    if words and not words[0].isalpha():
        words = f"{otherwise or 'x'}{dash}{words}"
    return words[:38].strip(dash) or otherwise


def unique(wanted: str, taken: set[str], *, dash: str = "_") -> str:
    """Return a key that is not taken yet: with a number if need be."""
    number, key = 2, wanted
    while key in taken:
        key, number = f"{wanted[:34]}{dash}{number}", number + 1
    return key
