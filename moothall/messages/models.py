"""What was written to whom, and, in the demonstration, the mailbox that keeps it."""

from django.db import models

from moothall.councils.models import Council, CouncilOwned


class Message(CouncilOwned):
    """One message of a council. `key` names its cause: the same cause never makes two messages."""

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"

    class Direction(models.TextChoices):
        OUT = "out", "Sent by the council"
        IN = "in", "Received by the council"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be delivered"

    # found by what it is about: an index by council would tempt SQLite away from that one
    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    about = models.CharField(max_length=80)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(default="", blank=True)
    key = models.CharField(max_length=180, unique=True)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, default="", blank=True)

    class Meta(CouncilOwned.Meta):
        db_table = "messages_message"
        indexes = [
            models.Index(fields=["about", "id"], name="messages_message_about"),
            models.Index(
                fields=["state", "created_at"],
                name="messages_message_not_sent",
                condition=~models.Q(state="sent"),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class KeptMail(models.Model):
    """A letter in the demonstration's mailbox. It belongs to nobody: everybody there is made up."""

    at = models.DateTimeField(db_index=True)
    sender = models.CharField(max_length=320)
    to = models.CharField(max_length=1000)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    message_id = models.CharField(max_length=200)

    class Meta:
        db_table = "messages_kept_mail"

    def __str__(self) -> str:
        return self.subject
