"""A backup, the drill, and a house brought back; each on the database of the run."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from moothall.config.backups import archive
from moothall.config.backups.contents import MANIFEST
from tests.config.houses import House, house


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Path]]:
    """A house with a council, a record and a file, and a backup of it."""
    with house(tmp_path_factory.mktemp("home")) as found:
        found.settle()
        found.live_in()
        done = found.run("backup")
        assert done.returncode == 0, done.stderr
        (made,) = (found.home / "backups").glob("moothall-*.tar.gz")
        yield found, made


def changed(backup: Path, folder: Path, name: str, content: bytes) -> Path:
    """Return a copy of a backup in which one file is another."""
    unpacked = folder / "unpacked"
    with tarfile.open(backup) as tar:
        tar.extractall(unpacked, filter="data")
    (unpacked / name).write_bytes(content)
    target = folder / "changed.tar.gz"
    with tarfile.open(target, "w:gz") as tar:
        for file in sorted(path for path in unpacked.rglob("*") if path.is_file()):
            tar.add(file, str(file.relative_to(unpacked)))
    return target


class TestABackup:
    def test_names_every_table_and_file_and_no_key_is_inside(self, lived_in: tuple[House, Path]) -> None:
        _, backup = lived_in
        with tarfile.open(backup) as tar:
            names = tar.getnames()
            said = tar.extractfile(MANIFEST)
            assert said is not None
            manifest = json.load(said)
        assert manifest["tables"]["councils_council"]["rows"] == 1
        assert manifest["tables"]["journal_entry"]["rows"] == 20
        assert manifest["files"].keys() == {"1/bin.jpg"}
        assert "secret_key" in manifest["keys"]
        assert not [name for name in names if name.startswith("keys/")]

    def test_can_be_read_by_nobody_else(self, lived_in: tuple[House, Path]) -> None:
        assert lived_in[1].stat().st_mode & 0o077 == 0

    def test_leaves_nothing_half_written(self, lived_in: tuple[House, Path]) -> None:
        assert [path.name for path in lived_in[1].parent.iterdir()] == [lived_in[1].name]


class TestTheDrill:
    def test_says_that_a_good_backup_is_good_and_changes_nothing(self, lived_in: tuple[House, Path]) -> None:
        found, backup = lived_in
        done = found.run("restore", "--verify", backup)
        assert done.returncode == 0, done.stderr
        assert "The backup is good" in done.stdout
        assert found.councils() == ["Ashby"]

    def test_knows_the_key_that_signed_the_checkpoints(
        self, lived_in: tuple[House, Path], tmp_path: Path
    ) -> None:
        found, _ = lived_in
        assert found.run("journal", "checkpoint").returncode == 0
        assert found.run("backup", "--to", tmp_path / "signed").returncode == 0
        (backup,) = (tmp_path / "signed").glob("*.tar.gz")
        done = found.run("restore", "--verify", backup)
        assert done.returncode == 0, done.stderr

    def test_finds_a_file_that_was_changed(self, lived_in: tuple[House, Path], tmp_path: Path) -> None:
        found, backup = lived_in
        done = found.run("restore", "--verify", changed(backup, tmp_path, "files/1/bin.jpg", b"another"))
        assert done.returncode == 1
        assert "are not those that its manifest names" in done.stderr

    def test_finds_a_row_that_was_changed(self, lived_in: tuple[House, Path], tmp_path: Path) -> None:
        found, backup = lived_in
        with tarfile.open(backup) as tar:
            said = tar.extractfile(MANIFEST)
            assert said is not None
            manifest = json.load(said)
        manifest["tables"]["councils_council"]["digest"] = "0" * 64
        other = changed(backup, tmp_path, MANIFEST, json.dumps(manifest).encode())
        done = found.run("restore", "--verify", other)
        assert done.returncode == 1
        assert "Table councils_council has other contents" in done.stderr

    def test_refuses_a_backup_that_is_cut_short(self, lived_in: tuple[House, Path], tmp_path: Path) -> None:
        found, backup = lived_in
        short = tmp_path / "short.tar.gz"
        short.write_bytes(backup.read_bytes()[:-2000])
        done = found.run("restore", "--verify", short)
        assert done.returncode == 1
        assert "cannot be read as a backup" in done.stderr

    def test_refuses_an_archive_that_reaches_outside(self, tmp_path: Path) -> None:
        hostile = tmp_path / "hostile.tar.gz"
        with tarfile.open(hostile, "w:gz") as tar:
            tar.add(__file__, "files/../../outside")
        with pytest.raises(CommandError, match="which no backup holds"):
            archive.unpack(hostile, tmp_path)
        assert not (tmp_path.parent / "outside").exists()


class TestBringingBack:
    def test_is_refused_where_somebody_lives(self, lived_in: tuple[House, Path]) -> None:
        found, backup = lived_in
        done = found.run("restore", backup)
        assert done.returncode == 1
        assert "holds data already" in done.stderr

    def test_fills_an_empty_house_and_names_the_key_to_bring(
        self, lived_in: tuple[House, Path], tmp_path: Path
    ) -> None:
        _, backup = lived_in
        with house(tmp_path / "new") as empty:
            done = empty.run("restore", backup)
            assert done.returncode == 0, done.stderr
            assert "Bring secret_key back too" in done.stderr
            assert empty.councils() == ["Ashby"]
            assert (empty.home / "files" / "1" / "bin.jpg").read_bytes() == b"a picture of a bin"
            assert empty.run("journal", "verify").returncode == 0

    def test_replaces_when_told_and_sets_aside_what_was_there(
        self, lived_in: tuple[House, Path], tmp_path: Path
    ) -> None:
        _, backup = lived_in
        with house(tmp_path / "other") as other:
            assert other.run("restore", backup).returncode == 0
            (other.home / "files" / "1" / "new.txt").write_text("written since")
            done = other.run("restore", "--replace", backup)
            assert done.returncode == 0, done.stderr
            assert other.councils() == ["Ashby"]
            assert not (other.home / "files" / "1" / "new.txt").exists()
            (aside,) = other.home.glob("before-restore-*")
            assert (aside / "files" / "1" / "new.txt").exists()

    def test_brings_the_keys_when_they_came_along(self, lived_in: tuple[House, Path], tmp_path: Path) -> None:
        found, _ = lived_in
        done = found.run("backup", "--with-keys", "--to", tmp_path / "with-keys")
        assert "can sign in the house's name" in done.stdout
        (backup,) = (tmp_path / "with-keys").glob("*.tar.gz")
        with house(tmp_path / "new") as empty:
            done = empty.run("restore", backup)
            assert done.returncode == 0, done.stderr
            assert (empty.home / "secret_key").read_text() == (found.home / "secret_key").read_text()

    def test_says_which_program_is_missing(self, lived_in: tuple[House, Path], tmp_path: Path) -> None:
        found, _ = lived_in
        if not found.address:
            pytest.skip("the embedded database needs no program")
        poor = House(found.home, found.address, {"PATH": str(tmp_path)})
        done = poor.run("backup", "--to", tmp_path / "none")
        assert done.returncode == 1
        assert "pg_dump is not on this machine" in done.stderr
        shutil.rmtree(tmp_path / "none")
