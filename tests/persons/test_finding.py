"""Keeping the keys of records in step with what is known."""

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.councils import scope
from moothall.councils.errors import OutOfScope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions import finding
from moothall.persons.actions.records import add_fact, end_fact
from moothall.persons.models import FindKey, Spelling
from moothall.persons.queries.candidates import Candidates
from moothall.persons.rules import keys
from moothall.persons.rules.known import Known, Name, Place
from tests.makers import make_council
from tests.persons.making import a_phone, make_record
from tests.persons.population import known, people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
ANN = Known((Name("ann", "", "lee"),), date(1980, 5, 4), (Place("1 ash road", "zx11aa"),))


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


def held(record_id: int) -> set[int]:
    return set(FindKey.objects.filter(record=record_id).values_list("key", flat=True))


class TestIndexing:
    def test_follows_what_is_known(self, ash: Council) -> None:
        record = make_record(council=ash)
        assert held(record.pk) == keys.every(Known.of(record.traits))

    def test_writes_only_the_difference(
        self, ash: Council, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        record = make_record(council=ash)
        before = Known.of(record.traits)
        after = replace(before, phones=("+447700900111",))
        with django_assert_num_queries(2):
            finding.index(record.pk, ash.pk, before, after)
        assert held(record.pk) == keys.every(after)
        with django_assert_num_queries(0):
            finding.index(record.pk, ash.pk, after, after)

    def test_forgets_what_is_not_known_any_more(self, ash: Council, now: datetime) -> None:
        record = make_record(council=ash)
        by = Viewer.system()
        phone = add_fact(by=by, record_id=record.pk, fact=a_phone("07700 900555"), source="adviser", now=now)
        number = keys.key("phone", keys.last_digits("+447700900555"))
        assert number in held(record.pk)
        end_fact(by=by, record_id=record.pk, fact_id=phone.pk, why="Not theirs.", now=now)
        assert number not in held(record.pk)

    def test_of_nothing_any_more_leaves_nothing(self, ash: Council) -> None:
        record = make_record(council=ash)
        finding.index(record.pk, ash.pk, Known.of(record.traits), None)
        assert not held(record.pk)

    def test_does_it_twice_without_harm(self, ash: Council) -> None:
        record = make_record(council=ash)
        finding.index(record.pk, ash.pk, None, Known.of(record.traits))
        assert held(record.pk) == keys.every(Known.of(record.traits))

    def test_learns_names_and_keeps_them(self, ash: Council) -> None:
        record = make_record(council=ash)
        finding.index(record.pk, ash.pk, Known.of(record.traits), ANN)
        words = set(Spelling.objects.filter(council=ash).values_list("word", flat=True))
        assert {"priya", "nair", "ann", "lee"} <= words
        variants = set(Spelling.objects.filter(word="priya").values_list("variant", flat=True))
        assert variants == keys.spellings("priya")

    def test_is_refused_for_a_council_outside_the_scope(self, ash: Council) -> None:
        record = make_record(council=ash)
        with scope.only([ash.pk + 1]), pytest.raises(OutOfScope):
            finding.index(record.pk, ash.pk, None, ANN)


class TestIndexingMany:
    def test_comes_to_the_same_as_one_by_one(self, ash: Council) -> None:
        elm = make_council(code="elm")
        all_of = [
            (make_record(council=council).pk, council.pk, known(person))
            for person, council in zip(people(6), [ash, elm] * 3, strict=True)
        ]
        FindKey.objects.all().delete()
        assert finding.index_many(iter(all_of)) == 6
        for record_id, _, what in all_of:
            assert held(record_id) == keys.every(what)
        assert Spelling.objects.filter(council=elm).exists()

    def test_again_takes_away_what_an_older_version_wrote(self, ash: Council) -> None:
        record = make_record(council=ash)
        FindKey.objects.create(key=42, council=ash, record=record)
        finding.index_again(record.pk, ash.pk, ANN)
        assert held(record.pk) == keys.every(ANN)


class TestTellingElsewhere:
    def test_is_in_the_journal_of_each_council_told_of(self, ash: Council, now: datetime) -> None:
        elm = make_council(code="elm")
        record = make_record(council=elm)
        found = Candidates(elsewhere=(elm.name,), told=((record.pk, elm.pk),))
        finding.tell_elsewhere(by=Viewer.system(), council_id=ash.pk, found=found, now=now)
        entry = Entry.objects.get(what="person.told_elsewhere")
        assert (entry.council_id, entry.about) == (elm.pk, f"record:{record.pk}")
        assert json.loads(entry.facts) == {"asked_for": ash.pk}
