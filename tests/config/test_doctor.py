"""The doctor: each question finds its fault, says what to do, and does not stop at another's."""

import os
import smtplib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from moothall.config.doctor import security, storage, work
from moothall.councils import walls
from moothall.journal import immutable
from moothall.journal.models import Job, Turn
from moothall.plain import checkup
from moothall.plain.checkup import Finding

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def words(findings: Iterable[Finding]) -> str:
    return " ".join(f"{finding.what} {finding.do}" for finding in findings)


class TestSecurity:
    def test_finds_a_short_key(self, settings: Settings) -> None:
        settings.SECRET_KEY = "short"
        assert "50 random characters" in words(security.secret_key(NOW))

    def test_finds_a_key_that_others_can_read(self, settings: Settings, tmp_path: Path) -> None:
        settings.HOME = tmp_path
        (tmp_path / "secret_key").write_text("x")
        (tmp_path / "secret_key").chmod(0o644)
        assert "chmod 600" in words(security.secret_key(NOW))

    def test_finds_debug_and_demonstration(self, settings: Settings) -> None:
        settings.DEBUG, settings.DEMO = True, True
        assert len(list(security.modes(NOW))) == 2

    def test_finds_open_addresses(self, settings: Settings) -> None:
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "http://council.example", ["*"]
        assert [finding.level for finding in security.addresses(NOW)] == ["problem", "problem"]

    def test_finds_links_that_lead_elsewhere(self, settings: Settings) -> None:
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://council.example", ["other.example"]
        assert "council.example" in words(security.addresses(NOW))

    def test_finds_a_missing_wall(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("the embedded database has no second wall")
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP POLICY moothall_wall ON process_case")
        assert "process_case" in words(security.second_wall(NOW))


class TestStorage:
    def test_finds_that_there_is_no_backup(self, settings: Settings, tmp_path: Path) -> None:
        settings.BACKUPS = tmp_path / "none"
        assert "There is no backup" in words(storage.backups(NOW))

    def test_finds_an_old_backup(self, settings: Settings, tmp_path: Path) -> None:
        settings.BACKUPS = tmp_path
        made = tmp_path / "moothall-20260101T000000Z.tar.gz"
        made.write_bytes(b"")
        long_ago = (timezone.now() - timedelta(hours=50)).timestamp()
        os.utime(made, (long_ago, long_ago))
        assert "50 hours old" in words(storage.backups(timezone.now()))

    def test_finds_a_disk_that_is_nearly_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(storage, "LEAST_FREE_BYTES", 2**62)
        assert "Make room" in words(storage.home(NOW))

    def test_finds_a_table_that_no_longer_only_grows_and_knows_how_to_put_it_right(self) -> None:
        with walls.as_owner():
            immutable.release(connection, "journal_entry")
        assert "journal_entry only grow are gone" in words(storage.database(NOW))
        said = StringIO()
        call_command("protect", stdout=said)
        assert "journal_entry had lost the triggers" in said.getvalue()
        assert immutable.unprotected(connection) == []

    def test_knows_what_the_house_lies_on(self) -> None:
        assert storage.filesystem_of(Path("/proc")) == "proc"

    def test_is_content_with_the_database_of_the_tests(self) -> None:
        assert not list(storage.readable(NOW))


class TestWork:
    def test_finds_that_no_mail_server_is_named(self, settings: Settings) -> None:
        settings.EMAIL_HOST = ""
        assert "MOOTHALL_MAIL_HOST" in words(work.mail(NOW))

    def test_finds_a_mail_server_that_is_down(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise ConnectionRefusedError(111, "Connection refused")

        settings.EMAIL_HOST = "mail.example"
        monkeypatch.setattr(smtplib, "SMTP", refuse)
        assert "Connection refused" in words(work.mail(NOW))

    def test_finds_that_no_worker_lives(self) -> None:
        assert "No worker has shown itself" in words(work.worker(NOW))

    def test_is_content_with_a_worker_that_lives(self) -> None:
        Turn.objects.create(name="seal", held_until=NOW, done_at=NOW)
        assert words(work.worker(NOW)) == ""

    def test_finds_jobs_that_were_given_up(self) -> None:
        Job.objects.create(task="mail.send", args="{}", posted_at=NOW, run_after=NOW, state="dead")
        assert "mail.send" in words(work.dead_jobs(NOW))

    def test_finds_that_no_process_is_published(self) -> None:
        assert "No process is published" in words(work.processes(NOW))


class TestTheDoctor:
    def test_goes_on_after_a_question_that_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(_now: datetime) -> Iterator[Finding]:
            raise ValueError("of its own")

        monkeypatch.setattr(checkup, "_checks", {"first": fails, "second": lambda _now: []})
        found = dict(checkup.run(NOW))
        assert found["second"] == []
        assert "ValueError: of its own" in found["first"][0].what

    def test_refuses_two_questions_of_one_name(self) -> None:
        with pytest.raises(ValueError, match="named mail"):
            checkup.hang("mail")(lambda _now: [])

    def test_says_by_its_status_that_there_is_a_problem(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.EMAIL_HOST = ""
        with pytest.raises(SystemExit, match="1"):
            call_command("doctor")
        told = capsys.readouterr().out
        assert "Problem (mail)" in told
        assert "questions asked" in told
