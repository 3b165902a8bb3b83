"""Charts: the figures in the right places, safe to show, and fit for any width."""

import re
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from moothall.look import charts

NASTY = '<script>alert("x")</script>'


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def bars_of(svg: str) -> list[tuple[str, float, float]]:
    """Return each bar: its series, where it begins, and how wide it is."""
    return [
        (
            each.attrib["class"][-1],
            float(each.attrib["x"].rstrip("%")),
            float(each.attrib["width"].rstrip("%")),
        )
        for each in tree(svg).iter("rect")
    ]


class TestBars:
    def test_are_as_long_as_their_figures_and_their_parts_follow_one_another(self) -> None:
        svg = charts.bars("Times", [charts.Bar("A", (3, 1), "4"), charts.Bar("B", (1, 1), "2")])
        full = 60.0
        assert bars_of(svg) == [
            ("1", 0, full * 3 / 4), ("2", full * 3 / 4, full / 4), ("1", 0, full / 4), ("2", full / 4, full / 4),
        ]  # fmt: skip

    def test_of_nothing_are_drawn_without_a_bar(self) -> None:
        assert bars_of(charts.bars("Nothing", [charts.Bar("A", (0, 0), "none")])) == []
        assert bars_of(charts.bars("Nothing", [])) == []


class TestColumns:
    def test_stand_on_the_ground_and_reach_as_high_as_their_figures(self) -> None:
        svg = charts.columns("Cases", [charts.Column("Nov 2025", (4, 2)), charts.Column("Dec 2025", (0, 1))])
        high = [float(each.attrib["height"]) for each in tree(svg).iter("rect")]
        assert high == [high[0], high[0] / 2, high[0] / 4]
        assert {
            float(each.attrib["y"]) + float(each.attrib["height"]) for each in tree(svg).iter("rect")
        } == {204}

    def test_leave_out_labels_where_there_are_too_many(self) -> None:
        labels = [f"M{number} 2026" for number in range(40)]
        svg = charts.columns("Cases", [charts.Column(label, (1,)) for label in labels])
        shown = [each.text for each in tree(svg).iter("text") if (each.text or "").startswith("M")]
        assert shown[:3] == ["M0", "M4", "M8"]


class TestDots:
    def test_have_a_mark_for_each_series_that_has_a_figure(self) -> None:
        svg = charts.dots("Councils", [charts.Dots("Check", (0, None, 10))], start="At once", end="10 days")
        places = [each.attrib["x"] for each in tree(svg).findall("svg")]
        assert places == ["1.5%", "98.5%"]
        shapes = {each.attrib["d"] for each in tree(svg).iter("path")}
        assert shapes == {charts.SHAPES[0], charts.SHAPES[2]}

    def test_tell_as_many_series_apart_as_there_are_shapes(self) -> None:
        assert len(set(charts.SHAPES)) == len(charts.SHAPES) >= 6


class TestATrend:
    def test_fills_the_last_month_and_leaves_out_what_is_not_known(self) -> None:
        svg = charts.trend("Score", [("Aug", 10), ("Sep", None), ("Oct", 20)], high="20")
        rows = list(tree(svg).iter("rect"))
        assert [each.attrib["class"].split()[-1][-1] for each in rows] == ["2", "1"]
        assert [float(each.attrib["height"]) for each in rows] == [40, 80]

    def test_hangs_what_is_below_nought_from_the_line(self) -> None:
        svg = charts.trend("Score", [("Sep", 30), ("Oct", -10)], high="+30")
        up, down = [
            (float(each.attrib["y"]), float(each.attrib["height"])) for each in tree(svg).iter("rect")
        ]
        assert up[0] + up[1] == down[0]
        assert up[1] == 3 * down[1]

    def test_holds_its_months_to_a_line(self) -> None:
        svg = charts.trend("Calls", [("Oct", 0.5)], high="0.5", held_to=1.0)
        held = [each for each in tree(svg).iter("line") if "held" in each.attrib["class"]]
        assert [each.attrib["y1"] for each in held] == ["22"]


@pytest.mark.parametrize(
    "svg",
    [
        charts.bars(NASTY, [charts.Bar(NASTY, (1,), NASTY)]),
        charts.columns(NASTY, [charts.Column(NASTY, (1,))]),
        charts.dots(NASTY, [charts.Dots(NASTY, (1,))], start=NASTY, end=NASTY),
        charts.trend(NASTY, [(NASTY, 1), (NASTY, -1)], high=NASTY, held_to=2),
    ],
)
class TestAnyChart:
    def test_is_an_image_with_a_name_and_no_markup_of_others(self, svg: Markup) -> None:
        assert tree(svg).attrib["role"] == "img"
        assert tree(svg).attrib["aria-label"] == NASTY
        assert "<script" not in svg

    def test_has_no_style_that_the_policy_would_refuse_and_fits_any_width(self, svg: Markup) -> None:
        assert not re.search(r"style=|on\w+=|<style|href=", svg)
        assert tree(svg).attrib["width"] == "100%"
        assert "viewBox" not in svg
