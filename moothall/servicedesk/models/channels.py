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
    minute = models.PositiveBigIntegerField(default=0, help_text="The minute of its last use, since 1970.")
    asked = models.PositiveIntegerField(default=0, help_text="How often it was used in that minute.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["council", "name"], name="desk_keys_of_council")]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class ApiCall(CouncilOwned):
    """A call was logged by another system, under a key of its own choice: asked again, it gets the same call."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="logged", db_index=False)
    idempotency = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, help_text="Of what was asked for.")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["key", "idempotency"], name="desk_api_call_once")]

    def __str__(self) -> str:
        return self.idempotency


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
    shape = models.CharField(max_length=20, default="plain", help_text="How its messages are written.")
    heard_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="Why its last message was not taken.")
    storm = models.ForeignKey(
        Call,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The call of its last storm.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["council", "kind"], name="desk_feeds_of_council")]

    def __str__(self) -> str:
        return self.name


class Heard(CouncilOwned):
    """A message of a feed that was taken: the same one again is refused. Forgotten when it would be too old anyhow."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="heard", db_index=False)
    message = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["feed", "message"], name="desk_heard_once")]
        indexes = [models.Index(fields=["at"], name="desk_heard_by_time")]

    def __str__(self) -> str:
        return self.message


class Alert(CouncilOwned):
    """One thing that monitoring reports, however often: the same key is one alert and one call until it clears."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, models.PROTECT, related_name="alerts", db_index=False)
    key = models.CharField(max_length=200)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="alerts")
    summary = models.CharField(max_length=200)
    severity = models.CharField(max_length=10, blank=True)
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
        indexes = [models.Index(fields=["feed", "first_at"], name="desk_alerts_by_time")]

    def __str__(self) -> str:
        return self.summary


class ImportRun(CouncilOwned):
    """Calls are brought in from a file of another system: what was mapped to what, and what became of each row.

    `packed` is the file, until it is read; `source` names the other system, whose references are its own.
    """

    class State(models.TextChoices):
        LOOKED_AT = "looked-at", "Looked at"
        WAITING = "waiting", "Being brought in"
        DONE = "done", "Brought in"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    source = models.SlugField(max_length=40, default="import")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State, default=State.LOOKED_AT)
    packed = models.BinaryField(default=bytes)
    mapping = models.JSONField(default=dict)
    judged = models.BooleanField(default=True, help_text="Whether closed calls are held to the targets.")
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


class Imported(CouncilOwned):
    """A call that was brought in, and what it was called there: so that no row is ever brought in twice."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    source = models.SlugField(max_length=40)
    reference = models.CharField(max_length=80)
    call = models.OneToOneField(Call, models.CASCADE, related_name="imported")

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["council", "source", "reference"], name="desk_imported_once")
        ]

    def __str__(self) -> str:
        return self.reference
