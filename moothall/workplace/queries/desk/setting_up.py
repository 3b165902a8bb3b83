"""What can be chosen where the desk is set up: teams, councils, systems, people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from moothall.councils import gate
from moothall.councils.models import Council, Staff, Team
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.estate.queries import items_seen
from moothall.servicedesk.models import AssignmentRule, CatalogueItem
from moothall.servicedesk.models.calls import Channel, Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import articles, on_call, recurring, replies, routing
from moothall.servicedesk.queries import catalogue as offers
from moothall.servicedesk.queries.teams import members_of, teams_to_set_up

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of setting up the desk: where it is, what it is for, and how much of it there is."""

    title: str
    url: str
    about: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    url: str
    about: str
    permission: Permission
    counted: Callable[[Viewer, datetime], str]


def parts(viewer: Viewer, now: datetime) -> list[Part]:
    """Return the parts that the viewer may set up."""
    return [
        Part(each.title, each.url, each.about, each.counted(viewer, now))
        for each in _KINDS
        if gate.anywhere(viewer, each.permission)
    ]


def _rules(viewer: Viewer, _now: datetime) -> str:
    rows = routing.rules_to_keep(viewer)
    off = rows.filter(active=False).count()
    return _said(rows.count(), "rule") + (f", {off:,} switched off" if off else "")


def _rotas(viewer: Viewer, now: datetime) -> str:
    teams = teams_to_set_up(viewer).values_list("pk", "name")
    shifts = on_call.on_call_of([number for number, _ in teams], now)
    gaps = [name for number, name in teams if on_call.uncovered(number, now)]
    there = f"{len(shifts):,} on call now" if shifts else "Nobody is on call now"
    return there + (f"; the next four weeks have gaps: {', '.join(gaps)}" if gaps else "")


def _catalogue(viewer: Viewer, _now: datetime) -> str:
    return f"{offers.to_keep(viewer).filter(offered=True).count():,} offered"


def _replies(viewer: Viewer, _now: datetime) -> str:
    return _said(replies.to_keep(viewer).count(), "reply", "replies")


def _recurring(viewer: Viewer, _now: datetime) -> str:
    return f"{recurring.recurring_work(viewer).filter(active=True).count():,} running"


def _articles(viewer: Viewer, now: datetime) -> str:
    waiting, due = articles.waiting(viewer).count(), articles.due(viewer, now.date()).count()
    return f"{waiting:,} waiting to be published, {due:,} to be looked at again"


def _said(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _nothing(_viewer: Viewer, _now: datetime) -> str:
    return ""


_KINDS = (
    _Kind(
        "Assignment rules", "workplace:desk_rules",
        "Where new calls go, by council, system, words and priority.", Can.SET_UP, _rules,
    ),
    _Kind("On-call rotas", "workplace:desk_on_call", "Who is on call, week by week.", Can.SET_UP, _rotas),
    _Kind(
        "Request catalogue", "workplace:desk_catalogue",
        "What users can ask for, what it costs and who approves it.", Can.SET_UP, _catalogue,
    ),
    _Kind(
        "Canned replies", "workplace:desk_replies", "Words that a team writes often.", Can.WRITE_ARTICLES, _replies,
    ),
    _Kind(
        "Articles", "workplace:desk_articles", "What helps users and the desk.", Can.WRITE_ARTICLES, _articles,
    ),
    _Kind(
        "Recurring work", "workplace:desk_recurring",
        "Checks and chores that are logged as calls by themselves.", Can.SET_UP, _recurring,
    ),
    _Kind("Keys for other systems", "workplace:desk_keys", "Who may log calls by the API.", Can.SET_UP, _nothing),
    _Kind(
        "Monitoring feeds", "workplace:desk_feeds", "Alerts that open and close calls.", Can.SET_UP, _nothing,
    ),
    _Kind(
        "Import", "workplace:desk_import", "Bring calls in from another desk, from a file.", Can.IMPORT, _nothing,
    ),
)  # fmt: skip


def team_choices(viewer: Viewer, can: Can = Can.SET_UP) -> list[tuple[str, str]]:
    """Return the teams that the viewer sets up."""
    return [(str(team.pk), team.name) for team in teams_to_set_up(viewer, can)]


def serving_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the teams that serve a council where the viewer sets up the desk."""
    reached = gate.councils(viewer, Can.SET_UP)
    rows = Team.objects.filter(councils__in=reached).distinct().order_by("name", "pk")
    return [(str(team.pk), team.name) for team in rows]


def council_choices(viewer: Viewer, can: Permission = Can.SET_UP) -> list[tuple[str, str]]:
    """Return the councils at which the viewer may do this."""
    rows = Council.objects.filter(id__in=gate.councils(viewer, can)).order_by("name")
    return [(str(council.pk), council.name) for council in rows]


def item_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the systems that are there for the viewer."""
    return [
        (str(number), name) for number, name in items_seen(viewer).order_by("name").values_list("pk", "name")
    ]


def people_choices(team: Team, today: date) -> list[tuple[str, str]]:
    """Return who is in a team and has not left."""
    return [(str(each.pk), _name(each)) for each in members_of(team.pk, today)]


def _name(staff: Staff) -> str:
    return f"{staff.user}, {staff.council.name}"


def asks(rule: AssignmentRule) -> str:
    """Return what a rule asks of a call, in words."""
    channels = dict(Channel.choices)
    said = (
        (rule.council_id, "of {}", rule.council),
        (rule.item_id, "about {}", rule.item),
        (rule.category, "in the category “{}”", rule.category),
        (rule.channel, "that came by: {}", channels.get(rule.channel, rule.channel).lower()),
        (rule.words, "with one of the words: {}", rule.words),
        (rule.at_most_priority, "of P{} or above", rule.at_most_priority),
    )
    conditions = [words.format(value) for asked, words, value in said if asked]
    if not conditions and not rule.kind:
        return "Every call"
    which = f"{dict(Kind.choices).get(rule.kind, rule.kind)}s" if rule.kind else "Calls"
    return f"{which} {', '.join(conditions)}".strip()


def offered_at(item: CatalogueItem) -> str:
    """Return for whom something is offered."""
    return ", ".join(council.name for council in item.councils.all()) or "All councils"
