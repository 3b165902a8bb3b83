"""Putting new weights in force: every comparison from now on goes by them."""

from datetime import datetime

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.journal.actions import write
from moothall.persons.models import MatchModel
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
