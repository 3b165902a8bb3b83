"""The systems of the demonstration: what there is, what needs what, who uses it, and who helps with it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

F, A, W = "fernshire", "alderbridge", "wenbury"


class System(NamedTuple):
    """One system. `users` has those of each council that uses it."""

    code: str
    name: str
    kind: str
    tier: int
    team: str
    needs: Sequence[str] = ()
    users: Mapping[str, int] = {}
    supplier: str = ""


SYSTEMS: Sequence[System] = (
    System("data-centre", "Data centre at Fern House", "site", 1, "platforms"),
    System("core-network", "Core network", "network", 1, "platforms", ("data-centre",), supplier="Linewise Networks"),
    System("wide-area", "Lines to the offices", "network", 1, "platforms", ("core-network",),
           {F: 3100, A: 1900, W: 620}, "Linewise Networks"),
    System("wireless", "Wireless network", "network", 3, "platforms", ("wide-area",), {F: 2400, A: 1500, W: 500}),
    System("vm-cluster", "Virtual servers", "server", 1, "platforms", ("data-centre", "core-network"),
           supplier="Hostwell"),
    System("storage", "Storage", "server", 1, "platforms", ("data-centre",), supplier="Hostwell"),
    System("directory", "Sign-in and directory", "identity", 1, "platforms", ("vm-cluster",),
           {F: 3400, A: 2100, W: 680}),
    System("email", "Email and calendar", "application", 1, "platforms", ("directory",),
           {F: 3400, A: 2100, W: 680}, "Cloudmark Mail"),
    System("office", "Office programs", "application", 2, "service-desk", ("directory",), {F: 3400, A: 2100, W: 680}),
    System("file-store", "Shared folders", "application", 2, "platforms", ("storage", "directory"),
           {F: 2900, A: 1700, W: 600}),
    System("vpn", "Working from home", "network", 2, "platforms", ("core-network", "directory"),
           {F: 1800, A: 900, W: 350}),
    System("telephony", "Telephones", "application", 2, "platforms", ("wide-area",), {F: 2600, A: 1600, W: 560},
           "Callwell Voice"),
    System("contact-centre-phones", "Phones of the contact centre", "application", 1, "platforms", ("telephony",),
           {A: 45, F: 30, W: 12}, "Callwell Voice"),
    System("care-db", "Database of care records", "database", 1, "platforms", ("vm-cluster", "storage")),
    System("care-records", "Care records", "application", 1, "platforms", ("care-db", "directory"), {F: 1150, A: 480},
           "Northcare Software"),
    System("revenues-db", "Database of revenues", "database", 2, "platforms", ("vm-cluster", "storage")),
    System("revenues", "Revenues and benefits", "application", 1, "platforms", ("revenues-db", "directory"),
           {A: 140, W: 60}, "Civic Ledger"),
    System("finance", "Finance", "application", 1, "platforms", ("directory", "storage"), {F: 420, A: 260, W: 85},
           "Civic Ledger"),
    System("planning", "Planning and building control", "application", 2, "platforms", ("file-store", "directory"),
           {A: 75, W: 40}, "Plotline"),
    System("payroll", "Payroll and personnel", "application", 1, "platforms", ("directory", "storage"),
           {F: 90, A: 55, W: 20}, "Civic Ledger"),
    System("website", "Websites of the councils", "service", 2, "platforms", (), {F: 25, A: 20, W: 8}, "Hostwell"),
    System("resident-portal", "Moothall", "application", 1, "platforms", ("vm-cluster", "storage"),
           {F: 900, A: 800, W: 320}),
    System("laptops", "Laptops", "devices", 3, "service-desk", ("directory",), {F: 3200, A: 1950, W: 650}),
    System("printing", "Printing", "application", 4, "service-desk", ("directory", "wide-area"),
           {F: 2500, A: 1500, W: 500}, "Printright"),
    System("meeting-rooms", "Screens of meeting rooms", "devices", 4, "service-desk", ("wireless",),
           {F: 600, A: 420, W: 120}),
    System("elections", "Register of electors", "application", 1, "platforms", ("vm-cluster",), {A: 14, W: 9},
           "Pollmark"),
)  # fmt: skip


class Contract(NamedTuple):
    """What a supplier promises, and what it costs them not to keep it. Money in pence, shares in basis points."""

    supplier: str
    item: str
    councils: Sequence[str]
    hours: str
    p1: tuple[int, int]
    p3: tuple[int, int]
    charge: int
    credit: int
    limit: int
    phone: str
    say: str
    notice_in_days: int = 0


CONTRACTS: Sequence[Contract] = (
    Contract("Northcare Software", "care-records", (F, A), "office", (30, 240), (240, 1440), 1_850_000, 250, 1_000,
             "01632 960 410", "Have the number of the licence and a screenshot ready.", 70),
    Contract("Linewise Networks", "wide-area", (F, A, W), "always", (15, 180), (60, 1440), 2_400_000, 500, 1_500,
             "01632 960 420", "Have the number of the line ready: it is on the label of the router.", 200),
    Contract("Cloudmark Mail", "email", (F, A, W), "always", (15, 120), (240, 2880), 960_000, 200, 1_000,
             "01632 960 430", "They ask for the name of the tenant: fernvale."),
    Contract("Callwell Voice", "telephony", (F, A, W), "office", (30, 240), (240, 960), 540_000, 300, 1_200,
             "01632 960 440", "Have the number that does not work ready, and since when.", 25),
    Contract("Civic Ledger", "revenues", (A, W), "office", (60, 480), (480, 2400), 1_320_000, 250, 750,
             "01632 960 450", "Have the name of the batch and its time ready.", 150),
    Contract("Printright", "printing", (F, A, W), "office", (240, 960), (480, 1440), 210_000, 100, 500,
             "01632 960 460", "Have the number on the front of the printer ready."),
    Contract("Hostwell", "vm-cluster", (F,), "always", (15, 120), (60, 960), 1_100_000, 400, 2_000,
             "01632 960 470", "Say the word of the day; it is in the safe of the desk.", 320),
)  # fmt: skip
