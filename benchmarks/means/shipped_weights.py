"""Make the weights that come with Moothall: `python -m benchmarks.means.shipped_weights`, once levels have changed.

They are learned on an invented population, whole households, of another seed than any test or benchmark measures on.
What invented people cannot teach is set by hand below, and the file says so. It begins from the weights there are.
"""

import json
import sys
from dataclasses import replace

from benchmarks.means.measuring import ROOT
from moothall.datasets.store import store
from moothall.persons.management import batch, learning
from moothall.persons.rules.matching import shipped
from tests.persons.population import records

FILE = ROOT / "moothall/persons/rules/matching/weights.json"
PEOPLE, SEED = 400_000, 7
NOTE = (
    "Learned on 1,000,000 made-up records of 400,000 people in whole households (tests/persons/population.py, seed 7)."
    " Set by hand, for made-up people cannot teach it: initials, parts of names, other names, National Insurance"
    " numbers, and how often middle names and email addresses differ."
)
KEEP = frozenset(
    {
        ("forename", "initial"), ("forename", "part"), ("forename", "other"), ("surname", "part"), ("surname", "other"),
        ("middle", "initial"), ("email", "local"), ("nino", "same"), ("nino", "near"), ("nino", "differs"),
    }
)  # fmt: skip
BY_HAND = {
    ("email", "same"): 0.85, ("email", "differs"): 0.14, ("middle", "same"): 0.93, ("middle", "differs"): 0.05,
}  # fmt: skip


def main(people: int = PEOPLE) -> None:
    before = shipped()
    with store() as rows:
        batch.load(rows, (known for _, _, _, known in records(people, SEED)), before)
        weights = learning.learn(rows, before, 0, NOTE, keep=KEEP)
    for (key, level), m in BY_HAND.items():
        weights.chances[key][level] = replace(weights.chances[key][level], m=m)
    body = weights.body
    body["fields"] = {
        key: {
            level: [min(float(f"{each:.4g}"), 0.9999) for each in chances]
            for level, chances in levels.items()
        }
        for key, levels in body["fields"].items()
    }
    FILE.write_text(json.dumps(body, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
