"""What a referral leads to: help for a family, reviewed every six weeks, or a discussion of the agencies."""

from moothall.config.demo.errands.telling import Errand, moment
from moothall.config.demo.stories.telling import Scene, Turn


def receive(scene: Scene) -> Turn:
    given = (
        {}
        if "threshold" in scene.data
        else {"threshold": "level-2", "rationale": "The enquiry found no harm."}
    )
    return Turn("taken-on", given, hours=3)


def assess(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 45)
    needs = "Breakfast club for both children; help with the rent; an evening group for the mother."
    if scene.chance(0.1):
        text = "They say they manage with the grandmother's help. The school keeps an eye on it."
        return Turn("not-wanted", {"agreed": False}, text, hours)
    return Turn("plan", {"agreed": True, "needs": needs}, hours=hours)


def agree_plan(scene: Scene) -> Turn:
    plan = ["Breakfast club from Monday", "Visit every Thursday", "Money advice, by the end of the month"]
    return Turn("agreed", {"plan": plan}, hours=scene.random.expovariate(1 / 30))


def review(scene: Scene) -> Turn:
    progress = scene.pick("Both children are at school every day.", "Rent is paid; evenings are still hard.")
    return Turn("reviewed", {"progress": progress}, hours=scene.random.expovariate(1 / 10))


def finish(scene: Scene) -> Turn:
    if scene.chance(0.08):
        given = {"result": "The mother has left, and nobody knows where she is."}
        return Turn("step-up", given, "The children were alone for two nights.", hours=200)
    given = {"result": "The family has its evenings back and knows whom to ring."}
    return Turn("helped", given, hours=scene.random.uniform(250, 900))


EARLY_HELP = Errand(
    share=0,
    handle={
        "receive": receive,
        "assess": assess,
        "agree_plan": agree_plan,
        "review": review,
        "finish": finish,
    },
)


def arrange(scene: Scene) -> Turn:
    given = {"meets_at": moment(scene.now, 6, 14), "invited": ["Police", "Health", "Social worker", "School"]}
    return Turn("arranged", given, hours=1)


def police(scene: Scene) -> Turn:
    view = "A joint enquiry. The partner has broken his bail once already."
    return Turn("given", {"police_view": view}, hours=scene.random.expovariate(1 / 3))


def health(scene: Scene) -> Turn:
    view = "An examination tomorrow; the bruises do not fit a fall."
    return Turn("given", {"health_view": view}, hours=scene.random.expovariate(1 / 3))


def decide(scene: Scene) -> Turn:
    given = {
        "decision": scene.pick("joint", "joint", "single"),
        "reasons": "All agencies agree that it cannot wait.",
    }
    return Turn("enquire", given, hours=1)


def enquire(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 30)
    if scene.chance(0.4):
        return Turn("early-help", {"finding": "unfounded"}, hours=hours)
    return Turn("conference", {"finding": "substantiated"}, hours=hours)


def conference(scene: Scene) -> Turn:
    plan = ["The children stay with their aunt", "Weekly visits", "The partner has no contact"]
    return Turn("planned", {"protection_plan": plan}, hours=scene.random.expovariate(1 / 20))


DISCUSSION = Errand(
    share=0,
    handle={
        "arrange": arrange,
        "police": police,
        "health": health,
        "decide": decide,
        "enquire": enquire,
        "conference": conference,
    },
)
