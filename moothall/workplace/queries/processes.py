"""Processes as they are read: which are published, and the steps of one, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, store
from moothall.process.definition import AGENT, RESIDENT, Definition, Step
from moothall.process.errors import NoSuchProcess
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can

_BY = {RESIDENT: "the person who asks", AGENT: "an adviser for them"}


@dataclass(frozen=True, slots=True)
class Published:
    """The newest version of one process."""

    version: ProcessVersion
    summary: str
    steps: int


@dataclass(frozen=True, slots=True)
class Read:
    """One version of a process, with all the others to choose from."""

    version: ProcessVersion
    definition: Definition
    versions: Sequence[ProcessVersion]
    steps: Sequence["StepRead"]


@dataclass(frozen=True, slots=True)
class StepRead:
    """A step in words: who does it, when its turn comes, what it asks, how it may turn out."""

    step: Step
    by: str
    after: str
    asks: Sequence[str]
    shows: Sequence[str]


def overview(viewer: Viewer) -> list[Published]:
    """Return the newest version of every process."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    newest: dict[str, ProcessVersion] = {}
    for version in (
        ProcessVersion.objects.filter(council=None).defer("body", "source").order_by("key", "number")
    ):
        newest[version.key] = version
    return [_published(version) for version in newest.values()]


def _published(version: ProcessVersion) -> Published:
    definition = store.definition_of(version.pk)
    return Published(version, definition.summary, len(definition.steps))


def read(viewer: Viewer, key: str, number: int | None) -> Read:
    """Return a process as it is read; without a number, its newest version."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    here = Q(cases__status="open", cases__council_id__in=sorted(viewer.councils))
    running = Count("cases", filter=here & circles.within(viewer, "cases__"))
    versions = list(
        ProcessVersion.objects.filter(key=key, council=None)
        .defer("body")
        .annotate(running=running)
        .order_by("-number")
    )
    version = next((each for each in versions if number in {None, each.number}), None)
    if version is None:
        raise NoSuchProcess(key=key, what="process")
    definition = store.definition_of(version.pk)
    return Read(
        version, definition, versions, [_step(definition, step) for step in definition.steps.values()]
    )


def _step(definition: Definition, step: Step) -> StepRead:
    titles = [definition.steps[key].title for key in step.after]
    return StepRead(
        step=step,
        by=" or ".join(_BY.get(each, f"the team for {each}") for each in step.by),
        after=" and ".join(f"“{title}”" for title in titles),
        asks=[definition.fields[key].name for key in step.ask],
        shows=[definition.fields[key].name for key in step.show],
    )
