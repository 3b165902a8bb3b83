"""Waves: what is done to a call and then, by jobs, to every call under it, and how far that has come."""

from django.conf import settings
from django.db import models

from moothall.councils.models import Council, CouncilOwned
from moothall.servicedesk.models.calls import Call


class Wave(CouncilOwned):
    """One thing that is done to all calls under one, each by itself. What is written stands in its jobs alone."""

    class Kind(models.TextChoices):
        RESOLVE = "resolve", "Resolving"
        TELL = "tell", "Writing to"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    parent = models.ForeignKey(Call, models.CASCADE, related_name="waves", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    begun_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    house_helps = models.BooleanField(
        default=False,
        help_text="What whoever began it may not do, the house does: a service is back for all.",
    )

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["parent", "id"], name="desk_waves_of_call")]

    def __str__(self) -> str:
        return f"{self.kind} {self.parent_id}"


class WaveCall(CouncilOwned):
    """One call of a wave. `seen` is the event of its case after which nobody may have changed it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits"
        DONE = "done", "Done"
        LEFT = "left", "Left alone"
        FAILED = "failed", "Not possible"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="calls", db_index=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="in_waves", db_index=False)
    seen = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["wave", "call"], name="desk_wave_call_once")]
        indexes = [
            models.Index(fields=["call"], name="desk_waiting_in_waves", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.call_id}"
