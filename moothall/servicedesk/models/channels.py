"""How calls and facts come in from other systems: keys of the API, signed feeds, alerts of monitoring, imports."""

from django.db import models
from django.db.models import Q

from moothall.councils.models import Council, CouncilOwned
from moothall.estate.models import Item
from moothall.servicedesk.models.calls import Call


class ApiKey(CouncilOwned):
    """Lets another system log and read one council's calls. Only its digest is kept; `prefix` is how people know it."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    may = models.JSONField(default=list, help_text="What it may do: “log”, “read”, “write”.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["council", "name"], name="desk_keys_of_council")]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class Feed(CouncilOwned):
    """A system that sends signed messages: monitoring that raises alerts, or a record of changes that were made.

    The secret is sealed; messages are signed as Standard Webhooks say.
    """

    class Kind(models.TextChoices):
        MONITORING = "monitoring", "Alerts of monitoring"
        CHANGES = "changes", "Changes that were observed"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind)
    secret = models.TextField(help_text="Sealed.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["council", "kind"], name="desk_feeds_of_council")]

    def __str__(self) -> str:
        return self.name


class Alert(CouncilOwned):
    """One thing that monitoring reports, however often: the same key is one alert and one call until it clears."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, models.PROTECT, related_name="alerts", db_index=False)
    key = models.CharField(max_length=200)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="alerts")
    summary = models.CharField(max_length=200)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "key"], condition=Q(cleared_at=None), name="desk_alert_once"
            )
        ]

    def __str__(self) -> str:
        return self.summary


class ImportRun(CouncilOwned):
    """Calls were brought in from a file of another system: what was mapped to what, and what became of each row."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(
        default=0, help_text="Rows that an earlier import had brought already."
    )
    refused = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list, help_text="Of each refused row: its line, and why.")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["council", "at"], name="desk_imports_by_time")]

    def __str__(self) -> str:
        return self.name
