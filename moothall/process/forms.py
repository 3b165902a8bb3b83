"""The questions of a step, and how it turns out, as Django forms; what comes out is what the engine takes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings

from moothall.look.widgets import Radios
from moothall.plain.errors import TooLarge, Unavailable
from moothall.process import answers, cel, files
from moothall.process.cel import Facts
from moothall.process.definition import Definition, Field, Outcome
from moothall.process.errors import FileRefused
from moothall.process.files import Kept
from moothall.process.inputs import Files, widget_of
from moothall.process.kinds import KINDS, Wrong
from moothall.process.kinds.colleagues import StaffKind
from moothall.process.rules import TEXT_LENGTH

_BOOLEANS = {True: "yes", False: "no"}
NEW = "new"


class Question(forms.Field):
    """One question; `required` only says so on the page, since the language checks it."""

    def validate(self, value: Any) -> None:
        """Leave it to the form."""


class AnswersForm(forms.Form):
    """Questions, checked by the language and not by Django, so that every door checks the same.

    `known` are the facts from before (with `now`), `held` the answers so far. A question whose `when` can
    no longer come true is left out; one that depends on another question of the same form is shown. `needed` are
    the questions that the chosen outcome needs; without it, all that are not optional.
    """

    one_question = False

    def __init__(  # noqa: PLR0913 - each is one thing that is known of the answers
        self,
        data: Any = None,
        files: Any = None,
        *,
        definition: Definition,
        keys: Iterable[str],
        known: Facts,
        held: Mapping[str, Any] | None = None,
        needed: Collection[str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(data, files, **more)
        self.definition = definition
        self.known = known
        self.needed = needed
        self.held = dict(held or {})
        self.keys = _put(definition, tuple(keys), known)
        self.one_question = len(self.keys) == 1
        self.taken: dict[str, Any] = {}
        for key in self.keys:
            self.fields[key] = self._input(definition.fields[key])

    def _input(self, field: Field) -> forms.Field:
        made = Question(
            label=field.ask,
            help_text=field.hint or KINDS[field.type].hint,
            required=not field.optional,
            widget=widget_of(field),
            initial=entered(field, self.held.get(field.key)),
        )
        made.widget.is_required = False
        return made

    @property
    def uploads(self) -> dict[str, list[Any]]:
        """The files that were sent, by question; they replace those held."""
        return {
            key: self.sent(key)
            for key in self.keys
            if isinstance(self.fields[key].widget, Files) and self.sent(key)
        }

    def sent(self, key: str) -> Any:
        """Return what was sent for a question, as its input reads it."""
        return self.fields[key].widget.value_from_datadict(self.data, self.files, self.add_prefix(key))

    def _raw(self, key: str) -> Any:
        value = self.sent(key)
        widget = self.fields[key].widget
        if isinstance(widget, Files):
            return [{"id": NEW, "name": file.name} for file in value] or self.held.get(key)
        if KINDS[self.definition.fields[key].type].name == "date":
            return (
                dict(zip(("day", "month", "year"), value, strict=True)) if isinstance(value, tuple) else value
            )
        return value

    def clean(self) -> dict[str, Any]:
        """Check every answer by the language; hidden ones come out as None."""
        raw = {key: self._raw(key) for key in self.keys}
        self.taken, wrong = answers.check(self.definition, self.keys, raw, self.known, self.needed)
        for key, error in wrong.items():
            self._complain(key, error)
        return {**self.cleaned_data, **self.taken}

    def _complain(self, key: str, error: Wrong) -> None:
        sentences = list(dict.fromkeys(error.parts.values())) or [error.sentence]
        for sentence in sentences:
            self.add_error(key, forms.ValidationError(_without_stop(sentence), code="answer"))
        if error.parts:
            self.fields[key].widget.attrs["wrong_parts"] = tuple(error.parts)

    def keep_files(self) -> dict[str, list[Kept]]:
        """Keep the files that were sent in a good form, and return them by question; none for a hidden question.

        What cannot be kept is said at its question, after which the form is not good any more. It takes time to draw
        a picture anew: no transaction should wait for it.
        """
        kept: dict[str, list[Kept]] = {}
        for key, uploads in self.uploads.items():
            pictures = self.definition.fields[key].type == "photo"
            for upload in uploads if self.taken.get(key) is not None else ():
                try:
                    file = files.keep(upload, limit=settings.UPLOAD_LIMIT, images_only=pictures)
                except (FileRefused, TooLarge, Unavailable) as error:
                    self.add_error(key, _without_stop(error.sentence))
                else:
                    kept.setdefault(key, []).append(file)
        return kept

    def answers(self, kept: Mapping[str, Sequence[Kept]] | None = None) -> dict[str, Any]:
        """Return the answers as JSON, None for what is hidden or empty; `kept` is what `keep_files` returned."""
        stored = {key: [file.as_answer for file in found] for key, found in (kept or {}).items()}
        if unkept := [key for key in self.uploads if key not in stored and self.taken.get(key) is not None]:
            raise ValueError(f"The files of {', '.join(unkept)} must be kept first.")
        return self.taken | stored


class OutcomeForm(forms.Form):
    """How a step turns out, and why. Where there is only one way, the button says it.

    `expected` is the event that the person saw last: whoever saw nothing is never in time.
    """

    question = "What happens next?"
    unanswered = "Choose what happens next"
    go_on = "Save and go on"
    small = False
    say_optional = False

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**53)
    outcome = forms.ChoiceField(required=False)
    text = forms.CharField(required=False, max_length=TEXT_LENGTH, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, outcomes: Sequence[Outcome], **more: Any) -> None:
        super().__init__(data, **more)
        self.outcomes = {each.key: each for each in outcomes}
        self.only = outcomes[0] if len(outcomes) == 1 else None
        if self.only is not None:
            del self.fields["outcome"]
        else:
            choice = self.fields["outcome"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [(each.key, each.title) for each in outcomes]
            choice.widget = Radios(small=self.small, choices=choice.choices)
            choice.label = self.question
            choice.required, choice.widget.is_required = True, False
            choice.error_messages["required"] = self.unanswered
        self._ask_why([each for each in outcomes if each.need_text])

    def _ask_why(self, needing: Sequence[Outcome]) -> None:
        """Put the question for the words that an outcome needs; without such an outcome there is no such question."""
        if not needing:
            del self.fields["text"]
            return
        field = self.fields["text"]
        field.error_messages["max_length"] = f"What you write must be {TEXT_LENGTH:,} characters or fewer"
        if len(needing) == 1:
            field.label = needing[0].need_text
            field.help_text = "" if self.only else f"Needed for “{needing[0].title}”."
        else:
            field.label = "Why?"
            field.help_text = " ".join(f"For “{each.title}”: {each.need_text}" for each in needing)

    def hint(self, closed: Mapping[str, str]) -> None:
        """Say beside each outcome that is closed so far what is in its way."""
        if self.only is None:
            widget = self.fields["outcome"].widget
            assert isinstance(widget, Radios)
            widget.hints = closed

    def clean(self) -> dict[str, Any]:
        """Miss the words that the chosen outcome needs; what no page of ours sends counts as nothing seen."""
        self.errors.pop("expected", None)
        given = self.cleaned_data
        chosen = self.only or self.outcomes.get(given.get("outcome", ""))
        if chosen and chosen.need_text and "text" in given and not given["text"]:
            self.add_error("text", _without_stop(chosen.text_missing))
        return given

    @property
    def chosen(self) -> str:
        """The outcome that was sent, good or not; empty if there is none yet."""
        return self.only.key if self.only else str(self["outcome"].data or "")

    @property
    def button(self) -> str:
        return self.only.title if self.only else self.go_on

    def decided(self) -> tuple[int, str, str]:
        """Return the event the person saw last, the outcome chosen, and the words."""
        return self.cleaned_data.get("expected") or 0, self.chosen, self.cleaned_data.get("text", "")


def _put(definition: Definition, keys: tuple[str, ...], known: Facts) -> tuple[str, ...]:
    """Return the questions that may come up: their rule holds, or asks about another question of this form."""
    here: set[str] = set()
    for key in keys:
        when = definition.fields[key].when
        depends = bool(when) and any(path[0] in here for path in cel.rule(when).names)
        if depends or cel.holds(when, known):
            here.add(key)
    return tuple(key for key in keys if key in here)


def entered(field: Field, value: Any) -> Any:
    """Return a kept answer as its input shows it."""
    if value is None:
        return None
    if field.type == "yesno":
        return _BOOLEANS[bool(value)]
    if field.type == "money":
        return f"{value / 100:.2f}"
    if field.type == "staff":
        return StaffKind().typed(value)
    if field.type in ("phone", "list"):
        return KINDS[field.type].words(field, value)
    return None if field.type in ("photo", "file") else value


def _without_stop(sentence: str) -> str:
    """Return a sentence as GOV.UK writes errors: a single one has no full stop."""
    single = sentence.removesuffix(".")
    return sentence if ". " in single else single
