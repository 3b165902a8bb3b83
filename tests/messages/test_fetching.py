"""Fetching mail by IMAP, from a server that works, is down, lies, renumbers, or dies in the middle."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pytest_django import Settings

from moothall.journal import worker
from moothall.journal.models import Job
from moothall.messages import actions, fetching, imap, packing, queries
from moothall.messages.actions import Server
from moothall.messages.models import Mailbox, Received
from tests.messages.imap_server import LetterRoom
from tests.messages.making import make_mailbox, make_raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def room() -> Iterator[LetterRoom]:
    with LetterRoom(make_raw(subject="One"), make_raw(subject="Two"), b"\x00junk\r\n)\r\n") as room:
        yield room


def fetched_from(
    room: LetterRoom, *, now: datetime, password: str = "secret", security: str = "none"
) -> Mailbox:
    server = Server("127.0.0.1", "help", password, port=room.port, security=security)
    return make_mailbox(now=now, server=server)


def fetch(mailbox: Mailbox) -> None:
    fetching.post_all(timezone.now())
    worker.drain()
    mailbox.refresh_from_db()


class TestAServerThatWorks:
    def test_gives_each_letter_once_and_whole(self, now: datetime, room: LetterRoom) -> None:
        mailbox = fetched_from(room, now=now)
        fetch(mailbox)
        fetch(mailbox)
        kept = list(Received.objects.order_by("pk"))
        assert [packing.unpack(each) for each in kept] == list(room.letters.values())
        assert [each.subject for each in kept] == ["One", "Two", ""]
        assert room.seen == [1, 2, 3]
        assert (mailbox.last_uid, mailbox.uidvalidity, mailbox.last_error) == (3, 7, "")
        assert mailbox.last_seen_at is not None
        assert Job.objects.filter(key__startswith="fetch:").count() == 1

    def test_gives_what_is_new_the_next_time(self, now: datetime, room: LetterRoom) -> None:
        mailbox = fetched_from(room, now=now)
        fetch(mailbox)
        room.letters[4_000] = make_raw(subject="Late")
        del room.letters[1]
        fetch(mailbox)
        assert Received.objects.count() == 4
        assert room.seen == [1, 2, 3, 4_000]

    def test_that_does_not_say_what_comes_next_is_asked_all_the_same(
        self, now: datetime, room: LetterRoom
    ) -> None:
        room.says_next = False
        fetch(fetched_from(room, now=now))
        assert Received.objects.count() == 3

    def test_that_gives_new_numbers_brings_nothing_twice(self, now: datetime, room: LetterRoom) -> None:
        mailbox = fetched_from(room, now=now)
        fetch(mailbox)
        room.uidvalidity = 8
        room.letters = {number + 70: raw for number, raw in room.letters.items()}
        room.letters[99] = make_raw(subject="New")
        fetch(mailbox)
        assert Received.objects.count() == 4
        assert (mailbox.uidvalidity, mailbox.last_uid) == (8, 99)

    def test_is_only_asked_for_the_head_of_what_is_too_large(
        self, now: datetime, room: LetterRoom, settings: Settings
    ) -> None:
        settings.MAIL_IN_LIMIT = 1000
        room.letters = {5: make_raw(subject="Large", text="x" * 2000), 6: make_raw(subject="Small")}
        fetch(fetched_from(room, now=now))
        large, small = Received.objects.order_by("pk")
        assert (large.subject, large.is_whole, large.state) == ("Large", False, "waiting")
        assert "Only its head was fetched" in large.reason
        assert small.is_whole
        assert room.seen == [6]


class TestAServerThatFails:
    def test_to_take_our_password_says_so_and_stops_no_other(self, now: datetime, room: LetterRoom) -> None:
        wrong = fetched_from(room, now=now, password="wrong")
        right = fetched_from(room, now=now)
        fetching.post_all(timezone.now())
        worker.drain()
        wrong.refresh_from_db()
        assert "refuses user name and password" in wrong.last_error
        assert Received.objects.filter(mailbox=right).count() == 3
        state = queries.incoming(timezone.now())
        assert state.troubled == ((wrong.address, wrong.last_error),)

    def test_is_left_alone_for_longer_and_longer(self, now: datetime, room: LetterRoom) -> None:
        mailbox = fetched_from(room, now=now, password="wrong")
        fetch(mailbox)
        assert mailbox.not_before is not None
        assert mailbox.not_before > timezone.now()
        fetch(mailbox)
        assert mailbox.failures == 1
        Mailbox.objects.update(not_before=timezone.now())
        fetch(mailbox)
        assert mailbox.failures == 2

    def test_to_answer_at_all_says_so(self, now: datetime) -> None:
        with LetterRoom() as room:
            mailbox = fetched_from(room, now=now)
        fetch(mailbox)
        assert "does not answer as a mail server" in mailbox.last_error

    def test_in_the_middle_keeps_what_it_gave_and_goes_on_later(
        self, now: datetime, room: LetterRoom
    ) -> None:
        mailbox = fetched_from(room, now=now)

        def hang_up(line: str) -> None:
            if line.startswith("UID STORE 2"):
                raise ConnectionResetError

        room.on_line = hang_up
        fetch(mailbox)
        assert Received.objects.count() == 2
        assert (mailbox.last_uid, mailbox.failures) == (2, 1)
        room.on_line = lambda _: None
        Mailbox.objects.update(not_before=None)
        fetch(mailbox)
        assert Received.objects.count() == 3
        assert (mailbox.failures, mailbox.last_error) == (0, "")

    def test_to_give_one_letter_is_asked_again_and_then_leaves_word_of_it(
        self, now: datetime, room: LetterRoom
    ) -> None:
        room.withheld = {2}
        mailbox = fetched_from(room, now=now)
        for _ in range(4):
            Mailbox.objects.update(not_before=None)
            fetch(mailbox)
        assert Received.objects.count() == 3
        withheld = Received.objects.get(is_whole=False)
        assert "UID 2" in withheld.reason
        assert withheld.state == "waiting"

    def test_to_prove_who_it_is_gets_no_password(self, now: datetime, tmp_path: Path) -> None:
        with LetterRoom(make_raw(), context=self_signed(tmp_path)) as room:
            mailbox = fetched_from(room, now=now, security="tls")
            fetch(mailbox)
            assert "certificate" in mailbox.last_error.lower()
            assert not room.heard

    def test_to_have_the_folder_says_so(self, now: datetime, room: LetterRoom) -> None:
        mailbox = fetched_from(room, now=now)
        Mailbox.objects.update(folder="Nowhere")
        fetch(mailbox)
        assert mailbox.last_error == "There is no folder “Nowhere”."


class TestBeingKilled:
    def test_before_the_letter_is_kept_fetches_it_again(
        self, now: datetime, room: LetterRoom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mailbox = fetched_from(room, now=now)

        def power_cut(*_: object, **__: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patch, imap.opened(mailbox) as box:
            patch.setattr(actions, "_post_filing", power_cut)
            with pytest.raises(SystemExit):
                fetching._take(mailbox, box, 1)
        assert room.seen == []
        fetch(mailbox)
        assert Received.objects.count() == 3

    def test_after_the_letter_was_kept_does_not_fetch_it_again(
        self, now: datetime, room: LetterRoom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mailbox = fetched_from(room, now=now)

        def power_cut(*_: object) -> None:
            raise SystemExit

        Mailbox.objects.update(uidvalidity=7)
        with monkeypatch.context() as patch, imap.opened(mailbox) as box:
            patch.setattr(imap, "mark_seen", power_cut)
            with pytest.raises(SystemExit):
                fetching._take(mailbox, box, 1)
        fetch(mailbox)
        assert Received.objects.count() == 3
        assert room.seen == [2, 3]


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's side of TLS that nobody has a reason to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
