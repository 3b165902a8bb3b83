"""A small house at work: two councils that share a waste team, one that does not, and people for every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.models import Case
from moothall.requests import actions as requests
from tests.makers import (
    make_agreement,
    make_council,
    make_grant,
    make_staff,
    make_team,
    make_user,
    make_viewer,
)
from tests.requests.making import SAM, publish


@dataclass(frozen=True)
class House:
    """Who is there. Olive works for a council that shares nothing."""

    ash: Council
    elm: Council
    oak: Council
    waste: Team
    streets: Team
    ann: Staff
    bob: Staff
    sue: Staff
    ada: Staff
    joe: Staff
    olive: Staff

    def viewer(self, staff: Staff) -> Viewer:
        return make_viewer(staff, today=timezone.localdate())

    def browser(self, staff: Staff) -> Client:
        client = Client()
        client.force_login(staff.user)
        return client

    def missed_bin(
        self,
        *,
        council: Council | None = None,
        name: str = "Sam Okoro",
        ago: timedelta = timedelta(minutes=5),
    ) -> str:
        """Raise a request and return its reference; its step “check” waits for the waste team."""
        now = timezone.now() - ago
        answers = {
            "address": {"line1": "12 High Street", "town": "Ashfield", "postcode": "AB10 1AB"},
            "bin": "refuse",
            "collection_day": (now - timedelta(days=1)).date().isoformat(),
            "put_out": True,
            "assisted": False,
        }
        with scope.everything("making a request for a test"):
            sent = requests.raise_for_resident(
                by=Viewer.system(),
                council=council or self.ash,
                service="missed-bin",
                answers=answers,
                contact=SAM | {"name": name},
                channel="phone",
                submission=uuid4().hex,
                now=now,
            )
        return sent.reference

    def case(self, reference: str) -> CaseState:
        from_reference = store.load(self.case_id(reference))
        assert from_reference is not None
        return from_reference

    def case_id(self, reference: str) -> int:
        number: int = Case.unscoped("a test").values_list("id", flat=True).get(reference=reference)
        return number

    def act(
        self,
        staff: Staff,
        reference: str,
        outcome: str,
        answers: Mapping[str, Any],
        *,
        step: str = "check",
        now: datetime | None = None,
    ) -> None:
        with scope.everything("acting in a test"):
            process.act(
                by=self.viewer(staff),
                case_id=self.case_id(reference),
                step=step,
                expected=None,
                now=now or timezone.now(),
                answers=answers,
                outcome=outcome,
            )


def make_house() -> House:
    """Make it, with the services published. Enter a scope before."""
    for service in ("missed-bin", "general-enquiry"):
        publish(service, now=timezone.now() - timedelta(days=30))
    ash = make_council(code="ash", name="Ash District Council")
    elm = make_council(code="elm", name="Elm City Council", kind="city")
    oak = make_council(code="oak", name="Oak District Council")
    make_agreement(councils=(ash, elm), name="Shared waste service", kinds=("requests", "process"))
    ann = make_staff(council=ash, roles=("officer",), user=make_user(name="Ann Officer"))
    bob = make_staff(council=ash, roles=("officer",), user=make_user(name="Bob Officer"))
    sue = make_staff(council=ash, roles=("supervisor",), user=make_user(name="Sue Supervisor"))
    ada = make_staff(council=ash, roles=("adviser",), user=make_user(name="Ada Adviser"))
    administration = ("council-administrator", "partnership-administrator", "auditor", "ict-operator")
    joe = make_staff(council=ash, roles=administration, user=make_user(name="Joe Admin"))
    olive = make_staff(council=oak, roles=("officer", "supervisor"), user=make_user(name="Olive Other"))
    make_grant(staff=ann, role="officer", council=elm)
    waste = make_team(
        council=ash, code="waste", name="Waste team", serves=(ash, elm), members=(ann, bob), leader=sue
    )
    streets = make_team(council=ash, code="streets", name="Streets team", members=(bob,))
    make_team(council=oak, code="oak-waste", function="waste", name="Oak waste team", members=(olive,))
    return House(ash, elm, oak, waste, streets, ann, bob, sue, ada, joe, olive)
