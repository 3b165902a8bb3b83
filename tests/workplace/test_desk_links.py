"""Calls of the desk that have to do with a case of a service: who links them, and what whoever sees one side reads."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process.models import Case, Link
from moothall.servicedesk.models import Call
from tests.makers import make_staff, make_team
from tests.process.hub import publish
from tests.process.making import REPAIR
from tests.servicedesk.desked import Desk, an_incident, make_desk
from tests.workplace.desk_pages import FOUND, NOT_FOUND, UNPROCESSABLE, page_of, text_of

pytestmark = pytest.mark.django_db
WHY = "a test of links between a call and a case of a service"
WHERE = "Behind the larder"


@dataclass(frozen=True)
class Both:
    """A call and a case of a service at Ash: somebody who sees both, somebody who sees the service, and the desk."""

    desk: Desk
    call: Call
    case: str
    both: Staff
    officer: Staff

    def browser(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who.user)
        return client

    def link(self, who: Staff, other: str | None = None) -> Any:
        seq = Case.unscoped(WHY).values_list("seq", flat=True).get(pk=self.call.case_id)
        typed = {"other": other or self.case, "expected": seq}
        return self.browser(who).post(page_of(self.call, "link"), typed)

    def linked(self) -> int:
        return Link.unscoped(WHY).count()


@pytest.fixture
def both(db: None, settings: Settings) -> Both:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything(WHY):
        desk = make_desk()
        publish(REPAIR)
        for function in ("crew", "desk"):
            make_team(council=desk.ash, function=function)
        case = process.start_case(
            by=Viewer.anonymous(desk.ash.pk), council=desk.ash, process="repair", now=timezone.now(),
            answers={"what": "tap", "where": WHERE},
        )  # fmt: skip
        return Both(
            desk,
            an_incident(desk, now=timezone.now()),
            case.reference,
            make_staff(council=desk.ash, roles=("desk-analyst", "officer")),
            make_staff(council=desk.ash, roles=("officer",)),
        )


class TestWhoSeesBoth:
    def test_links_them_from_the_call(self, both: Both) -> None:
        answer = both.link(both.both)
        assert (answer.status_code, answer["Location"]) == (FOUND, page_of(both.call))
        assert both.linked() == 1
        both.link(both.both)
        assert both.linked() == 1

    def test_finds_each_on_the_page_of_the_other(self, both: Both) -> None:
        both.link(both.both, both.case.lower())
        client = both.browser(both.both)
        assert f'href="/work/case/{both.case}/">{both.case}</a>' in text_of(client.get(page_of(both.call)))
        on_case = text_of(client.get(f"/work/case/{both.case}/"))
        assert f'href="/work/case/{both.call.reference}/">{both.call.reference}</a>' in on_case


class TestWhoSeesOneSide:
    def test_cannot_link_what_is_not_there_for_them(self, both: Both) -> None:
        for other in (both.case, "ZZ-0000-0000", "no reference"):
            answer = both.link(both.desk.staff["analyst"], other)
            assert answer.status_code == UNPROCESSABLE
            assert "We cannot find a case with this reference" in text_of(answer)
        assert both.linked() == 0

    def test_of_the_desk_reads_that_there_is_one_and_no_more(self, both: Both) -> None:
        both.link(both.both)
        client = both.browser(both.desk.staff["analyst"])
        for end in ("", "?history=all"):
            shown = text_of(client.get(f"{page_of(both.call)}{end}"))
            assert "a case you may not see" in shown
            assert both.case not in shown
            assert WHERE not in shown
        assert client.get(f"/work/case/{both.case}/").status_code == NOT_FOUND

    def test_of_the_service_reads_that_there_is_one_and_no_more(self, both: Both) -> None:
        both.link(both.both)
        shown = text_of(both.browser(both.officer).get(f"/work/case/{both.case}/"))
        assert "a case you may not see" in shown
        assert both.call.reference not in shown
        assert both.call.headline not in shown

    def test_who_reported_the_fault_reads_nothing_of_it(self, both: Both) -> None:
        both.link(both.both)
        page = both.browser(both.desk.staff["user"]).get(f"/work/desk/mine/{both.call.reference}/")
        assert both.call.headline in text_of(page)
        assert both.case not in text_of(page)
        assert "a case you may not see" not in text_of(page)
