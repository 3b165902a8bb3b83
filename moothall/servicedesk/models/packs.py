"""The performance pack: one month's figures, of each council and of all together, kept as they were published.

A pack belongs to no one council, nor do figures of all together; a council's own figures, comments and sign-off are its
rows. Published figures are never changed: what comes out otherwise later stands beside them as a restatement.
"""

from django.db import models
from django.db.models import Q

from moothall.councils.models import Council, CouncilOwned


class Pack(models.Model):
    """The pack of one month."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    month = models.DateField(unique=True, help_text="Its first day.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=150, blank=True)
    unsigned_why = models.CharField(
        max_length=300, blank=True, help_text="Why it was published before every council had signed."
    )
    compared_at = models.DateTimeField(
        null=True, blank=True, help_text="When what was published was last compared with what the calls say."
    )

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class _Figure(models.Model):
    """One figure as it was frozen. `parts` has the counts it was made of, so that it can be checked and added up.

    `slice` is what it is narrowed to, like “P1” or “supplier”; empty for the whole. With `restated_at` it is what came
    out later, beside the published one.
    """

    name = models.CharField(max_length=60)
    slice = models.CharField(max_length=40, blank=True)
    version = models.PositiveSmallIntegerField(help_text="Of the figure's definition.")
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    n = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=dict)
    restated_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class JointFigure(_Figure):
    """A figure of all councils together: the sum of counts, never a mean of percentages."""

    pack = models.ForeignKey(Pack, models.CASCADE, related_name="joint")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "name", "slice"], condition=Q(restated_at=None), name="desk_joint_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.slice}"


class CouncilFigure(CouncilOwned, _Figure):
    """A figure of one council."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    pack = models.ForeignKey(Pack, models.CASCADE, related_name="figures", db_index=False)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "council", "name", "slice"],
                condition=Q(restated_at=None),
                name="desk_council_figure_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.slice} at {self.council_id}"


class PackComment(CouncilOwned):
    """What a council says to a figure of its pack, or to the whole of it (no figure named)."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    pack = models.ForeignKey(Pack, models.CASCADE, related_name="comments", db_index=False)
    figure = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["pack", "council", "at"], name="desk_comments_of_pack")]

    def __str__(self) -> str:
        return self.text[:40]


class SignOff(CouncilOwned):
    """A council has agreed to its figures of a month."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    pack = models.ForeignKey(Pack, models.CASCADE, related_name="sign_offs", db_index=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pack", "council"], name="desk_sign_off_once")]

    def __str__(self) -> str:
        return f"{self.pack_id} by {self.council_id}"


class FigureVisibility(models.Model):
    """Who may see the breakdown of a figure by council, from a day on: the public committee, each council, officers."""

    class Level(models.TextChoices):
        COMMITTEE = "committee", "The joint committee and the public"
        COUNCIL = "council", "Each council its own"
        OFFICERS = "officers", "Officers of the shared service"

    figure = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["figure", "-id"]

    def __str__(self) -> str:
        return f"{self.figure}: {self.level}"


class Headcount(CouncilOwned):
    """How many user accounts a council had, from a day on, and where that is known from."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    in_force_from = models.DateField()
    users = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["council", "in_force_from"], name="desk_headcount_once")
        ]

    def __str__(self) -> str:
        return f"{self.users} at {self.council_id}"
