"""Each time that a call was resolved, for calls that were reopened: what their row alone cannot say.

A call keeps when it was first and last resolved and last reopened. From the second time on, that is not enough to say
when it was open in a past month, so each time has a row here. A call that was never reopened has none.
"""

from django.db import models

from moothall.councils.models import Council, CouncilOwned
from moothall.servicedesk.models.calls import Call


class Resolution(CouncilOwned):
    """One time that a call was resolved, until it was reopened."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="resolutions", db_index=False)
    resolved_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["call", "resolved_at"], name="desk_resolutions_of_call")]

    def __str__(self) -> str:
        return f"{self.call_id} at {self.resolved_at}"
