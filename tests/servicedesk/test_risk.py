"""Impact and risk of a change: what follows from what it touches and four answers."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.servicedesk.rules import risk as rules
from moothall.servicedesk.rules.risk import Told, Touched

TOUCHED = st.builds(
    Touched,
    items=st.integers(1, 30),
    tier=st.integers(1, 4),
    users=st.integers(0, 20_000),
    councils=st.integers(1, 8),
    dependents=st.integers(0, 60),
)
TOLD = st.builds(Told, **{each.name: st.sampled_from([True, False, None]) for each in fields(Told)})
SMALL = Touched(items=1, tier=4, users=3, councils=1, dependents=0)
SAFE = Told(rollback_tested=True, done_before=True, in_hours=False, service_away=False)


class TestJudging:
    @pytest.mark.parametrize(
        ("touched", "impact"),
        [
            (SMALL, 1),
            (replace(SMALL, users=60), 2),
            (replace(SMALL, tier=1), 3),
            (replace(SMALL, councils=2), 3),
            (replace(SMALL, users=2_000), 4),
            (replace(SMALL, councils=3), 4),
        ],
    )
    def test_the_largest_of_users_councils_and_tier_is_the_impact(
        self, touched: Touched, impact: int
    ) -> None:
        assert rules.judge(touched, SAFE).impact == impact

    @pytest.mark.parametrize(
        ("told", "risk"),
        [
            (SAFE, 1),
            (replace(SAFE, rollback_tested=False), 1),
            (replace(SAFE, rollback_tested=False, in_hours=True), 2),
            (replace(SAFE, rollback_tested=False, done_before=False, in_hours=True), 3),
            (Told(), 3),
        ],
    )
    def test_four_answers_make_the_risk_and_what_was_not_said_counts_as_the_worse(
        self, told: Told, risk: int
    ) -> None:
        assert rules.judge(SMALL, told).risk == risk

    def test_says_why_in_sentences(self) -> None:
        found = rules.judge(replace(SMALL, tier=1, users=1_300), replace(SAFE, done_before=False))
        assert found.reasons == [
            "1,300 people use what it touches.",
            "Something that it touches is critical.",
            "It has not been done before.",
            "A mistake in what is critical is felt at once.",
        ]

    def test_high_and_high_is_complex_and_less_is_not(self) -> None:
        worst = Told()
        assert rules.judge(replace(SMALL, tier=1), worst).complex
        assert not rules.judge(replace(SMALL, tier=2), worst).complex


class TestTheLawOfRisk:
    @given(TOUCHED, TOLD)
    def test_both_are_from_one_to_four_and_have_a_reason_if_they_are_not_low(
        self, touched: Touched, told: Told
    ) -> None:
        found = rules.judge(touched, told)
        assert {found.impact, found.risk} <= {1, 2, 3, 4}
        assert found.impact == 1 or found.why_impact
        assert found.risk == 1 or found.why_risk

    @given(TOUCHED, TOLD, st.sampled_from(["users", "councils", "dependents", "items"]), st.integers(1, 500))
    def test_touching_more_never_makes_it_less(
        self, touched: Touched, told: Told, what: str, more: int
    ) -> None:
        before = rules.judge(touched, told)
        after = rules.judge(replace(touched, **{what: getattr(touched, what) + more}), told)
        assert after.impact >= before.impact
        assert after.risk >= before.risk

    @given(TOUCHED, TOLD)
    def test_a_safer_answer_never_makes_it_riskier(self, touched: Touched, told: Told) -> None:
        before = rules.judge(touched, told).risk
        for each in fields(Told):
            safer = replace(told, **{each.name: getattr(SAFE, each.name)})
            assert rules.judge(touched, safer).risk <= before
