"""The sealer: every entry becomes a link, once, in one unforked chain per council."""

import threading
from datetime import datetime
from itertools import pairwise

import pytest
from django.db import connection, connections, transaction

from moothall.councils import scope
from moothall.journal import rules, sealing
from moothall.journal.models import Entry, Seal
from tests.journal.making import make_entries


def links(council_id: int) -> list[tuple[int, str, str]]:
    return list(
        Seal.objects.filter(council_id=council_id).order_by("seq").values_list("seq", "previous", "hash")
    )


pytestmark = pytest.mark.usefixtures("everything")


@pytest.mark.django_db
class TestSealing:
    def test_ties_each_councils_entries_together_in_order(self, now: datetime) -> None:
        make_entries(9, now=now, councils=(1, 2, None))
        assert sealing.Sealer().seal() == 9
        for council_id in (0, 1, 2):
            chain = links(council_id)
            assert [seq for seq, _, _ in chain] == [1, 2, 3]
            assert [previous for _, previous, _ in chain] == [rules.GENESIS, chain[0][2], chain[1][2]]

    def test_goes_on_where_it_stopped_and_costs_one_read_when_idle(
        self, now: datetime, django_assert_num_queries: object
    ) -> None:
        sealer = sealing.Sealer()
        make_entries(3, now=now)
        assert (sealer.seal(), sealer.seal()) == (3, 0)
        make_entries(2, now=now)
        assert sealer.seal() == 2
        with django_assert_num_queries(2, exact=False):  # type: ignore[operator]  # 2: numbers passed over
            assert sealer.seal() == 0
        assert [seq for seq, _, _ in links(1)] == [1, 2, 3, 4, 5]

    def test_takes_in_a_backlog_in_helpings(self, now: datetime) -> None:
        make_entries(25, now=now, councils=(1, 2))
        sealer = sealing.Sealer()
        assert [sealer.seal(10) for _ in range(4)] == [10, 10, 5, 0]
        assert Seal.objects.count() == 25

    def test_a_second_sealer_adds_nothing_and_forks_nothing(self, now: datetime) -> None:
        first, second = sealing.Sealer(), sealing.Sealer()
        make_entries(4, now=now)
        first.seal()
        second.seal()
        make_entries(4, now=now)
        assert (first.seal(), second.seal()) == (4, 0)
        make_entries(1, now=now)
        assert (second.seal(), first.seal()) == (1, 0)
        assert [seq for seq, _, _ in links(1)] == list(range(1, 10))

    def test_hashes_the_same_on_both_databases(self, now: datetime) -> None:
        make_entries(1, now=now.replace(microsecond=0))
        make_entries(1, now=now.replace(microsecond=120))
        row = sealing.Sealer()._select("e.id > %s", [0], 10)
        assert [entry[1] for entry in row] == ["2026-11-23 09:30:00.000000", "2026-11-23 09:30:00.000120"]


@pytest.mark.django_db(transaction=True)
class TestSeveralSealers:
    def test_at_once_seal_everything_once(self, now: datetime) -> None:
        for _ in range(10):
            make_entries(60, now=now, councils=(1, 2, None))
        totals = []

        def work() -> None:
            sealer, total = sealing.Sealer(), 0
            with scope.everything("a second sealer"):
                for _ in range(60):
                    total += sealer.seal(25)
            totals.append(total)
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(3)]
        if connection.vendor == "sqlite":  # the test's database is in memory: one sealer, in this thread
            work()
        else:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sum(totals) == 600
        assert Seal.objects.count() == 600
        for council_id in (0, 1, 2):
            chain = links(council_id)
            assert [seq for seq, _, _ in chain] == list(range(1, 201))
            assert all(one[2] == two[1] for one, two in pairwise(chain))

    @pytest.mark.postgresql
    def test_an_entry_committed_after_a_later_one_was_sealed_is_still_sealed(self, now: datetime) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite commits in the order of the numbers")
        make_entries(2, now=now)
        sealer = sealing.Sealer()
        sealer.seal()
        written, go_on = threading.Event(), threading.Event()

        def slow_transaction() -> None:
            with scope.everything("another request"), transaction.atomic():
                make_entries(1, now=now, facts={"late": True})
                written.set()
                go_on.wait(10)
            connections.close_all()

        thread = threading.Thread(target=slow_transaction)
        thread.start()
        written.wait(10)
        make_entries(2, now=now)
        assert sealer.seal() == 2
        go_on.set()
        thread.join()
        assert sealer.seal() == 1
        late = Entry.objects.get(facts__contains="late")
        assert Seal.objects.get(entry=late).seq == 5
        assert late.pk < Seal.objects.order_by("-seq").values_list("entry_id", flat=True)[1]

    def test_a_new_sealer_finds_what_an_old_one_passed_over(self, now: datetime) -> None:
        make_entries(5, now=now)
        passed_over = sealing.Sealer()
        passed_over._caught_up, passed_over._seen = True, 0
        last = Entry.objects.latest("pk").pk
        passed_over._seen = last - 1
        assert passed_over.seal() == 1
        assert sealing.Sealer().seal() == 4
