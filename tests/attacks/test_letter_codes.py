"""Letters with codes, attacked by residents: guessed at scale, used for somebody else, and what a connection opens."""

import json
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.correcting import add_own, end_own, end_own_representative, replace_own
from moothall.persons.actions.linking import link_same
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Connection, Fact, LetterCode, Record
from moothall.persons.queries.connections import own_case_ids, own_details, own_fact
from moothall.persons.rules import codes
from moothall.persons.rules.facts import NewFact
from moothall.plain.errors import HouseError
from tests.makers import make_council, make_user
from tests.persons.making import a_birth, a_name, a_phone, an_address, make_record
from tests.persons.residents import connected, enter, letter_for, represent, resident, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
EVIL = "<script>zqrun</script>"


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def record(everything: None, ash: Council) -> Record:
    return make_record(council=ash)


def somebody(council: Council, given: str, family: str = "Nair") -> Record:
    """Return a relative: the same home, the same family name."""
    return make_record(
        council=council,
        facts=[a_name(given, family), a_birth("1978-01-02"), an_address(), a_phone("07700 900111")],
    )


class TestGuessing:
    def test_at_scale_ends_with_the_letter(self, ash: Council, record: Record, now: datetime) -> None:
        letter = letter_for(record, Viewer.system(), now)
        thieves = [resident(ash, f"Thief {number}") for number in range(8)]
        for thief in thieves:
            assert enter(thief, letter, now, code=codes.new_code()) is None
        assert LetterCode.objects.get(record=record).tries == codes.TRIES
        assert enter(thieves[0], letter, now) is None
        assert not Connection.objects.exists()

    def test_is_on_record_without_the_code(self, ash: Council, record: Record, now: datetime) -> None:
        letter = letter_for(record, Viewer.system(), now)
        code = codes.new_code()
        enter(resident(ash, "Thief"), letter, now, code=code)
        entries = Entry.objects.filter(
            about=f"record:{record.pk}", what__in=("person.letter_made", "person.code_wrong")
        )
        assert entries.count() == 2
        for entry in entries:
            assert not {code, letter.code, codes.typed(letter.code)} & set(json.loads(entry.facts).values())
            assert letter.code not in entry.facts

    def test_with_the_code_of_another_letter_opens_neither(
        self, ash: Council, record: Record, now: datetime
    ) -> None:
        kin = somebody(ash, "Ravi")
        mine, other = (letter_for(each, Viewer.system(), now) for each in (kin, record))
        thief = resident(ash, "Ravi Nair")
        assert enter(thief, other, now, code=mine.code) is None
        assert enter(thief, mine, now, council=make_council()) is None
        made = enter(thief, mine, now)
        assert made is not None
        assert made.record_id == kin.pk
        with pytest.raises(HouseError):
            enter(thief, other, now)
        assert Connection.objects.get().record_id == kin.pk

    def test_of_a_letter_that_two_accounts_hold_connects_the_first(
        self, ash: Council, record: Record, now: datetime
    ) -> None:
        letter = letter_for(record, Viewer.system(), now)
        assert enter(resident(ash, "Priya"), letter, now) is not None
        assert enter(resident(ash, "Thief"), letter, now) is None


class TestAConnection:
    def test_shows_nothing_of_whom_the_matching_took_for_them(
        self, ash: Council, record: Record, now: datetime
    ) -> None:
        kin, me = somebody(ash, "Ravi"), resident(ash, "Priya")
        connected(me, record, now)
        link_same(by=Viewer.system(), one_id=record.pk, other_id=kin.pk, why="x", now=now, score=9.0, model=1)
        assert "900111" not in repr(seen(me, ash, now))
        assert "Ravi" not in repr(own_details(me, ash.pk, now))
        theirs = Fact.objects.get(record=kin, kind="phone")
        with pytest.raises(HouseError):
            own_fact(me, ash.pk, theirs.pk)
        assert own_case_ids(me, ash.pk) == []

    def test_changes_nobody_elses_facts(self, ash: Council, record: Record, now: datetime) -> None:
        kin, me, elm = somebody(ash, "Ravi"), resident(ash, "Priya"), make_council()
        there, outside = make_record(council=elm), resident(ash, "Nobody")
        connected(me, record, now)
        body = {"number": "07700 900123", "use": "mobile"}
        before = list(Fact.objects.order_by("pk").values())
        numbers = [Fact.objects.get(record=each, kind="phone").pk for each in (kin, there)]
        numbers += [Fact.objects.get(record=record, kind=kind).pk for kind in ("name", "birth", "address")]
        for number in numbers:
            for council in (ash, elm):
                with pytest.raises(HouseError):
                    replace_own(by=me, council_id=council.pk, fact_id=number, body=body, now=now)
                with pytest.raises(HouseError):
                    end_own(by=me, council_id=council.pk, fact_id=number, now=now)
        for council, by in ((elm, me), (ash, outside)):
            with pytest.raises(HouseError):
                add_own(by=by, council_id=council.pk, kind="phone", body=body, now=now)
        assert list(Fact.objects.order_by("pk").values()) == before

    def test_ends_nobody_elses_representation(self, ash: Council, record: Record, now: datetime) -> None:
        kin, me = somebody(ash, "Ravi"), resident(ash, "Priya")
        connected(me, record, now)
        third = somebody(ash, "Tara")
        others = represent(Viewer.system(), kin, third, now)
        i_act = represent(Viewer.system(), kin, record, now)
        for number in (others, i_act, 2**40):
            with pytest.raises(HouseError):
                end_own_representative(by=me, council_id=ash.pk, relationship_id=number, now=now)

    def test_shows_no_alert_and_no_number_whole(self, ash: Council, record: Record, now: datetime) -> None:
        me = resident(ash, "Priya")
        alert = {"category": "other", "text": "Zqalert", "review_on": "2027-05-01"}
        number = {"scheme": "nhs", "value": "9434765919"}
        for kind, body in (("alert", alert), ("identifier", number)):
            fact = NewFact(kind=kind, body=body)
            add_fact(by=Viewer.system(), record_id=record.pk, fact=fact, source="adviser", now=now)
        connected(me, record, now)
        said = repr(own_details(me, ash.pk, now))
        assert "Zqalert" not in said
        assert "9434765919" not in said


class TestThePages:
    def test_keep_words_as_words_and_go_nowhere_else(self, client: Client, ash: Council) -> None:
        now = timezone.now()
        record = make_record(council=ash, facts=[a_name(EVIL, EVIL), a_birth(), an_address(EVIL)], now=now)
        user = make_user(name=EVIL)
        connected(resident(ash, EVIL, user), record, now)
        client.force_login(user)
        page = client.get("/ash/details/")
        assert page.status_code == 200
        assert b"zqrun" in page.content
        assert EVIL.encode() not in page.content
        body = {"number": "07700900123", "use": "mobile", "next": "//evil.example"}
        sent = client.post("/ash/details/add/phone/?next=//evil.example", body)
        assert "evil" not in sent.get("Location", "")

    @pytest.mark.parametrize("number", [0, 2**63, 10**40])
    def test_have_nothing_under_numbers_of_nothing(self, client: Client, ash: Council, number: int) -> None:
        record, user = make_record(council=ash, now=timezone.now()), make_user()
        connected(resident(ash, "Priya", user), record, timezone.now())
        client.force_login(user)
        names = ("change_detail", "take_away_detail", "end_acting")
        for path in [reverse(f"portal:{name}", args=["ash", number]) for name in names]:
            assert client.get(path).status_code == 404
            assert client.post(path, {"number": "07700 900123"}).status_code == 404
