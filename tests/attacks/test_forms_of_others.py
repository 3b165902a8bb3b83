"""A page of somebody else sends our forms in the visitor's name: nothing is taken."""

import pytest
from django.db import transaction
from django.test import Client

from moothall.councils import scope
from moothall.councils.models import Grant, Membership, Staff
from moothall.identity.models import User
from moothall.journal.models import Entry, Job
from moothall.messages.models import Message
from moothall.process.models import Event
from moothall.requests.models import Draft, Request
from tests.isolation import addresses as known
from tests.isolation import sending
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing
from tests.legs import same_on_both

pytestmark = [pytest.mark.django_db, same_on_both]
_WATCHED = (Entry, Job, Message, Event, Draft, Request, Grant, Membership, Staff, User)


def state() -> list[object]:
    with scope.everything("a test looks whether anything changed"):
        drafts = list(Draft.objects.order_by("pk").values_list("pk", "answers", "contact", "links_sent"))
        return [*(model.objects.count() for model in _WATCHED), drafts]


class TestAForgedForm:
    @pytest.mark.parametrize(
        "name", ["supervisor", "partnership-administrator", "resident, owner of the request"]
    )
    def test_changes_nothing_at_any_address(self, people: dict[str, Visitor], own: Thing, name: str) -> None:
        visitor = people[name]
        taken = []
        for address in known.addresses():
            strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
            strict.cookies = visitor.client.cookies
            with transaction.atomic():
                before = state()
                answer = strict.post(address.path(own), sending.body(address, own))
                changed = state() != before
                transaction.set_rollback(True)
            if changed or answer.status_code >= 500 or answer.wsgi_request.user.pk != visitor.user_id:
                taken.append(f"{address.name}: {answer.status_code}")
        assert taken == []
