"""Changes to what several councils use: checked by a colleague, voted on by the board, made in their window."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from moothall.config.demo.errands.telling import Errand, moment
from moothall.config.demo.stories.telling import Scene, Turn

_CHANGES = (
    ("Move the finance system to the new database server", ["Finance system"], "high"),
    ("New firewall rules for the care records", ["Care records", "Network"], "medium"),
    ("Upgrade the telephone exchange of the contact centre", ["Telephones"], "medium"),
    ("Renew the certificate of the website", ["Website"], "low"),
    ("Add disk space to the shared drives", ["Shared drives"], "low"),
)


def ask(scene: Scene) -> dict[str, Any]:
    what, services, risk = scene.pick(*_CHANGES)
    kind = "standard" if risk == "low" else scene.pick("normal", "normal", "normal", "emergency")
    ahead = 1 if kind != "normal" else scene.pick(8, 10, 14)
    starts = scene.now + timedelta(days=ahead)
    return {
        "what": what,
        "services": services,
        "kind": kind,
        "risk": risk,
        "plan": "Made after hours by two people, tested by the owner of the service, as in the runbook.",
        "backout": "Back to the snapshot that is taken just before; twenty minutes.",
        "starts": moment(starts, 0, 19),
        "ends": moment(starts, 0, 22),
    }


def raise_again(scene: Scene) -> Turn:
    starts = scene.now + timedelta(days=21)
    given = {"starts": moment(starts, 0, 19), "ends": moment(starts, 0, 22)}
    return Turn("raised", given, hours=scene.random.expovariate(1 / 5))


def raised_elsewhere(scene: Scene) -> Turn:
    """Complete a change that a problem opened, or send one again that came back."""
    if "kind" in scene.data:
        return raise_again(scene)
    later = replace(scene, now=scene.now + timedelta(days=14))
    given = ask(later) | {"what": scene.data.get("what", "A change")}
    return Turn("raised", given, hours=scene.random.expovariate(1 / 6))


def peer(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 5)
    if scene.chance(0.12):
        return Turn("rework", text="Say who tests it, and when we decide to go back.", hours=hours)
    return Turn("sound", hours=hours)


def do_it(scene: Scene) -> Turn:
    if scene.chance(0.07):
        return Turn(
            "backed-out", {"result": "The import took too long. Went back to the snapshot at 21:10."}, hours=1
        )
    return Turn("done", {"result": "Made as planned; done at 20:45."}, hours=1)


def verify(scene: Scene) -> Turn:
    return Turn("works", hours=scene.random.expovariate(1 / 3))


CHANGE = Errand(
    share=14,
    ask=ask,
    handle={"raise": raised_elsewhere, "peer": peer, "do_it": do_it, "verify": verify},
    against={
        "board": (0.05, "The way back has not been tried."),
        "emergency_board": (0.03, "This can wait until Thursday."),
    },
)
