"""What is kept: the record, its seals and checkpoints, the jobs, and whose turn it is."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """One thing that happened. Only ever added (`actions.write`); triggers refuse anything else.

    The user and the council are plain numbers: the record outlives the rows they point to.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    what = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    council_id = models.BigIntegerField(null=True)
    facts = models.TextField()
    request_id = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["about", "id"], name="journal_entry_about")]

    def __str__(self) -> str:
        return f"{self.id} {self.what} {self.about}"


class Seal(models.Model):
    """One link of a council's chain: its hash covers the entry and all that went before it."""

    PARTNERSHIP: ClassVar[int] = 0

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, db_constraint=False)
    council_id = models.BigIntegerField()  # 0 for what concerns the partnership as a whole
    seq = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council_id", "seq"], name="journal_seal_one_chain")]

    def __str__(self) -> str:
        return f"{self.council_id}/{self.seq} {self.hash[:12]}"


class Checkpoint(models.Model):
    """All heads at one moment, signed. A copy kept elsewhere proves that nothing was cut off or rewritten."""

    at = models.DateTimeField()
    body = models.TextField()  # the canonical JSON that was signed: at, heads, root, previous
    root = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"{self.id} {self.root[:12]}"


class Job(models.Model):
    """Work to be done outside the request: at least once, by one worker at a time, in no council's shadow."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    task = models.CharField(max_length=200)
    args = models.TextField()  # canonical JSON: {"args": […], "kwargs": {…}}
    key = models.CharField(max_length=200, default="")
    council_id = models.BigIntegerField(null=True)
    lane = models.BigIntegerField(default=0)  # the council, or 0: lanes are served in turn
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    posted_at = models.DateTimeField()
    run_after = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    token = models.PositiveBigIntegerField(default=0)  # rises with each lease; only its holder may finish
    holder = models.CharField(max_length=80, default="")
    leased_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.TextField(default="null")
    last_error = models.TextField(default="")
    request_id = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="journal_job_key_once"),
        ]
        indexes = [
            models.Index(
                "lane",
                F("priority").desc(),
                "run_after",
                name="journal_job_ready",
                condition=Q(state="ready"),
            ),
            models.Index(fields=["state", "leased_until"], name="journal_job_leases"),
            models.Index(fields=["state", "finished_at"], name="journal_job_endings"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.task} {self.state}"


class Turn(models.Model):
    """Whose turn a piece of periodic work is, and when it was last done."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=80, default="")
    held_until = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
