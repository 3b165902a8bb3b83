"""The articles of the demonstration's desk, in its own words."""

from collections.abc import Sequence
from typing import NamedTuple


class Told(NamedTuple):
    """An article: its title, its text, the words that users say for it, and what it is about."""

    title: str
    body: str
    words: str = ""
    item: str = ""
    kind: str = "how-to"
    audience: str = "users"
    council: str = ""
    closes: tuple[str, ...] = ()
    """Headlines of the demonstration's calls that it helped to close."""


ARTICLES: Sequence[Told] = (
    Told(
        "Reset your password, or unlock your account",
        """You can do this yourself at any time, also from home.

## If you are locked out

1. Go to the sign-in page of the council and choose “Forgotten your password?”.
2. Enter your work email address, then the code that comes to your phone.
3. Choose a new password of at least 12 characters. Three words that do not belong together are easy to keep in mind.

## If no code comes

- Wait five minutes and ask for one more. Older codes no longer work then.
- If you have a new phone, we have to put it on your account: [report it](/work/desk/help/report/) and say where we \
can \
call you.

Never tell anybody your password or a code. We do not ask for them.""",
        "locked out, log in, sign in, forgotten, login, account",
        "directory",
        closes=("I am locked out of my account", "The code does not come to my phone when I sign in"),
    ),
    Told(
        "Work from home: connect to the council's network",
        """Your laptop connects by itself as soon as it is on a network and you are signed in.

## If it does not connect

1. Restart the laptop, and wait a minute after you have signed in.
2. Open any public web page, to see whether your own network works.
3. Choose the shield beside the clock, then “Connect”.

## If it ends after some minutes

This happens with older versions of the program. Choose “Software centre”, then “Remote access”, then “Update”. \
Restart \
the laptop when it says so.

In a hotel or on a train you may have to accept the terms of their network on its own page first.""",
        "vpn, remote access, home working, connection drops",
        "vpn",
        closes=("I cannot work from home: the connection ends",),
    ),
    Told(
        "Nothing comes out of the printer",
        """Your print waits for you for 24 hours, at every printer of the three councils.

1. Hold your card to the reader of the printer. If it does not know your card, enter your user name once.
2. Choose “Print all”. If the list is empty, look whether the printer “Follow me” was chosen on your laptop.
3. If the printer says that it is out of paper or toner, use another one: your print is there as well.

If pages come out with stripes or spots, put a note on the printer and [report it](/work/desk/help/report/). Say the \
number on its yellow label.""",
        "print, printing, follow me, toner, paper, copier",
        "printing",
        closes=("Nothing comes out when I print", "The printer on the second floor prints stripes"),
    ),
    Told(
        "Show your screen in a meeting room",
        """Every meeting room has a small grey box on the table.

1. Plug its cable into your laptop. Wait ten seconds.
2. If the screen stays black, press the Windows key and P together, and choose “Duplicate”.
3. For sound, choose the speaker beside the clock, then “Room speakers”.

## For a call with people elsewhere

Touch “Join” on the panel by the door if the room was booked with the meeting. If not, join from your laptop and \
choose \
the room's camera and microphone.

If the cable or the box is broken, ring us on 01632 960 999: we keep spare ones at the front desk.""",
        "teams, projector, hdmi, slides, video call, conference",
        "meeting-rooms",
        closes=("The screen in the meeting room does not show my slides",),
    ),
    Told(
        "A new starter: what to order, and when",
        """Tell us ten working days before the first day, and everything is ready on it.

## What we need to know

- Name, job title, team, and the first day
- Whose access theirs should be like
- Laptop or desktop, and whether they need a phone

Order it under [IT help](/work/desk/help/) as “New starter”. The manager approves it; we do not have to ask again.

## On the first day

They collect the laptop at the front desk with their card. Signing in for the first time takes about 20 minutes, and \
they need their phone for it.""",
        "new employee, joiner, onboarding, recruit",
        closes=("A laptop for a new starter",),
    ),
    Told(
        "A strange email: what to do, and what not",
        """If an email hurries you, threatens you or offers you something, be careful, also if it seems to come from \
a colleague.

- Do not open its links or files, and do not answer it.
- Choose “Report message” in Outlook, then “Phishing”. It goes to our security team at once.

## If you have clicked already

Nobody is blamed for it, and minutes count.

1. Ring us on 01632 960 999, day or night.
2. Change your password: [this is how](/work/desk/articles/reset-your-password-or-unlock-your-account/).
3. Leave the laptop on, and do not delete the email. We may need both.""",
        "phishing, scam, spam, suspicious, virus, hacked",
        "email",
        closes=("A strange email asks me to sign in",),
    ),
    Told(
        "Open a shared mailbox",
        """A shared mailbox appears in Outlook by itself, up to an hour after you were added to it.

1. Close Outlook and open it again.
2. Look below your own mailbox, at the left. It may be folded together.
3. On the web, choose your picture, then “Open another mailbox”, and type its name.

Whoever owns the mailbox says who is added. Ask for it under [IT help](/work/desk/help/) as “Access to a shared \
mailbox”, and name the owner.

If it is empty although it should not be, [report it](/work/desk/help/report/): then something took your permission \
away.""",
        "group mailbox, team inbox, shared inbox",
        "email",
        closes=("The shared mailbox of the team is empty", "A shared mailbox for the tree team"),
    ),
    Told(
        "The second screen stays black",
        """1. Take the cable of the dock out of the laptop. Wait ten seconds and put it in again.
2. Look whether the screen's own light is on. Press its button if not.
3. Press the Windows key and P together, and choose “Extend”.
4. If there was an update last night, choose “Software centre”, then “Dock”, then “Update”. The screens go dark for a \
minute.

If one cable works in the other socket and not in its own, the dock is broken: [report it](/work/desk/help/report/), \
and \
we bring another.""",
        "monitor, display, docking station, dock",
        "laptops",
        closes=("The second screen stays black",),
    ),
    Told(
        "No sound in calls with a headset",
        """1. In the call, choose the three dots, then “Device settings”.
2. Choose your headset as speaker and as microphone. “Default” is not enough.
3. Make a test call in the same place. You hear yourself a moment later.

A headset with a switch on its cable may be muted there. One without a cable has to be charged: a red light says so.""",
        "microphone, mute, audio, headphones, teams",
        "telephony",
        closes=("My headset has no sound in calls",),
    ),
    Told(
        "The wireless network in our buildings",
        """Your laptop joins the network “Council” by itself in all offices of the three councils.

- Guests choose “Council guest” and accept the terms. It lasts for a day.
- Phones of the council join “Council” after they were set up. Your own phone is a guest.

If it drops in one room and not in the next, [report it](/work/desk/help/report/) and say which room and at what time. \
That helps us to find the access point.""",
        "wifi, wi-fi, wireless, internet, guest",
        "wireless",
        closes=("The wireless network drops every few minutes",),
    ),
    Told(
        "Invoices cannot be approved: the page stays white",
        """The supplier knows of it and mends it with their next version.

## What helps

1. Restart the service “FinanceWeb” on the second application server. It takes two minutes; nobody loses anything.
2. Ask one user to try again before you tell the others.

If it stays white after that, it is something else: pass it to Platforms and networks.

## What does not help

Emptying the browser's cache, another browser, restarting the laptop.""",
        "finance, invoice, white page, approve",
        "finance",
        "known-error",
        "desk",
        closes=("Invoices cannot be approved: the page stays white",),
    ),
    Told(
        "Case notes are slow in the morning",
        """The nightly job sometimes runs until after eight. It shows on the monitor as “CARE-NIGHT running”.

- Before 8:30am: tell the user that it ends by itself, and put their call under the first one.
- After 8:30am: ring whoever is on call for Platforms and networks.

Do not stop the job: it then starts anew, and takes the whole morning.""",
        "care records, slow, social care, minute",
        "care-records",
        "known-error",
        "desk",
        closes=("Case notes take a minute to open",),
    ),
    Told(
        "Sit at the hot desks in the city hall",
        """Choose any desk of the second floor that shows a green light. You need not book.

The cable on the desk charges your laptop and joins both screens and the network. If it does nothing, try the desk \
beside it, and [report](/work/desk/help/report/) the number of the first one.""",
        "hot desk, second floor, dock",
        council="alderbridge",
    ),
)
DRAFT = Told(
    "Take a phone of the council abroad",
    """Ask two weeks before you travel: some countries need a different contract.

- In the European Union, calls and data cost the same as at home.
- Elsewhere, switch data off until you are on a network that you trust.""",
    "roaming, travel, mobile",
)
CHANGED = (
    "No sound in calls with a headset",
    "\n\nIf others hear an echo, ask them one by one to mute themselves: it comes from whoever makes it stop.",
)
