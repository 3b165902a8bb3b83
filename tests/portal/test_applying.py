"""Answering, saving and sending, as a browser does it."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from moothall.councils import scope
from moothall.messages.models import Message
from moothall.process.models import Attachment, Case
from moothall.requests.models import Draft, Request
from tests.makers import make_user
from tests.portal.walking import ADDRESS, BIN, SAM, answer_all, question, send, service
from tests.requests.making import Town, publish

pytestmark = pytest.mark.django_db


def drafts() -> list[Draft]:
    return list(Draft.unscoped("a test looks"))


def picture(name: str = "bin.jpg") -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def words(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


class TestAQuestion:
    def test_stands_alone_on_its_page(self, client: Client, town: Town) -> None:
        page = words(client.get(service(town, "questions"), follow=True))
        assert re.search(r"<h1[^>]*>.*What is the address of the bin\?", page, re.DOTALL)
        assert "Which bin" not in page

    def test_leads_to_the_next_and_keeps_the_answer(self, client: Client, town: Town) -> None:
        answer = client.post(question(town, "address"), ADDRESS)
        assert answer.headers["Location"] == question(town, "bin")
        assert "12 High Street" in words(client.get(question(town, "address")))

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client: Client, town: Town) -> None:
        answer = client.post(question(town, "address"), {**ADDRESS, "address_postcode": "nowhere"})
        assert answer.status_code == 422
        page = words(answer)
        assert "<title>Error: " in page
        assert "Enter a full UK postcode" in page
        assert 'value="nowhere"' in page
        assert drafts() == []

    def test_comes_only_when_its_turn_has_come(self, client: Client, town: Town) -> None:
        assert client.get(question(town, "photo")).headers["Location"] == question(town, "address")
        assert client.get(question(town, "crew_report")).status_code == 404
        assert client.get(question(town, "nonsense")).status_code == 404

    def test_branches(self, client: Client, town: Town) -> None:
        garden = {"address": ADDRESS, "bin": {"bin": "garden"}, "collection_day": BIN["collection_day"]}
        answer_all(client, town, garden)
        answer = client.post(question(town, "put_out"), {"put_out": "yes"})
        assert answer.headers["Location"] == question(town, "garden_licence")

    def test_changed_on_the_way_goes_back_to_where_answers_are_checked(
        self, client: Client, town: Town
    ) -> None:
        answer_all(client, town)
        client.post(service(town, "contact"), SAM)
        answer = client.post(question(town, "bin") + "?checking=1", {"bin": "recycling"})
        assert answer.headers["Location"] == service(town, "check")
        answer = client.post(question(town, "bin") + "?checking=1", {"bin": "garden"})
        assert answer.headers["Location"] == question(town, "garden_licence")

    @pytest.mark.parametrize("key", ["where_left"])
    @pytest.mark.parametrize(
        "typed", ["\0", "<script>alert(1)</script>", "'; DROP TABLE x; --", "ﷺ" * 50, "{{ 7*7 }}"]
    )
    def test_takes_hostile_text_as_text(self, client: Client, town: Town, key: str, typed: str) -> None:
        answer_all(client, town, {name: BIN[name] for name in list(BIN)[:5]})
        assert client.post(question(town, key), {key: typed}).status_code == 302
        page = words(client.get(question(town, key)))
        assert "<script>alert" not in page
        assert 'value="49"' not in page

    def test_refuses_what_is_too_long(self, client: Client, town: Town) -> None:
        answer_all(client, town, {name: BIN[name] for name in list(BIN)[:5]})
        answer = client.post(question(town, "where_left"), {"where_left": "x" * 5000})
        assert answer.status_code == 422
        assert "200 characters or fewer" in words(answer)

    def test_asks_the_database_a_fixed_number_of_times(self, client: Client, town: Town) -> None:
        client.post(question(town, "address"), ADDRESS)
        with CaptureQueriesContext(connection) as asked:
            client.get(question(town, "bin"))
        assert len(asked) == 3  # session, council, draft


class TestAnExpiredPage:
    def test_is_shown_again_with_what_was_typed(self, town: Town) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post(question(town, "address"), ADDRESS)
        page = words(answer)
        assert "This page was open for a long time" in page
        assert 'value="12 High Street"' in page
        assert drafts() == []
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        again = client.post(question(town, "address"), {**ADDRESS, "csrfmiddlewaretoken": token[1]})
        assert again.status_code == 302

    def test_sends_nothing(self, client: Client, town: Town) -> None:
        answer_all(client, town)
        client.post(service(town, "contact"), SAM)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        assert "This page was open for a long time" in words(strict.post(service(town, "check")))
        assert not Request.unscoped("a test looks").exists()

    def test_without_its_session_begins_anew_with_the_answer(self, town: Town) -> None:
        answer = Client().post(question(town, "address"), ADDRESS)
        assert answer.headers["Location"] == question(town, "bin")


class TestFiles:
    def up_to_photo(self, client: Client, town: Town) -> None:
        answer_all(client, town, {name: BIN[name] for name in list(BIN)[:6]})

    def test_are_kept_shown_and_can_be_taken_out(self, client: Client, town: Town) -> None:
        self.up_to_photo(client, town)
        client.post(question(town, "photo"), {"photo": [picture()]})
        [draft] = drafts()
        [held] = draft.answers["photo"]
        assert "bin.jpg" in words(client.get(question(town, "photo")))
        client.post(question(town, "photo"), {"remove": held["id"]})
        assert drafts()[0].answers["photo"] is None

    def test_stay_where_one_is_needed_until_another_is_given(self, client: Client, town: Town) -> None:
        with scope.everything("a test changes a service"):
            publish("missed-bin", without="    most: 3\n    optional: true\n")
        self.up_to_photo(client, town)
        client.post(question(town, "photo"), {"photo": [picture()]})
        [held] = drafts()[0].answers["photo"]
        answer = client.post(question(town, "photo"), {"remove": held["id"]})
        assert answer.status_code == 422
        assert "Select a photo" in words(answer)
        assert drafts()[0].answers["photo"] == [held]

    def test_can_be_added_to_up_to_the_limit(self, client: Client, town: Town) -> None:
        self.up_to_photo(client, town)
        for number in range(3):
            answer = client.post(question(town, "photo"), {"photo": [picture(f"{number}.jpg")]})
            assert answer.status_code == 302
        answer = client.post(question(town, "photo"), {"photo": [picture("4.jpg")]})
        assert answer.status_code == 422
        assert "up to 3 photos" in words(answer)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("photo.jpg", b"MZ\x90\x00 a programme"),
            ("photo.png", b"<svg onload=alert(1)>"),
            ("photo.exe", b"MZ"),
            ("photo.jpg", b""),
        ],
    )
    def test_in_disguise_are_refused_in_words(
        self, client: Client, town: Town, name: str, content: bytes
    ) -> None:
        self.up_to_photo(client, town)
        answer = client.post(question(town, "photo"), {"photo": [SimpleUploadedFile(name, content)]})
        assert answer.status_code == 422
        assert drafts()[0].answers.get("photo") is None

    def test_too_large_are_refused_in_words(self, client: Client, town: Town, settings: Any) -> None:
        self.up_to_photo(client, town)
        settings.UPLOAD_LIMIT = 100
        answer = client.post(question(town, "photo"), {"photo": [picture()]})
        assert answer.status_code == 422

    def test_go_with_the_request(self, client: Client, town: Town) -> None:
        self.up_to_photo(client, town)
        client.post(question(town, "photo"), {"photo": [picture()]})
        client.post(service(town, "contact"), SAM)
        client.post(service(town, "check"))
        [file] = Attachment.unscoped("a test looks")
        assert (file.name, file.field) == ("bin.jpg", "photo")


class TestSending:
    def test_gives_a_reference_what_happens_next_and_by_when(self, client: Client, town: Town) -> None:
        page = words(send(client, town))
        reference = Case.unscoped("a test looks").get().reference
        for said in (
            reference,
            "What happens next",
            "Bin emptied: by",
            "sam@example.org",
            "Follow your request",
        ):
            assert said in page

    def test_twice_makes_one_request_and_one_answer(self, client: Client, town: Town) -> None:
        first = words(send(client, town))
        second = words(client.post(service(town, "check"), follow=True))
        reference = Case.unscoped("a test looks").get().reference
        assert reference in first
        assert reference in second
        assert Message.unscoped("a test looks").count() == 1

    def test_is_not_possible_before_everything_is_answered(self, client: Client, town: Town) -> None:
        answer_all(client, town, {"address": ADDRESS})
        assert client.post(service(town, "check")).headers["Location"] == question(town, "bin")
        assert client.get(service(town, "contact")).headers["Location"] == question(town, "bin")

    def test_says_what_a_process_needs_before_it_takes_it(self, client: Client, town: Town) -> None:
        answer_all(client, town)
        answer = client.post(service(town, "contact"), {**SAM, "email": "no"})
        assert answer.status_code == 422
        assert "Enter an email address in the correct format" in words(answer)

    def test_then_begins_a_new_request_with_empty_questions(self, client: Client, town: Town) -> None:
        send(client, town)
        page = words(client.get(question(town, "address")))
        assert "12 High Street" not in page

    def test_prefills_who_is_signed_in_and_says_so(self, client: Client, town: Town) -> None:
        client.force_login(make_user(name="Priya Nair", email="priya@example.org"))
        answer_all(client, town)
        page = words(client.get(service(town, "contact")))
        assert "filled in your name and email address from your account" in page
        assert 'value="priya@example.org"' in page

    def test_confirms_nothing_to_somebody_else(self, client: Client, town: Town) -> None:
        send(client, town)
        assert Client().get(service(town, "sent")).status_code == 404


class TestSavingAndReturning:
    def link(self, client: Client, town: Town) -> str:
        client.post(question(town, "address"), ADDRESS)
        page = words(client.post(service(town, "save"), {"email": "sam@example.org"}))
        assert "Your answers are saved" in page
        [mail] = Message.unscoped("a test looks")
        found = re.search(r"https?://[^/]+(/\S+/return/\S+)", mail.body)
        assert found
        return found[1]

    def test_goes_on_elsewhere_where_it_stopped(self, client: Client, town: Town) -> None:
        other = Client()
        answer = other.get(self.link(client, town), follow=True)
        assert answer.redirect_chain[-1][0] == question(town, "bin")
        assert "12 High Street" in words(other.get(question(town, "address")))

    def test_by_a_wrong_link_finds_nothing(self, client: Client, town: Town) -> None:
        assert Client().get(f"/{town.council.code}/return/guessed/").status_code == 404

    def test_by_an_old_link_says_what_became_of_it(self, client: Client, town: Town) -> None:
        link = self.link(client, town)
        with scope.everything("a test lets a draft grow old"):
            for draft in Draft.objects.all():
                draft.expires_at -= timedelta(days=29)
                draft.save()
        answer = Client().get(link)
        assert answer.status_code == 404
        assert "28 days" in words(answer)

    def test_keeps_the_answer_on_the_page_too(self, client: Client, town: Town) -> None:
        client.post(question(town, "address"), ADDRESS)
        answer = client.post(question(town, "bin"), {"bin": "food", "then": "save"})
        assert answer.headers["Location"] == service(town, "save")
        assert drafts()[0].answers["bin"] == "food"

    def test_can_stop_at_an_empty_question(self, client: Client, town: Town) -> None:
        client.post(question(town, "address"), ADDRESS)
        assert client.post(question(town, "bin"), {"then": "save"}).headers["Location"] == service(
            town, "save"
        )

    def test_starts_again_on_request(self, client: Client, town: Town) -> None:
        client.post(question(town, "address"), ADDRESS)
        assert "Go on where you left off" in words(client.get(service(town)))
        client.post(service(town, "again"))
        assert drafts() == []

    def test_finds_a_signed_in_persons_answers_on_another_device(self, client: Client, town: Town) -> None:
        me = make_user()
        client.force_login(me)
        client.post(question(town, "address"), ADDRESS)
        other = Client()
        other.force_login(me)
        assert "Go on where you left off" in words(other.get(service(town)))
        answer = other.get(service(town, "questions"))
        assert answer.headers["Location"] == question(town, "bin")

    def test_starts_again_on_another_device_too(self, client: Client, town: Town) -> None:
        me = make_user()
        client.force_login(me)
        client.post(question(town, "address"), ADDRESS)
        other = Client()
        other.force_login(me)
        answer = other.post(service(town, "again"), follow=True)
        assert answer.redirect_chain[-1][0] == question(town, "address")
        assert drafts() == []

    def test_on_another_device_is_one_draft_and_can_be_sent(self, client: Client, town: Town) -> None:
        me = make_user()
        client.force_login(me)
        client.post(question(town, "address"), ADDRESS)
        other = Client()
        other.force_login(me)
        answer_all(other, town, {key: BIN[key] for key in list(BIN)[1:]})
        [draft] = drafts()
        assert draft.answers["bin"] == "refuse"
        other.post(service(town, "contact"), SAM)
        assert "We have your request" in words(other.post(service(town, "check"), follow=True))
