"""The people of the demonstration: sign in as any of them with one click. Elsewhere this page does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from moothall.config.demo.guide import GUIDE
from moothall.councils.doors import public
from moothall.councils.models import Staff
from moothall.councils.roles import roles
from moothall.identity.models import User
from moothall.identity.signing import begin_session
from moothall.plain.errors import NotFound

RESIDENTS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody one can be, and what they do."""

    id: int
    name: str
    job: str
    teams: str
    does: tuple[tuple[str, str], ...]  # the title of each role, and what it is for
    elsewhere: str


@public
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody, council by council."""
    _only_in_the_demonstration()
    residents = User.objects.filter(staff__isnull=True, is_active=True).order_by("pk")[:RESIDENTS_SHOWN]
    context = {"guide": _guide(), "councils": _by_council(), "residents": residents}
    return render(request, "config/people.html", context)


@public
@require_POST
def become(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as somebody."""
    _only_in_the_demonstration()
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        raise NotFound(what="person")
    begin_session(request, user)
    arrival = _begins_at(request.POST.get("what", "")) or get_adapter(request).get_login_redirect_url(request)
    return HttpResponseRedirect(arrival)


def addresses() -> list[URLPattern]:
    """Return the addresses of this page: none outside the demonstration."""
    if not settings.DEMO:
        return []
    return [
        path("demo/people/", people, name="demo_people"),
        path("demo/people/<int:pk>/", become, name="demo_become"),
    ]


def _only_in_the_demonstration() -> None:
    if not settings.DEMO:  # the second lock: the addresses are not there either
        raise NotFound(what="page")


def _guide() -> list[tuple[str, User]]:
    """Return what there is to see, each with whom to see it as, as far as they are here."""
    names = [name for _, name, _ in GUIDE]
    users = {user.name: user for user in User.objects.filter(name__in=names, is_active=True)}
    return [(what, users[name]) for what, name, _ in GUIDE if name in users]


def _begins_at(what: str) -> str:
    """Return the page where something of the guide begins; only what the guide names leads anywhere."""
    return next((page for each, _, page in GUIDE if each == what), "")


def _by_council() -> dict[str, list[Person]]:
    rows = (
        Staff.objects.filter(ended_on=None, user__is_active=True)
        .select_related("user", "council")
        .prefetch_related("grants__council", "teams")
        .order_by("council__name", "pk")
    )
    found: dict[str, list[Person]] = {}
    for row in rows:
        found.setdefault(row.council.name, []).append(_person(row))
    return found


def _person(row: Staff) -> Person:
    grants = list(row.grants.all())
    held = dict.fromkeys(grant.role for grant in grants)
    return Person(
        id=row.user_id,
        name=str(row.user),
        job=row.job_title,
        teams=_list(team.name for team in row.teams.all()),
        does=tuple((roles()[name].title, roles()[name].meant_for) for name in held if name in roles()),
        elsewhere=_list(grant.council.name for grant in grants if grant.council_id != row.council_id),
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
