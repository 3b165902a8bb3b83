"""Writing to whoever asked, and ending a case before its process does."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from moothall.councils import scope
from moothall.journal.worker import drain
from moothall.process.models import Case, Event
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def case_of(house: House, reference: str) -> Case:
    with scope.everything("looking in a test"):
        case: Case = Case.objects.get(reference=reference)
        return case


class TestWritingToWhoeverAsked:
    def test_sends_the_message_and_keeps_it_in_the_history(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)
        assert "Write to Sam Okoro" in text_of(client.get(f"/work/case/{reference}/write/"))
        answer = client.post(f"/work/case/{reference}/write/", {"text": "We come on Friday."}, follow=True)
        assert "Your message is on its way" in text_of(answer)
        assert "A message was sent to the person who asked" in text_of(answer)
        drain(timezone.now())
        assert mail.outbox[-1].to == ["sam@example.org"]
        assert "We come on Friday." in mail.outbox[-1].body

    def test_wants_words(self, house: House) -> None:
        reference = house.missed_bin()
        answer = house.browser(house.ann).post(f"/work/case/{reference}/write/", {"text": " "})
        assert answer.status_code == 422
        assert "Write the message first" in text_of(answer)


class TestEndingACase:
    def test_closes_it_for_a_reason_and_tells_whoever_asked(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)
        assert "End this case" in text_of(client.get(f"/work/case/{reference}/"))
        seq = case_of(house, reference).seq
        data = {"ending": "duplicate", "text": "As ASH-1.", "expected": seq}
        answer = client.post(f"/work/case/{reference}/end/", data, follow=True)
        assert "This case is closed: The same as another case" in text_of(answer)
        drain(timezone.now())
        assert "As ASH-1." in mail.outbox[-1].body

    def test_wants_a_reason(self, house: House) -> None:
        reference = house.missed_bin()
        answer = house.browser(house.ann).post(f"/work/case/{reference}/end/", {"ending": "", "text": ""})
        assert answer.status_code == 422
        assert "Choose why the case ends" in text_of(answer)
        assert case_of(house, reference).status == "open"

    def test_shows_what_changed_meanwhile_and_keeps_what_was_typed(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)
        seen = case_of(house, reference).seq
        client.post(f"/work/case/{reference}/step/check/take/", {"expected": seen})
        data = {"ending": "duplicate", "text": "As ASH-1.", "expected": seen}
        answer = client.post(f"/work/case/{reference}/end/", data)
        assert answer.status_code == 409
        assert "As ASH-1." in text_of(answer)
        assert "Look at what they did, then decide again." in text_of(answer)
        assert "does not wait to be done" not in text_of(answer)
        assert case_of(house, reference).status == "open"

    def test_twice_changes_nothing(self, house: House) -> None:
        reference = house.missed_bin()
        client = house.browser(house.ann)
        data = {"ending": "duplicate", "text": "As ASH-1.", "expected": case_of(house, reference).seq}
        for _ in range(2):
            answer = client.post(f"/work/case/{reference}/end/", data, follow=True)
        assert "closed already" in text_of(answer)
        with scope.everything("looking in a test"):
            assert Event.objects.filter(case__reference=reference, kind="ended_early").count() == 1
