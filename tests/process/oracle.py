"""Asking pm4py about a log and SpiffWorkflow about a diagram, in a process of their own: no part of Moothall uses them.

They are looked for beside the tests, and in the environment that `python tools/setup.py oracle` makes. A test that
needs one is skipped where it is not, and says so.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_OWN = ROOT / ".venv-oracle" / "bin" / "python"
_BRING = "is not here; `python tools/setup.py oracle` brings it"
PYTHON = sys.executable if importlib.util.find_spec("pm4py") else str(_OWN)
needs_pm4py = pytest.mark.skipif(not Path(PYTHON).exists(), reason=f"pm4py {_BRING}")
needs_spiff = pytest.mark.skipif(not _OWN.exists(), reason=f"SpiffWorkflow {_BRING}")
_PARSE = """
import json, sys
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
found = []
for file, process in zip(sys.argv[1::2], sys.argv[2::2]):
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_file(file)
    found.append(sorted(parser.get_spec(process).task_specs))
print(json.dumps({"found": found}))
"""
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


def tasks(diagrams: Sequence[tuple[str, Path]]) -> list[list[str]]:
    """Return the tasks that SpiffWorkflow reads from diagrams (BPMN 2.0), each named with the key of its process."""
    words = [word for key, file in diagrams for word in (str(file), key)]
    found: list[list[str]] = _ask(_PARSE, *words, python=str(_OWN))["found"]
    return found


def _ask(script: str, *words: str, python: str = PYTHON) -> dict[str, Any]:
    done = subprocess.run([python, "-c", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
