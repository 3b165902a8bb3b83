"""What is kept of the estate: configuration items, who uses them, what they need, and who supports them.

An item belongs to no one council: like a team, it is the partnership's. What one council has with it (its users, its
support) is that council's own row, and an item is there for whoever may see one of those.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from moothall.councils.models import Council, CouncilOwned, Staff, Team

_CODE = RegexValidator(
    r"^[a-z0-9][a-z0-9-]{0,59}$", "A code has small letters, digits and hyphens, like “care-db”."
)


class Supplier(models.Model):
    """A firm, or another council, that supports something."""

    name = models.CharField(max_length=150, unique=True)
    contact = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One configuration item (ITIL 4): a business service, a system, or something that one needs."""

    class Kind(models.TextChoices):
        SERVICE = "service", "Business service"
        APPLICATION = "application", "Application"
        DATABASE = "database", "Database"
        SERVER = "server", "Server"
        NETWORK = "network", "Network"
        IDENTITY = "identity", "Sign-in and directory"
        SITE = "site", "Site"
        DEVICES = "devices", "Group of devices"

    class Tier(models.IntegerChoices):
        """How much depends on it."""

        CRITICAL = 1, "Critical"
        IMPORTANT = 2, "Important"
        STANDARD = 3, "Standard"
        MINOR = 4, "Minor"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    code = models.CharField(max_length=60, unique=True, validators=[_CODE])
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=Kind)
    tier = models.PositiveSmallIntegerField(choices=Tier, default=Tier.STANDARD)
    status = models.CharField(max_length=10, choices=Status, default=Status.LIVE)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="items")
    needs = models.ManyToManyField(
        "self", through="Dependency", symmetrical=False, related_name="needed_by", blank=True
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Dependency(models.Model):
    """An item does not work without another one."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="dependencies")
    on = models.ForeignKey(Item, models.CASCADE, related_name="dependents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "on"], name="estate_dependency_once"),
            models.CheckConstraint(condition=~Q(item=F("on")), name="estate_dependency_on_another"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} needs {self.on_id}"


class Use(CouncilOwned):
    """One council uses an item: with how many people, from when to when, and who answers for it there.

    `hours` names the council's calendar in which the item is to be there (agreed service time); `always` is round the
    clock.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="uses")
    users = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    hours = models.CharField(max_length=40, default="office")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta(CouncilOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["council", "item", "since"], name="estate_use_once")]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.council_id}"


class SupportRoute(CouncilOwned):
    """Who helps with an item beyond the desk, how to reach them, and what they promise a council.

    `targets` has, for each priority, the minutes within which they respond and resolve, counted in `hours` (the name
    of one of the council's calendars, or `always`): `{"P1": {"respond": 15, "resolve": 240}}`. `credit_basis_points`
    is the service credit for each missed promise, of the monthly charge, up to `credit_limit_basis_points` in a
    month; 100 are one per cent.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="routes")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="routes")
    contract = models.CharField(max_length=100, blank=True, help_text="The contract's own reference.")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    portal = models.URLField(blank=True)
    say = models.CharField(max_length=300, blank=True, help_text="What to have ready when calling them.")
    hours = models.CharField(max_length=40, default="office")
    targets = models.JSONField(default=dict)
    monthly_charge_pence = models.PositiveBigIntegerField(default=0)
    credit_basis_points = models.PositiveIntegerField(default=0)
    credit_limit_basis_points = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    notice_by = models.DateField(null=True, blank=True, help_text="The last day to give notice.")

    class Meta(CouncilOwned.Meta):
        indexes = [models.Index(fields=["council", "item"], name="estate_route_of_item")]

    def __str__(self) -> str:
        return f"{self.supplier_id} for {self.item_id} at {self.council_id}"


class Maintenance(CouncilOwned):
    """Time in which a council has agreed that an item may be away; it does not count against its availability."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="maintenance")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="estate_maintenance_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["council", "item", "starts_at"], name="estate_maintenance_by_time")]

    def __str__(self) -> str:
        return f"{self.item_id} from {self.starts_at}"
