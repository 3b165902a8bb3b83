"""What the register keeps: persons, each council's record of them, facts, relationships, and the links between records.

A person is nothing but a reference. What a council holds hangs on a *record* of that council, and stays on it for ever:
facts, relationships, cases, contacts and documents. Which records are one person follows from the *links* between
records, and from nothing else. So a merge moves nothing, and undoing one loses nothing.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from moothall.councils.models import Council, CouncilOwned
from moothall.process.models import Case


def _council() -> "models.ForeignKey[Council, Council]":
    """Return the council of a row: without an index of its own, which would tempt SQLite away from a better one."""
    return models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)


class Person(models.Model):
    """One person, as far as anybody knows. It belongs to no council, and says nothing about anybody."""

    reference = models.CharField(max_length=20, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference


class Record(CouncilOwned):
    """What one council holds about one person.

    `person` is who it is taken to be now: the oldest `origin` among the records that links join with this one.
    `name`, `born`, `address` and `traits` say it in short, and follow from the facts. `seq` counts the changes.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        ERASED = "erased", "Erased"

    council = _council()
    person = models.ForeignKey(Person, models.PROTECT, related_name="records")
    origin = models.ForeignKey(Person, models.PROTECT, related_name="origins")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    name = models.CharField(max_length=200, blank=True)
    born = models.DateField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True)
    traits = models.JSONField(
        default=dict, help_text="What tells people apart, in short: see `rules/known.py`."
    )
    source = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    seq = models.PositiveIntegerField(default=0)
    circle = models.CharField(
        max_length=400,
        blank=True,
        help_text="The teams for whom a locked record is open; empty for all staff.",
    )
    locked_why = models.CharField(
        max_length=200, blank=True, help_text="What anybody may read about the lock."
    )
    restricted_at = models.DateTimeField(null=True, blank=True)
    restricted_why = models.CharField(max_length=500, blank=True)
    hold_why = models.CharField(max_length=500, blank=True, help_text="Why it must not be destroyed.")
    keep_until = models.DateField(null=True, blank=True, help_text="When it is due for review.")

    class Meta(CouncilOwned.Meta):
        verbose_name = "person"
        verbose_name_plural = "people"
        indexes = [
            # for all: SQLite would not use an index of those with an address, of which it cannot know that we ask
            models.Index(fields=["council", "address"], name="persons_record_at_home"),
            models.Index(
                fields=["council"], name="persons_record_restricted", condition=Q(restricted_at__isnull=False)
            ),
            models.Index(
                fields=["council", "keep_until"],
                name="persons_record_due",
                condition=Q(keep_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class Fact(CouncilOwned):
    """One thing that a council holds about a person, from one source, at one time.

    `since` and `until` say when it was so; `recorded_at` and `ended_at` when the council believed it. `body` has the
    parts that its kind knows (`rules/kinds`). A fact is never changed: another takes its place, and this one ends.
    """

    council = _council()
    record = models.ForeignKey(Record, models.CASCADE, related_name="facts", db_index=False)
    kind = models.CharField(max_length=20)
    body = models.JSONField()
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    circle = models.CharField(
        max_length=400, blank=True, help_text="The teams that may see it; empty for all who see the record."
    )
    source = models.CharField(max_length=80)
    source_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["record", "kind"], name="persons_fact_of_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Relationship(CouncilOwned):
    """How one person stands to another, as a council holds it: kin, carer, representative.

    `kind` is what `other` is to `record`. A representative acts for `record`: with dated consent, and
    for as much as `scope` says.
    """

    council = _council()
    record = models.ForeignKey(Record, models.CASCADE, related_name="relationships")
    other = models.ForeignKey(Record, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=30)
    scope = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_how = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(record=F("other")), name="persons_relationship_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Link(CouncilOwned):
    """What is known of two records: that they are the same person, that they never are, or that somebody should look.

    The ledger of the register. It belongs to the council of the lower record. Rows are only ended, never changed: who
    decided what, when, by which model and why stays.
    """

    class Kind(models.TextChoices):
        SAME = "same", "The same person"
        APART = "apart", "Two people"
        MAYBE = "maybe", "Perhaps the same person"

    council = _council()
    low = models.ForeignKey(Record, models.CASCADE, related_name="links_up")
    high = models.ForeignKey(Record, models.CASCADE, related_name="links_down")
    kind = models.CharField(max_length=5, choices=Kind)
    score = models.FloatField(null=True, blank=True, help_text="In bits: log2 of the odds.")
    model = models.PositiveIntegerField(
        default=0, help_text="The version of the weights; 0 if a person judged."
    )
    reasons = models.JSONField(default=list)
    why = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    made_by_user = models.PositiveBigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="persons_link_in_order"),
            models.UniqueConstraint(
                fields=["low", "high"], condition=Q(ended_at=None), name="persons_link_one_in_force"
            ),
        ]
        indexes = [
            models.Index(
                F("council"),
                F("score").desc(),
                F("id"),
                name="persons_link_to_review",
                condition=Q(kind="maybe", ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low_id} {self.high_id}"


class CasePerson(CouncilOwned):
    """Whom a case is about. Without a record, nobody knows yet: somebody has to look (`candidates` says at whom)."""

    class How(models.TextChoices):
        MATCHED = "matched", "Matched by itself"
        NEW = "new", "Added with the request"
        CHOSEN = "chosen", "Chosen by a member of staff"
        ACCOUNT = "account", "Asked from their own account"

    council = _council()
    case = models.OneToOneField(Case, models.CASCADE, related_name="person")
    record = models.ForeignKey(Record, models.SET_NULL, null=True, blank=True, related_name="cases")
    how = models.CharField(max_length=10, choices=How, blank=True)
    score = models.FloatField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["council", "at"], name="persons_case_of_nobody", condition=Q(record=None)),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id}"


class FindKey(CouncilOwned):
    """One key by which a record is found: a word, a number or a blocking key, as 64 bits of its digest."""

    council = _council()
    pk = models.CompositePrimaryKey("key", "council_id", "record_id")
    key = models.BigIntegerField()
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)

    def __str__(self) -> str:
        return str(self.key)


class Spelling(CouncilOwned):
    """A name that a council's register has, and one of the ways in which it might be mistyped (a letter left out)."""

    council = _council()
    pk = models.CompositePrimaryKey("variant", "council_id", "word")
    variant = models.CharField(max_length=40)
    word = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.word


class MatchModel(models.Model):
    """A version of the weights by which records are compared; the newest is in force. Version 0 comes as a file."""

    number = models.PositiveIntegerField(primary_key=True)
    body = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return str(self.number)


class Cutoff(CouncilOwned):
    """From which score on (bits) a council lets records be linked by themselves, and from which somebody is asked."""

    council = models.OneToOneField(Council, models.PROTECT, related_name="+")
    link = models.FloatField()
    ask = models.FloatField()

    def __str__(self) -> str:
        return f"{self.link} {self.ask}"


class Connection(CouncilOwned):
    """A resident's account, connected with a record: what they may see of it, and correct."""

    class How(models.TextChoices):
        LETTER = "letter", "Reference and code from a letter"
        IDENTITY = "identity", "Identity proved when signing in"
        STAFF = "staff", "By a member of staff"

    council = _council()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, models.CASCADE, related_name="connections")
    how = models.CharField(max_length=10, choices=How)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["user", "council"], condition=Q(ended_at=None), name="persons_connection_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.record_id}"


class LetterCode(CouncilOwned):
    """The code of one letter, by its digest: used once, for so many tries, until it expires."""

    council = _council()
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"letter {self.pk}"


class Disposal(CouncilOwned):
    """A record that was proposed for destruction, what became of that, and the certificate of what was destroyed.

    `rule` is the rule of the retention schedule, or the ground in law; `counts` says how much was destroyed of what.
    It names nobody but staff.
    """

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        DESTROYED = "destroyed", "Destroyed"
        KEPT = "kept", "Kept longer"

    council = _council()
    record = models.ForeignKey(Record, models.PROTECT, related_name="disposals")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PROPOSED)
    rule = models.CharField(max_length=40)
    why = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)
    kept_until = models.DateField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=150)
    proposed_by_user = models.PositiveBigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_by_user = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(outcome="proposed"), name="persons_disposal_one_open"
            ),
        ]
        indexes = [models.Index(fields=["council", "-decided_at"], name="persons_disposal_decided")]

    def __str__(self) -> str:
        return f"disposal {self.pk}"
