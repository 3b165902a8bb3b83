"""One search box for people and cases."""

import pytest
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.persons.actions.locking import lock_record
from tests.makers import make_staff, make_team
from tests.workplace.registered import Register
from tests.workplace.test_person_page import adviser, seen, text_of

pytestmark = pytest.mark.django_db


class TestTheSearchBox:
    def test_finds_people_first_and_then_cases(self, register: Register) -> None:
        reference = register.bin_of(register.priya)
        text = seen(adviser(register), "/work/search/?q=nair")
        assert text.index("Priya Nair") < text.index(reference)
        assert "14 Mill Lane" in text
        assert "Born 4 May 1980" in text
        assert "Fits: name" in text

    @pytest.mark.parametrize(
        "asked", ["pria nair", "07700 900982", "priya@example.org", "nair 4/5/1980", "AB10 1AB priya"]
    )
    def test_finds_by_whatever_a_caller_tells(self, register: Register, asked: str) -> None:
        client = adviser(register)
        answer = client.get("/work/search/", {"q": asked})
        assert "Priya Nair" in text_of(answer)

    def test_opens_a_person_by_their_whole_reference(self, register: Register) -> None:
        reference = register.priya.person.reference
        answer = adviser(register).get("/work/search/", {"q": reference.lower().replace("-", " ")})
        assert answer.status_code == 302
        assert answer.headers["Location"] == register.page(register.priya)

    def test_opens_a_case_by_its_whole_reference(self, register: Register) -> None:
        reference = register.bin_of(register.priya)
        answer = adviser(register).get("/work/search/", {"q": reference})
        assert answer.headers["Location"] == f"/work/case/{reference}/"

    def test_offers_to_add_whom_nobody_knows_with_what_was_typed(self, register: Register) -> None:
        client = adviser(register)
        answer = client.get("/work/search/", {"q": "Zebedee Quill"})
        assert "Nobody in the register fits" in text_of(answer)
        assert "/work/person/new/?q=Zebedee%20Quill" in answer.content.decode()
        form = client.get("/work/person/new/?q=Zebedee%20Quill").content.decode()
        assert 'value="Zebedee"' in form
        assert 'value="Quill"' in form

    def test_tells_of_a_locked_record_only_whom_to_ask(self, register: Register) -> None:
        with scope.everything("locking in a test"):
            hana = make_staff(council=register.house.ash, roles=("supervisor",))
            make_team(council=register.house.ash, code="hub", name="Safeguarding hub", members=(hana,))
            lock_record(
                by=Viewer.system(), record_id=register.priya.pk, teams=["hub"], why="x", now=timezone.now()
            )
        text = seen(adviser(register), "/work/search/?q=priya+nair+4/5/1980")
        assert "Priya Nair" not in text
        assert "Locked record: ask Safeguarding hub" in text

    def test_finds_nobody_of_a_council_that_shares_nothing(self, register: Register) -> None:
        assert "Zhukova" not in seen(adviser(register), "/work/search/?q=olga")

    def test_is_there_for_who_may_only_look_for_people(self, register: Register) -> None:
        officer = make_staff(council=register.house.ash, roles=("data-protection-officer",))
        client = register.house.browser(officer)
        register.bin_of(register.priya)
        text = seen(client, "/work/search/?q=nair")
        assert "Priya Nair" in text
        assert "Check the round" not in text
        assert "Cases" not in text
        assert "Find a person or case" in client.get("/work/").content.decode()

    def test_survives_whatever_is_typed(self, register: Register) -> None:
        for text in ("%00", "'; DROP TABLE", "*", "a" * 500, "(", "100%25", "é", "٣"):
            assert adviser(register).get(f"/work/search/?q={text}").status_code == 200
