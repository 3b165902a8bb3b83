"""Articles: which are there for somebody, which words find which, and what is due to be looked at again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.servicedesk.models import Article, ArticleVote, ArticleWord, Call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules import articles as rules
from moothall.servicedesk.rules.articles import NoSuchArticle

MOST = 50
SUGGESTED = 5
SOON = timedelta(days=30)
_MOST_HITS, _MOST_SUGGESTING = 3_000, 800
_MOST_CORRECTED = 3
_MOST_KNOWN = 2_000
_MOST_WORDS = 12
_SHORTEST_BEGINNING = 3
_ENOUGH_TO_SUGGEST = 0.34
_LEAST_WORTH = 6
_CLOSED_SHOWN = 10


def there(viewer: Viewer) -> "QuerySet[Article]":
    """Return the articles that are there for a viewer: for everybody's councils or one of theirs.

    Whoever may read what is for the desk also sees that; drafts are for those who write.
    """
    return _of(_reached(viewer)) if viewer.is_staff or viewer.is_system else Article.objects.none()


_Reached = tuple[int | None, frozenset[int], frozenset[int]]


def _of(reached: _Reached | None) -> "QuerySet[Article]":
    """Return the articles that are there for all who reach the same; all of them for None."""
    return Article.objects.all() if reached is None else Article.objects.filter(_shown(*reached))


def _reached(viewer: Viewer) -> _Reached | None:
    """Return on what it depends which articles are there for a member of staff; None for the house itself."""
    if viewer.is_system:
        return None
    desk, writes = gate.councils(viewer, Can.SEE_ARTICLES), gate.councils(viewer, Can.WRITE_ARTICLES)
    return viewer.council_id, desk, writes


def _shown(own: int | None, desk: frozenset[int], writes: frozenset[int]) -> Q:
    published = Q(state=Article.State.PUBLISHED)
    shown = published & Q(audience=Article.Audience.USERS) & _for({own} | desk)
    if desk:
        shown |= published & _for(desk)
    if writes:
        shown |= _for(writes)
    return shown


def published(viewer: Viewer) -> "QuerySet[Article]":
    """Return the published articles that are there for a viewer."""
    return there(viewer).filter(state=Article.State.PUBLISHED)


def _for(council_ids: "set[int | None] | frozenset[int]") -> Q:
    """Return what holds of articles for one of these councils, or for all."""
    limited = Article.councils.through.objects.values("article_id")
    named = limited.filter(council_id__in=[each for each in council_ids if each is not None])
    return ~Q(pk__in=limited) | Q(pk__in=named)


def article_seen(viewer: Viewer, key: str) -> Article:
    """Return an article by its key, with its system; for whom it is not there, there is none."""
    found = there(viewer).filter(key=key).select_related("item").first()
    if found is None:
        raise NoSuchArticle
    return found


def may_write(viewer: Viewer, article: Article) -> bool:
    """Say whether somebody may change an article: at every council that it is for, or at any if it is for all."""
    return _may(viewer, article, Can.WRITE_ARTICLES)


def may_publish(viewer: Viewer, article: Article) -> bool:
    """Say whether somebody may publish an article, if they did not write it."""
    return _may(viewer, article, Can.PUBLISH_ARTICLES)


def _may(viewer: Viewer, article: Article, can: Can) -> bool:
    councils = set(article.councils.values_list("id", flat=True))
    return councils <= gate.councils(viewer, can) if councils else gate.anywhere(viewer, can)


def found(viewer: Viewer, text: str, most: int = MOST) -> list[Article]:
    """Return published articles that have the words of a text, best first. Beginnings of words count.

    A word that nothing has is read as the nearest one that something has.
    """
    words = rules.words_of(text)[:_MOST_WORDS]
    if not words:
        return list(published(viewer).select_related("item")[:most])
    rows = published(viewer)
    hits = _hits(Q(article__in=rows), words)
    missing = [word for word in words if not any(word in each for each in hits.values())]
    if missing:
        meant = {word: _meant(rows, word) for word in missing[:_MOST_CORRECTED]}
        if any(meant.values()):
            hits = _hits(Q(article__in=rows), [meant.get(word) or word for word in words])
    return _in_order(rules.ranked(hits, len(words))[:most])


def suggested(viewer: Viewer, about: Call | str, most: int = SUGGESTED) -> list[Article]:
    """Return the published articles that may help with a call, or with what somebody writes; none if none fits well.

    What is about the system of the call comes first among equals.
    """
    text = about if isinstance(about, str) else f"{about.headline} {about.category}"
    words = rules.words_of(text)[:_MOST_WORDS]
    hits = _weighed(_having.all(words=words), words, beginnings=False) if words else {}
    item = about.item_id if isinstance(about, Call) else None
    seen = _fitting(viewer, list(hits), item)
    beside = {"": _LEAST_WORTH}
    hits = {
        number: hits.get(number, {}) | (beside if item is not None and of == item else {})
        for number, of in seen
    }
    hits = {number: worth for number, worth in hits.items() if sum(worth.values()) >= _LEAST_WORTH}
    return _in_order(rules.ranked(hits, len(words), enough=_ENOUGH_TO_SUGGEST)[:most])


def _fitting(viewer: Viewer, numbers: list[int], item: int | None) -> Iterable[tuple[int, int | None]]:
    """Return those of some published articles that are there for a viewer, or are about the item, with their items."""
    if not (numbers or item) or not (viewer.is_staff or viewer.is_system):
        return ()
    return _near.all(numbers=numbers, item=item or 0, reached=_reached(viewer))


@prepared
def _near(numbers: Slot, item: Slot, *, reached: _Reached | None) -> Any:
    rows = _of(reached).filter(state=Article.State.PUBLISHED)
    return rows.filter(Q(pk__in=numbers) | Q(item_id=item)).values_list("pk", "item_id")


@prepared
def _having(words: Slot) -> Any:
    rows = ArticleWord.objects.filter(word__in=words, article__state=Article.State.PUBLISHED)
    return rows.values_list("article_id", "word", "weight").order_by("-weight")[:_MOST_SUGGESTING]


def _hits(among: Q, words: Sequence[str]) -> dict[int, dict[str, int]]:
    """Return for each of some articles which of the words it has, and what each says of it; of many, what says most.

    Beginnings of words count.
    """
    longer = [word for word in words if len(word) >= _SHORTEST_BEGINNING]
    which = reduce(or_, map(_begins, longer), Q(word__in=[word for word in words if word not in longer]))
    held = ArticleWord.objects.filter(which, among).values_list("article_id", "word", "weight")
    return _weighed(held.order_by("-weight")[:_MOST_HITS], words, beginnings=True)


def _weighed(
    held: Iterable[tuple[int, str, int]], words: Sequence[str], *, beginnings: bool
) -> dict[int, dict[str, int]]:
    hits: dict[int, dict[str, int]] = {}
    for number, held_word, weight in held:
        for word in words:
            if held_word == word or (beginnings and held_word.startswith(word)):
                worth = hits.setdefault(number, {})
                worth[word] = max(worth.get(word, 0), weight * 2 if held_word == word else weight)
    return hits


def _begins(word: str) -> Q:
    end = rules.after(word)
    return Q(word__gte=word, word__lt=end) if end else Q(word__gte=word)


def _meant(rows: "QuerySet[Article]", word: str) -> str:
    """Return the word of some article that somebody most likely meant."""
    known = ArticleWord.objects.filter(_begins(word[0]), article__in=rows)
    return rules.nearest(word, known.values_list("word", flat=True).distinct()[:_MOST_KNOWN])


@prepared
def _numbered(numbers: Slot) -> Any:
    return Article.objects.filter(pk__in=numbers).select_related("item")


def _in_order(numbers: Sequence[int]) -> list[Article]:
    rows = {each.pk: each for each in _numbered.all(numbers=list(numbers))} if numbers else {}
    return [rows[number] for number in numbers if number in rows]


@dataclass(frozen=True, slots=True)
class Closed:
    """What an article closed: how many calls that the viewer may see, and the latest of them."""

    total: int
    latest: Sequence[Call]


def closed_by(viewer: Viewer, article: Article) -> Closed:
    """Return which calls an article closed, of those that are there for the viewer."""
    rows = gate.narrow(viewer, Can.SEE, Call.objects.filter(article=article))
    rows = circles.narrow(viewer, rows)
    return Closed(rows.count(), list(rows.select_related("council").order_by("-id")[:_CLOSED_SHOWN]))


def waiting(viewer: Viewer) -> "QuerySet[Article]":
    """Return what was written and waits for somebody to publish it, the longest waiting first."""
    rows = there(viewer).filter(Q(state=Article.State.DRAFT) | Q(change__isnull=False))
    return rows.exclude(state=Article.State.RETIRED).order_by("changed_at", "pk")


def due(viewer: Viewer, today: date) -> "QuerySet[Article]":
    """Return the published articles that should be looked at again soon, or should have been."""
    return published(viewer).filter(review_on__lte=today + SOON).order_by("review_on", "pk")


def retired(viewer: Viewer) -> "QuerySet[Article]":
    """Return the articles that are no longer shown."""
    return there(viewer).filter(state=Article.State.RETIRED)


def helping(viewer: Viewer, most: int) -> list[Article]:
    """Return the articles for users that helped most often, for the first page of self-service."""
    rows = (
        published(viewer)
        .filter(audience=Article.Audience.USERS)
        .annotate(worth=F("helped") - F("not_helped"))
    )
    return list(rows.order_by("-worth", "title")[:most])


def vote_of(viewer: Viewer, article: Article) -> bool | None:
    """Return whether an article helped the viewer, if they said so."""
    rows = ArticleVote.objects.filter(article=article, user_id=viewer.actor.user_id or 0)
    return rows.values_list("helped", flat=True).first()


def council_names(article: Article) -> list[str]:
    """Return the councils that an article is for; empty if it is for all."""
    return list(article.councils.order_by("name").values_list("name", flat=True))


def councils_to_write_for(viewer: Viewer) -> list[Council]:
    """Return the councils for which the viewer may write articles."""
    return list(Council.objects.filter(id__in=gate.councils(viewer, Can.WRITE_ARTICLES)).order_by("name"))


def votes_on(article_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return for each article how many it helped, and how many not, counted from the votes themselves."""
    counted = (
        ArticleVote.objects.filter(article_id__in=article_ids)
        .values("article_id")
        .annotate(yes=Count("id", filter=Q(helped=True)), no=Count("id", filter=Q(helped=False)))
    )
    return {each["article_id"]: (each["yes"], each["no"]) for each in counted}
