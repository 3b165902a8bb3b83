"""What a user says to their own call."""

from django import forms

from moothall.look.widgets import Radios

LONGEST = 10_000
YES, NO = "yes", "no"


class _OwnForm(forms.Form):
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**53)

    @property
    def seen(self) -> int:
        """The event that they saw last; whoever saw nothing is never in time."""
        return self.cleaned_data.get("expected") or 0


class SayForm(_OwnForm):
    """An answer to a question, or something that is added."""

    text = forms.CharField(
        label="What do you want to add?",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": "Write something first",
            "max_length": f"Use {LONGEST:,} characters or fewer",
        },
    )

    def answering(self, question: str) -> "SayForm":
        """Put the question that waits for an answer."""
        self.fields["text"].label = "Your answer"
        self.fields["text"].help_text = question
        self.fields["text"].error_messages["required"] = "Write your answer first"
        return self


class WorksForm(_OwnForm):
    """Whether it works now; if not, what does not."""

    works = forms.ChoiceField(
        label="Does it work now?",
        choices=[(YES, "Yes, it works"), (NO, "No, it does not work")],
        widget=Radios(small=True, choices=[(YES, "Yes, it works"), (NO, "No, it does not work")]),
        error_messages={"required": "Say whether it works"},
    )
    text = forms.CharField(
        label="If not: what does not work?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )
    say_optional = False
    missing = "Say what does not work"

    def of_a_request(self) -> "WorksForm":
        """Put the questions as they are put of something that was asked for."""
        self.fields["works"].label, self.fields["text"].label = "Is it all there?", "If not: what is missing?"
        self.fields["works"].error_messages["required"] = "Say whether it is all there"
        answers = self.fields["works"]
        assert isinstance(answers, forms.ChoiceField)
        answers.choices = [(YES, "Yes, it is all there"), (NO, "No, something is missing")]
        self.missing = "Say what is missing"
        return self

    def clean(self) -> dict[str, object]:
        """Miss what does not work, if it does not."""
        given = super().clean() or {}
        if given.get("works") == NO and not given.get("text"):
            self.add_error("text", self.missing)
        return given


class WithdrawForm(_OwnForm):
    """They need it no more."""
