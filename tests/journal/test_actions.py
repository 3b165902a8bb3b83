"""Writing the record and the outbox: kept or lost with the transaction, and never changed."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from moothall.councils import walls
from moothall.journal import actions, immutable, queries, worker
from moothall.journal.errors import NoSuchJob, NotDead, OutsideATransaction
from moothall.journal.models import Entry, Job
from moothall.plain import request_id
from tests.journal import probes
from tests.journal.making import ADA, make_entries
from tests.journal.tampering import TABLES
from tests.plain.steps import steps_of

pytestmark = pytest.mark.usefixtures("everything")

FEW_STEPS = 150
"""Calls of functions; the way through Django's models takes several times as many."""


@pytest.mark.django_db(transaction=True)
class TestWriting:
    def test_is_refused_outside_a_transaction(self, now: datetime) -> None:
        with pytest.raises(OutsideATransaction):
            actions.write(by=ADA, what="case.noted", about="case:1", council_id=1, now=now)
        with pytest.raises(OutsideATransaction):
            actions.post(task=probes.succeed, key="k", args={}, council_id=1, now=now)

    def test_is_kept_or_lost_with_the_transaction(self, now: datetime) -> None:
        with transaction.atomic():
            make_entries(1, now=now)
            actions.post(task=probes.succeed, key="k", args={}, council_id=1, now=now)
            transaction.set_rollback(True)
        assert not Entry.objects.exists()
        assert not Job.objects.exists()


@pytest.mark.django_db
class TestTheRecord:
    def test_says_who_what_about_what_when_and_in_which_request(self, now: datetime) -> None:
        request_id.enter("abc123")
        actions.write(
            by=ADA,
            what="case.step_done",
            about="case:9",
            council_id=4,
            now=now,
            facts={"b": now, "a": [1, "é"]},
        )
        request_id.enter("")
        (entry,) = queries.entries(about="case:9", council_ids={4})
        assert (entry.actor_kind, entry.user_id, entry.actor_name) == ("staff", 7, "Ada Ashworth")
        assert (entry.what, entry.council_id, entry.at, entry.request_id) == (
            "case.step_done",
            4,
            now,
            "abc123",
        )
        assert entry.facts == '{"a":[1,"é"],"b":"2026-11-23T09:30:00.000000+00:00"}'

    def test_of_other_councils_is_not_shown(self, now: datetime) -> None:
        make_entries(3, now=now, councils=(1, 2, None))
        make_entries(1, now=now, councils=(2,))
        assert [entry.council_id for entry in queries.entries(about="case:0", council_ids={2})] == [2]
        assert queries.entries(about="case:0", council_ids=None).count() == 2

    def test_keeps_any_text_a_person_can_send(self, now: datetime) -> None:
        actions.write(
            by=type(ADA)(kind="resident", user_id=None, name="A\x00\ud800" * 200),
            what="case.noted",
            about="case:1",
            council_id=None,
            now=now,
            facts={"note": "\x00\ud83d half", "empty": ""},
        )
        assert "half" in Entry.objects.get().facts

    @pytest.mark.parametrize("table", TABLES)
    def test_is_never_changed_nor_removed(self, now: datetime, table: str) -> None:
        make_entries(1, now=now)
        verbs = [f"DELETE FROM {table}", f"UPDATE {table} SET hash = ''" if table == "journal_seal" else ""]
        if table == "journal_entry":
            verbs.append("UPDATE journal_entry SET what = 'x'")
        if connection.vendor == "postgresql":
            verbs.append(f"TRUNCATE {table}")
        rows_or_statement = connection.vendor == "postgresql" or table == "journal_entry"
        for verb in filter(None, verbs):
            if rows_or_statement:
                with (
                    pytest.raises(IntegrityError, match="only grows"),
                    transaction.atomic(),
                    walls.as_owner(),
                ):
                    connection.cursor().execute(verb)

    def test_has_all_its_triggers_after_every_migration(self) -> None:
        assert set(TABLES) <= set(immutable.tables(connection))
        assert immutable.unprotected(connection) == []

    def test_tells_when_a_trigger_is_gone(self) -> None:
        with walls.as_owner():
            immutable.release(connection, "journal_seal")
            assert immutable.unprotected(connection) == ["journal_seal"]
            immutable.protect(connection, "journal_seal")

    def test_is_written_by_one_statement_that_needs_no_model(self, now: datetime) -> None:
        facts = {"step": "check", "outcome": "ok", "digest": "a" * 64}
        with CaptureQueriesContext(connection) as asked:
            actions.write(by=ADA, what="case.step_done", about="case:1", council_id=1, now=now, facts=facts)
        assert [each["sql"].split(" (")[0] for each in asked] == ["INSERT INTO journal_entry"]

    def test_is_written_in_a_few_calls(self, now: datetime) -> None:
        def write() -> None:
            actions.write(
                by=ADA, what="case.step_done", about="case:1", council_id=1, now=now, facts={"a": 1}
            )

        write()  # whatever is read once is read by now
        assert steps_of(write) < FEW_STEPS


@pytest.mark.django_db
class TestPosting:
    def test_the_same_key_twice_is_one_job(self, now: datetime) -> None:
        for number in (1, 2):
            actions.post(
                task=probes.succeed, key="case:1:told", args={"value": number}, council_id=3, now=now
            )
        job = Job.objects.get()
        assert (job.task, job.council_id, job.lane) == ("tests.journal.probes.succeed", 3, 3)
        assert job.args == '{"args":[],"kwargs":{"value":1}}'

    def test_without_a_key_each_is_a_job(self, now: datetime) -> None:
        for _ in range(2):
            actions.post(task=probes.succeed, key="", args={}, council_id=None, now=now)
        assert Job.objects.count() == 2


@pytest.mark.django_db
class TestSendingAgain:
    def test_gives_a_dead_job_all_its_attempts_again_and_says_who_did(self, now: datetime) -> None:
        probes.reset(fail=1000)
        actions.post(task=probes.stubborn, key="k", args={}, council_id=2, now=now)
        moments = [now + timedelta(hours=2 * number) for number in range(3)]
        assert [worker.drain(moment) for moment in moments] == [1, 1, 1]
        (dead,) = queries.dead_jobs({2})
        assert (dead.attempts, dead.last_error) == (3, "ValueError: no luck")
        assert not queries.dead_jobs({1})

        actions.send_again(by=ADA, job_id=dead.pk, now=now)

        again = Job.objects.get()
        assert (again.state, again.attempts) == (Job.State.READY, 0)
        told = Entry.objects.filter(about=f"job:{dead.pk}").order_by("id").values_list("what", "actor_name")
        assert list(told) == [("job.set_aside", "Moothall"), ("job.sent_again", "Ada Ashworth")]

    def test_is_refused_for_a_job_that_is_not_dead(self, now: datetime) -> None:
        actions.post(task=probes.succeed, key="k", args={}, council_id=2, now=now)
        with pytest.raises(NotDead):
            actions.send_again(by=ADA, job_id=Job.objects.get().pk, now=now)
        with pytest.raises(NoSuchJob):
            actions.send_again(by=ADA, job_id=0, now=now)
