"""Letters to the desk become calls at the council of their writer, and answers find their call."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.journal import worker
from moothall.messages import actions as messages
from moothall.messages.models import Mailbox, Message, Raw, Received
from moothall.process.models import Attachment, Case, Event
from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.models import Call, Follower
from tests.servicedesk.channel_world import Desk, make_desk
from tests.servicedesk.posted import ADDRESS, comes, letter, make_mailbox, sent_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

OTTO, STRANGER = "Otto Ther <otto@alder.example>", "Someone Else <else@nowhere.example>"
HOUSE = Viewer.system()


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


@pytest.fixture
def box(desk: Desk, now: datetime) -> Mailbox:
    return make_mailbox(desk.host, now)


def reported(box: Mailbox, now: datetime, **parts: object) -> Call:
    """Let Otto report by email that something does not work."""
    comes(box, letter(OTTO, "Screen is dark", "It went dark at nine.", **parts), now)  # type: ignore[arg-type]
    call: Call = Call.objects.latest("id")
    return call


def answered(box: Mailbox, now: datetime, text: str, sender: str = OTTO, subject: str = "Re: it") -> Received:
    """Let somebody answer the newest letter that Otto got."""
    number = Message.objects.filter(direction="out", to="otto@alder.example").latest("id").message_id
    return comes(box, letter(sender, subject, text, answers=number), now)


def said(call: Call, kind: str = "noted") -> list[str]:
    rows = Event.objects.filter(case_id=call.case_id, kind=kind).order_by("seq")
    return [str(json.loads(each.body).get("text", "")) for each in rows]


class TestALetterFromAColleague:
    def test_becomes_a_call_at_their_own_council(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = reported(box, now)
        assert (call.council_id, call.requester_id, call.channel) == (
            desk.other.pk,
            desk.user_of_other.user_id,
            "email",
        )
        assert call.state == "new"
        data = Case.objects.get(pk=call.case_id).data
        assert (data["summary"], data["detail"]) == ("Screen is dark", "It went dark at nine.")

    def test_belongs_to_that_council_alone_from_then_on(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = reported(box, now)
        for model in (Received, Raw, Message):
            assert set(model.objects.values_list("council_id", flat=True)) == {desk.other.pk}
        with scope.only([desk.host.pk]):
            assert not Received.objects.exists()
        assert Received.objects.get().message.about == f"case:{call.case_id}"

    def test_is_confirmed_in_its_thread(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = reported(box, now)
        (confirmation,) = sent_to("otto@alder.example")
        assert call.reference in confirmation.subject
        came = Received.objects.get().letter_id
        assert confirmation.extra_headers["In-Reply-To"] == came
        assert confirmation.reply_to == [ADDRESS]

    def test_is_one_call_however_often_it_comes(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        same = letter(OTTO, "Screen is dark", "It went dark at nine.")
        comes(box, same, now)
        comes(box, same, now + timedelta(minutes=5))
        assert Call.objects.count() == 1
        assert len(sent_to("otto@alder.example")) == 1

    def test_brings_its_files(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = reported(box, now, files=[("log.txt", b"error 42\n")])
        assert list(Attachment.objects.values_list("name", "case_id", "council_id")) == [
            ("log.txt", call.case_id, desk.other.pk)
        ]

    def test_lets_colleagues_who_were_copied_in_follow(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        colleague = desk.stranger_user.user
        call = reported(box, now, to=[ADDRESS, "una@fern.example", colleague.email, "x@gmail.example"])
        assert not Follower.objects.exists()
        desk.user.council = desk.other
        desk.user.save()
        comes(box, letter(OTTO, "Again", "Dark.", to=[ADDRESS, "una@fern.example"]), now)
        follower = Follower.objects.get()
        assert follower.email == "una@fern.example"
        assert follower.call_id != call.pk


class TestALetterFromSomebodyUnknown:
    def test_becomes_a_call_where_the_mailbox_is_and_says_so(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        comes(box, letter(STRANGER, "Help", "I cannot sign in."), now)
        call = Call.objects.get()
        assert (call.council_id, call.requester_id) == (desk.host.pk, None)
        assert (call.caller_name, call.caller_email) == ("Someone Else", "else@nowhere.example")
        assert "Nobody with this address works for one of the councils" in said(call)[0]

    def test_is_answered_once_a_day_at_most(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        for number in range(3):
            comes(box, letter(STRANGER, f"Help {number}", "I cannot sign in."), now)
        assert Call.objects.count() == 3
        assert len(sent_to("else@nowhere.example")) == 1

    def test_is_that_of_who_has_left(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        desk.user_of_other.ended_on = now.date() - timedelta(days=30)
        desk.user_of_other.save()
        call = reported(box, now)
        assert (call.council_id, call.requester_id) == (desk.host.pk, None)


class TestWhatNobodyWrote:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto-Submitted": "auto-replied"},
            {"X-Autoreply": "yes", "Precedence": "auto_reply"},
            {"List-Id": "<news.alder.example>", "Precedence": "bulk"},
        ],
    )
    def test_makes_no_call(self, desk: Desk, box: Mailbox, now: datetime, headers: dict[str, str]) -> None:
        comes(box, letter(OTTO, "Out of office", "I am away.", headers=headers), now)
        assert not Call.objects.exists()

    def test_is_filed_with_its_call_and_changes_nothing(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = reported(box, now)
        before = Case.objects.get().seq
        number = Message.objects.filter(direction="out").latest("id").message_id
        away = letter(OTTO, "Away", "I am away.", answers=number, headers={"Auto-Submitted": "auto-replied"})
        received = comes(box, away, now)
        about = Message.objects.get(received=received).about
        assert (received.state, about) == ("filed", f"case:{call.case_id}")
        assert Case.objects.get().seq == before

    def test_that_came_round_to_us_again_makes_no_call(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        reported(box, now)
        ours = sent_to("otto@alder.example")[0].message()
        messages.keep(mailbox=box, raw=ours.as_bytes(), now=now)
        worker.drain(timezone.now())
        assert Call.objects.count() == 1

    def test_is_a_letter_from_a_mailbox_of_ours(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        received = comes(box, letter(ADDRESS, "Hello", "It is me."), now)
        assert received.state == "waiting"
        assert not Call.objects.exists()


class TestAnAnswer:
    def test_goes_to_its_call_as_what_the_user_wrote(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = reported(box, now)
        answered(box, now, "It is the left screen.")
        assert Call.objects.count() == 1
        assert said(call) == ["It is the left screen."]
        assert Event.objects.filter(kind="noted").get().actor_name == "Otto Ther"

    def test_answers_the_question_that_is_open(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = reported(box, now)
        analyst = desk.viewer(desk.analyst)
        working.accept(by=analyst, call_id=call.pk, expected=None, now=now)
        working.ask_user(by=analyst, call_id=call.pk, question="Which screen?", expected=None, now=now)
        worker.drain(now)
        assert "Which screen?" in sent_to("otto@alder.example")[-1].body
        answered(box, now + timedelta(hours=1), "The left one.")
        call.refresh_from_db()
        assert call.state == "open"
        assert Case.objects.get().data["told"] == "The left one."

    def test_takes_up_again_what_was_resolved(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = self._resolved(desk, box, now)
        answered(box, now + timedelta(hours=1), "It is dark again.")
        call.refresh_from_db()
        assert (call.state, call.reopened) == ("open", 1)

    def test_that_only_says_thank_you_leaves_it_resolved(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = self._resolved(desk, box, now)
        answered(box, now + timedelta(hours=1), "Thanks, works now!\nOtto")
        call.refresh_from_db()
        assert call.state == "resolved"
        assert said(call)[-1].startswith("Thanks")

    def test_to_a_closed_call_makes_a_new_one_that_knows_of_it(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = self._resolved(desk, box, now)
        Case.objects.update(status="closed", ending="completed")
        Call.objects.update(state="closed", open=False, ended="done", closed_at=now)
        answered(box, now + timedelta(days=30), "It is dark again.")
        new = Call.objects.latest("id")
        assert new.pk != call.pk
        assert new.council_id == desk.other.pk
        assert f"This answers {call.reference}, which is closed." in said(new)[0]

    def test_finds_the_call_that_its_own_was_merged_into(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        first = reported(box, now)
        second = reported(box, now)
        joining.merge(by=HOUSE, call_id=first.pk, into_id=second.pk, why="The same.", expected=None, now=now)
        number = (
            Message.objects.filter(about=f"case:{first.case_id}", direction="out").earliest("id").message_id
        )
        comes(box, letter(OTTO, "Re: it", "Still dark.", answers=number), now)
        assert said(second)[-1] == "Still dark."

    def test_from_a_follower_goes_to_the_call_too(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = self._resolved(desk, box, now, follower="una@fern.example")
        answered(box, now + timedelta(hours=1), "Mine is dark still.", sender="Una Ser <una@fern.example>")
        call.refresh_from_db()
        assert call.state == "open"

    def test_from_another_address_is_shown_with_a_warning_and_moves_nothing(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = self._resolved(desk, box, now)
        answered(box, now + timedelta(hours=1), "It is dark again.", sender=STRANGER)
        call.refresh_from_db()
        assert call.state == "resolved"
        assert any("not on this call" in each for each in said(call))

    def test_that_only_names_a_reference_counts_from_whoever_is_on_the_call(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = reported(box, now)
        comes(box, letter(OTTO, f"About {call.reference}", "More of it."), now)
        assert Call.objects.count() == 1
        assert said(call)[-1] == "More of it."
        comes(box, letter(STRANGER, f"About {call.reference}", "Tell me all."), now)
        assert Call.objects.count() == 2

    def test_arrives_by_its_number_where_a_mail_program_drops_the_thread(
        self, desk: Desk, now: datetime
    ) -> None:
        box = make_mailbox(desk.host, now, plus=True)
        call = reported(box, now)
        (confirmation,) = sent_to("otto@alder.example")
        comes(box, letter(OTTO, "No subject", "More.", to=confirmation.reply_to), now)
        assert Call.objects.count() == 1
        assert said(call) == ["More."]

    def _resolved(self, desk: Desk, box: Mailbox, now: datetime, follower: str = "") -> Call:
        call = reported(box, now)
        analyst = desk.viewer(desk.analyst)
        if follower:
            Follower.objects.create(council=desk.other, call=call, email=follower, name="Una", since=now)
        working.resolve(by=analyst, call_id=call.pk, fix="Plugged it in.", expected=None, now=now)
        worker.drain(now)
        call.refresh_from_db()
        assert call.state == "resolved"
        return call


class TestOrdinaryMailboxes:
    def test_are_none_of_the_desks_business(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        own = messages.add_mailbox(
            by=HOUSE, council=desk.other, address="mail@alder.example", now=now
        ).mailbox
        comes(own, letter(OTTO, "My bin", "It was not emptied.", to=["mail@alder.example"]), now)
        assert not Call.objects.exists()
