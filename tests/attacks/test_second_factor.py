"""Staff who have no second factor reach no page of the house but those where they choose one."""

import pytest
from pytest_django import Settings

from tests.attacks.conftest import come
from tests.isolation.addresses import addresses
from tests.isolation.sending import body
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing
from tests.legs import same_on_both

pytestmark = [pytest.mark.django_db, same_on_both]


class TestWithoutASecondFactor:
    def test_no_address_is_open_to_staff(
        self, people: dict[str, Visitor], own: Thing, settings: Settings
    ) -> None:
        settings.SECOND_FACTOR = "require"
        visitor = people["supervisor"]
        inside = [each for each in addresses() if each.name.startswith(("workplace:", "portal:", "mail:"))]
        for address in inside:
            for answer in (
                come(visitor, address.path(own)),
                visitor.client.post(address.path(own), body(address, own)),
            ):
                assert answer.status_code == 302, address.name
                assert answer["Location"].startswith("/account/second-factor/"), address.name
        assert len(inside) > 40
