"""Publishing a pack: from then on its figures never change."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.servicedesk.actions.packs.working_out import WHY, tell
from moothall.servicedesk.errors.packs import NotEveryCouncil, NotSigned, Published, StillToCome
from moothall.servicedesk.models import Pack, SignOff
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.packs.seeing import pack_seen
from moothall.servicedesk.rules.figures import Month


@transaction.atomic
def publish(*, by: Viewer, month: Month, why: str, now: datetime) -> Pack:
    """Publish what was worked out: once every council has signed, or with a reason why it is published without."""
    gate.allow_anywhere(by, Can.PREPARE_PACK)
    councils = dict(Council.objects.order_by("name").values_list("id", "name"))
    if not gate.councils(by, Can.PREPARE_PACK) >= set(councils):
        raise NotEveryCouncil
    pack = Pack.objects.select_for_update().get(pk=pack_seen(by, month).pk)
    if pack.state == Pack.State.PUBLISHED:
        raise Published(month=month.words)
    if month.end > now:
        raise StillToCome(month=month.words)
    with scope.everything(WHY):
        signed = set(SignOff.objects.filter(pack=pack).values_list("council_id", flat=True))
    unsigned = [name for number, name in councils.items() if number not in signed]
    if unsigned and not why.strip():
        raise NotSigned(councils=", ".join(unsigned))
    pack.state, pack.published_at, pack.published_by = Pack.State.PUBLISHED, now, by.actor.name[:150]
    pack.unsigned_why = why.strip()[:300] if unsigned else ""
    pack.save()
    tell(by, "servicedesk.pack_published", pack, now, unsigned=len(unsigned))
    return pack
