"""Words in the queue: whole ones, the last also as a beginning, rare or common, and never of what one does not see."""

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.process.models import SearchWord
from moothall.servicedesk.models import Call
from moothall.servicedesk.queries import words
from moothall.servicedesk.queries.queue import QueueFilter, queue
from tests.servicedesk.desked import NOW, Desk, an_incident, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def found(desk: Desk, text: str, **more: object) -> list[str]:
    wanted = QueueFilter(**({"whose": "all", "words": text} | more))  # type: ignore[arg-type]
    return [row.headline for row in queue(desk.analyst, wanted, NOW).rows]


@pytest.fixture(params=["rare", "common"])
def logged(request: pytest.FixtureRequest, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk with four calls, and words that count as rare or, every one of them, as common."""
    if request.param == "common":
        monkeypatch.setattr(words, "RARE", 0)
    for summary in ("The printer is jammed", "Printing takes long", "Teams drops Zoë", "No sound"):
        an_incident(desk, summary=summary)
    an_incident(desk, summary="Printers at Elm", council=desk.elm)
    return desk


class TestWords:
    def test_are_found_by_their_beginnings(self, logged: Desk) -> None:
        assert sorted(found(logged, "print")) == [
            "Printers at Elm",
            "Printing takes long",
            "The printer is jammed",
        ]
        assert sorted(found(logged, "printer")) == ["Printers at Elm", "The printer is jammed"]
        assert found(logged, "printing") == ["Printing takes long"]
        assert found(logged, "PRINTI") == ["Printing takes long"]

    def test_are_whole_where_they_are_not_the_last(self, logged: Desk) -> None:
        assert found(logged, "printer jam") == ["The printer is jammed"]
        assert found(logged, "print jam") == []
        assert found(logged, "printer sound") == []

    def test_are_whole_where_they_are_short(self, logged: Desk) -> None:
        assert found(logged, "pr") == []
        assert found(logged, "is") == ["The printer is jammed"]

    def test_are_whole_for_other_systems(self, logged: Desk) -> None:
        councils = [logged.ash.pk, logged.elm.pk]
        having = words.narrowed("print", councils, whole=True)
        assert not having.of(Call.objects.all()).exists()
        assert words.narrowed("printer", councils, whole=True).of(Call.objects.all()).count() == 1

    def test_are_found_without_their_accents(self, logged: Desk) -> None:
        assert found(logged, "Zoé") == found(logged, "zoe") == ["Teams drops Zoë"]
        assert found(logged, "žoe") == ["Teams drops Zoë"]

    def test_narrow_what_else_was_chosen(self, logged: Desk) -> None:
        assert found(logged, "print", council_id=logged.elm.pk) == ["Printers at Elm"]
        assert len(found(logged, "print", whose="team")) == 3
        assert found(logged, "print", whose="mine") == []
        assert found(logged, "print", resolved=True) == []

    def test_leave_everything_where_nothing_is_asked(self, logged: Desk) -> None:
        assert len(found(logged, "?!")) == 5

    def test_find_nothing_at_a_council_whose_calls_one_does_not_see(self, logged: Desk) -> None:
        rows = queue(logged.client, QueueFilter(whose="all", words="print"), NOW).rows
        assert [row.headline for row in rows] == ["Printers at Elm"]
        assert queue(logged.user, QueueFilter(whose="all", words="print"), NOW).rows == ()

    def test_go_on_where_the_page_ended(self, logged: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("moothall.servicedesk.queries.queue.PAGE", 2)
        wanted = QueueFilter(whose="all", words="print")
        first = queue(logged.analyst, wanted, NOW)
        second = queue(logged.analyst, wanted, NOW, after=first.more)
        assert (len(first.rows), len(second.rows), second.more) == (2, 1, "")
        assert len({row.reference for row in (*first.rows, *second.rows)}) == 3


class TestTheCost:
    def test_of_a_beginning_is_two_more_questions(
        self, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        an_incident(desk, summary="The printer is jammed")
        with django_assert_num_queries(4):
            found(desk, "print")

    def test_ends_at_so_many_words_and_never_leaves_out_the_word_itself(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(words, "MOST_BEGINNINGS", 2)
        for summary in ("Print a", "Printa b", "Printb c", "Printc d"):
            an_incident(desk, summary=summary)
        assert sorted(found(desk, "print")) == ["Print a", "Printa b"]
        assert found(desk, "printc") == ["Printc d"]

    def test_of_a_rare_word_is_known_before_any_call_is_read(self, desk: Desk) -> None:
        call = an_incident(desk, summary="The printer is jammed")
        having = words.narrowed("jammed", [desk.ash.pk])
        assert (having.ids, having.common) == ([call.case_id], [])
        assert words.narrowed("jammed", [desk.elm.pk]).ids == []
        assert words.narrowed("jammed", []).ids == ()

    def test_of_a_common_word_leaves_it_to_each_call(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(words, "RARE", 1)
        call = an_incident(desk, summary="The printer is jammed")
        other = an_incident(desk, summary="The screen is jammed")
        having = words.narrowed("printer jammed", [desk.ash.pk])
        assert (having.ids, having.common) == ([call.case_id], [["jammed"]])
        assert list(having.of(Call.objects.all())) == [call]
        SearchWord.objects.filter(case_id=call.case_id, word="jammed").delete()
        assert not having.of(Call.objects.exclude(pk=other.pk)).exists()
