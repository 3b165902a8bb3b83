"""Recording a contact in seconds, sorting what came in, and answering it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from moothall.contacts import rules
from moothall.contacts.models import Channel, Contact
from moothall.look import dates
from moothall.look.widgets import Phone, Radios, Text
from moothall.process.kinds.moments import time_of_day
from moothall.workplace.queries.contacts import CASE, SERVICE, Desk

Choices = Sequence[tuple[str, str]]
OUTCOME = Contact.Outcome
_RECORDED = (OUTCOME.ANSWERED, OUTCOME.CALL_BACK, OUTCOME.PASSED_ON, OUTCOME.SIGNPOSTED, OUTCOME.NO_ANSWER)
_DAYS = 15
_LONGEST_CALL = timedelta(hours=4)


class ContactForm(forms.Form):
    """One conversation on one screen, in the order in which it is known. `about` is a case or a service."""

    council = forms.ChoiceField(label="Which council was it for?")
    channel = forms.ChoiceField(label="How?", widget=Radios(inline=True, small=True))
    direction = forms.ChoiceField(
        label="Who reached whom?", widget=Radios(inline=True, small=True), choices=Contact.Direction.choices
    )
    given_name = forms.CharField(label="Who was it?", required=False, max_length=150)
    address = forms.CharField(
        label="Their phone number or email address",
        required=False,
        max_length=320,
        widget=Text(width=30, attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    about = forms.ChoiceField(label="What was it about?", required=False)
    summary = forms.CharField(
        label="What was said?",
        required=False,
        max_length=rules.SUMMARY_LENGTH,
        widget=forms.Textarea({"rows": 4}),
    )
    outcome = forms.ChoiceField(
        label="What came of it?",
        widget=Radios(inline=True, small=True),
        error_messages={"required": "Choose what came of it"},
    )
    resolved = forms.BooleanField(label="It is settled now: they need not come back about it", required=False)
    avoidable = forms.ChoiceField(
        label="Could it have been avoided?", required=False, widget=Radios(inline=True, small=True)
    )
    phone = forms.CharField(label="Number to call", required=False, max_length=30, widget=Phone())
    day = forms.ChoiceField(label="On which day?", required=False)
    time = forms.CharField(
        label="Not before when?",
        help_text="For example, 9:30am or 14:00. Leave it out for as soon as possible.",
        required=False,
        max_length=20,
        widget=Text(width=10, attrs={"autocomplete": "off"}),
    )
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)
    began = forms.IntegerField(widget=forms.HiddenInput, required=False)

    CALL = ("phone", "day", "time")
    REACHED = ("given_name", "address")
    say_optional = False

    def __init__(self, data: Any = None, *, now: datetime, desk: Desk, begin: Mapping[str, str]) -> None:
        councils = desk.choices
        start: dict[str, Any] = {
            "channel": Channel.PHONE,
            "direction": Contact.Direction.IN,
            "submission": uuid4().hex,
            "began": int(now.timestamp()),
        }
        super().__init__(data, initial=start | {key: value for key, value in begin.items() if value})
        self.now = now
        self._choose("council", councils)
        self._choose("channel", list(Channel.choices))
        self._choose("about", [("", "Something else"), *desk.about])
        self._choose("outcome", [(each.value, each.label) for each in _RECORDED])
        self._choose("avoidable", [("", "No"), *Contact.Avoidable.choices])
        self._choose("day", list(days_ahead(now.astimezone(dates.LONDON).date())))
        if len(councils) == 1:
            self.fields["council"].widget = forms.HiddenInput()
            self.initial["council"] = councils[0][0]
        if desk.whom is not None:
            self.fields["given_name"].label = "Who was it, if somebody else spoke for them?"
            self.order_fields([each for each in self.fields if each not in self.REACHED])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Check what a call-back needs: a time of day that can be read. The rest the contacts room checks."""
        given = super().clean() or {}
        if given.get("outcome") == OUTCOME.CALL_BACK:
            given["call_at"] = self._call_at(given)
        elif not given.get("summary") and not given.get("about"):
            self.add_error("summary", "Say what it was about, or choose a case or service")
        return given

    def _call_at(self, given: dict[str, Any]) -> datetime | None:
        typed = str(given.get("time") or "")
        at = time_of_day(" ".join(typed.split()))
        if typed.strip() and at is None:
            self.add_error("time", ValidationError("Enter a time, like 9:30am or 14:00"))
            return None
        return moment_of(str(given.get("day") or ""), at, self.now)

    @property
    def seconds(self) -> int | None:
        """How long the contact took: from when the form was opened, if that is believable."""
        began = self.cleaned_data.get("began")
        took = int(self.now.timestamp()) - began if began else 0
        return took if 0 < took <= _LONGEST_CALL.total_seconds() else None

    @property
    def case_id(self) -> int | None:
        """The case that was chosen."""
        chosen = str(self.cleaned_data.get("about") or "")
        return int(chosen.removeprefix(CASE)) if chosen.startswith(CASE) else None

    @property
    def service(self) -> str:
        """The service that was chosen."""
        chosen = str(self.cleaned_data.get("about") or "")
        return chosen.removeprefix(SERVICE) if chosen.startswith(SERVICE) else ""


class PutForm(forms.Form):
    """A case by its reference, or a person by theirs."""

    to = forms.CharField(
        label="Reference of a case or a person",
        max_length=30,
        widget=Text(width=20, attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter the reference of a case or a person"},
    )


class AsideForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is nothing to be done?",
        choices=Contact.Aside.choices,
        widget=Radios(small=True, choices=Contact.Aside.choices),
        error_messages={"required": "Choose why nothing is to be done"},
    )


class AnswerForm(forms.Form):
    subject = forms.CharField(
        label="Subject", max_length=200, error_messages={"required": "Enter a subject"}, widget=Text()
    )
    text = forms.CharField(
        label="Your answer",
        help_text="They get it by email. It is kept with the contact.",
        max_length=rules.SUMMARY_LENGTH,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Write the answer first"},
    )
    submission = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)


class DemandForm(forms.Form):
    """Which contacts are counted: of one council, channel or service, and over how many months."""

    say_optional = False

    council = forms.ChoiceField(label="Council", required=False)
    channel = forms.ChoiceField(
        label="Channel", required=False, choices=[("", "All channels"), *Channel.choices]
    )
    about = forms.ChoiceField(label="Service", required=False)
    months = forms.TypedChoiceField(
        label="How far back",
        required=False,
        coerce=int,
        choices=[("3", "3 months"), ("6", "6 months"), ("12", "12 months"), ("24", "24 months")],
    )

    def __init__(self, data: Any, *, councils: Choices, services: Choices) -> None:
        given = data.copy()
        given.setdefault("months", "6")
        super().__init__(given)
        for name, everything, choices in (
            ("council", "All councils", councils),
            ("about", "All services", services),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", everything), *choices]
        if len(councils) < 2:  # noqa: PLR2004 - nothing to choose between
            del self.fields["council"]


def days_ahead(today: date) -> list[tuple[str, str]]:
    """Return the days for which a call may be promised on this page, as people say them.

    >>> days_ahead(date(2026, 11, 23))[:3]
    [('2026-11-23', 'Today'), ('2026-11-24', 'Tomorrow'), ('2026-11-25', 'Wednesday 25 November')]
    """
    days = [today + timedelta(days=number) for number in range(_DAYS)]
    said = ["Today", "Tomorrow", *(f"{day:%A} {day.day} {day:%B}" for day in days[2:])]
    return [(day.isoformat(), words) for day, words in zip(days, said, strict=True)]


def moment_of(day: str, at: Any, now: datetime) -> datetime:
    """Return the moment of a call: that time on that day in London, the day's beginning, or at once today."""
    here = now.astimezone(dates.LONDON)
    on = date.fromisoformat(day) if day else here.date()
    if at is None:
        return now if on == here.date() else datetime.combine(on, datetime.min.time(), tzinfo=dates.LONDON)
    return datetime.combine(on, at, tzinfo=dates.LONDON)
