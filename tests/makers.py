"""Test data by plain functions. What has an action of its own goes through it where that matters."""

from datetime import date
from itertools import count

from moothall.councils.models import Agreement, Council, Grant, Membership, Staff, Team
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.identity.models import User

_number = count(1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
TODAY = date(2026, 11, 23)


def _prefix(number: int) -> str:
    written = ""
    while number or len(written) < 3:
        number, place = divmod(number, len(_LETTERS))
        written = _LETTERS[place] + written
    return written


def make_council(*, code: str = "", name: str = "", nation: str = "ENG", kind: str = "district") -> Council:
    number = next(_number)
    return Council.objects.create(
        code=code or f"council-{number}",
        name=name or f"Council {number}",
        kind=kind,
        nation=nation,
        reference_prefix=_prefix(number),
    )


def make_user(*, name: str = "", email: str = "", password: str | None = None) -> User:
    number = next(_number)
    return User.objects.create_user(
        name=name or f"Person {number}", email=email or f"person{number}@example.org", password=password
    )


def make_staff(
    *,
    council: Council,
    roles: tuple[str, ...] = (),
    user: User | None = None,
    job_title: str = "",
    ended_on: date | None = None,
) -> Staff:
    """Make somebody who works for a council, with roles there."""
    staff = Staff.objects.create(
        user=user or make_user(), council=council, job_title=job_title, ended_on=ended_on
    )
    for role in roles:
        make_grant(staff=staff, role=role)
    return staff


def make_grant(
    *, staff: Staff, role: str, council: Council | None = None, agreement: Agreement | None = None
) -> Grant:
    return Grant.objects.create(staff=staff, role=role, council=council or staff.council, agreement=agreement)


def make_team(  # noqa: PLR0913 # each is one fact about the team
    *,
    council: Council,
    code: str = "",
    function: str = "",
    name: str = "",
    serves: tuple[Council, ...] = (),
    members: tuple[Staff, ...] = (),
    leader: Staff | None = None,
) -> Team:
    """Make a team of a council; it serves that council unless others are named."""
    code = code or f"team-{next(_number)}"
    team = Team.objects.create(code=code, function=function or code, name=name or code, council=council)
    team.councils.set(serves or (council,))
    for staff in members:
        Membership.objects.create(team=team, staff=staff)
    if leader is not None:
        Membership.objects.create(team=team, staff=leader, leads=True)
    return team


def make_agreement(
    *,
    councils: tuple[Council, ...],
    kinds: tuple[str, ...] = ("requests", "process"),
    name: str = "",
    starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None,
) -> Agreement:
    agreement = Agreement.objects.create(
        name=name or f"Agreement {next(_number)}",
        kinds=list(kinds),
        purpose="Working together",
        lawful_basis="Local Government Act 1972, section 113",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    agreement.councils.set(councils)
    return agreement


def make_viewer(staff: Staff, *, today: date = TODAY) -> Viewer:
    """Return a member of staff as the gate sees them."""
    return viewer_for(staff.user, today=today)
