"""Secret links: what they open, for whom, and when they end."""

from typing import Any

import pytest
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.messages.actions import send_email
from moothall.requests import actions, tokens
from moothall.requests.models import Draft, Request
from tests.isolation.service import SERVICE
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing

pytestmark = pytest.mark.django_db
BEA = {"name": "Bea Victim", "email": "bea@example.org", "phone": "", "prefers": "email"}


def draft_of(thing: Thing) -> Draft:
    with scope.only([thing.council_id]):
        found: Draft = Draft.objects.get(token_digest=tokens.digest(thing.draft_token))
    return found


class TestALinkBackSentToSomebodyElse:
    def test_puts_nothing_they_send_into_the_account_of_who_began(
        self, people: dict[str, Visitor], own: Thing
    ) -> None:
        victim = people["signed out"].client
        victim.get(f"/{own.code}/return/{own.draft_token}/")
        victim.post(f"/{own.code}/services/{SERVICE}/contact/", BEA)
        sent = victim.post(f"/{own.code}/services/{SERVICE}/check/")
        assert sent["Location"] == f"/{own.code}/services/{SERVICE}/sent/"
        with scope.only([own.council_id]):
            assert Request.objects.get(email="bea@example.org").requester_id is None
        listed = people["resident, owner of the request"].client.get(f"/{own.code}/requests/")
        assert listed.content.count(b"moothall-reference") <= 2

    def test_opens_nothing_once_it_was_sent(self, people: dict[str, Visitor], own: Thing) -> None:
        draft, now = draft_of(own), timezone.now()
        with scope.only([own.council_id]):
            council, by = Council.objects.get(pk=own.council_id), Viewer.anonymous(own.council_id)
            facts: dict[str, Any] = {
                "by": by,
                "council": council,
                "service": SERVICE,
                "draft_id": draft.pk,
                "now": now,
            }
            actions.give_contact(**facts, raw=BEA)
            actions.submit(**facts)
        assert people["signed out"].client.get(f"/{own.code}/return/{own.draft_token}/").status_code == 404

    def test_ends_after_its_days(self, people: dict[str, Visitor], own: Thing) -> None:
        with scope.only([own.council_id]):
            Draft.objects.filter(pk=draft_of(own).pk).update(expires_at=timezone.now())
        assert people["signed out"].client.get(f"/{own.code}/return/{own.draft_token}/").status_code == 404


class TestALinkToARequest:
    def test_is_no_link_to_another(self, people: dict[str, Visitor], own: Thing) -> None:
        paths = (
            f"/{own.code}/follow/{own.asked_reference}/{own.token}/",
            f"/{own.code}/follow/{own.reference}/{own.draft_token}/",
            f"/{own.code}/follow/{own.reference}/{own.token[:-1]}/",
            f"/{own.code}/follow/{own.reference}/{own.token.swapcase()}/",
            f"/{own.code}/return/{own.token}/",
        )
        assert {people["signed out"].client.get(path).status_code for path in paths} == {404}

    def test_cannot_be_kept_by_a_second_account(self, people: dict[str, Visitor], own: Thing) -> None:
        path = f"/{own.code}/follow/{own.reference}/{own.token}/keep/"
        assert people["another resident"].client.post(path).status_code == 409

    def test_is_nowhere_on_pages_of_staff(self, people: dict[str, Visitor], own: Thing) -> None:
        page = people["supervisor"].client.get(f"/work/case/{own.reference}/").content.decode()
        assert f"/follow/{own.reference}/…/" in page
        assert own.token not in page

    def test_shows_no_letters_of_the_team_to_who_gave_its_address(
        self, people: dict[str, Visitor], own: Thing
    ) -> None:
        with scope.only([own.council_id]):
            mine = Request.objects.get(case_id=own.case_id)
            send_email(
                council_id=own.council_id, about=f"case:{own.case_id}", to=mine.email, subject="Only for us",
                body="Not for you", key=f"case:{own.case_id}:late:team:1", now=timezone.now(),
            )  # fmt: skip
        page = people["signed out"].client.get(f"/{own.code}/follow/{own.reference}/{own.token}/")
        assert page.status_code == 200
        assert b"Only for us" not in page.content
