"""Our side of `linkage.py`, in a process of its own: rows of people from a file, to clusters."""

import csv
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from moothall.datasets.store import store
from moothall.persons.management import batch
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching import Cutoffs, shipped


def people(file: Path) -> Iterator[Known]:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened)
        traits = next(rows).index("traits")
        for row in rows:
            yield Known.of(json.loads(row[traits]))


def main(file: Path, out: Path) -> None:
    clock = time.perf_counter()
    weights, took = shipped(), {}
    with store() as tables:
        began = time.process_time()
        count = batch.load(tables, people(file), weights)
        took["reading"] = time.process_time() - began
        took["learning"] = 0.0
        began = time.process_time()
        batch.score(tables, weights, Cutoffs().ask)
        took["scoring"] = time.process_time() - began
        began = time.process_time()
        linked = batch.link(tables, count, Cutoffs())
        took["clustering"] = time.process_time() - began
        pairs = tables.rows("select count(*), count(*) filter (vetoed) from pairs")[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    found = {
        "took": took, "wall": time.perf_counter() - clock, "peak": peak, "clusters": {"own": list(linked.clusters)},
        "pairs": pairs, "to look at": len(linked.to_look_at),
    }  # fmt: skip
    out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
