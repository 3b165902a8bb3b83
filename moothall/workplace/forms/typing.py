"""What was typed into the forms of a step, as a browser sends it: taken from a form, and put back into one."""

from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm, FileInput
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from moothall.process.queries.typing import Fields

EXPECTED = "expected"
_BUTTONS = frozenset({"submit", "button", "image", "reset", "file"})
_TICKED = frozenset({"radio", "checkbox"})


def sent(posted: QueryDict, step: str) -> dict[str, list[str]]:
    """Return what was typed into a step, of all that a browser sent; the event it had seen is not typed."""
    return {
        name: [str(value).replace("\0", "") for value in posted.getlist(name)]
        for name in posted
        if name.startswith(f"{step}-") and name != f"{step}-{EXPECTED}" and "\0" not in name
    }


def as_data(fields: Mapping[str, Sequence[str]]) -> Any:
    """Return what was typed as Django reads what a browser sends."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, list(values))
    return data


def fill(form: BaseForm, fields: Fields) -> None:
    """Show what was typed in a form that was not sent, as it was typed; a file does not come back."""
    data = as_data(fields)
    for name, field in form.fields.items():
        html_name, widget = form.add_prefix(name), field.widget
        if widget.is_hidden or isinstance(widget, FileInput):
            continue
        if not widget.value_omitted_from_data(data, MultiValueDict(), html_name):
            form.initial.pop(name, None)
            field.initial = widget.value_from_datadict(data, MultiValueDict(), html_name)


class _Inputs(HTMLParser):
    """Reads the inputs of drawn HTML as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._list = self._text = ""
        self._writing = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in _BUTTONS:
            values = self.found.setdefault(name, [])
            if given.get("type") not in _TICKED or "checked" in given:
                values.append(given.get("value") or "")
        elif tag == "textarea":
            self._writing, self._text, self._list = True, "", name
        elif tag == "select":
            self._list = name
            self.found.setdefault(name, [])
        elif tag == "option" and "selected" in given:
            self.found[self._list].append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._writing:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # a browser leaves out the first line break, which the template puts there for it
            self.found[self._list] = [self._text.removeprefix("\n")]
            self._writing = False


def inputs_of(bound: BoundField) -> dict[str, list[str]]:
    """Return the inputs of a question with what a browser would send for each, whatever kind of input it is."""
    if isinstance(bound.field.widget, FileInput):
        return {}
    reader = _Inputs()
    reader.feed(str(bound))
    return reader.found


def inputs_of_all(*forms: BaseForm) -> dict[str, list[str]]:
    """Return all inputs of some forms, without the hidden event."""
    found: dict[str, list[str]] = {}
    for bound in _visible(*forms):
        found.update(inputs_of(bound))
    return found


def _visible(*forms: BaseForm) -> Iterator[BoundField]:
    for form in forms:
        for bound in form:
            if not bound.is_hidden:
                yield bound
