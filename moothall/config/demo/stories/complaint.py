"""Complaints: most end at stage 1, one in five goes to stage 2, where somebody else answers."""

from datetime import timedelta
from typing import Any

from moothall.config.demo.residents import Resident
from moothall.config.demo.stories.telling import Scene, Story, Turn, answer_question

_WHAT = {
    "waste": (
        "My assisted collection was missed three weeks in a row.",
        "An apology and a crew that knows my door.",
    ),
    "roads": ("A pothole I reported in spring damaged my wheel.", "The repair of my wheel paid for."),
    "housing": ("Two repair visits were cancelled on the day without a call.", "A visit that takes place."),
    "tax": ("I got a reminder although I had paid.", "A letter that says my account is in order."),
    "staff": ("The person on the phone would not give a name and hung up.", "An apology."),
}


def ask(scene: Scene, _resident: Resident) -> dict[str, Any]:
    about = scene.pick(*_WHAT)
    what, wanted = _WHAT[about]
    return {
        "about": about,
        "what": what,
        "since": (scene.now - timedelta(days=scene.random.randrange(3, 60))).date().isoformat(),
        "wanted": wanted,
        "for_whom": "myself",
        "harm": scene.pick(
            "It has cost me two days off work.", "I am worn out by it.", "My mother depends on me."
        ),
    }


def acknowledge(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 14)
    if scene.chance(0.05):
        return Turn(
            "not-accepted",
            {},
            "This is a first report. We have made it a request for service instead.",
            hours,
        )
    return Turn("accepted", {"definition": f"1. {scene.data.get('what', 'What happened.')}"}, hours=hours)


def respond(scene: Scene) -> Turn:
    finding = scene.pick("upheld", "upheld", "partly", "not-upheld")
    given: dict[str, Any] = {
        "finding": finding,
        "response": "We looked at our records and spoke to the people involved. Here is what we found, point by point.",
        "question": "",
    }
    if finding != "not-upheld":
        given["remedy"] = "We apologise, put it right this week, and a manager checks that it stays right."
    if scene.data.get("answer") is None and scene.chance(0.08):
        return Turn("ask-resident", {"question": "On which days did it happen?"}, hours=12)
    return Turn("answered", given, hours=scene.random.uniform(15, 95))


def decide(scene: Scene) -> Turn:
    hours = scene.random.uniform(10, 200)
    if scene.chance(0.2):
        return Turn(
            "stage-2",
            {"still_unhappy": "You have not looked at the dates that I gave."},
            hours=hours,
            by_resident=True,
        )
    return Turn("satisfied", hours=hours, by_resident=True)


def acknowledge_2(scene: Scene) -> Turn:
    given = {"definition_2": "Whether the dates in the complaint were looked at."}
    return Turn("accepted", given, hours=scene.random.expovariate(1 / 12))


def review(scene: Scene) -> Turn:
    finding = scene.pick("upheld", "partly", "not-upheld")
    given: dict[str, Any] = {
        "finding_2": finding,
        "response_2": "We looked at everything again, with the dates. You can go to the ombudsman if you disagree.",
    }
    if finding != "not-upheld":
        given["remedy_2"] = "We apologise again, and pay £50 for the time and trouble."
    return Turn("answered", given, hours=scene.random.uniform(40, 150))


STORY = Story(
    share=5,
    ask=ask,
    handle={
        "acknowledge": acknowledge,
        "respond": respond,
        "reply": answer_question("On the 3rd, the 10th and the 17th."),
        "decide": decide,
        "acknowledge_2": acknowledge_2,
        "review": review,
    },
    online=0.6,
)
