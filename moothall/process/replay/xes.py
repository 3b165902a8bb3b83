"""Reading an event log in XES (IEEE 1849-2016), as a stream; document types and entities are refused.

Not for: extensions and global attributes, which add nothing to what an event says of itself.
"""

import gzip
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from moothall.process.replay.logs import ACTIVITY, LoggedEvent, NotALog, Row, Trace, event_of, traces_of

XES_ENDINGS = (".xes", ".xes.gz")
JOINT = "+"
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_PARTS = frozenset({"log", "trace", "event"})
_KEYS = re.compile(r"'([^']*)'|([^\s,]+)")
_CHUNK = 1 << 16
_LONGEST = 100_000


def read_xes(path: Path, classifier: str = "", also: Collection[str] = ()) -> list[Trace]:
    """Return the traces of a log, the earliest first; events of one moment stay in the order of the file.

    What counts as the activity is what the log's own classifier says: the one of this name, else the first that has
    `concept:name` in it, else `concept:name` alone. Several keys are joined by a plus sign, as the standard's own
    tools do. `also` names what else is wanted of each event.
    """
    reader = _Reader(path.name, classifier, also)
    try:
        with _opened(path) as file:
            return traces_of(reader.rows(file), path.name)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise NotALog(file=path.name, line="?", wrong=f"it cannot be unpacked ({error}).") from error
    except expat.ExpatError as error:
        wrong = f"it is not well-formed XML ({expat.ErrorString(error.code)})."
        raise NotALog(file=path.name, line=error.lineno, wrong=wrong) from error
    except OSError as error:
        raise NotALog(file=path.name, line=0, wrong=f"it cannot be opened ({error.strerror}).") from error


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def _opened(path: Path) -> Iterator[_Readable]:
    with path.open("rb") as file:
        yield gzip.GzipFile(fileobj=file) if path.name.lower().endswith(".gz") else file


def keys_of(written: str) -> tuple[str, ...]:
    """Return the attributes that a classifier names; one with spaces in it stands in single quotation marks.

    >>> keys_of("concept:name 'resource country'")
    ('concept:name', 'resource country')
    """
    return tuple(quoted or plain for quoted, plain in _KEYS.findall(written))


class _Reader:
    """Collects one trace after another while the parser reads."""

    def __init__(self, file: str, classifier: str, also: Collection[str] = ()) -> None:
        self._file, self._wanted, self._also = file, classifier, also
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse_type
        self._parser.EntityDeclHandler = self._refuse_type
        self._open: list[str] = []
        self._deaf = 0
        self._classifiers: dict[str, tuple[str, ...]] = {}
        self._keys: tuple[str, ...] = (ACTIVITY,)
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._events: list[LoggedEvent] = []
        self._number = 0
        self._ready: list[Row] = []

    def rows(self, file: _Readable) -> Iterator[Row]:
        """Return a row for each event, as soon as its trace has been read."""
        while chunk := file.read(_CHUNK):
            self._parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no names
            yield from self._ready
            self._ready.clear()
        self._parser.Parse(b"", True)  # noqa: FBT003
        yield from self._ready

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._deaf:
            self._deaf += 1
        elif name in _PARTS:
            self._enter(name)
        elif not self._open:
            raise self._wrong(f"the first element is “{tag[:40]}”, not “log”.")
        elif name in _VALUES:
            self._deaf = 1  # an attribute's own attributes are no part of the event
            self._take(attributes)
        else:
            self._deaf = 1  # lists, global attributes, extensions
            if name == "classifier" and len(self._open) == 1:
                self._classifiers[attributes.get("name", "")] = keys_of(attributes.get("keys", ""))

    def _enter(self, name: str) -> None:
        expected = ("log", "trace", "event")[len(self._open)] if len(self._open) < len(_PARTS) else ""
        if name != expected:
            where = f"inside “{self._open[-1]}”" if self._open else "at its beginning"
            raise self._wrong(f"“{name}” stands {where}.")
        self._open.append(name)
        if name == "trace":
            self._trace, self._events = {}, []
            if not self._number:
                self._keys = self._chosen()
            self._number += 1
        elif name == "event":
            self._event = {}

    def _chosen(self) -> tuple[str, ...]:
        if self._wanted:
            if self._wanted not in self._classifiers:
                known = ", ".join(f"“{name}”" for name in self._classifiers) or "none"
                raise self._wrong(f"it has no classifier “{self._wanted}”; it has {known}.")
            return self._classifiers[self._wanted]
        named = (keys for keys in self._classifiers.values() if ACTIVITY in keys)
        return next(named, (ACTIVITY,))

    def _take(self, attributes: Mapping[str, str]) -> None:
        into = (
            self._event if self._open[-1] == "event" else self._trace if self._open[-1] == "trace" else None
        )
        key, value = attributes.get("key"), attributes.get("value")
        if into is None or key is None or value is None:
            return
        if len(value) > _LONGEST:
            raise self._wrong(f"“{key}” has more than {_LONGEST:,} characters.")
        into[key] = value

    def _end(self, _tag: str) -> None:
        if self._deaf:
            self._deaf -= 1
            return
        left = self._open.pop()
        if left == "event":
            self._events.append(self._made())
        elif left == "trace":
            name = self._trace.pop(ACTIVITY, "").strip() or f"Trace {self._number}"
            self._ready += [(name, event, self._trace) for event in self._events]

    def _made(self) -> LoggedEvent:
        parts = [self._event.get(key, "").strip() for key in self._keys]
        if not all(parts):
            missing = next(key for key, part in zip(self._keys, parts, strict=True) if not part)
            raise self._wrong(f"“{missing}” is empty in an event.")
        event = event_of(self._file, self._line, JOINT.join(parts), self._event)
        said = {key: self._event[key].strip() for key in self._also if key in self._event}
        return replace(event, said=said) if said else event

    def _refuse_type(self, *_words: object) -> None:
        raise self._wrong("it has a document type or entities of its own, which are not read.")

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _wrong(self, wrong: str) -> NotALog:
        return NotALog(file=self._file, line=self._line, wrong=wrong)
