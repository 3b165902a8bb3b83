"""What was written to whom, what came in, and, in the demonstration, the mailbox that keeps what went out."""

from django.db import models
from django.db.models import Q

from moothall.councils.models import Council, CouncilOwned


class Message(CouncilOwned):
    """One message of a council. `key` names its cause: the same cause never makes two messages."""

    class Channel(models.TextChoices):
        EMAIL = "email", "Email"

    class Direction(models.TextChoices):
        OUT = "out", "Sent by the council"
        IN = "in", "Received by the council"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be delivered"
        RECEIVED = "received", "Received"

    # found by what it is about: an index by council would tempt SQLite away from that one
    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    about = models.CharField(max_length=80)
    sender = models.CharField(max_length=320, blank=True, db_default="")  # of what came in
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(default="", blank=True)
    key = models.CharField(max_length=180, unique=True)
    message_id = models.CharField(max_length=250)
    answers = models.CharField(max_length=250, blank=True, db_default="")  # the Message-ID that it answers
    replies_itself = models.BooleanField(db_default=False)  # an automatic answer, and marked as one
    reply_to = models.CharField(
        max_length=320, blank=True, db_default=""
    )  # where answers go, if not to its council
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, default="", blank=True)

    class Meta(CouncilOwned.Meta):
        db_table = "messages_message"
        indexes = [
            models.Index(fields=["about", "id"], name="messages_message_about"),
            models.Index(fields=["message_id"], name="messages_message_by_id"),
            models.Index(
                fields=["state", "created_at"],
                name="messages_message_waiting",
                condition=Q(state__in=["queued", "failed"]),
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


class Mailbox(CouncilOwned):
    """An address at which a council takes mail: fetched by IMAP, or handed to our webhook, signed."""

    class Kind(models.TextChoices):
        IMAP = "imap", "Fetched by IMAP"
        WEBHOOK = "webhook", "Handed over, signed"

    class Security(models.TextChoices):
        TLS = "tls", "TLS from the first word"
        STARTTLS = "starttls", "STARTTLS"
        NONE = "none", "None: only on this machine"

    address = models.CharField(max_length=254, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    host = models.CharField(max_length=250, blank=True)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    user = models.CharField(max_length=250, blank=True)
    sealed = models.TextField(help_text="The password, or the secret that letters are signed with.")
    folder = models.CharField(max_length=250, default="INBOX")
    plus = models.BooleanField(default=False, help_text="Mail to name+anything@… arrives here, too.")
    purpose = models.SlugField(
        max_length=20,
        blank=True,
        db_default="",
        default="",
        help_text="What it is for, if it is no council's own mail: then what comes may be any council's.",
    )
    uidvalidity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, help_text="After a failure: when it is tried again.")

    class Meta(CouncilOwned.Meta):
        db_table = "messages_mailbox"
        verbose_name = "mailbox"
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.address


class Received(CouncilOwned):
    """A letter that came in, from the moment it was kept, and what became of it. The same letter twice is one."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits to be put to its place"
        FILED = "filed", "Put to its place"
        SET_ASIDE = "set-aside", "Set aside"

    class Kind(models.TextChoices):
        LETTER = "letter", "A letter"
        AUTO_REPLY = "auto-reply", "An automatic answer"
        BOUNCE = "bounce", "News that something was not delivered"
        BULK = "bulk", "To a mailing list"
        LOOP = "loop", "Going round in a loop"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="received", db_index=False)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    is_whole = models.BooleanField(
        default=True, help_text="Without: only its head; the rest is on the server."
    )
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it waits, or was set aside.")
    tries = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LETTER)
    sender_name = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    to = models.TextField(blank=True)
    subject = models.CharField(max_length=300, blank=True)
    letter_id = models.CharField(max_length=250, blank=True, help_text="Its own Message-ID.")
    answers = models.TextField(blank=True, help_text="The Message-IDs that it answers, one a line.")
    written_at = models.DateTimeField(null=True)
    snippet = models.CharField(max_length=300, blank=True)
    thread = models.CharField(
        max_length=80, blank=True, help_text="What the letter that it answers is about."
    )
    message = models.OneToOneField(
        Message,
        models.SET_NULL,
        null=True,
        related_name="received",
        help_text="What it became when it was filed.",
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta(CouncilOwned.Meta):
        db_table = "messages_received"
        verbose_name = "letter"
        verbose_name_plural = "letters"
        constraints = [models.UniqueConstraint(fields=["mailbox", "digest"], name="messages_received_once")]
        indexes = [
            models.Index(
                fields=["council", "arrived_at"],
                name="messages_received_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["council", "-arrived_at"],
                name="messages_received_aside",
                condition=Q(state="set-aside"),
            ),
            models.Index(
                fields=["sender", "thread", "arrived_at"],
                name="messages_received_thread",
                condition=~Q(thread=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"letter {self.pk}"


class Raw(CouncilOwned):
    """A letter byte for byte, packed. In the database, so that it and its row are kept, or not, by one commit."""

    received = models.OneToOneField(Received, models.CASCADE, primary_key=True, related_name="raw")
    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    packed = models.BinaryField()

    class Meta(CouncilOwned.Meta):
        db_table = "messages_raw"

    def __str__(self) -> str:
        return f"letter {self.pk}, as it came"
