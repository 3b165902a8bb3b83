"""Letters with a code, and connecting an account with the record of its owner."""

from datetime import date, datetime, timedelta

import pytest

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.actions.connecting import (
    end_connection,
    end_own_connection,
    use_code,
)
from moothall.persons.actions.correcting import end_own
from moothall.persons.errors import (
    ConnectedAlready,
    Locked,
    NoLetter,
    NotConnected,
    Restricted,
)
from moothall.persons.models import Connection, LetterCode, Record
from moothall.persons.queries.connections import connections_of, own_details
from moothall.persons.rules import codes
from moothall.persons.rules.facts import NewFact
from moothall.plain.errors import NotFound, Refused
from tests.makers import make_council, make_staff, make_viewer
from tests.persons.making import a_name, a_phone, an_address, make_record
from tests.persons.residents import (
    connected,
    enter,
    letter_for,
    resident,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
WRONG = codes.new_code()


@pytest.fixture
def ash() -> Council:
    return make_council(code="ash", name="Ash District Council")


@pytest.fixture
def adviser(ash: Council) -> Viewer:
    return make_viewer(make_staff(council=ash, roles=("adviser",)))


@pytest.fixture
def priya(ash: Council) -> Viewer:
    """Somebody who is signed in on the site of Ash."""
    return resident(ash, "Priya Nair")


@pytest.fixture
def record(ash: Council) -> Record:
    return make_record(council=ash)


class TestACode:
    def test_is_read_however_it_is_typed(self) -> None:
        code = codes.new_code()
        plain = code.replace("-", "")
        assert codes.typed(code) == codes.typed(f" {plain.lower()[:5]} {plain[5:]}.") == plain

    def test_shows_every_single_slip_and_every_swap(self) -> None:
        code = codes.new_code().replace("-", "")
        slips = {code[:at] + other + code[at + 1 :] for at in range(12) for other in codes.ALPHABET} - {code}
        swaps = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(11)} - {code}
        for wrong in slips | swaps:
            with pytest.raises(codes.NotACode):
                codes.typed(wrong)

    @pytest.mark.parametrize("text", ["", "A", "\x00" * 12, "é" * 12, "U" * 12, "A" * 500])
    def test_is_never_what_cannot_be_one(self, text: str) -> None:
        with pytest.raises(codes.NotACode):
            codes.typed(text)

    def test_is_kept_as_a_digest_of_this_record_and_this_house(self) -> None:
        code = codes.typed(codes.new_code())
        kept = codes.digest(code, record_id=1, key="one")
        assert codes.fits(code, kept, record_id=1, keys=["two", "one"])
        assert not codes.fits(code, kept, record_id=2, keys=["two", "one"])
        assert not codes.fits(code, kept, record_id=1, keys=["two"])


class TestALetter:
    def test_goes_to_the_address_that_the_council_holds(
        self, record: Record, adviser: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, adviser, now)
        assert (letter.name, letter.lines) == ("Priya Nair", ("14 Mill Lane", "Alderbridge", "AB10 1AB"))
        assert (letter.reference, letter.valid_until) == (record.person.reference, date(2026, 12, 21))

    def test_goes_where_letters_go_if_that_is_elsewhere(
        self, ash: Council, adviser: Viewer, now: datetime
    ) -> None:
        elsewhere = NewFact(
            kind="address",
            body={
                "place": {"line1": "PO Box 7", "town": "Ash", "postcode": "AB1 1AA"},
                "use": "correspondence",
            },
        )
        record = make_record(council=ash, facts=[a_name(), an_address(), elsewhere])
        assert letter_for(record, adviser, now).lines[0] == "PO Box 7"

    def test_is_kept_without_its_code(self, record: Record, adviser: Viewer, now: datetime) -> None:
        code = letter_for(record, adviser, now).code
        assert code.replace("-", "") not in LetterCode.objects.get().digest
        said = " ".join(Entry.objects.values_list("facts", flat=True))
        assert "letter" in said
        assert not any(part in said for part in code.split("-"))

    def test_ends_the_codes_of_earlier_ones(
        self, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        first, second = letter_for(record, adviser, now), letter_for(record, adviser, now)
        assert enter(priya, first, now) is None
        assert enter(priya, second, now) is not None

    @pytest.mark.parametrize(
        "facts",
        [
            [a_name()],
            [NewFact(kind="identifier", body={"scheme": "rent", "value": "7"}), an_address()],
            [a_name(), an_address(), NewFact(kind="death", body={"date": "2026-01-01"})],
        ],
        ids=["without an address", "without a name", "of somebody who has died"],
    )
    def test_is_not_made_where_it_could_not_arrive(
        self, ash: Council, adviser: Viewer, now: datetime, facts: list[NewFact]
    ) -> None:
        with pytest.raises(NoLetter):
            letter_for(make_record(council=ash, facts=facts), adviser, now)

    def test_is_not_made_for_a_locked_or_restricted_record(
        self, record: Record, adviser: Viewer, now: datetime
    ) -> None:
        Record.objects.update(restricted_at=now)
        with pytest.raises(Restricted):
            letter_for(record, adviser, now)
        Record.objects.update(restricted_at=None, circle="safeguarding")
        with pytest.raises(Locked):
            letter_for(record, adviser, now)

    def test_is_for_those_who_may_connect_people(self, ash: Council, record: Record, now: datetime) -> None:
        officer = make_viewer(make_staff(council=ash, roles=("officer",)))
        with pytest.raises((Refused, NotFound)):
            letter_for(record, officer, now)

    def test_does_not_exist_for_staff_of_another_council(self, record: Record, now: datetime) -> None:
        stranger = make_viewer(make_staff(council=make_council(), roles=("adviser",)))
        with pytest.raises(NotFound):
            letter_for(record, stranger, now)


class TestEnteringACode:
    def test_connects_the_account_with_the_record(
        self, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        made = enter(priya, letter_for(record, adviser, now), now)
        assert made is not None
        assert (made.record_id, made.user_id, made.how) == (record.pk, priya.actor.user_id, "letter")
        (shown,) = connections_of(adviser, [record.pk])
        assert (shown.account, shown.how, shown.may_end) == (
            "Priya Nair",
            "Reference and code from a letter",
            True,
        )

    def test_twice_by_the_same_account_connects_once(
        self, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, adviser, now)
        assert enter(priya, letter, now) == enter(priya, letter, now)
        assert Connection.objects.count() == 1

    def test_that_somebody_used_already_is_wrong(
        self, ash: Council, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, adviser, now)
        enter(priya, letter, now)
        assert enter(resident(ash, "Eve"), letter, now) is None

    @pytest.mark.parametrize("reference", ["", "nonsense", "PSN-0000-0000", "PSN\x00", "X" * 900])
    def test_of_no_such_person_is_wrong_like_any_other(
        self, ash: Council, record: Record, adviser: Viewer, priya: Viewer, now: datetime, reference: str
    ) -> None:
        letter = letter_for(record, adviser, now)
        assert use_code(by=priya, council_id=ash.pk, reference=reference, code=letter.code, now=now) is None

    def test_is_tried_five_times_at_most_whoever_tries(
        self, ash: Council, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, adviser, now)
        for at in range(codes.TRIES):
            assert enter(resident(ash, f"Eve {at}"), letter, now, code=WRONG) is None
        assert enter(priya, letter, now) is None
        assert LetterCode.objects.get().tries == codes.TRIES
        assert Entry.objects.filter(what="person.code_wrong").count() == codes.TRIES

    def test_with_a_slip_counts_as_well(
        self, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        enter(priya, letter_for(record, adviser, now), now, code="nonsense")
        assert LetterCode.objects.get().tries == 1

    def test_is_too_late_after_four_weeks(
        self, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, adviser, now)
        assert enter(priya, letter, now + timedelta(days=28, seconds=1)) is None
        assert enter(priya, letter, now + timedelta(days=27)) is not None

    def test_of_another_council_is_wrong(self, record: Record, adviser: Viewer, now: datetime) -> None:
        elm = make_council(code="elm")
        letter = letter_for(record, adviser, now)
        assert enter(resident(elm, "Priya"), letter, now, council=elm) is None
        assert LetterCode.objects.get().tries == 0

    def test_does_nothing_for_a_record_that_was_locked_since(
        self, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        letter = letter_for(record, adviser, now)
        Record.objects.update(circle="safeguarding")
        assert enter(priya, letter, now) is None

    def test_is_refused_to_an_account_that_is_connected_with_somebody_else(
        self, ash: Council, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        other = make_record(council=ash, facts=[a_name("Ravi"), an_address()])
        with pytest.raises(ConnectedAlready):
            enter(priya, letter_for(other, adviser, now), now)

    def test_needs_an_account(self, ash: Council, record: Record, adviser: Viewer, now: datetime) -> None:
        assert enter(Viewer.anonymous(ash.pk), letter_for(record, adviser, now), now) is None

    def test_gives_staff_no_more_than_any_resident(
        self, ash: Council, record: Record, adviser: Viewer, now: datetime
    ) -> None:
        other = make_record(council=ash, facts=[a_name("Ravi"), an_address(), a_phone()])
        connected(adviser, record, now)
        with pytest.raises(NotFound):
            end_own(by=adviser, council_id=ash.pk, fact_id=other.facts.get(kind="phone").pk, now=now)
        assert Entry.objects.filter(what="person.connected").get().actor_kind == "resident"


class TestEndingAConnection:
    def test_is_done_by_oneself(self, ash: Council, record: Record, priya: Viewer, now: datetime) -> None:
        connected(priya, record, now)
        end_own_connection(by=priya, council_id=ash.pk, now=now)
        assert own_details(priya, ash.pk, now) is None
        with pytest.raises(NotConnected):
            end_own_connection(by=priya, council_id=ash.pk, now=now)

    def test_is_done_by_staff(
        self, ash: Council, record: Record, adviser: Viewer, priya: Viewer, now: datetime
    ) -> None:
        made = connected(priya, record, now)
        end_connection(by=adviser, connection_id=made.pk, now=now)
        assert own_details(priya, ash.pk, now) is None
        assert connections_of(adviser, [record.pk]) == []

    def test_is_not_done_by_staff_elsewhere(self, record: Record, priya: Viewer, now: datetime) -> None:
        made = connected(priya, record, now)
        stranger = make_viewer(make_staff(council=make_council(), roles=("adviser",)))
        with pytest.raises(NotFound):
            end_connection(by=stranger, connection_id=made.pk, now=now)

    def test_lets_another_letter_connect_anew(
        self, ash: Council, record: Record, priya: Viewer, now: datetime
    ) -> None:
        connected(priya, record, now)
        end_own_connection(by=priya, council_id=ash.pk, now=now)
        connected(priya, record, now)
        assert Connection.objects.filter(ended_at=None).count() == 1
