"""What helps the demonstration's desk: articles, replies, the catalogue, rules, on-call, recurring checks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from moothall.config.demo.cast import Cast
from moothall.config.demo.desk.helping_articles import ARTICLES, CHANGED, DRAFT, Told
from moothall.config.demo.desk.helping_offers import OFFERS, RECURRING, REPLIES, RULES
from moothall.councils.models import Council, Staff, Team
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.servicedesk.actions import articles as writing
from moothall.servicedesk.actions.articles import Written
from moothall.servicedesk.actions.catalogue import Offer, offer
from moothall.servicedesk.actions.filters import save_filter
from moothall.servicedesk.actions.on_call import make_rota
from moothall.servicedesk.actions.recurring import Work, keep_recurring
from moothall.servicedesk.actions.replies import write_reply
from moothall.servicedesk.actions.routing import Wanted, keep_rule
from moothall.servicedesk.models import Article, Call

SEED = 2112
_WRITERS, _PUBLISHER = ("Paul Everett", "Zainab Yousef", "Rhys Gould"), "Louise Tranter"
_ROTAS = {"platforms": "01632 960 998", "service-desk": "01632 960 999"}
_VOTERS, _SHARE_HELPED, _SHARE_CLOSED = 18, 0.8, 0.6


def play(cast: Cast, now: datetime) -> None:
    """Set up the desk, before calls come in."""
    teams = {team.code: team for team in Team.objects.all()}
    items = dict(Item.objects.values_list("code", "pk"))
    _articles(cast.councils, items, now)
    _offers(cast.councils, teams, items, now)
    house = Viewer.system()
    for code, title, text in REPLIES:
        write_reply(by=house, team_id=teams[code].pk, title=title, text=text, now=now)
    _rules(teams, items, now)
    for code, phone in _ROTAS.items():
        people = [one.pk for one in cast.teams[teams[code].pk]]
        first = (now - timedelta(days=7)).date()
        make_rota(
            by=house, team_id=teams[code].pk, staff_ids=people, first=first, weeks=5, phone=phone, now=now
        )
    for each in RECURRING:
        work = Work(
            cast.councils[each.council].pk,
            each.title,
            each.schedule,
            teams[each.team].pk,
            each.detail,
            items.get(each.item),
        )
        keep_recurring(by=_viewer(_PUBLISHER, now), work=work, now=now)
    _filters(teams["service-desk"], now)


def closed_by_articles(cast: Cast, now: datetime) -> None:
    """Let calls of the past name the article that helped, once there are calls."""
    del cast, now
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    for told in ARTICLES:
        article = Article.objects.filter(title=told.title).first()
        done = Call.objects.filter(headline__in=told.closes, ended="done").values_list("pk", flat=True)
        chosen = [number for number in done if random.random() < _SHARE_CLOSED]
        Call.objects.filter(pk__in=chosen).update(article=article)


def _viewer(name: str, now: datetime) -> Viewer:
    return viewer_for(Staff.objects.get(user__name=name).user, today=now.date())


def _articles(councils: Mapping[str, Council], items: Mapping[str, int], now: datetime) -> None:
    """Let analysts write and their manager publish; one waits, one is changed, one should be looked at again."""
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    writers = [_viewer(name, now) for name in _WRITERS]
    publisher = _viewer(_PUBLISHER, now)
    voters = [viewer_for(one.user, today=now.date()) for one in Staff.objects.order_by("id")[:_VOTERS]]
    for number, told in enumerate(ARTICLES):
        at = now - timedelta(days=300 - number * 17)
        draft = writing.write(by=writers[number % 3], written=_written(told, councils, items), now=at)
        review_on = (now + timedelta(days=9)).date() if number == 1 else None
        published = at + timedelta(days=2)
        writing.publish(by=publisher, key=draft.key, expected=1, now=published, review_on=review_on)
        if told.audience == "users" and not told.council:
            _votes(random, draft.key, voters, now)
    writing.write(by=writers[0], written=_written(DRAFT, councils, items), now=now - timedelta(days=1))
    title, more = CHANGED
    told = next(each for each in ARTICLES if each.title == title)
    article = Article.objects.get(title=title)
    changed = _written(told._replace(body=told.body + more), councils, items)
    writing.change(
        by=writers[1],
        key=article.key,
        written=changed,
        expected=article.revision,
        now=now - timedelta(hours=5),
    )


def _written(told: Told, councils: Mapping[str, Council], items: Mapping[str, int]) -> Written:
    return Written(
        title=told.title,
        body=told.body,
        kind=told.kind,
        audience=told.audience,
        search_words=told.words,
        item_id=items.get(told.item),
        council_ids=[councils[told.council].pk] if told.council else (),
    )


def _votes(random: Random, key: str, voters: Sequence[Viewer], now: datetime) -> None:
    for voter in random.sample(list(voters), random.randrange(3, len(voters))):
        writing.vote(by=voter, key=key, helped=random.random() < _SHARE_HELPED, now=now)


def _offers(
    councils: Mapping[str, Council], teams: Mapping[str, Team], items: Mapping[str, int], now: datetime
) -> None:
    for each in OFFERS:
        what = Offer(
            title=each.title,
            description=each.description,
            category=each.category,
            ask=each.ask,
            approval=each.approval,
            team_id=teams[each.team].pk,
            item_id=items.get(each.item),
            price_pence=each.pence,
            council_ids=[councils[code].pk for code in each.councils],
            standard_change=each.standard,
        )
        offer(by=Viewer.system(), what=what, now=now)


def _rules(teams: Mapping[str, Team], items: Mapping[str, int], now: datetime) -> None:
    for each in RULES:
        wanted = Wanted(
            title=each.title,
            team_id=teams[each.team].pk,
            pick=each.pick,
            item_id=items.get(each.item),
            kind=each.kind,
            category=each.category,
            words=each.words,
            at_most_priority=each.priority,
            active=each.active and (not each.item or each.item in items),
        )
        keep_rule(by=Viewer.system(), wanted=wanted, now=now)


def _filters(desk: Team, now: datetime) -> None:
    analyst = _viewer(_WRITERS[0], now)
    kept = (
        ("Not taken P2", "tab=free&priority=2", desk.pk),
        ("Late", "tab=team&late=on", desk.pk),
        ("Requests that wait for approval", "tab=all&kind=request&state=approval", None),
    )
    for name, query, team_id in kept:
        save_filter(by=analyst, name=name, query=query, team_id=team_id, now=now)
