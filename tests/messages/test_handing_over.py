"""Letters handed to the webhook: signed, in time, not too large, and kept before 202 is said."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.messages import packing, rules
from moothall.messages.actions import Added
from moothall.messages.models import Mailbox, Received
from tests.messages.imap_server import LetterRoom
from tests.messages.making import make_added, make_raw
from tests.messages.test_fetching import fetched_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def added(now: datetime) -> Added:
    return make_added(now=now)


def hand_over(added: Added, raw: bytes, *, header: str | None = None, ago: float = 0) -> Any:
    if header is None:
        header = rules.signature(added.secret, int(timezone.now().timestamp() - ago), raw)
    client = Client(enforce_csrf_checks=True)
    return client.post(
        f"/mail/in/{added.mailbox.pk}/",
        raw,
        content_type="message/rfc822",
        headers={"X-Moothall-Signature": header, "Accept": "application/json"},
    )


class TestALetterThatIsSigned:
    def test_is_kept_whole_and_said_to_be_taken(self, added: Added) -> None:
        raw = make_raw(text="\x01\x02 bytes")
        answer = hand_over(added, raw)
        received = Received.objects.get()
        assert answer.status_code == 202
        assert f'"id": {received.pk}'.encode() in answer.content
        assert packing.unpack(received) == raw

    def test_twice_is_one_letter(self, added: Added) -> None:
        raw = make_raw()
        assert hand_over(added, raw).content == hand_over(added, raw).content
        assert Received.objects.count() == 1

    def test_is_not_taken_if_it_is_too_large(self, added: Added, settings: Settings) -> None:
        settings.MAIL_IN_LIMIT = 100
        assert hand_over(added, b"x" * 101).status_code == 413
        assert not Received.objects.exists()


class TestALetterThatIsNot:
    @pytest.mark.parametrize(
        "header",
        ["", "t=1", "v1=00", "t=1,v1=" + "0" * 64, "t=99999999999999,v1=" + "0" * 64, "t=x,v1=y", "\u00e9"],
    )
    def test_is_refused(self, added: Added, header: str) -> None:
        assert hand_over(added, make_raw(), header=header).status_code == 404
        assert not Received.objects.exists()

    @pytest.mark.parametrize("ago", [301, 10_000, -301])
    def test_in_time_is_refused(self, added: Added, ago: float) -> None:
        assert hand_over(added, make_raw(), ago=ago).status_code == 404

    def test_by_its_own_words_is_refused(self, added: Added) -> None:
        header = rules.signature(added.secret, int(timezone.now().timestamp()), make_raw(text="other"))
        assert hand_over(added, make_raw(), header=header).status_code == 404

    def test_is_answered_like_a_mailbox_that_is_none(self, added: Added, now: datetime) -> None:
        raw = make_raw()
        header = rules.signature("wrong", int(timezone.now().timestamp()), raw)
        wrong = hand_over(added, raw, header=header)
        Mailbox.objects.update(ended_at=now)
        gone = hand_over(added, raw)
        nowhere = Client().post(
            f"/mail/in/{2**40}/",
            raw,
            content_type="message/rfc822",
            headers={"X-Moothall-Signature": header, "Accept": "application/json"},
        )
        assert wrong.status_code == gone.status_code == nowhere.status_code == 404
        said = [{**json.loads(each.content), "request_id": ""} for each in (wrong, gone, nowhere)]
        assert said[0] == said[1] == said[2]

    def test_to_a_mailbox_that_is_fetched_is_refused(self, now: datetime) -> None:
        with LetterRoom() as room:
            mailbox = fetched_from(room, now=now)
        assert hand_over(Added(mailbox, "secret"), make_raw()).status_code == 404

    def test_is_not_a_page(self, added: Added) -> None:
        assert Client().get(f"/mail/in/{added.mailbox.pk}/").status_code == 405


class TestTheSignature:
    def test_ends_after_five_minutes(self, now: datetime) -> None:
        header = rules.signature("secret", int(now.timestamp()), b"letter")
        assert rules.is_signed(header, "secret", b"letter", now + timedelta(minutes=5))
        assert not rules.is_signed(header, "secret", b"letter", now + timedelta(minutes=6))
