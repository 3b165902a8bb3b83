"""People who begin and people who leave, for personnel, ICT and the building side by side."""

from typing import Any

from moothall.config.demo.errands.telling import Errand, always, day, moment
from moothall.config.demo.stories.telling import Scene, Turn

_NAMES = (
    ("Harriet", "Coyle"), ("Dominic", "Vale"), ("Nkechi", "Obi"), ("Peter", "Lindgren"), ("Sasha", "Moreau"),
    ("Gemma", "Haines"), ("Rafiq", "Chowdhury"), ("Elliot", "Marsden"),
)  # fmt: skip
_JOBS = ("Planning officer", "Social worker", "Customer service adviser", "Accountant", "Highways technician")


def begins(scene: Scene) -> dict[str, Any]:
    given, family = scene.pick(*_NAMES)
    return {
        "person": {"given": given, "family": family},
        "job": scene.pick(*_JOBS),
        "starts": day(scene.now, scene.pick(14, 21, 28)),
        "kit": scene.pick(["laptop", "phone", "card"], ["laptop", "card"], ["none"]),
    }


def personnel(scene: Scene) -> Turn:
    given = {
        "checks": ["right-to-work", "references", "dbs"],
        "payroll": f"P{scene.random.randrange(10_000, 99_999)}",
    }
    hours = scene.random.expovariate(1 / 25)
    if scene.chance(0.2):
        given["checks"] = ["right-to-work", "dbs"]
        why = "One referee is abroad until Friday; the other has written. We chase it."
        return Turn("ready", given, hours=hours, waived={1: why})
    return Turn("ready", given, hours=hours)


def account(scene: Scene) -> Turn:
    name = f"user{scene.random.randrange(1000, 9999)}"
    return Turn("ready", {"user_name": name}, hours=scene.random.expovariate(1 / 12))


def equipment(scene: Scene) -> Turn:
    devices = [f"Laptop LT-{scene.random.randrange(1000, 9999)}"]
    return Turn("ready", {"devices": devices}, hours=scene.random.expovariate(1 / 30))


def card(scene: Scene) -> Turn:
    number = str(scene.random.randrange(20_000, 99_999))
    return Turn("ready", {"card": number}, hours=scene.random.expovariate(1 / 10))


def first_day(scene: Scene) -> Turn:
    if scene.chance(0.05):
        return Turn("not-come", {"arrived": False}, hours=6)
    return Turn("begun", {"arrived": True}, hours=2)


STARTER = Errand(
    share=9,
    ask=begins,
    handle={
        "personnel": personnel,
        "account": account,
        "equipment": equipment,
        "building": card,
        "first_day": first_day,
    },
)


def leaves(scene: Scene) -> dict[str, Any]:
    given, family = scene.pick(*_NAMES)
    return {
        "person": {"given": given, "family": family},
        "last_day": day(scene.now, scene.pick(10, 20, 30)),
        "holds": scene.pick(["laptop", "card"], ["laptop", "phone", "card", "keys"], ["none"]),
        "devices": [f"Laptop LT-{scene.random.randrange(1000, 9999)}"],
        "handover": scene.pick("Their manager", "The team's shared drive"),
    }


def notice(scene: Scene) -> Turn:
    """Complete the notice of somebody who never came."""
    given = {"last_day": day(scene.now, 1), "holds": ["laptop"], "handover": "Nobody"}
    return Turn("sent", given, hours=2)


def pay(scene: Scene) -> Turn:
    return Turn(
        "reckoned",
        {"last_pay": 100 * scene.random.randrange(900, 3_200)},
        hours=scene.random.expovariate(1 / 30),
    )


def files(scene: Scene) -> Turn:
    return Turn("handed-over", hours=scene.random.expovariate(1 / 20))


def access(scene: Scene) -> Turn:
    given = {"closed_at": moment(scene.now, 0, scene.now.hour)}
    return Turn("ended", given, hours=scene.random.expovariate(1 / 1.5))


def back(scene: Scene) -> Turn:
    if scene.chance(0.1):
        return Turn("missing", text="The charger. Written off.", hours=8)
    return Turn(
        "back", {"returned": scene.data.get("devices") or ["Laptop"]}, hours=scene.random.expovariate(1 / 8)
    )


def building(scene: Scene) -> Turn:
    return Turn("back", hours=scene.random.expovariate(1 / 6))


LEAVER = Errand(
    share=7,
    ask=leaves,
    handle={
        "notice": notice,
        "pay": pay,
        "files": files,
        "access": access,
        "equipment": back,
        "building": building,
        "file": always("closed", hours=4),
    },
)
