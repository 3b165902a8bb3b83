"""Following a request: by its secret link, or from one's own account."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import public, signed_in
from moothall.councils.middleware import viewer_of
from moothall.look import forgery
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid, Stale, TooLarge, Unavailable
from moothall.portal import limits
from moothall.portal.forms import CommentForm, LostLinkForm, ReplyForm
from moothall.portal.visit import council_here
from moothall.process.engine.state import facts
from moothall.process.errors import FileRefused, NotYet
from moothall.process.files import keep as keep_file
from moothall.process.forms import AnswersForm
from moothall.requests import actions, queries
from moothall.requests.queries import Asked, Followed

_FILE_TROUBLE = (FileRefused, TooLarge, Unavailable)
_SEEN = "expected"


class Reply:
    """The form for one step that waits for the resident: its questions, how it turns out, and why."""

    def __init__(self, page: Followed, asked: Asked, data: Any = None, files: Any = None) -> None:
        self.asked = asked
        self.outcome = ReplyForm(
            data, outcomes=asked.outcomes, prefix=asked.step, initial={_SEEN: page.case.seq}
        )
        self.answers = AnswersForm(
            data,
            files,
            definition=page.case.definition,
            keys=asked.keys,
            known=facts(page.case, timezone.now()),
            held=page.case.data,
            needed=page.case.definition.steps[asked.step].needed(self.outcome.chosen),
            prefix=asked.step,
        )
        self.answers.one_question = False
        self.wrong: list[str] = []

    @property
    def is_multipart(self) -> bool:
        return self.answers.is_multipart()

    def is_valid(self) -> bool:
        """Check both forms, so that everything wrong is said at once."""
        return all([self.answers.is_valid(), self.outcome.is_valid()])

    def looked_again(self, page: Followed) -> None:
        """Let what was typed stand on a page that shows what is new, so that it may be sent again."""
        typed: Any = self.outcome.data
        self.outcome.data = {**typed.dict(), self.outcome.add_prefix(_SEEN): str(page.case.seq)}


@public
@never_cache
@require_safe
def follow(request: HttpRequest, council: str, reference: str, token: str) -> HttpResponse:
    """Show a request to whoever has its secret link."""
    del council
    return _show(request, _page(request, reference, token), token)


@signed_in
@never_cache
@require_safe
def mine_one(request: HttpRequest, council: str, reference: str) -> HttpResponse:
    """Show a request that somebody keeps in their account."""
    del council
    return _show(request, _page(request, reference, None), None)


@forgery.gently
@public
@require_POST
def answer(request: HttpRequest, council: str, reference: str, token: str, step: str) -> HttpResponseBase:
    """Take the answer to a question that was put back."""
    del council
    return _answer(request, reference, token, step)


@forgery.gently
@signed_in
@require_POST
def mine_answer(request: HttpRequest, council: str, reference: str, step: str) -> HttpResponseBase:
    """Take the answer to a question about one's own request."""
    del council
    return _answer(request, reference, None, step)


@forgery.gently
@public
@require_POST
def comment(request: HttpRequest, council: str, reference: str, token: str) -> HttpResponseBase:
    """Take something more that somebody tells the staff."""
    del council
    return _comment(request, reference, token)


@forgery.gently
@signed_in
@require_POST
def mine_comment(request: HttpRequest, council: str, reference: str) -> HttpResponseBase:
    """Take something more about one's own request."""
    del council
    return _comment(request, reference, None)


@signed_in
@require_POST
def keep(request: HttpRequest, council: str, reference: str, token: str) -> HttpResponseBase:
    """Keep a request in one's own account."""
    kept = actions.keep_in_account(
        by=viewer_of(request),
        council=council_here(request),
        reference=reference,
        token=token,
        now=timezone.now(),
    )
    messages.success(request, "This request is now in your account.")
    return redirect("portal:mine_one", council, kept.case.reference)


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest, council: str) -> HttpResponse:
    """List somebody's own requests and unfinished answers."""
    del council
    here, viewer = council_here(request), viewer_of(request)
    titles = {each.key: each.service.title for each in queries.catalogue(viewer, here)}
    drafts = [
        (titles[each.service], each)
        for each in queries.unfinished(viewer, here, timezone.now())
        if each.service in titles
    ]
    return render(
        request,
        "portal/mine.html",
        {
            "council": here,
            "requests": queries.my_requests(viewer, here),
            "raised": queries.raised_for_me(viewer, here),
            "drafts": drafts,
        },
    )


@forgery.gently
@public
@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest, council: str) -> HttpResponse:
    """Send the link of a request again. The answer is the same, whether there is such a request or not."""
    del council
    here = council_here(request)
    form = LostLinkForm(
        request.POST if request.method == "POST" else None,
        initial={"reference": request.GET.get("reference", "")[:40]},
    )
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        email = form.cleaned_data["email"]
        limits.asking_for_link(request, email)
        actions.send_link_again(
            council=here, reference=form.cleaned_data["reference"], email=email, now=timezone.now()
        )
        return render(request, "portal/link_sent.html", {"council": here, "email": email})
    return render(
        request,
        "portal/lost_link.html",
        {"council": here, "form": form, "notice": forgery.SHOWN_AGAIN if forged else ""},
        status=422 if form.is_bound and form.errors else 200,
    )


def _page(request: HttpRequest, reference: str, token: str | None) -> Followed:
    return queries.followed(viewer_of(request), council_here(request), reference, timezone.now(), token)


def _address(request: HttpRequest, page: Followed, token: str | None, *more: str) -> str:
    """Return the address of the request, or of something to do with it, by the way it is followed."""
    base = [council_here(request).code, page.case.reference, *([token] if token else [])]
    act, *rest = more or ("",)
    name = {
        "": ("mine_one", "follow"),
        "answer": ("mine_answer", "answer"),
        "comment": ("mine_comment", "comment"),
        "withdraw": ("mine_withdraw", "withdraw"),
    }
    return reverse(f"portal:{name[act][bool(token)]}", args=[*base, *rest])


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent that has to be shown again, and why."""

    reply: Reply | None = None
    comment: CommentForm | None = None
    wrong: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    status: int = 200


def _show(request: HttpRequest, page: Followed, token: str | None, sent: Sent | None = None) -> HttpResponse:
    sent = sent or Sent()
    shown = [
        sent.reply if sent.reply and sent.reply.asked.step == each.step else Reply(page, each)
        for each in page.asked
    ]
    context: dict[str, Any] = {
        "council": council_here(request),
        "page": page,
        "replies": [(each, _address(request, page, token, "answer", each.asked.step)) for each in shown],
        "comment_form": sent.comment or CommentForm(),
        "comment_url": _address(request, page, token, "comment"),
        "withdraw_url": _address(request, page, token, "withdraw"),
        "keep_url": _keep_url(request, page, token),
        "can_sign_in": token is not None and not request.user.is_authenticated,
        "notice": sent.notice,
        "page_errors": sent.wrong,
    }
    return render(request, "portal/follow.html", context, status=sent.status)


def _keep_url(request: HttpRequest, page: Followed, token: str | None) -> str:
    if token is None or not request.user.is_authenticated or page.request.requester_id is not None:
        return ""
    return reverse("portal:keep", args=[council_here(request).code, page.case.reference, token])


def _answer(request: HttpRequest, reference: str, token: str | None, step: str) -> HttpResponseBase:
    page = _page(request, reference, token)
    asked = next((each for each in page.asked if each.step == step), None)
    if asked is None:
        messages.info(request, "That question has been answered already. Nothing was changed.")
        return redirect(_address(request, page, token))
    reply = Reply(page, asked, request.POST, request.FILES)
    if forgery.is_forged(request):
        reply.is_valid()
        return _again(request, page, token, reply, forgery.SHOWN_AGAIN)
    try:
        done = _replied(request, page, token, reply)
    except Stale:
        return _again(request, _page(request, reference, token), token, reply, _CHANGED)
    if not done:
        return _again(request, page, token, reply)
    messages.success(request, "Thank you. We have your answer.")
    return redirect(_address(request, page, token))


_CHANGED = (
    "Your request changed while you were writing, so we have not taken your answer yet. Look at what is new below,"
    " then send it again if it still fits."
)


def _replied(request: HttpRequest, page: Followed, token: str | None, reply: Reply) -> bool:
    """Give the answer to the engine; false after noting in the forms what is wrong."""
    files = reply.answers.keep_files() if reply.is_valid() else {}
    if reply.answers.errors or reply.outcome.errors:
        return False
    expected, outcome, text = reply.outcome.decided()
    try:
        actions.reply(
            by=viewer_of(request),
            council=council_here(request),
            reference=page.case.reference,
            token=token,
            step=reply.asked.step,
            expected=expected,
            answers=reply.answers.answers(files),
            outcome=outcome,
            text=text,
            files=files,
            now=timezone.now(),
        )
    except NotYet as error:
        reply.wrong = error.reasons
    except Invalid as error:
        reply.wrong = [text for texts in error.fields.values() for text in texts] or [error.sentence]
    return not reply.wrong


def _again(
    request: HttpRequest, page: Followed, token: str | None, reply: Reply, notice: str = ""
) -> HttpResponse:
    from_forms = [*error_links(reply.answers), *error_links(reply.outcome)]
    wrong = (*from_forms, *((text, "") for text in reply.wrong))
    if notice:
        reply.looked_again(page)
    sent = Sent(reply=reply, wrong=wrong, notice=notice, status=409 if notice and not wrong else 422)
    return _show(request, page, token, sent)


def _comment(request: HttpRequest, reference: str, token: str | None) -> HttpResponseBase:
    page = _page(request, reference, token)
    form = CommentForm(request.POST, request.FILES)
    forged = forgery.is_forged(request)
    if form.is_valid() and not forged and _commented(request, page, token, form):
        messages.success(request, "Thank you. We have added this to your request.")
        return redirect(_address(request, page, token))
    notice = forgery.SHOWN_AGAIN if forged else ""
    sent = Sent(comment=form, wrong=tuple(error_links(form)), notice=notice, status=422)
    return _show(request, page, token, sent)


def _commented(request: HttpRequest, page: Followed, token: str | None, form: CommentForm) -> bool:
    """Give the message to the staff; false after noting in the form what is wrong."""
    upload = form.cleaned_data.get("file")
    try:
        actions.comment(
            by=viewer_of(request),
            council=council_here(request),
            reference=page.case.reference,
            token=token,
            text=form.cleaned_data["text"],
            file=keep_file(upload, limit=settings.UPLOAD_LIMIT) if upload else None,
            now=timezone.now(),
        )
    except _FILE_TROUBLE as error:
        form.add_error("file", error.sentence.removesuffix("."))
    except Invalid as error:
        form.add_error("text", error.sentence.removesuffix("."))
    return not form.errors
