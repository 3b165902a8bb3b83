"""Where a new call goes: which rule holds, and whose turn it is. Plain values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.plain.errors import HouseError, NotFound
from moothall.servicedesk.rules.articles import folded

_LONG_AGO = float("-inf")
_STEP = 10


class NoSuchRule(NotFound):
    code = "servicedesk.no_such_rule"
    message = "We cannot find that rule."
    next_step = "Somebody may have deleted it. Look at the list of rules."


class TeamElsewhere(HouseError):
    code = "servicedesk.team_elsewhere"
    status = 422
    title = "Choose another team"
    message = "{team} does not serve {council}, so no call of theirs could go there."
    next_step = "Choose a team that serves them, or leave the council open."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may ask of a call. `text` is everything that was written in it; `priority` 0 is not known yet."""

    council_id: int
    kind: str = ""
    item_id: int | None = None
    category: str = ""
    channel: str = ""
    text: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as it is compared. What is empty asks for nothing; `serves` are the councils of its team."""

    number: int
    serves: frozenset[int]
    council_id: int | None = None
    kind: str = ""
    item_id: int | None = None
    category: str = ""
    channel: str = ""
    words: tuple[str, ...] = ()
    at_most_priority: int = 0
    active: bool = True


def words_in(written: str) -> tuple[str, ...]:
    """Return the words, or several words together, of which one has to stand in the call; commas part them.

    >>> words_in("VPN, remote access,, ")
    ('vpn', 'remote access')
    """
    return tuple(" ".join(folded(each).split()) for each in written.split(",") if each.strip())


def in_the_way(rule: Rule, call: Facts) -> str:
    """Return why a rule does not decide about a call, in words; nothing if it does."""
    text = f" {_spaced(call.text)} " if rule.words else ""
    reasons = (
        (not rule.active, "It is switched off."),
        (call.council_id not in rule.serves, "Its team does not serve this council."),
        (rule.council_id not in {None, call.council_id}, "It is for another council."),
        (bool(rule.kind) and rule.kind != call.kind, "It is for another kind of call."),
        (rule.item_id not in {None, call.item_id}, "It is for another system."),
        (
            bool(rule.category) and folded(rule.category) != folded(call.category),
            "It is for another category.",
        ),
        (bool(rule.channel) and rule.channel != call.channel, "It is for another channel."),
        (_too_low(rule, call), f"It is for P{rule.at_most_priority} and above."),
        (
            bool(rule.words) and not any(f" {each} " in text for each in rule.words),
            "None of its words is in the call.",
        ),
    )
    return next((words for holds, words in reasons if holds), "")


def _too_low(rule: Rule, call: Facts) -> bool:
    return rule.at_most_priority > 0 and not 0 < call.priority <= rule.at_most_priority


def _spaced(text: str) -> str:
    """Return a text with a space between its words and nothing else, so that whole words are found in it."""
    return " ".join("".join(each if each.isalnum() else " " for each in folded(text)).split())


def deciding(rules: Iterable[Rule], call: Facts) -> Rule | None:
    """Return the rule that decides about a call: the first, in their order, with nothing in the way."""
    return next((rule for rule in rules if not in_the_way(rule, call)), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may get the next call: how many they have open, and when they last got one."""

    staff_id: int
    open: int
    last_at: datetime | None


def in_turn(candidates: Iterable[Candidate]) -> list[int]:
    """Return who gets the next call, and who if they cannot: fewest open calls first, then who has waited longest.

    >>> in_turn([Candidate(1, 4, None), Candidate(2, 1, datetime(2026, 11, 2)), Candidate(3, 1, None)])
    [3, 2, 1]
    """

    def place(each: Candidate) -> tuple[int, float, int]:
        return each.open, each.last_at.timestamp() if each.last_at else _LONG_AGO, each.staff_id

    return [each.staff_id for each in sorted(candidates, key=place)]


def moved(numbers: Sequence[int], number: int, way: int) -> list[int]:
    """Return the rules in a new order: one of them a place up (-1) or down (1); nothing changes at either end.

    >>> moved([4, 5, 6], 5, -1), moved([4, 5, 6], 4, -1), moved([4, 5], 9, 1)
    ([5, 4, 6], [4, 5, 6], [4, 5])
    """
    order = list(numbers)
    if number not in order:
        return order
    at = order.index(number)
    to = min(len(order) - 1, max(0, at + way))
    order.insert(to, order.pop(at))
    return order


def places(numbers: Sequence[int]) -> dict[int, int]:
    """Return the place of each rule in an order, with room between them."""
    return {number: at * _STEP for at, number in enumerate(numbers, start=1)}
