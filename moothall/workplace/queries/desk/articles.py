"""Pages of articles: the list with its tabs, one article with what may be done, and what a new one begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import ndiff
from typing import Any

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import store
from moothall.servicedesk.models import Article, ArticleVersion, Call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import articles as queries
from moothall.servicedesk.queries.articles import Closed
from moothall.servicedesk.queries.calls import call_seen, there

_MOST = 200
_TABS = (("", "Published"), ("waiting", "Waiting"), ("due", "To look at again"), ("retired", "Retired"))


@dataclass(frozen=True, slots=True)
class Line:
    """One article as a line of a list."""

    article: Article
    draft: bool
    overdue: bool

    @property
    def title(self) -> str:
        change = self.article.change
        return str(change["title"]) if self.draft and change else self.article.title


def tabs(viewer: Viewer) -> Sequence[tuple[str, str]]:
    """Return the lists that the viewer may look at; readers have one, and no tabs."""
    return _TABS if gate.anywhere(viewer, Can.WRITE_ARTICLES) else ()


def lines(viewer: Viewer, tab: str, words: str, today: date) -> list[Line]:
    """Return the articles of a list; words are looked for among those that are published."""
    if tab == "waiting":
        rows = list(queries.waiting(viewer).select_related("item")[:_MOST])
    elif tab == "due":
        rows = list(queries.due(viewer, today).select_related("item")[:_MOST])
    elif tab == "retired":
        rows = list(queries.retired(viewer).select_related("item")[:_MOST])
    else:
        rows = queries.found(viewer, words, _MOST)
    return [Line(row, tab == "waiting", row.review_on is not None and row.review_on < today) for row in rows]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article, what waits to be published of it, and what the viewer may do."""

    article: Article
    councils: Sequence[str]
    problem: Call | None
    waiting: Mapping[str, Any] | None
    may_write: bool
    may_publish: bool
    own: bool
    voted: bool | None
    closed: Closed | None
    differences: Sequence[tuple[str, str]]
    versions: Sequence[ArticleVersion]


def article_page(viewer: Viewer, key: str) -> ArticlePage:
    """Return the page of an article."""
    article = queries.article_seen(viewer, key)
    may_write = queries.may_write(viewer, article)
    waits = article.change if may_write else None
    return ArticlePage(
        article=article,
        councils=queries.council_names(article),
        problem=_problem(viewer, article),
        waiting=waits,
        may_write=may_write,
        may_publish=queries.may_publish(viewer, article),
        own=article.author_id is not None and article.author_id == viewer.actor.user_id,
        voted=queries.vote_of(viewer, article),
        closed=queries.closed_by(viewer, article) if gate.anywhere(viewer, Can.SEE) else None,
        differences=_differences(article, waits) if waits else (),
        versions=list(article.versions.all()) if may_write else (),
    )


def _differences(article: Article, change: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the lines that are gone (-) and new (+) in a change, for whoever has to read it."""
    before = [article.title, *article.body.splitlines()]
    after = [str(change["title"]), *str(change["body"]).splitlines()]
    return [(line[0], line[2:]) for line in ndiff(before, after) if line[0] in "+-" and line[2:].strip()]


def _problem(viewer: Viewer, article: Article) -> Call | None:
    """Return the problem that an article belongs to, if it is there for the viewer."""
    if not article.problem_reference or not gate.anywhere(viewer, Can.SEE):
        return None
    return there(viewer).filter(reference=article.problem_reference).first()


def version_page(viewer: Viewer, key: str, number: int) -> tuple[Article, ArticleVersion]:
    """Return an article as it was published, for those who write."""
    article = queries.article_seen(viewer, key)
    kept = article.versions.filter(number=number).first() if queries.may_write(viewer, article) else None
    if kept is None:
        raise NotFound(what="version")
    return article, kept


def begun(article: Article) -> dict[str, Any]:
    """Return what a change of an article begins with: what waits, or what is published."""
    change = article.change or {}
    given = {
        name: change.get(name, getattr(article, name))
        for name in ("title", "body", "kind", "audience", "search_words", "problem_reference")
    }
    councils = change.get("council_ids", list(article.councils.values_list("id", flat=True)))
    return given | {
        "item": change.get("item_id", article.item_id),
        "councils": [str(each) for each in councils],
        "expected": article.revision,
    }


def begun_from(viewer: Viewer, reference: str) -> dict[str, Any]:
    """Return what an article about a call begins with: what it was, and how it was resolved; nothing of its user."""
    if not reference:
        return {}
    try:
        call = call_seen(viewer, reference)
    except NotFound:
        return {}
    case = store.load(call.case_id)
    fix = str(case.data.get("fix") or "") if case is not None else ""
    return {
        "title": call.headline[:150],
        "body": "\n\n".join(["## What helps", fix or "Write what helps."]),
        "item": call.item_id,
        "problem_reference": call.reference if call.kind == "problem" else "",
        "audience": Article.Audience.DESK,
    }
