"""Changes that were seen: put to an approved one by what and when, or left for people to decide about."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.councils import scope
from moothall.plain.errors import Refused
from moothall.servicedesk.actions import triage
from moothall.servicedesk.actions.observing import Counted, Seen, observe
from moothall.servicedesk.errors.changes import ChangeRefused, LookedAt, NoSuchObserved
from moothall.servicedesk.models import Change, Observed
from moothall.servicedesk.queries import observing as queries
from moothall.servicedesk.rules import observing as rules
from moothall.servicedesk.rules.observing import AROUND, Approved
from tests.servicedesk.changing import ASKED, LONG, WINDOW, Board, a_change, approved, make_board

database = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
AFTER = WINDOW + timedelta(days=1)


@pytest.fixture
def board(everything: None) -> Board:
    del everything
    return make_board()


def seen(key: str = "1", item: str = "vm-cluster", at: datetime = WINDOW, who: str = "kim") -> Seen:
    return Seen(key, at, item, who, "Changed: memory")


def take_in(board: Board, *rows: Seen) -> Counted:
    return observe(council_id=board.ash.pk, source="NetBox", rows=rows or (seen(),), now=AFTER)


def one(board: Board, **facts: object) -> Observed:
    take_in(board, seen(**facts))  # type: ignore[arg-type] # as each test says
    found: Observed = Observed.objects.get()
    return found


class TestTakingIn:
    pytestmark = database

    def test_puts_it_to_the_approved_change_in_whose_window_it_falls(self, board: Board) -> None:
        change = approved(board)
        assert take_in(board) == Counted(kept=1, matched=1)
        found = Observed.objects.get()
        assert (found.change, found.verdict) == (change, Observed.Verdict.MATCHED)

    @pytest.mark.parametrize(
        ("at", "verdict"),
        [
            (WINDOW - AROUND, "matched"),
            (WINDOW - AROUND - timedelta(seconds=1), "waiting"),
            (WINDOW + LONG + AROUND, "matched"),
            (WINDOW + LONG + AROUND + timedelta(seconds=1), "waiting"),
        ],
    )
    def test_a_quarter_of_an_hour_around_the_window_counts(
        self, board: Board, at: datetime, verdict: str
    ) -> None:
        approved(board)
        assert one(board, at=at).verdict == verdict

    def test_a_system_on_top_of_what_was_changed_belongs_to_it_and_one_below_does_not(
        self, board: Board
    ) -> None:
        approved(board, items=("portal",))
        assert one(board, item="vm-cluster").verdict == Observed.Verdict.WAITING
        Observed.objects.all().delete()
        approved(board)
        assert one(board, item="portal").verdict == Observed.Verdict.MATCHED

    def test_a_change_that_nobody_has_approved_yet_covers_nothing(self, board: Board) -> None:
        a_change(board)
        assert one(board).verdict == Observed.Verdict.WAITING

    def test_who_did_it_decides_nothing(self, board: Board) -> None:
        author = board.staff["author"].user.name
        assert one(board, who=author).verdict == Observed.Verdict.WAITING

    @pytest.mark.parametrize(
        "name", ["vm-cluster", "VM-CLUSTER.ash.example", "virtual  servers", "Virtual servers"]
    )
    def test_finds_the_system_by_its_code_its_name_or_its_host(self, board: Board, name: str) -> None:
        assert one(board, item=name).item == board.cluster

    def test_the_same_key_of_a_source_is_taken_in_once(self, board: Board) -> None:
        take_in(board, seen("1"), seen("1"))
        assert take_in(board, seen("1"), seen("2")) == Counted(kept=1, known=1, waiting=1)
        observe(council_id=board.ash.pk, source="Intune", rows=[seen("1")], now=AFTER)
        assert Observed.objects.count() == 3

    def test_what_is_no_such_thing_is_counted_as_refused(self, board: Board) -> None:
        counted = take_in(
            board,
            seen(key=" "),
            seen(item=""),
            seen(at=AFTER + timedelta(days=3)),
            Seen("x", datetime(2026, 12, 3, 21, 0), "portal", "", "no zone"),  # noqa: DTZ001 - that is the point
        )
        assert counted == Counted(refused=4)

    def test_a_change_of_another_council_counts_for_what_they_share(self, board: Board) -> None:
        approved(board)
        with scope.only([board.elm.pk]):
            counted = observe(council_id=board.elm.pk, source="Elm", rows=[seen()], now=AFTER)
        assert counted.matched == 1


class TestDeciding:
    pytestmark = database

    def test_it_belongs_to_a_change_that_was_approved(self, board: Board) -> None:
        change = approved(board)
        found = one(board, at=WINDOW + 3 * LONG)
        kept = triage.belongs_to(
            by=board.manager,
            observed_id=found.pk,
            reference=change.call.reference,
            why="It took longer.",
            now=AFTER,
        )
        assert (kept.change, kept.verdict) == (change, Observed.Verdict.MATCHED)

    def test_not_to_one_that_was_not(self, board: Board) -> None:
        change, found = a_change(board), one(board)
        with pytest.raises(ChangeRefused, match="not approved"):
            triage.belongs_to(
                by=board.manager, observed_id=found.pk, reference=change.call.reference, why="x", now=AFTER
            )

    def test_nobody_approved_it_and_its_owner_gets_a_call_about_it(self, board: Board) -> None:
        board.cluster.team = board.resolvers
        board.cluster.save()
        found = one(board)
        kept, call = triage.unauthorised(
            by=board.manager, observed_id=found.pk, why="Nobody knew.", now=AFTER
        )
        assert kept.verdict == Observed.Verdict.UNAUTHORISED
        assert (call.item, call.automatic, call.team) == (board.cluster, True, board.resolvers)
        assert call.headline == "Changed without approval: Virtual servers"

    def test_it_is_approved_afterwards_by_an_emergency_change_that_was_made_already(
        self, board: Board
    ) -> None:
        found = one(board)
        kept, change = triage.approve_afterwards(
            by=board.manager, observed_id=found.pk, asked=ASKED, why="It could not wait.", now=AFTER
        )
        assert (kept.change, kept.verdict) == (change, Observed.Verdict.RETROSPECTIVE)
        assert (change.type, change.retrospective) == (Change.Type.EMERGENCY, True)

    def test_it_changes_no_service_and_somebody_may_look_again(self, board: Board) -> None:
        found = one(board)
        kept = triage.nothing_changed(by=board.manager, observed_id=found.pk, why="A label.", now=AFTER)
        assert kept.verdict == Observed.Verdict.HARMLESS
        again = triage.look_again(by=board.manager, observed_id=found.pk, why="It was more.", now=AFTER)
        assert (again.verdict, again.decided_at) == (Observed.Verdict.WAITING, None)

    def test_is_done_once_in_words_by_those_who_may(self, board: Board) -> None:
        found = one(board)
        with pytest.raises(ChangeRefused, match="Say why"):
            triage.nothing_changed(by=board.manager, observed_id=found.pk, why=" ", now=AFTER)
        with pytest.raises(Refused):
            triage.nothing_changed(by=board.author, observed_id=found.pk, why="Mine.", now=AFTER)
        triage.nothing_changed(by=board.manager, observed_id=found.pk, why="A label.", now=AFTER)
        with pytest.raises(LookedAt):
            triage.nothing_changed(by=board.manager, observed_id=found.pk, why="A label.", now=AFTER)

    def test_does_not_admit_to_others_that_it_was_seen(self, board: Board) -> None:
        number = one(board).pk
        with scope.only([board.elm.pk]), pytest.raises(NoSuchObserved):
            queries.observed_one(board.stranger, number)

    def test_a_file_with_a_mistake_is_refused_whole_with_its_line(self, board: Board) -> None:
        with pytest.raises(ChangeRefused, match="Line 3"):
            triage.observe_file(
                by=board.manager,
                council_id=board.ash.pk,
                source="NetBox",
                text="at,item\n2026-12-03 21:10,portal\nlater,portal\n",
                now=AFTER,
            )
        assert not Observed.objects.exists()


class TestTheWaitingList:
    pytestmark = database

    def test_has_the_newest_first_a_page_at_a_time(
        self, board: Board, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "PAGE", 2)
        take_in(board, *(seen(str(number), at=WINDOW + timedelta(minutes=number)) for number in range(3)))
        first = queries.observed(board.manager)
        second = queries.observed(board.manager, after=first.more)
        assert [each.key for each in (*first.rows, *second.rows)] == ["2", "1", "0"]
        assert second.more == 0
        assert queries.waiting(board.manager) == 3


MINUTES = st.integers(0, 600).map(
    lambda minutes: datetime(2026, 12, 3, 18, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def changes(draw: st.DrawFn) -> Approved:
    start = draw(MINUTES)
    return Approved(
        draw(st.integers(1, 999)),
        draw(st.frozensets(st.integers(1, 6), max_size=3)),
        start,
        start + timedelta(minutes=draw(st.integers(1, 180))),
        draw(MINUTES),
    )


class TestTheLawOfMatching:
    @given(MINUTES, st.frozensets(st.integers(1, 6), max_size=4), st.lists(changes(), max_size=8))
    def test_a_change_is_found_exactly_where_one_was_approved_for_that_system_and_time(
        self, at: datetime, below: frozenset[int], approved: list[Approved]
    ) -> None:
        found = rules.match(at, below, approved)
        fits = {
            each.change_id
            for each in approved
            if each.items & below
            and each.decided_at <= at
            and (at - each.starts_at) >= -AROUND
            and (each.ends_at - at) >= -AROUND
        }
        assert found in fits if fits else found is None

    @given(MINUTES, st.frozensets(st.integers(1, 6), min_size=1), st.lists(changes(), max_size=8))
    def test_the_order_in_which_changes_come_decides_nothing(
        self, at: datetime, below: frozenset[int], approved: list[Approved]
    ) -> None:
        assert rules.match(at, below, approved) == rules.match(at, below, list(reversed(approved)))
