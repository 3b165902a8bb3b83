"""A programme that lives in a house and lets others loose on it, to be killed or raced: `python -m tests.faults.nest`.

It is told what to do line by line. Each act forks processes of their own, which do real actions and say what was kept
on the shared output, one line each and only after the commit. The nest itself keeps no connection to the database.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from moothall.councils import scope  # noqa: E402
from moothall.councils.models import Council, Staff  # noqa: E402
from moothall.councils.queries import viewer_for  # noqa: E402
from moothall.councils.rules import Viewer  # noqa: E402
from moothall.journal import jobs  # noqa: E402
from moothall.journal.models import Job  # noqa: E402
from moothall.plain.errors import HouseError  # noqa: E402
from moothall.process import actions, store  # noqa: E402
from moothall.process.language import read  # noqa: E402
from moothall.process.models import Case, ProcessVersion  # noqa: E402
from moothall.requests import actions as requests  # noqa: E402
from tests.makers import make_council, make_staff, make_team  # noqa: E402
from tests.requests.making import BIN, SAM, publish  # noqa: E402

MEMBERS = 4
"""So many people vote; of more processes than that, some are the same person at two desks."""
ROUNDS = """
process: rounds
title: Rounds
owner: waste
start: [agent]
fields:
  count: {ask: How many by now?, type: number}
steps:
  begin: {title: Begin, by: [waste, agent]}
  board:
    title: Board
    after: begin
    vote: {of: board, pass: all}
    outcomes: {approved: {title: Approved, end: approved}, rejected: {title: Rejected, end: rejected}}
  round:
    title: Round
    after: begin
    by: waste
    ask: [count]
    outcomes:
      again: {title: Again, back: round}
      enough: {title: Enough, end: ended}
"""


def say(*words: object) -> None:
    """Say one line, whole even when several processes speak."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def leave_database() -> None:
    for each in connections.all(initialized_only=True):
        each.close()
        if close_pool := getattr(each, "close_pool", None):
            close_pool()


def settle() -> None:
    """Make a council with a team, somebody in it, and the processes."""
    with scope.everything("a test settles its house"):
        council = make_council(code="ashby", kind="district")
        staff = [make_staff(council=council, roles=("officer",)) for _ in range(MEMBERS + 1)]
        make_team(council=council, function="waste", members=tuple(staff))
        make_team(council=council, function="board", members=tuple(staff))
        publish("missed-bin")
        for source in (ROUNDS, ROUNDS.replace("title: Rounds", "title: More rounds")):
            definition = read(source).definition
            assert definition is not None
            actions.publish(by=Viewer.system(), definition=definition, source=source, now=timezone.now())
    say("settled")


def people(number: int = 0) -> tuple[Council, Viewer]:
    """Return the council and a member of its staff; the last of them never votes, so that no vote is ever decided."""
    council = Council.objects.get(code="ashby")
    staff = Staff.objects.select_related("user").filter(council=council).order_by("pk")[number % MEMBERS]
    return council, viewer_for(staff.user, today=timezone.localdate())


def start_rounds(number: int) -> None:
    """Start cases that only come round."""
    with scope.everything("a test starts cases"):
        council, officer = people()
        ids = []
        for _ in range(number):
            case = actions.start_case(by=officer, council=council, process="rounds", now=timezone.now())
            case = actions.act(
                by=officer, case_id=case.id, step="begin", expected=case.seq, now=timezone.now()
            )
            ids.append(case.id)
    say("cases", json.dumps(ids))


def write_for_ever(number: int) -> None:
    """Make requests, note on them and move them on until killed; say what was kept."""
    council, officer = people()
    for round_ in range(1_000_000):
        sent = requests.raise_for_resident(
            by=Viewer.system(),
            council=council,
            service="missed-bin",
            answers={key: value for key, value in BIN.items() if value is not None}
            | {"collection_day": timezone.localdate().isoformat()},
            contact=SAM,
            channel="phone",
            submission=f"{os.getpid()}-{number}-{round_}-{time.time_ns()}"[:40],
            now=timezone.now(),
        )
        case_id = sent.request.case_id
        case = store.load(case_id)
        assert case is not None
        say("kept", case_id, case.seq)
        case = actions.note(by=officer, case_id=case_id, text=f"Note {round_}", now=timezone.now())
        say("kept", case_id, case.seq)
        case = actions.act(
            by=officer,
            case_id=case_id,
            step="check",
            expected=case.seq,
            now=timezone.now(),
            answers={"crew_report": "nothing"},
            outcome="return",
        )
        say("kept", case_id, case.seq)


def work(_number: int) -> None:
    """Be a worker whose leases lapse soon."""
    call_command("worker", "--lease", "2")


def race(number: int, ids: list[int], tries: int) -> None:
    """Want what all want, as often as told: a round of some case, the case itself, a vote, another version."""
    _, officer = people(number)
    versions = list(ProcessVersion.objects.filter(key="rounds").order_by("number"))
    done = dict.fromkeys(("acted", "taken", "voted", "migrated", "refused"), 0)
    for round_ in range(tries):
        case_id = ids[round_ % len(ids)]
        case = store.load(case_id)
        assert case is not None
        facts: dict[str, Any] = {
            "by": officer,
            "case_id": case_id,
            "expected": case.seq,
            "now": timezone.now(),
        }
        turn = (round_ + number) % 8
        try:
            if turn == 0:
                actions.take(**facts, step="round")
                done["taken"] += 1
            elif turn == 1:
                choice = "for" if round_ % 2 else "abstain"
                actions.cast(**facts, step="board", choice=choice)
                done["voted"] += 1
            elif turn == 2:
                other = next(each for each in versions if each.pk != case.version_id)
                actions.migrate_case(**facts | {"by": Viewer.system()}, version=other)
                done["migrated"] += 1
            else:
                run, counted = case.steps["round"].run, case.data.get("count", 0) + 1
                actions.act(**facts, step="round", answers={"count": str(counted)}, outcome="again")
                done["acted"] += 1
                say("acted", case_id, run)
        except HouseError:
            done["refused"] += 1
    say("raced", json.dumps(done))


def mend() -> None:
    """Do what was left undone, once the leases of the killed have lapsed."""
    jobs.reclaim(timezone.now() + timedelta(minutes=1))
    call_command("worker", "--once", stdout=sys.stderr)


def let_wait_be_over() -> None:
    """Make every job due that waits for its next try."""
    Job.objects.filter(state=Job.State.READY).update(run_after=timezone.now())


def session() -> str:
    """Sign somebody of the staff in; return the key that their browser would hold, and the reference of a case."""
    with scope.everything("a test signs somebody in"):
        council, _ = people()
        browser = Client()
        user = Staff.objects.filter(council=council).order_by("pk")[0].user
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        reference = Case.objects.values_list("reference", flat=True)[0]
    return f"{browser.session.session_key} {reference}"


def loose(acts: Iterable[Callable[[], object]]) -> list[int]:
    """Fork a process for each; they begin together."""
    leave_database()
    gate_in, gate_out = os.pipe()
    pids = []
    for act in acts:
        pid = os.fork()
        if not pid:
            os.close(gate_out)
            os.read(gate_in, 1)  # until the gate is shut
            status = 1
            try:
                with scope.everything("a test lets writers loose"):
                    act()
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        pids.append(pid)
    os.close(gate_in)
    os.close(gate_out)
    return pids


def wait_for(pids: Iterable[int]) -> list[int]:
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def obey(word: str, *told: str) -> None:
    if word == "settle":
        settle()
    elif word == "cases":
        start_rounds(int(told[0]))
    elif word == "write":
        writers, workers = map(int, told)
        pids = loose([lambda n=number: write_for_ever(n) for number in range(writers)])  # type: ignore[misc]
        pids += loose([lambda n=number: work(n) for number in range(workers)])  # type: ignore[misc]
        say("pids", *pids)
        say("ended", *wait_for(pids))
    elif word == "race":
        number, tries, ids = int(told[0]), int(told[1]), json.loads(" ".join(told[2:]))
        pids = loose([lambda n=n: race(n, ids, tries) for n in range(number)])  # type: ignore[misc]
        say("ended", *wait_for(pids))
    elif word == "mend":
        say("ended", *wait_for(loose([mend])))
    elif word == "session":
        say("session", session())
    elif word == "later":
        say("ended", *wait_for(loose([let_wait_be_over])))
    elif word == "verify":
        say("ended", *wait_for(loose([lambda: call_command("journal", "verify", stdout=sys.stderr)])))
    leave_database()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        obey(*line.split())


if __name__ == "__main__":
    main()
