"""What officers type is never lost: not by leaving, not by an expired session, not by two people on one step."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.process.engine.state import StepRun
from moothall.process.models import Event, StepDraft
from moothall.workplace import whose
from tests.workplace.staffed import House
from tests.workplace.test_cases import finish, open_steps, seq_of, text_of

pytestmark = pytest.mark.django_db
QUESTION = {"check-question": "Which gate, please?"}
JSON = {"accept": "application/json"}


def place(reference: str, end: str = "") -> str:
    return f"/work/case/{reference}/step/check/{end}"


def page(client: Client, reference: str) -> str:
    return text_of(client.get(f"/work/case/{reference}/"))


def word_in(text: str) -> str:
    found = re.search(r'name="whose" value="([^"]+)"', text)
    assert found is not None
    return found.group(1)


def keep(client: Client, reference: str, **given: Any) -> Any:
    return client.post(place(reference, "keep/"), QUESTION | given, headers=JSON)


def drafts() -> list[tuple[str, Any]]:
    with scope.everything("looking in a test"):
        rows = StepDraft.objects.select_related("user").order_by("id")
        return [(row.user.name, row.data["fields"].get("check-question")) for row in rows]


def run_of(house: House, reference: str) -> StepRun:
    with scope.everything("looking in a test"):
        return house.case(reference).steps["check"]


class TestKeeping:
    def test_says_when_and_fills_the_form_on_coming_back(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        answer = keep(client, reference, **{"check-crew_report": "blocked", "check-outcome": "ask-resident"})
        assert re.fullmatch(r"Kept (\d+(:\d\d)?[ap]m|midday|midnight)", answer.json()["said"])
        text = page(client, reference)
        assert "Which gate, please?</textarea>" in text
        assert re.search(r'value="blocked" checked', text)
        assert re.search(r'value="ask-resident" checked', text)
        assert "have not sent it yet" in text
        assert "There is a problem" not in text

    def test_changes_nothing_that_others_see_of_the_case(self, house: House) -> None:
        reference = house.missed_bin()
        before = seq_of(house, reference)
        keep(house.browser(house.ann), reference)
        assert seq_of(house, reference) == before
        assert "Which gate" not in page(house.browser(house.bob), reference)

    def test_by_the_button_leads_back_to_the_step(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        answer = client.post(place(reference, "keep/"), QUESTION)
        assert answer.headers["Location"] == f"/work/case/{reference}/#step-check"
        assert "What you typed is kept." in page(client, reference)

    def test_quietly_says_nothing_at_all(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        assert client.post(place(reference, "keep/"), QUESTION | {"quiet": "1"}).status_code == 204
        assert "What you typed is kept." not in page(client, reference)

    def test_is_over_when_the_step_is_sent(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        keep(client, reference)
        assert finish(client, reference, seq_of(house, reference)).status_code == 302
        assert drafts() == []
        assert keep(client, reference, whose=word_in_for(house, reference, house.ann)).json()["said"] == ""
        assert drafts() == []

    def test_is_thrown_away_on_demand(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        keep(client, reference)
        assert client.post(place(reference, "forget/"), {"run": "1"}).status_code == 302
        assert "Which gate" not in page(client, reference)

    def test_takes_only_what_belongs_to_the_step_and_not_too_much(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        keep(client, reference, other="x", csrfmiddlewaretoken="y", **{"check-\0": "no name of an input"})
        with scope.everything("looking in a test"):
            assert set(StepDraft.objects.get().data["fields"]) == {"check-question"}
        answer = keep(client, reference, **{"check-question": "x" * 300_000})
        assert answer.status_code == 413
        assert "larger than" in answer.json()["message"]

    @pytest.mark.parametrize("who", ["ada", "olive", "joe"])
    def test_is_for_those_who_may_do_the_step(self, house: House, who: str) -> None:
        staff: Staff = getattr(house, who)
        assert keep(house.browser(staff), house.missed_bin()).status_code in {403, 404}
        assert drafts() == []

    def test_shows_naughty_words_as_they_were_typed(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        keep(client, reference, **{"check-question": "</textarea><script>alert(1)</script>\0"})
        assert "<script>alert" not in page(client, reference)


def word_in_for(house: House, reference: str, staff: Staff, run: int = 1) -> str:
    return whose.signed(whose.Whose(staff.user.pk, house.case_id(reference), "check", run))


class TestAnExpiredSession:
    def test_leads_to_the_sign_in_and_back_to_everything_that_was_typed(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        word = word_in(page(client, reference))
        client.logout()
        sent = QUESTION | {"whose": word, "check-crew_report": "blocked", "check-outcome": "return"}
        answer = client.post(place(reference), sent)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/account/login/?next=/work/case/{reference}/%23step-check"
        assert open_steps(house, reference) == ["check"]  # nothing is done for somebody who is signed out
        assert "What you typed is kept." in client.get(answer.headers["Location"]).content.decode()
        client.force_login(house.ann.user)
        text = page(client, reference)
        assert "Which gate, please?</textarea>" in text
        assert re.search(r'value="return" checked', text)

    def test_while_typing_says_so_and_keeps_it(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        word = word_in(page(client, reference))
        client.logout()
        said = keep(client, reference, whose=word).json()
        assert said["said"].startswith("Kept ")
        assert said["link"].startswith("/account/login/")
        assert drafts() == [("Ann Officer", ["Which gate, please?"])]

    def test_gives_nothing_to_whoever_signs_in_instead(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        word = word_in(page(client, reference))
        client.logout()
        client.force_login(house.bob.user)
        answer = client.post(place(reference), QUESTION | {"whose": word, "check-outcome": "return"})
        assert answer.headers["Location"] == "/work/"
        assert open_steps(house, reference) == ["check"]
        assert drafts() == [("Ann Officer", ["Which gate, please?"])]
        assert "Which gate, please?" not in page(client, reference)

    def test_that_was_begun_anew_in_another_window_shows_it_again(self, house: House) -> None:
        reference = house.missed_bin()
        client = Client(enforce_csrf_checks=True)
        client.force_login(house.ann.user)
        word = word_in(page(client, reference))
        answer = client.post(place(reference), QUESTION | {"whose": word, "csrfmiddlewaretoken": "x" * 64})
        assert answer.headers["Location"] == f"/work/case/{reference}/#step-check"
        text = page(client, reference)
        assert "This page was open for a long time" in text
        assert "Which gate, please?</textarea>" in text

    def test_keeps_nothing_of_a_form_that_was_forged(self, house: House) -> None:
        reference = house.missed_bin()
        good = word_in_for(house, reference, house.ann)
        client = Client(enforce_csrf_checks=True)
        for word in ("", "x", good[:-1] + ("A" if good[-1] != "A" else "B"), f"x{good}"):
            answer = client.post(place(reference, "keep/"), QUESTION | {"whose": word})
            assert answer.headers["Location"].startswith("/account/login/")
        client.force_login(house.ann.user)
        assert client.post(place(reference), QUESTION | {"whose": "forged"}).status_code == 403
        assert drafts() == []

    def test_keeps_nothing_of_a_form_that_is_too_old(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reference = house.missed_bin()
        word = word_in_for(house, reference, house.ann)
        monkeypatch.setattr(whose, "LIFETIME", timedelta(seconds=-1))
        assert Client().post(place(reference), QUESTION | {"whose": word}).status_code == 302
        assert drafts() == []

    def test_keeps_nothing_for_somebody_who_may_not_do_the_step(self, house: House) -> None:
        reference = house.missed_bin()
        with scope.everything("a test lets somebody go"):
            house.bob.user.is_active = False
            house.bob.user.save()
        for staff in (house.ada, house.olive, house.joe, house.bob):
            word = word_in_for(house, reference, staff)
            assert Client().post(place(reference), QUESTION | {"whose": word}).status_code == 302
            said = keep(Client(), reference, whose=word).json()["said"]
            assert said == "Not kept: you are signed out."
        assert drafts() == []

    def test_is_kept_only_so_often(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        reference = house.missed_bin()
        word = word_in_for(house, reference, house.ann)
        answers = [keep(Client(), reference, whose=word).status_code for _ in range(42)]
        assert answers[0] == 200
        assert answers[-1] == 429


class TestTwoPeopleOnOneStep:
    @pytest.fixture
    def reference(self, house: House) -> str:
        reference = house.missed_bin()
        keep(
            house.browser(house.bob),
            reference,
            **{"check-question": "Is there a dog?", "check-crew_report": "blocked"},
        )
        keep(house.browser(house.ann), reference, **{"check-crew_report": "blocked"})
        return reference

    def compare(self, house: House, reference: str, other: str = "") -> str:
        return place(reference, f"compare/?with={other or house.bob.user.pk}")

    def test_see_each_other(self, house: House, reference: str) -> None:
        text = page(house.browser(house.ann), reference)
        assert "<strong>Bob Officer</strong> has been typing here since" in text
        assert "Is there a dog?" not in text

    def test_compare_only_what_differs(self, house: House, reference: str) -> None:
        text = text_of(house.browser(house.ann).get(self.compare(house, reference)))
        assert "What you and Bob Officer typed" in text
        for words in ("Is there a dog?", "Which gate, please?"):
            assert words in text
        assert 'name="pick-question"' in text
        assert 'name="pick-crew_report"' not in text

    @pytest.mark.parametrize(
        ("pick", "result"),
        [
            ("mine", "Which gate, please?"),
            ("theirs", "Is there a dog?"),
            ("new", "Both, please?"),
            ("x", "Which gate, please?"),
        ],
    )
    def test_put_it_together_and_overwrite_nobody(
        self, house: House, reference: str, pick: str, result: str
    ) -> None:
        client = house.browser(house.ann)
        posted = {"pick-question": pick, "check-question": "Both, please?"}
        answer = client.post(self.compare(house, reference), posted)
        assert answer.headers["Location"] == f"/work/case/{reference}/#step-check"
        assert sorted(drafts()) == [("Ann Officer", [result]), ("Bob Officer", ["Is there a dog?"])]
        text = page(client, reference)
        assert f"{result}</textarea>" in text
        assert "nothing is sent yet" in text
        assert open_steps(house, reference) == ["check"]

    def test_nobody_else_may_look(self, house: House, reference: str) -> None:
        for staff in (house.ada, house.olive, house.joe):
            assert house.browser(staff).get(self.compare(house, reference)).status_code in {302, 403, 404}
        client = house.browser(house.ann)
        for other in ("0", str(house.sue.user.pk), "'", str(house.ann.user.pk)):
            answer = client.get(self.compare(house, reference, other))
            assert answer.headers["Location"] == f"/work/case/{reference}/"
        assert client.get(f"/work/case/{reference}/step/none/compare/").status_code == 404


class TestWhenTheStepWasFinishedMeanwhile:
    def test_the_typing_stands_there_and_becomes_a_note(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        keep(client, reference)
        house.act(house.bob, reference, "return", {"crew_report": "nothing"})
        text = page(client, reference)
        assert "What you typed into “Check the round” was not sent" in text
        compared = text_of(client.get(place(reference, "compare/?with=done")))
        assert "Which gate, please?" in compared
        assert "nothing can be sent" in compared
        assert client.post(place(reference, "as-note/"), {"run": "1"}).status_code == 302
        with scope.everything("looking in a test"):
            assert "Which gate, please?" in Event.objects.filter(kind="noted").get().body
        assert drafts() == []
        client.post(place(reference, "as-note/"), {"run": "1"})
        with scope.everything("looking in a test"):
            assert Event.objects.filter(kind="noted").count() == 1

    def test_autosave_says_so(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        word = word_in(page(client, reference))
        house.act(house.bob, reference, "return", {"crew_report": "nothing"})
        said = keep(client, reference, whose=word).json()
        assert "Somebody finished this step meanwhile" in said["said"]
        assert said["link"] == f"/work/case/{reference}/"

    def test_sending_keeps_it_and_offers_the_choice_answer_by_answer(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        word, seen = word_in(page(client, reference)), seq_of(house, reference)
        house.act(house.bob, reference, "ask-resident", {"question": "Is there a dog?"})
        house.act(house.bob, reference, "answered", {"answer": "Yes"}, step="reply")
        assert run_of(house, reference).run == 2
        answer = finish(client, reference, seen, "ask-resident", question="Which gate, please?")
        assert answer.status_code == 409
        assert "Choose answer by answer" in text_of(answer)
        assert drafts() == [("Ann Officer", ["Which gate, please?"])]
        compared = text_of(client.get(place(reference, "compare/?with=done")))
        assert "Is there a dog?" in compared
        client.post(place(reference, "compare/?with=done"), {"pick-question": "theirs", "whose": word})
        assert "Is there a dog?</textarea>" in page(client, reference)
        sent = finish(client, reference, seq_of(house, reference), "return")
        assert sent.status_code == 302

    def test_typing_from_before_goes_into_the_step_that_is_open_again(self, house: House) -> None:
        reference, client = house.missed_bin(), house.browser(house.ann)
        keep(client, reference)
        house.act(house.bob, reference, "ask-resident", {"question": "Is there a dog?"})
        house.act(house.bob, reference, "answered", {"answer": "Yes"}, step="reply")
        assert "waits to be done again" in page(client, reference)
        client.post(place(reference, "compare/?with=done"), {"pick-question": "mine"})
        with scope.everything("looking in a test"):
            assert list(StepDraft.objects.values_list("run", flat=True)) == [2]
        assert "Which gate, please?</textarea>" in page(client, reference)
