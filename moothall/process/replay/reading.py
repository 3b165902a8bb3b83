"""Reading an event log of whatever kind its name says."""

from pathlib import Path

from moothall.process.replay.logs import Trace, read_csv
from moothall.process.replay.xes import XES_ENDINGS, read_xes


def read_log(path: Path, classifier: str = "") -> list[Trace]:
    """Return the traces of a log: XES if its name ends in `.xes` or `.xes.gz`, otherwise CSV."""
    if path.name.lower().endswith(XES_ENDINGS):
        return read_xes(path, classifier)
    return read_csv(path)
