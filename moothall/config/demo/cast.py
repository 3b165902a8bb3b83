"""Who there is: three made-up councils, their teams, and people for every role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from moothall.config.demo.offices import COLLEAGUES, OFFICES
from moothall.config.demo.playbill import Part, Troupe
from moothall.councils import actions
from moothall.councils.models import Agreement, Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.identity.actions import open_account

PARTNERSHIP = "Fernvale Councils Partnership"
PACT = "Fernvale shared services agreement"
KINDS = (
    "process", "requests", "councils", "journal", "persons", "contacts", "messages", "servicedesk", "estate",
    "measures",
)  # fmt: skip

COUNCILS: Mapping[str, Mapping[str, str]] = {
    "fernshire": {
        "name": "Fernshire County Council",
        "kind": "county",
        "reference_prefix": "FRN",
        "brand_colour": "#1b4d3e",
        "link_colour": "#1b4d3e",
        "contact_phone": "01632 960 100",
    },
    "alderbridge": {
        "name": "Alderbridge City Council",
        "kind": "city",
        "reference_prefix": "ALD",
        "brand_colour": "#003a70",
        "link_colour": "#003a70",
        "contact_phone": "01632 960 200",
    },
    "wenbury": {
        "name": "Wenbury District Council",
        "kind": "district",
        "reference_prefix": "WEN",
        "brand_colour": "#5b2a6e",
        "link_colour": "#5b2a6e",
        "contact_phone": "01632 960 300",
    },
}

SERVICES: Mapping[str, Troupe] = {
    "contact-centre": (
        "alderbridge", "customer-services", "Shared contact centre", ("alderbridge", "fernshire", "wenbury"),
    ),
    "joint-waste": ("wenbury", "waste", "Joint waste crews", ("alderbridge", "wenbury")),
    "county-highways": ("fernshire", "highways", "County highways", ("fernshire",)),
    "city-streets": ("alderbridge", "highways", "City streets", ("alderbridge",)),
    "district-streets": ("wenbury", "highways", "District streets", ("wenbury",)),
    "city-homes": ("alderbridge", "repairs", "City homes repairs", ("alderbridge",)),
    "district-homes": ("wenbury", "repairs", "Wenbury homes repairs", ("wenbury",)),
    "revenues": ("alderbridge", "revenues", "Shared revenues", ("alderbridge", "wenbury")),
    "county-complaints": ("fernshire", "complaints", "County complaints", ("fernshire",)),
    "joint-complaints": ("wenbury", "complaints", "Joint complaints", ("alderbridge", "wenbury")),
}  # fmt: skip


_ALL = ("fernshire", "alderbridge", "wenbury")
PEOPLE: Sequence[Part] = (
    Part("Amira Khan", "alderbridge", "Customer service adviser", ("adviser",), ("contact-centre",), also_at=_ALL),
    Part("Joe Pritchard", "fernshire", "Customer service adviser", ("adviser",), ("contact-centre",), also_at=_ALL),
    Part("Bethan Rees", "wenbury", "Customer service adviser", ("adviser",), ("contact-centre",), also_at=_ALL),
    Part(
        "Grace Adeyemi", "alderbridge", "Contact centre manager", ("supervisor",), ("contact-centre",),
        leads=True, also_at=_ALL,
    ),
    Part("Dave Thornton", "wenbury", "Waste officer", ("officer",), ("joint-waste",), also_at=("alderbridge",)),
    Part("Siân Powell", "alderbridge", "Waste officer", ("officer",), ("joint-waste",), also_at=("wenbury",)),
    Part(
        "Marcus Bell", "wenbury", "Waste manager", ("supervisor",), ("joint-waste",), leads=True,
        also_at=("alderbridge",),
    ),
    Part("Helen Okafor", "fernshire", "Highways inspector", ("officer",), ("county-highways",)),
    Part("Ravi Menon", "fernshire", "Highways inspector", ("officer",), ("county-highways",)),
    Part("Ian Calder", "fernshire", "Highways manager", ("supervisor",), ("county-highways",), leads=True),
    Part("Lucy Marsh", "alderbridge", "Street care officer", ("officer",), ("city-streets",)),
    Part("Owen Fielding", "wenbury", "Street care officer", ("officer",), ("district-streets",)),
    Part("Carol Whitaker", "alderbridge", "Repairs planner", ("officer",), ("city-homes",)),
    Part("Tunde Balogun", "alderbridge", "Repairs manager", ("supervisor",), ("city-homes",), leads=True),
    Part("Jan Nowak", "wenbury", "Repairs planner", ("officer",), ("district-homes",)),
    Part("Farah Siddiqui", "alderbridge", "Council tax officer", ("officer",), ("revenues",), also_at=("wenbury",)),
    Part("Peter Lowe", "wenbury", "Council tax officer", ("officer",), ("revenues",), also_at=("alderbridge",)),
    Part("Ruth Ellery", "fernshire", "Complaints officer", ("officer",), ("county-complaints",)),
    Part("Samir Haddad", "fernshire", "Complaints manager", ("supervisor",), ("county-complaints",), leads=True),
    Part(
        "Kate Brennan", "wenbury", "Complaints officer", ("officer",), ("joint-complaints",), also_at=("alderbridge",),
    ),
    Part(
        "Leon Ward", "alderbridge", "Complaints officer", ("officer",), ("joint-complaints",), also_at=("wenbury",),
    ),
    Part("Nadia Rahman", "fernshire", "Service designer", ("service-designer",), also_at=_ALL),
    Part("Colin Frost", "fernshire", "Council administrator", ("council-administrator",)),
    Part("Moira Grant", "alderbridge", "Council administrator", ("council-administrator",)),
    Part("Elin Davies", "wenbury", "Council administrator", ("council-administrator",)),
    Part("Victoria Amos", "fernshire", "Head of digital", ("partnership-administrator",), also_at=_ALL),
    Part("George Penn", "alderbridge", "Internal auditor", ("auditor",), also_at=_ALL),
    Part("Yusuf Demir", "wenbury", "ICT operator", ("ict-operator",), also_at=_ALL),
)  # fmt: skip

TEAMS: Mapping[str, Troupe] = {**SERVICES, **OFFICES}
STAFF: Sequence[Part] = (*PEOPLE, *COLLEAGUES)
WEEK = {day: [["09:00", "17:00"]] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}


@dataclass(frozen=True, slots=True)
class Cast:
    """The partnership as the year is played in it."""

    councils: Mapping[str, Council]
    teams: Mapping[int, Sequence[Staff]]
    advisers: Sequence[Staff]


def email_of(name: str, host: str) -> str:
    """Return a made-up address.

    >>> email_of("Siân Powell", "example.org")
    'sian.powell@example.org'
    """
    plain = "".join({"â": "a", "é": "e", "ï": "i"}.get(letter, letter) for letter in name.lower())
    return f"{plain.replace(' ', '.').replace(chr(39), '')}@{host}"


def found(now: datetime) -> Cast:
    """Found the partnership as it was a little over a year ago."""
    house = Viewer.system()
    began = now - timedelta(days=400)
    actions.found_partnership(
        by=house, name=PARTNERSHIP, contact_email="hello@fernvale.example.org", now=began
    )
    councils = {
        code: actions.add_council(
            by=house, code=code, contact_email=f"hello@{code}.example.org", now=began, **dict(facts)
        )
        for code, facts in COUNCILS.items()
    }
    pact = _agree(list(councils.values()), began)
    for council in councils.values():
        actions.set_calendar(by=house, council=council, weekly=WEEK, in_force_from=began.date(), now=began)
        closing = date(now.year, 12, 24)
        actions.add_closing_day(by=house, council=council, day=closing, reason="Christmas Eve", now=began)
    teams = {code: _team(councils, code, began) for code in TEAMS}
    staff = [_employ(part, councils, teams, pact, began) for part in STAFF]
    return Cast(
        councils=councils,
        teams={
            team.pk: [one for one, part in zip(staff, STAFF, strict=True) if code in part.teams]
            for code, team in teams.items()
        },
        advisers=[one for one, part in zip(staff, STAFF, strict=True) if "adviser" in part.roles],
    )


def _agree(councils: list[Council], now: datetime) -> Agreement:
    return actions.sign_agreement(
        by=Viewer.system(),
        name=PACT,
        councils=councils,
        kinds=KINDS,
        purpose="One contact centre, joint waste, revenues and complaints, one safeguarding hub, one ICT service.",
        lawful_basis="UK GDPR article 6(1)(e), public task; Local Government Act 1972, sections 101 and 113",
        starts_on=now.date(),
        now=now,
    )


def _team(councils: Mapping[str, Council], code: str, now: datetime) -> Team:
    owner, function, name, served = TEAMS[code]
    return actions.add_team(
        by=Viewer.system(),
        council=councils[owner],
        code=code,
        name=name,
        function=function,
        serves=[councils[each] for each in served],
        email=f"{code}@fernvale.example.org",
        now=now,
    )


def _employ(
    part: Part, councils: Mapping[str, Council], teams: Mapping[str, Team], pact: Agreement, now: datetime
) -> Staff:
    house = Viewer.system()
    council = councils[part.council]
    email = email_of(part.name, f"{part.council}.example.org")
    user = open_account(email=email, name=part.name, now=now, confirmed=True)
    staff = actions.add_staff(by=house, user=user, council=council, job_title=part.job, now=now)
    for role in part.roles:
        for code in dict.fromkeys((part.council, *part.also_at)):
            agreement = None if code == part.council else pact
            actions.grant(
                by=house, staff=staff, role=role, council=councils[code], agreement=agreement, now=now
            )
    for code in part.teams:
        actions.join_team(by=house, staff=staff, team=teams[code], leads=part.leads, now=now)
    return staff
