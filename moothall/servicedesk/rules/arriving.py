"""What a letter to the desk says: its subject without the marks of mail programs, and whether it is only thanks."""

import re

SUMMARY_LENGTH = 200
DETAIL_LENGTH = 4_000
NO_SUBJECT = "An email without a subject"
_MARKS = re.compile(r"^\s*(?:(?:re|aw|fw|fwd|antw|sv|tr|vs)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_THANKS = frozenset({"thanks", "thank", "thankyou", "thx", "cheers", "diolch", "ta"})
_KIND = frozenset(
    word
    for line in (
        "thanks thank thankyou thx cheers diolch ta you very much so many for your help that this the all is it",
        "works working fixed sorted great brilliant perfect lovely excellent fine ok okay good kind well done",
        "now regards best wishes and team a lot quick response hi hello dear appreciated as yr in advance prompt",
    )
    for word in line.split()
)
_DENIED = frozenset({"not", "no", "still", "but", "again", "broken", "t", "never", "however", "cannot"})
_NAMES = 4
_MOST_WORDS = 25


def summary_of(subject: str, text: str) -> str:
    """Return what a call is called that a letter makes: its subject, else the first line of what it says.

    >>> summary_of("RE: FW: Screen is dark", "…"), summary_of(" ", "It rains in."), summary_of("", "")
    ('Screen is dark', 'It rains in.', 'An email without a subject')
    """
    said = " ".join(_MARKS.sub("", subject).split())
    if not said:
        said = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), NO_SUBJECT)
    return said[:SUMMARY_LENGTH]


def only_thanks(text: str) -> bool:
    r"""Say whether somebody only says thank you, so that a call need not be taken up again.

    >>> only_thanks("Thanks, that works now!\nOtto"), only_thanks("Thanks, but it still does not print")
    (True, False)
    """
    words = [each.casefold() for each in _WORDS.findall(text)]
    if not words or len(words) > _MOST_WORDS or _THANKS.isdisjoint(words) or "?" in text:
        return False
    return sum(each not in _KIND for each in words) <= _NAMES and not _DENIED & set(words)
