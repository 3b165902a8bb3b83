"""How forms become GOV.UK markup: Django's form renderer, and the few things its templates ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, ClearableFileInput, FileInput
from django.forms.renderers import BaseRenderer
from django.forms.widgets import CheckboxSelectMultiple, PasswordInput, RadioSelect, Textarea
from django.template import engines
from jinja2 import Environment

from moothall.look.sentences import errors_of
from moothall.look.widgets import DateParts


class Renderer(BaseRenderer):
    """Renders forms with the house's own environment, past the wrappers: a field costs microseconds."""

    form_template_name = "look/forms/form.html"
    field_template_name = "look/forms/field.html"

    @cached_property
    def _environment(self) -> Environment:
        engine: Any = engines["jinja2"]
        environment = engine.env
        assert isinstance(environment, Environment)
        return environment

    def get_template(self, template_name: str) -> Any:
        return engines["jinja2"].get_template(template_name)

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> str:
        # widgets that draw themselves with our template pass no request, and need none
        return self._environment.get_template(template_name).render(context, request=request)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one field stands on the page; the template only writes it down."""

    kind: str
    label: str
    errors: list[str]
    group: str
    module: str
    heading: bool
    attrs: dict[str, Any]
    described_by: str | None
    limit: int | None


def shape_of(bound: BoundField) -> Shape:
    """Return how a field stands on the page."""
    widget = bound.field.widget
    limit = widget.attrs.get("maxlength") if isinstance(widget, Textarea) else None
    errors = errors_of(bound)
    attrs: dict[str, Any] = {}
    kind, group, module = "single", "", ""
    if isinstance(widget, CheckboxInput):
        kind = "checkbox"
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple | DateParts) or (
        bound.use_fieldset and not isinstance(widget, ClearableFileInput)
    ):
        kind = "group"
    elif isinstance(widget, PasswordInput):
        group, module = " govuk-password-input", "govuk-password-input"
    elif limit:
        group, module = " govuk-character-count", "govuk-character-count"
        attrs["aria-describedby"] = f"{bound.aria_describedby or ''} {bound.auto_id}-info".strip()
    elif isinstance(widget, FileInput) and (described := bound.aria_describedby):
        attrs["aria-describedby"] = described
    if isinstance(widget, DateParts) and errors:
        attrs["wrong"] = widget.wrong_parts(bound.value())
    elif errors:
        attrs["wrong"] = True
    return Shape(
        kind=kind,
        label=_label(bound, kind),
        errors=errors,
        group=group,
        module=module,
        heading=bool(getattr(bound.form, "one_question", False)),
        attrs=attrs,
        described_by=bound.aria_describedby if kind == "group" else None,
        limit=int(limit) if limit else None,
    )


def _label(bound: BoundField, kind: str) -> str:
    label = str(bound.label)
    optional = not bound.field.required and kind != "checkbox" and getattr(bound.form, "say_optional", True)
    return f"{label} (optional)" if optional and "(optional)" not in label else label


def error_links(form: BaseForm | None) -> list[tuple[str, str]]:
    """Return each error of a form with the address of its input on the page, in the order of the page."""
    if form is None or not form.is_bound or not form.errors:
        return []
    links = [(str(text), "") for text in form.non_field_errors()]
    for bound in form:
        if texts := errors_of(bound):
            href = "" if bound.is_hidden else f"#{input_id(bound)}"
            links += [(text, href) for text in texts]
    return links


def input_id(bound: BoundField) -> str:
    """Return the id of the input that a person has to go to for a field."""
    widget = bound.field.widget
    if isinstance(widget, DateParts):
        return f"{bound.auto_id}_{(widget.wrong_parts(bound.value()) or ('day',))[0]}"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label or bound.auto_id)
