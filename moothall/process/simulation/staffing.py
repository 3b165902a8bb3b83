"""The real teams of a council, as the people who do the work that is tried."""

from datetime import date

from django.utils import timezone

from moothall.councils.models import Council, Membership, Staff
from moothall.process import queries
from moothall.process.simulation.people import People, Person


def people_of(council_id: int, today: date | None = None) -> People:
    """Return the teams that serve a council and who works in them today; its own team comes before a shared one."""
    day = today or timezone.localdate()
    council = Council.objects.get(pk=council_id)
    there = Staff.here_on(day, "staff__")
    rows = (
        Membership.objects.filter(there, team__councils=council_id, staff__user__is_active=True)
        .order_by("staff_id")
        .values_list("team_id", "staff__user_id", "staff_id", "staff__council_id")
    )
    members: dict[int, list[Person]] = {}
    for team_id, user_id, staff_id, employer in rows:
        members.setdefault(team_id, []).append(Person(user_id, staff_id, employer))
    serving = council.served_by.order_by("id").values_list("function", "id", "council_id")
    teams: dict[str, tuple[Person, ...]] = {}
    for function, team_id, _ in sorted(serving, key=lambda row: (row[2] != council_id, row[1])):
        teams.setdefault(function, tuple(members.get(team_id, ())))
    owners = {key: definition.owner for key, (_, definition) in queries.newest_versions().items()}
    return People(teams, f"the {len(_once(teams))} people who work for {council.name}", owners, real=True)


def _once(teams: dict[str, tuple[Person, ...]]) -> set[Person]:
    return {person for people in teams.values() for person in people}
