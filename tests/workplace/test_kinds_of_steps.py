"""Steps that are more than a form: votes, waits, what comes again or is waived, what is handed over or asked for."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Membership
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.look import dates
from moothall.process.models import StepDraft
from tests.makers import make_staff, make_viewer
from tests.process import hub as hubs
from tests.process.hub import Hub
from tests.workplace.boards import Board
from tests.workplace.test_cases import text_of

pytestmark = pytest.mark.django_db


def page(client: Client, reference: str) -> str:
    return text_of(client.get(f"/work/case/{reference}/"))


def vote(board: Board, client: Client, reference: str, choice: str, text: str = "", **more: Any) -> Any:
    seen = board.case(reference).seq
    data = {"board-choice": choice, "board-text": text, "board-expected": seen} | more
    return client.post(f"/work/case/{reference}/step/board/vote/", data)


class TestAVote:
    def test_says_how_it_stands_what_it_takes_and_whose_vote_is_out(self, board: Board) -> None:
        reference = board.before_the_board()
        board.cast(board.ben, reference, "for", "Go on")
        text = page(board.browser(board.bea), reference)
        for words in (
            "1 for, 0 against.", "It takes 2 of 4 people for it, once 2 have voted.",
            "Still needed: 1 more for it and 1 more to vote at all.", "Ben Board", "Go on",
            "Not voted yet: Bea Board, Bo Board, Ida Ict.", "How do you vote?", "“Approve it”",
        ):  # fmt: skip
            assert words in text

    def test_is_cast_by_several_and_decided_by_the_last(self, board: Board) -> None:
        reference = board.before_the_board()
        first, second = board.browser(board.bea), board.browser(board.ben)
        assert vote(board, first, reference, "for").status_code == 302
        assert "Your vote is in." in page(first, reference)
        vote(board, second, reference, "for", "Yes")
        text = page(second, reference)
        assert "“Board” is decided: Approve it." in text
        assert "“Board” was done: Approve it" in text
        assert "Approve it (2 for, 0 against, 0 abstained)" in text

    def test_may_be_changed_until_it_is_decided(self, board: Board) -> None:
        reference, client = board.before_the_board(), board.browser(board.bea)
        vote(board, client, reference, "abstain")
        text = page(client, reference)
        assert "Change my vote" in text
        assert "<strong>You</strong>: Abstained" in text
        vote(board, client, reference, "against", "Too soon")
        assert "0 for, 1 against." in page(client, reference)
        assert "Too soon</textarea>" in page(client, reference)

    def test_against_needs_a_word(self, board: Board) -> None:
        reference, client = board.before_the_board(), board.browser(board.bea)
        answer = vote(board, client, reference, "against")
        assert answer.status_code == 422
        assert "Why not?" in text_of(answer)
        assert vote(board, client, reference, "").status_code == 422
        assert board.case(reference).steps["board"].votes == []

    def test_is_not_for_whoever_is_not_on_the_board_or_raised_it(self, board: Board) -> None:
        reference = board.before_the_board()
        text = page(board.browser(board.ivo), reference)
        assert "Only members of board vote on “Board”." in text
        assert "How do you vote?" not in text
        answer = vote(board, board.browser(board.ivo), reference, "for")
        assert answer.status_code == 302
        assert board.case(reference).steps["board"].votes == []

    def test_that_is_decided_meanwhile_shows_what_happened_and_keeps_the_words(self, board: Board) -> None:
        reference, client = board.before_the_board(), board.browser(board.bo)
        seen = board.case(reference).seq
        board.cast(board.bea, reference, "for")
        board.cast(board.ben, reference, "for")
        answer = vote(board, client, reference, "against", "My long reasons", **{"board-expected": seen})
        assert answer.status_code == 409
        assert "does not wait to be done any more" in text_of(answer)
        assert "My long reasons" in text_of(answer)


class TestAHalfWrittenVote:
    def test_is_kept_for_whoever_may_vote_and_shown_to_nobody_else(self, board: Board) -> None:
        reference = board.before_the_board()
        path = f"/work/case/{reference}/step/board/"
        half = {"board-choice": "against", "board-text": "A half thought"}
        assert board.browser(board.bea).post(f"{path}keep/", half).status_code == 302
        assert "A half thought</textarea>" in page(board.browser(board.bea), reference)
        for staff in (board.ben, board.ida, board.ivo):
            client = board.browser(staff)
            assert "A half thought" not in page(client, reference)
            seen = client.get(f"{path}compare/?with={board.bea.user.pk}", follow=True)
            assert "A half thought" not in text_of(seen)
        assert board.browser(board.ivo).post(f"{path}keep/", half).status_code == 403


class TestAWait:
    def test_says_until_when_and_what_would_change_it(self, board: Board) -> None:
        day = timezone.localdate() + timedelta(days=20)
        reference = board.before_the_board(starts=day.isoformat())
        for staff in (board.bea, board.ben):
            board.cast(staff, reference, "for")
        text = page(board.browser(board.ida), reference)
        assert f"Waits until {dates.weekday(day)}. Then it goes on by itself" in text
        assert "It goes on earlier or later if “Start” is changed." in text
        assert "Nobody has to do anything here." in text

    def test_whose_day_nobody_named_says_so(self, board: Board) -> None:
        reference = board.before_the_board()
        for staff in (board.bea, board.ben):
            board.cast(staff, reference, "for")
        assert "“Start” has no answer yet." in page(board.browser(board.ida), reference)


class TestWhatComesAgain:
    def test_says_how_often_until_when_and_when_it_is_next(self, board: Board) -> None:
        reference = board.before_the_board()
        for staff in (board.bea, board.ben):
            board.cast(staff, reference, "for")
        client = board.browser(board.ida)
        assert "It comes again every week, until “Make the change” is done." in page(client, reference)
        board.act(board.ida, reference, "report", outcome="sent")
        when = board.case(reference).steps["report"].wake_at
        assert f"Report on it, again on {dates.weekday(when)} at {dates.time_of_day(when)}" in page(
            client, reference
        )


class TestWhatComesNext:
    def test_is_nothing_that_nobody_called(self, board: Board) -> None:
        text = page(board.browser(board.ida), board.change())
        assert "<li>Board, after Check the plan</li>" in text
        assert "Say more" not in text


class TestGoingOnAllTheSame:
    def finish(self, board: Board, client: Client, reference: str, **given: str) -> Any:
        data = {"check-outcome": "good", "check-expected": str(board.case(reference).seq), "check-plan": ""}
        return client.post(f"/work/case/{reference}/step/check/", data | given)

    def test_is_offered_once_the_need_is_refused_and_takes_a_reason(self, board: Board) -> None:
        reference, client = board.change(), board.browser(board.ivo)
        assert "Go on all the same" not in page(client, reference)
        answer = self.finish(board, client, reference)
        assert answer.status_code == 409
        assert "There must be a way back." in text_of(answer)
        assert "Go on all the same" in text_of(answer)
        done = self.finish(board, client, reference, **{"check-waive_0": "It cannot be undone"})
        assert done.status_code == 302
        text = page(client, reference)
        assert "“Check the plan” goes on although: There must be a way back." in text
        assert "It cannot be undone" in text

    def test_is_not_offered_to_whoever_may_not(self, board: Board) -> None:
        reference = board.change()
        answer = self.finish(board, board.browser(board.bea), reference, **{"check-waive_0": "Because"})
        assert answer.status_code in {403, 409}
        assert "Go on all the same" not in text_of(answer)
        assert board.case(reference).steps["check"].state == "open"


class TestAnswers:
    def test_say_where_they_came_from(self, board: Board) -> None:
        reference = board.change()
        client = board.browser(board.ida)
        text = page(client, reference)
        assert "Worked out by a table of the process" in text
        again = board.change(who="Rea Request", size="small")
        assert "From the account of whoever asked (name)" not in page(client, again)  # she gave it herself
        assert f"/work/case/{reference}/answers/what/" in text

    def test_show_every_version_with_who_and_where(self, board: Board) -> None:
        reference, client = board.change(plan="Switch back"), board.browser(board.ivo)
        board.act(board.ivo, reference, "check", outcome="good", answers={"plan": "Switch back at once"})
        text = text_of(client.get(f"/work/case/{reference}/answers/plan/"))
        assert text.index("Switch back at once") < text.index("Rea Request")
        for words in ("Ivo Ict", "“Check the plan”", "“Raise the change”"):
            assert words in text
        assert client.get(f"/work/case/{reference}/answers/none/").status_code == 404


class TestLinks:
    def test_are_made_by_reference_and_taken_back(self, board: Board) -> None:
        one, other = board.change(), board.change(what="New lamps")
        client = board.browser(board.ida)
        path = f"/work/case/{one}/links/"
        assert client.post(path, {"other": other.lower(), "kind": "related"}).status_code == 302
        assert other in page(client, one)
        assert one in page(client, other)
        client.post(f"{path}take-away/", {"other": other, "kind": "related"})
        assert f"/work/case/{other}/" not in page(client, one)

    @pytest.mark.parametrize("other", ["", "x", "itself"])
    def test_to_nowhere_are_refused_in_a_sentence(self, board: Board, other: str) -> None:
        one = board.change()
        answer = board.browser(board.ida).post(
            f"/work/case/{one}/links/", {"other": one if other == "itself" else other, "kind": "related"}
        )
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)


def come_in(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=viewer.actor.user_id or 0))
    return client


class TestACircle:
    @pytest.fixture
    def reference(self, hub: Hub) -> str:
        with scope.everything("making a worry for a test"):
            return hubs.heard(hub).reference

    def test_shows_a_helper_their_part_and_says_whom_to_ask(self, hub: Hub, reference: str) -> None:
        text = page(come_in(hub.school), reference)
        assert "You see your part of this case." in text
        assert re.search(r"Work by others \(\d+ entries\)", text)
        assert "It is kept to The guard and The hub." in text
        assert hubs.SECRET not in text
        assert hubs.WHY not in text

    def test_marks_the_answers_that_few_may_read(self, hub: Hub, reference: str) -> None:
        text = page(come_in(hub.police), reference)
        assert hubs.SECRET in text
        assert "only for police" in text
        mine = come_in(hub.police).get(f"/work/case/{reference}/answers/police_says/")
        assert "Only police may read this" in text_of(mine)
        assert come_in(hub.school).get(f"/work/case/{reference}/answers/police_says/").status_code == 404
        assert come_in(hub.outsider).get(f"/work/case/{reference}/answers/child/").status_code == 404

    def test_calls_the_steps_of_others_work_by_others(self, hub: Hub) -> None:
        with scope.everything("making a worry for a test"):
            reference = hubs.report(hub).reference
        text = page(come_in(hub.guard), reference)
        assert "Work by others" in text
        assert "Others work on something here that is not for you to see." in text
        assert "Ask the police" not in text

    def test_lets_the_other_team_take_over_or_send_back_with_a_word(self, hub: Hub) -> None:
        with scope.everything("making a worry for a test"):
            case = hubs.handed_over(hub)
        client = come_in(hub.family)
        text = page(client, case.reference)
        for words in (
            "Hand over",
            hubs.CHILD,
            hubs.CONCERN,
            "Taken on",
            "Refused",
            "You see your part of this case.",
        ):
            assert words in text
        assert hubs.SECRET not in text
        path = f"/work/case/{case.reference}/step/step_down/"
        data = {"step_down-expected": str(case.seq), "step_down-outcome": "refused"}
        answer = client.post(path, data)
        assert answer.status_code == 422
        assert "Why do you not take it over?" in text_of(answer)
        assert client.post(path, data | {"step_down-outcome": "accepted"}).status_code == 302
        assert "Handed over to" in page(come_in(hub.owner), case.reference)

    def test_lets_nothing_typed_for_few_eyes_become_a_note(self, hub: Hub) -> None:
        with scope.everything("making a worry for a test"):
            case = hubs.report(hub)
        client, path = come_in(hub.police), f"/work/case/{case.reference}/step/police/"
        client.post(f"{path}keep/", {"police-police_says": hubs.SECRET})
        with scope.everything("a colleague is quicker"):
            colleague = make_staff(council=hub.council, roles=("officer",))
            Membership.objects.create(team=hub.teams["police"], staff=colleague)
            hubs.act(make_viewer(colleague), case, "police", police_says="Nothing", level="low")
        text = page(client, case.reference)
        assert "was not sent" in text
        assert "Keep it as a note" not in text
        client.post(f"{path}as-note/", {"run": "1"})
        assert hubs.SECRET not in page(come_in(hub.owner), case.reference)

    def test_typing_in_it_is_compared_by_nobody_outside(self, hub: Hub, reference: str) -> None:
        kept = come_in(hub.owner).post(
            f"/work/case/{reference}/step/decide/keep/", {"decide-why": "Half a thought"}
        )
        assert kept.status_code == 302
        for viewer in (hub.guard, hub.school, hub.outsider, hub.supervisor, hub.auditor):
            answer = come_in(viewer).get(
                f"/work/case/{reference}/step/decide/compare/?with={hub.owner.actor.user_id}", follow=True
            )
            assert "Half a thought" not in text_of(answer)


class TestStartingWork:
    def test_lists_what_one_may_start(self, board: Board) -> None:
        text = text_of(board.browser(board.rea).get("/work/start/"))
        assert "Something is changed for all councils." in text
        assert "/work/start/yew/change/" in text

    def test_asks_the_first_questions_and_leads_to_what_was_asked_for(self, board: Board) -> None:
        client = board.browser(board.rea)
        form = text_of(client.get("/work/start/yew/change/"))
        assert 'value="Rea Request"' in form  # what the house knows of oneself is filled in
        wrong = client.post("/work/start/yew/change/", {"what": "New lamps"})
        assert wrong.status_code == 422
        assert "New lamps" in text_of(wrong)
        data = {"what": "New lamps", "size": "small", "who": "Rea Request", "plan": ""}
        answer = client.post("/work/start/yew/change/", data)
        assert answer.status_code == 302
        text = text_of(client.get(answer.headers["Location"]))
        for words in ("“Change” is started", "New lamps", "Somebody checks your plan.", "Being worked on"):
            assert words in text
        assert "New lamps" in text_of(client.get("/work/asked/"))

    def test_is_for_whom_the_process_names_at_a_council_of_theirs(self, board: Board) -> None:
        client = board.browser(board.rea)
        assert client.get("/work/start/nowhere/change/").status_code == 404
        assert client.get("/work/start/yew/none/").headers["Location"] == "/work/start/"

    def test_lets_whoever_asked_answer_what_waits_for_them(self, board: Board) -> None:
        reference = board.change(plan="Switch back")
        board.act(board.ivo, reference, "check", outcome="ask")
        client = board.browser(board.rea)
        assert "Waits for you" in text_of(client.get("/work/asked/"))
        path = f"/work/asked/{reference}/"
        text = text_of(client.get(path))
        assert "What else should we know?" in text
        assert "We need to know more from you." in text
        seen = board.case(reference).seq
        empty = client.post(f"{path}answer/", {"answer-more": "", "answer-expected": seen})
        assert empty.status_code == 422
        stale = client.post(f"{path}answer/", {"answer-more": "At night", "answer-expected": 1})
        assert stale.status_code == 409
        assert "At night" in text_of(stale)
        assert f'name="answer-expected" value="{seen}"' in text_of(stale)
        sent = client.post(f"{path}answer/", {"answer-more": "At night", "answer-expected": seen})
        assert sent.status_code == 302
        assert board.case(reference).data["more"] == "At night"
        again = client.post(f"{path}answer/", {"answer-more": "x", "answer-expected": seen})
        assert again.headers["Location"] == path

    def test_keeps_what_they_type_also_past_an_expired_session(self, board: Board) -> None:
        reference = board.change(plan="Switch back")
        board.act(board.ivo, reference, "check", outcome="ask")
        path, client = f"/work/asked/{reference}/", board.browser(board.rea)
        client.post(f"{path}answer/keep/", {"answer-more": "At nig"})
        text = text_of(client.get(path))
        assert 'value="At nig"' in text
        word = re.search(r'name="whose" value="([^"]+)"', text)
        assert word is not None
        client.logout()
        late = client.post(f"{path}answer/", {"answer-more": "At night", "whose": word.group(1)})
        assert late.headers["Location"] == f"/account/login/?next={path}%23step-answer"
        client.force_login(board.rea.user)
        assert 'value="At night"' in text_of(client.get(path))
        assert board.browser(board.bea).post(f"{path}answer/keep/", {"answer-more": "x"}).status_code == 404
        client.post(
            f"{path}answer/", {"answer-more": "At night", "answer-expected": board.case(reference).seq}
        )
        with scope.everything("looking in a test"):
            assert not StepDraft.objects.exists()

    def test_shows_nobody_elses_and_nothing_of_how_it_is_worked_on(self, board: Board) -> None:
        reference = board.before_the_board()
        board.cast(board.bea, reference, "against", "Nonsense")
        text = text_of(board.browser(board.rea).get(f"/work/asked/{reference}/"))
        assert "Nonsense" not in text
        assert "Bea Board" not in text
        for staff in (board.ida, board.bea):
            client = board.browser(staff)
            assert client.get(f"/work/asked/{reference}/").status_code == 404
            assert client.post(f"/work/asked/{reference}/answer/", {}).status_code == 404
            assert reference not in text_of(client.get("/work/asked/"))

    def test_tells_them_what_they_were_told(self, board: Board) -> None:
        reference = board.before_the_board()
        board.cast(board.bea, reference, "against", "No")
        board.cast(board.ben, reference, "against", "No")
        board.cast(board.bo, reference, "against", "No")
        text = text_of(board.browser(board.rea).get(f"/work/asked/{reference}/"))
        assert "The board said no." in text
        assert "Closed" in text
