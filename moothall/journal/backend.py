"""Django's Tasks API on our leased jobs: `task.enqueue(…)` is one row in the caller's transaction."""

import json
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from moothall.journal import rules
from moothall.journal.models import Job
from moothall.plain import request_id

_STATUS = {
    Job.State.READY: TaskResultStatus.READY,
    Job.State.RUNNING: TaskResultStatus.RUNNING,
    Job.State.DONE: TaskResultStatus.SUCCESSFUL,
    Job.State.DEAD: TaskResultStatus.FAILED,
}


class LeasedBackend(BaseTaskBackend):
    """Keeps tasks as jobs. A keyword argument `council_id` says whose job it is."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Keep one job."""
        self.validate_task(task)
        now = timezone.now()
        council_id = kwargs.get("council_id")
        job = Job.objects.create(
            task=task.module_path,
            args=rules.text_of({"args": list(args), "kwargs": dict(kwargs)}),
            council_id=council_id,
            lane=council_id or 0,
            priority=task.priority,
            posted_at=now,
            run_after=task.run_after or now,
            request_id=request_id.current(),
        )
        return result_of(job, task, self.alias)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Return what became of a task."""
        job = Job.objects.filter(pk=result_id).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, task_of(job.task), self.alias)


def task_of(path: str) -> Task[..., Any]:
    """Return the task of that name; nothing that is not a task is ever run."""
    found = import_string(path)
    if not isinstance(found, Task):
        raise TypeError(f"{path} is not a task.")
    return found


def result_of(job: Job, task: Task[..., Any], alias: str) -> TaskResult[Any]:
    """Return a job as Django's Tasks API shows it."""
    words = json.loads(job.args)
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=_STATUS[Job.State(job.state)],
        enqueued_at=job.posted_at,
        started_at=job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.finished_at,
        args=words["args"],
        kwargs=words["kwargs"],
        backend=alias,
        errors=[TaskError(exception_class_path="builtins.Exception", traceback=job.last_error)]
        if job.last_error
        else [],
        worker_ids=[job.holder] * job.attempts,
    )
    object.__setattr__(result, "_return_value", json.loads(job.result))
    return result
