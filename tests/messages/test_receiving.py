"""Letters that come in: kept first and whole, then read, offered, and filed or waiting with a reason."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal import jobs, worker
from moothall.journal.models import Entry, Job
from moothall.messages import actions, filing, hooks, packing, queries
from moothall.messages.errors import NotWaiting, SayWhy
from moothall.messages.hooks import Filed
from moothall.messages.models import Message, Raw, Received
from moothall.plain.errors import NotFound, Refused
from tests.makers import make_council, make_staff, make_viewer
from tests.messages.making import make_mailbox, make_raw, receive, send, taker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


class TestKeeping:
    def test_is_whole_and_byte_for_byte_before_anything_is_read(self, now: datetime) -> None:
        raw = b"\x00\xff junk \r\r\n"
        received = actions.keep(mailbox=make_mailbox(now=now), raw=raw, now=now)
        assert packing.unpack(received) == raw
        assert (received.state, received.reason, received.size) == ("waiting", "", len(raw))
        assert Job.objects.filter(key=f"received:{received.pk}").count() == 1

    def test_the_same_letter_twice_keeps_one(self, now: datetime) -> None:
        mailbox, raw = make_mailbox(now=now), make_raw()
        first = actions.keep(mailbox=mailbox, raw=raw, now=now)
        assert actions.keep(mailbox=mailbox, raw=raw, now=now).pk == first.pk
        assert (Received.objects.count(), Raw.objects.count(), Job.objects.count()) == (1, 1, 1)

    def test_the_same_number_with_other_words_is_another_letter(self, now: datetime) -> None:
        mailbox = make_mailbox(now=now)
        for text in ("one", "two"):
            receive(make_raw(text=text, message_id="<same@example.org>"), mailbox=mailbox, now=now)
        assert Received.objects.filter(letter_id="<same@example.org>").count() == 2

    def test_is_all_or_nothing(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        mailbox = make_mailbox(now=now)
        monkeypatch.setattr(packing, "pack", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.keep(mailbox=mailbox, raw=make_raw(), now=now)
        assert not Received.objects.exists()
        assert not Raw.objects.exists()

    def test_tells_the_record_nothing_of_the_person(self, now: datetime) -> None:
        receive(make_raw(text="secret words"), mailbox=make_mailbox(now=now), now=now)
        said = " ".join(Entry.objects.filter(what__startswith="mail.").values_list("facts", flat=True))
        assert said
        assert "ada" not in said.lower()
        assert "secret" not in said


class TestFiling:
    def test_makes_it_a_message_about_what_the_taker_says(self, now: datetime) -> None:
        with taker(lambda _: Filed("contact:7")) as offered:
            received = receive(make_raw(), mailbox=make_mailbox(now=now), now=now)
        (letter,) = offered
        assert received.message is not None
        assert (received.state, received.message.about) == ("filed", "contact:7")
        assert (received.message.direction, received.message.state) == ("in", "received")
        assert (letter.sender, letter.subject, letter.text) == ("ada@example.org", "My bin", "It was missed.")
        assert letter.message_id == received.message.pk

    def test_leaves_it_waiting_if_nobody_takes_it(self, now: datetime) -> None:
        with taker(lambda _: None):
            received = receive(make_raw(), mailbox=make_mailbox(now=now), now=now)
        assert (received.state, received.reason) == ("waiting", "Nobody has put it to its place yet.")
        assert received.snippet == "It was missed."
        assert not Message.objects.exists()

    def test_leaves_it_waiting_with_the_reason_of_whoever_could_not(self, now: datetime) -> None:
        with taker(lambda _: "Two people have this address."):
            received = receive(make_raw(), mailbox=make_mailbox(now=now), now=now)
        assert (received.state, received.reason) == ("waiting", "Two people have this address.")

    def test_undoes_what_a_failing_taker_wrote_and_goes_on_with_the_next_letter(self, now: datetime) -> None:
        def fail(letter: hooks.Letter) -> hooks.Taken:
            if letter.subject == "Bad":
                make_council(name="Written by the taker")
                raise ZeroDivisionError("secret")
            return True

        mailbox = make_mailbox(now=now)
        with taker(fail):
            bad = receive(make_raw(subject="Bad"), mailbox=mailbox, now=now)
            good = receive(make_raw(), mailbox=mailbox, now=now)
        assert bad.state == "waiting"
        assert "ZeroDivisionError" in bad.reason
        assert "secret" not in bad.reason
        assert bad.subject == "Bad"
        assert not type(mailbox.council).objects.filter(name="Written by the taker").exists()
        assert good.state == "filed"

    def test_leaves_what_cannot_be_read_with_its_reason(self, now: datetime) -> None:
        received = receive(b"\x00\x00\x00", mailbox=make_mailbox(now=now), now=now)
        assert (received.state, received.reason) == ("waiting", "This letter cannot be read. It is empty.")

    @pytest.mark.parametrize("more", ["Auto-Submitted: auto-replied\r\n", "List-Id: <x.example>\r\n"])
    def test_offers_what_no_person_wrote_and_sets_it_aside_if_nobody_wants_it(
        self, now: datetime, more: str
    ) -> None:
        with taker(lambda _: False) as offered:
            received = receive(make_raw(more=more), mailbox=make_mailbox(now=now), now=now)
        assert len(offered) == 1
        assert received.state == "set-aside"
        assert received.reason.endswith(".")


class TestDyingOnTheWay:
    def test_between_keeping_and_reading_loses_nothing(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        received = actions.keep(mailbox=make_mailbox(now=now), raw=make_raw(), now=now)
        lease = jobs.Lanes("dies").take(now)
        assert lease is not None

        def power_cut(*_: object) -> str:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(filing, "_sort", power_cut)
            with pytest.raises(SystemExit):
                jobs.run(lease, lambda: now)
        later = now + timedelta(minutes=5)
        assert jobs.reclaim(later) == 1
        with taker(lambda _: True):
            worker.drain(later)
        received.refresh_from_db()
        assert received.state == "filed"
        assert Message.objects.count() == 1

    def test_three_times_over_one_letter_leaves_it_to_people(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        received = actions.keep(mailbox=make_mailbox(now=now), raw=make_raw(), now=now)

        def power_cut(*_: object) -> str:
            raise SystemExit

        later = now
        with monkeypatch.context() as patch:
            patch.setattr(filing, "_sort", power_cut)
            for _ in range(3):
                later += timedelta(minutes=5)
                lease = jobs.Lanes("dies").take(later)
                assert lease is not None
                with pytest.raises(SystemExit):
                    jobs.run(lease, lambda: now)
                jobs.reclaim(later + timedelta(minutes=1))
            worker.drain(later + timedelta(minutes=5))
        received.refresh_from_db()
        assert received.state == "waiting"
        assert "three times" in received.reason
        actions.process_again(by=Viewer.system(), received_id=received.pk, now=later)
        with taker(lambda _: True):
            worker.drain(later + timedelta(minutes=5))
        received.refresh_from_db()
        assert received.state == "filed"


class TestSorting:
    def test_again_reads_what_waits_or_was_set_aside(self, now: datetime) -> None:
        council = make_council()
        adviser = make_viewer(make_staff(council=council, roles=("adviser",)))
        received = receive(make_raw(), mailbox=make_mailbox(now=now, council=council), now=now)
        actions.set_aside(by=adviser, received_id=received.pk, reason=" Spam.\n", now=now)
        received.refresh_from_db()
        assert (received.state, received.reason) == ("set-aside", "Spam.")
        assert received.decided_by == adviser.actor.name
        with taker(lambda _: True):
            actions.process_again(by=adviser, received_id=received.pk, now=now)
            worker.drain()
        received.refresh_from_db()
        assert received.state == "filed"
        with pytest.raises(NotWaiting):
            actions.process_again(by=adviser, received_id=received.pk, now=now)
        with pytest.raises(NotWaiting):
            actions.set_aside(by=adviser, received_id=received.pk, reason="x", now=now)

    def test_aside_wants_a_reason(self, now: datetime) -> None:
        received = receive(make_raw(), mailbox=make_mailbox(now=now), now=now)
        with pytest.raises(SayWhy):
            actions.set_aside(by=Viewer.system(), received_id=received.pk, reason=" ", now=now)

    def test_is_for_those_who_may(self, now: datetime) -> None:
        council = make_council()
        received = receive(make_raw(), mailbox=make_mailbox(now=now, council=council), now=now)
        auditor = make_viewer(make_staff(council=council, roles=("auditor",)))
        operator = make_viewer(make_staff(council=council, roles=("ict-operator",)))
        assert [each.pk for each in queries.waiting(auditor)] == [received.pk]
        assert queries.raw(auditor, received.pk).startswith(b"From: Ada")
        assert queries.letter(auditor, received.pk).letter is not None
        with pytest.raises(Refused):
            actions.set_aside(by=auditor, received_id=received.pk, reason="x", now=now)
        assert queries.waiting(operator) == []
        for ask in (queries.raw, queries.letter):
            with pytest.raises(NotFound):
                ask(operator, received.pk)

    def test_is_not_there_for_those_for_whom_its_matter_is_not(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        council = make_council()
        mailbox = make_mailbox(now=now, council=council)
        number = send(council=council, now=now, about="case:private").message_id
        received = receive(make_raw(more=f"In-Reply-To: {number}\r\n"), mailbox=mailbox, now=now)
        adviser = make_viewer(make_staff(council=council, roles=("adviser",)))
        assert len(queries.waiting(adviser)) == 1
        hooks.on_seeing(lambda _, about: about != "case:private")
        assert queries.waiting(adviser) == []
        with pytest.raises(NotFound):
            queries.raw(adviser, received.pk)
        with pytest.raises(NotFound):
            actions.process_again(by=adviser, received_id=received.pk, now=now)

    def test_stays_within_the_council(self, now: datetime) -> None:
        mine, theirs = make_council(), make_council()
        received = receive(make_raw(), mailbox=make_mailbox(now=now, council=theirs), now=now)
        adviser = make_viewer(make_staff(council=mine, roles=("adviser", "supervisor", "record-steward")))
        assert queries.waiting(adviser) == []
        assert queries.how_many_wait(adviser) == 0
        with pytest.raises(NotFound):
            queries.raw(adviser, received.pk)
        with pytest.raises(NotFound):
            actions.process_again(by=adviser, received_id=received.pk, now=now)
        with scope.only([mine.pk]), pytest.raises(NotFound):
            queries.raw(Viewer.system(), received.pk)


class TestAnsweringAutomatically:
    def answer(self, received: Received, now: datetime) -> Message | None:
        return actions.acknowledge(
            by=Viewer.system(), received_id=received.pk, subject="We have it", body="Thank you.", now=now
        )

    def test_is_done_once_for_each_sender_and_day_and_marked(self, now: datetime) -> None:
        mailbox = make_mailbox(now=now)
        first = receive(make_raw(message_id="<one@example.org>"), mailbox=mailbox, now=now)
        second = receive(make_raw(), mailbox=mailbox, now=now)
        assert self.answer(first, now) is not None
        assert self.answer(first, now) is None
        assert self.answer(second, now) is None
        assert self.answer(second, now + timedelta(days=1)) is not None
        worker.drain()
        headers = mail.outbox[0].extra_headers
        assert headers["Auto-Submitted"] == "auto-replied"
        assert headers["In-Reply-To"] == "<one@example.org>"

    @pytest.mark.parametrize(
        ("sender", "more"),
        [
            ("ada@example.org", "Auto-Submitted: auto-replied\r\n"),
            ("ada@example.org", "Precedence: list\r\n"),
            ("mailer-daemon@example.org", ""),
            ("no-reply@example.org", ""),
            ("", ""),
        ],
    )
    def test_is_never_done_to_what_no_person_reads(self, now: datetime, sender: str, more: str) -> None:
        received = receive(make_raw(sender=sender, more=more), mailbox=make_mailbox(now=now), now=now)
        assert self.answer(received, now) is None

    def test_is_never_done_to_a_mailbox_of_ours(self, now: datetime) -> None:
        mailbox = make_mailbox(now=now, address="help@oak.example")
        received = receive(make_raw(sender="help@oak.example"), mailbox=mailbox, now=now)
        assert self.answer(received, now) is None


class TestWhatWeSent:
    def test_comes_back_to_the_mailbox_of_the_council(self, now: datetime) -> None:
        council = make_council()
        make_mailbox(now=now, council=council, address="help@ash.example")
        send(council=council, now=now)
        worker.drain(now)
        assert mail.outbox[0].reply_to == ["help@ash.example"]

    def test_names_what_was_written_before_to_the_same_person(self, now: datetime) -> None:
        council = make_council()
        first = send(council=council, now=now)
        send(council=council, now=now, to="bob@example.org")
        send(council=council, now=now)
        worker.drain(now)
        assert "References" not in mail.outbox[0].extra_headers
        assert "References" not in mail.outbox[1].extra_headers
        assert mail.outbox[2].extra_headers["References"] == first.message_id
        assert mail.outbox[2].reply_to == []
