"""The demonstration: set up once through the same actions as pages use, quick the second time, never half done."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from moothall.config.demo.cast import COUNCILS, STAFF, TEAMS
from moothall.config.demo.designing import OWN_ROOM
from moothall.config.demo.errands import ERRANDS
from moothall.config.demo.marker import DONE
from moothall.config.demo.offices_at_work import LEFT
from moothall.config.demo.stories import STORIES
from moothall.councils.roles import roles
from moothall.process import definition, library
from moothall.process.language import load
from tests.legs import same_on_both

pytestmark = same_on_both  # a demonstration is always on an embedded database


def demo(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {key: value for key, value in os.environ.items() if not key.startswith(("MOOTHALL_", "DJANGO_"))}
    command = [sys.executable, "-m", "moothall", "demo", "--home", str(home), "--no-serve", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=180)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demonstration") / "house"
    done = demo(home, "--requests", "40")
    assert done.returncode == 0, done.stdout + done.stderr
    return home


class TestTheCast:
    def test_has_somebody_for_every_role(self) -> None:
        assert {role for part in STAFF for role in part.roles} == set(roles())

    def test_has_a_county_a_city_and_a_district(self) -> None:
        assert {facts["kind"] for facts in COUNCILS.values()} == {"county", "city", "district"}

    def test_has_people_in_every_team(self) -> None:
        assert {team for part in STAFF for team in part.teams} == set(TEAMS)

    def test_has_a_team_that_serves_all_three(self) -> None:
        assert any(set(served) == set(COUNCILS) for _, _, _, served in TEAMS.values())

    def test_has_a_story_for_every_service(self) -> None:
        folder = Path(__file__).parents[2] / "moothall" / "requests" / "processes"
        assert set(STORIES) == {file.stem for file in folder.glob("*.yaml")}

    def test_has_an_errand_for_every_example_and_somebody_for_each_of_its_steps(self) -> None:
        for file in library.examples():
            process = load(file)
            if process.key in OWN_ROOM:
                continue
            errand = ERRANDS[process.key]
            people = {key for key, step in process.steps.items() if not (step.vote or step.by_time)}
            begun = set() if errand.share == 0 else {process.first.key}
            assert people - begun <= set(errand.handle) <= people, process.key
            assert set(errand.against) <= {key for key, step in process.steps.items() if step.vote}, (
                process.key
            )
            functions = {function for _, function, _, _ in TEAMS.values()}
            named = {who for step in process.steps.values() for who in step.by} | {process.owner}
            assert named - {definition.RESIDENT, definition.STAFF} <= functions, process.key


class TestSettingUp:
    def test_makes_requests_mail_and_a_record(self, home: Path) -> None:
        with sqlite3.connect(home / "moothall.sqlite3") as rows:
            count = {
                table: rows.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in (
                    "requests_request",
                    "process_case",
                    "messages_message",
                    "journal_checkpoint",
                )
            }
            kinds = dict(rows.execute("SELECT kind, COUNT(*) FROM process_event GROUP BY kind"))
            processes = {key for (key,) in rows.execute("SELECT DISTINCT process FROM process_case")}
        rows.close()
        assert {each for each, errand in ERRANDS.items() if errand.share} <= processes
        assert {"voted", "waived", "waited", "pulled"} <= set(kinds)
        assert count["process_case"] > 40 + 15
        assert count["requests_request"] == 40
        assert count["messages_message"] > 40
        assert count["journal_checkpoint"] == 1

    def test_leaves_to_each_whom_the_guide_leads_there_something_to_do(self, home: Path) -> None:
        with sqlite3.connect(home / "moothall.sqlite3") as rows:
            waits = rows.execute(
                "SELECT process, step.key, COALESCE(name, '') FROM process_step AS step"
                " JOIN process_case ON process_case.id = step.case_id"
                " LEFT JOIN councils_staff AS staff ON staff.id = step.person_id"
                " LEFT JOIN identity_user ON identity_user.id = staff.user_id WHERE step.state = 'open'"
            ).fetchall()
        rows.close()
        shared = {"board", "step_down"}
        assert {(left.errand, left.step, "" if left.step in shared else left.to) for left in LEFT} <= set(
            waits
        )

    def test_is_not_done_twice(self, home: Path) -> None:
        made = (home / DONE).read_text()
        done = demo(home)
        assert done.returncode == 0
        assert "Setting up" not in done.stdout
        assert (home / DONE).read_text() == made

    def test_leaves_a_folder_with_something_else_alone(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear council")
        done = demo(tmp_path)
        assert done.returncode == 1
        assert "holds something else" in done.stderr
        assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]

    def test_is_begun_anew_after_an_interruption(self, tmp_path: Path) -> None:
        half = tmp_path / "house.setting-up"
        half.mkdir()
        (half / "moothall.sqlite3").write_bytes(b"half a house")
        done = demo(tmp_path / "house", "--requests", "1")
        assert done.returncode == 0, done.stdout + done.stderr
        assert (tmp_path / "house" / DONE).exists()
        assert not half.exists()
