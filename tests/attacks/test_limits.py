"""What costs others is limited, by whom it reaches and by where it comes from; a made-up header is no other place."""

import pytest

from moothall.councils import scope
from moothall.messages.models import Message
from tests.isolation.service import SERVICE
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing

pytestmark = pytest.mark.django_db


class TestLinksByEmail:
    def test_to_one_address_are_few_however_many_drafts_are_begun(
        self, people: dict[str, Visitor], own: Thing
    ) -> None:
        visitor = people["signed out"]
        answers = []
        for number in range(8):
            visitor.come()
            from_elsewhere = {"x-forwarded-for": f"192.0.2.{number}"}
            place = f"/{own.code}/services/{SERVICE}"
            visitor.client.post(f"{place}/questions/what/", {"what": "x"})
            answer = visitor.client.post(
                f"{place}/save/", {"email": "victim@example.org"}, headers=from_elsewhere
            )
            answers.append(answer.status_code)
        assert answers[0] == 200
        assert answers[-1] == 429
        with scope.only([own.council_id]):
            assert Message.objects.filter(to="victim@example.org").count() <= 5

    def test_that_were_lost_are_few_and_say_the_same_whether_there_is_such_a_request(
        self, people: dict[str, Visitor], own: Thing
    ) -> None:
        ask = people["signed out"].client.post
        sent = [
            ask(f"/{own.code}/follow/", {"reference": reference, "email": "guess@example.org"})
            for reference in (own.reference, "ZZZ-0000-0000", "nonsense", own.asked_reference)
        ]
        said = {answer.content.replace(b"guess@example.org", b"") for answer in sent}
        assert {answer.status_code for answer in sent} == {200}
        assert len(said) == 1
        with scope.only([own.council_id]):
            assert not Message.objects.filter(to="guess@example.org").exists()


class TestSigningIn:
    def test_is_slowed_down_wherever_the_tries_say_they_come_from(self, people: dict[str, Visitor]) -> None:
        client = people["signed out"].client
        answers = [
            client.post(
                "/account/login/",
                {"login": "owner@example.net", "password": f"guess {number}"},
                headers={"x-forwarded-for": f"192.0.2.{number}"},
            )
            for number in range(7)
        ]
        assert b"too many times" in answers[-1].content or answers[-1].status_code == 429

    def test_begins_another_session(self, people: dict[str, Visitor]) -> None:
        visitor = people["another resident"]
        client = people["signed out"].client
        assert visitor.user is not None
        visitor.user.set_password("a long pass phrase 12")
        visitor.user.save()
        client.get("/account/login/")
        client.cookies["session"] = "chosen-by-the-attacker"
        client.post("/account/login/", {"login": visitor.user.email, "password": "a long pass phrase 12"})
        assert client.cookies["session"].value != "chosen-by-the-attacker"
