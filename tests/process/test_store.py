"""The hot path keeps times exactly, also in the hour that is there twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from moothall.councils import scope
from moothall.process import store
from moothall.process.actions.keeping import around
from moothall.process.engine.state import Happening
from tests.process.making import make_case, make_place, publish_repair

LONDON = ZoneInfo("Europe/London")


@pytest.mark.django_db
@pytest.mark.parametrize("fold", [0, 1])
def test_keeps_the_hour_that_is_there_twice_apart(fold: int) -> None:
    with scope.everything("a test of times"):
        place = make_place()
        publish_repair()
        number = make_case(place).id
        for moment in (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=each) for each in (1 - fold, fold)):
            case = store.load(number)
            assert case is not None
            case.due_at = moment
            case.happened.append(Happening("noted", body={"text": "A note"}))
            store.save(case, around(place.officer, place.council.pk, moment))
            found = store.load(number)
            assert found is not None
            assert found.due_at.astimezone(UTC).hour == moment.fold
