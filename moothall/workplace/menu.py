"""The staff's menu, and what stands around their pages: whose house it is, who is signed in."""

from collections.abc import Callable
from functools import lru_cache
from time import monotonic

from django.http import HttpRequest

from moothall.contacts.permissions import Can as ContactsCan
from moothall.councils import gate
from moothall.councils.middleware import viewer_of
from moothall.councils.models import Council
from moothall.councils.permissions import Can as CouncilsCan
from moothall.councils.permissions import Permission, Record
from moothall.councils.queries import works_here
from moothall.identity.models import User
from moothall.look.addresses import address_of
from moothall.look.hooks import Frame, Link, MenuItem
from moothall.look.themes import Theme
from moothall.persons.permissions import Can as PersonsCan
from moothall.process.permissions import Can
from moothall.requests.permissions import Can as RequestsCan
from moothall.servicedesk.permissions import Can as DeskCan

PLACE = "/work/"
_REMEMBERED = 60  # seconds


def _whoever(*permissions: Permission) -> Callable[[HttpRequest], bool]:
    """Show an entry to those who hold one of the permissions somewhere."""
    return lambda request: any(gate.anywhere(viewer_of(request), permission) for permission in permissions)


ITEMS = (
    MenuItem(name="work", label="Work", url="workplace:home", order=10),
    MenuItem(
        name="search",
        label="Search",
        url="workplace:search",
        order=15,
        shown=_whoever(Can.SEARCH, PersonsCan.SEARCH),
    ),
    MenuItem(
        name="raise", label="New request", url="workplace:raise", order=20, shown=_whoever(RequestsCan.RAISE)
    ),
    MenuItem(
        name="contacts",
        label="Contacts",
        url="workplace:contacts",
        order=21,
        shown=_whoever(ContactsCan.SORT),
    ),
    MenuItem(name="start", label="Start work", url="workplace:start", order=22, shown=_whoever(Can.START)),
    MenuItem(name="queues", label="Queues", url="workplace:queues", order=25, shown=_whoever(Can.SEE_QUEUES)),
    MenuItem(
        name="desk",
        label="IT desk",
        url="workplace:desk_queue",
        order=26,
        shown=_whoever(DeskCan.SEE, DeskCan.SEE_MAJORS, DeskCan.SEE_CHANGES, DeskCan.SEE_PACK),
    ),
    MenuItem(
        name="help", label="IT help", url="workplace:desk_help", order=95, also=("workplace:desk_mine",)
    ),
    MenuItem(
        name="duplicates",
        label="Duplicates",
        url="workplace:duplicates",
        order=30,
        shown=_whoever(PersonsCan.DECIDE),
    ),
    MenuItem(
        name="processes",
        label="Processes",
        url="workplace:processes",
        order=60,
        shown=_whoever(Can.SEE_PROCESSES),
    ),
    MenuItem(name="xray", label="X-ray", url="workplace:xray", order=65, shown=_whoever(Can.XRAY)),
    MenuItem(
        name="demand", label="Demand", url="workplace:demand", order=67, shown=_whoever(ContactsCan.COUNT)
    ),
    MenuItem(
        name="people", label="People", url="workplace:people", order=70, shown=_whoever(CouncilsCan.SEE_STAFF)
    ),
    MenuItem(
        name="hours",
        label="Hours",
        url="workplace:hours",
        order=75,
        shown=_whoever(CouncilsCan.SEE_CALENDARS),
    ),
    MenuItem(
        name="agreements",
        label="Agreements",
        url="workplace:agreements",
        order=80,
        shown=_whoever(CouncilsCan.SEE_AGREEMENTS),
    ),
    MenuItem(
        name="retention",
        label="Retention",
        url="workplace:retention",
        order=82,
        shown=_whoever(PersonsCan.SEE_RIGHTS),
    ),
    MenuItem(
        name="journal", label="Record", url="workplace:journal", order=85, shown=_whoever(Record.SEE_ENTRIES)
    ),
    MenuItem(name="jobs", label="Jobs", url="workplace:jobs", order=90, shown=_whoever(Record.SEE_JOBS)),
)


def frame_of(request: HttpRequest) -> Frame | None:
    """Return the frame of a page of the workplace: the employer's name and colours, and one's own account."""
    if not request.path.startswith(PLACE):
        return None
    viewer = viewer_of(request)
    if viewer.council_id is None:
        return None
    name, code, theme = _council(viewer.council_id, int(monotonic() // _REMEMBERED))
    return Frame(
        name=name,
        home=address_of("workplace:home"),
        theme=theme,
        theme_code=code,
        account=(
            Link(viewer.actor.name, address_of("identity:overview")),
            Link("Sign out", address_of("account_logout")),
        ),
    )


def landing_of(user: User) -> str | None:
    """Return where staff go after signing in: to their work."""
    return address_of("workplace:home") if works_here(user) else None


@lru_cache(maxsize=64)
def _council(council_id: int, minute: int) -> tuple[str, str, Theme]:
    """Return how a council appears; a change of its name or colours shows within a minute."""
    del minute  # part of what is remembered by
    council = Council.objects.get(pk=council_id)
    return council.name, council.code, council.theme
