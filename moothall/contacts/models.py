"""What is kept of a conversation: who, on which channel, about what, and what came of it."""

from django.db import models
from django.db.models import Q

from moothall.councils.models import Council, CouncilOwned, Staff
from moothall.messages.models import Message
from moothall.persons.models import Record
from moothall.process.models import Case


class Channel(models.TextChoices):
    """How a person and the council reached each other."""

    PHONE = "phone", "Phone"
    EMAIL = "e-mail", "Email"
    WEB = "web", "Website"
    FACE_TO_FACE = "face-to-face", "Face to face"
    LETTER = "letter", "Letter"
    WEBCHAT = "webchat", "Webchat"
    SOCIAL = "social", "Social media"


class Contact(CouncilOwned):
    """One conversation on one channel. `record` is whose; without it, nobody knows yet, and `address` may tell."""

    class Direction(models.TextChoices):
        IN = "in", "They reached us"
        OUT = "out", "We reached them"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        REQUEST = "request", "Request made"
        ADDED = "added", "Added to a case"
        CALL_BACK = "call-back", "Call-back promised"
        PASSED_ON = "passed-on", "Passed on"
        SIGNPOSTED = "signposted", "Sent to another organisation"
        NO_ANSWER = "no-answer", "No answer"
        WAITING = "waiting", "Waits to be read"
        SET_ASIDE = "set-aside", "Set aside"

    class Avoidable(models.TextChoices):
        """Contact that good service would have made needless (failure demand; formerly National Indicator 14)."""

        PROGRESS = "progress", "Chasing progress"
        UNCLEAR = "unclear", "A letter or page was unclear"
        REPEATED = "repeated", "Had to ask again"
        MISSED = "missed", "We did not do what we promised"
        WRONG_PLACE = "wrong-place", "Sent to the wrong place"

    class Aside(models.TextChoices):
        """Why nothing is to be done about what came in."""

        NOTHING_ASKED = "no-answer", "It needs no answer"
        ADVERT = "advert", "Advertising or spam"
        TWICE = "twice", "We have it already"
        NOT_OURS = "not-ours", "It is not for a council"

    # found by record, case or address: an index by council would tempt SQLite away from those
    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(
        Record, models.SET_NULL, null=True, blank=True, related_name="contacts", db_index=False
    )
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="contacts", db_index=False
    )
    message = models.OneToOneField(Message, models.SET_NULL, null=True, blank=True, related_name="contact")
    channel = models.CharField(max_length=20, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField(null=True, blank=True, help_text="How long it took.")
    address = models.CharField(
        max_length=320, blank=True, help_text="The phone number or email address, as it is compared."
    )
    given_name = models.CharField(max_length=150, blank=True, help_text="Whom they said they were.")
    about = models.CharField(max_length=60, blank=True, help_text="The service it was about.")
    summary = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    aside = models.CharField(max_length=12, choices=Aside, blank=True, help_text="Why it was set aside.")
    resolved = models.BooleanField(null=True, help_text="Whether it was settled there and then.")
    avoidable = models.CharField(max_length=12, choices=Avoidable, blank=True)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.CharField(max_length=150)
    submission = models.CharField(
        max_length=80, unique=True, help_text="The same form or message is one contact."
    )
    created_at = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(
                fields=["record", "-at"], name="contacts_of_record", condition=Q(record__isnull=False)
            ),
            models.Index(fields=["case", "-at"], name="contacts_of_case", condition=Q(case__isnull=False)),
            # for all: SQLite would not use an index of those with an address, of which it cannot know that we ask
            models.Index(fields=["address", "-at"], name="contacts_of_address"),
            models.Index(fields=["council", "at"], name="contacts_by_time"),
            models.Index(
                fields=["council", "at"], name="contacts_of_nobody", condition=Q(record=None, case=None)
            ),
            models.Index(fields=["council", "at"], name="contacts_waiting", condition=Q(outcome="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
