"""Whoever approves something of the catalogue reads what it is and what it costs, where they decide."""

import re
from typing import Any

import pytest

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.servicedesk.models import Call, CatalogueItem
from tests.makers import make_staff, make_team
from tests.workplace.desk_pages import FOUND, Pages, page_of, text_of
from tests.workplace.test_desk_self_service import HELP, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(pages: Pages) -> Staff:
    """Return somebody at Ash who approves; they have no role at the desk."""
    with scope.everything("somebody approves in a test"):
        made = make_staff(council=pages.desk.ash, roles=("officer",))
        make_team(council=pages.desk.ash, function="approvers", serves=(pages.desk.ash,), members=(made,))
    pages.desk.staff["boss"] = made
    return made


def asked_for(pages: Pages, **facts: Any) -> Call:
    wish(**facts)
    fields = {"detail": "Room 12.", "urgency": "yes", "submission": "0123456789abcdef"}
    assert pages.browser("user").post(f"{HELP}ask/screen/", fields).status_code == FOUND
    call: Call = Call.unscoped("a test").get()
    return call


def shown_at(text: str) -> dict[str, str]:
    """Return the facts of the first panel of a case: what its step shows."""
    panel = re.search(r'<dl class="work-facts work-facts--shown">(.*?)</dl>', text)
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", panel[1] if panel else "")
    return {label: re.sub(r"<[^>]+>", "", words) for label, words in rows}


class TestThePageOfAnApproval:
    def test_says_for_whom_what_it_is_and_what_it_costs(self, pages: Pages, boss: Staff) -> None:
        call = asked_for(pages)
        CatalogueItem.objects.update(price_pence=99_900)  # it stays what it was when it was asked for
        text = text_of(pages.browser("boss").get(f"/work/case/{call.reference}/"))
        shown = shown_at(text)
        assert shown["Who it is for"].startswith(pages.user_name)
        assert (shown["Details"], shown["What it is"], shown["Price"]) == ("Room 12.", "For a desk.", "£120")
        assert "Approve it" in text

    def test_says_so_where_no_price_is_set(self, pages: Pages, boss: Staff) -> None:
        call = asked_for(pages, price_pence=0)
        text = text_of(pages.browser("boss").get(f"/work/case/{call.reference}/"))
        assert shown_at(text)["Price"] == "None is set in the catalogue"

    def test_keeps_it_when_something_was_in_the_way(self, pages: Pages, boss: Staff) -> None:
        call = asked_for(pages)
        address = f"/work/case/{call.reference}/step/approve_manager/"
        fields = {"approve_manager-outcome": "refused", "approve_manager-expected": pages.seq(call)}
        text = text_of(pages.browser("boss").post(address, fields))
        assert "Why is it refused?" in text
        assert shown_at(text)["Price"] == "£120"


class TestThePageOfTheCall:
    def test_says_it_to_the_desk_too(self, pages: Pages, boss: Staff) -> None:
        text = text_of(pages.browser("analyst").get(page_of(asked_for(pages))))
        assert '<dt>Price</dt><dd class="moothall-as-written">£120</dd>' in text

    def test_says_nothing_of_a_price_where_nothing_is_bought(self, pages: Pages) -> None:
        text = text_of(pages.browser("analyst").get(page_of(pages.incident())))
        assert "<dt>Price</dt>" not in text
