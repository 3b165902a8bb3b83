"""Ten thousand hostile letters, handed over, kept and read: none may be lost, none may crash, each is accounted for.

Uses up a home of its own; the letters are made by a seed (`tests/messages/hostile.py`):

    MOOTHALL_HOME=$(mktemp -d) python -m benchmarks.mail
    MOOTHALL_HOME=$(mktemp -d) MOOTHALL_DATABASE_URL=postgresql:///bench python -m benchmarks.mail
"""

# ruff: noqa: E402  (the settings first)

import argparse
import logging
import os
import resource
import sys
import time
from collections import Counter
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import jobs, worker
from moothall.journal.models import Job
from moothall.messages import actions, hooks, packing
from moothall.messages.models import Mailbox, Raw, Received
from tests.messages.hostile import letters

SEED, LETTERS, OWN = 2026, 10_000, 50


def taker(letter: hooks.Letter) -> hooks.Taken:
    """Stand for the rooms above: take most letters, leave some to people, and fail over a few."""
    turn = letter.received_id % 20
    if turn == 0:
        raise ZeroDivisionError
    return "Somebody has to look at this." if turn == 1 else hooks.Filed()


def made() -> tuple[Mailbox, tuple[str, ...]]:
    """Make a council with a mailbox and letters that it sent, some of which the hostile ones answer."""
    now = timezone.now()
    council = Council.objects.create(
        code="ash", name="Ash District Council", kind="district", reference_prefix="ASH"
    )
    mailbox = actions.add_mailbox(
        by=Viewer.system(), council=council, address="help@ash.example", now=now
    ).mailbox
    sent = []
    for number in range(OWN):
        key, about = f"k{number}", f"case:{number}"
        words = {"to": "ada@example.org", "subject": "Your bin", "body": "We come."}
        sent.append(actions.send_email(council_id=council.pk, about=about, key=key, now=now, **words))
    return mailbox, tuple(each.message_id for each in sent)


def keep_all(mailbox: Mailbox, own: tuple[str, ...], count: int) -> tuple[dict[str, int], float, float]:
    """Keep every letter; return the digests that were sent, and CPU and bytes of keeping them."""
    sent: dict[str, int] = {}
    cpu = size = 0.0
    for raw in letters(SEED, count, own):
        began = time.process_time()
        actions.keep(mailbox=mailbox, raw=raw, now=timezone.now())
        cpu += time.process_time() - began
        sent[packing.digest(raw)] = len(raw)
        size += len(raw)
    return sent, cpu, size


def read_all() -> list[float]:
    """Let a worker read every letter that was kept; return how long each took, in seconds of CPU."""
    lanes = jobs.Lanes(worker.name_of_this_process())
    took = []
    while lease := lanes.take(timezone.now(), timedelta(minutes=10)):
        began = time.process_time()
        jobs.run(lease)
        took.append(time.process_time() - began)
    return sorted(took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=LETTERS)
    count = parser.parse_args().letters
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    hooks._takers.clear()
    hooks._knowers.clear()
    hooks._told.clear()
    hooks.on_received(taker)
    with scope.everything("a benchmark of mail"):
        mailbox, own = made()
        Job.objects.all().delete()  # what the council sent is not what is measured
        sent, cpu, size = keep_all(mailbox, own, count)
        took = read_all()
        return report(sent, cpu, size, took)


def report(sent: dict[str, int], cpu: float, size: float, took: list[float]) -> int:
    """Say what it came to, and whether that is as it should be."""
    rows = list(Received.objects.values_list("digest", "state", "reason", "kind"))
    states, kinds = Counter(row[1] for row in rows), Counter(row[3] for row in rows)
    lost = len(set(sent) - {row[0] for row in rows})
    silent = sum(1 for _, state, reason, _ in rows if state != "filed" and not reason)
    kept = ((each.digest, packing.digest(packing.unpack(each))) for each in Received.objects.iterator())
    changed = sum(1 for said, found in kept if said != found)
    undone = Job.objects.exclude(state=Job.State.DONE).count()
    accounted = states["filed"] + states["waiting"] + states["set-aside"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    largest = max(sent.values()) / 2**20
    say = [
        f"{connection.vendor}: {len(sent):,} letters, {size / 2**20:,.0f} MiB, the largest {largest:.1f} MiB",
        (
            f"filed {states['filed']:,}, waiting {states['waiting']:,}, set aside {states['set-aside']:,}: "
            f"{accounted:,} accounted for"
        ),
        "kinds: " + ", ".join(f"{kind} {number:,}" for kind, number in kinds.most_common()),
        (
            f"lost {lost}, given back otherwise than they came {changed}, without a reason {silent}, "
            f"jobs not done {undone}"
        ),
        (
            f"keeping {cpu / len(sent) * 1000:.2f} ms CPU each; reading {sum(took) / len(took) * 1000:.1f} ms, "
            f"median {took[len(took) // 2] * 1000:.1f} ms, p99 {took[len(took) * 99 // 100] * 1000:.0f} ms, "
            f"slowest {took[-1]:.2f} s; memory at most {memory} MiB"
        ),
    ]
    good = not (lost or changed or silent or undone) and accounted == len(sent) == Raw.objects.count()
    say.append("as it should be" if good else "MISSED: none lost, none crashing, each accounted for")
    print("\n  ".join(say))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
