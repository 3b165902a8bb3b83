"""Saved filters: a view of the queue under a name, one's own or a team's."""

from urllib.parse import parse_qs

import pytest

from moothall.plain.errors import Invalid, NotFound, Refused
from moothall.servicedesk.actions.filters import change_filter, delete_filter, save_filter
from moothall.servicedesk.models import SavedFilter
from moothall.servicedesk.queries.filters import filters_for
from moothall.servicedesk.rules import filters as rules
from moothall.servicedesk.rules.filters import NotYourTeam, TooManyFilters
from tests.servicedesk.desked import NOW, Desk, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def desk() -> Desk:
    return make_desk(published=())


def saved(desk: Desk, name: str = "Late ones", team_id: int | None = None) -> SavedFilter:
    return save_filter(by=desk.analyst, name=name, query="?late=on&evil=1", team_id=team_id, now=NOW)


class TestSavingAFilter:
    def test_keeps_what_the_queue_is_asked_by_and_nothing_else(self, desk: Desk) -> None:
        assert parse_qs(saved(desk).query) == {"late": ["on"]}

    def test_under_a_name_one_has_keeps_the_new_view(self, desk: Desk) -> None:
        saved(desk)
        save_filter(by=desk.analyst, name=" Late  ones ", query="kind=request", now=NOW)
        assert SavedFilter.objects.get().query == "kind=request"

    def test_shows_it_to_oneself_only(self, desk: Desk) -> None:
        mine = saved(desk)
        assert filters_for(desk.analyst) == [mine]
        assert filters_for(desk.colleague) == []

    def test_shares_it_with_a_team_of_ones_own(self, desk: Desk) -> None:
        shared = saved(desk, team_id=desk.desk.pk)
        assert filters_for(desk.colleague) == [shared]
        assert filters_for(desk.engineer) == []
        with pytest.raises(NotYourTeam):
            saved(desk, "Else", team_id=desk.platforms.pk)

    def test_is_for_those_who_see_calls(self, desk: Desk) -> None:
        with pytest.raises(Refused):
            save_filter(by=desk.user, name="x", query="", now=NOW)

    def test_stops_at_as_many_as_anybody_needs(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rules, "MOST", 2)
        for name in "ab":
            saved(desk, name)
        with pytest.raises(TooManyFilters):
            saved(desk, "c")


class TestChangingAFilter:
    def test_is_for_whoever_saved_it(self, desk: Desk) -> None:
        shared = saved(desk, team_id=desk.desk.pk)
        with pytest.raises(NotFound):
            change_filter(by=desk.colleague, number=shared.pk, name="Mine", team_id=None, now=NOW)
        with pytest.raises(NotFound):
            delete_filter(by=desk.manager, number=shared.pk, now=NOW)

    def test_refuses_a_name_one_has_already(self, desk: Desk) -> None:
        saved(desk, "a")
        other = saved(desk, "b")
        with pytest.raises(Invalid):
            change_filter(by=desk.analyst, number=other.pk, name="a", team_id=None, now=NOW)

    def test_takes_it_back_from_a_team(self, desk: Desk) -> None:
        shared = saved(desk, team_id=desk.desk.pk)
        change_filter(by=desk.analyst, number=shared.pk, name="Own", team_id=None, now=NOW)
        assert filters_for(desk.colleague) == []

    def test_deletes_it(self, desk: Desk) -> None:
        delete_filter(by=desk.analyst, number=saved(desk).pk, now=NOW)
        assert filters_for(desk.analyst) == []
