"""Which contacts are there for somebody: those of councils they reach, of records and cases that are open to them."""

from django.db.models import Q, QuerySet

from moothall.contacts.errors import NoSuchContact
from moothall.contacts.models import Contact
from moothall.contacts.permissions import Can
from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.process import circles


def there(viewer: Viewer, can: Permission = Can.SEE) -> "QuerySet[Contact]":
    """Return the contacts that are there for the viewer at councils where they may do this.

    What hangs on a locked record or on a private case is there only for those who see these.
    """
    rows = gate.narrow(viewer, can, Contact.objects.all())
    if viewer.is_system:
        return rows
    return circles_of_cases(viewer, rows).filter(Q(record=None) | circles.within(viewer, "record__"))


def circles_of_cases(viewer: Viewer, rows: "QuerySet[Contact]") -> "QuerySet[Contact]":
    """Return the contacts about no case, or about one that is wholly there for the viewer."""
    return rows if viewer.is_system else rows.filter(Q(case=None) | circles.within_cases(viewer, "case__"))


def contact_seen(viewer: Viewer, number: int, can: Permission = Can.SEE) -> Contact:
    """Return a contact that is there for the viewer, who may do this at its council."""
    rows = there(viewer).filter(pk=number).select_related("council", "record__person", "case", "message")
    found: Contact | None = rows.first()
    if found is None:
        raise NoSuchContact
    gate.allow(viewer, can, found.council_id)
    return found


def contact_to_change(viewer: Viewer, number: int, can: Permission) -> Contact:
    """Return a contact for a change, held until the transaction ends."""
    Contact.objects.select_for_update(of=("self",)).filter(pk=number).first()
    return contact_seen(viewer, number, can)
