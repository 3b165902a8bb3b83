"""What the desk does to a call: of each act what it is called, when it is offered, what it asks, how it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.councils.rules import Viewer
from moothall.process import queries as process
from moothall.servicedesk.actions import replies, working
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import Kind, State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.articles import suggested
from moothall.servicedesk.queries.replies import filled, replies_for
from moothall.workplace.forms.desk import calls_acts as forms
from moothall.workplace.forms.desk.calls_acts import ActForm
from moothall.workplace.queries.desk.calls import Working
from moothall.workplace.queries.desk.calls_foreseen import choices_of, foreseen
from moothall.workplace.views.answering import number_of

_ON_IT = frozenset({State.NEW, State.OPEN})
_WORKED_ON = frozenset({State.NEW, State.OPEN, State.USER, State.SUPPLIER})
_AWAY = frozenset({State.USER, State.SUPPLIER})


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something to which call, and when. `form` has been read and is good."""

    viewer: Viewer
    working: Working
    now: datetime

    @property
    def call(self) -> Call:
        return self.working.call


Run = Callable[[Doing, Any], Call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that may be done to a call. `letter` is its key; `title` and `button` say it in words."""

    key: str
    title: str
    button: str
    done: str
    form: Callable[[Doing, Any], ActForm]
    run: Run
    when: Callable[[Call], bool]
    permission: Can = Can.WORK
    letter: str = ""
    says: str = ""
    shows_notes: bool = False
    checks: bool = False
    warns: bool = False
    foresee: Callable[[Doing, ActForm], str] | None = None
    put_in: Callable[[Doing, Any], Any] | None = None

    @property
    def url(self) -> str:
        return f"workplace:desk_call_{self.key.replace('-', '_')}"

    def offered(self, working: Working) -> bool:
        """Say whether it can be done to this call, by whoever looks."""
        may = working.may_move if self.permission is Can.MOVE else working.may_work
        return may and self.when(working.call)


def expected_of(form: ActForm) -> int:
    """Return the event that the person saw last; whoever saw nothing is never in time."""
    return form.cleaned_data.get("expected") or 0


def simple(kind: type[ActForm]) -> Callable[[Doing, Any], ActForm]:
    """Return what makes a form that needs to know nothing of the call."""
    return lambda doing, data: kind(data, initial={"expected": doing.working.case.seq})


def begin(doing: Doing, **more: Any) -> dict[str, Any]:
    """Return what a form of this call begins with."""
    return {"expected": doing.working.case.seq, **more}


def _in(*states: State) -> Callable[[Call], bool]:
    return lambda call: call.state in states


def _common(doing: Doing, form: ActForm) -> dict[str, Any]:
    return {"by": doing.viewer, "call_id": doing.call.pk, "expected": expected_of(form), "now": doing.now}


def _articles(doing: Doing) -> list[tuple[str, str]]:
    return [(str(each.pk), each.title) for each in suggested(doing.viewer, doing.call)]


def _reply_form(doing: Doing, data: Any) -> ActForm:
    canned = [(str(each.pk), each.title) for each in replies_for(doing.viewer, doing.call)]
    return forms.ReplyForm(data, replies=canned, articles=_articles(doing), initial=begin(doing))


def _put_in(doing: Doing, data: Any) -> Any:
    """Return what was sent with the words of the chosen canned reply put into it, below what is there already."""
    number = number_of(data.get("canned"))
    reply = next((each for each in replies_for(doing.viewer, doing.call) if each.pk == number), None)
    if reply is None:
        return data
    changed = data.copy()
    words = filled(reply, doing.call, doing.viewer)
    changed["text"] = "\n\n".join(part for part in (data.get("text", "").strip(), words) if part)
    return changed


def _reply(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    call = working.reply(
        by=doing.viewer,
        call_id=doing.call.pk,
        text=given["text"],
        article_id=number_of(given.get("article")),
        now=doing.now,
    )
    canned = number_of(given.get("canned"))
    if canned is not None:
        replies.use(by=doing.viewer, reply_id=canned)
    return call


def _assign_form(doing: Doing, data: Any) -> ActForm:
    receivers = process.choices_of_receivers(doing.call.council_id)
    return forms.AssignForm(data, receivers=receivers, initial=begin(doing))


def _assign(doing: Doing, form: ActForm) -> Call:
    assert isinstance(form, forms.AssignForm)
    team_id, person_id = form.receiver
    return working.assign(
        **_common(doing, form), team_id=team_id, person_id=person_id, why=form.cleaned_data["why"]
    )


def _priority_form(doing: Doing, data: Any) -> ActForm:
    definition, held = doing.working.case.definition, doing.working.case.data
    return forms.PriorityForm(
        data,
        impacts=choices_of(definition, "impact"),
        urgencies=choices_of(definition, "urgency"),
        initial=begin(doing, impact=held.get("impact"), urgency=held.get("urgency")),
    )


def _priority(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    answers: dict[str, Any] = {key: given[key] for key in ("impact", "urgency") if key in given}
    return working.amend(**_common(doing, form), answers=answers, why=given["why"])


def _foresee_priority(doing: Doing, form: ActForm) -> str:
    entered: dict[str, str] = {
        key: str(form[key].value() or "") for key in ("impact", "urgency") if key in form.fields
    }
    found = foreseen(doing.working.case.definition, entered)
    return found.sentence if found else ""


def _resolve_form(doing: Doing, data: Any) -> ActForm:
    return forms.ResolveForm(data, articles=_articles(doing), initial=begin(doing))


def _resolve(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    return working.resolve(
        **_common(doing, form), fix=given["fix"], article_id=number_of(given.get("article"))
    )


def _text(act: Callable[..., Call], name: str, field: str) -> Run:
    """Return how an act is done that needs one thing in words."""
    return lambda doing, form: act(**_common(doing, form), **{name: form.cleaned_data[field]})


def _no_text(act: Callable[..., Call]) -> Run:
    return lambda doing, form: act(**_common(doing, form))


def _note(doing: Doing, form: ActForm) -> Call:
    return working.note(by=doing.viewer, call_id=doing.call.pk, text=form.cleaned_data["text"], now=doing.now)


def _has_priority(call: Call) -> bool:
    return call.state in _WORKED_ON and call.kind in {Kind.INCIDENT, Kind.REQUEST}


def _asks(call: Call) -> bool:
    return call.state in _ON_IT and call.kind in {Kind.INCIDENT, Kind.REQUEST}


ACTS: Sequence[Act] = (
    Act(
        key="take", title="Take this call", button="Take it", done="{reference} is yours.", letter="t",
        form=simple(forms.NothingForm), run=_no_text(working.take), when=_in(*_WORKED_ON),
    ),
    Act(
        key="reply", title="Reply to the user", button="Send the reply", done="Your reply is on its way.", letter="r",
        form=_reply_form, run=_reply, put_in=_put_in,
        when=lambda call: call.state != State.CLOSED and not call.automatic,
    ),
    Act(
        key="ask", title="Ask the user", button="Ask, and wait for the answer", letter="q",
        done="The question is on its way. The clocks stand still until they answer.",
        form=simple(forms.AskForm), run=_text(working.ask_user, "question", "question"), when=_asks,
    ),
    Act(
        key="resolve", title="Resolve this call", button="Resolve it", done="{reference} is resolved.", letter="e",
        form=_resolve_form, run=_resolve, when=_in(*_WORKED_ON),
    ),
    Act(
        key="assign", title="Assign this call", button="Assign it", done="{reference} is passed on.", letter="a",
        form=_assign_form, run=_assign, when=_in(*_WORKED_ON), shows_notes=True,
    ),
    Act(
        key="priority", title="Impact, urgency and priority", button="Set it", letter="p",
        done="The priority is set. The promises of {reference} follow it.",
        form=_priority_form, run=_priority, when=_has_priority, checks=True, foresee=_foresee_priority,
    ),
    Act(
        key="note", title="Note for the desk", button="Keep the note", done="Your note is kept.", letter="n",
        form=simple(forms.NoteForm), run=_note, when=lambda _: True, shows_notes=True,
    ),
    Act(
        key="bring-back", title="Take it back", button="Take it back", done="{reference} is with us again.",
        says="Say what the user or the supplier told us, if it did not come by itself.",
        form=simple(forms.ReturnedForm), run=_text(working.bring_back, "text", "result"), when=_in(State.USER),
    ),
    Act(
        key="put-back", title="Put this call back for the team", button="Put it back",
        done="{reference} is there for anybody of the team.",
        form=simple(forms.NothingForm), run=_no_text(working.put_back),
        when=lambda call: call.state in _ON_IT and call.person_id is not None,
    ),
    Act(
        key="accept", title="Accept this call", button="Accept it", done="{reference} is sorted: its work begins.",
        letter="y", says="It is something for us. The work on it begins.",
        form=simple(forms.NothingForm), run=_no_text(working.accept),
        when=lambda call: call.state == State.NEW and call.kind == Kind.INCIDENT,
    ),
    Act(
        key="turn-down", title="Turn this call down", button="Turn it down", warns=True,
        done="{reference} is turned down, and the user is told.", says="The user reads why.",
        form=simple(forms.WhyForm), run=_text(working.turn_down, "why", "why"),
        when=lambda call: call.state in _ON_IT and (call.kind != Kind.INCIDENT or call.state == State.NEW),
    ),
    Act(
        key="reopen", title="Take this call up again", button="Take it up again", done="{reference} is open again.",
        form=simple(forms.WhyForm), run=_text(working.reopen, "why", "why"),
        when=lambda call: call.state == State.RESOLVED and call.kind in {Kind.INCIDENT, Kind.REQUEST},
    ),
    Act(
        key="withdraw", title="Withdraw this call", button="Withdraw it", done="{reference} is withdrawn.", warns=True,
        says="It ends, and does not count as resolved.",
        form=simple(forms.WhyForm), run=_text(working.withdraw, "why", "why"), when=lambda call: call.open,
    ),
)  # fmt: skip
