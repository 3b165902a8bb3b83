"""Several people who link, tell apart and undo at once leave groups that are what the links make of them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from threading import Barrier, Thread

import pytest
from django.db import connection

from moothall.councils import scope
from moothall.persons.actions.linking import link_same, suggest, tell_apart, undo
from moothall.persons.actions.records import add_fact
from moothall.persons.models import Link, Record
from moothall.persons.rules import groups
from moothall.persons.rules.groups import Tie
from moothall.plain.errors import HouseError
from tests.persons.linked import Desk, make_desk
from tests.persons.making import NOW, a_phone, make_record

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("everything"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
PEOPLE, ACTS, RECORDS = 4, 40, 7


def work(desk: Desk, numbers: list[int], random: Random, refused: list[str], act: int) -> None:
    """Do one thing to two of the records, whichever comes."""
    one, other = random.sample(numbers, 2)
    now = NOW + timedelta(minutes=act)
    chosen = random.choices(("link", "apart", "undo", "suggest", "fact"), (5, 1, 5, 2, 2))[0]
    try:
        if chosen == "link":
            link_same(by=desk.stella, one_id=one, other_id=other, why="", now=now)
        elif chosen == "apart":
            tell_apart(by=desk.stella, one_id=one, other_id=other, why="", now=now, end_same=True)
        elif chosen == "suggest":
            suggest(low=one, high=other, score=1.0, reasons=(), model=0, now=now)
        elif chosen == "fact":
            phone = a_phone(f"07700 9{random.randrange(10**5):05}")
            add_fact(by=desk.stella, record_id=one, fact=phone, source="adviser", now=now)
        else:
            in_force = list(Link.objects.filter(ended_at=None).values_list("pk", flat=True))
            if in_force:
                undo(by=desk.stella, link_id=random.choice(in_force), why="", now=now)
    except HouseError as error:
        refused.append(error.code)


def at_once(act: Callable[[int], None], people: int = PEOPLE) -> list[str]:
    """Let some people act at the same moment; return what went wrong."""
    wrong: list[str] = []
    start = Barrier(people)

    def run(number: int) -> None:
        try:
            start.wait()
            with scope.everything("a test that is not about scopes"):
                act(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test has to say it
            wrong.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def each_at_once(*acts: Callable[[], object]) -> list[str]:
    """Let each act be done by somebody else at the same moment; return the codes of refusals."""
    refused: list[str] = []

    def act(person: int) -> None:
        try:
            acts[person]()
        except HouseError as error:
            refused.append(error.code)

    assert at_once(act, len(acts)) == []
    return refused


def ties(kind: str) -> list[Tie]:
    rows = Link.objects.filter(kind=kind, ended_at=None).values_list("id", "low_id", "high_id")
    return [Tie(*row) for row in rows]


def check() -> None:
    """Compare whose each record is with what the links make of it."""
    rows = Record.objects.values_list("id", "origin_id", "person_id")
    origins = {record: origin for record, origin, _ in rows}
    assert {record: person for record, _, person in rows} == groups.heads(origins, ties("same"))
    for tie in ties("apart"):
        assert groups.sides(origins, ties("same"), tie.low, tie.high) is not None


class TestSeveralAtOnce:
    @pytest.mark.parametrize("seed", range(2))
    def test_leave_groups_that_follow_from_the_links(self, seed: int) -> None:
        desk = make_desk()
        numbers = [make_record(council=desk.ash if number % 2 else desk.elm).pk for number in range(RECORDS)]
        refused: list[str] = []

        def act(person: int) -> None:
            random = Random(seed * 100 + person)
            for number in range(ACTS):
                work(desk, numbers, random, refused, number)

        assert at_once(act) == []
        check()
        assert Link.objects.count() > ACTS / 2
        assert set(refused) <= {
            "persons.link_gone",
            "persons.kept_apart",
            "persons.still_joined",
        }

    def test_make_one_link_of_two_that_say_the_same(self) -> None:
        desk = make_desk()
        for round_ in range(1, 6):
            one, other = make_record(council=desk.ash).pk, make_record(council=desk.elm).pk
            say = partial(link_same, by=desk.stella, one_id=one, other_id=other, why="", now=NOW)
            assert each_at_once(say, say, say, say) == []
            assert Link.objects.count() == round_
        check()

    def test_never_join_what_another_tells_apart(self) -> None:
        desk = make_desk()
        for _ in range(5):
            a, b, c = (make_record(council=desk.ash).pk for _ in range(3))
            link = partial(link_same, by=desk.stella, why="", now=NOW)
            part = partial(tell_apart, by=desk.stella, why="", now=NOW)
            refused = each_at_once(
                partial(link, one_id=a, other_id=b),
                partial(link, one_id=b, other_id=c),
                partial(part, one_id=a, other_id=c),
            )
            assert len(refused) == 1
            check()
