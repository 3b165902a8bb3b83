"""The page of one case, and everything that can be done on it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.process.models import Attachment
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db
MOST_QUESTIONS = 22


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def finish(client: Client, reference: str, seq: int, outcome: str = "return", **answers: Any) -> Any:
    given = {"crew_report": "nothing", "question": ""} | answers
    data = {f"check-{key}": value for key, value in given.items()}
    return client.post(
        f"/work/case/{reference}/step/check/", data | {"check-expected": seq, "check-outcome": outcome}
    )


def seq_of(house: House, reference: str) -> int:
    with scope.everything("looking in a test"):
        return house.case(reference).seq


def open_steps(house: House, reference: str) -> list[str]:
    with scope.everything("looking in a test"):
        return [run.key for run in house.case(reference).open_steps()]


class TestThePageOfACase:
    def test_shows_what_is_known_who_asked_and_what_is_to_be_done(self, house: House) -> None:
        reference = house.missed_bin()
        text = text_of(house.browser(house.ann).get(f"/work/case/{reference}/"))
        for words in (reference, "Ash District Council", "12 High Street", "Sam Okoro", "sam@example.org",
                      "Check the round", "Nobody in <strong>Waste team</strong> has taken it yet",
                      "What comes next", "Empty the bin", "within 2 working days", "We have your request"):  # fmt: skip
            assert words in text

    def test_says_under_which_agreement_it_is_seen(self, house: House) -> None:
        shared, own = house.missed_bin(council=house.elm), house.missed_bin()
        client = house.browser(house.ann)
        assert "Shared waste service" in text_of(client.get(f"/work/case/{shared}/"))
        assert "Shared waste service" not in text_of(client.get(f"/work/case/{own}/"))

    def test_does_not_exist_for_whoever_may_not_see_it(self, house: House) -> None:
        reference = house.missed_bin()
        for path in ("", "clock/return/", "files/1/", "step/check/pass-on/"):
            assert house.browser(house.olive).get(f"/work/case/{reference}/{path}").status_code == 404
        for path in ("note/", "step/check/", "step/check/take/"):
            answer = house.browser(house.olive).post(f"/work/case/{reference}/{path}", {"text": "x"})
            assert answer.status_code == 404
        assert house.browser(house.olive).get("/work/case/NONE-0000-0000/").status_code == 404

    def test_offers_an_auditor_nothing_to_do(self, house: House) -> None:
        reference = house.missed_bin()
        text = text_of(house.browser(house.joe).get(f"/work/case/{reference}/"))
        assert "It is for Waste team to do" in text
        assert "Take it" not in text
        assert "Save the note" not in text

    def test_explains_its_clock_to_the_second(self, house: House) -> None:
        reference = house.missed_bin(ago=timedelta(days=5))
        house.act(house.ann, reference, "ask-resident", {"question": "Which gate?"})
        text = text_of(house.browser(house.ann).get(f"/work/case/{reference}/clock/return/"))
        for words in ("Counted so far", "hours", "weekend", "outside opening hours"):
            assert words in text
        assert house.browser(house.ann).get(f"/work/case/{reference}/clock/none/").status_code == 404

    def test_says_that_a_clock_stands_still_and_for_what(self, house: House) -> None:
        reference = house.missed_bin()
        house.act(house.ann, reference, "ask-resident", {"question": "Which gate?"})
        text = text_of(house.browser(house.ann).get(f"/work/case/{reference}/"))
        assert "stands still, waiting for “Answer from the resident”" in text
        assert "Waits for the person who asked" in text

    def test_shows_naughty_words_as_they_were_written(self, house: House) -> None:
        reference = house.missed_bin(name="<script>alert(1)</script> {{ 7*7 }}")
        text = text_of(house.browser(house.ann).get(f"/work/case/{reference}/"))
        assert "<script>alert" not in text
        assert "{{ 7*7 }}" in text

    def test_costs_as_many_questions_with_a_long_history_as_with_a_short_one(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)

        def questions() -> int:
            client.get(f"/work/case/{reference}/")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/work/case/{reference}/")
            return len(asked)

        before = questions()
        for number in range(20):
            client.post(f"/work/case/{reference}/note/", {"text": f"Note {number}"})
        assert before == questions() <= MOST_QUESTIONS


class TestFinishingAStep:
    def test_moves_the_case_on_and_says_so(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)
        answer = finish(client, reference, seq_of(house, reference))
        assert answer.status_code == 302
        assert "“Check the round” is done: Send a crew back." in text_of(
            client.get(answer.headers["Location"])
        )
        assert open_steps(house, reference) == ["collect"]

    def test_says_what_is_missing_at_the_question_and_keeps_what_was_typed(self, house: House) -> None:
        reference = house.missed_bin()
        answer = finish(
            house.browser(house.ann), reference, 99, crew_report="", outcome="return", question="Keep me"
        )
        assert answer.status_code == 422
        assert "Keep me" in text_of(answer)
        assert "There is a problem" in text_of(answer)
        assert open_steps(house, reference) == ["check"]

    def test_says_why_not_yet(self, house: House) -> None:
        reference = house.missed_bin()
        answer = finish(
            house.browser(house.ann), reference, seq_of(house, reference), crew_report="contaminated"
        )
        assert answer.status_code == 409
        assert "must be" in text_of(answer)
        assert open_steps(house, reference) == ["check"]

    def test_asks_for_the_words_that_an_outcome_needs(self, house: House) -> None:
        reference = house.missed_bin()
        answer = finish(
            house.browser(house.ann), reference, seq_of(house, reference), "declined", crew_report="not-out"
        )
        assert answer.status_code == 422
        assert "Write an answer to “Why are we not going back?”" in text_of(answer)

    def test_sent_twice_happens_once(self, house: House) -> None:
        reference = house.missed_bin()
        seq, client = seq_of(house, reference), house.browser(house.ann)
        assert finish(client, reference, seq).status_code == 302
        assert finish(client, reference, seq).status_code == 409
        assert open_steps(house, reference) == ["collect"]

    def test_is_for_the_team_it_fell_to(self, house: House) -> None:
        reference = house.missed_bin(council=house.oak)
        assert finish(house.browser(house.ann), reference, 1).status_code == 404

    def test_knows_no_step_that_the_process_does_not_have(self, house: House) -> None:
        reference = house.missed_bin()
        assert house.browser(house.ann).post(f"/work/case/{reference}/step/none/").status_code == 404


class TestWhenSomebodyElseWasFaster:
    def test_both_versions_are_shown_and_nothing_typed_is_lost(self, house: House) -> None:
        reference = house.missed_bin()
        seen = seq_of(house, reference)
        house.act(house.bob, reference, "ask-resident", {"question": "Which gate, please?"})
        house.act(house.bob, reference, "answered", {"answer": "The left gate"}, step="reply")
        client = house.browser(house.ann)
        answer = finish(
            client, reference, seen, "ask-resident", crew_report="blocked", question="Is there a dog?"
        )
        text = text_of(answer)
        assert answer.status_code == 409
        assert "was changed while you were working on it" in text
        assert "Bob Officer" in text
        assert "Which gate, please?" in text
        assert text.count("Is there a dog?") >= 2  # in the comparison, and still in the form
        now = seq_of(house, reference)
        assert f'name="check-expected" value="{now}"' in text
        sent = finish(
            client, reference, now, "ask-resident", crew_report="blocked", question="Is there a dog?"
        )
        assert sent.status_code == 302

    def test_a_step_that_is_done_already_shows_what_was_typed(self, house: House) -> None:
        reference = house.missed_bin()
        seen = seq_of(house, reference)
        house.act(house.bob, reference, "return", {"crew_report": "nothing"})
        answer = finish(house.browser(house.ann), reference, seen, question="My long question")
        text = text_of(answer)
        assert answer.status_code == 409
        assert "does not wait to be done any more" in text
        assert "My long question" in text

    def test_a_note_does_not_count_as_a_change(self, house: House) -> None:
        reference = house.missed_bin()
        seen = seq_of(house, reference)
        house.browser(house.bob).post(f"/work/case/{reference}/note/", {"text": "Only a note"})
        assert finish(house.browser(house.ann), reference, seen).status_code == 302

    def test_taking_says_so_too(self, house: House) -> None:
        reference = house.missed_bin()
        seen = {"expected": seq_of(house, reference)}
        path = f"/work/case/{reference}/step/check/take/"
        assert house.browser(house.bob).post(path, seen).status_code == 302
        answer = house.browser(house.ann).post(path, seen)
        assert answer.status_code == 409
        assert "was taken" in text_of(answer)
        assert "Bob Officer" in text_of(answer)


class TestWhoseWorkItIs:
    def test_is_taken_and_put_back(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)
        client.post(f"/work/case/{reference}/step/check/take/", {"expected": seq_of(house, reference)})
        assert "<strong>You</strong> have it" in text_of(client.get(f"/work/case/{reference}/"))
        client.post(f"/work/case/{reference}/step/check/put-back/", {"expected": seq_of(house, reference)})
        assert "has taken it yet" in text_of(client.get(f"/work/case/{reference}/"))

    def pass_on(self, house: House, reference: str, by: Staff, **data: Any) -> Any:
        sent = {
            "expected": seq_of(house, reference),
            "to": f"{house.streets.pk}:{house.bob.pk}",
            "why": "Street matter",
        }
        return house.browser(by).post(f"/work/case/{reference}/step/check/pass-on/", sent | data)

    def test_is_passed_on_with_the_reason(self, house: House) -> None:
        reference = house.missed_bin()
        assert self.pass_on(house, reference, house.sue).status_code == 302
        text = text_of(house.browser(house.bob).get(f"/work/case/{reference}/"))
        assert "Bob Officer in Streets team" in text
        assert "Street matter" in text
        assert reference in text_of(house.browser(house.bob).get("/work/"))

    def test_is_not_passed_on_without_saying_why_or_to_whom(self, house: House) -> None:
        reference = house.missed_bin()
        for wrong in ({"why": " "}, {"to": ""}, {"to": "99999:"}, {"to": "x"}):
            answer = self.pass_on(house, reference, house.sue, **wrong)
            assert answer.status_code == 422
            assert "There is a problem" in text_of(answer)

    def test_is_not_passed_on_over_somebody_elses_change(self, house: House) -> None:
        reference = house.missed_bin()
        answer = self.pass_on(house, reference, house.sue, expected=1, why="Keep these words")
        assert answer.status_code == 409
        assert "Keep these words" in text_of(answer)


class TestNotesAndFiles:
    def test_a_note_stands_in_the_history_and_can_be_found_there(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ada)
        client.post(f"/work/case/{reference}/note/", {"text": "She called again.\nSecond line"})
        for query in ("", "?history=notes", "?history=all"):
            assert "She called again." in text_of(client.get(f"/work/case/{reference}/{query}"))
        assert "She called again." not in text_of(client.get(f"/work/case/{reference}/?history=decisions"))

    def test_an_empty_note_is_no_note(self, house: House) -> None:
        answer = house.browser(house.ada).post(f"/work/case/{house.missed_bin()}/note/", {"text": "  "})
        assert answer.status_code == 422
        assert "Write the note first" in text_of(answer)

    def add(self, house: House, reference: str, name: str, content: bytes) -> Any:
        upload = SimpleUploadedFile(name, content)
        return house.browser(house.ada).post(f"/work/case/{reference}/files/", {"file": upload})

    def test_a_file_is_added_and_given_back_as_a_download(self, house: House) -> None:
        reference = house.missed_bin()
        assert self.add(house, reference, "letter.txt", b"Dear Sir").status_code == 302
        with scope.everything("looking in a test"):
            number = Attachment.objects.get().pk
        answer = house.browser(house.ann).get(f"/work/case/{reference}/files/{number}/")
        assert b"".join(answer) == b"Dear Sir"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert house.browser(house.olive).get(f"/work/case/{reference}/files/{number}/").status_code == 404
        other = house.missed_bin()
        assert house.browser(house.ann).get(f"/work/case/{other}/files/{number}/").status_code == 404

    def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence(self, house: House) -> None:
        answer = self.add(house, house.missed_bin(), "letter.pdf", b"<script>alert(1)</script>")
        assert answer.status_code == 422
        assert "is not a PDF, though its name says so" in text_of(answer)

    def test_a_file_that_is_too_large_is_refused_in_a_sentence(self, house: House, settings: Any) -> None:
        settings.UPLOAD_LIMIT = 2048
        assert "larger than 2 KB" in text_of(self.add(house, house.missed_bin(), "a.txt", b"x" * 4096))


class TestRaisingARequest:
    def form(self, house: House, **more: Any) -> dict[str, Any]:
        return {
            "address_line1": "3 Low Lane", "address_town": "Ashfield", "address_postcode": "AB10 1AD", "bin": "refuse",
            "collection_day_day": "", "put_out": "yes", "assisted": "no", "channel": "phone", "name": "Pat Smith",
            "prefers": "phone", "phone": "01632 960 001", "email": "", "submission": "a" * 32,
        } | more  # fmt: skip

    def dated(self, house: House, **more: Any) -> dict[str, Any]:

        day = timezone.localdate() - timedelta(days=1)
        named = {
            "collection_day_day": day.day,
            "collection_day_month": day.month,
            "collection_day_year": day.year,
        }
        return self.form(house, **(named | more))

    def test_makes_it_with_the_contact_details_and_opens_its_case(self, house: House) -> None:
        client = house.browser(house.ada)
        answer = client.post("/work/new/ash/missed-bin/", self.dated(house))
        assert answer.status_code == 302
        text = text_of(client.get(answer.headers["Location"]))
        for words in ("The request is made", "Pat Smith", "01632 960001", "Phone", "3 Low Lane"):
            assert words in text

    def test_sent_twice_is_one_request(self, house: House) -> None:
        client = house.browser(house.ada)
        first, second = (client.post("/work/new/ash/missed-bin/", self.dated(house)) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]

    def test_keeps_the_photo_that_came_with_it(self, house: House) -> None:
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "PNG")
        data = self.dated(house, photo=SimpleUploadedFile("bin.png", out.getvalue()))
        client = house.browser(house.ada)
        answer = client.post("/work/new/ash/missed-bin/", data)
        assert "bin.png" in text_of(client.get(answer.headers["Location"]))

    def test_says_what_is_wrong_at_each_question(self, house: House) -> None:
        data = self.form(house, bin="", phone="12", put_out="")
        answer = house.browser(house.ada).post("/work/new/ash/missed-bin/", data)
        assert answer.status_code == 422
        for words in ("Select which bin was missed", "Enter the day", "Select yes if the bin was out"):
            assert words in text_of(answer)

    def test_is_offered_for_the_councils_one_may_raise_for_only(self, house: House) -> None:
        client = house.browser(house.ada)
        text = text_of(client.get("/work/new/"))
        assert "Report a missed bin" in text
        assert "Oak" not in text
        assert client.get("/work/new/oak/missed-bin/").status_code == 404
        assert client.get("/work/new/ash/none/").status_code == 404


def test_nobody_acts_without_the_page(house: House) -> None:
    """A form of another site carries no token, and is turned away."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.ann.user)
    assert client.post(f"/work/case/{house.missed_bin()}/note/", {"text": "forged"}).status_code == 403
