"""A steward keeps the register clean: compares by keyboard, joins, finds out that it was wrong, and undoes it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.persons.actions.linking import suggest
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Link, Record
from moothall.persons.rules.matching.comparing import Reason
from tests.journeys.conftest import come_in
from tests.journeys.sight import enter, look, tab_to
from tests.makers import make_council, make_staff, make_user
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plain")]
REASON = Reason("born", "same", 7.0, "Date of birth the same")


@dataclass(frozen=True)
class Register:
    """A steward, and three records of whom the register thinks that they may be one person."""

    stella: Staff
    maria: Record
    marie: Record
    mario: Record
    pairs: tuple[Link, Link]


@pytest.fixture
def register() -> Register:
    ash = make_council(code="ash", name="Ash District Council")
    stella = make_staff(council=ash, roles=("record-steward",), user=make_user(name="Stella Steward"))
    long_ago = timezone.now() - timedelta(days=90)
    records = [
        make_record(
            council=ash,
            facts=[a_name(given, "Featherstonehaugh-Cholmondeley"), a_birth(), an_address(), a_phone(number)],
            now=long_ago,
        )
        for given, number in (("Maria", "07700 900001"), ("Marie", "07700 900001"), ("Mario", "07700 900002"))
    ]
    links = [
        suggest(low=records[0].pk, high=other.pk, score=score, reasons=[REASON], model=0, now=long_ago)
        for other, score in ((records[1], 8.0), (records[2], 2.0))
    ]
    first, second = links
    assert first is not None
    assert second is not None
    return Register(stella, records[0], records[1], records[2], (first, second))


class TestASteward:
    def test_joins_tells_apart_and_undoes_by_keyboard(self, page: Page, register: Register) -> None:
        come_in(page, register.stella.user, "/work/duplicates/")
        look(page, "duplicates")
        tab_to(page, "Look")
        enter(page)
        expect(page.get_by_text("Are these one person?")).to_be_visible()
        look(page, "duplicates-pair")
        tab_to(page, "What did you find out?")
        page.keyboard.type("Same passport")
        tab_to(page, "Same person")
        enter(page)
        expect(page.get_by_text("They are one person now.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Mario")
        tab_to(page, "I cannot tell")
        enter(page)
        expect(page.get_by_role("alert").first).to_contain_text("Say what you looked at")
        look(page, "duplicates-pair-error")
        tab_to(page, "Two people")
        enter(page)
        expect(page.get_by_text("They are two people, and stay so.")).to_be_visible()
        look(page, "duplicates-empty")
        self.undo(page, register)

    def undo(self, page: Page, register: Register) -> None:
        now = timezone.now() + timedelta(seconds=1)
        fact = an_email("marie@example.org")
        add_fact(by=Viewer.system(), record_id=register.maria.pk, fact=fact, source="adviser", now=now)
        page.goto(f"/work/person/{register.maria.origin.reference}/links/")
        look(page, "duplicates-links")
        tab_to(page, "Undo")
        tab_to(page, "Undo")
        enter(page)
        expect(page.get_by_text("Email address: marie@example.org")).to_be_visible()
        look(page, "duplicates-undo")
        tab_to(page, "Why was it wrong?")
        page.keyboard.type("Sisters")
        tab_to(page, "They are two people: never join them again")
        page.keyboard.press("Space")
        tab_to(page, "Maria")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Undo the link")
        enter(page)
        expect(page.get_by_text("It is undone, and both records say so.")).to_be_visible()
        look(page, "duplicates-undone")
        register.marie.refresh_from_db()
        assert register.marie.person_id == register.marie.origin_id
        assert register.marie.traits["e"] == ["marie@example.org"]
