"""Outages: a system was away for a council's users, planned or not. Their minutes are what availability is made of."""

from django.db import models
from django.db.models import F, Q

from moothall.councils.models import Council, CouncilOwned
from moothall.estate.models import Item
from moothall.servicedesk.models.calls import Call


class Outage(CouncilOwned):
    """One council's users could not use an item. It is shown first to whoever comes to report a fault.

    `users` is how many were hit; minutes times users is the impact. `public` is what users may read, as last said.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="outages")
    major = models.ForeignKey(
        "servicedesk.Major", models.SET_NULL, null=True, blank=True, related_name="outages"
    )
    planned = models.BooleanField(default=False)
    degraded = models.BooleanField(default=False, help_text="It worked, but badly; not counted as away.")
    users = models.PositiveIntegerField(default=0)
    public = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="desk_outage_ends_after_start",
            )
        ]
        indexes = [
            models.Index(fields=["council", "started_at"], name="desk_outages_by_time"),
            models.Index(fields=["council", "item"], name="desk_outages_now", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.council_id}"
