"""Health, figures and log lines: they say what is so, and tell nothing that is nobody's business."""

import errno
import json
import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from moothall.config.observability import health, logs, views
from moothall.config.observability.tally import ROWS, Tally
from moothall.journal import actions as journal
from moothall.journal.models import Job, Turn
from moothall.plain.actors import SYSTEM

FAR_AWAY = "203.0.113.9"


def make_job(*, waiting_since: datetime, state: str = "ready") -> Job:
    return Job.objects.create(
        task="t", args="{}", posted_at=waiting_since, run_after=waiting_since, state=state
    )


def write_one(now: datetime) -> None:
    journal.write(by=SYSTEM, what="test.done", about="test:1", council_id=None, now=now)


@pytest.mark.django_db
class TestReadiness:
    def test_is_given_when_all_is_well(self, client: Client) -> None:
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert set(answer.json()["probes"].values()) == {"well"}

    def test_is_denied_when_no_row_can_be_written(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_: object) -> None:
            raise DatabaseError("disk is full at a secret place")

        monkeypatch.setattr(Turn.objects, "update_or_create", refuse)
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["probes"]["database"] == "No row could be written: DatabaseError."

    def test_is_denied_when_a_job_waits_too_long(self, client: Client) -> None:
        make_job(waiting_since=timezone.now() - timedelta(minutes=16))
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "16 minutes" in answer.json()["probes"]["queue"]

    def test_is_denied_when_the_record_is_not_sealed(self, client: Client) -> None:
        write_one(timezone.now() - timedelta(minutes=2))
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "unsealed" in answer.json()["probes"]["journal"]

    def test_is_denied_when_the_disk_is_nearly_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**62)
        assert "Make room" in health.disk()

    def test_tells_strangers_no_details(self, client: Client) -> None:
        assert client.get("/readyz", REMOTE_ADDR=FAR_AWAY).json() == {"ready": True}
        assert client.get("/readyz", headers={"X-Forwarded-For": "127.0.0.1"}).json() == {"ready": True}


@pytest.mark.django_db
class TestFigures:
    def test_count_requests_jobs_and_what_is_unsealed(self, client: Client) -> None:
        client.get("/livez")
        make_job(waiting_since=timezone.now(), state="dead")
        write_one(timezone.now())
        page = client.get("/metrics").content.decode()
        assert 'moothall_requests_total{view="livez",status="2xx"}' in page
        assert 'moothall_jobs{state="dead"} 1' in page
        assert "moothall_journal_unsealed 1" in page

    def test_do_not_exist_for_strangers(self, client: Client) -> None:
        assert client.get("/metrics", REMOTE_ADDR=FAR_AWAY).status_code == 404
        assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404

    def test_ask_for_the_token_where_there_is_one(self, settings: Settings) -> None:
        settings.METRICS_TOKEN = "let me in"
        ask = RequestFactory()
        assert not views.of_the_house(ask.get("/metrics"))
        assert not views.of_the_house(ask.get("/metrics", headers={"Authorization": "Bearer no"}))
        assert views.of_the_house(
            ask.get("/metrics", headers={"Authorization": "Bearer let me in"}, REMOTE_ADDR=FAR_AWAY)
        )


class TestTheTally:
    def test_is_kept_in_memory_where_the_disk_has_no_room_for_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "posix_fallocate", refuse)
        mine = Tally(tmp_path / "tally")
        mine.add("home 2xx", 0.004)
        assert mine.total()["home 2xx"].times == 1
        assert (tmp_path / "tally").stat().st_size == 0

    def test_adds_up_what_several_processes_count(self, tmp_path: Path) -> None:
        mine = Tally(tmp_path / "tally")
        mine.add("home 2xx", 0.004)
        words = "import sys; from pathlib import Path; from moothall.config.observability.tally import Tally;"
        words += "Tally(Path(sys.argv[1])).add('home 2xx', 0.1)"
        command = [sys.executable, "-c", words, str(tmp_path / "tally")]
        subprocess.run(command, check=True, timeout=20)  # it must not wait for the first
        total = mine.total()["home 2xx"]
        assert total.times == 2
        assert total.within[0] == 1
        assert total.seconds == pytest.approx(0.104)

    def test_keeps_what_was_counted_by_processes_that_are_gone(self, tmp_path: Path) -> None:
        Tally(tmp_path / "tally").add("home 2xx", 1)
        assert Tally(tmp_path / "tally").total()["home 2xx"].times == 1

    def test_puts_what_is_too_much_under_one_name(self, tmp_path: Path) -> None:
        tally = Tally(tmp_path / "tally")
        for number in range(ROWS + 5):
            tally.add(f"view {number}", 0.1)
        total = tally.total()
        assert len(total) == ROWS
        assert total["other"].times == 6


class TestALogLine:
    def line(self, **facts: object) -> dict[str, object]:
        record = logging.LogRecord("moothall.requests", logging.INFO, "", 0, "answered", (), None)
        vars(record).update(facts)
        found: dict[str, object] = json.loads(logs.JsonLines().format(record))
        return found

    def test_is_one_object_with_its_facts(self) -> None:
        line = self.line(view="livez", status=200, ms=1.5, request_id="abc", council="ashby", actor="staff")
        assert line["message"] == "answered"
        assert (line["view"], line["status"], line["council"]) == ("livez", 200, "ashby")
        assert line["request_id"] == "abc"

    def test_leaves_out_what_it_was_not_told_to_keep(self) -> None:
        assert "email" not in self.line(email="a.resident@example.org", view="")
        assert "view" not in self.line(view="")

    def test_holds_a_trace_on_one_line(self) -> None:
        fault = ValueError("first\nsecond")
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (ValueError, fault, None))
        assert "\n" not in logs.JsonLines().format(record)

    def test_can_be_read_by_people(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "", 0, "answered", (), None)
        record.view = "home"
        assert logs.TextLines().format(record).endswith("answered view=home")


@pytest.mark.django_db
class TestARequest:
    def test_is_logged_by_view_and_never_by_address(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "moothall.requests"):
            client.get("/no/such/page/?token=a-secret-in-the-address")
        (line,) = [
            logs.JsonLines().format(record) for record in caplog.records if record.name == "moothall.requests"
        ]
        assert json.loads(line)["status"] == 404
        assert "a-secret-in-the-address" not in line
        assert "such" not in line
