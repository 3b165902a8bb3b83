"""Every answer to every visitor: no frame, no sniffing, nothing kept by a browser that is not one's own."""

import pytest
from django.http import HttpResponse

from tests.attacks.conftest import come
from tests.isolation.addresses import Address, addresses
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing
from tests.legs import same_on_both

pytestmark = [pytest.mark.django_db, same_on_both]
_FIXED = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
_ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")
_LEADS_NOWHERE = {200, 403, 404, 405}
"""A page that is shown, or refused, whatever it is asked to lead to: one word is enough to know."""


def answers(visitor: Visitor, thing: Thing) -> list[tuple[Address, HttpResponse]]:
    return [(each, come(visitor, each.path(thing))) for each in addresses()]


@pytest.mark.parametrize("name", ["supervisor", "resident, owner of the request", "signed out"])
class TestEveryAnswer:
    def test_protects_the_browser(self, people: dict[str, Visitor], own: Thing, name: str) -> None:
        bare = []
        for address, answer in answers(people[name], own):
            policy = answer.get("Content-Security-Policy", "")
            whole = all(answer.get(header) == value for header, value in _FIXED.items())
            if not whole or "unsafe-eval" in policy or "default-src" not in policy:
                bare.append(address.name)
            if "script-src 'self'" not in policy and "default-src 'none'" not in policy:
                bare.append(address.name)
        assert bare == []

    def test_with_a_session_is_kept_nowhere(self, people: dict[str, Visitor], own: Thing, name: str) -> None:
        visitor = people[name]
        loose = [
            f"{address.name}: {answer.get('Cache-Control')}"
            for address, answer in answers(visitor, own)
            if visitor.user
            and answer.status_code == 200
            and "no-store" not in answer.get("Cache-Control", "")
        ]
        public = {"look:theme", "metrics", "livez", "readyz"}
        assert [each for each in loose if each.partition(": ")[0] not in public] == []

    def test_sends_nobody_to_another_site(self, people: dict[str, Visitor], own: Thing, name: str) -> None:
        visitor = people[name]
        for address in addresses():
            for elsewhere in _ELSEWHERE:
                answer = come(visitor, address.path(own), {"next": elsewhere})
                assert not answer.get("Location", "").startswith(
                    ("https://evil", "//evil", "/\\", "javascript")
                ), address.name
                if answer.status_code in _LEADS_NOWHERE:
                    break

    def test_is_not_given_at_a_foreign_host_name(
        self, people: dict[str, Visitor], own: Thing, name: str
    ) -> None:
        for address in addresses():
            answer = come(people[name], address.path(own), host="evil.example")
            assert answer.status_code == 400, address.name
            assert b"evil.example" not in answer.content
