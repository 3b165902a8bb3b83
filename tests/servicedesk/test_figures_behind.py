"""Each number leads to its calls: as many as it says, of a council and of all, in every slice."""

from datetime import date

import pytest

from moothall.servicedesk.models import Call
from moothall.servicedesk.queries.figures import behind, counted
from moothall.servicedesk.rules.figures import DEFINITIONS, Month
from moothall.servicedesk.rules.figures.book import JOINT, Asked
from tests.servicedesk.month_of_work import work
from tests.servicedesk.rows import at

OCTOBER = Month(date(2026, 10, 1))
NOW = at(20, month=11)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


class TestTheCallsBehindANumber:
    def test_are_as_many_as_every_figure_says_at_a_council_and_at_all(self) -> None:
        grounds = work(30)
        found = counted(OCTOBER, NOW)
        looked_at = 0
        for definition in DEFINITIONS:
            if not definition.behind:
                continue
            for key in definition.keys[:3]:
                for council in (JOINT, grounds[0].council.pk):
                    figure = found.figures[council][definition.name, key]
                    parts = {"of": figure.n, "part": figure.parts.get("part")}
                    for part, number in parts.items():
                        if number is None or (definition.kind != "share" and part == "part"):
                            continue
                        asked = Asked(definition.name, key, part, council)
                        calls = behind(OCTOBER, asked, NOW)
                        assert len(calls) == number, asked
                        looked_at += bool(calls)
        assert looked_at > 100

    def test_are_those_that_it_counts(self) -> None:
        ground, _ = work(30)
        asked = Asked("resolve_sla", "P4", "rest", ground.council.pk)
        calls = Call.objects.filter(pk__in=behind(OCTOBER, asked, NOW))
        assert calls
        assert {(each.priority, each.council_id) for each in calls} == {(4, ground.council.pk)}
        assert {each.case.clocks.get(key="resolve").state for each in calls} == {"missed"}

    def test_are_there_for_every_figure_of_which_there_are_any(self) -> None:
        work()
        found = counted(OCTOBER, NOW)
        empty = {name for (name, key), figure in found.joint.items() if not figure.n and not key}
        assert empty <= {"backlog_difference", "reopenings", "ended"}


class TestJointFigures:
    def test_are_sums_of_counts_and_never_means_of_shares(self) -> None:
        grounds = work()
        found = counted(OCTOBER, NOW)
        kinds = {each.name: each.kind for each in DEFINITIONS}
        for (name, key), joint in found.joint.items():
            each = [found.figures[ground.council.pk][name, key] for ground in grounds]
            if kinds[name] in {"count", "median", "p90", "largest", "nps"}:
                assert joint.n == sum(figure.n for figure in each), name
            if kinds[name] == "share":
                part = sum(figure.parts["part"] for figure in each)
                whole = sum(figure.parts["of"] for figure in each)
                share = None if joint.value is None else float(joint.value)
                assert share == (pytest.approx(100 * part / whole, abs=0.001) if whole else None), name
