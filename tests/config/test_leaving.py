"""The leave pack holds everything of one council and nothing of the others, and proves it."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from moothall.config.leaving import contents
from moothall.config.leaving.checking import check
from moothall.config.leaving.packing import CannotPack, Pack, pack
from moothall.councils import scope
from moothall.councils.models import CouncilOwned, Staff
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.process.models import Case
from moothall.servicedesk.actions import feeds, keys
from moothall.servicedesk.models import Call
from tests.isolation.conftest import surroundings
from tests.isolation.world import OWN, World, make_world

__all__ = ["surroundings"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(surroundings: None) -> World:
    """Make three councils, once for all tests here: what each of them changes is rolled back."""
    return make_world((OWN, "elm", "oak"))


@pytest.fixture(scope="module")
def made(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaving") / "pack"
    pack(world.councils[OWN], folder, timezone.now())
    return folder


@pytest.fixture
def packed(made: Path, tmp_path: Path) -> Path:
    """A pack to do with as one likes."""
    return shutil.copytree(made, tmp_path / "pack")


def rows(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def words(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*") if path.is_file()
    )


def others(world: World) -> Iterator[str]:
    for code, thing in world.things.items():
        if code != OWN:
            yield from thing.words()


class TestAPack:
    def test_holds_every_row_of_every_table_of_the_council(self, world: World, packed: Path) -> None:
        made = Pack.read(packed)
        council = world.councils[OWN]
        assert len(contents.tables()) > 50
        with scope.only([council.pk]):
            for model in contents.tables():
                part = made.parts[f"tables/{model._meta.label}"]
                left = made.left_out.get(model._meta.label, 0)
                assert part.rows + left == model.objects.count(), model
        assert made.left_out == {"persons.Link": 2}
        assert made.parts["tables/process.Case"].rows > 2
        assert {row["council_id"] for row in rows(packed, "tables/process.Event")} == {council.pk}

    def test_knows_every_table_that_belongs_to_a_council(self) -> None:
        owned = {model for model in apps.get_models() if issubclass(model, CouncilOwned)}
        assert set(contents.tables()) == owned

    def test_has_no_word_of_another_council(self, world: World, packed: Path) -> None:
        said = words(packed)
        assert world.things[OWN].reference in said
        assert [word for word in others(world) if word in said] == []

    def test_names_its_own_people_and_nobody_elses(self, world: World, packed: Path) -> None:
        staff = rows(packed, "directory/staff")
        assert {row["id"] for row in staff} == set(
            Staff.objects.filter(council=world.councils[OWN]).values_list("pk", flat=True)
        )
        said = words(packed / "directory")
        strangers = Staff.objects.exclude(council=world.councils[OWN]).select_related("user")
        assert strangers.exists()
        for each in strangers:
            assert each.user.email not in said

    def test_has_the_record_and_its_chain(self, world: World, packed: Path) -> None:
        council = world.councils[OWN]
        with scope.only([council.pk]):
            kept = Entry.objects.filter(council_id=council.pk).count()
        assert len(rows(packed, "record/entries")) == kept > 0
        assert "council.pack_made" in {row["what"] for row in rows(packed, "record/entries")}

    def test_brings_the_files_of_its_cases(self, world: World, packed: Path) -> None:
        attached = {row["sha256"] for row in rows(packed, "tables/process.Attachment")}
        made = Pack.read(packed)
        assert attached == {*made.files, *made.missing_files}
        assert made.files
        assert {path.name for path in (packed / "files").iterdir()} == set(made.files)

    def test_leaves_locks_and_keys_behind(self, world: World, tmp_path: Path) -> None:
        council = world.councils[OWN]
        house, now = Viewer.system(), timezone.now()
        with scope.only([council.pk]):
            key = keys.make_key(by=house, council=council, name="Kiosk", may=["log"], now=now).key
            feed = feeds.make_feed(by=house, council=council, name="Watch", kind="monitoring", now=now).feed
        pack(council, tmp_path / "pack", now)
        said = words(tmp_path / "pack")
        assert key.sha256 not in said
        assert feed.secret not in said
        for row in rows(tmp_path / "pack", "tables/requests.Request"):
            assert row["token_sealed"] is row["token_digest"] is None

    def test_says_in_words_what_each_file_is(self, packed: Path) -> None:
        said = (packed / "README.md").read_text(encoding="utf-8")
        for name, part in Pack.read(packed).parts.items():
            assert f"`{part.file}`" in said, name
        assert "{" not in said

    def test_is_refused_if_a_row_is_missing_and_nothing_is_kept(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows_of = contents.rows_of

        def forgetful(model: type[CouncilOwned], council_id: int) -> Iterator[contents.Row]:
            rows = rows_of(model, council_id)
            if model is Call:
                next(rows)
            return rows

        monkeypatch.setattr(contents, "rows_of", forgetful)
        with pytest.raises(CannotPack, match=r"servicedesk\.Call: .* in the database"):
            pack(world.councils[OWN], tmp_path / "pack", timezone.now())
        assert list(tmp_path.iterdir()) == []

    def test_is_not_written_over_anything(self, world: World, tmp_path: Path) -> None:
        (tmp_path / "pack").mkdir()
        (tmp_path / "pack" / "mine.txt").write_text("mine")
        with pytest.raises(CannotPack, match="is there already"):
            pack(world.councils[OWN], tmp_path / "pack", timezone.now())
        assert [path.name for path in tmp_path.rglob("*")] == ["pack", "mine.txt"]


class TestChecking:
    def test_finds_nothing_wrong_with_a_pack_that_was_just_made(self, world: World, packed: Path) -> None:
        proof = check(packed, world.councils[OWN])
        assert proof.faults == []
        assert proof.rows > 100
        assert proof.files > 0

    def test_sees_a_row_that_was_changed(self, world: World, packed: Path) -> None:
        file = packed / "tables" / "process.Case.jsonl"
        file.write_text(file.read_text(encoding="utf-8").replace('"open"', '"closed"', 1), encoding="utf-8")
        assert any("not as it was written" in fault for fault in check(packed, world.councils[OWN]).faults)

    def test_sees_a_row_of_another_council(self, world: World, packed: Path) -> None:
        self._put(packed, "tables/process.Case", {"id": 1, "council_id": world.councils["elm"].pk})
        faults = check(packed, world.councils[OWN]).faults
        assert any("belongs to council" in fault for fault in faults)

    @pytest.mark.parametrize("name", ["directory/staff", "directory/accounts"])
    def test_sees_somebody_of_another_council(self, world: World, packed: Path, name: str) -> None:
        stranger = Staff.objects.filter(council=world.councils["elm"]).select_related("user").earliest("pk")
        number = stranger.pk if name.endswith("staff") else stranger.user_id
        self._put(packed, name, {"id": number, "email": stranger.user.email})
        faults = check(packed, world.councils[OWN]).faults
        assert sum("of another council" in fault for fault in faults) == 2

    def test_sees_what_is_missing_and_what_was_put_there(self, world: World, packed: Path) -> None:
        (packed / "tables" / "process.Event.jsonl").unlink()
        (packed / "tables" / "extra.jsonl").write_text("{}\n")
        faults = check(packed, world.councils[OWN]).faults
        assert "tables/process.Event.jsonl is missing." in faults
        assert any("extra.jsonl is in the pack" in fault for fault in faults)

    def test_sees_a_file_that_is_another(self, world: World, packed: Path) -> None:
        next((packed / "files").iterdir()).write_bytes(b"something else")
        assert any("not the file" in fault for fault in check(packed, world.councils[OWN]).faults)

    def test_sees_that_the_database_has_gone_on(self, world: World, packed: Path) -> None:
        council = world.councils[OWN]
        with scope.only([council.pk]):
            case = Case.objects.filter(council=council).earliest("pk")
            before = Call.objects.count()
            case.pk, case.reference = None, "ASH-0000-0000"
            case.save(force_insert=True)
            assert Call.objects.count() == before
        assert any(fault.startswith("process.Case:") for fault in check(packed, council).faults)

    def test_refuses_a_pack_of_another_council(self, world: World, packed: Path) -> None:
        assert check(packed, world.councils["elm"]).faults == ["The pack is of “ash”, not of “elm”."]

    def test_refuses_what_is_no_pack(self, world: World, tmp_path: Path) -> None:
        assert "is no leave pack" in check(tmp_path, world.councils[OWN]).faults[0]

    def _put(self, packed: Path, name: str, row: dict[str, object]) -> None:
        with (packed / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


class TestTheCommand:
    def test_writes_a_pack_and_proves_it(self, world: World, tmp_path: Path) -> None:
        said = io.StringIO()
        call_command("council", "leave-pack", OWN, to=tmp_path / "pack", stdout=said)
        assert "Proved:" in said.getvalue()
        assert "nothing of the others" in said.getvalue()
        again = io.StringIO()
        call_command("council", "leave-pack", OWN, to=tmp_path / "pack", check=True, stdout=again)
        assert "Proved:" in again.getvalue()

    def test_says_what_does_not_hold(self, world: World, packed: Path) -> None:
        (packed / "tables" / "process.Event.jsonl").unlink()
        with pytest.raises(CommandError, match="do not hold"):
            call_command("council", "leave-pack", OWN, to=packed, check=True, stderr=io.StringIO())

    def test_still_lists_the_councils(self, world: World) -> None:
        said = io.StringIO()
        call_command("council", "list", stdout=said)
        assert "ash" in said.getvalue()
