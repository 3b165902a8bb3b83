"""The gate: what is refused, what does not exist, and what a list shows."""

from dataclasses import dataclass

import pytest

from moothall.councils import gate, scope
from moothall.councils.models import ClosingDay, Council, Staff
from moothall.councils.permissions import Can, Permission, Record
from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.plain.errors import NotFound, Refused

ASH, ELM = 1, 2


@dataclass(frozen=True)
class Thing:
    council_id: int


def viewer(**powers: frozenset[int]) -> Viewer:
    return Viewer(
        Actor("staff", 1, "Ann"), 1, ASH, {name.replace("__", "."): ids for name, ids in powers.items()}
    )


READER = viewer(councils__calendar__see=frozenset({ASH}))
SETTER = viewer(councils__calendar__see=frozenset({ASH, ELM}), councils__calendar__set=frozenset({ASH}))


class TestAllowing:
    def test_lets_somebody_do_what_they_may(self) -> None:
        gate.allow(SETTER, Can.SET_CALENDARS, Thing(ASH))
        gate.allow(SETTER, Can.SET_CALENDARS, ASH)
        gate.allow(Viewer.system(), Can.SET_CALENDARS, Thing(ASH))

    def test_refuses_in_words_where_they_may_see_but_not_act(self) -> None:
        with pytest.raises(Refused, match="You do not have permission to set opening hours and closing days"):
            gate.allow(READER, Can.SET_CALENDARS, Thing(ASH))

    def test_does_not_admit_that_it_exists_where_they_may_not_see(self) -> None:
        for permission in (Can.SEE_CALENDARS, Can.SET_CALENDARS):
            with pytest.raises(NotFound):
                gate.allow(READER, permission, Thing(ELM))
            with pytest.raises(NotFound):
                gate.allow(Viewer.anonymous(ASH), permission, Thing(ASH))

    def test_names_the_kind_of_thing_that_cannot_be_found(self) -> None:
        with pytest.raises(NotFound, match="We cannot find that closing day"):
            gate.allow(READER, Can.SET_CALENDARS, ClosingDay(council_id=ELM))

    def test_what_concerns_no_one_council_is_refused_in_words(self) -> None:
        with pytest.raises(Refused):
            gate.allow_anywhere(READER, Can.ADD_COUNCILS)
        gate.allow_anywhere(Viewer.system(), Can.ADD_COUNCILS)

    def test_shows_a_button_only_to_whom_it_works_for(self) -> None:
        assert gate.may(SETTER, Can.SET_CALENDARS, ASH)
        assert not gate.may(SETTER, Can.SET_CALENDARS, ELM)
        assert gate.anywhere(SETTER, Can.SET_CALENDARS)
        assert not gate.anywhere(READER, Can.SET_CALENDARS)


@pytest.mark.django_db
class TestNarrowing:
    def test_one_council_becomes_a_plain_comparison(self, ash: Council) -> None:
        only_ash = viewer(councils__staff__see=frozenset({ash.pk}))
        assert f'"council_id" = {ash.pk}' in str(
            gate.narrow(only_ash, Can.SEE_STAFF, Staff.objects.all()).query
        )

    def test_several_councils_become_a_list(self, ash: Council, elm: Council) -> None:
        both = viewer(councils__staff__see=frozenset({ash.pk, elm.pk}))
        assert f'"council_id" IN ({ash.pk}, {elm.pk})' in str(
            gate.narrow(both, Can.SEE_STAFF, Staff.objects.all()).query
        )

    def test_nobody_sees_nothing(self) -> None:
        assert not gate.narrow(Viewer.anonymous(None), Can.SEE_STAFF, Staff.objects.all()).exists()

    def test_whoever_reaches_every_council_needs_no_clause(self, ash: Council) -> None:
        reaching = viewer(councils__staff__see=frozenset({ash.pk}))
        with scope.only([ash.pk], whole=True):
            assert "WHERE" not in str(gate.narrow(reaching, Can.SEE_STAFF, Staff.objects.all()).query)
        assert "WHERE" not in str(gate.narrow(Viewer.system(), Can.SEE_STAFF, Staff.objects.all()).query)

    def test_another_permission_at_fewer_councils_narrows_further(self, ash: Council, elm: Council) -> None:
        reaching = viewer(councils__staff__see=frozenset({ash.pk}))
        with scope.only([ash.pk, elm.pk], whole=True):
            assert f'"council_id" = {ash.pk}' in str(
                gate.narrow(reaching, Can.SEE_STAFF, Staff.objects.all()).query
            )

    def test_the_house_may_everywhere(self, ash: Council, elm: Council) -> None:
        assert gate.councils(Viewer.system(), Can.SEE_STAFF) == {ash.pk, elm.pk}
        assert gate.councils(READER, Can.SEE_CALENDARS) == {ASH}


class TestAPermission:
    def test_knows_its_kind_and_what_it_takes_to_see_the_thing(self) -> None:
        assert Can.SET_CALENDARS.kind == "councils"
        assert Can.SET_CALENDARS.seeing == Can.SEE_CALENDARS.value

    @pytest.mark.parametrize("room", [Can, Record])
    def test_has_words_that_finish_a_refusal(self, room: type[Permission]) -> None:
        for permission in room:
            assert permission.value.count(".") == 2
            assert permission.label[0].islower()
            assert not permission.label.endswith(".")
