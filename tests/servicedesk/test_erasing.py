"""Erasing somebody's record reaches the calls they made, and what they said of the help they had."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.persons.actions.erasing import erase
from moothall.plain.errors import NotFound
from moothall.servicedesk.actions.satisfaction import answer, ask_how_it_was
from moothall.servicedesk.models import Call, Follower, Survey
from tests.persons.exercised import make_office
from tests.persons.lived import zq
from tests.servicedesk.rows import Ground, make_call, make_ground

NOW = datetime.fromisoformat("2026-11-23T09:30:00+00:00")
THEIRS, SOMEBODYS = "Zqmail@example.org", "sam@example.org"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ground() -> Ground:
    return make_ground(name="Ash Council")


def heard(ground: Ground, email: str, words: str, **facts: Any) -> Survey:
    """Let somebody be asked about a closed call and answer."""
    given = {"caller_email": email, "caller_name": words, "ended": "done", "closed_at": NOW}
    call = make_call(ground, NOW - timedelta(days=2), resolved=NOW - timedelta(days=1), **(given | facts))
    ask_how_it_was(call, NOW)
    Survey.objects.filter(call=call).update(answered_at=NOW, recommend=3, content=2, words=f"It was {words}")
    found: Survey = Survey.objects.get(call=call)
    return found


class TestErasing:
    def test_empties_their_words_and_leaves_their_figures(self, ground: Ground) -> None:
        survey = heard(ground, THEIRS, "Zqgiven")
        counts = self._erase(ground)
        survey.refresh_from_db()
        assert (survey.words, survey.recommend, survey.content) == ("", 3, 2)
        call = Call.objects.get(pk=survey.call_id)
        assert (call.caller_name, call.caller_email, call.requester_id) == ("", "", None)
        assert counts["calls"] == 1
        assert not Message.objects.filter(to__icontains="zqmail").exists()

    def test_ends_their_link_so_that_no_words_come_after(self, ground: Ground) -> None:
        survey = heard(ground, THEIRS, "Zqgiven")
        link = Message.objects.get(about=f"survey:{survey.pk}").body.split("/rate/")[1].split("/")[0]
        self._erase(ground)
        with pytest.raises(NotFound):
            answer(
                by=Viewer.anonymous(ground.council.pk), council=ground.council, secret=link, recommend=1, content=1,
                words="Zqgiven again", now=NOW,
            )  # fmt: skip

    def test_leaves_others_calls_that_are_open_and_other_councils_alone(self, ground: Ground) -> None:
        other = heard(ground, SOMEBODYS, "Sam")
        elsewhere = heard(make_ground(name="Elm Council"), THEIRS, "Zqgiven")
        still = make_call(ground, NOW, caller_email=THEIRS, caller_name="Zqgiven")
        Follower.objects.create(
            council=ground.council, call=other.call, email=THEIRS.lower(), name="Zqgiven", since=NOW
        )
        self._erase(ground)
        for each, words in ((other, "It was Sam"), (elsewhere, "It was Zqgiven")):
            each.refresh_from_db()
            assert each.words == words
        still.refresh_from_db()
        assert still.caller_name == "Zqgiven"
        assert not Follower.objects.exists()

    def _erase(self, ground: Ground) -> dict[str, int]:
        office = make_office(NOW, council=ground.council)
        record = zq(office, NOW)
        found = erase(by=office.dora, record_id=record.pk, ground="needless", why="They moved.", now=NOW)
        counts: dict[str, int] = found.counts
        return counts
