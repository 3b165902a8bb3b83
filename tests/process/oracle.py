"""Asking pm4py about a log, in a process of its own: it is under the AGPL, and no part of Moothall uses it.

It is looked for beside the tests, and in the environment that `python tools/setup.py oracle` makes. A test that needs
it is skipped where it is not, and says so.
"""

import importlib.util
import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_OWN = ROOT / ".venv-oracle" / "bin" / "python"
PYTHON = sys.executable if importlib.util.find_spec("pm4py") else str(_OWN)
needs_pm4py = pytest.mark.skipif(
    not Path(PYTHON).exists(), reason="pm4py is not here; `python tools/setup.py oracle` brings it"
)
_READ = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas, pm4py
path, keys = sys.argv[1], sys.argv[2].split()
if path.endswith(".csv"):
    log = pm4py.format_dataframe(
        pandas.read_csv(path), case_id="case:concept:name", activity_key="concept:name", timestamp_key="time:timestamp"
    )
else:
    log = pm4py.read_xes(path)
"""
_FIGURES = (
    _READ
    + """
log["activity"] = log[keys].astype(str).agg("+".join, axis=1)
names = dict(activity_key="activity", timestamp_key="time:timestamp", case_id_key="case:concept:name")
dfg, starts, ends = pm4py.discover_dfg(log, **names)
print(json.dumps({
    "cases": int(log["case:concept:name"].nunique()),
    "events": len(log),
    "relations": [[one, other, int(count)] for (one, other), count in dfg.items()],
    "starts": {key: int(count) for key, count in starts.items()},
    "ends": {key: int(count) for key, count in ends.items()},
    "variants": [[list(way), int(count)] for way, count in pm4py.get_variants(log, **names).items()],
    "seconds": sorted(float(each) for each in pm4py.get_all_case_durations(log, **names)),
    "people": sorted({str(each) for each in log["org:resource"].dropna()}) if "org:resource" in log else [],
}))
"""
)
_WRITE = (
    _READ
    + """
pm4py.write_xes(log, sys.argv[3])
print("{}")
"""
)
_OBJECTS = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pm4py
read = pm4py.read_ocel2_sqlite if sys.argv[1].endswith(".sqlite") else pm4py.read_ocel2_json
log = read(sys.argv[1])
print(json.dumps({
    "events": len(log.events),
    "objects": {kind: int(count) for kind, count in log.objects["ocel:type"].value_counts().items()},
    "activities": {key: int(count) for key, count in log.events["ocel:activity"].value_counts().items()},
    "relations": len(log.relations),
    "object_relations": len(log.o2o),
    "qualifiers": sorted(str(each) for each in log.relations["ocel:qualifier"].unique()),
}))
"""


@lru_cache(maxsize=16)
def figures(path: Path, keys: str = "concept:name") -> dict[str, Any]:
    """Return what pm4py computes from a log; the activity is made of these attributes, joined by a plus sign."""
    return _ask(_FIGURES, str(path), keys)


def objects(path: Path) -> dict[str, Any]:
    """Return what pm4py reads from a log of objects (OCEL 2.0)."""
    return _ask(_OBJECTS, str(path))


def write_xes(path: Path, to: Path) -> None:
    """Have pm4py write a log as XES."""
    _ask(_WRITE, str(path), "", str(to))


def _ask(script: str, *words: str) -> dict[str, Any]:
    done = subprocess.run([PYTHON, "-c", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
