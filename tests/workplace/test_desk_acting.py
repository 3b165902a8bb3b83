"""What is done to calls by their pages: to one, and to several at once."""

from datetime import date

import pytest
from django.utils import timezone

from moothall.councils import scope
from moothall.estate.models import Supplier, SupportRoute
from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.models import Call, CannedReply, Follower
from moothall.servicedesk.models.calls import Ended, State
from tests.servicedesk.channel_world import work_through
from tests.workplace.desk_pages import (
    CONFLICT,
    FOUND,
    QUEUE,
    UNPROCESSABLE,
    Pages,
    page_of,
    sent,
    text_of,
)

pytestmark = pytest.mark.django_db


class TestDoingSomethingToACall:
    def test_takes_it_in_one_press(self, pages: Pages) -> None:
        call = pages.incident()
        assert sent(pages, call, "take")["Location"] == page_of(call)
        assert pages.again(call).person_id == pages.desk.analyst.staff_id

    def test_goes_back_to_the_queue_it_came_from_and_nowhere_else(self, pages: Pages) -> None:
        call = pages.incident()
        assert sent(pages, call, "take", back="/work/desk/?tab=free")["Location"] == "/work/desk/?tab=free"
        other = pages.incident()
        assert sent(pages, other, "take", back="//evil.example/work/desk/")["Location"] == page_of(other)

    def test_sends_a_reply_with_a_canned_one_put_in(self, pages: Pages) -> None:
        call = pages.incident()
        canned = CannedReply.objects.create(
            team=pages.desk.desk,
            title="Restart",
            text="Please restart, {name}.",
            changed_at=timezone.now(),
            changed_by="somebody",
        )
        fields = {"canned": canned.pk, "text": "Good morning.", "put-in": "yes"}
        text = text_of(sent(pages, call, "reply", **fields))
        assert "Good morning." in text
        assert "Please restart" in text
        response = sent(pages, call, "reply", canned=canned.pk, text="Please restart, Ann.")
        assert response.status_code == FOUND
        assert pages.again(call).first_reply_at is not None
        canned.refresh_from_db()
        assert canned.used == 1

    def test_says_what_is_missing_and_keeps_what_was_typed(self, pages: Pages) -> None:
        call = pages.incident()
        response = sent(pages, call, "assign", why="They know it.")
        assert response.status_code == UNPROCESSABLE
        assert "Choose a team or a person" in text_of(response)
        assert "They know it." in text_of(response)

    def test_assigns_it_to_somebody_of_another_team(self, pages: Pages) -> None:
        call = pages.incident()
        to = f"person:{pages.desk.platforms.pk}:{pages.desk.engineer.staff_id}"
        sent(pages, call, "assign", to=to, why="A server.")
        again = pages.again(call)
        assert (again.team_id, again.person_id) == (pages.desk.platforms.pk, pages.desk.engineer.staff_id)

    def test_shows_the_priority_before_it_is_set(self, pages: Pages) -> None:
        call = pages.incident()
        browser = pages.browser("analyst")
        fields = {"impact": "council", "urgency": "no", "why": "", "check": "yes"}
        text = text_of(browser.post(page_of(call, "priority"), fields))
        assert "Priority P1." in text
        assert pages.again(call).priority == 3
        sent(pages, call, "priority", impact="council", urgency="partly", why="All of Ash has it.")
        assert pages.again(call).priority == 2

    def test_asks_the_user_and_resolves(self, pages: Pages) -> None:
        call = pages.incident()
        sent(pages, call, "ask", question="Which version?")
        assert pages.again(call).state == State.USER
        sent(pages, call, "resolve", fix="A new profile.")
        assert pages.again(call).state == State.RESOLVED
        sent(pages, call, "reopen", why="It came again.")
        assert pages.again(call).state == State.OPEN

    def test_shows_what_was_done_meanwhile_and_loses_nothing(self, pages: Pages) -> None:
        call = pages.incident()
        seen = pages.seq(call)
        pages.does(working.take, call, by=pages.desk.colleague, expected=None)
        response = pages.browser("analyst").post(
            page_of(call, "resolve"), {"expected": seen, "fix": "A long explanation."}
        )
        assert response.status_code == CONFLICT
        text = text_of(response)
        assert "was changed while you were working on it" in text
        assert "was taken" in text
        assert "A long explanation." in text
        assert pages.again(call).open

    def test_says_when_it_does_not_fit_any_more(self, pages: Pages) -> None:
        call = pages.incident()
        pages.does(working.withdraw, call, by=pages.desk.analyst, why="Not needed.", expected=None)
        response = pages.browser("analyst").post(page_of(call, "resolve"), {"fix": "Done."}, follow=True)
        assert "does not fit" in text_of(response)

    def test_merges_two_calls(self, pages: Pages) -> None:
        stays, goes = pages.incident(), pages.incident()
        page = text_of(pages.browser("analyst").get(page_of(goes, "merge")))
        assert stays.reference in page
        response = sent(pages, goes, "merge", same=stays.reference, why="Both are Outlook.")
        assert response["Location"] == page_of(stays)
        assert (pages.again(goes).ended, pages.again(goes).merged_into_id) == (Ended.MERGED, stays.pk)

    def test_says_which_other_call_cannot_be_found(self, pages: Pages) -> None:
        call = pages.incident()
        response = sent(pages, call, "under", other="ASH-0000-0000")
        assert response.status_code == UNPROCESSABLE
        assert "We cannot find a call with this reference." in text_of(response)

    def test_splits_moves_links_and_notes(self, pages: Pages) -> None:
        call, other = pages.incident(), pages.incident()
        with scope.everything("a test"):
            before = Call.objects.count()
        split = {"summary": "A keyboard too", "detail": "", "submission": "0123456789"}
        assert sent(pages, call, "split", **split).status_code == FOUND
        assert sent(pages, call, "link", other=other.reference).status_code == FOUND
        assert sent(pages, call, "note", text="Looked at it.").status_code == FOUND
        assert (
            sent(pages, call, "move", council=pages.desk.elm.pk, why="She works there.").status_code == FOUND
        )
        assert pages.again(call).ended == Ended.MOVED
        with scope.everything("a test"):
            assert Call.objects.count() == before + 2

    def test_writes_to_a_whole_wave_and_resolves_it(self, pages: Pages) -> None:
        parent, child = pages.incident(), pages.incident(council=pages.desk.elm)
        pages.does(joining.put_under, child, by=pages.desk.analyst, parent_id=parent.pk)
        assert sent(pages, parent, "tell-all", text="We are on it.").status_code == FOUND
        assert pages.again(parent).first_reply_at is not None
        work_through()
        assert pages.again(child).first_reply_at is not None
        assert sent(pages, parent, "resolve-all", fix="Restarted the server.").status_code == FOUND
        text = text_of(pages.browser("analyst").get(page_of(parent)))
        assert "Resolving 1 call under it" in text
        assert "0 done, 1 remains." in text
        assert (pages.again(parent).state, pages.again(child).state) == (State.RESOLVED, State.NEW)
        work_through()
        assert pages.again(child).state == State.RESOLVED
        text = text_of(pages.browser("analyst").get(page_of(parent)))
        assert "Resolved 1 of 1 call under it" in text

    def test_takes_a_call_out_that_was_merged_by_mistake(self, pages: Pages) -> None:
        goes, stays = pages.incident(), pages.incident()
        assert "out again: it is not the same" not in text_of(pages.browser("analyst").get(page_of(goes)))
        sent(pages, goes, "merge", other=stays.reference, why="The same.")
        text = text_of(pages.browser("analyst").get(page_of(goes)))
        assert "It is not the same: take it out again" in text
        response = sent(pages, goes, "unmerge", why="")
        assert response.status_code == UNPROCESSABLE
        assert "Say why it is not the same" in text_of(response)
        assert sent(pages, goes, "unmerge", why="Another printer.").status_code == FOUND
        assert (pages.again(goes).state, pages.again(goes).merged_into_id) == (State.NEW, None)
        text = text_of(pages.browser("analyst").get(page_of(goes)))
        assert "The case was opened again, since it was ended by mistake: The same as another case" in text
        assert sent(pages, goes, "unmerge", why="Again.")["Location"] == page_of(goes)

    def test_names_what_a_wave_left_alone_and_why(self, pages: Pages) -> None:
        parent, child, other = pages.incident(), pages.incident(), pages.incident()
        for each in (child, other):
            pages.does(joining.put_under, each, by=pages.desk.analyst, parent_id=parent.pk)
        sent(pages, parent, "resolve-all", fix="Restarted the server.")
        sent(pages, child, "take")
        work_through()
        text = text_of(pages.browser("analyst").get(page_of(parent)))
        assert "Resolved 1 of 2 calls under it" in text
        assert "Somebody changed it meanwhile." in text
        assert (pages.again(child).state, pages.again(other).state) == (State.NEW, State.RESOLVED)

    def test_resolves_nothing_of_a_wave_if_somebody_was_quicker_with_the_call_itself(
        self, pages: Pages
    ) -> None:
        parent, child = pages.incident(), pages.incident()
        pages.does(joining.put_under, child, by=pages.desk.analyst, parent_id=parent.pk)
        seen = pages.seq(parent)
        sent(pages, parent, "take", "colleague")
        response = sent(pages, parent, "resolve-all", fix="Restarted the server.", expected=seen)
        assert response.status_code == CONFLICT
        assert "Restarted the server." in text_of(response)
        assert (pages.again(parent).state, pages.again(child).state) == (State.NEW, State.NEW)

    def test_passes_it_to_a_supplier_and_takes_it_back(self, pages: Pages) -> None:
        item = pages.item_in_use("Payroll")
        with scope.everything("a supplier supports a system in a test"):
            route = SupportRoute.objects.create(
                council=pages.desk.ash,
                item=item,
                supplier=Supplier.objects.create(name="Payroll Ltd"),
                targets={"P3": {"respond": 60, "resolve": 480}},
                starts_on=date(2026, 1, 1),
            )
        call = pages.incident(item_id=item.pk)
        text = text_of(pages.browser("analyst").get(page_of(call, "supplier")))
        assert "They promise to respond within 1 hour and to put it right within 8 hours" in text
        assert sent(pages, call, "supplier", route=route.pk, their_reference="PL-7").status_code == FOUND
        assert pages.again(call).state == State.SUPPLIER
        assert "PL-7" in text_of(pages.browser("analyst").get(page_of(call)))
        assert sent(pages, call, "supplier-back", result="They patched it.").status_code == FOUND
        assert pages.again(call).state == State.OPEN

    def test_lets_somebody_else_hear_of_it_until_they_are_left_out(self, pages: Pages) -> None:
        call = pages.incident()
        assert sent(pages, call, "copy-in", email="No address").status_code == UNPROCESSABLE
        sent(pages, call, "copy-in", email="Boss@example.org", name="The boss")
        (follower,) = Follower.unscoped("a test")
        assert (follower.email, follower.call_id) == ("boss@example.org", call.pk)
        assert "The boss" in text_of(pages.browser("analyst").get(page_of(call)))
        sent(pages, call, "leave-out", follower=follower.pk)
        assert not Follower.unscoped("a test").exists()


class TestDoingSomethingToSeveralCalls:
    def test_says_first_what_will_happen(self, pages: Pages) -> None:
        one, two = pages.incident(), pages.incident()
        pages.does(working.withdraw, two, by=pages.desk.analyst, why="No.", expected=None)
        text = text_of(
            pages.browser("analyst").post(
                f"{QUEUE}together/", {"act": "take", "call": [one.reference, two.reference]}
            )
        )
        assert "Take these calls" in text
        assert "1 call" in text
        assert "It is not open any more: closed." in text
        assert pages.again(one).person_id is None

    def test_does_what_can_be_done_and_says_what_cannot(self, pages: Pages) -> None:
        one, two = pages.incident(), pages.incident()
        seen = {f"seen-{each.reference}": pages.seq(each) for each in (one, two)}
        pages.does(working.take, two, by=pages.desk.colleague, expected=None)
        fields = {"act": "take", "sure": "yes", "call": [one.reference, two.reference], **seen}
        text = text_of(pages.browser("analyst").post(f"{QUEUE}together/", fields))
        assert "1 call is taken." in text
        assert "1 call could not be taken" in text
        assert "Look at these again" in text
        assert pages.again(one).person_id == pages.desk.analyst.staff_id
        assert pages.again(two).person_id == pages.desk.colleague.staff_id

    def test_merges_them_into_the_one_that_was_chosen(self, pages: Pages) -> None:
        stays, one, two = pages.incident(), pages.incident(), pages.incident()
        references = [each.reference for each in (stays, one, two)]
        fields = {
            "act": "merge",
            "sure": "yes",
            "call": references,
            "into": stays.reference,
            "why": "The same.",
        }
        response = pages.browser("analyst").post(
            f"{QUEUE}together/", {**fields, "back": "/work/desk/?tab=all"}
        )
        assert response["Location"] == "/work/desk/?tab=all"
        assert {pages.again(each).merged_into_id for each in (one, two)} == {stays.pk}
        assert pages.again(stays).open

    def test_assigns_calls_of_two_councils_and_puts_them_under_one(self, pages: Pages) -> None:
        one, two = pages.incident(), pages.incident(council=pages.desk.elm)
        browser, both = pages.browser("analyst"), [one.reference, two.reference]
        to = {"to": f"team:{pages.desk.platforms.pk}", "why": "All of it."}
        browser.post(f"{QUEUE}together/", {"act": "assign", "sure": "yes", "call": both, **to})
        assert {pages.again(each).team_id for each in (one, two)} == {pages.desk.platforms.pk}
        browser.post(
            f"{QUEUE}together/", {"act": "under", "sure": "yes", "call": both, "into": one.reference}
        )
        assert pages.again(two).parent_id == one.pk

    def test_asks_for_calls_when_none_is_selected(self, pages: Pages) -> None:
        response = pages.browser("analyst").post(f"{QUEUE}together/", {"act": "take"}, follow=True)
        assert "Select the calls first" in text_of(response)
