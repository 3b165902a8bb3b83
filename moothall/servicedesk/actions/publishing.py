"""The report for everybody: written by one person from what the house proposes, read and published by another."""

from datetime import datetime

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.servicedesk.actions.majors import keeping
from moothall.servicedesk.errors.majors import NotNow, NotSaid, OwnWords
from moothall.servicedesk.models import Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.queries import publishing

LONGEST = 40_000


@transaction.atomic
def save_public(*, by: Viewer, major_id: int, text: str, now: datetime) -> Major:
    """Keep the text for everybody. Whoever changes it last has written it; what was published is taken back by that."""
    major = queries.major_to_change(by, major_id, Can.LEAD_MAJORS)
    if major.state != Major.State.CLOSED:
        raise NotNow(why="A report is published once every council has approved it.")
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise NotSaid({"text": ["Enter the text."]}, why="Enter the text.")
    if len(words) > LONGEST:
        why = f"Use {LONGEST:,} characters or fewer."
        raise NotSaid({"text": [why]}, why=why)
    if words != major.public_text:
        major.public_text, major.public_by_id, major.published_at = words, by.staff_id, None
        major.save(update_fields=["public_text", "public_by", "published_at"])
        keeping.record(by, "major_public_text_saved", major, now)
    return major


@transaction.atomic
def publish_report(*, by: Viewer, major_id: int, sure: bool, now: datetime) -> Major:
    """Publish the text for everybody at every council that was hit; whoever wrote it does not.

    Where something in it still looks like a name, an address or a machine, it takes a word that it was looked at.
    """
    major = queries.major_to_change(by, major_id, Can.PUBLISH_MAJORS)
    if not major.public_text or major.state != Major.State.CLOSED:
        raise NotNow(why="There is no public text of this report yet.")
    if by.staff_id is not None and major.public_by_id == by.staff_id:
        raise OwnWords
    left = publishing.still_there(major.public_text)
    if left and not sure:
        why = "Say that you have looked at what still looks like a name, an address or a machine."
        raise NotSaid({"sure": [why]}, why=why)
    if major.published_at is None:
        major.published_at = now
        major.save(update_fields=["published_at"])
        keeping.record(by, "major_published", major, now, left=len(left))
    return major


@transaction.atomic
def take_back_report(*, by: Viewer, major_id: int, now: datetime) -> Major:
    """Take a published report off the public pages; its text stays."""
    major = queries.major_to_change(by, major_id, Can.PUBLISH_MAJORS)
    if major.published_at is not None:
        major.published_at = None
        major.save(update_fields=["published_at"])
        keeping.record(by, "major_taken_back", major, now)
    return major
