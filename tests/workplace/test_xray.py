"""The pages of the X-ray: figures in words, tables that lead to their cases, and files to take away."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.journal.models import Entry
from moothall.workplace.forms.xray import LensForm
from moothall.workplace.queries.xray import PLATES
from tests.makers import make_grant, make_staff
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db
XRAY = "/work/x-ray/missed-bin/"
CASES = re.compile(r'href="(/work/x-ray/missed-bin/cases/[^"]*)">([\d,]+)<')


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def played(house: House) -> list[str]:
    """Play three requests: one done after a question, one declined, one that nobody has looked at."""
    first, second, third = (house.missed_bin(ago=timedelta(days=days)) for days in (9, 6, 3))
    at = timezone.now() - timedelta(days=8)
    house.act(house.ann, first, "ask-resident", {"question": "Which gate?"}, now=at)
    house.act(house.ann, first, "answered", {"answer": "The left"}, step="reply", now=at + timedelta(days=1))
    house.act(house.ann, first, "return", {"crew_report": "not-done"}, now=at + timedelta(days=1, hours=1))
    house.act(house.ann, first, "emptied", {}, step="collect", now=at + timedelta(days=2))
    with scope.everything("a test"):
        house.act(house.bob, second, "return", {"crew_report": "nothing"}, now=at + timedelta(days=3))
    return [first, second, third]


class TestThePages:
    def test_begin_with_a_choice_of_processes(self, house: House) -> None:
        played(house)
        text = text_of(house.browser(house.sue).get("/work/x-ray/"))
        assert 'href="/work/x-ray/missed-bin/"' in text
        assert "Missed bin collection" in text
        assert "general-enquiry" not in text  # it has no case

    def test_say_so_when_there_is_nothing(self, house: House) -> None:
        client = house.browser(house.sue)
        assert "There is nothing to see yet" in text_of(client.get("/work/x-ray/"))
        for name in PLATES:
            answer = client.get(XRAY if name == "summary" else f"{XRAY}{name}/")
            assert answer.status_code == 200
            assert CASES.search(text_of(answer)) is None
        assert "No case of this process was opened" in text_of(client.get(XRAY))

    def test_say_the_first_figures_in_words(self, house: House) -> None:
        played(house)
        text = text_of(house.browser(house.sue).get(XRAY))
        assert "3 cases were opened in this period. 1 of them is closed, 2 open." in text
        text = text_of(house.browser(house.sue).get(f"{XRAY}waiting/"))
        assert "went by at “Check the round”, waiting for staff." in text

    @pytest.mark.parametrize("name", PLATES)
    def test_lead_from_every_figure_to_as_many_cases(self, house: House, name: str) -> None:
        played(house)
        house.missed_bin(council=house.elm)
        make_grant(staff=house.sue, role="supervisor", council=house.elm)
        client = house.browser(house.sue)
        text = text_of(client.get(XRAY if name == "summary" else f"{XRAY}{name}/"))
        links = CASES.findall(text)
        for address, figure in links:
            behind = text_of(client.get(unescape(address)))
            assert re.search(rf"\b{figure} times? in ", behind), (address, figure)
            assert behind.count('href="/work/case/') > 0
        assert links or name in {"exceptions", "hand-overs"}  # one team does it all

    def test_have_a_chart_and_the_same_as_a_table(self, house: House) -> None:
        played(house)
        text = text_of(house.browser(house.sue).get(f"{XRAY}waiting/"))
        assert '<svg class="moothall-chart" role="img"' in text
        assert 'aria-label="Mean time of each step: until it is taken, and in hand"' in text
        assert "Until somebody takes it, as a table" in text
        assert " style=" not in text

    def test_show_the_process_as_a_picture_with_how_often(self, house: House) -> None:
        played(house)
        text = text_of(house.browser(house.sue).get(f"{XRAY}order/"))
        assert "Missed bin collection, as a picture" in text
        assert "3 times" in text

    def test_keep_what_was_chosen_from_page_to_page(self, house: House) -> None:
        played(house)
        make_grant(staff=house.sue, role="supervisor", council=house.elm)
        since = (timezone.localdate() - timedelta(days=7)).isoformat()
        text = text_of(house.browser(house.sue).get(XRAY, {"since": since, "council": "ash"}))
        assert "2 cases were opened" in text
        assert f"/waiting/?council=ash&amp;since={since}" in text
        assert "Cases opened from" in text

    def test_say_what_is_wrong_with_the_days(self, house: House) -> None:
        played(house)
        client = house.browser(house.sue)
        wrong = {"since": "2026-05-02", "until": "2026-05-01"}
        assert "must be the same day as Opened from, or later" in text_of(client.get(XRAY, wrong))
        for days in ({"since": "0001-01-01"}, {"since": "2001-01-01"}, {"until": "9999-12-31"}):
            assert "Choose at most ten years" in text_of(client.get(XRAY, days))
        assert "must be a day, like" in text_of(client.get(XRAY, {"since": "yesterday"}))

    @pytest.mark.parametrize(
        "path",
        ["nothing/", "missed-bin/nothing/", "missed-bin/cases/?figure=x", "missed-bin/nothing/table.csv"],
    )
    def test_do_not_exist_for_what_is_not_there(self, house: House, path: str) -> None:
        answer = house.browser(house.sue).get(f"/work/x-ray/{path}")
        assert answer.status_code == 404


class TestWhoMayLook:
    def test_sees_the_entry_in_the_menu(self, house: House) -> None:
        assert 'href="/work/x-ray/"' in text_of(house.browser(house.sue).get("/work/"))
        assert 'href="/work/x-ray/"' not in text_of(house.browser(house.ann).get("/work/"))
        assert house.browser(house.ann).get(XRAY).status_code == 403

    def test_counts_no_case_of_a_council_that_is_not_theirs(self, house: House) -> None:
        played(house)
        assert "No case of this process" in text_of(house.browser(house.olive).get(XRAY))
        text = text_of(house.browser(house.olive).get(XRAY, {"council": "ash"}))
        assert "Ash District Council" not in text
        assert "No case of this process" in text

    def test_may_count_without_seeing_a_case(self, house: House) -> None:
        references = played(house)
        designer = make_staff(council=house.ash, roles=("service-designer",))
        client = house.browser(designer)
        assert "3 cases were opened" in text_of(client.get(XRAY))
        text = text_of(client.get(f"{XRAY}cases/?figure=cases"))
        assert "3 times in 3 cases" in text
        assert "3 cases are not shown here" in text
        assert not any(reference in text for reference in references)
        assert "Download as XES" not in text_of(client.get(XRAY))


class TestFilesToTakeAway:
    def test_are_tables_with_bare_figures(self, house: House) -> None:
        played(house)
        answer = house.browser(house.sue).get(f"{XRAY}waiting/table.csv", {"table": "waits"})
        lines = text_of(answer).lstrip("\ufeff").splitlines()
        assert lines[0].startswith("Step,Waits for,Times done,Half within (seconds)")
        assert lines[2].startswith("Check the round,Staff,3,")
        assert answer["Content-Disposition"] == 'attachment; filename="missed-bin-waiting-waits.csv"'

    @pytest.mark.parametrize(("how", "begins"), [("xes", "<?xml"), ("ocel", "{")])
    def test_are_logs_and_the_record_says_who_took_one(self, house: House, how: str, begins: str) -> None:
        references = played(house)
        answer: Any = house.browser(house.sue).post(f"{XRAY}log/", {"how": how})
        text = b"".join(answer.streaming_content).decode()
        assert text.startswith(begins)
        assert all(reference in text for reference in references)
        with scope.everything("looking in a test"):
            entry = Entry.objects.get(what="process.exported")
        assert (entry.about, entry.actor_name) == ("process:missed-bin", "Sue Supervisor")

    def test_are_refused_to_whoever_sees_no_case_and_in_no_known_form(self, house: House) -> None:
        played(house)
        designer: Staff = make_staff(council=house.ash, roles=("service-designer",))
        assert house.browser(designer).post(f"{XRAY}log/", {"how": "xes"}).status_code == 403
        assert house.browser(house.sue).post(f"{XRAY}log/", {"how": "exe"}).status_code == 404


class TestTheForm:
    def test_offers_no_council_where_there_is_one(self) -> None:
        form = LensForm(_query(""), [("ash", "Ash")], timezone.localdate())
        assert "council" not in form.fields

    def test_leaves_out_a_council_that_is_not_offered(self) -> None:
        form = LensForm(_query("council=elm"), [("ash", "Ash"), ("oak", "Oak")], timezone.localdate())
        assert form.lens("repair", {"ash": 1, "oak": 2}).councils == frozenset()


def _query(text: str) -> QueryDict:
    return QueryDict(text)
