"""A date in three boxes."""

import datetime as dt

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from moothall.look.fields import DateField
from moothall.look.widgets import DateParts


class Moving(forms.Form):
    moved = DateField(what="The date you moved in", required=True)


def _moved(day: str, month: str, year: str) -> Moving:
    return Moving({"moved_day": day, "moved_month": month, "moved_year": year})


class TestADateInThreeBoxes:
    @given(st.dates(min_value=dt.date(1000, 1, 1)))
    def test_takes_every_real_date(self, day: dt.date) -> None:
        form = _moved(str(day.day), str(day.month), str(day.year))
        assert form.is_valid()
        assert form.cleaned_data["moved"] == day

    @pytest.mark.parametrize("month", ["nov", "Nov", "November", "11", " 11 "])
    def test_takes_months_as_people_write_them(self, month: str) -> None:
        form = _moved("2", month, "2026")
        assert form.is_valid(), form.errors
        assert form.cleaned_data["moved"] == dt.date(2026, 11, 2)

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            (("31", "2", "2026"), "The date you moved in must be a real date"),
            (("", "2", "2026"), "The date you moved in must include a day"),
            (("", "", "2026"), "The date you moved in must include a day and month"),
            (("1", "2", "26"), "Year must include 4 numbers"),
            (("x", "y", "2026"), "The date you moved in must be a real date"),
            (("1", "2", "٢٠٢٦"), "Year must include 4 numbers"),
            (("-1", "2", "2026"), "The date you moved in must be a real date"),
            (("1", "2", "9" * 5000), "Year must include 4 numbers"),
            (("9" * 5000, "2", "2026"), "The date you moved in must be a real date"),
            (("²", "2", "2026"), "The date you moved in must be a real date"),
        ],
    )
    def test_says_which_part_is_wrong(self, typed: tuple[str, str, str], says: str) -> None:
        assert _moved(*typed).errors["moved"] == [says]

    def test_keeps_what_was_typed_and_marks_the_box_that_is_wrong(self) -> None:
        page = str(_moved("44", "2", "2026"))
        assert 'value="44"' in page
        assert page.count("govuk-input--error") == 1

    def test_marks_the_boxes_that_a_form_names(self) -> None:
        widget = DateParts({"wrong_parts": ("year",)})
        assert widget.wrong_parts(("1", "2", "2026")) == ("year",)

    def test_shows_a_date_that_was_kept(self) -> None:
        assert DateParts.typed(dt.date(2026, 11, 2)) == ("2", "11", "2026")
        assert DateParts.typed("2026-11-02") == ("2", "11", "2026")
        assert DateParts.typed("nonsense") == ("", "", "")
        assert DateParts.typed(None) == ("", "", "")

    def test_may_be_left_out_when_it_is_not_required(self) -> None:
        class Optional(forms.Form):
            moved = DateField(required=False)

        form = Optional({})
        assert form.is_valid()
        assert form.cleaned_data["moved"] is None
        assert not form.has_changed()
