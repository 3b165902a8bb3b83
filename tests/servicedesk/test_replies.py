"""Canned replies: whose they are, what stands in them, and how they read at a call."""

import pytest

from moothall.plain.errors import Invalid, NotFound, Refused
from moothall.servicedesk.actions.replies import delete_reply, use, write_reply
from moothall.servicedesk.models import CannedReply
from moothall.servicedesk.queries import replies as queries
from moothall.servicedesk.rules.replies import filled
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=("ict-incident",))


def a_reply(
    desk: Desk, text: str = "Dear {name}, we look at {reference}.", title: str = "Seen"
) -> CannedReply:
    return write_reply(by=desk.analyst, team_id=desk.desk.pk, title=title, text=text, now=NOW)


class TestWritingAReply:
    def test_refuses_what_stands_for_nothing_and_names_what_does(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as refused:
            a_reply(desk, "Dear {nam}, your {reference}")
        assert "{nam} stands for nothing here" in refused.value.fields["text"][0]
        assert "{name}" in refused.value.fields["text"][0]

    def test_refuses_a_name_that_the_team_has_already(self, desk: Desk) -> None:
        a_reply(desk)
        with pytest.raises(Invalid):
            a_reply(desk)

    def test_takes_the_permission_at_the_council_of_the_team(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            write_reply(by=desk.client, team_id=desk.desk.pk, title="x", text="x", now=NOW)
        reply = a_reply(desk)
        with pytest.raises(NotFound):
            delete_reply(by=desk.client, reply_id=reply.pk, now=NOW)

    def test_changes_one_there_is(self, desk: Desk) -> None:
        reply = a_reply(desk)
        write_reply(
            by=desk.colleague, team_id=desk.desk.pk, title="Seen", text="New", now=NOW, reply_id=reply.pk
        )
        assert CannedReply.objects.get().text == "New"


class TestUsingAReply:
    def test_fills_in_what_the_call_says_in_the_words_of_its_council(self, desk: Desk) -> None:
        reply = a_reply(desk, "Dear {name} of {council}: {reference}, {system}, {agent}, by {promise}.")
        call = an_incident(desk, item_id=make_item(name="Outlook").pk)
        text = queries.filled(reply, call, desk.analyst)
        assert call.council.name in text
        assert call.reference in text
        assert "Outlook" in text
        assert desk.analyst.actor.name in text
        assert "{" not in text

    def test_counts_it(self, desk: Desk) -> None:
        reply = a_reply(desk)
        use(by=desk.analyst, reply_id=reply.pk)
        reply.refresh_from_db()
        assert reply.used == 1

    def test_shows_those_of_ones_team_and_of_the_calls_the_most_used_first(self, desk: Desk) -> None:
        call = an_incident(desk)
        first, second = a_reply(desk, title="First"), a_reply(desk, title="Second")
        use(by=desk.analyst, reply_id=second.pk)
        assert queries.replies_for(desk.engineer, call) == [second, first]
        assert queries.replies_for(desk.user, call) == []

    def test_is_for_those_who_work_on_calls(self, desk: Desk) -> None:
        reply = a_reply(desk)
        with pytest.raises(Refused):
            use(by=desk.user, reply_id=reply.pk)

    def test_never_reads_what_users_call_themselves_as_a_place(self) -> None:
        assert filled("Dear {name}", {"name": "{agent}", "agent": "Ann"}) == "Dear {agent}"
