"""The proof: whatever is done to the record behind the house's back is found, and the place is named."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from moothall.journal import checkpoints, hooks, keys, proof, sealing
from moothall.journal.models import Checkpoint, Entry, Seal
from moothall.plain.canonical import digest
from tests.journal import tampering
from tests.journal.making import make_entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
ROWS = 10_000
COUNCILS = (1, 2, None)


def faults(home: Path, *files: Path) -> list[tuple[str, int | None, int | None]]:
    return [(fault.kind, fault.council_id, fault.seq) for fault in proof.verify(home, files).faults]


class TestAnUntouchedJournal:
    def test_holds_and_says_how_much_was_checked(self, now: datetime, tmp_path: Path) -> None:
        make_entries(30, now=now, councils=COUNCILS)
        checkpoints.make(now, tmp_path)
        make_entries(5, now=now, councils=COUNCILS)
        sealing.seal_everything()
        make_entries(2, now=now)
        report = proof.verify(tmp_path)
        assert report.faults == []
        assert (report.chains, report.links, report.unsealed, report.checkpoints) == (3, 35, 2, 2)

    def test_holds_when_it_is_empty(self, tmp_path: Path) -> None:
        assert proof.verify(tmp_path).faults == []


class TestTampering:
    """Every kind of change, at many places among ten thousand rows: found every time."""

    def test_is_always_found(self, now: datetime, tmp_path: Path) -> None:
        make_entries(ROWS, now=now, councils=COUNCILS)
        checkpoints.make(now, tmp_path)
        lot = random.Random(20261123)
        assert faults(tmp_path) == []
        for attack in (
            flip_a_bit,
            change_a_column,
            delete_an_entry,
            delete_entry_and_seal,
            swap_two_entries,
            swap_two_seals,
            insert_an_entry,
            insert_entry_and_seal,
            cut_the_tail,
        ):
            for _ in range(4):
                seal = Seal.objects.get(entry_id=lot.choice(IDS()))
                undo = attack(seal, lot)
                found = faults(tmp_path)
                assert found, attack.__name__
                undo()
        assert faults(tmp_path) == []

    def test_names_the_first_broken_row(self, now: datetime, tmp_path: Path) -> None:
        make_entries(60, now=now, councils=COUNCILS)
        sealing.seal_everything()
        broken = Seal.objects.get(council_id=2, seq=7)
        tampering.run("UPDATE journal_entry SET what = 'case.closed' WHERE id = %s", broken.entry_id)
        (fault,) = proof.verify(tmp_path).faults
        assert (fault.kind, fault.council_id, fault.seq, fault.entry_id) == ("altered", 2, 7, broken.entry_id)
        assert str(fault).startswith(f"ALTERED council 2, link 7, entry {broken.entry_id}: ")

    def test_one_broken_chain_does_not_hide_another(self, now: datetime, tmp_path: Path) -> None:
        make_entries(30, now=now, councils=(1, 2))
        sealing.seal_everything()
        for council_id, seq in ((1, 3), (2, 5)):
            entry_id = Seal.objects.get(council_id=council_id, seq=seq).entry_id
            tampering.run("DELETE FROM journal_entry WHERE id = %s", entry_id)
        assert faults(tmp_path) == [("missing", 1, 3), ("missing", 2, 5)]

    def test_of_a_whole_chain_recomputed_is_found_by_the_checkpoint(
        self, now: datetime, tmp_path: Path
    ) -> None:
        make_entries(20, now=now)
        checkpoints.make(now, tmp_path)
        first = Entry.objects.order_by("pk")[0].pk
        tampering.run("UPDATE journal_entry SET facts = '{}' WHERE id = %s", first)
        tampering.run("DELETE FROM journal_seal")
        sealing.seal_everything()
        assert faults(tmp_path)[0] == ("rewritten", 1, 20)

    def test_of_a_chain_cut_off_is_found_by_a_checkpoint_kept_elsewhere(
        self, now: datetime, tmp_path: Path
    ) -> None:
        make_entries(20, now=now)
        checkpoints.make(now, tmp_path)
        (kept,) = (tmp_path / "checkpoints").glob("*.json")
        elsewhere = kept.rename(tmp_path / "elsewhere.json")
        tampering.run("DELETE FROM journal_checkpoint")
        cut = [seal.entry_id for seal in Seal.objects.filter(seq__gt=15)]
        tampering.run("DELETE FROM journal_seal WHERE seq > 15")
        tampering.run(f"DELETE FROM journal_entry WHERE id IN ({', '.join(map(str, cut))})")
        assert faults(tmp_path) == []  # nothing here can tell, and that is why checkpoints leave the house
        assert faults(tmp_path, elsewhere) == [("truncated", 1, 16)]


def IDS() -> list[int]:  # noqa: N802
    return list(Seal.objects.order_by("entry_id").values_list("entry_id", flat=True))[1:-1]


Undo = Callable[[], None]


def _put_back(table: str, key: str, ids: Sequence[int]) -> Undo:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} IN ({', '.join(map(str, ids))})")
        assert cursor.description is not None
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()

    def undo() -> None:
        tampering.run(f"DELETE FROM {table} WHERE {key} IN ({', '.join(map(str, ids))})")
        for row in rows:
            values = [
                connection.ops.adapt_datetimefield_value(v) if isinstance(v, datetime) else v for v in row
            ]
            marks = ", ".join(["%s"] * len(row))
            tampering.run(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", *values)

    return undo


def flip_a_bit(seal: Seal, lot: random.Random) -> Undo:
    undo = _put_back("journal_entry", "id", [seal.entry_id])
    facts = bytearray(Entry.objects.get(pk=seal.entry_id).facts.encode())
    facts[lot.randrange(len(facts))] ^= 1
    tampering.run("UPDATE journal_entry SET facts = %s WHERE id = %s", facts.decode(), seal.entry_id)
    return undo


def change_a_column(seal: Seal, lot: random.Random) -> Undo:
    undo = _put_back("journal_entry", "id", [seal.entry_id])
    change = lot.choice(
        [
            "user_id = user_id + 1",
            "council_id = 3",
            "actor_name = 'Eve'",
            "about = 'case:0x'",
            "request_id = 'x'",
            "at = '2026-11-23 09:30:00.000001+00:00'",
        ]
    )
    if connection.vendor == "sqlite":
        change = change.replace("+00:00", "")
    tampering.run(f"UPDATE journal_entry SET {change} WHERE id = %s", seal.entry_id)
    return undo


def delete_an_entry(seal: Seal, lot: random.Random) -> Undo:
    undo = _put_back("journal_entry", "id", [seal.entry_id])
    tampering.run("DELETE FROM journal_entry WHERE id = %s", seal.entry_id)
    return undo


def delete_entry_and_seal(seal: Seal, lot: random.Random) -> Undo:
    undo_entry = delete_an_entry(seal, lot)
    undo_seal = _put_back("journal_seal", "entry_id", [seal.entry_id])
    tampering.run("DELETE FROM journal_seal WHERE entry_id = %s", seal.entry_id)

    def undo() -> None:
        undo_entry()
        undo_seal()

    return undo


def _neighbour(seal: Seal) -> Seal:
    return Seal.objects.filter(council_id=seal.council_id).exclude(pk=seal.pk).order_by("seq")[0]


def swap_two_entries(seal: Seal, lot: random.Random) -> Undo:
    other = _neighbour(seal).entry_id
    undo = _put_back("journal_entry", "id", [seal.entry_id, other])
    for one, two in ((seal.entry_id, -1), (other, seal.entry_id), (-1, other)):
        tampering.run("UPDATE journal_entry SET id = %s WHERE id = %s", two, one)
    return undo


def swap_two_seals(seal: Seal, lot: random.Random) -> Undo:
    other = _neighbour(seal)
    undo = _put_back("journal_seal", "entry_id", [seal.entry_id, other.entry_id])
    for entry_id, seq in ((seal.entry_id, -1), (other.entry_id, seal.seq), (seal.entry_id, other.seq)):
        tampering.run("UPDATE journal_seal SET seq = %s WHERE entry_id = %s", seq, entry_id)
    return undo


def insert_an_entry(seal: Seal, lot: random.Random) -> Undo:
    tampering.run(
        "INSERT INTO journal_entry SELECT -5, at, actor_kind, user_id, actor_name, what, about, council_id,"
        " facts, request_id FROM journal_entry WHERE id = %s",
        seal.entry_id,
    )
    return lambda: tampering.run("DELETE FROM journal_entry WHERE id = -5")


def insert_entry_and_seal(seal: Seal, lot: random.Random) -> Undo:
    undo = insert_an_entry(seal, lot)
    last = Seal.objects.filter(council_id=seal.council_id).order_by("-seq")[0]
    tampering.run(
        "INSERT INTO journal_seal (entry_id, council_id, seq, previous, hash) VALUES (-5, %s, %s, %s, %s)",
        seal.council_id,
        last.seq + 1,
        last.hash,
        seal.hash,
    )

    def undo_both() -> None:
        undo()
        tampering.run("DELETE FROM journal_seal WHERE entry_id = -5")

    return undo_both


def cut_the_tail(seal: Seal, lot: random.Random) -> Undo:
    last = list(Seal.objects.filter(council_id=seal.council_id).order_by("-seq")[: lot.randrange(1, 50)])
    ids = [each.entry_id for each in last]
    undo_entries = _put_back("journal_entry", "id", ids)
    undo_seals = _put_back("journal_seal", "entry_id", ids)
    tampering.run(f"DELETE FROM journal_entry WHERE id IN ({', '.join(map(str, ids))})")
    tampering.run(f"DELETE FROM journal_seal WHERE entry_id IN ({', '.join(map(str, ids))})")

    def undo() -> None:
        undo_entries()
        undo_seals()

    return undo


class TestCheckpoints:
    def test_are_signed_and_written_where_they_can_leave_the_house(
        self, now: datetime, tmp_path: Path
    ) -> None:
        make_entries(6, now=now, councils=COUNCILS)
        made = checkpoints.make(now, tmp_path)
        assert made is not None
        assert keys.holds(keys.own(tmp_path).public, made.signature, made.body)
        assert len(list((tmp_path / "checkpoints").glob("*.json"))) == 1
        assert (tmp_path / "keys" / "journal.pem").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "keys" / "journal.pub").exists()

    def test_are_made_only_when_something_happened(self, now: datetime, tmp_path: Path) -> None:
        assert checkpoints.make(now, tmp_path) is None
        make_entries(1, now=now)
        assert checkpoints.make(now, tmp_path) is not None
        assert checkpoints.make(now, tmp_path) is None

    @pytest.mark.parametrize(
        ("change", "kind"),
        [
            ("signature = 'ab'", "checkpoint"),
            ("key_id = 'x'", "checkpoint"),
            ("body = replace(body, '2026', '2027')", "checkpoint"),
        ],
    )
    def test_that_were_forged_are_named(self, now: datetime, tmp_path: Path, change: str, kind: str) -> None:
        make_entries(3, now=now)
        checkpoints.make(now, tmp_path)
        tampering.run(f"UPDATE journal_checkpoint SET {change}")
        assert [fault.kind for fault in proof.verify(tmp_path).faults] == [kind]

    def test_that_were_taken_out_are_missed(self, now: datetime, tmp_path: Path) -> None:
        for _ in range(3):
            make_entries(3, now=now)
            checkpoints.make(now, tmp_path)
        tampering.run("DELETE FROM journal_checkpoint WHERE id = %s", Checkpoint.objects.order_by("id")[1].pk)
        assert "does not follow" in str(proof.verify(tmp_path).faults[0])

    def test_files_that_cannot_be_read_are_named(self, now: datetime, tmp_path: Path) -> None:
        for number, text in enumerate(("", "{}", "[]", '{"body": 1, "key_id": "", "signature": ""}')):
            path = tmp_path / f"{number}.json"
            path.write_text(text)
            assert faults(tmp_path, path) == [("checkpoint", None, None)]


class TestWitnesses:
    def test_prove_rows_of_other_rooms(
        self, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows: dict[str, dict[str, object]] = {f"case:{number}": {"value": number} for number in range(50)}

        def recompute(told: Sequence[hooks.Testimony]) -> Mapping[int, str]:
            return {each.entry_id: digest(rows[each.about]) for each in told if each.about in rows}

        monkeypatch.setattr(hooks, "witnesses", {})
        hooks.witness("probe.rows", recompute)
        make_entries(1, now=now, facts={"witness": "probe.rows", "digest": digest({"value": 0})})
        sealing.seal_everything()
        report = proof.verify(tmp_path)
        assert (report.faults, report.witnessed) == ([], 1)

        rows["case:0"] = {"value": "forged"}
        assert "the rows of case:0 are not what they were" in str(proof.verify(tmp_path).faults[0])
        del rows["case:0"]
        assert "the rows of case:0 are gone" in str(proof.verify(tmp_path).faults[0])
        hooks.witnesses.clear()
        assert "nobody here can witness probe.rows" in str(proof.verify(tmp_path).faults[0])
        hooks.witness(
            "probe.rows",
            lambda told: {each.entry_id: str(each.facts["digest"]) for each in told},
            strays=lambda: ["row 7 was never told of"],
        )
        assert "row 7 was never told of" in str(proof.verify(tmp_path).faults[0])


class TestTheCommand:
    def test_leaves_with_one_and_names_the_row(
        self, now: datetime, settings: Settings, tmp_path: Path
    ) -> None:
        settings.HOME = tmp_path
        make_entries(12, now=now, councils=COUNCILS)
        out, err = StringIO(), StringIO()
        call_command("journal", "checkpoint", stdout=out)
        call_command("journal", "verify", stdout=out)
        assert "12 entries in 3 chains" in out.getvalue()
        assert "The journal holds." in out.getvalue()
        tampering.run(
            "UPDATE journal_entry SET about = 'case:x' WHERE id = %s", Entry.objects.order_by("id")[0].pk
        )
        with pytest.raises(SystemExit, match="1"):
            call_command("journal", "verify", stdout=out, stderr=err)
        assert "ALTERED council 1, link 1" in err.getvalue()
