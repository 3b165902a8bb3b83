"""What helps each council's desk, with canaries: a reply, a rule, a shift, an article, recurring work and more."""

from datetime import datetime, timedelta

from moothall.councils.models import Council, Membership, Team
from moothall.servicedesk.models import (
    Article,
    ArticleVersion,
    AssignmentRule,
    CannedReply,
    CatalogueItem,
    Recurring,
    SavedFilter,
    Shift,
)
from tests import makers

_CHANGE = {
    "title": "About it", "body": "It changed", "kind": "how-to", "audience": "desk", "search_words": "",
    "item_id": None, "problem_reference": "",
}  # fmt: skip


def helps(council: Council, now: datetime) -> None:
    """Set up what helps at a council's desk; a second time, nothing more."""
    word = f"zq{council.code}call"
    team = Team.objects.get(code=f"desk-{council.code}")
    if CannedReply.objects.filter(team=team).exists():
        return
    written = {"changed_at": now, "changed_by": word}
    CannedReply.objects.create(team=team, title=f"Say {word}", text=f"It is {word}", **written)
    AssignmentRule.objects.create(title=f"By {word}", council=council, words=word, team=team, active=False)
    staff = makers.make_staff(council=council, user=makers.make_user(name="Ona Call"))
    Membership.objects.create(team=team, staff=staff)
    Shift.objects.create(team=team, staff=staff, phone=word, starts_at=now, ends_at=now + timedelta(hours=8))
    SavedFilter.objects.create(staff=staff, team=team, name=f"My {word}", query=f"words={word}")
    Recurring.objects.create(
        council=council, title=f"Check {word}", schedule="0 7 * * 1", team=team, next_at=now, set_by=word
    )
    article = Article.objects.create(
        key=f"article-{council.code}", title=f"About {word}", body=f"It is {word}", audience="desk",
        state="published", version=1, change=_CHANGE | {"council_ids": [council.pk]}, **written,
    )  # fmt: skip
    article.councils.add(council)
    ArticleVersion.objects.create(
        article=article, number=1, title=f"About {word}", body=word, published_at=now, published_by=word
    )
    item = CatalogueItem.objects.create(
        key=f"offer-{council.code}", title=f"A {word}", description=word, category="Birds", offered=False
    )
    item.councils.add(council)
