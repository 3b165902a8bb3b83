"""Somebody who lives in every room of the house, with a word in each by which they would be known."""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from moothall.contacts.models import Contact
from moothall.identity.models import User
from moothall.messages.models import Mailbox, Message, Raw, Received
from moothall.persons.actions.relating import relate
from moothall.persons.models import CasePerson, Connection, LetterCode, Link, Record
from moothall.process import actions as process
from moothall.process import files
from tests.makers import make_user
from tests.persons.exercised import Office, make_office, tie
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record
from tests.requests.making import BIN, Town, make_draft, make_town, resident, send

CANARIES = ("zqgiven", "zqfamily", "zqstreet", "zqmail", "zqnote", "zqheld", "7700900345", "07700 900345")
ZQ = [
    a_name("Zqgiven", "Zqfamily"),
    a_birth("1984-02-03"),
    an_address("7 Zqstreet Road", "AB10 1AB"),
    a_phone("07700 900345"),
    an_email("zqmail@example.org"),
]


def zq(office: Office, now: datetime) -> Record:
    return make_record(council=office.council, by=office.adviser, facts=ZQ, now=now)


def live(then: datetime) -> Mapping[str, Any]:
    """Let somebody live in every room at a moment: a request with a file and a note, letters, contacts, an account.

    Enter a scope before. Their names, number and address are `CANARIES`, and so is all that is said of them.
    """
    town = make_town(code="ash")
    office = make_office(then, council=town.council)
    record = zq(office, then)
    user = make_user(name="Zqgiven Zqfamily", email="zqmail@example.org")
    case_id = _request(town, user, then)
    tie(record, case_id, then)
    CasePerson.objects.filter(case_id=case_id).update(by="Zqgiven Zqfamily")
    Connection.objects.create(
        council=town.council, user=user, record=record, how="letter", at=then, by="Zqgiven Zqfamily"
    )
    LetterCode.objects.create(
        council=town.council, record=record, digest="a" * 64, made_at=then, made_by="Ada", expires_at=then
    )
    carer = make_record(
        council=town.council, facts=[a_name("Tom", "Carer"), an_address("2 Oak Row")], now=then
    )
    relate(
        by=office.adviser,
        record_id=carer.pk,
        other_id=record.pk,
        kind="parent",
        scope="Zqnote",
        source="adviser",
        now=then,
    )
    low, high = sorted((carer.pk, record.pk))
    Link.objects.create(
        council=town.council,
        low_id=low,
        high_id=high,
        kind="maybe",
        why="Zqnote",
        reasons=[{"words": "zqheld"}],
        made_at=then,
        made_by="Ada",
    )
    places: tuple[dict[str, Any], ...] = ({"record": record}, {"case_id": case_id}, {})
    for number, fields in enumerate(places):
        Contact.objects.create(
            council=town.council,
            channel="phone",
            at=then,
            address="+447700900345",
            given_name="Zqgiven",
            summary="Zqnote",
            outcome="answered",
            by="Ada",
            submission=f"contact-{number}",
            created_at=then,
            **fields,
        )
    _letter_came(town, case_id, then)
    return {"town": town, "office": office, "record": record, "case": case_id, "carer": carer, "user": user}


def _letter_came(town: Town, case_id: int, then: datetime) -> None:
    """Let a letter of theirs be filed with the case, and keep it byte for byte."""
    box = Mailbox.objects.create(
        council=town.council, address="help@ash.example", kind="webhook", sealed="", created_at=then
    )
    message = Message.objects.create(
        council=town.council,
        direction="in",
        about=f"case:{case_id}",
        sender="zqmail@example.org",
        to="help@ash.example",
        subject="Zqnote",
        body="Zqheld",
        key="in:1",
        message_id="<1@zqmail.example>",
        state="received",
        created_at=then,
    )
    received = Received.objects.create(
        council=town.council,
        mailbox=box,
        digest="b" * 64,
        size=10,
        arrived_at=then,
        state="filed",
        sender_name="Zqgiven",
        sender="zqmail@example.org",
        subject="Zqnote",
        letter_id="<1@zqmail.example>",
        snippet="Zqheld",
        message=message,
    )
    Raw.objects.create(received=received, council=town.council, packed=zlib.compress(b"Zqheld"))


def _request(town: Town, user: User, then: datetime) -> int:
    """Let somebody ask for a missed bin, with their names in every answer that takes words, and close it."""
    contact = {
        "name": "Zqgiven Zqfamily",
        "email": "zqmail@example.org",
        "phone": "07700 900345",
        "prefers": "email",
    }
    answers = {**BIN, "collection_day": (then - timedelta(days=1)).date().isoformat()}
    answers["address"] = {"line1": "7 Zqstreet Road", "town": "Ashfield", "postcode": "AB10 1AB"}
    draft = make_draft(town, answers=answers, contact=contact, by=resident(user, town.council), now=then)
    sent = send(town, draft, by=resident(user, town.council), now=then)
    case_id: int = sent.request.case_id
    process.note(by=town.officer, case_id=case_id, text="Zqnote: rang her.", now=then)
    upload = SimpleUploadedFile("zqgiven.txt", b"zqheld: what she wrote")
    process.attach(by=town.officer, case_id=case_id, file=files.keep(upload, limit=10_000), now=then)
    process.write(by=town.officer, case_id=case_id, text="Dear Zqgiven Zqfamily", now=then)
    process.end_case(
        by=town.officer, case_id=case_id, ending="duplicate", expected=None, text="Zqnote.", now=then
    )
    return case_id
