"""Major incidents: the room in which one is led, what is told to each council, and the report with its actions."""

from django.db import models
from django.db.models import Q

from moothall.councils.models import Council, CouncilOwned, Staff
from moothall.estate.models import Item
from moothall.process.models import Case
from moothall.servicedesk.models.calls import Call


class Major(CouncilOwned):
    """One major incident: a P1 with a room of its own, worked on as a case of `ict-major-incident`.

    What later ones are compared by is the cause: its kind and the item at fault.
    """

    class State(models.TextChoices):
        OPEN = "open", "Going on"
        RESTORED = "restored", "Restored, report to be written"
        REVIEW = "review", "Report in review"
        CLOSED = "closed", "Report approved"
        STOOD_DOWN = "stood-down", "Stood down"

    class Cause(models.TextChoices):
        """What lay behind it, as the report says."""

        CHANGE = "change", "A change"
        HARDWARE = "hardware", "Hardware"
        SOFTWARE = "software", "Software"
        CAPACITY = "capacity", "Capacity"
        NETWORK = "network", "Network or line"
        POWER = "power", "Power or cooling"
        CERTIFICATE = "certificate", "An expired certificate or licence"
        SECURITY = "security", "A security incident"
        MISTAKE = "mistake", "A mistake in operation"
        SUPPLIER = "supplier", "A supplier's failure"
        UNKNOWN = "unknown", "Not known"

    class Owner(models.TextChoices):
        """Whose cause it was; figures are split by it."""

        SHARED = "shared", "The shared service"
        COUNCIL = "council", "A council's own team"
        SUPPLIER = "supplier", "A supplier"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.OneToOneField(Call, models.PROTECT, related_name="major")
    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    bridge = models.CharField(max_length=200, blank=True)
    every_minutes = models.PositiveSmallIntegerField(default=30, help_text="How often users are told.")
    opened_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=12, choices=Cause, blank=True)
    cause_item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    cause_owner = models.CharField(max_length=8, choices=Owner, blank=True)
    summary = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    went_well = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    report_due_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(
        null=True, blank=True, help_text="When the report first went to review."
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    public_text = models.TextField(blank=True, help_text="The redacted report, as published.")
    public_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who wrote it last."
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["council", "opened_at"], name="desk_majors_by_time"),
            models.Index(fields=["cause_item", "cause"], name="desk_majors_by_cause"),
        ]

    def __str__(self) -> str:
        return self.title


class RoomEntry(CouncilOwned):
    """One line of the timeline, kept live. A line is never changed: `corrects` names the one that it puts right."""

    class Kind(models.TextChoices):
        FACT = "fact", "What happened"
        ACTION = "action", "What was done"
        DECISION = "decision", "Decision"
        NOTICE = "notice", "What users were told"
        CALL_OUT = "call-out", "Who was called"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    major = models.ForeignKey(Major, models.CASCADE, related_name="entries", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FACT)
    at = models.DateTimeField(help_text="When it happened, as far as is known.")
    text = models.TextField()
    by = models.CharField(max_length=150)
    written_at = models.DateTimeField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["major", "at", "id"], name="desk_room_in_order")]

    def __str__(self) -> str:
        return f"{self.at}: {self.text[:40]}"


class Notice(CouncilOwned):
    """What one council was told, and by when it hears again. `council` is whom it was for."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    major = models.ForeignKey(Major, models.CASCADE, related_name="notices", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["major", "council", "at"], name="desk_notices_of_major")]

    def __str__(self) -> str:
        return f"{self.council_id} at {self.at}"


class CallOut(CouncilOwned):
    """Somebody was called in, and whether they came."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    major = models.ForeignKey(Major, models.CASCADE, related_name="call_outs", db_index=False)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=100, blank=True)
    called_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["major", "called_at"], name="desk_call_outs_of_major")]

    def __str__(self) -> str:
        return self.name


class LessonAction(CouncilOwned):
    """Something that was promised, so that it does not happen again: whose it is, by when, and whether it was done."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    major = models.ForeignKey(Major, models.CASCADE, related_name="actions", db_index=False)
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_text = models.CharField(max_length=300, blank=True)
    done_by = models.CharField(max_length=150, blank=True)
    dropped_why = models.CharField(max_length=300, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["major", "due_on"], name="desk_actions_of_major"),
            models.Index(fields=["council", "due_on"], name="desk_actions_open", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return self.text
