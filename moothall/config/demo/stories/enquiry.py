"""General enquiries: questions, ideas and thanks."""

from typing import Any

from moothall.config.demo.residents import Resident
from moothall.config.demo.stories.telling import Scene, Story, Turn, answer_question

_QUESTIONS = (
    ("Opening hours over Christmas", "When is the contact centre open between Christmas and New Year?", "us"),
    ("Second recycling bin", "We are six at home. Can we have a second recycling bin?", "waste"),
    ("Resident parking", "How do I get a permit for my daughter's car?", "highways"),
    ("Paying by direct debit", "Can I change the day my council tax is taken?", "revenues"),
    ("Garage to rent", "Is there a waiting list for garages?", "repairs"),
    ("Library card", "Does my card from the next town work here?", "us"),
)
_THANKS = (
    ("Thank you to the bin crew", "They brought my bin in when I had broken my wrist. Please thank them."),
    ("The new crossing", "The crossing by the school has made our mornings so much safer."),
)


def ask(scene: Scene, _resident: Resident) -> dict[str, Any]:
    if scene.chance(0.15):
        subject, message = scene.pick(*_THANKS)
        return {"kind": "compliment", "subject": subject, "message": message}
    subject, message, _ = scene.pick(*_QUESTIONS)
    return {"kind": "question", "subject": subject, "message": message}


def sort(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 4)
    topic = next((topic for subject, _, topic in _QUESTIONS if subject == scene.data.get("subject")), "us")
    if scene.data.get("kind") != "question":
        return Turn("thanked", {"topic": topic}, hours=hours)
    if scene.data.get("answer") is None and scene.chance(0.06):
        question = "Which address is it about?"
        return Turn("ask-resident", {"question": question}, hours=hours)
    return Turn("to-answer", {"topic": topic, "question": ""}, hours=hours)


def respond(scene: Scene) -> Turn:
    reply = scene.pick(
        "Yes. We have written to you with how to do it and what it costs.",
        "You find the days and times on our website, and they are at the door as well.",
        "Not at the moment, but we have put you on the list and write when one is free.",
    )
    return Turn("answered", {"reply_text": reply}, hours=scene.random.expovariate(1 / 10))


STORY = Story(
    share=6,
    ask=ask,
    handle={
        "sort": sort,
        "respond": respond,
        "reply": answer_question("It is about the address on my account."),
    },
    online=0.55,
)
