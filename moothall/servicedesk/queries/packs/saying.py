"""What stands around the figures: comments, sign-offs, and the notes and warnings of a pack."""

from collections.abc import Mapping, Sequence

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.servicedesk.models import Pack, PackComment, SignOff
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.figures.users import heads_of
from moothall.servicedesk.queries.packs.seeing import figures_seen
from moothall.servicedesk.rules.figures import Figure, Month
from moothall.servicedesk.rules.figures.book import JOINT
from moothall.servicedesk.rules.figures.definitions import LEFT_OUT
from moothall.servicedesk.rules.packs.document import Said, Sign

_SIGNS = "whether each council has signed is said to all who may see the pack"
_HEADS = "which councils have stated no user accounts is said beside the joint figure"
_COUNTED = (
    (
        "Months are those of Europe/London; a call counts in the month in which it was last"
        " resolved, at the council it is at."
    ),
    (
        "Figures of all councils together come from the sum of their counts, never from the mean"
        " of their percentages."
    ),
)


def comments(viewer: Viewer, pack: Pack, council_id: int) -> Mapping[str, Sequence[Said]]:
    """Return by figure what councils said, as far as the viewer may see it; that to the whole stands under no name."""
    rows = gate.narrow(viewer, Can.SEE_PACK, PackComment.objects.filter(pack=pack))
    if council_id != JOINT:
        rows = rows.filter(council_id=council_id)
    found: dict[str, list[Said]] = {}
    seen: dict[int, frozenset[str]] = {}
    for row in rows.select_related("council").order_by("at", "id"):
        if row.council_id not in seen:
            seen[row.council_id] = figures_seen(viewer, row.council_id)
        if not row.figure or row.figure in seen[row.council_id]:
            found.setdefault(row.figure, []).append(Said(row.council.name, row.by, row.at, row.text))
    return found


def signs(viewer: Viewer, pack: Pack, council: Council | None) -> list[Sign]:
    """Return of each council, or of this one, whether it has signed; by whom, where the viewer may see its pack."""
    with scope.everything(_SIGNS):
        rows = {row.council_id: row for row in SignOff.objects.filter(pack=pack)}
    councils = [council] if council is not None else Council.objects.order_by("name")
    found = []
    for each in councils:
        row = rows.get(each.pk)
        by = row.by if row is not None and gate.may(viewer, Can.SEE_PACK, each.pk) else ""
        found.append(Sign(each.name, row.at if row is not None else None, by))
    return found


def notes(pack: Pack, month: Month, council: Council | None) -> list[str]:
    """Return what a reader should know of how this was counted, and what is not in it."""
    found = [*_COUNTED, *LEFT_OUT]
    councils = [council] if council is not None else Council.objects.order_by("name")
    names = {each.pk: each.name for each in councils}
    with scope.everything(_HEADS):
        heads = heads_of(month, sorted(names))
    if without := [name for number, name in names.items() if number not in heads]:
        found.append(f"Not in calls per user, having stated no user accounts: {', '.join(without)}.")
    if pack.unsigned_why:
        found.append(f"Published before every council had signed: {pack.unsigned_why}")
    if pack.compared_at is not None:
        found.append(f"Last compared with what the calls say on {dates.with_time(pack.compared_at)}.")
    return found


def warnings(figures: Mapping[tuple[str, str], Figure]) -> list[str]:
    """Return what is wrong with these figures themselves."""
    difference = figures.get(("backlog_difference", ""))
    if difference is None or not difference.value:
        return []
    said = (
        f"The backlog does not add up: it differs by {difference.value:+,.0f} from what came and went."
        " Do not rely on the backlog of this month until somebody has found out why."
    )
    return [said]
