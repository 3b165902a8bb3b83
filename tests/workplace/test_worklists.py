"""Worklists, queues and search: what is in them, for whom, and at what price."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from moothall.councils import scope
from moothall.process import actions as process
from tests.makers import make_user
from tests.workplace.staffed import House

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestAWorklist:
    def test_shows_the_work_of_my_teams_and_says_when_it_is_due(self, house: House) -> None:
        reference = house.missed_bin()
        text = text_of(house.browser(house.ann).get("/work/?tab=team"))
        assert reference in text
        assert "Check the round" in text
        assert "Due " in text
        assert "Waste team" in text

    def test_says_in_words_how_late_something_is(self, house: House) -> None:
        house.missed_bin(ago=timedelta(days=12))
        assert "working days late" in text_of(house.browser(house.ann).get("/work/?tab=free"))

    def test_shows_what_i_have_taken_as_mine_and_to_nobody_else_as_theirs(self, house: House) -> None:
        reference = house.missed_bin()
        with scope.everything("taking in a test"):
            process.take(
                by=house.viewer(house.ann),
                case_id=house.case_id(reference),
                step="check",
                expected=None,
                now=house.case(reference).opened_at,
            )
        assert reference in text_of(house.browser(house.ann).get("/work/"))
        assert reference not in text_of(house.browser(house.bob).get("/work/"))
        assert reference not in text_of(house.browser(house.bob).get("/work/?tab=free"))
        assert reference in text_of(house.browser(house.bob).get("/work/?tab=team"))

    def test_shows_what_waits_for_the_resident_apart(self, house: House) -> None:
        reference = house.missed_bin()
        house.act(house.ann, reference, "ask-resident", {"question": "Which gate?"})
        assert reference in text_of(house.browser(house.ann).get("/work/?tab=resident"))
        assert reference not in text_of(house.browser(house.ann).get("/work/?tab=team"))

    def test_can_be_narrowed_to_a_council(self, house: House) -> None:
        ours, theirs = house.missed_bin(), house.missed_bin(council=house.elm)
        text = text_of(house.browser(house.ann).get(f"/work/?tab=team&council={house.elm.pk}"))
        assert theirs in text
        assert ours not in text

    def test_never_shows_the_work_of_a_council_that_shares_nothing(self, house: House) -> None:
        reference = house.missed_bin(council=house.oak)
        for query in (
            "?tab=team",
            "?tab=all",
            f"?tab=all&council={house.oak.pk}",
            "?tab=free",
            "?tab=resident",
        ):
            assert reference not in text_of(house.browser(house.sue).get(f"/work/{query}"))

    @pytest.mark.parametrize(
        "query", ["tab=nonsense", "team=x&council=-1", "after=nonsense", "after=%00", "late=maybe"]
    )
    def test_shows_a_page_whatever_the_address_says(self, house: House, query: str) -> None:
        assert house.browser(house.ann).get(f"/work/?{query}").status_code == 200

    def test_says_what_to_do_when_there_is_nothing(self, house: House) -> None:
        assert "You have no work of your own" in text_of(house.browser(house.ann).get("/work/"))

    def test_goes_on_where_the_page_before_ended(self, house: House) -> None:
        made = [house.missed_bin(ago=timedelta(hours=number)) for number in range(53)]
        client = house.browser(house.ann)
        first = client.get("/work/?tab=team")
        more = (
            text_of(first).split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        )
        both = text_of(first) + text_of(client.get(f"/work/{more}"))
        assert [reference for reference in made if reference not in both] == []

    def test_welcomes_whoever_may_see_no_cases(self, house: House) -> None:
        house.joe.grants.filter(role="auditor").delete()
        assert "Your roles let you see no cases" in text_of(house.browser(house.joe).get("/work/"))

    def test_is_not_for_residents_nor_for_whoever_has_not_signed_in(self, house: House) -> None:
        assert Client().get("/work/").status_code == 302
        client = Client()
        client.force_login(make_user())
        refused = client.get("/work/")
        assert refused.status_code == 403
        assert "sign in with your work account" in refused.content.decode()

    @pytest.mark.parametrize("number", [1, 30])
    def test_costs_as_many_questions_for_thirty_as_for_one(
        self, house: House, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(number):
            house.missed_bin(ago=timedelta(days=12))
        client = house.browser(house.ann)
        client.get("/work/?tab=team")
        with django_assert_num_queries(10):
            client.get("/work/?tab=team")


class TestSearching:
    @pytest.mark.parametrize("words", ["Okoro", "AB10 1AB", "ab101ab", "high str", "sam okoro high"])
    def test_finds_a_case_by_name_postcode_or_words(self, house: House, words: str) -> None:
        reference = house.missed_bin()
        house.missed_bin(name="Somebody Else")
        assert reference in text_of(house.browser(house.ada).get("/work/search/", {"q": words}))

    def test_opens_the_case_of_a_whole_reference_however_it_is_written(self, house: House) -> None:
        reference = house.missed_bin()
        for written in (reference, reference.lower().replace("-", " ")):
            answer = house.browser(house.ada).get("/work/search/", {"q": written})
            assert answer.headers["Location"] == f"/work/case/{reference}/"

    def test_finds_nothing_of_a_council_that_shares_nothing(self, house: House) -> None:
        reference = house.missed_bin(council=house.oak, name="Unseen Person")
        for words in (reference, "Unseen"):
            answer = house.browser(house.sue).get("/work/search/", {"q": words})
            assert answer.status_code == 200
            assert f"/work/case/{reference}" not in text_of(answer)

    @pytest.mark.parametrize("words", ["\0", "%", "' OR 1=1 --", "🗑" * 300, "a b c d e f g h i j k l m n"])
    def test_answers_whatever_is_asked(self, house: House, words: str) -> None:
        assert house.browser(house.ada).get("/work/search/", {"q": words}).status_code == 200

    def test_costs_the_same_for_many_as_for_few(
        self, house: House, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(20):
            house.missed_bin()
        client = house.browser(house.ada)
        client.get("/work/search/?q=okoro")
        with django_assert_num_queries(14):
            client.get("/work/search/?q=okoro")


class TestTheQueues:
    def test_count_each_team_and_council_and_lead_to_the_lists(self, house: House) -> None:
        house.missed_bin(ago=timedelta(days=12))
        reference = house.missed_bin()
        text = text_of(house.browser(house.sue).get("/work/queues/"))
        assert "Waste team" in text
        link = f"?tab=all&amp;council={house.ash.pk}&amp;team={house.waste.pk}"
        assert f'{link}">2<' in text
        followed = house.browser(house.sue).get(f"/work/{link.replace('&amp;', '&')}")
        assert reference in text_of(followed)

    def test_are_for_those_who_may_see_them(self, house: House) -> None:
        assert house.browser(house.ann).get("/work/queues/").status_code == 403

    def test_show_nothing_of_a_council_that_shares_nothing(self, house: House) -> None:
        house.missed_bin(council=house.oak)
        assert "Oak" not in text_of(house.browser(house.sue).get("/work/queues/"))
