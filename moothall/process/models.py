"""What the engine keeps: definitions in versions, cases, their steps, clocks and events."""

from django.conf import settings
from django.db import models

from moothall.councils.models import Council, CouncilOwned, Staff, Team
from moothall.process.engine.state import NEVER


def _council() -> "models.ForeignKey[Council, Council]":
    """Return the council of a row: without an index of its own, which would tempt SQLite away from a better one."""
    return models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)


class ProcessVersion(models.Model):
    """One published definition. It never changes; the next publication is the next number."""

    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    body = models.TextField(help_text="The definition as canonical JSON.")
    source = models.TextField(help_text="The definition as its author wrote it.")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["key", "-number"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="process_version_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Case(CouncilOwned):
    """One piece of work. `seq` counts its events; every change compares it first and sets it after."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    council = _council()
    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="cases")
    process = models.CharField(max_length=60)
    reference = models.CharField(max_length=20)
    headline = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    ending = models.CharField(max_length=60, blank=True)
    priority = models.CharField(max_length=20, blank=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    seq = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=NEVER)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["reference", "council"], name="process_case_reference_once"),
        ]
        indexes = [
            models.Index(fields=["council", "status", "due_at", "id"], name="process_case_by_due"),
            models.Index(fields=["council", "status", "changed_at", "id"], name="process_case_by_change"),
            models.Index(fields=["requester", "council"], name="process_case_by_requester"),
        ]

    def __str__(self) -> str:
        return self.reference


class Step(CouncilOwned):
    """One run of one step. Only the newest run of a step is `current`; older runs stay as they were."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Not needed"
        RESET = "reset", "Taken back"
        CANCELLED = "cancelled", "Cancelled"

    council = _council()
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", db_index=False)
    key = models.CharField(max_length=60)
    run = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asks_requester = models.BooleanField(default=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    person = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(default=NEVER)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=40, blank=True, help_text="Who did it, as rules compare them.")
    outcome = models.CharField(max_length=60, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "key", "run"], name="process_step_run_once")]
        indexes = [
            models.Index(
                fields=["team", "due_at", "id"], name="process_worklist", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["person", "due_at", "id"], name="process_my_work", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["council", "due_at", "id"],
                name="process_council_work",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["council", "due_at", "id"],
                name="process_with_requester",
                condition=models.Q(state="open", asks_requester=True),
            ),
            models.Index(fields=["case"], name="process_step_current", condition=models.Q(current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.run}"


class Clock(CouncilOwned):
    """One run of one clock: a promise about time, in the council's own calendar."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        MET = "met", "Met"
        MISSED = "missed", "Missed"
        STOPPED = "stopped", "Stopped"

    council = _council()
    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks", db_index=False)
    key = models.CharField(max_length=60)
    run = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(default=NEVER)
    warn_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    left_seconds = models.PositiveIntegerField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sweep_at = models.DateTimeField(null=True, blank=True, help_text="When the sweeper must look next.")

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "key", "run"], name="process_clock_run_once")]
        indexes = [
            models.Index(
                fields=["sweep_at"], name="process_sweep", condition=models.Q(sweep_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.run}"


class Event(CouncilOwned):
    """What happened in a case, one row each. Rows are never changed or deleted: the database refuses it."""

    council = _council()
    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=10)
    actor_user = models.PositiveBigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150)
    step = models.CharField(max_length=60, blank=True)
    run = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=60, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    body = models.TextField(default="{}", help_text="Canonical JSON.")

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="process_event_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Attachment(CouncilOwned):
    """A file that belongs to a case; its bytes are kept once, under their own digest."""

    council = _council()
    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    field = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class SearchWord(CouncilOwned):
    """One word by which a case is found. A plain index serves both databases, and row-level security too."""

    council = _council()
    pk = models.CompositePrimaryKey("word", "council_id", "case_id")
    word = models.CharField(max_length=40)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)

    class Meta(CouncilOwned.Meta):
        pass

    def __str__(self) -> str:
        return self.word
