"""Erasing what one council holds about somebody, in all rooms at once."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from moothall.contacts.models import Contact
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.messages.models import Message, Raw
from moothall.persons.actions import erasing, retaining, rights
from moothall.persons.actions.erasing import KEPT, erase
from moothall.persons.actions.records import add_fact, replace_fact
from moothall.persons.errors import Erased, EraseRefused, NotDecided, Restricted, SayGround
from moothall.persons.models import (
    CasePerson,
    Fact,
    FindKey,
    Spelling,
)
from moothall.persons.queries.people import person_file
from moothall.persons.rules import rights as rules
from moothall.persons.tasks import old_requests
from moothall.plain.errors import NotFound, Refused
from moothall.process import actions as process
from moothall.process import store
from moothall.process.models import Attachment, Case, SearchWord
from moothall.process.queries.casefile import case_file
from moothall.requests.models import Draft, Request
from tests.makers import make_council
from tests.persons.exercised import Office, granted, make_office, tie
from tests.persons.lived import CANARIES, ZQ, live, zq
from tests.persons.making import a_name, a_phone, make_record
from tests.requests.making import make_draft, make_town, send

YEARS = timedelta(days=7 * 366)


@pytest.fixture
def office(db: None, everything: None, now: datetime) -> Office:
    return make_office(now)


def held_words() -> dict[str, str]:
    """Return what every row of every table says, by table: all of its columns as text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                found[model._meta.db_table] = "\n".join(map(str, cursor.fetchall())).lower()
    return found


def tables_with(*words: str) -> dict[str, set[str]]:
    """Return the tables that have any of the words, with those that they have."""
    return {
        table: hits
        for table, said in held_words().items()
        if (hits := {word for word in words if word in said})
    }


class TestErasingARecord:
    def test_destroys_what_it_held_and_keeps_an_empty_row(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        row = erase(by=office.dora, record_id=record.pk, ground="needless", why="They moved.", now=now)
        record.refresh_from_db()
        assert (record.state, record.name, record.traits, record.born) == (
            "erased",
            "Erased record",
            {},
            None,
        )
        assert not Fact.objects.exists()
        assert not FindKey.objects.exists()
        assert (row.outcome, row.rule, row.counts["facts"]) == ("destroyed", "needless", 5)
        with pytest.raises(NotFound):
            person_file(office.adviser, record.person.reference, now)

    def test_is_in_the_journal_with_counts_and_without_words(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        erase(by=office.dora, record_id=record.pk, ground="needless", why="Zqnote.", now=now)
        entry = Entry.objects.get(what="person.erased", about=f"record:{record.pk}")
        facts = json.loads(entry.facts)
        assert (entry.actor_name, facts["rule"], facts["counts"]) == (
            "Dora Officer",
            "needless",
            {"facts": 5},
        )
        assert "zq" not in entry.facts.lower()

    def test_needs_a_ground_in_law(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        with pytest.raises(SayGround):
            erase(by=office.dora, record_id=record.pk, ground="tired", why="", now=now)

    def test_is_not_for_an_adviser(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        with pytest.raises((Refused, NotFound)):
            erase(by=office.adviser, record_id=record.pk, ground="needless", why="", now=now)

    def test_is_not_for_another_council(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        with pytest.raises(NotFound):
            erase(
                by=make_office(now, code="elm").dora, record_id=record.pk, ground="needless", why="", now=now
            )

    def test_happens_once_and_nothing_is_added_after(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        with pytest.raises(Erased):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        with pytest.raises(Erased):
            add_fact(by=office.adviser, record_id=record.pk, fact=a_phone(), source="adviser", now=now)

    def test_forgets_names_that_nobody_else_bears_and_no_others(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        replace_fact(
            by=office.adviser,
            record_id=record.pk,
            fact_id=record.facts.get(kind="name").pk,
            fact=a_name("Zqgiven", "Zqmarried"),
            why="",
            source="adviser",
            now=now,
        )
        make_record(council=office.council, facts=[a_name("Zqgiven", "Other")], now=now)
        erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        words = set(Spelling.objects.values_list("word", flat=True))
        assert {"zqgiven", "other"} <= words
        assert words.isdisjoint({"zqfamily", "zqmarried"})

    def test_leaves_another_council_s_record_of_the_same_person(self, office: Office, now: datetime) -> None:
        elm = make_council(code="elm", name="Elm Council")
        record = zq(office, now)
        other = make_record(council=elm, facts=ZQ, person=record.person, now=now)
        before = list(other.facts.values_list("pk", "body"))
        erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        other.refresh_from_db()
        assert (other.name, other.person_id, other.state) == ("Zqgiven Zqfamily", record.person_id, "active")
        assert list(other.facts.values_list("pk", "body")) == before
        assert FindKey.objects.filter(council=elm, record=other).exists()
        assert Spelling.objects.filter(council=elm, word="zqfamily").exists()


class TestWhatStandsAgainstIt:
    def test_is_a_legal_hold(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        retaining.hold(by=office.dora, record_id=record.pk, why="A claim of 2026.", now=now)
        with pytest.raises(EraseRefused, match=r"A legal hold forbids it: A claim of 2026\."):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)

    def test_is_an_open_case_and_then_the_time_for_claims(
        self, office: Office, now: datetime, settings: Any, tmp_path: Any
    ) -> None:
        settings.FILES_ROOT = tmp_path
        town = make_town()
        office = make_office(now, code="oak", council=town.council)
        record = zq(office, now)
        sent = send(town, make_draft(town))
        tie(record, sent.request.case_id, now)
        with pytest.raises(EraseRefused, match=rf"A case about them is still open: {sent.reference}\."):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        process.end_case(
            by=Viewer.system(),
            case_id=sent.request.case_id,
            ending="duplicate",
            expected=None,
            text="Twice.",
            now=now,
        )
        with pytest.raises(EraseRefused, match=r"must keep it until 23 November 2032.*Limitation Act 1980"):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        assert Request.objects.get().name == "Sam Okoro"

    def test_ends_when_the_day_begins_where_the_councils_are(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = rules.Obstacles(kept_until=date(2026, 7, 1), because="The law says so.")
        monkeypatch.setattr(erasing, "obstacles", lambda *_, **__: kept)
        record = make_record(council=office.council)
        with pytest.raises(EraseRefused, match="until 1 July 2026"):
            erasing.refuse_if_kept(office.dora, record, datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
        erasing.refuse_if_kept(office.dora, record, datetime(2026, 6, 30, 23, 1, tzinfo=UTC))

    def test_is_a_restriction(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        rights.restrict(by=office.dora, record_id=record.pk, ground="claims", why="", now=now)
        with pytest.raises(Restricted):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)

    def test_is_not_the_request_that_asks_for_it(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        case_id = granted(office, record, "erasure", now)
        with pytest.raises(EraseRefused, match="still open"):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now)
        row = erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now, case_id=case_id)
        assert row.case_id == case_id
        assert CasePerson.objects.get(case_id=case_id).record_id == record.pk

    def test_leaves_the_request_as_proof_for_three_years(self, office: Office, now: datetime) -> None:
        record = zq(office, now)
        case_id = granted(office, record, "erasure", now)
        erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now, case_id=case_id)
        for step, answers in (
            ("carry_out", {"done": "Zqnote was erased."}),
            ("tell", {"told_on": "2026-11-23", "told_how": "letter"}),
        ):
            process.act(
                by=office.dora,
                case_id=case_id,
                step=step,
                expected=None,
                now=now,
                answers=answers,
                outcome="",
            )
        assert old_requests(now + timedelta(days=1000)) == 0
        assert old_requests(now + timedelta(days=1100)) == 1
        assert old_requests(now + timedelta(days=1100)) == 0
        assert Case.objects.get(pk=case_id).data == {}

    def test_is_a_request_that_was_not_granted_or_asks_for_something_else(
        self, office: Office, now: datetime
    ) -> None:
        record = zq(office, now)
        case_id = granted(office, record, "access", now)
        with pytest.raises(NotDecided):
            erase(by=office.dora, record_id=record.pk, ground="needless", why="", now=now, case_id=case_id)
        other = make_record(council=office.council, facts=[a_name("Ann", "Other")], now=now)
        with pytest.raises(NotDecided):
            erase(by=office.dora, record_id=other.pk, ground="needless", why="", now=now, case_id=case_id)

    def test_is_said_without_what_is_not_there_for_whoever_asks(self) -> None:
        found = rules.Obstacles(hidden=1)
        assert rules.reasons_against(found, date(2026, 1, 1)) == ["Work by others about them is still open."]


@pytest.fixture
def lived(db: None, everything: None, now: datetime, settings: Any, tmp_path: Any) -> Mapping[str, Any]:
    settings.FILES_ROOT = tmp_path
    return live(now - YEARS)


ACCOUNT = {"identity_user": "The account is the person's own, at no council: they close it themselves."}
"""What stays outside of the register and is no council's."""


class TestNothingIsLeft:
    def test_of_the_person_in_any_table_but_those_that_the_law_keeps(
        self, lived: Mapping[str, Any], now: datetime
    ) -> None:
        assert {
            "persons_fact",
            "requests_request",
            "process_case",
            "contacts_contact",
            "messages_message",
        } <= (tables_with(*CANARIES).keys())
        office, record = lived["office"], lived["record"]
        erase(by=office.dora, record_id=record.pk, ground="retention", why="", now=now)
        left = tables_with(*CANARIES)
        assert left.keys() <= KEPT.keys() | ACCOUNT.keys(), left
        entries = "\n".join(map(str, Entry.objects.values_list("what", "about", "facts"))).lower()
        assert not any(word in entries for word in CANARIES)
        assert not Raw.objects.exists()

    def test_on_the_pages_of_its_cases(self, lived: Mapping[str, Any], now: datetime) -> None:
        office, record = lived["office"], lived["record"]
        erase(by=office.dora, record_id=record.pk, ground="retention", why="", now=now)
        case = Case.objects.get(pk=lived["case"])
        shown = repr(case_file(lived["town"].officer, case.reference, now, whole_history=True)).lower()
        assert not any(word in shown for word in CANARIES)
        assert "what was said in this case was erased" in shown
        assert not SearchWord.objects.filter(case=case).exists()
        assert not Attachment.objects.filter(case=case).exists()

    def test_by_which_a_request_could_be_followed(self, lived: Mapping[str, Any], now: datetime) -> None:
        request = Request.objects.get()
        before = request.token_digest
        erase(by=lived["office"].dora, record_id=lived["record"].pk, ground="retention", why="", now=now)
        request.refresh_from_db()
        assert (request.requester_id, request.token_sealed, request.name) == (None, "", "")
        assert request.token_digest != before
        assert not Draft.objects.exists()

    def test_but_what_is_counted(self, lived: Mapping[str, Any], now: datetime) -> None:
        before = (Contact.objects.count(), Message.objects.count(), Case.objects.count())
        row = erase(
            by=lived["office"].dora, record_id=lived["record"].pk, ground="retention", why="", now=now
        )
        assert (Contact.objects.count(), Message.objects.count(), Case.objects.count()) == before
        assert Case.objects.get(pk=lived["case"]).ending == "duplicate"
        counts = row.counts
        assert (counts["cases emptied"], counts["requests"], counts["files"]) == (1, 1, 1)
        assert counts["contacts"] >= 3
        assert (counts["relationships"], counts["connections"], counts["letter codes"]) == (1, 1, 1)

    def test_that_the_proof_of_the_history_does_not_hold_any_more(
        self, lived: Mapping[str, Any], now: datetime
    ) -> None:
        erase(by=lived["office"].dora, record_id=lived["record"].pk, ground="retention", why="", now=now)
        case = store.load(lived["case"])
        assert case is not None
        rows = store.witnessed_rows([case.id])
        assert len(rows) == case.seq
        for about, facts in Entry.objects.filter(facts__contains='"witness":').values_list("about", "facts"):
            told = json.loads(facts)
            first, last = told["events"]
            if about == f"case:{case.id}":
                assert store.digest_of([rows[case.id, n] for n in range(first, last + 1)]) == told["digest"]

    def test_of_others_is_touched(self, lived: Mapping[str, Any], now: datetime) -> None:
        carer = lived["carer"]
        before = list(carer.facts.values_list("pk", "body"))
        erase(by=lived["office"].dora, record_id=lived["record"].pk, ground="retention", why="", now=now)
        carer.refresh_from_db()
        assert carer.name == "Tom Carer"
        assert list(carer.facts.values_list("pk", "body")) == before

    def test_that_is_reached_by_a_shared_phone_is_lost_with_one_of_two(
        self, lived: Mapping[str, Any], now: datetime
    ) -> None:
        town, record = lived["town"], lived["record"]
        make_record(council=town.council, facts=[a_name("Sib", "Ling"), a_phone("07700 900345")], now=now)
        erase(by=lived["office"].dora, record_id=record.pk, ground="retention", why="", now=now)
        unsorted = Contact.objects.get(record=None, case=None)
        assert unsorted.address == "+447700900345"
