"""Keeping the keys by which records are found in step with what is known."""

from moothall.persons.rules.known import Known


def index(record_id: int, council_id: int, before: Known | None, after: Known | None) -> None:
    """Let a record be found by what is known now, and by nothing that is not known any more."""
    del record_id, council_id, before, after
