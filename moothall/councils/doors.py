"""Who may come in: one decorator for every view, read by the house tests and the isolation matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from moothall.councils import gate, scope
from moothall.councils.errors import ForStaff
from moothall.councils.middleware import viewer_of
from moothall.councils.permissions import Permission
from moothall.plain.errors import Refused

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Door:
    """Whom a view lets in. `permissions`: any one of them, at any council; empty for the other kinds.

    `also` is asked for besides, where a page is about two things.
    """

    kind: Literal["public", "signed_in", "staff_only", "permission"]
    permissions: tuple[Permission, ...] = ()
    also: Permission | None = None


def door(*permissions: Permission, also: Permission | None = None) -> Callable[[View[P]], View[P]]:
    """Let in staff who hold one of the permissions at some council, and `also` that one.

    The view's query or action narrows it further.
    """
    if not permissions:
        raise TypeError("A door needs a permission; or use staff_only, signed_in or public.")
    return lambda view: _hang(view, Door("permission", permissions, also))


def staff_only(view: View[P]) -> View[P]:
    """Let in everybody who works for a council of the partnership."""
    return _hang(view, Door("staff_only"))


def signed_in(view: View[P]) -> View[P]:
    """Let in everybody with an account: residents and staff."""
    return _hang(view, Door("signed_in"))


def public(view: View[P]) -> View[P]:
    """Let in everybody."""
    return _hang(view, Door("public"))


def _hang(view: View[P], hung: Door) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if hung.kind != "public" and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        _let_in(request, hung)
        return view(request, *args, **kwargs)

    facts: dict[str, Any] = vars(guarded)
    facts["door"] = hung
    facts["login_required"] = False  # the door has asked already
    return guarded


def _let_in(request: HttpRequest, hung: Door) -> None:
    if hung.kind in {"public", "signed_in"}:
        return
    viewer = viewer_of(request)
    if not viewer.is_staff:
        raise ForStaff(act="enter the workplace, which is for staff")
    scope.peek()  # found out now, so that hand-written SQL and the record are read in it as well
    if hung.permissions and not any(gate.anywhere(viewer, permission) for permission in hung.permissions):
        raise Refused(act=hung.permissions[0].label)
    if hung.also is not None and not gate.anywhere(viewer, hung.also):
        raise Refused(act=hung.also.label)
