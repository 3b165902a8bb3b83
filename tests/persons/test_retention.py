"""For how long records are kept, by rule; legal holds; and two people for what is destroyed."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from moothall.journal.models import Entry
from moothall.persons.actions import retaining
from moothall.persons.actions.records import add_fact
from moothall.persons.errors import (
    Erased,
    EraseRefused,
    NoProposal,
    OneAndTheSame,
    SayGround,
    ScheduleWrong,
)
from moothall.persons.models import Disposal, Record
from moothall.persons.queries.retention import due, keeping_of, lives, schedule
from moothall.persons.queries.rights import certificate, certificates
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.retention import FOREVER, RULES, Life, keeping, overridden
from moothall.persons.tasks import keep_until
from moothall.plain.errors import NotFound, Refused
from tests.persons.exercised import Office, make_office
from tests.persons.making import a_birth, a_name, a_phone, make_record

LONG_AGO = timedelta(days=7 * 366)
TODAY = date(2026, 11, 23)


class TestTheSchedule:
    def test_keeps_somebody_without_cases_for_six_years_and_binds_nobody(self) -> None:
        found = keeping(Life(date(2020, 3, 1)))
        assert (found.until, found.rule.key, found.bound_until) == (date(2026, 3, 1), "activity", None)

    def test_counts_a_death_as_something_that_happened(self) -> None:
        assert keeping(Life(date(2020, 3, 1), died=date(2021, 4, 2))).until == date(2027, 4, 2)

    def test_keeps_what_a_claim_could_be_about_and_binds(self) -> None:
        found = keeping(Life(date(2021, 5, 1), closed_on=date(2021, 5, 1)))
        assert (found.bound_until, found.binding and found.binding.key) == (date(2027, 5, 1), "case")

    def test_lets_a_child_grow_up_first(self) -> None:
        found = keeping(Life(date(2021, 5, 1), born=date(2015, 6, 1), closed_on=date(2021, 5, 1)))
        assert (found.until, found.rule.key) == (date(2039, 6, 1), "minor")

    def test_keeps_a_child_in_care_for_seventy_five_years(self) -> None:
        life = Life(date(2021, 5, 1), born=date(2015, 6, 1), processes=frozenset({"child-in-care"}))
        assert keeping(life).until == date(2090, 6, 1)

    def test_keeps_a_child_in_care_who_died_for_fifteen_years(self) -> None:
        life = Life(
            date(2021, 5, 1),
            born=date(2015, 6, 1),
            died=date(2021, 5, 1),
            processes=frozenset({"child-in-care"}),
        )
        assert keeping(life).until == date(2036, 5, 1)

    def test_keeps_until_a_date_of_birth_is_known_that_it_needs(self) -> None:
        assert keeping(Life(date(2021, 5, 1), processes=frozenset({"mash"}))).until == FOREVER

    def test_names_the_source_of_every_rule(self) -> None:
        assert all(len(rule.source) > 20 for rule in RULES)
        assert len({rule.key for rule in RULES}) == len(RULES)

    def test_can_be_a_council_s_own(self) -> None:
        rules = overridden({"activity": 3})
        assert keeping(Life(date(2020, 3, 1)), rules).until == date(2023, 3, 1)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"case": 2}, "cannot be shorter"),
            ({"birds": 2}, "no retention rule"),
            ({"activity": 0}, "number of years"),
            ({"activity": True}, "number of years"),
            ({"activity": "six"}, "number of years"),
        ],
    )
    def test_refuses_what_is_no_schedule(self, given: dict[str, object], said: str) -> None:
        with pytest.raises(ValueError, match=said):
            overridden(given)


@pytest.fixture
def office(db: None, everything: None, now: datetime) -> Office:
    return make_office(now)


def due_record(office: Office, now: datetime) -> Record:
    record = make_record(council=office.council, now=now - LONG_AGO)
    keep_until(now)
    record.refresh_from_db()
    return record


class TestWorkingOut:
    def test_gives_each_record_its_day(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        assert keep_until(now) == 1
        record.refresh_from_db()
        assert record.keep_until == date(2032, 11, 23)
        assert keep_until(now) == 0

    def test_puts_the_day_off_when_something_happened_since(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        assert record.keep_until is not None
        assert record.keep_until < TODAY
        add_fact(
            by=office.adviser, record_id=record.pk, fact=a_phone("01632 960001"), source="adviser", now=now
        )
        keep_until(now)
        record.refresh_from_db()
        assert record.keep_until == date(2032, 11, 23)

    def test_takes_more_than_one_helping(
        self, office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retaining, "HELPING", 2)
        for _ in range(5):
            make_record(council=office.council, now=now)
        assert keep_until(now) == 5

    def test_reads_a_year_of_birth_to_its_end(self, office: Office, now: datetime) -> None:
        birth = NewFact(kind="birth", body={"precision": "estimated", "year": 2015})
        record = make_record(council=office.council, facts=[a_name(), birth], now=now)
        assert lives([record.pk], now)[record.pk].born == date(2015, 12, 31)

    def test_reads_the_schedule_of_a_council_from_the_home_folder(
        self, office: Office, now: datetime, settings: Settings, tmp_path: Path
    ) -> None:
        settings.HOME = tmp_path
        record = make_record(council=office.council, now=now)
        (tmp_path / "retention.yaml").write_text("ash: {activity: 2}\n")
        assert keeping_of(record, now).until == date(2028, 11, 23)

    @pytest.mark.parametrize("written", ["ash: {birds: 2}", "ash: [", "- ash", "ash: 3"])
    def test_stops_at_a_schedule_that_cannot_be_read(
        self, office: Office, settings: Settings, tmp_path: Path, written: str
    ) -> None:
        settings.HOME = tmp_path
        (tmp_path / "retention.yaml").write_text(written)
        with pytest.raises(ScheduleWrong):
            schedule(office.council.pk)


class TestALegalHold:
    def test_forbids_destruction_until_it_is_lifted(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        retaining.hold(by=office.dora, record_id=record.pk, why="A claim.", now=now)
        with pytest.raises(EraseRefused, match=r"A legal hold forbids it: A claim\."):
            retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        retaining.lift_hold(by=office.dora, record_id=record.pk, now=now)
        retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        assert "claim" not in " ".join(Entry.objects.values_list("facts", flat=True)).lower()

    def test_that_comes_after_the_proposal_stops_it(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        retaining.hold(by=office.dora, record_id=record.pk, why="A claim.", now=now)
        with pytest.raises(EraseRefused):
            retaining.confirm(by=office.dev, record_id=record.pk, now=now)
        assert Record.objects.get(pk=record.pk).name == "Priya Nair"

    def test_needs_a_reason(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        with pytest.raises(SayGround) as refused:
            retaining.hold(by=office.dora, record_id=record.pk, why="  ", now=now)
        assert "why" in refused.value.fields

    def test_is_not_for_everybody_to_set(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        with pytest.raises((Refused, NotFound)):
            retaining.hold(by=office.adviser, record_id=record.pk, why="A claim.", now=now)


class TestDestroyingWhatIsDue:
    def test_takes_two_people(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        retaining.propose(by=office.dora, record_id=record.pk, why="Its time is up.", now=now)
        with pytest.raises(OneAndTheSame):
            retaining.confirm(by=office.dora, record_id=record.pk, now=now)
        row = retaining.confirm(by=office.dev, record_id=record.pk, now=now)
        record.refresh_from_db()
        assert (record.name, record.state, row.rule) == ("Erased record", "erased", "activity")
        assert (row.proposed_by, row.decided_by) == ("Dora Officer", "Dev Officer")

    def test_leaves_a_certificate(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        row = retaining.confirm(by=office.dev, record_id=record.pk, now=now)
        assert [each.pk for each in certificates(office.dora)] == [row.pk]
        paper = certificate(office.dora, row.pk)
        assert paper.reference == record.person.reference
        assert ("facts", 5) in paper.destroyed
        assert "Limitation Act" in paper.source
        assert Entry.objects.get(pk=paper.entry).what == "person.erased"
        with pytest.raises(NotFound):
            certificate(make_office(now, code="elm").dora, row.pk)

    def test_is_refused_before_it_is_due(self, office: Office, now: datetime) -> None:
        record = make_record(council=office.council, now=now)
        keep_until(now)
        with pytest.raises(SayGround, match="not due yet"):
            retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)

    def test_is_refused_where_nobody_proposed_it(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        with pytest.raises(NoProposal):
            retaining.confirm(by=office.dev, record_id=record.pk, now=now)

    def test_happens_once(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        first = retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        assert retaining.propose(by=office.dev, record_id=record.pk, why="", now=now) == first
        retaining.confirm(by=office.dev, record_id=record.pk, now=now)
        with pytest.raises(Erased):
            retaining.confirm(by=office.dev, record_id=record.pk, now=now)


class TestKeepingLonger:
    def test_needs_a_reason_and_a_day_to_come(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        with pytest.raises(SayGround) as refused:
            retaining.keep_longer(by=office.dora, record_id=record.pk, until=TODAY, why="A review", now=now)
        assert "until" in refused.value.fields

    def test_takes_a_proposal_back(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        until = date(2028, 1, 1)
        retaining.keep_longer(by=office.dev, record_id=record.pk, until=until, why="An inquiry", now=now)
        keep_until(now)
        record.refresh_from_db()
        assert record.keep_until == until
        assert Disposal.objects.get().outcome == "kept"
        with pytest.raises(NoProposal):
            retaining.confirm(by=office.dev, record_id=record.pk, now=now)


class TestTheListOfWhatIsDue:
    def test_has_what_is_due_with_its_rule_and_proposal(self, office: Office, now: datetime) -> None:
        record = due_record(office, now)
        make_record(council=office.council, facts=[a_name("Ann", "New"), a_birth()], now=now)
        retaining.propose(by=office.dora, record_id=record.pk, why="", now=now)
        listed = due(office.dora, now)
        assert [(each.record.pk, each.rule.key, each.proposed_by_viewer) for each in listed] == [
            (record.pk, "activity", True)
        ]
        assert not due(office.dev, now)[0].proposed_by_viewer

    def test_is_empty_for_another_council(self, office: Office, now: datetime) -> None:
        due_record(office, now)
        assert due(make_office(now, code="elm").dora, now) == []
