"""The forms of a major incident's room: lines, who is called, what is told, and how it ends."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from moothall.look import dates
from moothall.look.widgets import Checkboxes, Radios, Text
from moothall.plain.errors import Invalid
from moothall.process.kinds.moments import time_of_day
from moothall.servicedesk.actions.majors.leading import BY_HAND
from moothall.servicedesk.queries.majors import OnCall
from moothall.servicedesk.rules import majors as rules

Choices = Sequence[tuple[str, str]]
_WITH_DAY = re.compile(r"(\d{1,2})[/. ](\d{1,2})[/. ](\d{4}),? (?:at )?(.+)")
_LONGEST = 40
_LINES = {"fact": "What happened", "action": "What was done", "decision": "Decision"}


class MomentField(forms.Field):
    """A time of today, or of yesterday if it is still to come; or a day and a time: `22/11/2026 9:30am`."""

    widget = Text(width=10, attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, *, now: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.now = now

    def to_python(self, value: Any) -> Any:
        text = " ".join(str(value or "").split())[:_LONGEST]
        if not text:
            return None
        day, said = _day(text)
        time = time_of_day(said)
        if time is None or (day is None and said != text):
            raise ValidationError("Enter a time, like 9:30am, or a date and a time, like 22/11/2026 9:30am")
        now = self.now or timezone.now()
        moment = timezone.make_aware(datetime.combine(day or timezone.localdate(now), time))
        if day is None and moment > now + rules.AHEAD:
            moment -= timedelta(days=1)
        return moment


def _day(text: str) -> tuple[Any, str]:
    found = _WITH_DAY.fullmatch(text)
    if found is None:
        return None, text
    try:
        return datetime(int(found[3]), int(found[2]), int(found[1])).date(), found[4]  # noqa: DTZ001 - a day only
    except ValueError:
        return None, found[4]


def written(moment: datetime, now: datetime) -> str:
    """Return a moment as `MomentField` reads it."""
    time = dates.time_of_day(moment)
    day = timezone.localdate(moment)
    return time if day == timezone.localdate(now) else f"{day:%d/%m/%Y} {time}"


def complain(form: forms.Form, error: Invalid) -> None:
    """Say what an action refused at the question it is about; what is about none stands at the top of the form."""
    for key, sentences in (error.fields or {"": [error.sentence]}).items():
        for sentence in sentences:
            form.add_error(key if key in form.fields else None, sentence)


class LineForm(forms.Form):
    """One line of the timeline."""

    kind = forms.ChoiceField(
        label="What kind of line?",
        choices=[(each.value, _LINES[each.value]) for each in BY_HAND],
        initial="fact",
        widget=Radios(inline=True, small=True),
    )
    at = MomentField(label="When?", help_text="Like 9:30am", required=False)
    text = forms.CharField(
        label="What?",
        max_length=rules.TEXT_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Enter what happened."},
    )

    def __init__(self, data: Any = None, *, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, initial={"at": dates.time_of_day(now), **kwargs.pop("begin", {})}, **kwargs)
        at = self.fields["at"]
        assert isinstance(at, MomentField)
        at.now = now


class CorrectForm(LineForm):
    """What a line should have said, and when that was."""

    def __init__(self, data: Any = None, *, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, now=now, **kwargs)
        del self.fields["kind"]  # it stays what it was


class LeadForm(forms.Form):
    """Who leads, where they meet, and how often users are told."""

    manager = forms.ChoiceField(label="Who leads it?", required=False)
    bridge = forms.CharField(
        label="Where do those who mend it meet?",
        help_text="The number or address of the conference call",
        required=False,
        max_length=200,
        widget=Text(attrs={"autocomplete": "off"}),
    )
    every_minutes = forms.TypedChoiceField(
        label="How often are users told?",
        coerce=int,
        choices=[
            (number, f"Every {number} minutes" if number < 60 else f"Every {number // 60} hours")  # noqa: PLR2004
            for number in rules.EVERY
        ],
    )

    def __init__(self, data: Any = None, *, managers: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["manager"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose"), *managers]


class CallForm(forms.Form):
    """Whom to call in: somebody of the teams, or by name."""

    staff = forms.ChoiceField(label="Who?", required=False)
    name = forms.CharField(
        label="Somebody else",
        help_text="For example of a supplier: they are called by phone",
        required=False,
        max_length=150,
        widget=Text(width=20, attrs={"autocomplete": "off"}),
    )
    role = forms.CharField(
        label="As what?", required=False, max_length=100, widget=Text(width=20, attrs={"autocomplete": "off"})
    )

    def __init__(self, data: Any = None, *, people: Sequence[OnCall], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["staff"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Choose"),
            *(
                (str(each.staff.pk), f"{each.staff}, {'on call for ' * each.on_call}{each.team.name}")
                for each in people
            ),
        ]


class TellForm(forms.Form):
    """One text for all councils, or another for some of them."""

    councils = forms.MultipleChoiceField(
        label="Whom do you tell?",
        widget=Checkboxes(small=True),
        error_messages={"required": "Choose whom to tell."},
    )
    text = forms.CharField(
        label="What are users told?",
        help_text="What does not work, what they can do meanwhile, and what is being done. No names, no machines.",
        required=False,
        max_length=rules.NOTICE_LENGTH,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, data: Any = None, *, hit: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["councils"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(hit)
        field.initial = [number for number, _ in hit]
        for number, name in hit if len(hit) > 1 else ():
            self.fields[f"text_{number}"] = forms.CharField(
                label=f"Other words for {name}",
                required=False,
                max_length=rules.NOTICE_LENGTH,
                widget=forms.Textarea({"rows": 3}),
            )

    @property
    def texts(self) -> dict[int, str]:
        """What each of the chosen councils is told."""
        given = self.cleaned_data
        return {
            int(number): given.get(f"text_{number}") or given.get("text") or ""
            for number in given.get("councils", ())
        }


class RestoreForm(forms.Form):
    """What restored the service, and since when it is back."""

    fix = forms.CharField(
        label="What restored the service?",
        help_text="Users of the calls read it, too",
        max_length=rules.TEXT_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Enter what restored the service."},
    )
    at = MomentField(label="Since when is it back?", help_text="Like 9:30am", required=False)


class WhyForm(forms.Form):
    """One sentence that says why."""

    why = forms.CharField(label="Why?", max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, data: Any = None, *, label: str, missing: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["why"].label = label
        self.fields["why"].error_messages["required"] = missing


def _whom(each: OnCall) -> str:
    return f"{each.staff}, {'on call for ' if each.on_call else ''}{each.team.name}"
