"""What goes wrong in ICT, and what is asked for: the words of the calls of the demonstration."""

from collections.abc import Sequence
from typing import NamedTuple

DESK, PLATFORMS = "service-desk", "platforms"


class Fault(NamedTuple):
    """A fault as it is told. `item` is the system's code in the estate; `team` who mends it."""

    category: str
    summary: str
    detail: str
    priority: int
    item: str
    fix: str
    team: str = DESK


class Wish(NamedTuple):
    """Something that is asked for from the catalogue."""

    category: str
    summary: str
    detail: str
    priority: int
    fix: str


FAULTS: Sequence[Fault] = (
    Fault("access", "I am locked out of my account", "It says that the password is wrong three times.", 3, "directory",
          "Unlocked the account and set a new password with the user."),
    Fault("access", "The code does not come to my phone when I sign in", "I have a new phone since Monday.", 3,
          "directory", "Took the old phone off the account and put the new one on."),
    Fault("access", "I cannot open the folder of my new team", "My manager says that I should have it.", 4,
          "file-store", "Added them to the group of the team after the manager had said yes."),
    Fault("email", "Email does not arrive since this morning", "I can send, but nothing comes in.", 3, "email",
          "A rule moved everything to a folder. Switched the rule off."),
    Fault("email", "The shared mailbox of the team is empty", "Four of us see it.", 3, "email",
          "Restored the permissions that last night's clean-up took away.", PLATFORMS),
    Fault("email", "A strange email asks me to sign in", "It says it is from the council but the address is odd.", 3,
          "email", "It was phishing. Blocked the sender and reset the password to be safe."),
    Fault("hardware", "The laptop does not start", "A light blinks and nothing else happens.", 3, "laptops",
          "Lent them a laptop; the battery of theirs was replaced under guarantee."),
    Fault("hardware", "The second screen stays black", "It worked before the update.", 4, "laptops",
          "The dock needed its new software."),
    Fault("hardware", "The keyboard types the wrong letters", "The @ is where the quotation mark should be.", 4,
          "laptops", "Set the keyboard to the United Kingdom."),
    Fault("printing", "The printer on the second floor prints stripes", "Every page has them.", 4, "printing",
          "Cleaned it and replaced the drum."),
    Fault("printing", "Nothing comes out when I print", "It says sent, but the printer does not know of it.", 4,
          "printing", "Set the queue up again."),
    Fault("network", "The wireless network drops every few minutes", "In the meeting rooms of the east wing.", 3,
          "wireless", "Moved the access point to a channel that the neighbours do not use.", PLATFORMS),
    Fault("network", "I cannot work from home: the connection ends", "After ten minutes, every time.", 3, "vpn",
          "Updated the client; the old one did not know of the new gateway."),
    Fault("network", "The library has no network", "Nobody in the building can work.", 2, "wide-area",
          "The supplier mended the line after a digger had cut it.", PLATFORMS),
    Fault("software", "Case notes take a minute to open", "Since yesterday, for all of us.", 2, "care-records",
          "The nightly job was still running; moved it to two in the morning.", PLATFORMS),
    Fault("software", "Invoices cannot be approved: the page stays white", "In two browsers.", 2, "finance",
          "Cleared the cache of the server and restarted the service.", PLATFORMS),
    Fault("software", "The map of planning applications does not load", "It turns and turns.", 3, "planning",
          "A certificate between the two systems had run out. Renewed it.", PLATFORMS),
    Fault("software", "The spreadsheet crashes when I save", "It is a big one with links to others.", 4, "office",
          "Repaired the installation."),
    Fault("software", "Council tax letters come out without the address", "Only those of this week.", 2, "revenues",
          "Put back the template that was changed on Friday.", PLATFORMS),
    Fault("telephony", "My headset has no sound in calls", "Others hear me, I do not hear them.", 4, "telephony",
          "Chose the headset in the settings of the calls."),
    Fault("telephony", "No ring tone on the phones of the first floor", "Customers say that nobody picks up.", 2,
          "telephony", "A switch had lost its power. Changed the cable.", PLATFORMS),
    Fault("other", "The screen in the meeting room does not show my slides", "The meeting starts at two.", 3,
          "meeting-rooms", "The adapter was broken; put a new one there."),
)  # fmt: skip
WISHES: Sequence[Wish] = (
    Wish("access", "Access to the finance system for a colleague", "She starts in payments on the first.", 3,
         "Gave read access as the manager wrote."),
    Wish("software", "The drawing program for a planner", "For the master plan of the station.", 4,
         "Installed it from the store; one licence is left."),
    Wish("hardware", "A second screen for my desk", "I compare plans all day.", 4, "Brought it and set it up."),
    Wish("hardware", "A laptop for a new starter", "In the housing team, from the first.", 3,
         "Ready with everything that the team uses."),
    Wish("email", "A shared mailbox for the tree team", "Five of us read it.", 4, "Made it, and added the five."),
    Wish("telephony", "A mobile phone for a social worker", "On call from next month.", 3, "Handed over and tested."),
    Wish("access", "Put a colleague who left out of our folders", "He moved to another council.", 3,
         "Done, and his manager told."),
    Wish("software", "Move my files to the new store", "Before the old one is switched off.", 4, "Moved and checked."),
)  # fmt: skip
REPLIES: Sequence[str] = (
    "Thank you, we have it and are looking into it.",
    "We have seen the same elsewhere this morning. You hear from us before noon.",
    "We are on it. Please leave the laptop switched on.",
)
