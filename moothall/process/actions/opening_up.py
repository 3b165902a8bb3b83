"""Who may move a case to a version that lets more people see what is in it: those who see it, and the house."""

from collections.abc import Mapping

from django.contrib.auth import get_user_model
from django.utils import timezone

from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.process import circles
from moothall.process.definition import Definition
from moothall.process.engine.migrating import Choices, Trouble
from moothall.process.engine.state import CaseState
from moothall.process.engine.telling_more import opened

_SAY = "More people would see what is private there now, and whoever moves it is not among those who may decide that."


def refused(by: Viewer, case: CaseState, new: Definition, choices: Choices) -> list[Trouble]:
    """Return what is in the way of somebody who would open to others what is not there for themselves."""
    if by.is_system or not (case.circle or case.definition.has_circles):
        return []
    found = opened(case, new, choices)
    if all(circles.sees(by, case.council_id, " ".join(each)) for each in found):
        return []
    return [Trouble("opens", "", _SAY, may_drop=False)]


def kept_from(by: Viewer, case: CaseState | None) -> frozenset[str]:
    """Return the steps and answers of a case that somebody may not read, and of which it is not named to them."""
    if case is None or by.is_system or not case.definition.has_circles:
        return frozenset()
    return circles.kept_from(by, case.council_id, case.definition)


def mover(by: Mapping[str, str | int]) -> Viewer:
    """Return who posted a job, as they are today; the house itself if nobody did."""
    if not by.get("user_id"):
        return Viewer(Actor("system", None, str(by["name"])))
    user = get_user_model().objects.filter(pk=by["user_id"]).first()
    today = viewer_for(user, today=timezone.localdate()) if user is not None else None
    if today is not None and today.is_staff:
        return today
    return Viewer(Actor("staff", int(by["user_id"]), str(by["name"])))
