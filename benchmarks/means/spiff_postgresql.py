"""SpiffWorkflow with its state on PostgreSQL: the same rows as in `spiff.py`, each step locking its case."""

from typing import Any

import psycopg

from benchmarks.means.spiff import BpmnWorkflow, BpmnWorkflowSerializer, TaskState, spec_of

_TABLES = (
    "CREATE TABLE IF NOT EXISTS spiff_kase (id bigserial PRIMARY KEY, state text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS spiff_waiting (kase bigint PRIMARY KEY, step text)",
    "CREATE TABLE IF NOT EXISTS spiff_event (kase bigint, step text, at timestamptz DEFAULT now())",
)


def make_tables(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as server:
        for statement in _TABLES:
            server.execute(statement)


class SpiffOnPostgresql:
    """One process and its cases. Text, not jsonb, which would be read and written slower."""

    def __init__(self, address: str, bpmn: bytes, process: str) -> None:
        self._spec = spec_of(bpmn, process)
        self._serializer = BpmnWorkflowSerializer()
        self._db = psycopg.connect(address)

    def start(self) -> int:
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        state = self._serializer.serialize_json(workflow)
        row = self._db.execute("INSERT INTO spiff_kase (state) VALUES (%s) RETURNING id", [state]).fetchone()
        self._db.commit()
        assert row is not None
        return int(row[0])

    def act(self, case: int, answers: dict[str, Any]) -> str:
        """Finish the step that waits, in one transaction; return which."""
        row = self._db.execute("SELECT state FROM spiff_kase WHERE id = %s FOR UPDATE", [case]).fetchone()
        assert row is not None
        workflow = self._serializer.deserialize_json(row[0])
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update(answers)
        task.run()
        workflow.do_engine_steps()
        waits = workflow.get_next_task(state=TaskState.READY, manual=True)
        state = self._serializer.serialize_json(workflow)
        self._db.execute("UPDATE spiff_kase SET state = %s WHERE id = %s", [state, case])
        self._db.execute("INSERT INTO spiff_event (kase, step) VALUES (%s, %s)", [case, task.task_spec.name])
        self._db.execute(
            "INSERT INTO spiff_waiting (kase, step) VALUES (%s, %s)"
            " ON CONFLICT (kase) DO UPDATE SET step = excluded.step",
            [case, waits.task_spec.name if waits else None],
        )
        self._db.commit()
        return str(task.task_spec.name)
