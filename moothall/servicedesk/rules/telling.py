"""The words in which the desk writes to whoever asked. Plain values in, a subject and a text out; nothing is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ENDED: Mapping[str, str] = {
    "withdrawn": "Your call was withdrawn, so we stop working on it.",
    "duplicate": "We are working on the same thing in another call, so we close this one. You will hear from us there.",
    "made-in-error": "Your call was made in error, so we close it.",
}
REOPENED = "We closed your call as the same as another one. That was a mistake: it is open again, by itself."
LATE = "We are later with this than we promised, and we are sorry. You do not need to contact us: we go on with it."
_RULE = "-- "


@dataclass(frozen=True, slots=True)
class Told:
    """What one letter says: to whom, about which call, and the paragraphs. What is private has no headline."""

    name: str
    council: str
    reference: str
    headline: str
    link: str
    said: Iterable[str] = field(default=())
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it will be sent."""

    subject: str
    body: str


def letter(told: Told) -> Letter:
    """Return the letter that says something of a call.

    >>> letter(Told("Ann", "Ash Council", "ASH-1", "No sound", "https://x.example/1/", ["It works."])).subject
    'ASH-1: No sound'
    """
    about = f"{told.reference}: {told.headline}" if told.headline else f"Your call {told.reference}"
    how = "Answer this email, or look at your call" if told.answers else "Look at your call"
    parts = [
        f"Dear {told.name}," if told.name else "Hello,",
        *(each.strip() for each in told.said if each.strip()),
        f"Your reference is {told.reference}. {how}: {told.link}",
        f"{_RULE}\nICT service desk for {told.council}",
    ]
    return Letter(about, "\n\n".join(parts) + "\n")


def logged(priority: int, *, has_account: bool, asked_by: str = "") -> list[str]:
    """Return what somebody is told when their call was logged, by themselves or by whoever asked for them.

    >>> logged(0, has_account=False)[0]
    'We have your message, and somebody will look at it.'
    """
    if not has_account:
        return [
            "We have your message, and somebody will look at it.",
            "We did not find your address among the people of our councils, so it may take a little longer.",
        ]
    hurry = " It is treated as urgent." if priority in {1, 2} else ""
    if asked_by:
        return [
            f"{asked_by} has asked us for this for you.{hurry} You can both see how it goes, and answer us."
        ]
    return [f"We have logged your call.{hurry}"]


def asked_for(name: str) -> list[str]:
    """Return what somebody is told who asked for something for a colleague.

    >>> asked_for("Ann Ash")[0]
    'We have logged what you asked for, for Ann Ash. We have told them, and you hear how it goes too.'
    """
    return [
        f"We have logged what you asked for, for {name}. We have told them, and you hear how it goes too."
    ]


def approval(told: Told, user: str, asked_by: str = "") -> Letter:
    """Return the letter that asks somebody to approve what another one asks for; `said` is what they decide by.

    >>> approval(Told("Bo", "Ash Council", "ASH-1", "A screen", "https://x.example/1/", ["Price: £120"]), "Ann").subject
    'ASH-1: please approve: A screen'
    """
    who = f"{asked_by} asks for it for {user}" if asked_by else f"{user} asks for it"
    parts = [
        f"Dear {told.name}," if told.name else "Hello,",
        f"{who}, and you are asked to approve it: {told.headline}.",
        *told.said,
        f"Nothing is ordered before that. Approve or refuse it here: {told.link}",
        f"{_RULE}\nICT service desk for {told.council}",
    ]
    return Letter(f"{told.reference}: please approve: {told.headline}", "\n\n".join(parts) + "\n")


def resolved(said: Iterable[str], fix: str) -> list[str]:
    """Return what somebody is told when their call was resolved: what the process says, and what was done.

    >>> resolved(["It works again."], "New toner.")
    ['It works again.', 'What we did: New toner.']
    """
    return [*said, *([f"What we did: {fix.strip()}"] if fix.strip() else [])]
