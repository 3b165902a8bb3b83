"""Forms of the portal that are not questions of a process."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from moothall.look.widgets import Phone, Radios, Text
from moothall.process.definition import Contact as Needed
from moothall.process.definition import Field
from moothall.process.forms import OutcomeForm, Question, entered
from moothall.process.inputs import widget_of
from moothall.process.kinds import KINDS
from moothall.process.kinds.uploads import FileKind
from moothall.process.rules import TEXT_LENGTH
from moothall.requests import rules
from moothall.requests.models import Prefers


class ContactForm(forms.Form):
    """Who asks and how to reach them. What may stand here is decided by requests.rules.person."""

    name = forms.CharField(
        label="Full name", required=False, widget=Text(attrs={"autocomplete": "name", "spellcheck": "false"})
    )
    prefers = forms.ChoiceField(
        label="How should we contact you?",
        required=False,
        choices=Prefers.choices,
        widget=Radios(inline=True),
    )
    email = forms.CharField(
        label="Email address",
        required=False,
        help_text="We send your reference here, and tell you what happens.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(label="Phone number", required=False, widget=Phone())
    say_optional = False

    def __init__(self, *args: Any, needed: Needed, **more: Any) -> None:
        super().__init__(*args, **more)
        if needed == "optional":
            for name in ("name", "email", "phone"):
                field = self.fields[name]
                field.label = f"{field.label} (optional)"
            del self.fields["prefers"]

    def complain(self, wrong: dict[str, list[str]]) -> None:
        """Show what cannot be taken, at its input."""
        for name, sentences in wrong.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence.removesuffix("."))


class AddressForm(forms.Form):
    """Where to send the link back to saved answers."""

    say_optional = False

    email = forms.CharField(
        label="Email address",
        required=False,
        help_text="We send you a link to go on. We use your address for nothing else.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class LostLinkForm(forms.Form):
    """Which request, and whose."""

    reference = forms.CharField(
        label="Reference",
        max_length=40,
        help_text="It is on your confirmation and in our emails, for example ASH-7KQ4-M2XD.",
        error_messages={"required": "Enter your reference", "max_length": "Enter a shorter reference"},
        widget=Text(width=20, attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )
    email = forms.CharField(
        label="Email address",
        max_length=254,
        help_text="The address you gave when you made the request.",
        error_messages={"required": "Enter your email address"},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class CommentForm(forms.Form):
    """Something more for the staff: words, a file, or both."""

    text = forms.CharField(
        label="Your message",
        required=False,
        max_length=rules.COMMENT_LENGTH,
        error_messages={"max_length": f"Your message must be {rules.COMMENT_LENGTH:,} characters or fewer"},
        widget=forms.Textarea({"rows": "4", "maxlength": str(rules.COMMENT_LENGTH)}),
    )
    file = forms.FileField(
        label="Photo or document",
        required=False,
        widget=forms.FileInput({"accept": FileKind.accept}),
    )
    use_required_attribute = False
    say_optional = False


class WithdrawForm(forms.Form):
    """Why a request is taken back, if somebody wants to say."""

    text = forms.CharField(
        label="Is there anything you want to tell us about it?",
        required=False,
        max_length=TEXT_LENGTH,
        error_messages={"max_length": f"What you tell us must be {TEXT_LENGTH:,} characters or fewer"},
        widget=forms.Textarea({"rows": "3"}),
    )


class CodeForm(forms.Form):
    """What a letter says: the reference and the code. Whether they are right is said of both together."""

    reference = forms.CharField(
        label="Reference",
        max_length=40,
        help_text="It begins with PSN, for example PSN-7KQ4-M2XD.",
        error_messages={
            "required": "Enter the reference from the letter",
            "max_length": "Enter a shorter reference",
        },
        widget=Text(
            width=20, attrs={"spellcheck": "false", "autocapitalize": "characters", "autocomplete": "off"}
        ),
    )
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="12 letters and numbers, for example ABCD-0123-WXY7. It does not matter how you type it.",
        error_messages={"required": "Enter the code from the letter", "max_length": "Enter a shorter code"},
        widget=Text(
            width=20, attrs={"spellcheck": "false", "autocapitalize": "characters", "autocomplete": "off"}
        ),
    )
    say_optional = False


class DetailForm(forms.Form):
    """The parts of one thing that a council holds about somebody, as they put it right themselves.

    What may stand here is decided by the rules of the register.
    """

    def __init__(
        self, data: Any = None, *, parts: Sequence[Field], held: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        for part in parts:
            made = Question(
                label=part.ask,
                help_text=part.hint or KINDS[part.type].hint,
                required=not part.optional,
                widget=widget_of(part),
                initial=entered(part, (held or {}).get(part.key)),
            )
            made.widget.is_required = False
            self.fields[part.key] = made

    def given(self) -> dict[str, Any]:
        """Return what was typed, part by part."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, name)
            for name, field in self.fields.items()
        }

    def complain(self, wrong: Mapping[str, Sequence[str]]) -> None:
        """Show what cannot be taken, at its input."""
        self.full_clean()
        for name, sentences in wrong.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence.removesuffix("."))


class ReplyForm(OutcomeForm):
    """How a step that waits for the resident turns out, in the words of a letter to them."""

    question = "What would you like to do?"
    unanswered = "Select what you would like to do"
    go_on = "Send"
