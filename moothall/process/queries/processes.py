"""Which processes are published."""

from django.db.models import Max

from moothall.process import store
from moothall.process.definition import Definition
from moothall.process.errors import NoSuchProcess
from moothall.process.models import ProcessVersion


def newest_version(key: str) -> int:
    """Return the id of the newest version of a process; refuses one that was never published."""
    found = ProcessVersion.objects.filter(key=key).order_by("-number").values_list("id", flat=True).first()
    if found is None:
        raise NoSuchProcess(key=key, what="process")
    return found


def newest_versions() -> dict[str, tuple[int, Definition]]:
    """Return each process's newest version, by key: its id and its definition."""
    numbers = dict(ProcessVersion.objects.order_by("key").values_list("key").annotate(Max("number")))
    rows = ProcessVersion.objects.order_by("key", "number").values_list("key", "number", "id")
    return {key: (id_, store.definition_of(id_)) for key, number, id_ in rows if numbers[key] == number}
