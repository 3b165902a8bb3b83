"""Calls that belong together, or elsewhere: merged, split, linked, under one parent, under a problem, or moved.

What each asks stands in `forms.desk.calls_acts`; whether it is possible, the service desk says.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.look import dates
from moothall.plain.errors import NotFound
from moothall.plain.references import NotAReference, normalise
from moothall.servicedesk.actions import following, joining, unmerging, waves
from moothall.servicedesk.errors.calls import CallRefused
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import Ended, Kind, State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_seen
from moothall.workplace.forms.desk import calls_acts as forms
from moothall.workplace.forms.desk.calls_acts import ActForm
from moothall.workplace.queries.desk.calls_beside import similar_to
from moothall.workplace.views.desk.calls_acts import Act, Doing, begin, expected_of, simple

_UNKNOWN = "We cannot find a call with this reference."


def other_call(doing: Doing, reference: str) -> Call:
    """Return the other call that somebody means; refuses what is not there for them."""
    try:
        return call_seen(doing.viewer, normalise(reference))
    except (NotAReference, NotFound):
        raise CallRefused({"other": [_UNKNOWN]}, why=_UNKNOWN) from None


def _likely(doing: Doing) -> list[tuple[str, str, str]]:
    """Return the calls that may be meant, each with what tells it from the others."""
    return [
        (
            each.reference,
            f"{each.reference} {each.headline}",
            ", ".join(
                (
                    each.caller_name or "Nobody",
                    dates.near(each.logged_at, doing.now),
                    str(each.get_state_display()).lower(),
                )
            ),
        )
        for each in similar_to(doing.viewer, doing.call, now=doing.now)
    ]


def _merge_form(doing: Doing, data: Any) -> ActForm:
    return forms.MergeForm(data, likely=_likely(doing), initial=begin(doing))


def _merge(doing: Doing, form: ActForm) -> Call:
    assert isinstance(form, forms.MergeForm)
    return joining.merge(
        by=doing.viewer,
        call_id=doing.call.pk,
        into_id=other_call(doing, form.reference).pk,
        why=form.cleaned_data["why"],
        expected=expected_of(form),
        now=doing.now,
    )


def _unmerge(doing: Doing, form: ActForm) -> Call:
    return unmerging.unmerge(
        by=doing.viewer,
        call_id=doing.call.pk,
        why=form.cleaned_data["why"],
        expected=expected_of(form),
        now=doing.now,
    )


def _split_form(doing: Doing, data: Any) -> ActForm:
    return forms.SplitForm(data, initial=begin(doing, submission=uuid4().hex))


def _split(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    return joining.split(
        by=doing.viewer,
        call_id=doing.call.pk,
        summary=given["summary"],
        detail=given["detail"],
        submission=given["submission"],
        now=doing.now,
    )


def _link(doing: Doing, form: ActForm) -> Call:
    other = form.cleaned_data["other"]
    return joining.link(by=doing.viewer, call_id=doing.call.pk, other=other, now=doing.now)


def _under_form(doing: Doing, data: Any) -> ActForm:
    return forms.UnderForm(data, likely=_likely(doing), initial=begin(doing))


def _under(doing: Doing, form: ActForm) -> Call:
    assert isinstance(form, forms.UnderForm)
    parent = other_call(doing, form.reference)
    return joining.put_under(by=doing.viewer, call_id=doing.call.pk, parent_id=parent.pk, now=doing.now)


def _release(doing: Doing, _form: ActForm) -> Call:
    return joining.release(by=doing.viewer, call_id=doing.call.pk, now=doing.now)


def _tell_all(doing: Doing, form: ActForm) -> Call:
    waves.tell_wave(by=doing.viewer, parent_id=doing.call.pk, text=form.cleaned_data["text"], now=doing.now)
    return doing.call


def _resolve_all(doing: Doing, form: ActForm) -> Call:
    """Resolve a call at once; its page says how far those under it have come."""
    waves.resolve_wave(
        by=doing.viewer,
        parent_id=doing.call.pk,
        fix=form.cleaned_data["fix"],
        expected=expected_of(form),
        now=doing.now,
    )
    return doing.call


def _problem(doing: Doing, form: ActForm) -> Call:
    problem = other_call(doing, form.cleaned_data["other"])
    return joining.to_problem(by=doing.viewer, call_id=doing.call.pk, problem_id=problem.pk, now=doing.now)


def _no_problem(doing: Doing, _form: ActForm) -> Call:
    return joining.to_problem(by=doing.viewer, call_id=doing.call.pk, problem_id=None, now=doing.now)


def _move_form(doing: Doing, data: Any) -> ActForm:
    reached = gate.councils(doing.viewer, Can.MOVE) - {doing.call.council_id}
    councils = Council.objects.filter(id__in=sorted(reached)).order_by("name").values_list("id", "name")
    return forms.MoveForm(data, councils=list(councils), initial=begin(doing))


def _move(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    return joining.move(
        by=doing.viewer,
        call_id=doing.call.pk,
        council_id=given["council"],
        why=given["why"],
        expected=expected_of(form),
        now=doing.now,
    )


def _copy_in(doing: Doing, form: ActForm) -> Call:
    given = form.cleaned_data
    return following.copy_in(
        by=doing.viewer, call_id=doing.call.pk, email=given["email"], name=given["name"], now=doing.now
    )


def _leave_out_form(doing: Doing, data: Any) -> ActForm:
    followers = [(each.pk, f"{each.name} {each.email}".strip()) for each in doing.call.followers.all()]
    return forms.LeaveOutForm(data, followers=followers, initial=begin(doing))


def _leave_out(doing: Doing, form: ActForm) -> Call:
    number = form.cleaned_data["follower"]
    return following.leave_out(by=doing.viewer, call_id=doing.call.pk, follower_id=number, now=doing.now)


def _open(call: Call) -> bool:
    return call.open and call.merged_into_id is None


def _movable(call: Call) -> bool:
    return call.open and call.kind in {Kind.INCIDENT, Kind.REQUEST, Kind.TASK}


ACTS: Sequence[Act] = (
    Act(
        key="merge", title="Merge this call into another", button="Merge them", letter="m",
        says="This call ends as the same as the other one. Its user stays informed, by the call that goes on.",
        done="They are one call now: {reference}.", form=_merge_form, run=_merge, when=_open,
    ),
    Act(
        key="unmerge", title="Take this call out again: it is not the same", button="Open it again",
        done="{reference} is open again, by itself.", form=simple(forms.UnmergeForm), run=_unmerge,
        says="It is open again where it stood, for whoever had it. Its user and those who follow it are told, and get"
        " answers to it again. Its clocks go on: the time in which it was closed counts, and late stays late.",
        when=lambda call: call.ended == Ended.MERGED and call.merged_into_id is not None,
    ),
    Act(
        key="split", title="Split off another call", button="Log the other call", letter="s",
        done="{reference} is logged for the other matter.", form=_split_form, run=_split,
        when=lambda call: call.kind in {Kind.INCIDENT, Kind.REQUEST},
    ),
    Act(
        key="under", title="Put this call under another", button="Put it under that one", letter="u",
        says="It is then worked on there, for all of them. Its user keeps their own call, at their own council.",
        done="{reference} is worked on there now.", form=_under_form, run=_under, when=_open,
    ),
    Act(
        key="release", title="Take this call out", button="Take it out", done="{reference} is worked on by itself.",
        says="It is worked on by itself again.", form=simple(forms.NothingForm), run=_release,
        when=lambda call: call.parent_id is not None,
    ),
    Act(
        key="tell-all", title="Write to everybody who reported it", button="Send it to all of them",
        done="It is on its way to the user of {reference}. Those of the calls under it follow.",
        says="It goes to this call's user at once, and to those of the open calls under it in the next minutes.",
        form=simple(forms.WaveForm), run=_tell_all, when=lambda call: call.state != State.CLOSED,
    ),
    Act(
        key="resolve-all", title="Resolve this call and all calls under it", button="Resolve all of them",
        done="{reference} is resolved. The calls under it follow.", form=simple(forms.WaveResolveForm),
        run=_resolve_all, when=lambda _: True,
        says="This call is resolved at once, those under it in the next minutes, each by itself. What somebody changes"
        " meanwhile is left alone, and so is what is left if this call is opened again.",
    ),
    Act(
        key="problem", title="Name the problem behind this call", button="Name it", done="The problem is named.",
        form=simple(forms.ProblemForm), run=_problem,
        when=lambda call: call.kind == Kind.INCIDENT and call.problem_id is None,
    ),
    Act(
        key="no-problem", title="Take the problem away", button="Take it away", done="No problem is named any more.",
        form=simple(forms.NothingForm), run=_no_problem, when=lambda call: call.problem_id is not None,
    ),
    Act(
        key="link", title="Link another call or case", button="Link them", done="They are linked.", letter="l",
        says="Both histories tell of it. Nothing else changes. It may be a case of a service that you see; whoever"
        " sees only one of the two reads that there is a link, and nothing of the other.",
        form=simple(forms.LinkForm), run=_link, when=lambda _: True,
    ),
    Act(
        key="copy-in", title="Let somebody else hear of it", button="Copy them in", done="They hear of it, too.",
        says="They get what the user gets from now on.", form=simple(forms.FollowForm), run=_copy_in,
        when=lambda call: call.state != State.CLOSED,
    ),
    Act(
        key="leave-out", title="Let somebody hear of it no more", button="Leave them out",
        done="They hear of it no more.", form=_leave_out_form, run=_leave_out,
        when=lambda call: call.state != State.CLOSED,
    ),
    Act(
        key="move", title="Move this call to another council", button="Move it", permission=Can.MOVE,
        done="It goes on as {reference}.", form=_move_form, run=_move, when=_movable,
    ),
)  # fmt: skip
WAVE = frozenset({"tell-all", "resolve-all"})
"""What is offered only where calls are under this one."""
FOLLOWED = "leave-out"
"""What is offered only where somebody hears of a call beside its user."""
