"""What this room keeps: which services a council has switched off, drafts under way, and requests that were made."""

from django.conf import settings
from django.db import models

from moothall.councils.models import CouncilOwned
from moothall.process.models import Case, ProcessVersion


class Channel(models.TextChoices):
    """How the resident reached the council."""

    WEB = "web", "Website"
    PHONE = "phone", "Phone"
    FACE_TO_FACE = "face-to-face", "Face to face"
    EMAIL = "e-mail", "Email"
    LETTER = "letter", "Letter"


class Prefers(models.TextChoices):
    """How the resident would like to be contacted."""

    EMAIL = "email", "Email"
    PHONE = "phone", "Phone"


class CouncilService(CouncilOwned):
    """A council's own word on one service. Without a row, a service for its kind of council is open."""

    service = models.CharField(max_length=60)
    is_open = models.BooleanField(default=True)
    words = models.CharField(max_length=500, blank=True, help_text="What residents read while it is closed.")

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["council", "service"], name="requests_service_once")]

    def __str__(self) -> str:
        return self.service


class Request(CouncilOwned):
    """What somebody asked for: who they are and how they came. What becomes of it is the case."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="request")
    service = models.CharField(max_length=60)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    prefers = models.CharField(max_length=10, choices=Prefers, blank=True)
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.WEB)
    token_digest = models.CharField(max_length=64)
    token_sealed = models.CharField(max_length=200)
    submission = models.CharField(max_length=40, unique=True, help_text="The same submission is one request.")
    link_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["requester", "council", "-created_at"], name="requests_of_requester"),
        ]

    def __str__(self) -> str:
        return self.submission


class Draft(CouncilOwned):
    """Answers under way. It keeps the version it was begun with, and is deleted 28 days after its last change."""

    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+")
    service = models.CharField(max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    answers = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    files = models.JSONField(default=dict, help_text="What is known of each file that was sent, by digest.")
    token_digest = models.CharField(max_length=64, unique=True)
    token_sealed = models.CharField(max_length=200)
    links_sent = models.PositiveSmallIntegerField(default=0)
    submission = models.CharField(max_length=40, unique=True)
    request = models.OneToOneField(Request, models.CASCADE, null=True, blank=True, related_name="draft")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(
                fields=["owner", "council", "service"],
                name="requests_drafts_of_owner",
                condition=models.Q(request=None),
            ),
        ]

    def __str__(self) -> str:
        return self.service
