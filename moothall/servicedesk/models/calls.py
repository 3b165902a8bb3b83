"""A call: what the desk knows of a case of the engine that is ICT's work. It follows its case, never ahead of it.

The case holds what was asked, who did what and the clocks; the call holds what queues and figures are read by, in
columns that indexes can serve. `moothall.servicedesk.effects` keeps it in step, in the transaction of each change.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from moothall.councils.models import Council, CouncilOwned, Staff, Team
from moothall.estate.models import Item, SupportRoute
from moothall.process.models import Case


class Kind(models.TextChoices):
    """What a call is, in the terms of ITIL 4. Figures never add up calls of different kinds unless they say so."""

    INCIDENT = "incident", "Incident"
    REQUEST = "request", "Service request"
    PROBLEM = "problem", "Problem"
    CHANGE = "change", "Change"
    MAJOR = "major", "Major incident"
    TASK = "task", "Task"


class State(models.TextChoices):
    """How a call stands, for queues and figures. It follows from the open steps of its case (`rules.states`)."""

    NEW = "new", "New"
    OPEN = "open", "In hand"
    APPROVAL = "approval", "With an approver"
    USER = "user", "With the user"
    SUPPLIER = "supplier", "With a supplier"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


class Ended(models.TextChoices):
    """How a closed call ended. Only `done` ones count as resolved."""

    DONE = "done", "Done"
    CANCELLED = "cancelled", "Withdrawn or refused"
    MERGED = "merged", "The same as another"
    MOVED = "moved", "Moved to another council"


class Channel(models.TextChoices):
    """How a call reached the desk."""

    PORTAL = "portal", "Self-service"
    PHONE = "phone", "Phone"
    EMAIL = "email", "Email"
    FACE_TO_FACE = "face-to-face", "Face to face"
    API = "api", "Another system"
    MONITORING = "monitoring", "Monitoring"
    RECURRING = "recurring", "Recurring work"
    IMPORT = "import", "Import"


class Call(CouncilOwned):
    """One call. `open` says that it is not resolved or closed; the open ones are what queues are made of.

    `council` is that of the user: its priorities, hours and words count. `circle` is its case's: for whom it exists.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="call")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    open = models.BooleanField(default=True)
    ended = models.CharField(max_length=10, choices=Ended, blank=True)
    reference = models.CharField(max_length=20)
    headline = models.CharField(max_length=200, blank=True)
    circle = models.CharField(max_length=400, blank=True)
    priority = models.PositiveSmallIntegerField(default=0, help_text="1 to 4; 0 until it is known.")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PORTAL)
    category = models.CharField(max_length=60, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    person = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Who asked for it on behalf of its user, if somebody did.",
    )
    caller_name = models.CharField(max_length=150, blank=True)
    caller_email = models.EmailField(max_length=320, blank=True)
    automatic = models.BooleanField(default=False, help_text="No person asked: an alert, or recurring work.")
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", db_index=False
    )
    problem = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="incidents", db_index=False
    )
    article = models.ForeignKey(
        "servicedesk.Article", models.SET_NULL, null=True, blank=True, related_name="closed", db_index=False
    )
    logged_at = models.DateTimeField(help_text="When it reached the desk; a call that was moved keeps it.")
    first_reply_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="When it was last resolved.")
    first_resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resolved_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    reopened_at = models.DateTimeField(null=True, blank=True, help_text="When it was last reopened.")
    moves = models.PositiveSmallIntegerField(default=0, help_text="How often it was passed to another team.")
    first_contact = models.BooleanField(
        null=True, help_text="Resolved by whoever took it first, in the first contact, without passing it on."
    )
    due_at = models.DateTimeField(help_text="The next promise that runs out; far ahead if none does.")
    changed_at = models.DateTimeField()
    submission = models.CharField(
        max_length=120, null=True, blank=True, unique=True, help_text="The same form or message is one call."
    )

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["reference", "council"], name="desk_call_once")]
        indexes = [
            models.Index(  # these three with all that counting asks, so that it reads no row
                fields=["team", "due_at", "id", "person", "council", "circle"],
                name="desk_team_queue",
                condition=Q(open=True),
            ),
            models.Index(
                fields=["person", "due_at", "id", "council", "circle"],
                name="desk_own_queue",
                condition=Q(open=True),
            ),
            models.Index(
                fields=["council", "due_at", "id", "circle"],
                name="desk_council_queue",
                condition=Q(open=True),
            ),
            models.Index(
                fields=["council", "state", "due_at", "id"], name="desk_state_queue", condition=Q(open=True)
            ),
            models.Index(fields=["council", "changed_at", "id"], name="desk_council_changed"),
            models.Index(fields=["team", "changed_at", "id"], name="desk_team_changed"),
            models.Index(fields=["council", "kind", "logged_at"], name="desk_by_logged"),
            models.Index(  # with `logged_at`, so that a past month's backlog is found without reading every call since
                fields=["council", "resolved_at", "logged_at"], name="desk_by_resolved"
            ),
            models.Index(fields=["requester", "id"], name="desk_of_requester"),
            models.Index(
                fields=["asked_by", "id"], name="desk_asked_by", condition=Q(asked_by__isnull=False)
            ),
            models.Index(fields=["caller_email", "id"], name="desk_of_email"),
            models.Index(fields=["item", "logged_at"], name="desk_of_item"),
            models.Index(fields=["parent"], name="desk_children", condition=Q(parent__isnull=False)),
            models.Index(fields=["problem"], name="desk_of_problem", condition=Q(problem__isnull=False)),
            models.Index(
                fields=["article", "id"], name="desk_of_article", condition=Q(article__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="desk_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference


class Follower(CouncilOwned):
    """Somebody who hears of a call beside whoever asked: copied in, or the caller of one that was merged into it."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="followers", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=320)
    since = models.DateTimeField()

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["call", "email"], name="desk_follower_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Escalation(CouncilOwned):
    """A call was raised: to a team that knows more (functional), or to somebody with more say (hierarchic)."""

    class Way(models.TextChoices):
        FUNCTIONAL = "functional", "To another team"
        HIERARCHIC = "hierarchic", "To somebody with more say"

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="escalations", db_index=False)
    way = models.CharField(max_length=10, choices=Way)
    at = models.DateTimeField()
    to = models.CharField(max_length=150)
    why = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["call", "at"], name="desk_escalations_of_call"),
            models.Index(fields=["council", "at"], name="desk_escalations_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} to {self.to}"


class SupplierCall(CouncilOwned):
    """A call while a supplier has it: their clock inside ours, counted in the hours of the support route.

    `target_seconds` and `hours` are what the route promised when it was passed on; a later change of the route changes
    nothing here. `seconds` is how much of that time they used, once they have given it back.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="suppliers", db_index=False)
    route = models.ForeignKey(SupportRoute, models.PROTECT, related_name="+", db_index=False)
    their_reference = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=40)
    target_seconds = models.PositiveIntegerField(null=True, blank=True)
    respond_seconds = models.PositiveIntegerField(null=True, blank=True)
    passed_at = models.DateTimeField()
    respond_due_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    met = models.BooleanField(
        null=True, help_text="Whether they kept their promise; unknown while they have it."
    )
    chased_at = models.DateTimeField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        indexes = [
            models.Index(fields=["call", "passed_at"], name="desk_suppliers_of_call"),
            models.Index(fields=["council", "returned_at"], name="desk_suppliers_by_return"),
            models.Index(
                fields=["council", "due_at"], name="desk_with_suppliers", condition=Q(returned_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} with {self.route_id}"
