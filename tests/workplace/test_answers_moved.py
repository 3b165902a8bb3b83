"""The versions of an answer whose question has another name since its case was moved to another version."""

import pytest

from moothall.workplace.queries import origins
from tests.process.making import MONDAY, make_place, publish_repair
from tests.process.moves import checked, moved, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
RENAMED = (("where: {ask: Where?", "place: {ask: Which place?"), ("[what, where]", "[what, place]"))


def test_are_all_there_and_told_in_the_words_of_their_time() -> None:
    publish_repair()
    place = make_place()
    case = checked(place)
    version = publish(*RENAMED)
    moved(case, version, where="place")
    found = origins.versions_of(place.officer, case.reference, "place").versions
    assert [(each.words, each.where) for each in found] == [("The kitchen", "“Report”")]
    assert found[0].at == MONDAY


def test_leave_out_what_had_the_name_before_for_something_else() -> None:
    publish_repair()
    place = make_place()
    case = checked(place)
    version = publish(
        *RENAMED,
        ("  question: {ask", "  where: {ask: Where now?, type: text, optional: true}\n  question: {ask"),
    )
    moved(case, version, where="place")
    assert [each.words for each in origins.versions_of(place.officer, case.reference, "place").versions] == [
        "The kitchen"
    ]
