"""Putting new weights and cut-offs in force: every comparison from now on goes by them."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal.actions import write
from moothall.persons.errors import CutoffsRefused
from moothall.persons.models import Cutoff, MatchModel
from moothall.persons.permissions import Can
from moothall.persons.rules.matching.cutoffs import HIGHEST, LOWEST
from moothall.persons.rules.matching.weights import Weights


@transaction.atomic
def keep_weights(*, by: Viewer, weights: Weights, now: datetime) -> MatchModel:
    """Keep weights as the version in force. Links that were made stay: each says by which version.

    Only the command line does this: no role at any council decides for all of them.
    """
    row = MatchModel.objects.create(
        number=weights.version,
        body=weights.body,
        note=weights.note[:300],
        made_at=now,
        made_by=by.actor.name,
    )
    write(
        by=by.actor,
        what="person.weights_learned",
        about=f"weights:{weights.version}",
        council_id=None,
        now=now,
        facts={"names": sum(map(len, weights.often.values()))},
    )
    return row


@transaction.atomic
def set_cutoffs(*, by: Viewer, council_id: int, link: float, ask: float, now: datetime) -> Cutoff:
    """Set from which score on (bits) a council lets records be linked by themselves, and from which somebody is asked.

    Links that were made stay. Refuses a score that no comparison reaches, and to link what nobody would be asked about.
    """
    gate.allow(by, Can.SET_CUTOFFS, council_id)
    wrong: dict[str, str] = {}
    if not LOWEST <= link <= HIGHEST:
        wrong["link"] = f"Enter a score between {LOWEST} and {HIGHEST}."
    if not LOWEST <= ask <= HIGHEST:
        wrong["ask"] = f"Enter a score between {LOWEST} and {HIGHEST}."
    elif ask > link:
        wrong["ask"] = "Whom somebody is asked about must begin at or below what is linked by itself."
    if wrong:
        raise CutoffsRefused({key: [said] for key, said in wrong.items()}, reason=" ".join(wrong.values()))
    row: Cutoff
    row, _ = Cutoff.objects.update_or_create(council_id=council_id, defaults={"link": link, "ask": ask})
    write(
        by=by.actor,
        what="person.cutoffs_set",
        about=f"council:{council_id}",
        council_id=council_id,
        now=now,
        facts={"link": str(link), "ask": str(ask)},
    )
    return row
