"""Kill everybody who writes, twenty times: what was acknowledged must be there, and nothing half-written.

In each trial three writers make requests, note on them and move them on, a worker sends the letters, and all four are
killed with -9 at a random moment. On SQLite, unless `--on postgresql`. The same trials run, shorter, in `tests/faults`.
"""

import argparse
import os
import random
import subprocess
import sys

from benchmarks.means import houses
from benchmarks.means.measuring import Verdicts, heading


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1831)
    given = parser.parse_args()
    random.seed(given.seed)
    verdicts = Verdicts()
    heading(f"kill -9 while writing, {given.trials} trials on {given.on}")
    database = f"moothall_bench_kills_{os.getpid()}" if given.on == "postgresql" else ""
    with houses.folder("kills") as home:
        try:
            houses.found_server(database)
            trials(given.trials, houses.a_house(home, database), verdicts)
        finally:
            houses.drop_server(database)
    verdicts.leave()


def trials(number: int, house: object, verdicts: Verdicts) -> None:
    from tests.config.houses import House
    from tests.faults.conftest import mail_to
    from tests.faults.harness import kill_while_writing, look, nest, select
    from tests.messages.postroom import Postroom

    assert isinstance(house, House)
    kept: dict[int, int] = {}
    lost = torn = unsound = 0
    with Postroom() as room:
        room._server.handle_error = lambda *_: None  # a killed worker hangs up in the middle of a word
        house.surroundings.update(mail_to(room))
        subprocess.run(
            [sys.executable, "-m", "moothall", "migrate", "-v", "0"], env=house.environment, check=True
        )
        with nest(house.environment, house.home / "errors") as inside:
            inside.ask("settle", until="settled")
            for trial in range(1, number + 1):
                least, seconds = random.randrange(5, 60), random.uniform(0.0, 0.5)
                new = kill_while_writing(inside, seconds, least=least)
                kept |= new
                found = look(house, kept)
                lost, torn, unsound = lost + found.lost, torn + found.torn, unsound + (not found.sound)
                print(
                    f"  {trial:2}: killed {seconds:.2f} s after {least} commits; {sum(new.values()):4} events"
                    f" acknowledged in {len(new):3} cases; lost {found.lost}, half-written {found.torn},"
                    f" integrity {'ok' if found.sound else 'BROKEN'}",
                    flush=True,
                )
            verdicts.exactly("acknowledged cases lost or set back", lost, 0)
            verdicts.exactly("half-written cases", torn, 0)
            verdicts.exactly("trials with a broken database", unsound, 0)
            inside.ask("mend")
            undone = select(house, "SELECT COUNT(*) FROM journal_job WHERE state <> 'done'")[0][0]
            verdicts.exactly("jobs not done after the next worker", undone, 0)
            messages = select(house, "SELECT COUNT(*) FROM messages_message")[0][0]
            sent = [str(letter["Message-ID"]) for letter in room.letters]
            verdicts.exactly("letters never sent", messages - len(set(sent)), 0)
            again = len(sent) - len(set(sent))
            print(
                f"  {messages} letters; {again} sent a second time, with the same Message-ID, for the worker was"
            )
            print("  killed between the mail server's yes and our commit")
            verdicts.exactly("the journal holds", inside.ask("verify")[-1][1], "0")
    print(f"{sum(kept.values())} events acknowledged in {len(kept)} cases")


if __name__ == "__main__":
    main()
