"""What councils say to their figures, and that they agree to them."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.measures import hooks
from moothall.servicedesk.actions.packs.working_out import tell
from moothall.servicedesk.errors.packs import NotYourCouncil, PackRefused, Published
from moothall.servicedesk.models import Pack, PackComment, SignOff
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.packs.seeing import figures_seen, pack_seen, speaks_for
from moothall.servicedesk.rules.figures import Month

_LONGEST = 4_000


@transaction.atomic
def comment(
    *, by: Viewer, month: Month, council_id: int, figure: str, text: str, now: datetime
) -> PackComment:
    """Say something to a figure of a council, or (no figure named) to all of its figures, before they are published."""
    pack = _draft(by, month)
    if not gate.may(by, Can.PREPARE_PACK, council_id):
        _speak(by, council_id)
    wrong: dict[str, list[str]] = {}
    if figure and (figure not in hooks.defined() or figure not in figures_seen(by, council_id)):
        wrong["figure"] = ["Select one of the figures, or the whole pack."]
    if not text.strip():
        wrong["text"] = ["Enter what you want to say."]
    elif len(text) > _LONGEST:
        wrong["text"] = [f"Enter no more than {_LONGEST:,} characters."]
    if wrong:
        raise PackRefused(wrong, why=next(iter(wrong.values()))[0])
    said: PackComment = PackComment.objects.create(
        pack=pack, council_id=council_id, figure=figure, text=text.strip(), at=now, by=by.actor.name[:150]
    )
    tell(by, "servicedesk.pack_commented", pack, now, council_id=council_id, figure=figure)
    return said


@transaction.atomic
def sign_off(*, by: Viewer, month: Month, council_id: int, now: datetime) -> SignOff:
    """Agree to the figures of one's own council as they are now; once they change, this has to be done again."""
    pack = _draft(by, month)
    _speak(by, council_id)
    signed: SignOff
    signed, is_new = SignOff.objects.get_or_create(
        pack=pack, council_id=council_id, defaults={"at": now, "by": by.actor.name[:150]}
    )
    if is_new:
        tell(by, "servicedesk.pack_signed", pack, now, council_id=council_id)
    return signed


@transaction.atomic
def take_back_sign_off(*, by: Viewer, month: Month, council_id: int, now: datetime) -> None:
    """Take one's own council's agreement back, before the pack is published."""
    pack = _draft(by, month)
    _speak(by, council_id)
    removed, _ = SignOff.objects.filter(pack=pack, council_id=council_id).delete()
    if removed:
        tell(by, "servicedesk.pack_unsigned", pack, now, council_id=council_id)


def _draft(by: Viewer, month: Month) -> Pack:
    pack = pack_seen(by, month)
    locked = Pack.objects.select_for_update().get(pk=pack.pk)
    if locked.state == Pack.State.PUBLISHED:
        raise Published(month=month.words)
    return locked


def _speak(by: Viewer, council_id: int) -> None:
    gate.allow(by, Can.SIGN_PACK, council_id)
    if not speaks_for(by, council_id):
        raise NotYourCouncil
