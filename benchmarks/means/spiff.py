"""SpiffWorkflow as a web server must use it: restored from SQLite before each step, serialised into it after."""

import io
import logging
import sqlite3
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

logging.getLogger("spiff").setLevel(
    logging.ERROR
)  # it says every change of a task's state, which would cost it


def spec_of(bpmn: bytes, process: str) -> Any:
    """Return a process as SpiffWorkflow reads it."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(bpmn)))
    return parser.get_spec(process)


class Spiff:
    """One process and its cases, each with a row for its state, for what waits, and for each event.

    WAL and synchronous=FULL, as Moothall has them.
    """

    def __init__(self, file: Path, bpmn: bytes, process: str) -> None:
        self._spec = spec_of(bpmn, process)
        self._serializer = BpmnWorkflowSerializer()
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS kase (id INTEGER PRIMARY KEY, state TEXT NOT NULL);"
            "CREATE TABLE IF NOT EXISTS waiting (kase INTEGER PRIMARY KEY, step TEXT);"
            "CREATE TABLE IF NOT EXISTS event (kase INTEGER, step TEXT, at TEXT DEFAULT CURRENT_TIMESTAMP);"
        )

    def start(self) -> int:
        """Start a case and keep it."""
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        state = self._serializer.serialize_json(workflow)
        return int(self._db.execute("INSERT INTO kase (state) VALUES (?)", [state]).lastrowid or 0)

    def act(self, case: int, answers: dict[str, Any]) -> str:
        """Finish the step that waits, in one transaction; return which."""
        self._db.execute("BEGIN IMMEDIATE")
        (state,) = self._db.execute("SELECT state FROM kase WHERE id = ?", [case]).fetchone()
        workflow = self._serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update(answers)
        task.run()
        workflow.do_engine_steps()
        waits = workflow.get_next_task(state=TaskState.READY, manual=True)
        state = self._serializer.serialize_json(workflow)
        self._db.execute("UPDATE kase SET state = ? WHERE id = ?", [state, case])
        self._db.execute("INSERT INTO event (kase, step) VALUES (?, ?)", [case, task.task_spec.name])
        words = [case, waits.task_spec.name if waits else None]
        self._db.execute("INSERT OR REPLACE INTO waiting (kase, step) VALUES (?, ?)", words)
        self._db.execute("COMMIT")
        return str(task.task_spec.name)

    def finished(self, case: int) -> bool:
        (state,) = self._db.execute("SELECT state FROM kase WHERE id = ?", [case]).fetchone()
        return bool(self._serializer.deserialize_json(state).is_completed())

    def size(self, case: int) -> int:
        """Return the bytes that are written at each step."""
        (length,) = self._db.execute("SELECT length(state) FROM kase WHERE id = ?", [case]).fetchone()
        return int(length)
