"""`moothall persons`: files are matched row by row, weights are learned, duplicates go into the queue."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moothall.journal.models import Entry
from moothall.persons.management import indexing, learning
from moothall.persons.models import Cutoff, FindKey, Link, MatchModel, Record
from moothall.persons.queries.weights import in_force
from moothall.persons.rules.people_files import COLUMNS, RefusedRow, Row, read
from tests.makers import make_council
from tests.persons.making import a_birth, a_name, a_phone, an_address, make_record
from tests.persons.population import records

TODAY = date(2026, 11, 23)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
HEAD = "id,source,given,family,born,line1,postcode,phone,nhs\n"


def run(*words: str) -> str:
    out = StringIO()
    call_command("persons", *words, stdout=out)
    return out.getvalue()


def file_of(folder: Path, text: str, head: str = HEAD) -> Path:
    path = folder / "people.csv"
    path.write_text(head + text, encoding="utf-8")
    return path


def report_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "people-matched.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestMatchingAFile:
    def test_accounts_for_each_row(self, tmp_path: Path) -> None:
        record = make_record(council=make_council())
        path = file_of(
            tmp_path,
            "1,gp,Priya,Nair,1980-05-04,14 Mill Lane,AB10 1AB,07700 900982,\n"
            "2,gp,Gwendolyn,Okafor-Price,1960-01-31,3 Far Street,CD2 4EF,,\n"
            "3,housing,Gwen,Okafor Price,31/01/1960,3 Far St,CD24EF,,\n"
            "4,gp,Ann,Lee,31/02/1960,,,,\n"
            "5,gp,=Bo,Solo,1990-03-02,1 Near Road,XY1 1XY,,943 476 5918\n",
        )
        said = run("match", str(path))
        rows = report_of(tmp_path)
        assert [row["outcome"] for row in rows] == ["person", "group", "group", "refused", "alone"]
        assert rows[0]["reference"] == rows[0]["matched_with"] == record.person.reference
        assert "Date of birth the same" in rows[0]["reasons"]
        assert rows[1]["reference"] == rows[2]["reference"] == "group 3"
        assert rows[1]["matched_with"] == "line 4"
        assert float(rows[1]["score"]) > 6
        assert rows[3]["notes"] == "There is no day 31/02/1960 in the calendar."
        assert "its last digit does not fit" in rows[4]["notes"]
        assert "5 rows, compared with each other and with 1 records of the register" in said
        assert "1 are somebody on the register" in said
        assert "1 were refused" in said

    def test_leaves_relatives_to_be_looked_at(self, tmp_path: Path) -> None:
        make_record(
            council=make_council(),
            facts=[a_name("Hannah", "Fairweather"), a_birth("1999-05-04"), an_address()],
        )
        path = file_of(tmp_path, "1,gp,Rachel,Fairweather,1999-05-04,14 Mill Lane,AB10 1AB,,\n")
        run("match", str(path))
        assert report_of(tmp_path)[0]["outcome"] == "alone"

    def test_changes_nothing(self, tmp_path: Path) -> None:
        record = make_record(council=make_council())
        before = record.seq, Entry.objects.count()
        run("match", str(file_of(tmp_path, "1,gp,Priya,Nair,1980-05-04,14 Mill Lane,AB10 1AB,,\n")))
        record.refresh_from_db()
        assert (record.seq, Entry.objects.count()) == before
        assert not Link.objects.exists()

    @pytest.mark.parametrize(
        ("head", "text", "words"),
        [
            ("name\n", "Ann\n", "The file has no columns “given”, “family”."),
            ("given,family,shoe\n", "Ann,Lee,4\n", "a column “shoe”, which says nothing here"),
            ("given,family,born,born\n", "", "two columns “born”"),
            ("", "", "has no columns"),
        ],
    )
    def test_refuses_a_file_that_is_none(self, tmp_path: Path, head: str, text: str, words: str) -> None:
        with pytest.raises(CommandError, match=words):
            run("match", str(file_of(tmp_path, text, head)))

    def test_refuses_a_file_that_is_not_there_or_not_text(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="It cannot be opened"):
            run("match", str(tmp_path / "none.csv"))
        path = tmp_path / "people.csv"
        path.write_bytes(HEAD.encode() + b"1,gp,Ren\xe9,Lee,,,,,\n")
        with pytest.raises(CommandError, match="not UTF-8"):
            run("match", str(path))

    def test_goes_by_the_cutoffs_of_a_council_that_is_named(self, tmp_path: Path) -> None:
        ash = make_council(code="ash")
        make_record(council=ash)
        path = file_of(tmp_path, "1,gp,Priya,Nair,1980-05-04,14 Mill Lane,AB10 1AB,,\n")
        Cutoff.objects.create(council=ash, link=40, ask=-1)
        run("match", str(path))
        assert report_of(tmp_path)[0]["outcome"] == "person"
        run("match", str(path), "--council", "ash")
        row = report_of(tmp_path)[0]
        assert row["outcome"] == "alone"
        assert row["to_look_at"]
        with pytest.raises(CommandError, match="no council with the code “elm”"):
            run("match", str(path), "--council", "elm")

    def test_writes_where_it_is_told(self, tmp_path: Path) -> None:
        path = file_of(tmp_path, "1,gp,Ann,Lee,,,,,\n")
        run("match", str(path), "--out", str(tmp_path / "there.csv"))
        assert (tmp_path / "there.csv").exists()
        with pytest.raises(CommandError, match="It cannot be written"):
            run("match", str(path), "--out", str(tmp_path / "no" / "folder.csv"))


class TestARow:
    def _read(self, **values: str) -> Row | RefusedRow:
        return next(iter(read(COLUMNS, [(2, [values.get(column, "") for column in COLUMNS])], TODAY)))

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"given": "Ann", "family": "Lee", "born": "May 1980"}, "“May 1980” is no date of birth."),
            (
                {"given": "Ann", "family": "Lee", "born": "2030-01-01"},
                "Nobody who is alive was born on 2030-01-01.",
            ),
            ({"given": "…", "family": ""}, "It has no name that can be read."),
            ({"given": "a" * 300, "family": "Lee"}, "A value is longer than 200 characters."),
        ],
    )
    def test_is_refused_in_words(self, values: dict[str, str], why: str) -> None:
        found = self._read(**values)
        assert isinstance(found, RefusedRow)
        assert found.why.startswith(why)

    def test_leaves_out_what_cannot_be_read_and_says_so(self) -> None:
        found = self._read(
            given="Ann",
            family="Lee",
            line1="1 Road",
            postcode="nowhere",
            uprn="x",
            phone="ring me",
            email="none",
            nhs="1",
        )
        assert isinstance(found, Row)
        assert len(found.notes) == 5
        assert found.known.places[0].line == "1 road"
        assert (found.known.phones, found.known.emails, dict(found.known.identifiers)) == ((), (), {})

    def test_says_of_somebody_what_the_register_would(self) -> None:
        found = self._read(
            given="Siân", family="O'Brien", known_as="Shan", former="Price", born="04/05/1980", line1="Flat 2",
            line2="10 High St",
            postcode="ab10 1AB", uprn="000123", phone="07700 900982", email="Sian@Example.org", nhs="999 000 0018",
        )  # fmt: skip
        assert isinstance(found, Row)
        known = found.known
        assert [(name.given, name.family) for name in known.names] == [
            ("sian", "obrien"), ("shan", "obrien"), ("sian", "price"),
        ]  # fmt: skip
        assert known.born == date(1980, 5, 4)
        assert (known.places[0].line, known.places[0].postcode, known.places[0].uprn) == (
            "flat 2 10 high st",
            "ab101ab",
            "123",
        )
        assert known.phones == ("+447700900982",)
        assert known.emails == ("sian@example.org",)
        assert known.identifiers["nhs"] == {"9990000018"}

    def test_is_refused_if_it_is_there_twice_or_has_other_columns(self) -> None:
        lines = [(2, ["7", "gp", "Ann", "Lee"]), (3, ["7", "gp", "Bob", "Lee"]), (4, ["8", "gp", "Cy"])]
        found = list(read(("id", "source", "given", "family"), lines, TODAY))
        assert isinstance(found[0], Row)
        assert isinstance(found[1], RefusedRow)
        assert found[1].why == "Line 2 has the same id “7”."
        assert isinstance(found[2], RefusedRow)
        assert found[2].why == "It has 3 values, and the file has 4 columns."


class TestLearning:
    @pytest.fixture
    def file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(learning, "RANDOM_PAIRS", 2e5)
        path = tmp_path / "people.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(("id", "source", "given", "family", "born", "line1", "postcode", "phone", "nhs"))
            for source, key, _, known in records(3_500, 42):
                name, place = known.names[0], known.places[0] if known.places else None
                out.writerow(
                    (
                        key, source, name.given, name.family, known.born or "", place.line if place else "",
                        place.postcode if place else "", known.phones[0] if known.phones else "",
                        next(iter(known.identifiers.get("nhs", ())), ""),
                    )
                )  # fmt: skip
        return path

    def test_puts_new_weights_in_force_and_says_what_changed(self, file: Path) -> None:
        said = run("learn", "--from", str(file), "--dry-run")
        assert "Nothing was changed." in said
        assert not MatchModel.objects.exists()
        said = run("learn", "--from", str(file))
        assert "Version 1 is in force" in said
        assert "bits (before:" in said
        assert in_force().version == MatchModel.objects.get().number == 1
        assert Entry.objects.get(what="person.weights_learned").about == "weights:1"

    def test_refuses_a_register_that_teaches_too_little(self) -> None:
        make_record(council=make_council())
        with pytest.raises(
            CommandError, match=r"Only 0 pairs of records share an NHS number; 2000 are needed"
        ):
            run("learn")
        assert not MatchModel.objects.exists()


class TestLookingForDuplicates:
    def test_puts_pairs_of_one_council_into_the_queue(self) -> None:
        one, other = make_council(), make_council()
        first, second = (
            make_record(council=one),
            make_record(council=one, facts=[a_name("Pria"), a_birth(), an_address(), a_phone()]),
        )
        make_record(council=other)
        assert "3 records; 1 pairs within a council may be one person. With --keep" in run("duplicates")
        assert not Link.objects.exists()
        assert "1 are in the queue of duplicates." in run("duplicates", "--keep")
        link = Link.objects.get()
        assert (link.low_id, link.high_id, link.kind) == (first.pk, second.pk, Link.Kind.MAYBE)
        assert {"forename", "born"} <= {reason["field"] for reason in link.reasons}
        assert "1 are in the queue" in run("duplicates", "--keep")
        assert Link.objects.count() == 1

    def test_goes_by_the_cutoffs_of_each_council(self) -> None:
        for code in ("ash", "elm"):
            council = make_council(code=code)
            make_record(council=council)
            make_record(council=council, facts=[a_name("Pria"), a_birth(), an_address(), a_phone()])
        assert "2 pairs" in run("duplicates")
        Cutoff.objects.create(council=council, link=40, ask=39)
        assert "1 pairs" in run("duplicates")


class TestIndexing:
    def test_lets_records_be_found_that_had_lost_their_keys(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(indexing, "_AT_ONCE", 2)
        council = make_council()
        for _ in range(3):
            make_record(council=council)
        before = set(FindKey.objects.values_list("key", "record_id"))
        FindKey.objects.all().delete()
        FindKey.objects.create(
            key=1, council=council, record=Record.objects.get(pk=min(r for _, r in before))
        )
        assert run("index").strip() == "3 records have their keys anew."
        assert set(FindKey.objects.values_list("key", "record_id")) == before
