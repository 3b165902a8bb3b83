"""Changes: what a change adds to its call (window, items, risk), the board that decides, and what was observed."""

from django.db import models
from django.db.models import F, Q

from moothall.councils.models import Council, CouncilOwned, Staff
from moothall.estate.models import Item
from moothall.servicedesk.models.calls import Call
from moothall.servicedesk.models.channels import Feed


class Change(CouncilOwned):
    """One change, worked on as a case of `ict-change`. Risk and impact follow from the items that it touches."""

    class Type(models.TextChoices):
        STANDARD = "standard", "Standard"
        NORMAL = "normal", "Normal"
        EMERGENCY = "emergency", "Emergency"

    class State(models.TextChoices):
        RAISED = "raised", "Being prepared"
        BOARD = "board", "Before the board"
        APPROVED = "approved", "Approved"
        MAKING = "making", "Being made"
        IMPLEMENTED = "implemented", "Implemented"
        FAILED = "failed", "Failed"
        BACKED_OUT = "backed-out", "Backed out"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.OneToOneField(Call, models.PROTECT, related_name="change")
    type = models.CharField(max_length=10, choices=Type)
    state = models.CharField(max_length=12, choices=State, default=State.RAISED)
    impact = models.PositiveSmallIntegerField(default=1, help_text="1 low to 4 very high.")
    risk = models.PositiveSmallIntegerField(default=1, help_text="1 low to 4 very high.")
    complex = models.BooleanField(
        default=False, help_text="Four eyes and a second technical resource are needed."
    )
    retrospective = models.BooleanField(default=False)
    author = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    items = models.ManyToManyField(Item, through="ChangeItem", related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review = models.TextField(blank=True)
    freeze_reason = models.TextField(
        blank=True, help_text="Why it was made although a council wanted nothing changed."
    )
    objectives_met = models.BooleanField(null=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="desk_change_ends_after_start"
            )
        ]
        indexes = [
            models.Index(fields=["council", "starts_at"], name="desk_changes_by_window"),
            models.Index(fields=["council", "finished_at"], name="desk_changes_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}"


class ChangeItem(CouncilOwned):
    """A change touches an item."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    change = models.ForeignKey(Change, models.CASCADE, related_name="touched", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["change", "item"], name="desk_change_item_once")]

    def __str__(self) -> str:
        return f"{self.change_id} touches {self.item_id}"


class Freeze(CouncilOwned):
    """Time in which a council wants nothing changed: an election, the end of the financial year."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=150)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="desk_freeze_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["council", "starts_at"], name="desk_freezes_by_time")]

    def __str__(self) -> str:
        return self.reason


class Seat(CouncilOwned):
    """A council's seat on the change board: who holds it, who stands in for them, and when they do.

    A deputy votes while the holder is away, or is not at the meeting that they are at.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["council"], condition=Q(until=None), name="desk_seat_once")
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} for {self.council_id}"


class Meeting(models.Model):
    """A meeting of the change board. It belongs to no one council; what is on its agenda does."""

    class State(models.TextChoices):
        CALLED = "called", "Called"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    chair = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.CALLED)
    minutes = models.TextField(blank=True)
    present = models.ManyToManyField(Staff, related_name="+", blank=True)
    called_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Change board of {self.at}"


class AgendaItem(CouncilOwned):
    """A change on the agenda of a meeting."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", db_index=False)
    change = models.ForeignKey(Change, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(default=1)
    note = models.TextField(blank=True)

    class Meta(CouncilOwned.Meta):
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "change"], name="desk_agenda_once")]

    def __str__(self) -> str:
        return f"{self.change_id} on {self.meeting_id}"


class Observed(CouncilOwned):
    """A change that somebody or something saw: matched with an approved one in its window, or for people to look at."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", "To be looked at"
        MATCHED = "matched", "Approved change"
        UNAUTHORISED = "unauthorised", "Nobody approved it"
        RETROSPECTIVE = "retrospective", "Approved afterwards"
        HARMLESS = "harmless", "No change to a service"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    source = models.CharField(max_length=100)
    key = models.CharField(max_length=100, help_text="What the source calls it: the same is taken once.")
    at = models.DateTimeField()
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    item_name = models.CharField(max_length=200)
    who = models.CharField(max_length=150, blank=True)
    what = models.CharField(max_length=500)
    verdict = models.CharField(max_length=14, choices=Verdict, default=Verdict.WAITING)
    change = models.ForeignKey(Change, models.SET_NULL, null=True, blank=True, related_name="observed")
    why = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["council", "source", "key"], name="desk_observed_once")
        ]
        indexes = [
            models.Index(fields=["council", "at"], name="desk_observed_by_time"),
            models.Index(
                fields=["council", "at"], name="desk_observed_waiting", condition=Q(verdict="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_name}: {self.what[:40]}"
