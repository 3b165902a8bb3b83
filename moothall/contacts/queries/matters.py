"""Whether what a letter is about is there for somebody: asked by the room of letters, which knows no cases."""

from moothall.contacts.queries.seeing import there
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.process.models import Case


def is_there(viewer: Viewer, about: str) -> bool:
    """Say whether a case (“case:12”) or a contact is wholly there for the viewer; of other things, that it is."""
    kind, _, number = about.partition(":")
    if viewer.is_system or not number.isdecimal():
        return True
    if kind == "contact":
        return bool(there(viewer).filter(pk=number).exists())
    return kind != "case" or bool(Case.objects.filter(circles.within_cases(viewer), pk=number).exists())
