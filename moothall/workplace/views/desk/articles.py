"""Articles: finding, reading, voting; writing, publishing, looking again, retiring."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from moothall.councils import gate
from moothall.councils.doors import door, staff_only
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import articles as actions
from moothall.servicedesk.actions.articles import Written
from moothall.servicedesk.models import Article
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import articles as queries
from moothall.servicedesk.rules.article_markup import html_of
from moothall.servicedesk.rules.articles import ArticleChanged
from moothall.workplace.forms.desk.articles import ArticleForm, FindArticleForm, ReviewForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import articles as pages
from moothall.workplace.queries.desk.setting_up import council_choices, item_choices
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@staff_only
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Find an article; for whoever looks after them, also what waits, what is due and what is retired."""
    viewer, now = looking(request)
    form = FindArticleForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    tabs = pages.tabs(viewer)
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(tabs) else ""
    return page(
        request,
        "articles",
        form=form,
        words=words,
        tab=tab,
        tabs=tabs,
        lines=pages.lines(viewer, tab, words, timezone.localdate(now)),
        may_write=gate.anywhere(viewer, Can.WRITE_ARTICLES),
    )


@staff_only
@require_safe
def article(request: HttpRequest, key: str) -> HttpResponse:
    """Show one article, with whether it helped; to whoever looks after it, what may be done."""
    viewer, _ = looking(request)
    return _show(request, viewer, key)


def _show(request: HttpRequest, viewer: Viewer, key: str, review: ReviewForm | None = None) -> HttpResponse:
    found = pages.article_page(viewer, key)
    return page(
        request,
        "article",
        status=UNPROCESSABLE if review is not None else 200,
        found=found,
        article=found.article,
        body=Markup(html_of(found.article.body)),  # noqa: S704 - made of escaped words only
        waiting=found.waiting and Markup(html_of(str(found.waiting["body"]))),  # noqa: S704
        review=review or ReviewForm(initial={"expected": found.article.revision}),
        page_errors=error_links(review),
    )


@staff_only
@require_safe
def version(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Show an article as it was once published."""
    viewer, _ = looking(request)
    found, kept = pages.version_page(viewer, key, version)
    body = Markup(html_of(kept.body))  # noqa: S704 - made of escaped words only
    return page(request, "article_version", article=found, kept=kept, body=body)


@door(Can.WRITE_ARTICLES)
@require_http_methods(_METHODS)
def write(request: HttpRequest) -> HttpResponse:
    """Write a new article; `from` names a call whose words begin it."""
    viewer, now = looking(request)
    begin = pages.begun_from(viewer, request.GET.get("from", ""))
    form = _form(viewer, request, begin)
    if form.is_bound and form.is_valid():
        try:
            made = actions.write(by=viewer, written=_written(form), now=now)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "It is kept as a draft. Somebody else publishes it.")
            return redirect("workplace:desk_article", made.key)
    return _ask(request, form, "Write an article", "")


@door(Can.WRITE_ARTICLES)
@require_http_methods(_METHODS)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change an article; readers see the change when somebody else has published it."""
    viewer, now = looking(request)
    found = queries.article_seen(viewer, key)
    form = _form(viewer, request, pages.begun(found))
    if form.is_bound and form.is_valid():
        expected = form.cleaned_data["expected"] or 0
        try:
            actions.change(by=viewer, key=key, written=_written(form), expected=expected, now=now)
        except ArticleChanged as error:
            # what was typed stays; sent again, it takes the place of what they have now read
            typed = request.POST.copy()
            typed["expected"] = str(found.revision)
            form = _form(viewer, request, {}, typed)
            form.is_valid()
            complain(form, error)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "It is kept. Somebody else publishes it.")
            return redirect("workplace:desk_article", key)
    return _ask(request, form, "Change this article", reverse("workplace:desk_article", args=[key]))


def _form(viewer: Viewer, request: HttpRequest, begin: dict[str, Any], typed: Any = None) -> ArticleForm:
    return ArticleForm(
        typed or (request.POST if request.method == "POST" else None),
        items=item_choices(viewer),
        councils=council_choices(viewer, Can.WRITE_ARTICLES),
        begin=begin,
    )


def _written(form: ArticleForm) -> Written:
    given = form.cleaned_data
    return Written(
        title=given["title"],
        body=given["body"],
        kind=given["kind"],
        audience=given["audience"],
        search_words=given["search_words"],
        item_id=given["item"],
        problem_reference=given["problem_reference"].strip().upper(),
        council_ids=given["councils"],
    )


def _ask(request: HttpRequest, form: ArticleForm, title: str, back: str) -> HttpResponse:
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title=title,
        form=form,
        button="Keep it",
        back=back or reverse("workplace:desk_articles"),
        back_text="Back",
        says="Somebody else reads it before users see it.",
        page_errors=error_links(form),
    )


@door(Can.PUBLISH_ARTICLES)
@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish what waits."""
    viewer, now = looking(request)
    queries.article_seen(viewer, key)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, viewer, key, form)
    given = form.cleaned_data
    actions.publish(
        by=viewer, key=key, expected=given["expected"] or 0, now=now, review_on=given["review_on"]
    )
    messages.success(request, "It is published.")
    return redirect("workplace:desk_article", key)


@door(Can.PUBLISH_ARTICLES)
@require_POST
def reviewed(request: HttpRequest, key: str) -> HttpResponse:
    """Say that an article is still right, and when to look at it again."""
    viewer, now = looking(request)
    queries.article_seen(viewer, key)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, viewer, key, form)
    actions.looked_at(by=viewer, key=key, review_on=form.cleaned_data["review_on"], now=now)
    messages.success(request, "That is recorded.")
    return redirect("workplace:desk_article", key)


@door(Can.WRITE_ARTICLES)
@require_POST
def drop(request: HttpRequest, key: str) -> HttpResponse:
    """Throw away a change that waits."""
    viewer, now = looking(request)
    expected = number_of(request.POST.get("expected")) or 0
    actions.drop_change(by=viewer, key=key, expected=expected, now=now)
    messages.success(request, "The change is thrown away. Readers see what they saw before.")
    return redirect("workplace:desk_article", key)


@door(Can.PUBLISH_ARTICLES)
@require_POST
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take an article from readers."""
    viewer, now = looking(request)
    actions.retire(by=viewer, key=key, now=now)
    messages.success(request, "It is retired. It can be brought back as a draft.")
    return redirect("workplace:desk_article", key)


@door(Can.WRITE_ARTICLES)
@require_POST
def bring_back(request: HttpRequest, key: str) -> HttpResponse:
    """Make a retired article a draft again."""
    viewer, now = looking(request)
    actions.bring_back(by=viewer, key=key, now=now)
    messages.success(request, "It is a draft again.")
    return redirect("workplace:desk_article", key)


@staff_only
@require_POST
def vote(request: HttpRequest, key: str) -> HttpResponse:
    """Keep whether an article helped."""
    viewer, now = looking(request)
    found: Article = actions.vote(by=viewer, key=key, helped=request.POST.get("helped") == "yes", now=now)
    messages.success(request, "Thank you. It helps us to write better ones.")
    return redirect("workplace:desk_article", found.key)
