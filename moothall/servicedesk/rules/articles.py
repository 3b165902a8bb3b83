"""Which words find an article, who may publish it, and when it should be looked at again. Plain values only."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches

from moothall.plain.errors import HouseError, NotFound, Stale
from moothall.servicedesk.rules import article_markup

LONGEST = 20_000
REVIEW_AFTER = timedelta(days=365)
SHORTEST_WORD = 2
_LONGEST_WORD = 40
_LONGEST_KEY = 50
_SHORTEST_PLURAL = 3
_NEAR = 0.74
_WEIGHTS = (8, 6, 1)
"""What a word is worth in the title, among the words that users say for it, and in the text."""
_WORD = re.compile(r"[a-z0-9]+")
_COMMON = frozenset({
    "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
    "but", "by", "can", "cannot", "could", "did", "do", "does", "doing", "don", "for", "from", "get", "got",
    "had", "has", "have", "he", "her", "here", "hi", "how", "i", "if", "in", "into", "is", "it", "its", "just",
    "me", "my", "need", "no", "not", "now", "of", "on", "or", "our", "out", "please", "she", "so", "some", "than",
    "that", "the", "their", "them", "then", "there", "they", "this", "to", "too", "up", "us", "want", "was", "we",
    "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your", "hello",
    "help", "thank", "thanks", "dear",
    "dont", "doesnt", "cant", "wont", "isnt", "ive", "im", "didnt",
})  # fmt: skip
"""Words that tell nothing."""
_APOSTROPHES = str.maketrans("", "", "'\u2019")


class NoSuchArticle(NotFound):
    code = "servicedesk.no_such_article"
    message = "We cannot find that article."
    next_step = "It may have been retired, or it is for another council. Search for what you need instead."


class OwnArticle(HouseError):
    code = "servicedesk.own_article"
    status = 409
    title = "Somebody else has to publish this"
    message = "You wrote this last, so somebody else has to read and publish it."
    next_step = "Ask a colleague who may publish articles. It waits on the list of articles that wait."


class NothingToPublish(HouseError):
    code = "servicedesk.nothing_to_publish"
    status = 409
    title = "Nothing waits to be published"
    message = "Everything that was written in this article is published already."
    next_step = "Change it first, or choose another one from the list of articles that wait."


class ArticleChanged(Stale):
    code = "servicedesk.article_changed"
    message = "Somebody else changed this article while you were working on it, so nothing was saved."
    next_step = "Open it again and look at what they wrote, then make your change."


class RetiredArticle(HouseError):
    code = "servicedesk.retired_article"
    status = 409
    title = "This article is retired"
    message = "A retired article cannot be changed."
    next_step = "Bring it back as a draft first."


def folded(text: str) -> str:
    """Return a text in small letters without accents.

    >>> folded("Café Siân")
    'cafe sian'
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in plain if not unicodedata.combining(each))


def words_of(text: str) -> list[str]:
    """Return the words of a text that tell something, each once, as they are compared.

    >>> words_of("My passwords don't work in the VPN!"), words_of("the and of")
    (['password', 'work', 'vpn'], [])
    """
    written = _WORD.findall(folded(text).translate(_APOSTROPHES))
    found = dict.fromkeys(_stem(word[:_LONGEST_WORD]) for word in written if word not in _COMMON)
    return [each for each in found if len(each) >= SHORTEST_WORD]


def _stem(word: str) -> str:
    """Return a word without the ending of its plural.

    >>> _stem("printers"), _stem("access"), _stem("ws")
    ('printer', 'access', 'ws')
    """
    is_plural = len(word) > _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural else word


def weights(title: str, search_words: str, body: str) -> dict[str, int]:
    """Return the words of an article, and how much each says of it."""
    found: dict[str, int] = {}
    for text, weight in zip((title, search_words, article_markup.text_of(body)), _WEIGHTS, strict=True):
        for word in words_of(text):
            found[word] = max(found.get(word, 0), weight)
    return found


def after(prefix: str) -> str:
    """Return the first word behind all that begin so; nothing if there is none.

    >>> after("pri"), after("fizz"), after("a9"), after("z")
    ('prj', 'fj', 'aa', '')
    """
    kept = prefix.rstrip("z")
    if not kept:
        return ""
    last = kept[-1]
    return kept[:-1] + ("a" if last == "9" else chr(ord(last) + 1))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that somebody most likely meant; nothing if none is near.

    >>> nearest("pasword", ["password", "parking"]), nearest("cat", ["printer"])
    ('password', '')
    """
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=_NEAR)), "")


def ranked(hits: Mapping[int, Mapping[str, int]], asked: int, *, enough: float = 1.0) -> list[int]:
    """Return articles, best first: by how many of the words they have, then by what these say of them.

    `hits` has for each article what each of the words is worth there. Where nothing has enough of the words, what has
    the most of them comes.

    >>> ranked({1: {"vpn": 8}, 2: {"vpn": 1, "home": 1}, 3: {"home": 8}}, 2)
    [2]
    >>> ranked({1: {"vpn": 8}, 3: {"home": 1}}, 2)
    [1, 3]
    """
    most = max(map(len, hits.values()), default=0)
    least = min(most, max(1, round(asked * enough)))
    kept = [
        (-len(worth), -sum(worth.values()), number) for number, worth in hits.items() if len(worth) >= least
    ]
    return [number for _, _, number in sorted(kept)]


def check_four_eyes(author_id: int | None, publisher_id: int | None) -> None:
    """Refuse to let somebody publish what they wrote last."""
    if author_id is not None and author_id == publisher_id:
        raise OwnArticle


def next_review(today: date) -> date:
    """Return when an article that is published today should be looked at again."""
    return today + REVIEW_AFTER


def key_of(title: str, taken: Iterable[str]) -> str:
    """Return a key for a title that nothing has yet.

    >>> key_of("Reset your password!", []), key_of("VPN", ["vpn", "vpn-2"]), key_of("…", [])
    ('reset-your-password', 'vpn-3', 'no-name')
    """
    base = "-".join(_WORD.findall(folded(title)))[:_LONGEST_KEY].strip("-") or "no-name"
    held, number, key = set(taken), 1, base
    while key in held:
        number += 1
        key = f"{base}-{number}"
    return key
