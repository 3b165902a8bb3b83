"""What service designers have on their desks: a council's overlay, and a draft that waits for a second person."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from moothall.councils.models import Staff
from moothall.councils.queries import viewer_for
from moothall.process import actions, library
from moothall.process.models import ProcessVersion

PROPOSER = "Nadia Rahman"
DRAFTED = "street-problem"
OWN_ROOM = ("incident", "problem", "change")
"""Examples that nobody needs here: the service desk brings its own."""
_NOW, _THEN = "within: 5 working days", "within: 3 working days"


def publish() -> None:
    """Publish the house's own processes, the examples of work inside the councils, and the overlays."""
    call_command("process", "publish")
    shown = [path for path in library.examples() if path.stem not in OWN_ROOM]
    call_command("process", "publish", *map(str, shown))
    overlays = Path(__file__).parent / "overlays"
    call_command("process", "overlay", *map(str, sorted(overlays.iterdir())))


def propose(now: datetime) -> None:
    """Let one designer propose a quicker promise; the other may publish it, or not."""
    designer = Staff.objects.select_related("user").get(user__name=PROPOSER)
    by = viewer_for(designer.user, today=now.date())
    source = ProcessVersion.objects.filter(key=DRAFTED, council=None).latest("number").source
    at = now - timedelta(hours=20)
    draft = actions.save_draft(
        by=by, key=DRAFTED, council=None, source=source.replace(_NOW, _THEN), expected=None, now=at
    )
    actions.propose(by=by, key=DRAFTED, council=None, expected=draft.seq, now=at + timedelta(minutes=2))
