"""What only a circle may know, on the pages beside the case itself: the record, clocks, files and figures."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal.actions import write
from moothall.plain.actors import SYSTEM
from moothall.plain.errors import NotFound
from moothall.process import actions, files
from moothall.process.circles import OTHERS
from moothall.process.models import Case
from moothall.workplace.queries import cases, clocks, processes, record
from moothall.workplace.queries.record import Row
from tests.makers import make_grant
from tests.process.hub import Hub, act, fresh, heard, ordinary, report, staff_of
from tests.process.making import MONDAY, publish_repair
from tests.servicedesk.rows import Ground, make_call


@pytest.fixture(autouse=True)
def _everything(hub: Hub) -> Iterator[None]:
    with scope.everything("a test that is not about scopes"):
        publish_repair()
        yield


def entries(viewer: Viewer, *, about: str = "", what: str = "", who: str = "") -> list[Row]:
    return list(record.record_page(viewer, MONDAY, about=about, what=what, who=who).rows)


def about(viewer: Viewer, number: int) -> list[str]:
    return [row.what for row in entries(viewer, about=f"case:{number}")]


class TestTheRecord:
    def test_has_nothing_of_a_case_that_is_not_there(self, hub: Hub) -> None:
        private, plain = heard(hub), ordinary(hub)
        for who in ("supervisor", "auditor"):
            viewer = hub.named(who)
            assert about(viewer, private.id) == []
            assert about(viewer, plain.id) == ["case.started"]
            assert {row.about for row in entries(viewer, what="case")} == {f"case:{plain.id}"}

    def test_has_nothing_of_a_call_for_those_who_see_none(self, hub: Hub) -> None:
        desk = hub.teams["desk"]
        call = make_call(Ground(hub.council, desk, desk), MONDAY)
        Case.objects.filter(pk=call.case_id).update(circle="servicedesk.call.see")
        about_it = f"call:{call.pk}"
        write(
            by=SYSTEM, what="servicedesk.call_logged", about=about_it, council_id=hub.council.pk, now=MONDAY, facts={}
        )  # fmt: skip
        assert entries(hub.auditor, about=about_it) == []
        make_grant(staff=staff_of(hub.auditor), role="ict-client")
        assert [row.what for row in entries(fresh(hub.auditor), about=about_it)] == [
            "servicedesk.call_logged"
        ]

    def test_has_all_of_it_for_the_circle(self, hub: Hub) -> None:
        assert about(hub.owner, heard(hub).id) == ["case.step_done", "case.step_done", "case.started"]

    def test_says_of_a_private_step_neither_who_nor_how(self, hub: Hub) -> None:
        case = report(hub)
        act(hub.police, case, "police", police_says="Much", level="high")
        row = entries(hub.owner, about=f"case:{case.id}")[0]
        assert (row.what, row.who, row.facts) == ("case.step_done", "Somebody", "")

    def test_does_not_find_it_by_who_did_it(self, hub: Hub) -> None:
        case = report(hub)
        act(hub.police, case, "police", police_says="Much", level="high")
        act(hub.school, case, "school", school_says="Little")
        assert entries(hub.owner, who=hub.police.actor.name) == []
        assert len(entries(hub.owner, who=hub.school.actor.name)) == 1

    def test_hides_nothing_of_what_is_about_no_case(self, hub: Hub) -> None:
        before = len(entries(hub.auditor))
        assert any(row.about.startswith("process:") for row in entries(hub.auditor)) == (before > 0)
        assert len(entries(hub.supervisor)) <= before


class TestTheClockPage:
    def test_is_not_there_for_a_clock_about_a_private_step(self, hub: Hub) -> None:
        case = report(hub)
        assert clocks.explained(hub.police, case.reference, "police", MONDAY).until == "Ask the police"
        for who in ("owner", "guard", "school", "outsider"):
            with pytest.raises(NotFound):
                clocks.explained(hub.named(who), case.reference, "police", MONDAY)

    def test_names_no_step_of_others(self, hub: Hub) -> None:
        case = report(hub)
        found = clocks.explained(hub.police, case.reference, "police", MONDAY)
        assert found.since == OTHERS
        assert clocks.explained(hub.guard, case.reference, "answer", MONDAY).since == "Report"


class TestAFile:
    def test_is_given_to_whoever_reads_the_answer(self, hub: Hub) -> None:
        case = report(hub)
        kept = files.keep(SimpleUploadedFile("record.txt", b"Arrests"), limit=10_000)
        named = [{"id": kept.sha256, "name": kept.name}]
        act(hub.police, case, "police", police_says="Much", level="high", record=named)
        row = actions.attach(by=hub.police, case_id=case.id, file=kept, now=MONDAY, field="record")
        assert cases.attachment(hub.police, case.reference, row.pk) == row
        for who in ("owner", "guard", "school", "outsider", "auditor"):
            with pytest.raises(NotFound):
                cases.attachment(hub.named(who), case.reference, row.pk)


class TestTheCasePage:
    def test_lets_a_helper_do_their_step_and_nothing_else(self, hub: Hub) -> None:
        case = report(hub)
        page = cases.case_page(hub.school, case.reference, MONDAY)
        assert (page.may_note, page.may_write, page.may_end, page.letters, page.contact) == (
            False, False, False, (), None,
        )  # fmt: skip
        assert [each.step.title for each in page.waiting if each.step.may_act] == ["Ask the school"]


class TestTheFiguresOfAProcess:
    def test_count_no_case_that_is_not_there(self, hub: Hub) -> None:
        report(hub)
        heard(hub)
        designer = staff_of(hub.outsider)
        designer.grants.create(role="service-designer", council=hub.council)
        counted = {
            who: [each.own for each in processes.versions_of(viewer, "worry")]  # type: ignore[attr-defined]
            for who, viewer in {"designer": fresh(hub.outsider), "owner": hub.owner}.items()
        }
        assert counted == {"designer": [0], "owner": [2]}
