"""Worries about children: the agencies say what they know, a manager decides, and help is handed over."""

from typing import Any

from moothall.config.demo.errands.telling import Errand, always, day
from moothall.config.demo.stories.telling import Scene, Turn

CHILDREN = (
    ("Ruby", "Hallam"), ("Idris", "Conway"), ("Lena", "Marchetti"), ("Noah", "Birch"), ("Amara", "Eze"),
    ("Finley", "Stroud"), ("Safiya", "Malik"), ("Jude", "Tanner"), ("Mabel", "Corrigan"), ("Tomasz", "Zielinski"),
)  # fmt: skip
_CONCERNS = (
    "Has come to school hungry three days running and says nobody is at home in the evening.",
    "A neighbour has heard shouting for weeks; last night the police were there.",
    "Bruises on both arms, and no word about where they come from.",
    "The family sleeps in one room. The mother asked the midwife for help with the older two.",
    "Has been missing from school since the holidays, and nobody answers the door.",
)


def ask(scene: Scene) -> dict[str, Any]:
    given, family = scene.pick(*CHILDREN)
    return {
        "child": {
            "given": given,
            "family": family,
            "born": day(scene.now, -scene.random.randrange(700, 5000)),
        },
        "concern": scene.pick(*_CONCERNS),
        "seen_on": day(scene.now, -scene.pick(0, 1, 1, 3)),
        "referrer_role": scene.pick("Class teacher", "Health visitor", "Housing officer", "Youth worker"),
    }


def triage(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 1.2)
    if scene.chance(0.12):
        text = (
            "Rang the school: it was a misunderstanding about lunch money. They ring us if it happens again."
        )
        return Turn("not-safeguarding", {"rag": "green", "consent": True}, text, hours)
    rag = scene.pick("red", "amber", "amber", "amber", "green")
    if scene.chance(0.3):
        given = {"rag": rag, "consent": False, "override": "Asking could put the child at greater risk."}
        return Turn("enquire", given, hours=hours)
    return Turn("enquire", {"rag": rag, "consent": True}, hours=hours)


def police(scene: Scene) -> Turn:
    known = scene.pick(
        "Two calls to the address this year, both about noise. Nothing about the children.",
        "The partner was arrested in March for assault and is on bail, not to go to the address.",
        "Nothing is known.",
    )
    return Turn("answered", {"police_info": known}, hours=scene.random.expovariate(1 / 2))


def health(scene: Scene) -> Turn:
    known = scene.pick(
        "Up to date with the health visitor. No worry.", "Two appointments were missed without a word."
    )
    return Turn("answered", {"health_info": known}, hours=scene.random.expovariate(1 / 2.5))


def school(scene: Scene) -> Turn:
    known = scene.pick(
        "Attendance 71 % this term, always late.", "A quiet child; the class teacher is worried too."
    )
    return Turn("answered", {"school_info": known}, hours=scene.random.expovariate(1 / 3))


def decide(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 1.5)
    level = scene.pick("level-1", "level-2", "level-3", "level-3", "level-4")
    outcome = {"level-1": "no-action", "level-4": "section-47"}.get(level, "step-down")
    reasons = "Weighed what the agencies said with what the family says itself; chronology on the file."
    return Turn(outcome, {"threshold": level, "rationale": reasons}, hours=hours)


def step_down(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 6)
    if scene.chance(0.12):
        return Turn(
            "refused",
            text="The police answer speaks for more than early help. Please look again.",
            hours=hours,
        )
    return Turn("accepted", hours=hours)


def feedback(scene: Scene) -> Turn:
    told = "Thanked them, said that the family is being helped and by whom."
    return Turn("told", {"advice_given": told}, hours=scene.random.expovariate(1 / 4))


REFERRAL = Errand(
    share=18,
    ask=ask,
    handle={
        "refer": always("sent", {"referrer": "Family help", "referrer_role": "Family worker"}),
        "triage": triage,
        "police": police,
        "health": health,
        "school": school,
        "decide": decide,
        "step_down": step_down,
        "feedback": feedback,
    },
)
