"""Those who walk the eight steps: the house as a page calls it, its engine with its rows, and its engine with an ORM's.

Each has `start` and `act`. All three stand in a house that this process has entered (`houses.py`).
"""

from datetime import UTC, datetime
from typing import Any

from benchmarks.means import eight_steps

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Moothall:
    """The house: a council, its desk, somebody at it, and the two processes. The first to come founds them."""

    def __init__(self) -> None:
        from moothall.councils.models import Staff
        from moothall.process import actions
        from tests.makers import make_viewer

        self._actions = actions
        staff = Staff.objects.filter(teams__function="desk").first() or found()
        self._council = staff.council
        self.viewer = make_viewer(staff)

    def start(self, process: str) -> Any:
        return self._actions.start_case(by=self.viewer, council=self._council, process=process, now=NOW)

    def act(self, case: Any, step: str, answers: dict[str, str], outcome: str = "") -> Any:
        return self._actions.act(
            by=self.viewer,
            case_id=case.id,
            step=step,
            expected=case.seq,
            now=NOW,
            answers=answers,
            outcome=outcome,
        )


def found() -> Any:
    """Make the council, its desk and somebody at it, and publish the processes; return that member of staff."""
    from moothall.councils.rules import Viewer
    from moothall.process import actions
    from moothall.process.language import read
    from tests.makers import make_council, make_staff, make_team

    council = make_council()
    staff = make_staff(council=council, roles=("officer",))
    make_team(council=council, function="desk", members=(staff,))
    for source in (eight_steps.yaml(), eight_steps.yaml_of_visits()):
        reading = read(source)
        assert reading.definition is not None, [str(each) for each in reading.mistakes]
        actions.publish(by=Viewer.system(), definition=reading.definition, source=source, now=NOW)
    return staff


class EngineAlone:
    """Only what SpiffWorkflow does here, too: load, move on by the rules, save; no gate, search words or journal."""

    def __init__(self, house: Moothall) -> None:
        from moothall.process import store

        self._house, self._load, self._save = house, store.load, store.save

    def start(self, process: str) -> Any:
        return self._house.start(process)

    def act(self, case: Any, step: str, answers: dict[str, str]) -> Any:
        from django.db import transaction

        from moothall.process.actions.keeping import around
        from moothall.process.engine import steps

        with transaction.atomic():
            found = self._load(case.id)
            assert found is not None
            place = around(self._house.viewer, found.council_id, NOW)
            steps.complete(found, place, step=step, given=answers)
            self._save(found, place)
        return found


class OrmAlone(EngineAlone):
    """The same, with the rows fetched and saved by Django's ORM (`orm_rows.py`)."""

    def __init__(self, house: Moothall) -> None:
        from benchmarks.means import orm_rows

        super().__init__(house)
        self._load, self._save = orm_rows.load, orm_rows.save
