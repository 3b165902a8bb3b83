"""Adding, checking and removing mailboxes, by the command; and what the doctor says of them."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from moothall.config.doctor.coming_in import mail_coming_in
from moothall.councils.rules import Viewer
from moothall.messages import actions
from moothall.messages.errors import AddressTaken, NotAMailbox
from moothall.messages.models import Mailbox, Received
from moothall.plain.errors import Refused
from tests.makers import make_council, make_staff, make_viewer
from tests.messages.imap_server import LetterRoom
from tests.messages.making import make_added, make_mailbox, make_raw, receive, taker
from tests.messages.test_fetching import fetched_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("mailbox", *words, stdout=out)
    return out.getvalue()


class TestTheCommand:
    def test_adds_lists_and_removes_a_mailbox_for_the_webhook(self) -> None:
        make_council(code="ash")
        words = said("add", "Help@Ash.example", "--council", "ash")
        mailbox = Mailbox.objects.get()
        assert f"/mail/in/{mailbox.pk}/" in words
        assert mailbox.sealed not in words
        assert words.split()[-1] not in mailbox.sealed
        assert "help@ash.example" in said("list")
        said("remove", "help@ash.example")
        assert said("list") == ""
        with pytest.raises(CommandError, match="There is no mailbox"):
            said("remove", "help@ash.example")

    def test_adds_one_that_is_fetched_and_checks_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make_council(code="ash")
        monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
        with LetterRoom(make_raw()) as room:
            where = (
                "--host",
                "127.0.0.1",
                "--port",
                str(room.port),
                "--security",
                "none",
                "--password-stdin",
            )
            said("add", "help@ash.example", "--council", "ash", *where)
            assert "1 letters in INBOX" in said("check")
            Mailbox.objects.update(folder="Nowhere")
            with pytest.raises(SystemExit):
                said("check", "help@ash.example")

    def test_refuses_a_council_that_is_none(self) -> None:
        with pytest.raises(CommandError, match="no council"):
            said("add", "help@ash.example", "--council", "nowhere")

    def test_reads_again_what_waits(self, now: datetime) -> None:
        receive(make_raw(), mailbox=make_mailbox(now=now), now=now)
        with taker(lambda _: True):
            assert "1 letters" in said("again")
            call_command("worker", "--drain")
        assert Received.objects.get().state == "filed"


class TestAMailbox:
    def test_has_an_address_that_no_other_council_has(self, now: datetime) -> None:
        make_mailbox(now=now, address="help@ash.example")
        with pytest.raises(AddressTaken):
            make_mailbox(now=now, address="HELP@ash.example")

    def test_can_be_added_again_after_it_was_removed(self, now: datetime) -> None:
        council = make_council()
        first = make_added(now=now, council=council, address="help@ash.example")
        actions.remove_mailbox(by=Viewer.system(), address="help@ash.example", now=now)
        second = make_added(now=now, council=council, address="help@ash.example")
        assert first.mailbox.pk == second.mailbox.pk
        assert first.secret != second.secret

    def test_sends_no_password_in_the_clear_to_another_machine(self, now: datetime) -> None:
        server = actions.Server("mail.ash.example", "help", "secret", security="none")
        with pytest.raises(NotAMailbox, match="without TLS"):
            make_mailbox(now=now, server=server)

    def test_is_added_by_the_house_alone(self, now: datetime) -> None:
        council = make_council()
        steward = make_viewer(make_staff(council=council, roles=("council-administrator",)))
        with pytest.raises(Refused):
            actions.add_mailbox(by=steward, council=council, address="a@b.example", now=now)


class TestTheDoctor:
    def test_advises_a_mailbox(self, now: datetime, settings: Settings) -> None:
        settings.DEMO = False
        assert [each.level for each in mail_coming_in(now)] == ["advice"]

    def test_is_content_with_a_mailbox_for_the_webhook(self, now: datetime) -> None:
        make_mailbox(now=now)
        assert list(mail_coming_in(timezone.now())) == []

    def test_names_what_cannot_be_read_what_nobody_looks_into_and_what_lies_there(
        self, now: datetime
    ) -> None:
        with LetterRoom() as room:
            troubled, silent = fetched_from(room, now=now), fetched_from(room, now=now)
        Mailbox.objects.filter(pk=troubled.pk).update(last_error="It burns.")
        actions.keep(mailbox=silent, raw=make_raw(), now=now)
        words = " ".join(each.what for each in mail_coming_in(now + timedelta(hours=2)))
        assert f"{troubled.address} cannot be read: It burns." in words
        assert f"looked into the mailbox {silent.address}" in words
        assert "1 letter came in more than an hour ago and was not" in words
