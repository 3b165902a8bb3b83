"""Comparing two people: what counts, what is said, and who is never joined by itself."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.persons.rules.known import Known, Name, Place
from moothall.persons.rules.matching import (
    Cutoffs,
    Match,
    Reason,
    Weights,
    compare,
    levels,
    shipped,
    verdict,
    verdicts,
)
from moothall.persons.rules.matching.fields import FIELDS
from tests.persons.population import records

WEIGHTS = shipped()
NHS, OTHER_NHS, MISTYPED_NHS = "9990000018", "9990000026", "9990000019"


def somebody(  # noqa: PLR0913 - who is told apart by so much
    given: str = "margaret",
    family: str = "fairweather",
    born: str = "1951-05-04",
    line: str = "14 mill lane",
    postcode: str = "ab101ab",
    *,
    middle: str = "",
    uprn: str = "",
    phone: str = "",
    email: str = "",
    nhs: str = "",
    more_names: tuple[Name, ...] = (),
) -> Known:
    return Known(
        names=(Name(given, middle, family), *more_names),
        born=date.fromisoformat(born) if born else None,
        places=(Place(line, postcode, uprn),) if line else (),
        phones=(phone,) if phone else (),
        emails=(email,) if email else (),
        identifiers={"nhs": frozenset({nhs})} if nhs else {},
    )


def match(one: Known, other: Known) -> Match:
    return compare(WEIGHTS, one, other)


def said(one: Known, other: Known) -> dict[str, str]:
    return {reason.field: reason.words for reason in match(one, other).reasons}


def judged(one: Known, other: Known) -> str:
    return verdict(match(one, other), Cutoffs())


class TestOnePerson:
    """Written down twice, in two ways."""

    @pytest.mark.parametrize(
        ("other", "field", "words"),
        [
            (somebody("peggy"), "forename", "Forename is a form of the same name"),
            (somebody("margaet"), "forename", "Forename nearly the same"),
            (somebody("fairweather", "margaret"), "forename", "Forename and surname the other way round"),
            (somebody("mary margaret"), "forename", "Forename is part of the other"),
            (somebody(family="fairwether"), "surname", "Surname nearly the same"),
            (somebody(family="fareweather"), "surname", "Surname sounds alike"),
            (somebody(family="fairweather jones"), "surname", "Surname is part of the other"),
            (somebody(born="1951-04-05"), "born", "Day and month of birth the other way round"),
            (somebody(born="1951-05-14"), "born", "Date of birth one digit off"),
            (
                somebody(line="flat 1 14 mill ln", born="1951-05-04"),
                "address",
                "Postcode the same, another house",
            ),
        ],
    )
    def test_is_found_in_spite_of_one_difference(self, other: Known, field: str, words: str) -> None:
        assert said(somebody(), other)[field] == words
        assert judged(somebody(), other) == "link"

    def test_is_found_after_marriage_and_a_move_by_number_or_phone(self) -> None:
        def later(nhs: str = "", phone: str = "") -> Known:
            return somebody(
                "margaret", "okafor", "1951-05-04", "3 high street", "cd24ef", nhs=nhs, phone=phone
            )

        assert judged(somebody(nhs=NHS), later(nhs=NHS)) == "link"
        assert judged(somebody(phone="+447700900982"), later(phone="+447700900982")) == "link"

    def test_is_found_by_a_former_name(self) -> None:
        married = somebody(family="okafor", more_names=(Name("margaret", "", "fairweather"),))
        assert said(somebody(), married)["surname"] == "Surname the same as another that they use or had"
        assert judged(somebody(), married) == "link"

    def test_is_found_by_two_of_several_addresses(self) -> None:
        old, new = Place("14 mill lane", "ab101ab", ""), Place("3 high street", "cd24ef", "10001")
        both = Known(names=(Name("margaret", "", "fairweather"),), places=(old, new), born=date(1951, 5, 4))
        assert said(somebody(line="", uprn="10001"), both).get("address") is None
        assert said(somebody(), both)["address"] == "House and postcode the same"

    def test_has_a_rare_name_or_a_common_one(self) -> None:
        assert said(somebody(), somebody())["surname"] == "Surname the same, and rare"
        smith = somebody(family="smith")
        assert said(smith, smith)["surname"] == "Surname the same, and common"

    def test_has_moved_and_another_phone(self) -> None:
        words = said(
            somebody(phone="+447700900982"),
            somebody(line="1 far street", postcode="zz11zz", phone="+441632960001"),
        )
        assert words["address"] == "Moved house, or another address"
        assert words["phone"] == "Phone differs"


class TestTwoPeople:
    """Who share much, and are not joined by themselves."""

    def test_are_twins(self) -> None:
        found = match(somebody("hannah"), somebody("rachel"))
        assert found.veto == "Their forenames are different names, as those of relatives and twins are."
        assert verdict(found, Cutoffs()) != "link"

    def test_are_twins_with_names_that_are_alike(self) -> None:
        found = match(somebody("daniel", phone="+447700900982"), somebody("danielle", phone="+447700900982"))
        assert found.veto or found.score < Cutoffs().link or said(somebody("daniel"), somebody("danielle"))
        alike = match(somebody("joan"), somebody("jean"))
        assert (
            alike.veto == "They were born on one day and their forenames are alike, as those of twins may be."
        )

    def test_are_father_and_son_of_one_name(self) -> None:
        father = somebody("john", "smith", "1951-05-04", phone="+441632960001")
        son = somebody("john", "smith", "1979-11-30", phone="+441632960001")
        assert match(father, son).veto == (
            "Their dates of birth are far apart, as those of parent and child or of namesakes are."
        )
        assert judged(father, son) != "link"

    def test_may_be_father_and_son_while_a_date_of_birth_is_missing(self) -> None:
        found = match(somebody("john", "smith"), somebody("john", "smith", born=""))
        assert found.veto == "A date of birth is missing, and a parent and child may have one name."

    def test_may_be_relatives_while_a_forename_is_missing(self) -> None:
        assert (
            match(somebody(), somebody("")).veto
            == "A forename is missing, and a relative would look the same."
        )

    def test_have_two_valid_numbers(self) -> None:
        found = match(somebody(nhs=NHS), somebody(nhs=OTHER_NHS))
        assert found.veto == "Their NHS numbers are both valid, and differ."
        assert verdict(found, Cutoffs()) == "ask"

    def test_are_a_couple(self) -> None:
        wife = somebody("margaret", "smith", "1951-05-04", phone="+441632960001")
        husband = somebody("john", "smith", "1949-02-11", phone="+441632960001")
        assert judged(wife, husband) == "new"

    def test_are_namesakes_in_two_places(self) -> None:
        other = somebody("john", "smith", "1960-02-11", "9 far street", "zz99zz")
        assert judged(somebody("john", "smith"), other) == "new"

    def test_have_nothing_in_common(self) -> None:
        assert judged(Known(), Known()) == "new"
        assert match(Known(), Known()).reasons == ()


class TestNumbers:
    def test_count_where_one_of_them_is_mistyped(self) -> None:
        found = match(somebody(nhs=NHS), somebody(nhs=MISTYPED_NHS))
        assert "NHS number one digit off, and cannot be right" in {reason.words for reason in found.reasons}
        assert not found.veto

    def test_say_nothing_where_one_of_them_cannot_be_right(self) -> None:
        assert "nhs" not in said(somebody(nhs=NHS), somebody(nhs="1234567890"))

    def test_of_other_systems_count_if_they_are_the_same(self) -> None:
        def customer(number: str) -> Known:
            return Known(names=(Name("ann", "", "lee"),), identifiers={"housing": frozenset({number})})

        assert said(customer("7"), customer("7"))["key"] == "A reference in another system the same"
        assert "key" not in said(customer("7"), customer("8"))


class TestAComparison:
    def test_is_the_same_both_ways_for_any_two_people(self) -> None:
        people = [known for _, _, _, known in records(300)]
        for one, other in pairwise(people):
            ways = match(one, other), match(other, one)
            assert ways[0].score == pytest.approx(ways[1].score)
            assert ways[0].veto == ways[1].veto

    def test_adds_up_to_the_prior_and_its_reasons(self) -> None:
        found = match(somebody(phone="+441632960001"), somebody(phone="+441632960001"))
        assert found.score == pytest.approx(WEIGHTS.start[0] + sum(reason.points for reason in found.reasons))

    def test_never_counts_what_is_missing(self) -> None:
        bare = Known(names=(Name("margaret", "", "fairweather"),))
        assert {reason.field for reason in match(bare, somebody()).reasons} <= {
            "forename",
            "surname",
            "household",
        }

    @given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(-40_000, 40_000))
    def test_has_a_level_for_any_two_dates(self, one: date, days: int) -> None:
        other = max(date(1880, 1, 1), one + timedelta(days=days))
        level = levels.born(Known(born=one), Known(born=other))
        assert 0 < level < len(next(field for field in FIELDS if field.key == "born").names)


class TestAVerdict:
    def test_links_only_who_leads_clearly(self) -> None:
        strong, near, weak = (Match(score, (), "") for score in (12.0, 10.0, 1.0))
        assert verdicts([("a", strong), ("b", weak)], Cutoffs()) == ["link", "ask"]
        assert verdicts([("a", strong), ("b", near)], Cutoffs()) == ["ask", "ask"]
        assert verdicts([("a", strong), ("a", near)], Cutoffs()) == ["link", "link"]
        assert verdicts([], Cutoffs()) == []

    def test_follows_the_cutoffs_of_a_council(self) -> None:
        assert verdict(Match(8.0, (), ""), Cutoffs(link=10.0, ask=5.0)) == "ask"
        assert verdict(Match(4.0, (), ""), Cutoffs(link=10.0, ask=5.0)) == "new"


class TestWeights:
    def test_come_back_from_json(self) -> None:
        again = Weights.load(WEIGHTS.body)
        assert again.body == WEIGHTS.body
        assert compare(again, somebody(), somebody("peggy")) == match(somebody(), somebody("peggy"))

    def test_say_where_they_come_from(self) -> None:
        assert WEIGHTS.version == 0
        assert "made-up" in WEIGHTS.note

    def test_are_refused_if_a_field_or_a_chance_is_wrong(self) -> None:
        body = WEIGHTS.body
        with pytest.raises(ValueError, match="'middle' is missing or wrong"):
            Weights.load(
                {**body, "fields": {key: each for key, each in body["fields"].items() if key != "middle"}}
            )
        with pytest.raises(ValueError, match="A chance is between 0 and 1"):
            Weights.load({**body, "prior": 2})

    def test_count_for_what_is_equal_and_against_what_differs(self) -> None:
        for key, found in WEIGHTS.chances.items():
            if "differs" in found and key != "key":
                best = max(each.points for level, each in found.items() if level != "differs")
                assert best > 0 > found["differs"].points

    def test_make_reasons_with_words(self) -> None:
        assert all(
            isinstance(reason, Reason) and reason.words for reason in match(somebody(), somebody()).reasons
        )
