"""People in the register of the small house: Priya of Ash, her household, and one of Elm."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Agreement
from moothall.councils.rules import Viewer
from moothall.persons.actions.casework import put_case_to
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Record
from moothall.persons.rules.facts import NewFact
from tests.makers import make_agreement, make_grant
from tests.persons.making import a_birth, a_name, a_phone, an_address, an_email, make_record
from tests.workplace.staffed import House


@dataclass(frozen=True)
class Register:
    """`priya` and her husband `ravi` are held by Ash, `tom` by Elm, `olga` by Oak, which shares nothing."""

    house: House
    priya: Record
    ravi: Record
    tom: Record
    olga: Record
    agreement: Agreement = field(repr=False)

    def page(self, record: Record) -> str:
        return f"/work/person/{record.person.reference}/"

    def bin_of(self, record: Record, ago: timedelta = timedelta(minutes=5)) -> str:
        """Raise a missed bin for somebody and return its reference."""
        reference = self.house.missed_bin(name=record.name, council=record.council, ago=ago)
        with scope.everything("putting a case in a test"):
            put_case_to(
                by=Viewer.system(),
                case_id=self.house.case_id(reference),
                record_id=record.pk,
                now=timezone.now(),
            )
        return reference

    def tell(self, record: Record, fact: NewFact, source: str = "resident") -> int:
        with scope.everything("telling in a test"):
            added = add_fact(
                by=Viewer.system(), record_id=record.pk, fact=fact, source=source, now=timezone.now()
            )
        return added.pk


def make_register(house: House) -> Register:
    """Add the people; Ann of Ash may see those of Elm under an agreement. Ends inside no scope."""
    now = timezone.now() - timedelta(days=30)
    with scope.everything("making a register for a test"):
        agreement = make_agreement(
            councils=(house.ash, house.elm), kinds=("persons", "process"), name="Shared front desk"
        )
        make_grant(staff=house.ada, role="adviser", council=house.elm)
        priya = make_record(council=house.ash, now=now)
        ravi = make_record(
            council=house.ash,
            facts=[a_name("Ravi"), a_birth("1978-01-02"), an_address(), a_phone("07700 900111")],
            now=now,
        )
        tom = make_record(
            council=house.elm,
            facts=[a_name("Tom", "Bell"), a_birth("1990-03-03"), an_address("3 Elm Row", "CD3 4EF")],
            now=now,
        )
        olga = make_record(
            council=house.oak,
            facts=[
                a_name("Olga", "Zhukova"),
                a_birth("1969-06-06"),
                an_address("1 Oak Way", "EF5 6GH"),
                an_email("olga@example.org"),
                a_phone("07700 900444"),
            ],
            now=now,
        )
    return Register(house, priya, ravi, tom, olga, agreement)
