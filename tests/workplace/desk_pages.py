"""A desk at work, for tests of its pages: browsers of its people, and calls to look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.estate.models import Item, Use
from moothall.process.models import Case
from moothall.servicedesk.models import Call
from tests.servicedesk.desked import Desk, an_incident, make_desk, make_item

QUEUE = "/work/desk/"
REFUSED, UNPROCESSABLE, CONFLICT, NOT_FOUND, FOUND = 403, 422, 409, 404, 302


@dataclass(frozen=True)
class Pages:
    """A desk, and the browsers of its people."""

    desk: Desk

    @property
    def user_name(self) -> str:
        return str(self.desk.staff["user"].user.name)

    def browser(self, who: str) -> Client:
        client = Client()
        client.force_login(self.desk.staff[who].user)
        return client

    def incident(self, **facts: Any) -> Call:
        with scope.everything("logging a call for a test of pages"):
            return an_incident(self.desk, now=facts.pop("now", timezone.now()), **facts)

    def does(self, act: Callable[..., Any], call: Call, **facts: Any) -> None:
        """Let something be done to a call, by whoever is named."""
        with scope.everything("working on a call for a test of pages"):
            act(call_id=call.pk, now=timezone.now(), **facts)

    def again(self, call: Call) -> Call:
        found: Call = Call.unscoped("a test").get(pk=call.pk)
        return found

    def seq(self, call: Call) -> int:
        number: int = Case.unscoped("a test").values_list("seq", flat=True).get(pk=call.case_id)
        return number

    def item_in_use(self, name: str) -> Item:
        """Make a system that both councils use."""
        with scope.everything("giving a system to councils for a test"):
            item = make_item(name=name)
            for council in (self.desk.ash, self.desk.elm):
                Use.objects.create(council=council, item=item, users=40, since=date(2026, 1, 1))
        return item


def sent(pages: Pages, call: Call, act: str, who: str = "analyst", /, **fields: Any) -> Any:
    """Send the form of an act as somebody who has just opened it."""
    return pages.browser(who).post(page_of(call, act), {"expected": pages.seq(call), **fields})


def make_pages() -> Pages:
    """Make it. Enter a scope before."""
    return Pages(make_desk())


def page_of(call: Call, act: str = "") -> str:
    """Return the address of a call, or of something that is done to it."""
    return f"{QUEUE}call/{call.reference}/{f'{act}/' if act else ''}"


def text_of(response: Any) -> str:
    """Return the words of a page, with all white space as one space."""
    return " ".join(response.content.decode().split())
