"""Projects before the programme board, gate after gate."""

from typing import Any

from moothall.config.demo.errands.telling import Errand
from moothall.config.demo.stories.telling import Scene, Turn

_PROJECTS = (
    ("One finance system for three councils", 180_000_000, 24_000_000),
    ("Moving the contact centre to one telephone exchange", 32_000_000, 6_000_000),
    ("Care records on one platform", 95_000_000, 15_000_000),
    ("Sharing the depot at Marston Cross", 240_000_000, 3_000_000),
)
_NEXT = {"strategic": "business", "business": "contract", "contract": "service", "service": "benefits"}
_SENT = {0: "The papers went to the members by post; they are read at the meeting."}


def ask(scene: Scene) -> dict[str, Any]:
    project, capital, revenue = scene.pick(*_PROJECTS)
    return {
        "project": project,
        "gate": "strategic",
        "capital": capital,
        "revenue": revenue,
        "funded": capital // 2,
        "case_for": "Three councils pay for three of everything. One is enough, and saves a fifth.",
        "risks": ["The supplier is late", "Staff leave before it is done"],
    }


def submit(scene: Scene) -> Turn:
    last = scene.data.get("gate", "strategic")
    came_back = "delivered" not in scene.data
    gate = last if came_back else _NEXT.get(last, last)
    waived = {} if gate == "strategic" else _SENT
    return Turn("sent", {"gate": gate}, hours=scene.random.expovariate(1 / 30), waived=waived)


def check(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 15)
    if scene.chance(0.15):
        return Turn("incomplete", text="The benefits have no owner.", hours=hours)
    return Turn("complete", {"conditions": "A named owner for each benefit."}, hours=hours)


def stage(scene: Scene) -> Turn:
    delivered = {"delivered": "As planned; the plan of the next stage is attached to the papers."}
    hours = scene.random.uniform(200, 420)
    if scene.data.get("gate") == "benefits":
        return Turn("finished", delivered, hours=hours)
    return Turn("next-gate", delivered, hours=hours)


GATE = Errand(
    share=6,
    ask=ask,
    handle={"submit": submit, "check": check, "stage": stage},
    against={"board": (0.15, "Show us what happens if only two councils take part.")},
)
