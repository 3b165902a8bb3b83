"""Made-up content for the gallery of components."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms

from moothall.look import widgets
from moothall.look.fields import DateField
from moothall.look.hooks import Frame, Link
from moothall.look.themes import Theme

PURPLE = Theme(brand="#5b2c6f", link="#6b3283")
NOW = dt.datetime(2026, 11, 22, 15, 5, tzinfo=dt.UTC)


class EveryField(forms.Form):
    name = forms.CharField(max_length=100, help_text="As it stands on your council tax bill")
    email = forms.EmailField(label="Email address")
    phone = forms.CharField(label="Telephone number", widget=widgets.Phone, required=False)
    rent = forms.DecimalField(label="Weekly rent", widget=widgets.Text(width=5, prefix="£", suffix="a week"))
    people = forms.IntegerField(label="How many people live there?", min_value=1)
    moved = DateField(
        label="When did you move in?", what="The date you moved in", help_text="For example, 27 3 2026"
    )
    contact = forms.ChoiceField(
        label="How should we contact you?",
        choices=[("email", "Email"), ("phone", "Telephone"), ("none", "Do not contact me")],
        widget=widgets.Radios(hints={"phone": "On weekdays between 9am and 5pm"}, divider_before="none"),
    )
    again = forms.ChoiceField(
        label="Has this happened before?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=widgets.Radios(inline=True),
    )
    bins = forms.MultipleChoiceField(
        label="Which bins were missed?",
        choices=[("green", "Green bin"), ("blue", "Blue bin"), ("brown", "Brown bin")],
        widget=widgets.Checkboxes(hints={"brown": "Garden waste, if you pay for it"}),
        help_text="Choose all that apply",
    )
    ward = forms.ChoiceField(label="Ward", choices=[("", "Choose a ward"), ("n", "North"), ("s", "South")])
    photo = forms.FileField(label="Photo", required=False, help_text="JPG, PNG or PDF, up to 10 MB")
    details = forms.CharField(label="What happened?", widget=forms.Textarea, max_length=500)
    password = forms.CharField(widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="I confirm that this is true to the best of my knowledge")


class OneQuestion(forms.Form):
    one_question = True
    when = DateField(
        label="When was your bin missed?",
        what="The date",
        help_text="For example, 19 11 2026. We can look into the last 14 days.",
    )


class Filter(forms.Form):
    say_optional = False
    words = forms.CharField(label="Reference or words", required=False)
    team = forms.ChoiceField(choices=[("", "All teams"), ("w", "Waste"), ("h", "Highways")], required=False)
    state = forms.ChoiceField(choices=[("", "Any"), ("late", "Late"), ("soon", "Due soon")], required=False)


def context(name: str) -> Mapping[str, Any]:
    """Return what a page of the gallery shows."""
    common = {"frame": _frame(staff=name == "staff"), "now": NOW, "history": _history(), "work": _work()}
    if name == "form":
        wrong = {"email": "not an address", "moved_day": "31", "moved_month": "2", "moved_year": "2026"}
        return {**common, "form": EveryField(wrong), "fresh": EveryField(prefix="fresh")}
    if name == "question":
        return {**common, "form": OneQuestion(), "back": "/look/"}
    if name == "staff":
        return {**common, "filter": Filter(), "tiles": _tiles(), "menu": []}
    return common


def theme(code: str) -> Theme | None:
    """Return the colours of the gallery's council."""
    return PURPLE if code == "gallery" else None


def _frame(*, staff: bool) -> Frame:
    return Frame(
        name="Ashdale City Council",
        home="/look/",
        theme=None if staff else PURPLE,
        theme_code="" if staff else "gallery",
        navigation=(Link("Report it", "/look/", current=True), Link("Follow a request", "/look/form/")),
        account=(Link("Priya Shah", "/look/"), Link("Sign out", "/look/")),
        footer=(Link("Accessibility", "/look/"), Link("Privacy", "/look/"), Link("Cookies", "/look/")),
        notice="Demonstration: everything here is made up.",
    )


def _history() -> list[dict[str, Any]]:
    return [
        {"title": "Crew sent", "at": NOW, "by": "Tom Ashworth, Waste team", "key": True},
        {
            "title": "Note added",
            "at": NOW - dt.timedelta(hours=2),
            "by": "Priya Shah, Contact centre",
            "text": "The lane was blocked by roadworks.\nThe crew will come in by the north end.",
        },
        {"title": "Request received", "at": NOW - dt.timedelta(days=1), "by": "online"},
    ]


def _work() -> list[dict[str, Any]]:
    rows = (
        ("ASH-7KQ4-M2XD", "Missed bin", "12 Mill Lane, Ashdale", "late", "1 working day ago", "Tom Ashworth"),
        ("ASH-2P9C-W1TR", "Street problem", "Corner of High Street", "soon", "today at 5pm", ""),
        ("ASH-J8V3-0KXE", "Housing repair", "Flat 4, Beech House", "good", "in 3 working days", "Priya Shah"),
        ("ASH-AAQ1-93BD", "Complaint, stage 1", "About a delayed repair", "paused", "waits for answer", ""),
    )
    names = ("reference", "service", "about", "state", "due", "person")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _tiles() -> list[dict[str, Any]]:
    return [
        {"figure": 1204, "label": "Open", "href": "/look/staff/"},
        {
            "figure": 37,
            "label": "Late",
            "href": "/look/staff/",
            "state": "late",
            "note": "3 more than yesterday",
        },
        {"figure": 85, "label": "Due in 2 working days", "href": "/look/staff/", "state": "soon"},
        {"figure": 12, "label": "With nobody", "href": "/look/staff/"},
    ]
