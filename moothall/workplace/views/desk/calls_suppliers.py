"""A call goes to a supplier and comes back: their clock runs inside ours."""

from collections.abc import Sequence
from typing import Any

from moothall.servicedesk.actions import suppliers
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import Kind, State
from moothall.servicedesk.queries.suppliers import supplier_options
from moothall.workplace.forms.desk import calls_acts as forms
from moothall.workplace.forms.desk.calls_acts import ActForm
from moothall.workplace.queries.desk.calls_beside import promise_of
from moothall.workplace.views.desk.calls_acts import Act, Doing, begin, expected_of, simple


def _form(doing: Doing, data: Any) -> ActForm:
    routes = [
        (each.pk, f"{each.supplier.name}, for {each.item.name}", promise_of(each, doing.call.priority))
        for each in supplier_options(doing.call, doing.now)
    ]
    return forms.SupplierForm(data, routes=routes, initial=begin(doing))


def _pass(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    return suppliers.pass_to_supplier(
        by=doing.viewer,
        call_id=doing.call.pk,
        route_id=given["route"],
        their_reference=given["their_reference"],
        expected=expected_of(form),
        now=doing.now,
    ).call


def _responded(doing: Doing, form: ActForm) -> Call:
    return suppliers.supplier_responded(
        by=doing.viewer,
        call_id=doing.call.pk,
        their_reference=form.cleaned_data["their_reference"],
        now=doing.now,
    ).call


def _returned(doing: Doing, form: ActForm) -> Call:
    return suppliers.returned(
        by=doing.viewer,
        call_id=doing.call.pk,
        text=form.cleaned_data["result"],
        expected=expected_of(form),
        now=doing.now,
    ).call


ACTS: Sequence[Act] = (
    Act(
        key="supplier", title="Pass this call to a supplier", button="Pass it to them",
        done="{reference} is with them.",
        says="Their promise is kept beside ours from now on. Ring them or write to them yourself as well.",
        form=_form, run=_pass, letter="o",
        when=lambda call: call.state in {State.NEW, State.OPEN} and call.kind == Kind.INCIDENT,
    ),
    Act(
        key="supplier-answered", title="The supplier has answered", button="Write it down", done="It is written down.",
        form=simple(forms.RespondedForm), run=_responded, when=lambda call: call.state == State.SUPPLIER,
    ),
    Act(
        key="supplier-back", title="The supplier has given it back", button="Take it back", letter="b",
        done="{reference} is with us again.", form=simple(forms.ReturnedForm), run=_returned,
        when=lambda call: call.state == State.SUPPLIER,
    ),
)  # fmt: skip
