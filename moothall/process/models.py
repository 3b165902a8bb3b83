"""What the engine keeps: definitions in versions, cases, their steps, clocks and events."""

from django.conf import settings
from django.db import models

from moothall.councils.models import Council, CouncilOwned, Staff, Team
from moothall.process.engine.state import NEVER


def _council() -> "models.ForeignKey[Council, Council]":
    """Return the council of a row: without an index of its own, which would tempt SQLite away from a better one."""
    return models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)


class ProcessVersion(models.Model):
    """One published definition. It never changes; the next publication is the next number.

    With an `overlay`, it is what one council made of the shared version `base`: its own clocks, teams and words. A case
    follows one version, whichever it is.
    """

    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    body = models.TextField(help_text="The definition as canonical JSON.")
    source = models.TextField(help_text="The definition as its author wrote it.")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    council = models.ForeignKey(Council, models.PROTECT, null=True, blank=True, related_name="+")
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="overlays")
    overlay = models.TextField(blank=True, help_text="The council's overlay as its author wrote it.")

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "number"], condition=models.Q(council=None), name="process_version_once"
            ),
            models.UniqueConstraint(
                fields=["key", "number", "council"],
                condition=models.Q(council__isnull=False),
                name="process_overlaid_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class ProcessDraft(models.Model):
    """A process, or a council's overlay of one, while somebody writes it. `seq` counts its saves.

    Where the partnership wants two people, one proposes it and another publishes it.
    """

    key = models.CharField(max_length=60)
    council = models.ForeignKey(Council, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.TextField()
    seq = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(council=None), name="process_draft_once"
            ),
            models.UniqueConstraint(
                fields=["key", "council"],
                condition=models.Q(council__isnull=False),
                name="process_overlay_draft_once",
            ),
        ]

    def __str__(self) -> str:
        return self.key


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
    origins = models.JSONField(
        default=dict, help_text="Of each answer: when it was given, by whom, and where it came from."
    )
    circle = models.CharField(
        max_length=400, blank=True, help_text="The teams for whom the case exists; empty for all staff."
    )
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
            models.Index(  # in the order of their events, so that an X-ray of all of them sorts nothing
                fields=["process", "id", "council", "opened_at", "circle"], name="process_case_by_process"
            ),
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
    circle = models.CharField(
        max_length=400, blank=True, help_text="The teams that may see the step; empty for all staff."
    )
    wake_at = models.DateTimeField(
        null=True, blank=True, help_text="When time does something: a wait is over, or it opens again."
    )

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
            models.Index(
                fields=["wake_at"],
                name="process_wake",
                condition=models.Q(current=True, wake_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.run}"


class Vote(CouncilOwned):
    """One vote in one run of a step. The database holds what the rules say: one for each person, one for each seat."""

    class Choice(models.TextChoices):
        FOR = "for", "For"
        AGAINST = "against", "Against"
        ABSTAIN = "abstain", "Abstain"

    council = _council()
    step = models.ForeignKey(Step, models.CASCADE, related_name="votes", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    seat = models.CharField(max_length=40, help_text="Whose seat: “council:3”, or the person's own “user:7”.")
    choice = models.CharField(max_length=10, choices=Choice)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["step", "staff"], name="process_vote_once"),
            models.UniqueConstraint(fields=["step", "seat"], name="process_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.choice}"


class Link(CouncilOwned):
    """Two cases that belong together: one was opened by a step of the other, or somebody said so."""

    class Kind(models.TextChoices):
        CHILD = "child", "Handed over"
        OPENED = "opened", "Opened from it"
        RELATED = "related", "Related"
        DUPLICATE = "duplicate", "The same"

    council = _council()
    case = models.ForeignKey(Case, models.CASCADE, related_name="links", db_index=False)
    other = models.ForeignKey(Case, models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind)
    step = models.CharField(
        max_length=60, blank=True, help_text="The step of the case that opened the other."
    )
    run = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="process_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class StepDraft(CouncilOwned):
    """What somebody has typed into an open step and not sent yet. Nobody else's typing is ever overwritten by it."""

    council = _council()
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(max_length=60)
    run = models.PositiveIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    data = models.JSONField(default=dict, help_text="The fields of the page as they were typed.")
    seen = models.PositiveIntegerField(help_text="The `seq` of the case that its writer looked at.")
    saved_at = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "step", "run", "user"], name="process_step_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.run}"


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
    target = models.CharField(
        max_length=60, blank=True, default="", help_text="The answer by which it has its time, if by a table."
    )
    within = models.CharField(max_length=40, blank=True, default="", help_text="How long it has, in words.")
    calendar = models.CharField(
        max_length=40, blank=True, default="", help_text="In which calendar it is counted."
    )
    stood = models.TextField(
        blank=True,
        default="",
        help_text="When it stood still: from and until, in seconds since 1970, as JSON.",
    )
    used_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="The open seconds it has taken without those, once it has ended."
    )
    ended_by = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text="“step”, or “wrote” if writing to whoever asked ended it.",
    )

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
