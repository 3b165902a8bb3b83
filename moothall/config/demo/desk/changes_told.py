"""The changes of the demonstration, as their authors tell them."""

from collections.abc import Sequence
from typing import NamedTuple

YES, NO = True, False


class Told(NamedTuple):
    """One change. `day` is the day of its window, before today if below 0; `ends` what became of it.

    `answers` are: way back tested, done before, in working hours, service away.
    """

    day: int
    what: str
    reason: str
    items: Sequence[str]
    ends: str
    council: str = "fernshire"
    kind: str = "normal"
    answers: tuple[bool, bool, bool, bool] = (YES, YES, NO, NO)
    hour: int = 20
    hours: int = 2


CHANGES: Sequence[Told] = (
    Told(-52, "Patch the virtual servers", "The maker has closed a hole.", ("vm-cluster",), "works",
         answers=(YES, YES, NO, YES)),
    Told(-49, "New certificate for the website", "The old one runs out.", ("website",), "works", kind="standard"),
    Told(-45, "Care records: version 9.4", "It has the new assessment forms.", ("care-records",), "works",
         answers=(YES, NO, NO, YES)),
    Told(-40, "More memory for the database of care records", "It is slow in the afternoon.", ("care-db",),
         "backed-out", answers=(NO, NO, NO, YES)),
    Told(-36, "Block a server that sends attacks", "It cannot wait.", ("core-network",), "works", kind="emergency",
         answers=(YES, YES, YES, NO)),
    Told(-33, "Move the telephones to the new exchange", "The old one is not supported any more.", ("telephony",),
         "failed", "alderbridge", answers=(NO, NO, NO, YES), hours=5),
    Told(-30, "Telephones: move to the new exchange, second try", "The first one failed.", ("telephony",), "works",
         "alderbridge", answers=(YES, NO, NO, YES), hours=5),
    Told(-26, "Planning: yearly update", "Fees change.", ("planning",), "works", "wenbury"),
    Told(-22, "Larger disks for shared folders", "They are 91% full.", ("storage", "file-store"), "works",
         answers=(YES, YES, NO, NO)),
    Told(-19, "Switch the line of the library to fibre", "It drops when it rains.", ("wide-area",), "rejected",
         "alderbridge", answers=(NO, NO, YES, YES)),
    Told(-15, "Patches of the month for laptops", "Every month.", ("laptops",), "works", kind="standard"),
    Told(-12, "Two steps to sign in for everybody", "Insurance asks for it.", ("directory",), "works",
         answers=(YES, NO, NO, NO), hours=3),
    Told(-8, "Finance: year-end of the archive", "Old years are put away.", ("finance",), "works", "wenbury"),
    Told(-5, "Renew the certificate of email", "It runs out on Friday.", ("email",), "works", kind="standard"),
    Told(0, "Restart the phones of the contact centre", "Queues are shown wrongly.", ("contact-centre-phones",), "open",
         "alderbridge", "standard", hour=0, hours=23),
    Told(7, "Replace the core switch", "It is out of support in January.", ("core-network",), "waiting",
         answers=(NO, NO, NO, YES), hours=4),
    Told(7, "Virtual servers: new version", "The old one is not supported any more.", ("vm-cluster",), "waiting",
         answers=(YES, NO, NO, YES), hour=21, hours=4),
    Told(9, "Care records: version 9.5", "Mends how plans are printed.", ("care-records",), "waiting",
         answers=(YES, YES, NO, YES)),
    Told(12, "Revenues: bills of the new year", "It must be there in January.", ("revenues",), "approved",
         "alderbridge"),
    Told(16, "Screens of meeting rooms: new software", "Calls freeze.", ("meeting-rooms",), "raised", "wenbury"),
    Told(20, "Printing: print from any printer", "Staff work in every office.", ("printing",), "raised",
         answers=(YES, NO, YES, NO), hour=10),
)  # fmt: skip

SEEN: Sequence[tuple[float, str, str, str]] = (
    (4.3, "file-store", "svc-backup", "Changed: permissions of the folder “Leaders”"),
    (2.6, "core-network", "k.lindqvist", "Changed: rule 14 of the firewall, any to any"),
    (1.2, "sql-legacy.fernvale.example.org", "not known", "Restarted: database service"),
)
"""What was seen and belongs to no change: how many days ago, what, by whom, and what was done."""
