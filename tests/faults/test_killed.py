"""kill -9 of everybody who writes: what was acknowledged is kept, nothing is half-written, work is done again."""

import json
import random

from tests.faults.conftest import Site
from tests.faults.harness import done_twice, kill_while_writing, look, select, totals

UNDONE = "SELECT COUNT(*) FROM journal_job WHERE state NOT IN ('done')"
UNSENT = "SELECT COUNT(*) FROM messages_message WHERE state <> 'sent'"


class TestWritersKilled:
    def test_lose_nothing_that_was_acknowledged_and_leave_nothing_by_halves(self, site: Site) -> None:
        random.seed(9)
        kept: dict[int, int] = {}
        for _ in range(3):
            kept |= kill_while_writing(site.nest, random.uniform(0.1, 0.7), least=5)
            found = look(site.house, kept)
            assert (found.lost, found.torn, found.sound) == (0, 0, True)
        assert len(kept) > 3

        assert site.nest.ask("mend")[-1] == ["ended", "0"]
        assert select(site.house, UNDONE) == [(0,)]
        assert select(site.house, UNSENT) == [(0,)]
        sent = site.addresses_of_letters()
        messages = select(site.house, "SELECT COUNT(*) FROM messages_message")[0][0]
        assert len(set(sent)) == messages
        assert len(sent) - messages <= 3, "only a letter in hand at the moment of a killing may go twice"
        assert site.nest.ask("verify")[-1] == ["ended", "0"]


class TestAMailServerThatIsAway:
    def test_is_tried_again_until_it_is_back_and_gets_each_letter_once(self, site: Site) -> None:
        before = len(site.postroom.letters)
        site.postroom.rcpt = "451 try again later"
        kill_while_writing(site.nest, 0.3, writers=1, workers=0)
        site.nest.ask("mend")
        waiting = select(site.house, UNSENT)[0][0]
        assert waiting > 0
        assert len(site.postroom.letters) == before
        assert (
            "451"
            in select(site.house, "SELECT error FROM messages_message WHERE state <> 'sent' LIMIT 1")[0][0]
        )

        site.postroom.rcpt = "250 ok"
        site.nest.ask("later")
        site.nest.ask("mend")
        assert select(site.house, UNSENT) == [(0,)]
        assert len(site.postroom.letters) == before + waiting
        assert len(set(site.addresses_of_letters()[before:])) == waiting


class TestCasesThatManyWantAtOnce:
    def test_change_one_after_the_other_and_no_change_is_lost(self, site: Site) -> None:
        ids = json.loads(" ".join(site.nest.ask("cases", 5, until="cases")[-1][1:]))
        heard = site.nest.ask("race", 8, 50, json.dumps(ids))
        assert heard[-1] == ["ended", *["0"] * 8]
        check_race(site, heard, ids, 8 * 50)


def check_race(site: Site, heard: list[list[str]], ids: list[int], tries: int) -> None:
    told = totals(heard)
    assert sum(told.values()) == tries
    assert done_twice(heard) == 0
    chosen = ", ".join(map(str, ids))
    events = f"SELECT COUNT(*) FROM process_event WHERE step = 'round' AND case_id IN ({chosen}) AND kind = "
    assert select(site.house, f"{events}'done'") == [(told["acted"],)]
    assert select(site.house, f"{events}'taken'") == [(told["taken"],)]
    of_all = f"SELECT COUNT(*) FROM process_event WHERE case_id IN ({chosen}) AND kind = "
    assert select(site.house, f"{of_all}'voted'") == [(told["voted"],)]
    assert select(site.house, f"{of_all}'migrated'") == [(told["migrated"],)]
    votes = select(site.house, "SELECT step_id, staff_id, COUNT(*) FROM process_vote GROUP BY 1, 2")
    assert votes
    assert {count for _, _, count in votes} == {1}
    data = select(site.house, f"SELECT data FROM process_case WHERE id IN ({chosen})")
    counts = [(json.loads(row) if isinstance(row, str) else row).get("count", 0) for (row,) in data]
    assert sum(counts) == told["acted"], "each counted one more than the one before"
