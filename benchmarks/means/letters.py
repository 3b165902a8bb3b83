"""The inside of `mail.py`: a process that lives in a house of its own, keeps hostile letters there, and reads them."""

# ruff: noqa: E402  (the settings first)

import argparse
import json
import logging
import os
import resource
import time
from collections import Counter
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.config.settings")

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import jobs, worker
from moothall.journal.models import Job
from moothall.messages import actions, hooks, packing
from moothall.messages.models import Mailbox, Received
from tests.messages.hostile import letters

SEED, OWN = 2026, 50


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


def main() -> None:
    """Keep and read so many letters, and print what it came to as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("letters", type=int)
    count = parser.parse_args().letters
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    for held in (hooks._takers, hooks._knowers, hooks._told):
        held.clear()
    hooks.on_received(taker)
    with scope.everything("a benchmark of mail"):
        mailbox, own = made()
        Job.objects.all().delete()  # what the council sent is not what is measured
        sent, cpu, size = keep_all(mailbox, own, count)
        print(json.dumps(told(sent, cpu, size, read_all())))


def told(sent: dict[str, int], cpu: float, size: float, took: list[float]) -> dict[str, object]:
    """Return what became of the letters, and what it cost: milliseconds of CPU, MiB."""
    rows = list(Received.objects.values_list("digest", "state", "reason", "kind"))
    kept = ((each.digest, packing.digest(packing.unpack(each))) for each in Received.objects.iterator())
    return {
        "sent": len(sent),
        "size": round(size / 2**20),
        "largest": round(max(sent.values()) / 2**20, 1),
        "states": dict(Counter(row[1] for row in rows)),
        "kinds": dict(Counter(row[3] for row in rows).most_common()),
        "lost": len(set(sent) - {row[0] for row in rows}),
        "silent": sum(1 for _, state, reason, _ in rows if state != "filed" and not reason),
        "changed": sum(1 for said, found in kept if said != found),
        "undone": Job.objects.exclude(state=Job.State.DONE).count(),
        "keeping": cpu / len(sent) * 1000,
        "reading": sum(took) / len(took) * 1000,
        "median": took[len(took) // 2] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
        "slowest": took[-1] * 1000,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
