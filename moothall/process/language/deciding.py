"""What rules can come to, tried with every answer there is: outcomes never offered, and answers without an outcome.

Only what is decidable is tried: choices, yes and no, how steps turned out, whether something was answered, numbers
compared with numbers, and what is worked out from these. All else may hold or not, so nothing is said about it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

from moothall.process.cel import RuleError, rule
from moothall.process.cel.tree import Binary, Call, Literal, Name, Node, children
from moothall.process.definition import Definition, Field, Step
from moothall.process.language.before import Order
from moothall.process.working_out import first_row

MOST, MOST_IN_ALL = 6_000, 60_000
"""So many worlds are tried for one rule, and for one file; beyond that, nothing is said."""
_FEW = 4
_COMPARED = frozenset({"==", "!=", "<", "<=", ">", ">="})
World = Mapping[str, Any]
"""One set of answers, and of how steps turned out, as rules see them."""


@dataclass(slots=True)
class Ground:
    """The process whose rules are tried, and how many worlds may still be tried."""

    definition: Definition
    order: Order
    left: int = MOST_IN_ALL


class Worlds:
    """Every way in which the rules of a step may come to be asked."""

    def __init__(
        self, ground: Ground, step: Step | None, sources: Iterable[str], missing: Collection[str] = ()
    ) -> None:
        self.ground = ground
        self.definition = ground.definition
        self.step = step
        self.missing = missing
        self.sources = [source for source in sources if source]
        self.trees = [rule(source).tree for source in self.sources]
        self.names: dict[str, None] = {}
        self.derived: set[str] = set()
        self.decidable = True
        for tree in self.trees:
            self._gather(tree)

    def _gather(self, node: Node) -> None:
        """Note every name that has to be tried; what cannot be tried makes the whole undecidable."""
        match node:
            case Binary(sign, Name(path), Literal()) | Binary(sign, Literal(), Name(path)) if (
                sign in _COMPARED
            ):
                self._name(path, compared=True)
            case Call("has", (Name(path),)):
                self._name(path, compared=True)
            case Name(path):
                self._name(path, compared=False)
            case Call("age" | "size" | "today" | "contains" | "startsWith" | "endsWith"):
                self.decidable = False
            case _:
                for child in children(node):
                    self._gather(child)

    def _name(self, path: tuple[str, ...], *, compared: bool) -> None:
        first, *rest = path
        field, step = self.definition.fields.get(first), self.definition.steps.get(first)
        if step is not None and rest == ["outcome"]:
            self.names[first] = None
        elif field is None or rest:
            self.decidable = False
        elif field.worked_out:
            self._worked_out(field)
        elif (
            field.type in ("choice", "yesno")
            or (field.type == "choices" and len(field.of) <= _FEW)
            or compared
        ):
            self.names[first] = None
        else:
            self.decidable = False

    def _worked_out(self, field: Field) -> None:
        if field.key in self.derived:
            return
        self.derived.add(field.key)
        if field.when:
            self.decidable = False
        elif field.table is not None:
            if all(not row.then.strip("-").isdigit() for row in field.table.rows):
                for name in field.table.by:
                    self._name((name,), compared=False)
            else:
                self.decidable = False
        else:
            self._gather(rule(field.calc).tree)

    def each(self, *, strictly: bool) -> list[dict[str, Any]] | None:
        """Return the worlds; None if they cannot be told or are too many.

        Strictly, what must be answered is; otherwise anything that was asked before may also be missing.
        """
        if not self.decidable:
            return None
        domains: list[Sequence[Any]] = []
        for name in self.names:
            if (domain := self._domain(name, strictly=strictly)) is None:
                return None
            domains.append(domain)
        size = prod(map(len, domains))
        if size > min(MOST, self.ground.left):
            return None
        self.ground.left -= size
        worlds = [dict(zip(self.names, values, strict=True)) for values in product(*domains)]
        return [self._whole(world) for world in worlds if self._possible(world, strictly=strictly)]

    def _domain(self, name: str, *, strictly: bool) -> Sequence[Any] | None:
        step = self.definition.steps.get(name)
        if step is not None:
            ends = step.on_demand or (self.step is not None and step.key == self.step.key)
            keys = [key for key, each in step.outcomes.items() if ends or not each.end]
            skipped = ["skipped"] if step.when or step.every else []
            return [{"outcome": key} for key in keys + skipped]
        field = self.definition.fields[name]
        if name in self.missing:
            return [None]
        values = self._answers(field)
        if values is None:
            return None
        here = self.step is not None and name in self.step.ask
        missing = (field.optional or bool(field.when)) if here else not strictly
        return [*values, None] if missing else values

    def _answers(self, field: Field) -> list[Any] | None:
        keys = [choice.key for choice in field.of]
        if field.type == "choice":
            return list(keys)
        if field.type == "yesno":
            return [True, False]
        if field.type == "choices" and len(keys) <= _FEW:
            return [list(some) for many in range(1, len(keys) + 1) for some in combinations(keys, many)]
        literals = {value for tree in self.trees for value in _literals(tree, field.key)}
        if field.type in ("number", "money"):
            least = field.min if isinstance(field.min, int) else 0
            most = field.max if isinstance(field.max, int) else max([*literals, least]) + 1
            near = {value + by for value in literals for by in (-1, 0, 1)} | {least, most}
            return sorted(value for value in near if least <= value <= most)
        if field.type == "choices" or any(not isinstance(value, str) for value in literals):
            return None if literals or field.type == "choices" else [[]]
        return [*sorted(literals), "\N{SNOWMAN}"]

    def _possible(self, world: World, *, strictly: bool) -> bool:
        """Say whether the questions of this step are answered as they are put: hidden ones are not, needed ones are."""
        if self.step is None:
            return True
        for key in self.step.ask:
            field = self.definition.fields.get(key)
            if field is None or key not in world or not field.when:
                continue
            shown = self._value(field.when, world)
            if (shown is False and world[key] is not None) or (
                strictly and shown is True and world[key] is None and not field.optional
            ):
                return False
        return True

    def _value(self, source: str, world: World) -> Any:
        """Return what a rule comes to, or “not known” where it reads what is not tried here."""
        read = rule(source)
        return read.value(world) if all(path[0] in world for path in read.names) else None

    def _whole(self, world: dict[str, Any]) -> dict[str, Any]:
        """Return a world with what is worked out from it."""
        for field in self.definition.worked_out if self.derived else ():
            if field.key not in self.derived:
                continue
            if field.table is not None:
                then = first_row(field.table, world) if set(field.table.by) <= set(world) else None
                if then is not None:
                    world[field.key] = {"yes": True, "true": True, "no": False, "false": False}.get(
                        then, then
                    )
                    if field.type != "yesno":
                        world[field.key] = then
            elif field.calc:
                world[field.key] = rule(field.calc).value(world)
        return world


def _literals(node: Node, key: str) -> Iterator[Any]:
    """Return what a rule compares an answer with."""
    match node:
        case Binary(sign, Name((name,)), Literal(value)) | Binary(sign, Literal(value), Name((name,))) if (
            name == key and sign in _COMPARED
        ):
            yield value
        case _:
            for child in children(node):
                yield from _literals(child, key)


def sound(*sources: str) -> bool:
    """Say whether rules can be read at all."""
    try:
        for source in sources:
            if source:
                rule(source)
    except RuleError:
        return False
    return True


def never(ground: Ground, step: Step | None, source: str, missing: Collection[str] = ()) -> bool:
    """Say whether a rule cannot hold, whatever is answered; False also where that cannot be told.

    What is `missing` is not answered at all.
    """
    if not source or not sound(source):
        return False
    worlds = Worlds(ground, step, [source], missing).each(strictly=False)
    return worlds is not None and not any(rule(source).holds(world) for world in worlds)


def without_outcome(ground: Ground, step: Step) -> World | None:
    """Return answers with which none of a step's outcomes is offered; None if there are none, or if it cannot be told.

    Answers that a need refuses, or with which the case would not have come here, do not count.
    """
    outcomes = [each for each in step.outcomes.values() if each.by != ("time",)]
    if not outcomes or any(not each.when for each in outcomes):
        return None
    constraints = _constraints(ground, step)
    rules = [each.when for each in outcomes]
    if not sound(*rules):
        return None
    worlds = None
    for kept in range(len(constraints), -1, -1):
        sources = [*rules, *(source for group in constraints[:kept] for source in group)]
        if (worlds := Worlds(ground, step, sources).each(strictly=True)) is not None:
            constraints = constraints[:kept]
            break
    for world in worlds or ():
        if any(rule(source).holds(world) for source in rules):
            continue
        if all(any(rule(source).holds(world) for source in group) for group in constraints):
            read = {path[0] for source in rules for path in rule(source).names}
            return {key: value for key, value in world.items() if key in read}
    return None


def _constraints(ground: Ground, step: Step) -> list[list[str]]:
    """Return groups of rules of each of which one must hold, or the case would not be here."""
    groups = [[need.rule] for need in step.need]
    asked = set(step.ask)
    if step.when:
        groups.append([step.when])
    for key in sorted(ground.order.above(step.key)):
        above = ground.definition.steps[key]
        ways = [each for each in above.outcomes.values() if not each.end and not each.back]
        if not above.when and ways and all(each.when for each in ways):
            groups.append([each.when for each in ways])
    kept = []
    for group in groups:
        if not sound(*group) or not Worlds(ground, step, group).decidable:
            continue
        read = {path[0] for source in group for path in rule(source).names}
        if group[0] in [need.rule for need in step.need] or not read & asked:
            kept.append(group)
    return kept
