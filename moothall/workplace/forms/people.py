"""What a caller says of themselves; how people belong together; for whom a record stays open."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from moothall.look.fields import DateField
from moothall.look.widgets import Checkboxes, Phone, Radios, Text
from moothall.persons.rules import told, wordlists
from moothall.persons.rules.facts import KINDS, NewFact, cleaned
from moothall.persons.rules.known import Known, Place, fold
from moothall.plain.errors import Invalid
from moothall.process.forms import Question
from moothall.process.inputs import AddressParts

_PLACES = {
    ("name", "given"): "given",
    ("name", "family"): "family",
    ("birth", "date"): "born",
    ("address", "place"): "place",
    ("phone", "number"): "phone",
    ("email", "address"): "email",
    ("identifier", "value"): "number",
}
"""At which question of the form a part of a fact is asked for."""
_EMAIL = re.compile(r"\S+@\S+")
_DAY = re.compile(r"\b(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})\b")
_POSTCODE = re.compile(r"(?i)\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b")
_NUMBER = re.compile(r"\+?\d[\d ]{8,14}\d")
_SCHEMES = next(part for part in KINDS["identifier"].parts if part.key == "scheme").of


def as_typed(text: str) -> dict[str, Any]:
    """Return what was typed into the search box as a new person's form begins with it.

    >>> as_typed("sam okoro ab10 1ab 07700 900123 4/5/1980 sam@example.org") == {
    ...     "given": "Sam", "family": "Okoro", "place": {"postcode": "AB10 1AB"}, "phone": "07700 900123",
    ...     "born": date(1980, 5, 4), "email": "sam@example.org"}
    True
    """
    found: dict[str, Any] = {}
    rest = text.strip()
    for key, pattern in (("email", _EMAIL), ("born", _DAY), ("postcode", _POSTCODE), ("phone", _NUMBER)):
        if match := pattern.search(rest):
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
            found |= _typed_part(key, match)
    words = " ".join(rest.split())
    if words and not any(letter.isdigit() for letter in words):
        parts = told.name_parts(words.title() if words in (words.lower(), words.upper()) else words)
        given = " ".join(parts[part] for part in ("given", "middle") if part in parts)
        found |= {"given": given, "family": parts.get("family", "")} if given else {"family": parts["family"]}
    elif words and words[0].isdigit() and " " in words:
        found["place"] = {**found.get("place", {}), "line1": words.title()}
    return found


def _typed_part(key: str, match: re.Match[str]) -> dict[str, Any]:
    if key == "postcode":
        joined = match[0].upper().replace(" ", "")
        return {"place": {"postcode": f"{joined[:-3]} {joined[-3:]}"}}
    if key != "born":
        return {key: match[0]}
    try:
        return {"born": date(int(match[3]), int(match[2]), int(match[1]))}
    except ValueError:
        return {}


class PersonForm(forms.Form):
    """Who somebody is, as they say on the phone. Only a name or a number is needed."""

    say_optional = False

    council = forms.ChoiceField(
        label="Which council do they ask?", error_messages={"required": "Choose a council"}
    )
    given = forms.CharField(label="First names", required=False, max_length=100, widget=Text(width=20))
    family = forms.CharField(label="Family name", required=False, max_length=100, widget=Text(width=20))
    born = DateField(label="Date of birth", what="Date of birth", required=False)
    place = Question(label="Address", required=False, widget=AddressParts())
    phone = forms.CharField(label="Phone number", required=False, max_length=30, widget=Phone())
    email = forms.CharField(
        label="Email address",
        required=False,
        max_length=254,
        widget=forms.EmailInput({"spellcheck": "false"}),
    )
    scheme = forms.ChoiceField(label="A number they have", required=False)
    number = forms.CharField(label="That number", required=False, max_length=60, widget=Text(width=20))

    def __init__(
        self, data: Any = None, *, councils: Sequence[tuple[str, str]], today: date, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.today = today
        self.facts: list[NewFact] = []
        self.part_of_address = ""
        self._place = Place()
        if len(councils) > 1:
            choice = self.fields["council"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = list(councils)
            choice.widget = Radios(inline=True, small=True, choices=choice.choices)
            choice.widget.is_required = False
        else:
            del self.fields["council"]
        scheme = self.fields["scheme"]
        assert isinstance(scheme, forms.ChoiceField)
        scheme.choices = [("", "None"), *((each.key, each.words) for each in _SCHEMES)]
        self.fields["place"].widget.is_required = False

    def clean(self) -> dict[str, Any]:
        """Let the register check each fact, and keep those that are good, as it keeps them."""
        given = super().clean() or self.cleaned_data
        for fact in self._told(given):
            try:
                kept = cleaned(fact, self.today)
            except Invalid as error:
                if fact.kind == "address":
                    self.part_of_address = error.sentence.removesuffix(".")
                    continue
                for part, sentences in error.fields.items():
                    self.add_error(_PLACES.get((fact.kind, part)), " ".join(sentences).removesuffix("."))
            else:
                body = kept.body
                if fact.kind == "phone":  # a number says by itself what kind of phone it is
                    body = {**told.facts_told(phone=body["number"])[0].body}
                self.facts.append(replace(fact, body=body))
        if not self.errors and not any(fact.kind in ("name", "identifier") for fact in self.facts):
            self.add_error("family", "Enter what they are called, or a number they have")
        return given

    def _told(self, given: dict[str, Any]) -> list[NewFact]:
        place = self.fields["place"].widget.value_from_datadict(
            self.data, self.files, self.add_prefix("place")
        )
        born = given.get("born")
        found = told.facts_told(
            email=given.get("email") or "",
            phone=given.get("phone") or "",
            born=born.isoformat() if born else "",
        )
        names = {part: (given.get(part) or "").strip() for part in ("given", "family")}
        if any(names.values()):
            first, _, middle = names["given"].partition(" ")
            body = {"given": first, "middle": middle.strip(), "family": names["family"], "use": "usual"}
            found.insert(0, NewFact(kind="name", body={key: said for key, said in body.items() if said}))
        if place:
            lines = fold(f"{place.get('line1', '')} {place.get('line2', '')}")
            self._place = Place(lines, fold(place.get("postcode", "")).replace(" ", ""), "")
            found.append(NewFact(kind="address", body={"place": place, "use": "home"}))
        if given.get("number"):
            body = {"scheme": given.get("scheme") or "other", "value": given["number"]}
            found.append(NewFact(kind="identifier", body=body))
        return found

    @property
    def known(self) -> Known:
        """What was said, as it is compared with the register: part of an address helps, too."""
        known = told.known_of(self.facts, self.today)
        return replace(known, places=(self._place,)) if self.part_of_address else known

    def may_be_kept(self) -> bool:
        """Say whether all that was said can be kept; an address of which only a part is known is refused here."""
        if self.part_of_address:
            self.add_error("place", f"{self.part_of_address}, or leave the address out")
        return not self.errors


class ReasonForm(forms.Form):
    """Why somebody is added anew although the register has somebody who is almost certainly the same."""

    why = forms.CharField(
        label="Why are they somebody else?",
        help_text="For example, they are twins. Whoever looks after the register reads it.",
        max_length=200,
        error_messages={"required": "Say why they are somebody else"},
    )


class RelateForm(forms.Form):
    """How somebody belongs to a person, and whether they may act for them."""

    kind = forms.ChoiceField(error_messages={"required": "Choose what they are to each other"})
    scope = forms.CharField(
        label="What may they do?",
        help_text="Needed only if they act for them. For example, speak for them about council tax.",
        required=False,
        max_length=200,
    )
    consent_on = DateField(
        label="When was that agreed?",
        what="The day on which it was agreed",
        help_text="Needed only if they act for them.",
        required=False,
    )
    consent_how = forms.CharField(
        label="How was it agreed?",
        help_text="For example, on the phone, or a lasting power of attorney that we have seen.",
        required=False,
        max_length=200,
    )
    since = DateField(label="Since when?", what="The first day", required=False)
    until = DateField(label="Until when?", what="The last day", required=False)

    def __init__(self, data: Any = None, *, name: str, **more: Any) -> None:
        super().__init__(data, **more)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = list(wordlists.RELATIONSHIPS)
        kind.label = f"What are they to {name}?"
        kind.widget = Radios(small=True, choices=kind.choices)
        kind.widget.is_required = False


class LockForm(forms.Form):
    """For whom a record stays open, and what everybody else may read about it."""

    record = forms.ChoiceField(
        label="Which council's record?", error_messages={"required": "Choose a council"}
    )
    teams = forms.MultipleChoiceField(
        label="For which teams does it stay open?",
        help_text="Only they can read it, find it by name, and open it again.",
        required=False,
    )
    why = forms.CharField(
        label="Why is it locked?",
        help_text="Everybody who comes across it reads this, so say nothing about the person.",
        required=False,
        max_length=200,
    )

    def __init__(
        self, data: Any = None, *, records: Sequence[tuple[str, str]], teams: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        if len(records) > 1:
            record = self.fields["record"]
            assert isinstance(record, forms.ChoiceField)
            record.choices = list(records)
            record.widget = Radios(small=True, choices=record.choices)
            record.widget.is_required = False
        else:
            del self.fields["record"]
        chosen = self.fields["teams"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = list(teams)
        chosen.widget = Checkboxes(small=True, choices=list(teams))
