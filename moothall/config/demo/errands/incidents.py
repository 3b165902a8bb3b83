"""Faults in ICT: mostly one person's, now and then a whole council's, with updates, a report and a vote on it."""

from typing import Any

from moothall.config.demo.errands.telling import Errand, always
from moothall.config.demo.stories.telling import Scene, Turn

_FAULTS = (
    ("email", "E-mail does not arrive since this morning", "one-person", "partly"),
    ("email", "The shared mailbox of the team is empty", "team", "partly"),
    ("telephony", "No ring tone on the desk phones of the first floor", "team", "no"),
    ("network", "The wireless network drops every few minutes", "team", "partly"),
    ("finance", "Invoices cannot be approved: the page stays white", "team", "no"),
    ("care", "Case notes take a minute to open", "council", "partly"),
    ("website", "The page of planning applications shows an error", "council", "yes"),
    ("other", "The printer on the second floor prints stripes", "one-person", "yes"),
    ("other", "The second screen stays black after the update", "one-person", "partly"),
)
_GREAT = (
    ("network", "No council can reach the data centre", "all-councils", "no"),
    ("care", "Nobody can sign in to care records", "council", "no"),
    ("telephony", "The contact centre cannot be reached by phone", "all-councils", "partly"),
)


def ask(scene: Scene) -> dict[str, Any]:
    service, summary, impact, urgency = scene.pick(*(_GREAT if scene.chance(0.1) else _FAULTS))
    return {"service": service, "summary": summary, "impact": impact, "urgency": urgency}


def assign(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / (0.1 if scene.data.get("priority") == "P1" else 2))
    if scene.data.get("priority") == "P4" and scene.chance(0.2):
        return Turn("not-a-fault", text="The cable was out. Showed them how to check it.", hours=hours)
    return Turn("resolvers", hours=hours)


def updates(scene: Scene) -> Turn:
    update = scene.pick(
        "We have found the line that is broken. The supplier is on the way.",
        "The second line carries the traffic; it is slow, but it works.",
        "We are restoring the servers one after another. Half of the users can work again.",
    )
    return Turn("told", {"update": update}, hours=scene.random.expovariate(1 / 0.15))


def restore(scene: Scene) -> Turn:
    great = scene.data.get("priority") == "P1"
    fix = scene.pick(
        "Restarted the service and cleared its queue.",
        "Rolled back last night's update.",
        "Replaced the part under guarantee.",
        "The supplier mended the line; we watched it for an hour.",
    )
    return Turn("restored", {"fix": fix}, hours=scene.random.expovariate(1 / (0.8 if great else 6)))


def report(scene: Scene) -> Turn:
    return Turn(
        "written",
        {
            "timeline": ["08:12 first call", "08:20 bridge open", "09:05 cause found", "10:40 service back"],
            "cause": "A certificate ran out. Its reminder went to somebody who had left.",
            "actions": [
                "Send reminders to a team, not to a person",
                "List every certificate with its last day",
            ],
        },
        hours=scene.random.expovariate(1 / 12),
    )


def close(scene: Scene) -> Turn:
    return Turn("closed", hours=scene.random.expovariate(1 / 4))


INCIDENT = Errand(
    share=46,
    ask=ask,
    handle={
        "assign": assign,
        "call": always("bridge-open", {"bridge": "01632 960 999, code 4471"}, hours=0.1),
        "updates": updates,
        "restore": restore,
        "report": report,
        "close": close,
    },
    against={"review": (0.2, "The report does not say why nobody noticed for forty minutes.")},
)


def investigate(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 50)
    found = "Reminders are sent to people, and people leave."
    if scene.chance(0.5):
        given = {
            "found": found,
            "way": "change",
            "changing": "Send certificate reminders to the service desk",
        }
        return Turn("change", given, hours=hours)
    given = {"found": found, "way": "accept", "workaround": "A calendar entry of the team, a month before"}
    return Turn("accept", given, hours=hours)


def record(scene: Scene) -> Turn:
    return Turn("recorded", hours=scene.random.expovariate(1 / 3))


def confirm(scene: Scene) -> Turn:
    again = scene.chance(0.2)
    return Turn("back-again" if again else "solved", {"again": again}, hours=8)


PROBLEM = Errand(share=0, handle={"record": record, "investigate": investigate, "confirm": confirm})
