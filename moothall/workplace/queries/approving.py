"""What somebody decides by who approves a request, beside its answers: what it is, and what it costs."""

from collections.abc import Sequence
from dataclasses import replace

from moothall.process.queries.casefile import CaseFile, Fact, OpenStep
from moothall.servicedesk.queries.catalogue import terms_of
from moothall.servicedesk.rules import kinds
from moothall.servicedesk.rules.catalogue import STEPS

_APPROVALS = frozenset(STEPS.values())


def with_terms(file: CaseFile) -> Sequence[OpenStep]:
    """Return the open steps of a case; those in which a request is approved show what the catalogue says of it, too.

    A step that is not there for the viewer shows nothing.
    """
    is_request = file.case.definition.key == kinds.PROCESS[kinds.REQUEST]
    if not is_request or not any(_shows(each) for each in file.open_steps):
        return file.open_steps
    terms = [Fact(f"catalogue.{label}", label, words, "") for label, words in terms_of(file.case.id)]
    return [replace(each, show=[*each.show, *terms]) if _shows(each) else each for each in file.open_steps]


def _shows(step: OpenStep) -> bool:
    return step.key in _APPROVALS and not step.others
