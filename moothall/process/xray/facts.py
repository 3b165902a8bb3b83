"""What happened, case by case, as the figures count it: each kind of fact is one statement over the event rows.

A figure groups these facts; the cases behind a figure are the facts of one group. Both come from the same statement, so
they cannot differ. Every fact has the case (`id`), its council (`council_id`), its keys, and often a duration.

Read from other rows than events is only what events do not say:
- `process_case`: when a case was opened and closed, by which cases are chosen anyway.
- `process_step`: the steps that are open now, since a step that is cancelled or taken back leaves no event of its own;
  so also which step was open when a clock ran out.
- `process_clock`: how a promise ended, since a clock begins, is kept or is missed without an event, and one that ran
  out is only called late by an event if the sweeper saw it before the step was done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moothall.process.xray.asking import in_order, part_of_body, seconds
from moothall.process.xray.cohort import Cohort, keys_in_sql, stored

Statement = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of fact: its statement, the columns by which it is grouped, and which of them are numbers.

    `order` is the duration of which the longest come first in a list of cases, if there is one.
    """

    statement: Callable[[Cohort], Statement]
    keys: tuple[str, ...]
    numbers: frozenset[str] = frozenset()
    order: str = ""


def _runs(cohort: Cohort) -> Statement:
    """One fact for each run of a step that was done: how long nobody had it, somebody had it, and both together."""
    at = seconds("e.at")
    return (
        (
            f"SELECT id, council_id, {cohort.step('step', 'council_id')} AS step,"  # noqa: S608
            " COALESCE(taken, done) - opened AS queued, done - taken AS held, done - opened AS whole FROM ("
            f"SELECT c.id AS id, c.council_id AS council_id, e.step AS step,"
            f" MIN(CASE WHEN e.kind IN ('opened', 'repeated') THEN {at} END) AS opened,"
            f" MIN(CASE WHEN e.kind = 'taken' THEN {at} END) AS taken,"
            f" MAX(CASE WHEN e.kind = 'done' THEN {at} END) AS done"
            f" FROM {cohort.events('opened', 'repeated', 'taken', 'done')} GROUP BY c.id, e.step, e.run"
            ") runs WHERE done IS NOT NULL AND opened IS NOT NULL"
        ),
        list(cohort.values),
    )


def _open(cohort: Cohort) -> Statement:
    """One fact for each step that is open now: since when, and whether somebody has it."""
    now = seconds("%s")
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {cohort.step('s.key')} AS step,"  # noqa: S608
            f" CASE WHEN s.person_id IS NULL THEN 0 ELSE 1 END AS taken, {now} - {seconds('s.opened_at')} AS whole"
            f" FROM process_step s CROSS JOIN process_case c WHERE c.id = s.case_id AND {cohort.where}"
            " AND s.state = 'open' AND s.council_id = c.council_id"
        ),
        [stored(cohort.now), *cohort.values],
    )


def _done(cohort: Cohort) -> Statement:
    """One fact for each time a step was done: how it turned out."""
    outcome = cohort.unless_hidden("e.step", "e.outcome", "c.council_id", "''")
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {cohort.step('e.step')} AS step, {outcome} AS outcome"  # noqa: S608
            f" FROM {cohort.events('done')}"
        ),
        list(cohort.values),
    )


def _outcomes(cohort: Cohort) -> Statement:
    """One fact for each time a step was done: how it turned out, and the how many-th time it was in its case.

    What is done time and again on purpose, each time is the first.
    """
    outcome = cohort.unless_hidden("e.step", "e.outcome", "c.council_id", "''")
    nth = "ROW_NUMBER() OVER (PARTITION BY c.id, e.step ORDER BY e.seq)"
    if cohort.words.repeated:
        nth = f"CASE WHEN e.step IN ({keys_in_sql(cohort.words.repeated)}) THEN 1 ELSE {nth} END"
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {cohort.step('e.step')} AS step,"  # noqa: S608
            f" {outcome} AS outcome, {nth} AS nth FROM {cohort.events('done')}"
        ),
        list(cohort.values),
    )


def _again(cohort: Cohort) -> Statement:
    """One fact for each time a step was done that had been done in the case before."""
    done, values = _outcomes(cohort)
    return f"SELECT id, council_id, step FROM ({done}) done WHERE nth > 1", values  # noqa: S608


def _passed(cohort: Cohort) -> Statement:
    """One fact for each time somebody passed a step on, or put it back."""
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {cohort.step('e.step')} AS step, e.kind AS kind"  # noqa: S608
            f" FROM {cohort.events('passed_on', 'put_back')}"
        ),
        list(cohort.values),
    )


def _handed(cohort: Cohort) -> Statement:
    """One fact for each time a step was done by another team than the step before it, of steps that have a team."""
    team = cohort.unless_hidden("e.step", "e.team_id", "c.council_id", "0")
    at = seconds("e.at")
    return (
        (
            "SELECT id, council_id, giver, taker, whole FROM ("  # noqa: S608
            "SELECT c.id AS id, c.council_id AS council_id,"
            f" LAG({team}) OVER w AS giver, {team} AS taker, {at} - LAG({at}) OVER w AS whole"
            f" FROM {cohort.events('done')} AND e.team_id IS NOT NULL"
            " WINDOW w AS (PARTITION BY c.id ORDER BY e.seq)) pairs WHERE giver <> taker"
        ),
        list(cohort.values),
    )


def _follows(cohort: Cohort) -> Statement:
    """One fact for each two steps that were done one after the other."""
    step, at = cohort.step("e.step"), seconds("e.at")
    return (
        (
            "SELECT id, council_id, step, following, whole FROM ("  # noqa: S608
            f"SELECT c.id AS id, c.council_id AS council_id, {step} AS step, LEAD({step}) OVER w AS following,"
            f" LEAD({at}) OVER w - {at} AS whole FROM {cohort.events('done')}"
            " WINDOW w AS (PARTITION BY c.id ORDER BY e.seq)) pairs WHERE following IS NOT NULL"
        ),
        list(cohort.values),
    )


def _routes(cohort: Cohort) -> Statement:
    """One fact for each closed case: the steps that were done, in their order, and how long it was open."""
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {in_order(cohort.step('e.step'), 'e.seq')} AS route,"  # noqa: S608
            f" {seconds('c.closed_at')} - {seconds('c.opened_at')} AS whole"
            f" FROM {cohort.events('done')} AND c.closed_at IS NOT NULL GROUP BY c.id"
        ),
        list(cohort.values),
    )


def _promises(cohort: Cohort) -> Statement:
    """One fact for each run of a clock: how it stands, and by how much it is or was late."""
    now, due = "%s", "COALESCE(k.late_at, k.due_at)"
    late = f"(k.late_at IS NOT NULL OR (k.state = 'running' AND k.due_at < {now}))"
    return (
        (
            "SELECT c.id AS id, c.council_id AS council_id, k.key AS clock,"  # noqa: S608
            f" CASE WHEN {late} AND k.ended_at IS NULL THEN 'overdue' ELSE k.state END AS state,"
            f" CASE WHEN {late} THEN {seconds(f'COALESCE(k.ended_at, {now})')} - {seconds(due)} END AS whole"
            f" FROM process_case c CROSS JOIN process_clock k WHERE k.case_id = c.id AND {cohort.where}"
        ),
        [*[stored(cohort.now)] * 3, *cohort.values],
    )


def _ran_out(cohort: Cohort) -> Statement:
    """One fact for each clock that ran out and each step that was open at that moment."""
    now = stored(cohort.now)
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, k.key AS clock, {cohort.step('s.key')} AS step"  # noqa: S608
            " FROM process_case c CROSS JOIN process_clock k CROSS JOIN process_step s"
            f" WHERE k.case_id = c.id AND s.case_id = c.id AND {cohort.where}"
            " AND (k.late_at IS NOT NULL OR (k.state = 'running' AND k.due_at < %s))"
            " AND s.state <> 'skipped' AND s.opened_at <= COALESCE(k.late_at, k.due_at)"
            " AND COALESCE(s.done_at, c.closed_at, %s) > COALESCE(k.late_at, k.due_at)"
            " AND NOT EXISTS (SELECT 1 FROM process_step n"
            " WHERE n.case_id = c.id AND n.key = s.key AND n.run = s.run + 1"
            " AND s.done_at IS NULL AND n.opened_at <= COALESCE(k.late_at, k.due_at))"
        ),
        [*cohort.values, now, now],
    )


def _paused(cohort: Cohort) -> Statement:
    """One fact for each time a clock stood still and went on again."""
    at = seconds("e.at")
    return (
        (
            "SELECT id, council_id, clock, whole FROM ("  # noqa: S608
            "SELECT c.id AS id, c.council_id AS council_id, e.step AS clock, e.kind AS kind,"
            f" LEAD({at}) OVER w - {at} AS whole FROM {cohort.events('paused', 'resumed')}"
            " WINDOW w AS (PARTITION BY c.id, e.step ORDER BY e.seq)) stands"
            " WHERE kind = 'paused' AND whole IS NOT NULL"
        ),
        list(cohort.values),
    )


def _waived(cohort: Cohort) -> Statement:
    """One fact for each rule that was set aside: at which step, and the sentence of the rule if it may be told."""
    told, values = cohort.unless_untold(f"COALESCE({part_of_body('say')}, '')", "c.council_id", "''")
    say = cohort.unless_hidden("e.step", told, "c.council_id", "''")
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {cohort.step('e.step')} AS step, {say} AS rule"  # noqa: S608
            f" FROM {cohort.events('waived')}"
        ),
        [*values, *cohort.values],
    )


def _time_acts(cohort: Cohort) -> Statement:
    """One fact for each thing that time did by itself, each vote, and each hand-over to another process."""
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, {cohort.step('e.step')} AS step, e.kind AS kind"  # noqa: S608
            f" FROM {cohort.events('voted', 'repeated', 'stopped', 'waited', 'handed_over')}"
        ),
        list(cohort.values),
    )


def _endings(cohort: Cohort) -> Statement:
    """One fact for each closed case: how it ended, whether before its process was done, and how long it was open."""
    return (
        (
            "SELECT c.id AS id, c.council_id AS council_id, c.ending AS ending,"  # noqa: S608
            f" {seconds('c.closed_at')} - {seconds('c.opened_at')} AS whole"
            f" FROM {cohort.cases} AND c.closed_at IS NOT NULL"
        ),
        list(cohort.values),
    )


def _cases(cohort: Cohort) -> Statement:
    """One fact for each case: whether it is open, and how long it has been or was."""
    ended = f"COALESCE(c.closed_at, {'%s'})"
    return (
        (
            "SELECT c.id AS id, c.council_id AS council_id, c.council_id AS at_council, c.status AS status,"  # noqa: S608
            f" {seconds(ended)} - {seconds('c.opened_at')} AS whole FROM {cohort.cases}"
        ),
        [stored(cohort.now), *cohort.values],
    )


def _runs_by_council(cohort: Cohort) -> Statement:
    runs, values = _runs(cohort)
    return f"SELECT id, council_id, council_id AS at_council, step, whole FROM ({runs}) each_run", values  # noqa: S608


def _held(cohort: Cohort) -> Statement:
    """One fact for each run that somebody took before it was done."""
    runs, values = _runs(cohort)
    return f"SELECT id, council_id, step, held AS whole FROM ({runs}) each_run WHERE held IS NOT NULL", values  # noqa: S608


def _month_by_month(cohort: Cohort, condition: str) -> Statement:
    """Return one fact for each case of any time and each month of which the condition holds."""
    rows = " UNION ALL ".join(
        ["SELECT CAST(%s AS varchar(10)) AS month, %s AS begins, %s AS ends"] * len(cohort.months)
    )
    values = [part for first, begins, ends in cohort.months for part in (first.isoformat(), begins, ends)]
    return (
        (
            f"SELECT c.id AS id, c.council_id AS council_id, m.month AS month FROM ({rows}) m"  # noqa: S608
            f" CROSS JOIN process_case c WHERE {cohort.any_time} AND {condition}"
        ),
        [*values, *cohort.any_values],
    )


def _opened_in(cohort: Cohort) -> Statement:
    """One fact for each case and the month in which it was opened."""
    return _month_by_month(cohort, "c.opened_at >= m.begins AND c.opened_at < m.ends")


def _closed_in(cohort: Cohort) -> Statement:
    """One fact for each case and the month in which it was closed, whenever it was opened."""
    return _month_by_month(cohort, "c.closed_at >= m.begins AND c.closed_at < m.ends")


def _open_after(cohort: Cohort) -> Statement:
    """One fact for each case and each month at whose end it was open, whenever it was opened."""
    return _month_by_month(cohort, "c.opened_at < m.ends AND (c.closed_at IS NULL OR c.closed_at >= m.ends)")


FACTS: Mapping[str, Fact] = {
    "runs": Fact(_runs, ("step",), order="whole"),
    "held": Fact(_held, ("step",), order="whole"),
    "open": Fact(_open, ("step", "taken"), numbers=frozenset({"taken"}), order="whole"),
    "done": Fact(_done, ("step", "outcome")),
    "outcomes": Fact(_outcomes, ("step", "outcome")),
    "again": Fact(_again, ("step",)),
    "passed": Fact(_passed, ("step", "kind")),
    "handed": Fact(_handed, ("giver", "taker"), numbers=frozenset({"giver", "taker"}), order="whole"),
    "follows": Fact(_follows, ("step", "following"), order="whole"),
    "routes": Fact(_routes, ("route",), order="whole"),
    "promises": Fact(_promises, ("clock", "state"), order="whole"),
    "ran-out": Fact(_ran_out, ("clock", "step")),
    "paused": Fact(_paused, ("clock",), order="whole"),
    "waived": Fact(_waived, ("step", "rule")),
    "time": Fact(_time_acts, ("step", "kind")),
    "endings": Fact(_endings, ("ending",), order="whole"),
    "cases": Fact(_cases, ("status",), order="whole"),
    "council": Fact(_cases, ("at_council", "status"), numbers=frozenset({"at_council"}), order="whole"),
    "council-steps": Fact(
        _runs_by_council, ("at_council", "step"), numbers=frozenset({"at_council"}), order="whole"
    ),
    "opened-in": Fact(_opened_in, ("month",)),
    "closed-in": Fact(_closed_in, ("month",)),
    "open-after": Fact(_open_after, ("month",)),
}
"""Each kind of fact, by the word under which a page asks for the cases behind a figure."""
