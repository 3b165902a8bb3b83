"""A leave pack is of one moment: nothing that is written meanwhile is in it, and nothing in it points to that."""

import io
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import ForeignKey, Model
from django.utils import timezone

from moothall.config.leaving import packing
from moothall.config.leaving.checking import check
from moothall.config.leaving.counting import TABLES
from moothall.config.leaving.packing import Pack, pack
from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.servicedesk.actions import calls, working
from moothall.servicedesk.models import Call
from tests.isolation.world import OWN, World, make_world

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
OTHER, EACH = "elm", 4
FAULT = {"summary": "Logged while it was packed", "category": "email", "impact": "team", "urgency": "no"}
Rows = Mapping[str, list[dict[str, Any]]]


@pytest.fixture
def world(transactional_db: None) -> World:
    if connection.vendor != "postgresql":
        pytest.skip(
            "The SQLite of tests is in memory, where nobody else can write; on disk its writers wait."
        )
    with transaction.atomic():
        return make_world((OWN, OTHER))


@pytest.fixture
def writes(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let somebody else log calls at both councils after every fourth file of a pack; hear which."""
    logged: list[str] = []
    part = packing._part
    with ThreadPoolExecutor(1) as hand:

        def interrupted(made: Pack, folder: Path, name: str, what: str, rows: Any) -> None:
            part(made, folder, name, what, rows)
            if len(made.parts) % EACH == 1:
                logged.extend(hand.submit(_write, world.councils.values()).result())

        monkeypatch.setattr(packing, "_part", interrupted)
        yield logged
        hand.submit(_leave).result()


def _write(councils: Any) -> list[str]:
    """Log a call at each council, by a connection of one's own; return the references."""
    with scope.everything("people work on while a pack is made"):
        return [_logged(council) for council in councils]


def _leave() -> None:
    """Close the connection of whoever calls."""
    connection.close()


def _logged(council: Council) -> str:
    house, now = Viewer.system(), timezone.now()
    call = calls.log_call(
        by=house,
        council=council,
        kind="incident",
        answers=FAULT,
        now=now,
        submission=f"pack:{council.pk}:{now.timestamp()}",
    )
    working.note(by=house, call_id=call.pk, text="It comes and goes.", now=now)
    return str(call.reference)


def read(folder: Path) -> Rows:
    """Return the rows of every table of a pack, by its label."""
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (folder / TABLES).iterdir()
    }


def loose(rows: Rows, own: Council) -> list[str]:
    """Return every field that points to a row of the council, in a table of the pack, that is not there.

    What points to a row of another council is right: a major incident that hit this one, say, is theirs.
    """
    found = []
    for label, those in rows.items():
        for field in apps.get_model(label)._meta.concrete_fields:
            target = field.related_model
            if not isinstance(field, ForeignKey) or isinstance(target, str) or target is None:
                continue
            if target._meta.label in rows:
                key = field.target_field.attname
                there = {row[key] for row in rows[target._meta.label]}
                found += [
                    f"{label}.{field.attname} {row[field.attname]}"
                    for row in those
                    if row[field.attname] is not None
                    and row[field.attname] not in there
                    and not of_another(target, row[field.attname], own)
                ]
    return found


def of_another(model: type[Model], key: object, own: Council) -> bool:
    with scope.everything("a test looks at whose a row is"):
        return model._default_manager.filter(pk=key).exclude(council=own).exists()


class TestAPackThatIsMadeWhilePeopleWork:
    def test_holds_one_moment_of_one_council(self, world: World, writes: list[str], tmp_path: Path) -> None:
        own, folder = world.councils[OWN], tmp_path / "pack"
        with scope.only([own.pk]):
            before = set(Call.objects.values_list("reference", flat=True))
        made = pack(own, folder, timezone.now())
        assert len(writes) > len(made.parts) / EACH
        rows = read(folder)
        assert {row["reference"] for row in rows["servicedesk.Call"]} == before
        assert loose(rows, own) == []
        said = "\n".join(
            path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*") if path.is_file()
        )
        assert world.things[OWN].desk.call in said
        assert [word for word in [*world.things[OTHER].words(), *writes] if word in said] == []

    def test_is_proved_by_the_command_that_made_it_and_is_not_the_house_of_later(
        self, world: World, writes: list[str], tmp_path: Path
    ) -> None:
        said = io.StringIO()
        call_command("council", "leave-pack", OWN, to=tmp_path / "pack", stdout=said)
        assert "nothing of the others" in said.getvalue()
        faults = check(tmp_path / "pack", world.councils[OWN]).faults
        assert [fault for fault in faults if fault.startswith("servicedesk.Call: ")]
        assert all(fault.endswith("in the database.") for fault in faults)
