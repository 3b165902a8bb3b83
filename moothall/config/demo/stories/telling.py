"""How a story is told: what is asked, and for each step what is answered, how it turns out and how long it takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from moothall.config.demo.residents import Resident

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scene:
    """One step as it waits: what is known of the case, and when it is."""

    random: Random
    data: Mapping[str, Any]
    now: datetime

    def chance(self, share: float) -> bool:
        """Say whether something happens that happens this often."""
        return self.random.random() < share

    def pick(self, *options: T) -> T:
        return self.random.choice(options)


@dataclass(frozen=True, slots=True)
class Turn:
    """How a step turns out. `hours` is how many working hours it waits; by the resident, hours of the day.

    `dates` are answers that are dates, so many days after the step is done. `waived` are the rules,
    by their number, that somebody passes with a reason.
    """

    outcome: str
    given: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    hours: float = 4
    by_resident: bool = False
    dates: Mapping[str, int] = field(default_factory=dict)
    waived: Mapping[int, str] = field(default_factory=dict)


Handler = Callable[[Scene], Turn]


@dataclass(frozen=True, slots=True)
class Story:
    """A service's story. `share` is how often it is asked for beside the others; `online`, how often on the web."""

    share: int
    ask: Callable[[Scene, Resident], dict[str, Any]]
    handle: Mapping[str, Handler]
    online: float = 0.7


def answer_question(*answers: str, outcome: str = "answered") -> Handler:
    """Return the handler of a resident who answers a question, sooner or later."""

    def handle(scene: Scene) -> Turn:
        return Turn(
            outcome,
            {"answer": scene.pick(*answers)},
            hours=scene.random.expovariate(1 / 20),
            by_resident=True,
        )

    return handle
