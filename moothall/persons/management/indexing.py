"""Giving every record its keys anew, after a version of Moothall that makes them otherwise."""

from django.db import transaction

from moothall.councils import scope
from moothall.persons.actions.finding import index_again
from moothall.persons.models import Record
from moothall.persons.rules.known import Known

_AT_ONCE = 500


def index_all() -> str:
    """Give every active record its keys anew, some hundred at a time, while the house is at work."""
    number = last = 0
    while found := _index_after(last):
        number, last = number + len(found), found[-1]
    return f"{number:,} {'record has its' if number == 1 else 'records have their'} keys anew."


@transaction.atomic
def _index_after(last: int) -> list[int]:
    """Do so for the next records, held meanwhile; return their numbers."""
    with scope.everything("every council's records are found by keys that are made alike"):
        rows = (
            Record.objects.select_for_update().filter(pk__gt=last, state=Record.State.ACTIVE).order_by("pk")
        )
        found = list(rows.values_list("pk", "council_id", "traits")[:_AT_ONCE])
        for record_id, council_id, traits in found:
            index_again(record_id, council_id, Known.of(traits))
    return [record_id for record_id, _, _ in found]
