"""Counts that all processes of a house keep together, in one small file mapped into memory.

Each process adds in a region of its own, so no lock is taken on the way of a request; whoever is asked for
figures adds the regions up. A process that ends leaves its region, with its counts, to the next.
"""

import fcntl
import mmap
import os
import struct
import threading
from dataclasses import dataclass, field
from pathlib import Path

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
REGIONS, ROWS, NAME = 32, 256, 96
ROW = struct.Struct(f"<{NAME}sQd{len(BOUNDS)}Q")
OWNER = struct.Struct("<Q")
REGION = OWNER.size + ROWS * ROW.size


@dataclass
class Count:
    """How often a thing was done, how long it took altogether, and how often it was within each bound."""

    times: int = 0
    seconds: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * len(BOUNDS))


def _map(file: int) -> mmap.mmap:
    """Map the file, with room on the disk for all of it: a write into a map that finds none kills the process.

    Where there is no room, this process counts for itself.
    """
    size = REGIONS * REGION
    try:
        os.posix_fallocate(file, 0, size)
    except OSError:
        return mmap.mmap(-1, size)
    return mmap.mmap(file, size)


class Tally:
    """The counts of one house. Made once for each process, at its first request."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)  # held while a region is chosen
            self._map = _map(handle.fileno())
            self._start = self._choose()
            fcntl.flock(
                handle, fcntl.LOCK_UN
            )  # said aloud: the map keeps the file, and with it the lock, open
        self._rows = self._known()

    def add(self, name: str, seconds: float) -> None:
        """Count one more of `name`."""
        key = name.encode()[:NAME]
        with self._lock:
            at = self._rows.get(key)
            if at is None:
                at = self._rows[key] = self._place(key)
            _, times, total, *within = ROW.unpack_from(self._map, at)
            raised = [n + (seconds <= bound) for n, bound in zip(within, BOUNDS, strict=True)]
            ROW.pack_into(self._map, at, self._map[at : at + NAME], times + 1, total + seconds, *raised)

    def total(self) -> dict[str, Count]:
        """Return all counts of all processes, added up."""
        found: dict[str, Count] = {}
        for start in range(0, REGIONS * REGION, REGION):
            for row in range(ROWS):
                name, times, seconds, *within = ROW.unpack_from(
                    self._map, start + OWNER.size + row * ROW.size
                )
                if not name[0]:
                    break
                count = found.setdefault(name.rstrip(b"\0").decode(errors="replace"), Count())
                count.times += times
                count.seconds += seconds
                count.within = [a + b for a, b in zip(count.within, within, strict=True)]
        return found

    def _choose(self) -> int:
        """Take the first region whose process is gone, or share the last."""
        for start in range(0, REGIONS * REGION, REGION):
            (owner,) = OWNER.unpack_from(self._map, start)
            if not owner or owner == os.getpid() or not Path(f"/proc/{owner}").exists():
                OWNER.pack_into(self._map, start, os.getpid())
                return start
        return (REGIONS - 1) * REGION

    def _known(self) -> dict[bytes, int]:
        places = (self._start + OWNER.size + row * ROW.size for row in range(ROWS))
        names = {place: self._map[place : place + NAME].rstrip(b"\0") for place in places}
        return {name: place for place, name in names.items() if name}

    def _place(self, key: bytes) -> int:
        """Give a new name the next row; when all are taken, what is left shares the last one."""
        row = min(len(self._rows), ROWS - 1)
        at = self._start + OWNER.size + row * ROW.size
        if row < ROWS - 1:
            self._map[at : at + NAME] = key.ljust(NAME, b"\0")
        else:
            self._map[at : at + NAME] = b"other".ljust(NAME, b"\0")
        return at
