"""The figures of the house in the text form that Prometheus reads."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Min, Q

from moothall import __version__
from moothall.config.observability.middleware import tally
from moothall.config.observability.tally import BOUNDS
from moothall.councils import scope
from moothall.journal import queries as journal
from moothall.messages.queries import mail_state
from moothall.process.models import Case, Step

Sample = tuple[dict[str, str], float]


def page(now: datetime) -> str:
    """Return every figure. Names of views, states and councils are all the labels there are."""
    return "".join([*house(), *requests(), *work(now), *cases(now)])


def house() -> Iterator[str]:
    """Say which version answers."""
    yield metric("moothall_info", "gauge", "The running version.", [({"version": __version__}, 1)])


def requests() -> Iterator[str]:
    """Count what was asked for, by view and class of status, and how long answers took."""
    counted = sorted(tally().total().items())
    told, buckets = [], []
    for name, count in counted:
        view, _, status = name.partition(" ")
        labels = {"view": view, "status": status or "other"}
        told.append((labels, float(count.times)))
        for bound, within in zip(BOUNDS, count.within, strict=True):
            buckets.append(("_bucket", {**labels, "le": str(bound)}, float(within)))
        buckets.append(("_bucket", {**labels, "le": "+Inf"}, float(count.times)))
        buckets.append(("_sum", labels, count.seconds))
        buckets.append(("_count", labels, float(count.times)))
    yield metric("moothall_requests_total", "counter", "Requests answered.", told)
    name = "moothall_request_seconds"
    yield f"# HELP {name} Time taken to answer.\n# TYPE {name} histogram\n"
    yield "".join(line(name + suffix, labels, value) for suffix, labels, value in buckets)


def work(now: datetime) -> Iterator[str]:
    """Count jobs and mail by state, and say how far the queue and the seal lag behind."""
    found, mail = journal.waiting(now), mail_state()
    jobs = {"ready": found.ready, "running": found.running, "dead": found.dead}
    yield metric("moothall_jobs", "gauge", "Jobs that are not done, by state.", by_state(jobs))
    wait, lag = found.oldest_due.total_seconds(), found.oldest_unsealed.total_seconds()
    yield metric(
        "moothall_job_wait_seconds", "gauge", "How long the oldest due job has waited.", [({}, wait)]
    )
    yield metric("moothall_journal_unsealed", "gauge", "Entries not sealed yet.", [({}, found.unsealed)])
    yield metric("moothall_journal_unsealed_seconds", "gauge", "Age of the oldest of them.", [({}, lag)])
    letters = by_state({"queued": mail.queued, "failed": mail.failed})
    yield metric("moothall_messages", "gauge", "Messages that were not sent, by state.", letters)


def by_state(counted: Mapping[str, int]) -> list[Sample]:
    """Return one sample for each state."""
    return [({"state": state}, number) for state, number in counted.items()]


def cases(now: datetime) -> Iterator[str]:
    """Count open and late cases of each council."""
    with scope.everything("figures name counts only"):
        open_ones = Case.objects.filter(status=Case.Status.OPEN).values("council__code")
        counted = list(open_ones.annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now))))
        oldest = Step.objects.filter(state=Step.State.OPEN).aggregate(at=Min("due_at"))["at"]
    rows = [({"council": row["council__code"]}, row) for row in counted]
    yield metric("moothall_cases_open", "gauge", "Open cases.", [(at, float(row["n"])) for at, row in rows])
    late = [(at, float(row["late"])) for at, row in rows]
    yield metric("moothall_cases_late", "gauge", "Open cases past their time.", late)
    overdue = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    name = "moothall_step_most_overdue_seconds"
    yield metric(name, "gauge", "How far the most overdue step is over its time.", [({}, overdue)])


def metric(name: str, kind: str, meaning: str, samples: Iterable[Sample]) -> str:
    """Write one figure with all its samples."""
    lines = "".join(line(name, labels, value) for labels, value in samples)
    return f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n{lines}"


def line(name: str, labels: dict[str, str], value: float) -> str:
    r"""Write one sample.

    >>> line("jobs", {"state": "ready"}, 3.0)
    'jobs{state="ready"} 3\n'
    """
    inside = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {value:.10g}\n" if inside else f"{name} {value:.10g}\n"


def escaped(text: str) -> str:
    """Write a label's value so that nothing in it ends it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
