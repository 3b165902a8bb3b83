"""What follows from roles and agreements, with invented values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.councils.rules import Granted, Sharing, Viewer, powers

TODAY = date(2026, 11, 23)
ASH, ELM, OAK = 1, 2, 3
ROLES = {
    "officer": frozenset({"process.case.see", "process.case.act", "requests.request.raise"}),
    "auditor": frozenset({"process.case.see", "journal.entry.see"}),
}


def sharing(
    *kinds: str,
    councils: tuple[int, ...] = (ASH, ELM),
    number: int = 1,
    start: int = -10,
    end: int | None = None,
) -> Sharing:
    """An agreement that starts and ends so many days from today."""
    ends_on = None if end is None else TODAY + timedelta(days=end)
    starts_on = TODAY + timedelta(days=start)
    return Sharing(number, f"Agreement {number}", frozenset(councils), frozenset(kinds), starts_on, ends_on)


def found(
    *grants: Granted, agreements: tuple[Sharing, ...] = ()
) -> tuple[dict[str, frozenset[int]], dict[int, str]]:
    return powers(employer=ASH, grants=grants, agreements=agreements, roles=ROLES, today=TODAY)


class TestPowers:
    def test_follow_from_roles_at_ones_own_council(self) -> None:
        assert found(Granted("officer", ASH)) == (dict.fromkeys(ROLES["officer"], frozenset({ASH})), {})

    def test_at_another_council_need_an_agreement(self) -> None:
        assert found(Granted("officer", ELM)) == ({}, {})

    def test_reach_only_the_kinds_that_the_agreement_covers_and_say_its_name(self) -> None:
        reached, names = found(Granted("officer", ELM), agreements=(sharing("process"),))
        assert reached == {"process.case.see": {ELM}, "process.case.act": {ELM}}
        assert names == {ELM: "Agreement 1"}

    @pytest.mark.parametrize(
        ("start", "end", "counts"), [(0, 0, True), (0, None, True), (1, 5, False), (-5, -1, False)]
    )
    def test_count_on_the_first_and_the_last_day_and_not_outside(
        self, *, start: int, end: int | None, counts: bool
    ) -> None:
        reached, _ = found(Granted("officer", ELM), agreements=(sharing("process", start=start, end=end),))
        assert bool(reached) is counts

    def test_need_both_councils_in_the_same_agreement(self) -> None:
        others = (sharing("process", councils=(ELM, OAK)), sharing("process", councils=(ASH, OAK), number=2))
        assert found(Granted("officer", ELM), agreements=others) == ({}, {})

    def test_under_a_named_agreement_count_under_that_one_only(self) -> None:
        given_under = Granted("officer", ELM, agreement_id=2)
        assert found(given_under, agreements=(sharing("process"),)) == ({}, {})
        reached, names = found(given_under, agreements=(sharing("process"), sharing("process", number=2)))
        assert reached["process.case.see"] == {ELM}
        assert names == {ELM: "Agreement 2"}

    def test_name_every_agreement_that_opens_a_council(self) -> None:
        both = (sharing("process"), sharing("requests", number=2))
        assert found(Granted("officer", ELM), agreements=both)[1] == {ELM: "Agreement 1 and Agreement 2"}

    def test_a_role_that_is_no_longer_there_gives_nothing(self) -> None:
        assert found(Granted("wizard", ASH)) == ({}, {})

    @given(
        st.lists(
            st.builds(Granted, st.sampled_from(list(ROLES)), st.integers(1, 4), st.none() | st.integers(1, 3))
        ),
        st.lists(
            st.builds(
                Sharing,
                st.integers(1, 3),
                st.just("A"),
                st.frozensets(st.integers(1, 4)),
                st.frozensets(st.sampled_from(["process", "requests", "journal"])),
                st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
                st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
            )
        ),
    )
    def test_never_reach_another_council_without_an_agreement_in_force(
        self, grants: list[Granted], agreements: list[Sharing]
    ) -> None:
        reached, names = found(*grants, agreements=tuple(agreements))
        for permission, councils in reached.items():
            for council in councils - {ASH}:
                assert council in names
                assert any(
                    one.in_force(TODAY)
                    and {ASH, council} <= one.council_ids
                    and permission.split(".")[0] in one.kinds
                    for one in agreements
                )


class TestAViewer:
    def test_reaches_every_council_of_their_powers_and_their_own(self) -> None:
        viewer = Viewer(
            Viewer.system().actor.__class__("staff", 1, "Ann"), 1, ASH, {"process.case.see": frozenset({ELM})}
        )
        assert viewer.councils == {ASH, ELM}
        assert viewer.is_staff
        assert viewer.is_signed_in

    def test_may_be_the_house_a_resident_or_nobody(self) -> None:
        assert Viewer.system().is_system
        assert Viewer.system().councils == frozenset()
        assert Viewer.resident(user_id=7, name="Bo", council_id=ASH).councils == {ASH}
        assert not Viewer.anonymous(None).is_signed_in
