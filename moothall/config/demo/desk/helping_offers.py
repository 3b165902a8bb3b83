"""What the demonstration's desk offers, answers, checks again and again, and where its calls go."""

from collections.abc import Sequence
from typing import NamedTuple


class Offered(NamedTuple):
    """Something of the catalogue."""

    title: str
    category: str
    description: str
    ask: str = ""
    approval: str = "none"
    team: str = "service-desk"
    pence: int = 0
    item: str = ""
    councils: tuple[str, ...] = ()
    standard: bool = False


_KIT, _ACCESS, _SOFTWARE, _PEOPLE = "Equipment", "Access", "Software", "Starters, movers and leavers"
OFFERS: Sequence[Offered] = (
    Offered("Laptop", _KIT, "A laptop with everything that everybody uses.", "For whom, and from when?", "budget",
            pence=89_000, item="laptops"),
    Offered("Second screen", _KIT, "A screen for your desk, with its cable.", "Which building, floor and desk?",
            "manager", pence=14_500),
    Offered("Headset", _KIT, "A headset for calls, with or without a cable.", "With or without a cable?", pence=3_900),
    Offered("Mobile phone", _KIT, "A phone with a contract, set up for email.", "For whom, and why do they need it?",
            "budget", pence=21_000, item="telephony"),
    Offered("Keyboard or mouse that is easier on the hands", _KIT, "After an assessment of the workplace.",
            "What does the assessment say?", "manager", pence=6_500),
    Offered("Access to a system", _ACCESS, "A system that you need for your work.", "Which one, and whose access like?",
            "manager", item="directory"),
    Offered("Access to a shared mailbox", _ACCESS, "Read and write in the mailbox of a team.",
            "Which mailbox, and who owns it?", "manager", item="email"),
    Offered("New shared mailbox", _ACCESS, "One address for a team.", "Its name, its owner and who reads it?",
            "manager", item="email"),
    Offered("Access for somebody from outside", _ACCESS, "For partners and contractors, for a time.",
            "Who, from which firm, to what, and until when?", "security", "ict-security", item="directory"),
    Offered("Work from home", _ACCESS, "The council's network from elsewhere.", "", "none", item="vpn"),
    Offered("Standard software", _SOFTWARE, "From the list of what is tested and paid for.", "Which program?",
            standard=True, item="office"),
    Offered("Software that is not on the list", _SOFTWARE, "We look whether it is safe, and what it costs.",
            "Which program, for what, and who pays?", "security", "ict-security"),
    Offered("New starter", _PEOPLE, "Account, laptop and access, ready on the first day.",
            "Name, team, first day, and whose access like?", "manager", "service-desk", 0, "directory"),
    Offered("Somebody changes teams", _PEOPLE, "New access, and the old taken away.", "Who, to which team, from when?",
            "manager", item="directory"),
    Offered("Somebody leaves", _PEOPLE, "Account closed, equipment back, files handed over.",
            "Who, on which last day, and who gets their files?", item="directory"),
    Offered("Locker for a laptop in the city hall", _KIT, "By the hot desks on the second floor.", "",
            councils=("alderbridge",)),
)  # fmt: skip

REPLIES: Sequence[tuple[str, str, str]] = (
    (
        "service-desk",
        "We have it",
        """Dear {name}

Thank you. Your call {reference} is with us, and somebody looks at it by {promise}.

{agent}
IT service desk for {council}""",
    ),
    (
        "service-desk",
        "Please restart",
        """Dear {name}

Please save your work, restart the laptop, and tell us whether it still happens. That helps in most cases of \
this kind.

{agent}""",
    ),
    (
        "service-desk",
        "Which room, which device?",
        """Dear {name}

So that we come to the right place for {reference}: which building, floor and desk are you at, and what stands \
on the yellow label of the device?

{agent}""",
    ),
    (
        "service-desk",
        "Known fault",
        """Dear {name}

We know of this fault of {system} and are on it. You need not do anything; you hear from us as soon as it works.

{agent}
IT service desk for {council}""",
    ),
    (
        "service-desk",
        "Waiting for a part",
        """Dear {name}

We have ordered what {reference} needs. It usually comes within three working days, and we ring you before we \
bring it.

{agent}""",
    ),
    (
        "service-desk",
        "Resolved by phone",
        """Dear {name}

Good that we could mend it on the phone. If it comes back, answer this email: {reference} is then opened again.

{agent}""",
    ),
    (
        "service-desk",
        "It was phishing",
        """Dear {name}

You were right to tell us: it was a fraud. The sender is blocked. Please delete the email. If you clicked on it \
or entered your password, ring us at once.

{agent}""",
    ),
    (
        "platforms",
        "Looking at the server",
        """Dear {name}

I am looking at {system} for {reference}, and write to you by {promise} at the latest.

{agent}, Platforms and networks""",
    ),
    (
        "platforms",
        "Mended, please try",
        """Dear {name}

{system} should work again. Would you try, and tell us if it does not?

{agent}, Platforms and networks""",
    ),
)


class Ruled(NamedTuple):
    """An assignment rule."""

    title: str
    team: str
    pick: str = "nobody"
    words: str = ""
    item: str = ""
    category: str = ""
    kind: str = ""
    priority: int = 0
    active: bool = True


RULES: Sequence[Ruled] = (
    Ruled(
        "P1 and P2 of the network to whoever is on call",
        "platforms",
        "on-call",
        category="network",
        priority=2,
    ),
    Ruled(
        "Fraud and strange emails", "ict-security", words="phishing, strange email, fraud, ransomware, virus"
    ),
    Ruled("Care records", "platforms", "in-turn", item="care-records", kind="incident"),
    Ruled("Finance", "platforms", "in-turn", item="finance", kind="incident"),
    Ruled(
        "Passwords stay with the desk, in turn",
        "service-desk",
        "in-turn",
        words="password, locked out, sign in",
    ),
    Ruled(
        "Telephony in the old town hall",
        "platforms",
        words="old town hall",
        category="telephony",
        active=False,
    ),
)


class Again(NamedTuple):
    """Work that comes again."""

    title: str
    schedule: str
    council: str
    team: str
    detail: str
    item: str = ""


RECURRING: Sequence[Again] = (
    Again("Morning checks", "30 7 * * 1-5", "alderbridge", "platforms",
          "1. Backups of the night\n2. Space on the file servers\n3. Jobs that failed\n4. Lines to the libraries"),
    Again("Certificates that run out within 60 days", "0 9 1 * *", "alderbridge", "platforms",
          "Renew them as a standard change, or say who does.", "directory"),
    Again("Restore a backup, to see that it can be done", "0 10 * * 1#1", "fernshire", "platforms",
          "Another system each month. Write down how long it took.", "file-store"),
    Again("Accounts of those who left", "0 8 * * 1", "fernshire", "service-desk",
          "Compare with the list of personnel, and close what is still open.", "directory"),
    Again("Loan laptops: charged and up to date", "0 15 * * 5", "wenbury", "service-desk",
          "The six in the cupboard of the district office.", "laptops"),
)  # fmt: skip
