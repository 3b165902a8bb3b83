"""What users say of a call that was closed: would they recommend the desk (NPS), how content are they (CSAT)."""

from django.db import models

from moothall.councils.models import Council, CouncilOwned
from moothall.servicedesk.models.calls import Call


class Survey(CouncilOwned):
    """The question that is put to the user of one closed call. The secret of its link is kept as a digest only."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.OneToOneField(Call, models.CASCADE, related_name="survey")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    recommend = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 10, for NPS.")
    content = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5, for CSAT.")
    words = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the team that closed it read this.")

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["council", "asked_at"], name="desk_surveys_by_asking"),
            models.Index(fields=["council", "answered_at"], name="desk_surveys_by_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}"
