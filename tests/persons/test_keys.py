"""Keys by which a record is found: one slip of the fingers never loses somebody."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from moothall.persons.rules import keys
from moothall.persons.rules.known import Known, Name, Place
from tests.persons.population import known, newcomers, people, population

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = some.text(LETTERS, min_size=3, max_size=12)
DATES = some.dates(date(1915, 1, 1), date(2026, 11, 1))
POSTCODES = some.from_regex(r"z[xy][1-9][0-9]?[0-9][abdefgh]{2}", fullmatch=True)
LINES = some.builds("{} {} road".format, some.integers(1, 300), WORDS)
SOMEBODY = some.builds(
    lambda given, family, born, line, postcode: Known((Name(given, "", family),), born, (Place(line, postcode),)),
    WORDS, WORDS, DATES, LINES, POSTCODES,
)  # fmt: skip


@some.composite
def slip(draw: some.DrawFn, word: str) -> str:
    """Return a word with one letter left out, doubled, changed, or two in the wrong order."""
    place = draw(some.integers(0, len(word) - 1))
    kind = draw(some.sampled_from(["left out", "more", "other", "turned"]))
    letter = draw(some.sampled_from(LETTERS + "0123456789"))
    if kind == "left out":
        return word[:place] + word[place + 1 :]
    if kind == "more":
        return word[:place] + letter + word[place:]
    if kind == "other":
        return word[:place] + letter + word[place + 1 :]
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


@some.composite
def with_one_mistake(draw: some.DrawFn) -> tuple[Known, Known]:
    """Return somebody, and the same with one of what is known of them wrong or missing."""
    person = draw(SOMEBODY)
    name, place = person.names[0], person.places[0]
    wrong = draw(
        some.sampled_from(["given", "family", "born", "no date", "line", "postcode", "moved", "turned"])
    )
    if wrong in {"given", "family"}:
        names = (replace(name, **{wrong: draw(slip(getattr(name, wrong)))}),)
        return person, replace(person, names=names)
    if wrong == "turned":
        return person, replace(person, names=(Name(name.family, "", name.given),))
    if wrong == "born":
        assert person.born
        part = draw(some.sampled_from(["day", "month", "year"]))
        value = draw(some.integers(1, 12)) if part != "year" else draw(some.integers(1915, 2026))
        before = person.born.replace(day=min(person.born.day, 28))
        return replace(person, born=before), replace(person, born=before.replace(**{part: value}))
    if wrong == "no date":
        return person, replace(person, born=None)
    if wrong == "moved":
        return person, replace(person, places=(Place(draw(LINES), draw(POSTCODES)),))
    places = (replace(place, **{wrong: draw(slip(getattr(place, wrong)))}),)
    return person, replace(person, places=places)


class TestBlocking:
    @given(with_one_mistake())
    def test_never_loses_somebody_over_one_mistake(self, both: tuple[Known, Known]) -> None:
        held, said = both
        assert keys.every(held) & keys.blocking(said)
        assert keys.every(said) & keys.blocking(held)

    @given(some.data())
    def test_needs_no_date_of_birth(self, data: some.DataObject) -> None:
        held = replace(data.draw(SOMEBODY), born=None)
        name = held.names[0]
        said = replace(held, names=(replace(name, given=data.draw(slip(name.given))),))
        assert keys.every(held) & keys.blocking(said)

    @given(SOMEBODY)
    def test_finds_day_and_month_in_either_order(self, person: Known) -> None:
        assert person.born
        born = person.born
        if born.day <= 12:
            turned = replace(person, born=born.replace(day=born.month, month=born.day))
            assert keys.every(turned) == keys.every(person) or born.day == born.month

    @pytest.mark.parametrize(
        ("one", "other"),
        [("mohammed", "muhammad"), ("hussain", "hussein"), ("akhtar", "akhter"), ("qureshi", "quraishi"),
         ("yousaf", "yusuf"), ("siddiqui", "siddiqi"), ("smith", "smyth"), ("stephen", "steven")],
    )  # fmt: skip
    def test_hears_names_that_are_written_in_several_ways_as_one(self, one: str, other: str) -> None:
        assert set(keys.sounds(one)) & set(keys.sounds(other))

    def test_finds_somebody_by_a_number_alone(self) -> None:
        held = Known((Name("ann", "", "lee"),), identifiers={"nhs": frozenset({"9990000018"})})
        said = Known((Name("x", "", "y"),), identifiers={"nhs": frozenset({"9990000018"})})
        assert keys.blocking(held) & keys.blocking(said)

    def test_of_a_new_surname_and_a_new_address_is_still_the_date_and_the_forename(self) -> None:
        held = Known((Name("ann", "", "lee"),), date(1980, 5, 4), (Place("1 ash road", "zx11aa"),))
        said = Known((Name("ann", "", "brown"),), date(1980, 5, 4), (Place("9 elm road", "zy22bb"),))
        assert keys.blocking(held) & keys.blocking(said)

    def test_finds_nearly_everybody_who_comes_to_a_desk(self) -> None:
        whole = population(5000)
        came = [one for one in newcomers(5000, 1500) if one.truth is not None]
        found = [
            bool(keys.every(known(whole.somebody(one.truth))) & keys.blocking(one.known))
            for one in came
            if one.truth is not None
        ]
        assert sum(found) / len(found) > 0.99


class TestWords:
    def test_are_part_of_every_key(self) -> None:
        for person in people(300):
            everything = keys.every(known(person))
            assert keys.words(known(person)) | keys.blocking(known(person)) >= everything

    def test_are_never_more_than_the_most(self) -> None:
        many = Known(tuple(Name(f"a{number}", "", f"b{number}") for number in range(99)), date(1980, 5, 4))
        assert len(keys.every(many)) == keys.MOST

    def test_are_signed_numbers_of_64_bits(self) -> None:
        found = [key for person in people(300) for key in keys.every(known(person))]
        assert min(found) < 0 < max(found)
        assert all(-(2**63) <= key < 2**63 for key in found)

    def test_of_a_phone_are_the_same_however_it_begins(self) -> None:
        assert keys.last_digits("+447700900982") == keys.last_digits("07700 900982")


class TestSpellings:
    @given(WORDS, some.data())
    def test_of_two_words_one_slip_apart_have_one_in_common(self, word: str, data: some.DataObject) -> None:
        assert keys.spellings(word) & keys.spellings(data.draw(slip(word)))

    def test_are_few(self) -> None:
        assert len(keys.spellings("wojciechowska")) <= 92
        assert keys.spellings("li") == {"li"}
