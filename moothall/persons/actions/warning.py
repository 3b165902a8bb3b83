"""Telling somebody at every address that is known of them that an account was connected with their record.

Whoever got hold of a letter that was not for them is found out by this: it goes to the account, and to where the
council has reached the person so far.
"""

from datetime import datetime

from django.contrib.auth import get_user_model

from moothall.messages.actions import send_email
from moothall.persons.models import Connection

_SUBJECT = "An account was connected with your details"
_BODY = """Hello,

on {when} an account was connected with what {council} holds about you. Whoever signs in with it can read your \
details and change how we reach you.

If that was you, there is nothing to do.

If it was not you, tell us at once{how}. We end the connection.

{council}
"""


def warn(connection: Connection, now: datetime) -> int:
    """Write to the account and to every address the record had before; return how many letters there are."""
    record, council = connection.record, connection.record.council
    users = get_user_model().objects.filter(pk=connection.user_id)
    addresses = [*users.values_list("email", flat=True), *record.traits.get("e", ())]
    ways = [f"call {council.contact_phone}"] * bool(council.contact_phone)
    ways += [f"write to {council.contact_email}"] * bool(council.contact_email)
    body = _BODY.format(
        when=f"{now.day} {now:%B %Y}", council=council.name, how=f": {' or '.join(ways)}" if ways else ""
    )
    told = list(dict.fromkeys(address.lower() for address in addresses if address))
    for number, address in enumerate(told):
        send_email(
            council_id=record.council_id,
            about=f"record:{record.pk}",
            to=address,
            subject=_SUBJECT,
            body=body,
            key=f"connection:{connection.pk}:{number}",
            now=now,
        )
    return len(told)
