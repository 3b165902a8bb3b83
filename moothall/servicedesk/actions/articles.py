"""Articles: written by one, published by another, looked at again, voted on, and retired."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import Refused
from moothall.servicedesk.models import Article, ArticleVersion, ArticleVote, ArticleWord
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import articles as queries
from moothall.servicedesk.rules import articles as rules
from moothall.servicedesk.rules.articles import (
    ArticleChanged,
    NoSuchArticle,
    NothingToPublish,
    RetiredArticle,
)

_PLAIN = ("kind", "audience", "title", "body", "search_words", "item_id", "problem_reference")


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes: the whole article, as it should be. No council means all of them."""

    title: str
    body: str
    kind: str = Article.Kind.HOW_TO
    audience: str = Article.Audience.USERS
    search_words: str = ""
    item_id: int | None = None
    problem_reference: str = ""
    council_ids: Collection[int] = field(default=())

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept while it waits."""
        return {name: getattr(self, name) for name in _PLAIN} | {"council_ids": sorted(self.council_ids)}


@transaction.atomic
def write(*, by: Viewer, written: Written, now: datetime) -> Article:
    """Keep a new article as a draft."""
    _allow(by, Can.WRITE_ARTICLES, written.council_ids)
    key = rules.key_of(written.title, Article.objects.values_list("key", flat=True))
    plain = {name: getattr(written, name) for name in _PLAIN}
    article = Article.objects.create(
        key=key, author_id=by.actor.user_id, changed_at=now, changed_by=by.actor.name[:150], **plain
    )
    article.councils.set(written.council_ids)
    _say(by, article, "article_written", now)
    return article


@transaction.atomic
def change(*, by: Viewer, key: str, written: Written, expected: int, now: datetime) -> Article:
    """Change an article. What is published stays as it is for readers until somebody else publishes the change."""
    article = _to_change(by, key, Can.WRITE_ARTICLES)
    _allow(by, Can.WRITE_ARTICLES, written.council_ids)
    if article.revision != expected:
        raise ArticleChanged
    if article.state == Article.State.RETIRED:
        raise RetiredArticle
    if article.state == Article.State.PUBLISHED:
        article.change = written.kept()
    else:
        _take_over(article, written.kept())
    return _changed(by, article, "article_changed", now)


@transaction.atomic
def publish(*, by: Viewer, key: str, expected: int, now: datetime, review_on: date | None = None) -> Article:
    """Publish what was written, if somebody else wrote it last; keep it as a version, and index its words."""
    article = _to_change(by, key, Can.PUBLISH_ARTICLES)
    if article.revision != expected:
        raise ArticleChanged
    if article.state == Article.State.RETIRED:
        raise RetiredArticle
    if article.state == Article.State.PUBLISHED and article.change is None:
        raise NothingToPublish
    if article.change is not None:
        _allow(by, Can.PUBLISH_ARTICLES, article.change["council_ids"])
    rules.check_four_eyes(article.author_id, by.actor.user_id)
    if article.change is not None:
        _take_over(article, article.change)
    article.state, article.change = Article.State.PUBLISHED, None
    article.version += 1
    article.revision += 1
    article.review_on = review_on or rules.next_review(timezone.localdate(now))
    article.save()
    ArticleVersion.objects.create(
        article=article,
        number=article.version,
        title=article.title,
        body=article.body,
        published_at=now,
        published_by=by.actor.name[:150],
    )
    _index(article)
    _say(by, article, "article_published", now, version=article.version)
    return article


@transaction.atomic
def drop_change(*, by: Viewer, key: str, expected: int, now: datetime) -> Article:
    """Throw away a change that waits; what is published stays."""
    article = _to_change(by, key, Can.WRITE_ARTICLES)
    if article.revision != expected:
        raise ArticleChanged
    if article.change is None:
        raise NothingToPublish
    article.change = None
    return _changed(by, article, "article_change_dropped", now, author=False)


@transaction.atomic
def retire(*, by: Viewer, key: str, now: datetime) -> Article:
    """Take an article from readers. Its versions, its votes and the calls that it closed stay."""
    article = _to_change(by, key, Can.PUBLISH_ARTICLES)
    article.state, article.change = Article.State.RETIRED, None
    ArticleWord.objects.filter(article=article).delete()
    return _changed(by, article, "article_retired", now, author=False)


@transaction.atomic
def bring_back(*, by: Viewer, key: str, now: datetime) -> Article:
    """Make a retired article a draft again; somebody else publishes it."""
    article = _to_change(by, key, Can.WRITE_ARTICLES)
    if article.state == Article.State.RETIRED:
        article.state = Article.State.DRAFT
        return _changed(by, article, "article_brought_back", now)
    return article


@transaction.atomic
def looked_at(*, by: Viewer, key: str, review_on: date | None, now: datetime) -> Article:
    """Say that a published article is still right, and when it should be looked at again."""
    article = _to_change(by, key, Can.PUBLISH_ARTICLES)
    if article.state != Article.State.PUBLISHED:
        raise RetiredArticle if article.state == Article.State.RETIRED else NoSuchArticle
    article.review_on = review_on or rules.next_review(timezone.localdate(now))
    return _changed(by, article, "article_reviewed", now, author=False)


@transaction.atomic
def vote(*, by: Viewer, key: str, helped: bool, now: datetime) -> Article:
    """Keep whether an article helped somebody; a second vote of theirs takes the place of the first."""
    article = queries.article_seen(by, key)
    if article.state != Article.State.PUBLISHED or by.actor.user_id is None:
        raise NoSuchArticle
    ArticleVote.objects.update_or_create(
        article=article, user_id=by.actor.user_id, defaults={"helped": helped, "at": now}
    )
    yes, no = queries.votes_on([article.pk]).get(article.pk, (0, 0))
    Article.objects.filter(pk=article.pk).update(helped=yes, not_helped=no)
    return article


def _to_change(by: Viewer, key: str, can: Can) -> Article:
    """Return an article, held against others, if the viewer may do this to it at every council that it is for."""
    seen = queries.article_seen(by, key)
    article = Article.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    _allow(by, can, list(article.councils.values_list("id", flat=True)))
    return article


def _allow(by: Viewer, can: Can, council_ids: Collection[int]) -> None:
    if not council_ids:
        gate.allow_anywhere(by, can)
    elif not by.is_system and not set(council_ids) <= gate.councils(by, can):
        raise Refused(act=f"{can.label} for one of these councils")


def _take_over(article: Article, written: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        setattr(article, name, written[name])
    article.councils.set(Council.objects.filter(id__in=written["council_ids"]))


def _changed(by: Viewer, article: Article, what: str, now: datetime, *, author: bool = True) -> Article:
    article.revision += 1
    if author:
        article.author_id, article.changed_by = by.actor.user_id, by.actor.name[:150]
        article.changed_at = now
    article.save()
    _say(by, article, what, now)
    return article


def _index(article: Article) -> None:
    ArticleWord.objects.filter(article=article).delete()
    found = rules.weights(article.title, article.search_words, article.body)
    ArticleWord.objects.bulk_create(
        ArticleWord(article=article, word=word, weight=weight) for word, weight in found.items()
    )


def _say(by: Viewer, article: Article, what: str, now: datetime, **facts: object) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"article:{article.pk}",
        council_id=None,
        now=now,
        facts=facts,
    )
