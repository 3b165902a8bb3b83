"""What helps the desk work: articles, canned replies, the catalogue, rules, rotas, recurring work and saved filters.

Articles, replies, rules and rotas belong to the desk, like its teams, and hold nothing of one council's users; which
councils an article or an item of the catalogue is for is said on it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from moothall.councils.models import Council, CouncilOwned, Staff, Team
from moothall.estate.models import Item


class Article(models.Model):
    """Knowledge: how something is done, or a known error with its workaround. No council named means all of them.

    What readers see stands in the row; what somebody wrote since and nobody published yet, in `change`, with the names
    of the fields. `author` wrote last, so somebody else publishes.
    """

    class Kind(models.TextChoices):
        HOW_TO = "how-to", "How to"
        KNOWN_ERROR = "known-error", "Known error"

    class Audience(models.TextChoices):
        USERS = "users", "Everybody"
        DESK = "desk", "The desk only"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    key = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.HOW_TO)
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.USERS)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=150)
    body = models.TextField(help_text="Paragraphs, with “- ” lists and “## ” headings.")
    search_words = models.CharField(max_length=500, blank=True)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+")
    councils = models.ManyToManyField(Council, related_name="+", blank=True)
    problem_reference = models.CharField(
        max_length=20, blank=True, help_text="The problem that a known error belongs to."
    )
    version = models.PositiveIntegerField(default=0, help_text="How often it was published.")
    change = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)
    review_on = models.DateField(null=True, blank=True)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["title"]
        indexes = [models.Index(fields=["state", "review_on"], name="desk_articles_to_review")]

    def __str__(self) -> str:
        return self.title


class ArticleWord(models.Model):
    """A word by which a published article is found, and how much it says of it.

    Small letters and digits only, so that a range of them is the words that begin alike, in every database.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="words")
    word = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "word"], name="desk_article_word_once")]
        indexes = [models.Index(fields=["word", "article"], name="desk_words_of_articles")]

    def __str__(self) -> str:
        return self.word


class ArticleVote(models.Model):
    """Whether an article helped somebody; whoever votes again changes their vote."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    helped = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="desk_article_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.article_id}"


class ArticleVersion(models.Model):
    """An article as it was once published; never changed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    body = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="desk_article_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class CannedReply(models.Model):
    """Words that are written often. What stands in braces is filled in from the call (`rules.replies`)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    title = models.CharField(max_length=100)
    text = models.TextField()
    used = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["team", "title"], name="desk_reply_once")]

    def __str__(self) -> str:
        return self.title


class CatalogueItem(models.Model):
    """Something that users can ask for. What must be approved, and by whom, is said here."""

    class Approval(models.TextChoices):
        NONE = "none", "Nobody has to approve it"
        MANAGER = "manager", "The user's manager"
        BUDGET = "budget", "Whoever holds the budget"
        SECURITY = "security", "Information security"

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=100)
    description = models.CharField(max_length=300)
    category = models.CharField(max_length=60)
    ask = models.CharField(max_length=200, blank=True, help_text="The question whose answer the team needs.")
    approval = models.CharField(max_length=10, choices=Approval, default=Approval.NONE)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+")
    price_pence = models.PositiveIntegerField(default=0)
    councils = models.ManyToManyField(Council, related_name="+", blank=True)
    offered = models.BooleanField(default=True)
    standard_change = models.BooleanField(default=False)

    class Meta:
        ordering = ["category", "title"]

    def __str__(self) -> str:
        return self.title


class AskedFor(CouncilOwned):
    """Which item of the catalogue a request asks for, at what price then, and whom the user named to approve it."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    call = models.OneToOneField("servicedesk.Call", models.CASCADE, related_name="asked_for")
    catalogue_item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="+")
    approver = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    price_pence = models.PositiveIntegerField(default=0)

    class Meta(CouncilOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.call_id} asks for {self.catalogue_item_id}"


class AssignmentRule(models.Model):
    """Where a new call goes. The first rule, in their order, of which all that is named holds, decides."""

    class Pick(models.TextChoices):
        NOBODY = "nobody", "Leave it to the team"
        IN_TURN = "in-turn", "Whoever has waited longest"
        ON_CALL = "on-call", "Whoever is on call"

    order = models.PositiveIntegerField(default=100)
    title = models.CharField(max_length=100)
    active = models.BooleanField(default=True)
    council = models.ForeignKey(Council, models.CASCADE, null=True, blank=True, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, blank=True)
    category = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=200, blank=True, help_text="One of these words stands in the call.")
    at_most_priority = models.PositiveSmallIntegerField(default=0, help_text="1: only P1; 0: any.")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    pick = models.CharField(max_length=8, choices=Pick, default=Pick.NOBODY)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class Turn(models.Model):
    """When somebody last got a call of a team by a rule, so that the next goes to whoever has waited longest."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "staff"], name="desk_turn_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.team_id}"


class Shift(models.Model):
    """Somebody is on call for a team for a time; the second person is called if the first does not answer."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    second = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="desk_shift_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["team", "ends_at"], name="desk_shifts_of_team")]

    def __str__(self) -> str:
        return f"{self.staff_id} from {self.starts_at}"


class Recurring(CouncilOwned):
    """Work that comes again: a call is logged for a council each time its schedule says so."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=150)
    detail = models.TextField(blank=True)
    schedule = models.CharField(max_length=60, help_text="As cron writes it, in London's time: “0 7 * * 1”.")
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True)
    last_reference = models.CharField(max_length=20, blank=True)
    set_by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["next_at"], name="desk_recurring_due", condition=Q(active=True))]

    def __str__(self) -> str:
        return self.title


class SavedFilter(models.Model):
    """A view of the queue under a name: one's own, or of a team."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="desk_filter_once")]

    def __str__(self) -> str:
        return self.name
