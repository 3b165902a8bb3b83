"""The directory of the partnership, and what every council-owned row has in common.

Councils, staff, teams, grants and agreements are the partnership's own: they are read before any scope can be known.
What a council owns derives from `CouncilOwned`, and cannot be read or written without a scope.
"""

import secrets
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from moothall.councils.rows import EverythingQuerySet, ScopedManager, check, unscoped
from moothall.look.themes import HOUSE, Theme
from moothall.plain.errors import HouseError

_CODE = RegexValidator(
    r"^[a-z][a-z0-9-]{1,39}$", "A code has small letters, digits and hyphens, like “ash-valley”."
)
_PREFIX = RegexValidator(r"^[A-Z]{2,5}$", "A reference prefix is two to five capital letters.")


def new_stamp() -> int:
    """Return a number that was never used before, so that what was remembered about the old state is not used."""
    return secrets.randbits(62)


class Partnership(models.Model):
    """The one partnership that this house serves."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=150)
    contact_email = models.EmailField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="councils_partnership_only_one")]

    def __str__(self) -> str:
        return self.name


class Nation(models.TextChoices):
    """Whose bank holidays count. The values are those of the `holidays` package."""

    ENGLAND = "ENG", "England"
    NORTHERN_IRELAND = "NIR", "Northern Ireland"
    SCOTLAND = "SCT", "Scotland"
    WALES = "WLS", "Wales"


class Council(models.Model):
    """One council of the partnership, and how its pages look."""

    class Kind(models.TextChoices):
        COUNTY = "county", "County council"
        CITY = "city", "City council"
        DISTRICT = "district", "District council"
        BOROUGH = "borough", "Borough council"
        UNITARY = "unitary", "Unitary authority"

    code = models.CharField(max_length=40, unique=True, validators=[_CODE])
    name = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    nation = models.CharField(max_length=3, choices=Nation, default=Nation.ENGLAND)
    reference_prefix = models.CharField(max_length=5, unique=True, validators=[_PREFIX])
    hosts = models.JSONField(default=list, blank=True)
    brand_colour = models.CharField(max_length=7, default=HOUSE.brand)
    link_colour = models.CharField(max_length=7, default=HOUSE.link)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    website = models.URLField(blank=True)
    calendar_stamp = models.BigIntegerField(
        default=new_stamp, editable=False
    )  # another with each change of hours

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse colours that people who see less well could not read."""
        try:
            Theme(brand=self.brand_colour, link=self.link_colour)
        except HouseError as error:
            raise ValidationError({"brand_colour": f"{error.sentence} {error.advice}"}) from error

    @property
    def theme(self) -> Theme:
        """How this council's pages are coloured."""
        return Theme(brand=self.brand_colour, link=self.link_colour)


class CouncilOwned(models.Model):
    """A row of one council. `objects`, related managers and the base manager all keep to the scope."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="+")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Refuse outside the scope: Django deletes a row in hand without asking its manager."""
        check(type(self), self.council_id)
        return super().delete(*args, **options)

    @classmethod
    def unscoped(cls, reason: str) -> EverythingQuerySet:
        """Return every council's rows, for a reason that a reviewer can read. `tests/councils` lists who may."""
        return unscoped(cls, reason)


class Agreement(models.Model):
    """What some councils agreed to share: which kinds of data, why, on which lawful basis, from when to when."""

    name = models.CharField(max_length=150, unique=True)
    councils = models.ManyToManyField(Council, related_name="agreements")
    kinds = models.JSONField()
    purpose = models.TextField()
    lawful_basis = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="councils_agreement_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """Somebody who works for a council. Whoever left stays in the record, without powers."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff")
    council = models.ForeignKey(Council, models.PROTECT, related_name="staff")
    job_title = models.CharField(max_length=100, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return str(self.user)

    @staticmethod
    def here_on(day: date, to: str = "") -> Q:
        """Return what holds of staff who have not left by a day, their last one too; `to` leads to them: `staff__`."""
        return Q(**{f"{to}ended_on": None}) | Q(**{f"{to}ended_on__gte": day})

    def is_here(self, day: date) -> bool:
        """Say whether they still work somewhere on a day."""
        return self.ended_on is None or self.ended_on >= day


class Team(models.Model):
    """People who share a worklist. One council owns it; it may serve several."""

    code = models.CharField(max_length=60, unique=True, validators=[_CODE])
    function = models.CharField(
        max_length=60,
        validators=[_CODE],
        help_text="What process files call it, like “waste”; a council is served by one team of a function.",
    )
    name = models.CharField(max_length=100)
    council = models.ForeignKey(Council, models.PROTECT, related_name="teams")
    councils = models.ManyToManyField(Council, related_name="served_by")
    email = models.EmailField(blank=True)
    staff = models.ManyToManyField(Staff, through="Membership", related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody's place in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="memberships")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "staff"], name="councils_membership_once")]

    def __str__(self) -> str:
        return f"{self.staff} in {self.team}"


class Grant(models.Model):
    """A role given to somebody at one council. At another than their employer it rests on an agreement."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=60)
    council = models.ForeignKey(Council, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="grants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "role", "council"], name="councils_grant_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.council_id}"


class CalendarVersion(CouncilOwned):
    """A council's opening hours from a date on. Older versions stay, so that old clocks still add up."""

    name = models.CharField(max_length=40, default="office")
    in_force_from = models.DateField()
    nation = models.CharField(max_length=3, choices=Nation)
    weekly = models.JSONField(help_text='{"monday": [["09:00", "12:30"], ["13:30", "17:00"]], …}')
    bank_holidays = models.BooleanField(default=True, help_text="Whether bank holidays are closed.")

    class Meta(CouncilOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["council", "name", "in_force_from"], name="councils_calendar_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.in_force_from}"


class ClosingDay(CouncilOwned):
    """A day on which a council is closed though it is no bank holiday."""

    date = models.DateField()
    reason = models.CharField(max_length=100)

    class Meta(CouncilOwned.Meta):
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["council", "date"], name="councils_closing_day_once")]

    def __str__(self) -> str:
        return f"{self.date}: {self.reason}"
