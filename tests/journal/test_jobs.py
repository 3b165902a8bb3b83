"""Jobs: leased to one worker, fenced when lost, tried again, set aside; no council waits for another's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from moothall.journal import actions, hooks, jobs, queries, worker
from moothall.journal.errors import LostLease
from moothall.journal.models import Entry, Job
from tests.journal import probes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _fresh_probes() -> None:
    probes.reset()


def make_job(
    task: object, *, now: datetime, council_id: int | None = 1, key: str = "", **args: object
) -> Job:
    actions.post(task=task, key=key, args=args, council_id=council_id, now=now)  # type: ignore[arg-type]
    return Job.objects.latest("pk")


def take(now: datetime, *, holder: str = "one") -> jobs.Lease:
    lease = jobs.Lanes(holder).take(now)
    assert lease is not None
    return lease


class TestRunningAJob:
    def test_keeps_what_the_task_returned(self, now: datetime) -> None:
        job = make_job(probes.succeed, now=now, value=21)
        assert worker.drain(now) == 1
        job.refresh_from_db()
        assert (job.state, job.result, job.attempts, job.leased_until) == (Job.State.DONE, "42", 1, None)
        assert worker.drain(now) == 0

    def test_runs_in_the_air_that_upper_rooms_hung(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        breathed = []

        @contextmanager
        def air(job: hooks.JobAtHand) -> Iterator[None]:
            breathed.append(("in", job.council_id, job.task))
            yield
            breathed.append(("out", job.council_id, ""))

        monkeypatch.setattr(hooks, "_around", [air])
        make_job(probes.succeed, now=now, council_id=5)
        worker.drain(now)
        assert breathed == [("in", 5, "tests.journal.probes.succeed"), ("out", 5, "")]

    def test_runs_nothing_that_is_not_a_task(self, now: datetime) -> None:
        job = make_job(probes.succeed, now=now)
        Job.objects.update(task="os.getcwd")
        assert jobs.run(take(now), lambda: now) == "again"
        job.refresh_from_db()
        assert job.last_error == "TypeError: os.getcwd is not a task."

    def test_forgets_secrets_when_it_is_done(self, now: datetime) -> None:
        make_job(probes.secret, now=now, code="123456")
        worker.drain(now)
        assert probes.calls == ["123456"]
        assert "123456" not in Job.objects.get().args

    def test_waits_for_its_time(self, now: datetime) -> None:
        actions.post(task=probes.succeed, key="", args={}, council_id=1, now=now, run_after=now + MINUTE)
        assert worker.drain(now) == 0
        assert worker.drain(now + MINUTE) == 1

    def test_takes_the_urgent_first_within_a_council(self, now: datetime) -> None:
        make_job(probes.succeed, now=now)
        make_job(probes.urgent, now=now)
        worker.drain(now)
        assert probes.calls == ["urgent", 0]


class TestAJobThatFails:
    def test_is_tried_again_later_and_then_set_aside_and_the_rest_goes_on(self, now: datetime) -> None:
        probes.reset(fail=1000)
        poison = make_job(probes.stubborn, now=now)
        make_job(probes.succeed, now=now)
        waits = []
        for attempt in range(3):
            moment = now + attempt * 2 * MINUTE
            worker.drain(moment)
            poison.refresh_from_db()
            waits.append((poison.run_after - moment).total_seconds())
        assert (poison.state, poison.attempts, poison.last_error) == (
            Job.State.DEAD,
            3,
            "ValueError: no luck",
        )
        assert 2.5 <= waits[0] <= 5
        assert 5 <= waits[1] <= 10
        assert Job.objects.filter(state=Job.State.DONE).count() == 1
        assert Entry.objects.get(what="job.set_aside").about == f"job:{poison.pk}"
        assert queries.waiting(now).dead == 1

    def test_that_gives_up_is_set_aside_at_once(self, now: datetime) -> None:
        job = make_job(probes.hopeless, now=now)
        worker.drain(now)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.DEAD, 1)
        assert job.last_error == "this address will never exist"

    def test_that_cannot_yet_waits_and_loses_no_attempt(self, now: datetime) -> None:
        job = make_job(probes.patient, now=now)
        for number in range(50):
            worker.drain(now + number * 6 * MINUTE)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.last_error) == (Job.State.READY, 0, "no mail server yet")

    def test_takes_its_effects_back_with_it_when_they_belong_together(self, now: datetime) -> None:
        probes.reset(fail=1)
        make_job(probes.effect_then_failure, now=now)
        worker.drain(now)
        assert not Entry.objects.filter(what="probe.effect").exists()
        worker.drain(now + MINUTE)
        assert Entry.objects.filter(what="probe.effect").count() == 1
        assert Job.objects.get().state == Job.State.DONE


class TestALease:
    def test_is_given_once(self, now: datetime) -> None:
        make_job(probes.succeed, now=now)
        take(now)
        assert jobs.Lanes("two").take(now) is None

    def test_that_lapsed_goes_to_another_worker_and_the_first_is_fenced(self, now: datetime) -> None:
        make_job(probes.effect_then_failure, now=now)
        first = take(now)
        later = now + 2 * jobs.LEASE
        assert jobs.reclaim(later) == 1
        second = take(later, holder="two")
        assert second.token == first.token + 1

        assert jobs.run(first, lambda: later) == "lost"
        assert not Entry.objects.filter(what="probe.effect").exists()
        assert jobs.run(second, lambda: later) == "done"
        assert Entry.objects.filter(what="probe.effect").count() == 1

    def test_that_is_lost_can_neither_finish_nor_fail_nor_be_kept(self, now: datetime) -> None:
        job = make_job(probes.stubborn, now=now)
        probes.reset(fail=1)
        first = take(now)
        later = now + 2 * jobs.LEASE
        jobs.reclaim(later)
        take(later, holder="two")
        with pytest.raises(LostLease):
            jobs.finish(first, None, later)
        assert jobs.run(first, lambda: later) == "lost"
        jobs.keep({first.id: first.token}, later + 10 * MINUTE)
        job.refresh_from_db()
        assert (job.holder, job.state, job.leased_until) == ("two", Job.State.RUNNING, later + jobs.LEASE)

    def test_that_is_kept_does_not_lapse(self, now: datetime) -> None:
        make_job(probes.succeed, now=now)
        lease = take(now)
        jobs.keep({lease.id: lease.token}, now + 10 * MINUTE)
        assert jobs.reclaim(now + 2 * jobs.LEASE) == 0

    def test_of_a_job_that_kills_its_workers_ends_in_the_dead_letters(self, now: datetime) -> None:
        job = make_job(probes.stubborn, now=now)
        for number in range(3):
            moment = now + number * 10 * MINUTE
            take(moment)
            jobs.reclaim(moment + MINUTE)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.DEAD, 3)
        assert "was not heard of again" in job.last_error


class TestFairness:
    def test_a_council_with_a_thousand_jobs_does_not_hold_up_the_others(self, now: datetime) -> None:
        for number in range(30):
            make_job(probes.succeed, now=now, council_id=1, value=100 + number)
        make_job(probes.succeed, now=now, council_id=2, value=2)
        make_job(probes.succeed, now=now, council_id=None, value=0)
        lanes = jobs.Lanes("one")
        order = []
        for _ in range(6):
            lease = lanes.take(now)
            assert lease is not None
            order.append(lease.council_id)
        assert order == [None, 1, 2, 1, 1, 1]

    def test_jobs_that_wait_for_a_retry_hide_no_others(self, now: datetime) -> None:
        for _ in range(5):
            actions.post(task=probes.succeed, key="", args={}, council_id=1, now=now, run_after=now + MINUTE)
        make_job(probes.succeed, now=now, council_id=1, value=9)
        assert worker.drain(now) == 1


class TestLooking:
    def test_uses_its_index_and_writes_nothing_when_there_is_nothing(self, now: datetime) -> None:
        with connection.execute_wrapper(_no_writes):
            assert jobs.Lanes("one").take(now) is None

    def test_counts_what_waits(self, now: datetime) -> None:
        make_job(probes.succeed, now=now)
        actions.post(task=probes.succeed, key="", args={}, council_id=1, now=now, run_after=now + 5 * MINUTE)
        take(now)
        make_job(probes.succeed, now=now)
        found = queries.waiting(now + MINUTE)
        assert (found.ready, found.due, found.running, found.dead) == (2, 1, 1, 0)
        assert found.oldest_due == MINUTE

    def test_old_jobs_are_forgotten(self, now: datetime) -> None:
        make_job(probes.succeed, now=now)
        worker.drain(now)
        assert jobs.tidy(now + timedelta(days=89)) == 0
        assert jobs.tidy(now + timedelta(days=91)) == 1


def _no_writes(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    assert sql.lstrip().upper().startswith("SELECT"), sql
    return execute(sql, *rest)


class TestDjangosTasksApi:
    def test_enqueues_into_the_same_table_and_shows_the_result(self, now: datetime) -> None:
        result = probes.succeed.enqueue(value=4, council_id=9)
        assert (result.is_finished, Job.objects.get().lane) == (False, 9)
        worker.drain()
        result.refresh()
        assert result.return_value == 8
        assert probes.succeed.get_result(result.id).attempts == 1

    def test_gives_the_context(self) -> None:
        result = probes.with_context.enqueue("attempt")
        worker.drain()
        result.refresh()
        assert result.return_value == "attempt 1"

    def test_shows_a_failure(self) -> None:
        result = probes.hopeless.enqueue()
        worker.drain()
        result.refresh()
        assert result.status.name == "FAILED"
        assert "never exist" in result.errors[0].traceback

    def test_defers(self, now: datetime) -> None:
        probes.succeed.using(run_after=now + timedelta(days=900)).enqueue()
        assert worker.drain(now) == 0

    def test_is_taken_back_with_its_transaction(self) -> None:
        with transaction.atomic():
            probes.succeed.enqueue()
            transaction.set_rollback(True)
        assert not Job.objects.exists()
