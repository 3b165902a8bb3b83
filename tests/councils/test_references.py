"""References that are taken: in a register of a million, one new one in 27,000 is."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError

from moothall.councils import references
from moothall.councils.rules import PERSON
from moothall.persons.models import Person
from moothall.process.models import Case
from tests.makers import make_council
from tests.persons.making import NOW, make_record
from tests.process.making import make_case, make_place, publish_repair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The references that are drawn, one after the other; the last of them for ever."""
    waiting: list[str] = []
    monkeypatch.setattr(references, "new_reference", lambda _: waiting.pop(0) if waiting[1:] else waiting[0])
    yield waiting
    assert len(waiting) == 1


class TestAReferenceThatIsTaken:
    def test_leaves_another_to_a_new_person(self, drawn: list[str]) -> None:
        drawn += ["PSN-0000-0001", "PSN-0000-0001", "PSN-0000-0001", "PSN-0000-0002"]
        council = make_council()
        added = [make_record(council=council, now=NOW).person.reference for _ in range(2)]
        assert added == ["PSN-0000-0001", "PSN-0000-0002"]

    def test_leaves_another_to_a_new_case(self, drawn: list[str]) -> None:
        drawn += ["ASH-0000-0001", "ASH-0000-0001", "ASH-0000-0002"]
        place = make_place()
        publish_repair()
        opened = [make_case(place).reference for _ in range(2)]
        assert opened == ["ASH-0000-0001", "ASH-0000-0002"]
        assert Case.objects.count() == 2

    def test_is_not_tried_for_ever(self, drawn: list[str]) -> None:
        drawn += ["PSN-0000-0001"]
        keep = lambda reference: Person.objects.create(reference=reference, created_at=NOW)  # noqa: E731
        references.under_new_reference(PERSON, keep)
        with pytest.raises(IntegrityError):
            references.under_new_reference(PERSON, keep)
        assert Person.objects.count() == 1
