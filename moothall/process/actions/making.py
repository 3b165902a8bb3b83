"""Making the rows of a new case, and the words by which it is known and found."""

from collections.abc import Iterable
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.references import under_new_reference
from moothall.process import search, store
from moothall.process.answers import headline, search_text
from moothall.process.engine.state import CaseState
from moothall.process.models import Case

HEADLINE_LENGTH = 200


def new_case(
    *, council: Council, version_id: int, now: datetime, requester_id: int | None = None
) -> CaseState:
    """Make a case of a version at a council, and return it: nothing has happened in it yet."""
    definition = store.definition_of(version_id)
    row = under_new_reference(
        council.reference_prefix,
        lambda reference: Case.objects.create(
            council=council,
            version_id=version_id,
            process=definition.key,
            reference=reference,
            requester_id=requester_id,
            circle=definition.circle,
            opened_at=now,
            changed_at=now,
        ),
    )
    return CaseState(
        id=row.pk,
        council_id=council.pk,
        reference=row.reference,
        definition=definition,
        seq=0,
        status="open",
        data={},
        opened_at=now,
        requester_id=requester_id,
        version_id=version_id,
        circle=definition.circle,
    )


def say(case: CaseState, words: Iterable[str] = ()) -> None:
    """Set the line by which a new case is known, and let it be found by it, its answers and these words."""
    case.headline = headline(case.definition, case.data)[:HEADLINE_LENGTH]
    answers = search_text(case.definition, case.data)
    search.index(case.id, case.council_id, [case.reference, case.headline, *words, answers])
