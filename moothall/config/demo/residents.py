"""Who asks: made-up residents of made-up streets, the same ones every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from moothall.config.demo.cast import email_of
from moothall.identity.actions import open_account
from moothall.identity.models import User

_FIRST = (
    "Aaliyah", "Adam", "Agnieszka", "Alan", "Alison", "Amelia", "Andrew", "Angela", "Anil", "Arthur", "Barbara",
    "Ben", "Brian", "Bronwen", "Caroline", "Charlotte", "Chidi", "Chloe", "Claire", "Daniel", "David", "Deepa",
    "Diane", "Dylan", "Edith", "Eleanor", "Emeka", "Emily", "Eva", "Farid", "Fiona", "Florence", "Frank", "Gareth",
    "George", "Gloria", "Gwen", "Hannah", "Harjit", "Harry", "Hazel", "Ibrahim", "Imogen", "Isaac", "Jack", "James",
    "Jasmine", "Joan", "John", "Joyce", "Karen", "Kayleigh", "Keith", "Kwame", "Laura", "Leila", "Lewis", "Linda",
    "Lorraine", "Luca", "Maria", "Martin", "Mary", "Mei", "Michael", "Mohammed", "Nasreen", "Natalie", "Neil",
    "Nicola", "Oliver", "Olivia", "Patricia", "Paul", "Pauline", "Priya", "Rachel", "Rebecca", "Richard", "Robert",
    "Rosa", "Sandra", "Sean", "Shazia", "Simon", "Sophie", "Stella", "Stephen", "Susan", "Thomas", "Tracey",
    "Trevor", "Victor", "Wendy", "William", "Yasmin", "Zofia",
)  # fmt: skip
_LAST = (
    "Abbott", "Ahmed", "Allen", "Atkinson", "Bailey", "Baker", "Barnes", "Begum", "Bell", "Bennett", "Brown",
    "Campbell", "Carter", "Chapman", "Clark", "Cole", "Collins", "Cook", "Cooper", "Cox", "Davies", "Dixon",
    "Edwards", "Ellis", "Evans", "Fisher", "Foster", "Gibson", "Gill", "Gray", "Green", "Griffiths", "Hall",
    "Harris", "Harrison", "Hassan", "Hill", "Holmes", "Hughes", "Hussain", "Jackson", "James", "Jenkins", "Johnson",
    "Jones", "Kaur", "Kelly", "Khan", "King", "Kowalski", "Lee", "Lewis", "Lloyd", "Marshall", "Mason", "Mensah",
    "Miller", "Mills", "Mitchell", "Moore", "Morgan", "Morris", "Murphy", "Murray", "Nowicki", "Okoro", "Osei",
    "Owen", "Palmer", "Parker", "Patel", "Phillips", "Powell", "Price", "Quinn", "Reid", "Richards", "Roberts",
    "Robinson", "Rogers", "Russell", "Sharma", "Shaw", "Simpson", "Singh", "Smith", "Stevens", "Stewart", "Taylor",
    "Thomas", "Thompson", "Turner", "Walker", "Ward", "Watson", "Webb", "White", "Wilkinson", "Williams", "Wilson",
    "Wood", "Wright", "Young",
)  # fmt: skip
TOWNS = {
    "fernshire": (("Harrowmere", "ZX1"), ("Little Fern", "ZX2"), ("Stoke Ash", "ZX3")),
    "alderbridge": (("Alderbridge", "ZX5"), ("Alderbridge", "ZX6")),
    "wenbury": (("Wenbury", "ZX8"), ("Marston Cross", "ZX9")),
}
_STREETS = (
    "Mill Lane", "Station Road", "Church Street", "Orchard Close", "Victoria Road", "The Green", "Ash Grove",
    "Kingfisher Way", "Bridge Street", "Park Avenue", "Chapel Hill", "Meadow View", "Queensway", "Quarry Road",
    "Nightingale Drive", "School Lane", "Canal Street", "Weavers Row", "Foundry Street", "Hawthorn Crescent",
    "Priory Gardens", "Tanners Yard", "Beech Road", "Northgate", "Albert Terrace",
)  # fmt: skip
_LANDMARKS = (
    "the bus stop", "number 14", "the post box", "the primary school gate", "lamp post 27", "the corner shop",
    "the zebra crossing", "the playground", "the railway bridge", "number 112", "the church", "the pharmacy",
)  # fmt: skip
_CLOSE = "ABDEFGHJLNPQRSTUWXYZ"

WITH_ACCOUNTS = (
    ("Priya Nair", "alderbridge"),
    ("Tom Hughes", "alderbridge"),
    ("Margaret Ellis", "wenbury"),
    ("Kofi Mensah", "wenbury"),
    ("Sarah Whitlock", "fernshire"),
    ("Dev Patel", "fernshire"),
)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who asks: how they are reached, and where they live. `user` is their account, if they have one."""

    name: str
    email: str
    phone: str
    council: str
    line1: str
    town: str
    postcode: str
    user: User | None = None

    @property
    def address(self) -> dict[str, str]:
        return {"line1": self.line1, "town": self.town, "postcode": self.postcode}

    @property
    def contact(self) -> dict[str, str]:
        return {"name": self.name, "email": self.email, "phone": self.phone, "prefers": "email"}


def residents(random: Random, council: str, count: int, now: datetime) -> list[Resident]:
    """Return residents of a council; those with accounts come first, and ask most often."""
    named = [name for name, home in WITH_ACCOUNTS if home == council]
    users = [
        open_account(email=email_of(name, "example.com"), name=name, now=now, confirmed=True)
        for name in named
    ]
    others = [f"{random.choice(_FIRST)} {random.choice(_LAST)}" for _ in range(count)]
    return [_resident(random, council, name, user) for name, user in zip(named, users, strict=True)] + [
        _resident(random, council, name, None) for name in others
    ]


def _resident(random: Random, council: str, name: str, user: User | None) -> Resident:
    town, outward = random.choice(TOWNS[council])
    return Resident(
        name=name,
        email=user.email if user else email_of(name, "example.com"),
        phone=f"07700 900{random.randrange(1000):03}",
        council=council,
        line1=f"{random.randrange(1, 140)} {random.choice(_STREETS)}",
        town=town,
        postcode=f"{outward} {random.randrange(1, 10)}{random.choice(_CLOSE)}{random.choice(_CLOSE)}",
        user=user,
    )


def somewhere(random: Random, resident: Resident) -> dict[str, str]:
    """Return a place in a street, in the words a resident uses."""
    place = f"{random.choice(_STREETS)}, {resident.town}"
    return {"place": place, "near": f"Near {random.choice(_LANDMARKS)}"}


def pick(random: Random, people: Sequence[Resident]) -> Resident:
    """Return somebody; those at the head of the list are heard from again and again."""
    return people[min(int(random.expovariate(6 / len(people))), len(people) - 1)]
