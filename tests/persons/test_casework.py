"""Whose case a case is, and the cases of a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.casework import put_case_to
from moothall.persons.errors import OtherCouncil
from moothall.persons.models import CasePerson
from moothall.persons.queries.cases import NOBODY, cases_of, whose_case
from moothall.plain.errors import NotFound, Refused
from moothall.process.models import Case
from moothall.requests import actions as requests
from tests.makers import make_staff, make_viewer
from tests.persons.making import make_record
from tests.process import hub as hubs
from tests.requests.making import SAM
from tests.workplace.staffed import House, make_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def house() -> House:
    return make_house()


class TestPuttingACaseToAPerson:
    def test_shows_it_among_their_cases_with_what_happens_next(self, house: House) -> None:
        reference = house.missed_bin()
        record = make_record(council=house.ash)
        ada = house.viewer(house.ada)
        put_case_to(by=ada, case_id=house.case_id(reference), record_id=record.pk, now=timezone.now())
        found = cases_of(ada, [record.pk], timezone.now())
        assert [(case.reference, case.is_open) for case in found.cases] == [(reference, True)]
        assert found.open[0].next[0].title == "Check the round"
        assert found.open[0].next[0].team == "Waste team"
        whose = whose_case(ada, house.case_id(reference), house.ash.pk)
        assert whose is not None
        assert (whose.name, whose.how) == ("Priya Nair", "Chosen by a member of staff")
        assert Entry.objects.filter(about=f"record:{record.pk}", what="person.case_put").count() == 1

    def test_moves_it_from_whoever_it_was_put_to_before(self, house: House) -> None:
        number = house.case_id(house.missed_bin())
        ada, first, second = (
            house.viewer(house.ada),
            make_record(council=house.ash),
            make_record(council=house.ash),
        )
        for record in (first, second, second):
            put_case_to(by=ada, case_id=number, record_id=record.pk, now=timezone.now())
        assert CasePerson.objects.get(case_id=number).record_id == second.pk
        assert cases_of(ada, [first.pk], timezone.now()).cases == []

    def test_is_refused_for_a_record_of_another_council(self, house: House) -> None:
        number = house.case_id(house.missed_bin())
        record = make_record(council=house.elm)
        with pytest.raises(OtherCouncil, match="Elm City Council"):
            put_case_to(by=Viewer.system(), case_id=number, record_id=record.pk, now=timezone.now())

    def test_does_not_admit_that_another_councils_case_exists(self, house: House) -> None:
        number = house.case_id(house.missed_bin(council=house.oak))
        record = make_record(council=house.ash)
        with pytest.raises(NotFound, match="case"):
            put_case_to(by=house.viewer(house.ada), case_id=number, record_id=record.pk, now=timezone.now())

    def test_is_refused_to_who_may_only_look(self, house: House) -> None:
        number = house.case_id(house.missed_bin())
        record = make_record(council=house.ash)
        auditor = make_viewer(make_staff(council=house.ash, roles=("auditor",)), today=timezone.localdate())
        with pytest.raises(Refused):
            put_case_to(by=auditor, case_id=number, record_id=record.pk, now=timezone.now())

    def test_is_done_with_a_request_that_is_raised_for_a_person(self, house: House) -> None:
        record = make_record(council=house.ash)
        sent = requests.raise_for_resident(
            by=house.viewer(house.ada),
            council=house.ash,
            service="general-enquiry",
            answers={"kind": "question", "subject": "Hours", "message": "When do you open?"},
            contact=SAM,
            channel="phone",
            submission=uuid4().hex,
            now=timezone.now(),
            record_id=record.pk,
        )
        assert CasePerson.objects.get(case__reference=sent.reference).record_id == record.pk


class TestTheCasesOfAPerson:
    def test_are_only_those_the_viewer_may_see(self, house: House) -> None:
        here, there = make_record(council=house.ash), make_record(council=house.elm)
        for council, record in ((house.ash, here), (house.elm, there)):
            number = house.case_id(house.missed_bin(council=council))
            put_case_to(by=Viewer.system(), case_id=number, record_id=record.pk, now=timezone.now())
        ids = [here.pk, there.pk]
        assert [case.council for case in cases_of(house.viewer(house.ada), ids, timezone.now()).cases] == [
            "Ash District Council"
        ]
        assert len(cases_of(house.viewer(house.ann), ids, timezone.now()).cases) == 2

    def test_leave_out_a_case_that_is_kept_to_a_circle_the_viewer_is_outside_of(self) -> None:
        hub = hubs.make_hub()
        case = hubs.report(hub)
        council = Case.objects.get(pk=case.id).council
        record = make_record(council=council)
        put_case_to(by=Viewer.system(), case_id=case.id, record_id=record.pk, now=timezone.now())
        assert len(cases_of(Viewer.system(), [record.pk], timezone.now()).cases) == 1
        assert cases_of(hub.outsider, [record.pk], timezone.now()).cases == []

    def test_cost_as_many_questions_when_there_are_many(self, house: House) -> None:
        record, ada = make_record(council=house.ash), house.viewer(house.ada)

        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                cases_of(ada, [record.pk], timezone.now())
            return len(asked)

        counts = []
        for _ in range(2):
            for number in range(3):
                reference = house.missed_bin(ago=timedelta(hours=number + 1))
                put_case_to(by=ada, case_id=house.case_id(reference), record_id=record.pk, now=timezone.now())
            counts.append(questions())
        assert counts == [3, 3]

    def test_say_nobody_where_nobody_is_known(self, house: House) -> None:
        number = house.case_id(house.missed_bin())
        CasePerson.objects.filter(case_id=number).delete()
        assert whose_case(house.viewer(house.ada), number, house.ash.pk) == NOBODY
        assert whose_case(house.viewer(house.joe), number, house.oak.pk) is None
