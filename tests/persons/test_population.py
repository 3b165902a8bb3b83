"""The invented population: whole households, the same for one seed, with the troubles that real files have."""

from collections import Counter

from tests.persons.population import known, newcomers, people, population, records
from tests.persons.population_people import nhs_number


class TestThePopulation:
    def test_is_the_same_for_one_seed_and_another_for_the_next(self) -> None:
        first, again, other = list(people(500)), list(people(500)), list(people(500, seed=7))
        assert first == again
        assert first != other

    def test_numbers_everybody_once(self) -> None:
        assert [person.truth for person in people(1000)] == list(range(1000))

    def test_finds_one_person_without_the_others(self) -> None:
        whole = population(1000)
        assert [whole.somebody(truth) for truth in (0, 400, 999)] == [
            person for person in people(1000) if person.truth in {0, 400, 999}
        ]

    def test_has_families_at_one_address(self) -> None:
        homes: dict[int, set[str]] = {}
        for person in people(2000):
            homes.setdefault(person.household, set()).add(person.family)
        shared = Counter(len(families) for families in homes.values())
        assert len(homes) < 1100
        assert shared[1] > len(homes) / 2

    def test_has_twins_juniors_and_changed_names(self) -> None:
        found = list(people(20_000))
        assert {"twin", "junior", "grandmother", "sharer"} <= {person.role for person in found}
        assert any(person.former for person in found)
        assert {person.group for person in found} == {"English", "Welsh", "South Asian", "Polish", "African"}

    def test_gives_valid_nhs_numbers_of_the_range_for_tests(self) -> None:
        numbers = [nhs_number(place) for place in range(1000)]
        assert len(set(numbers)) == 1000
        for number in numbers:
            assert number.startswith("999")
            assert (
                sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9])) % 11
                == (-int(number[9])) % 11
            )


class TestTheSources:
    def test_miss_nhs_numbers_as_often_as_they_do(self) -> None:
        all_of, without = Counter[str](), Counter[str]()
        for source, _, _, held in records(10_000):
            all_of[source] += 1
            without[source] += not held.identifiers
        missing = {source: without[source] / all_of[source] for source in all_of}
        assert missing["housing"] == 1
        assert missing["gp"] < 0.02 < missing["hospital"] < 0.1 < missing["social-care"] < 0.45
        assert missing["schools"] > 0.9

    def test_make_mistakes_but_not_always(self) -> None:
        truth = {person.truth: known(person) for person in people(3000)}
        born = [held.born == truth[number].born for _, _, number, held in records(3000)]
        assert 0.9 < sum(born) / len(born) < 1


class TestNewcomers:
    def test_are_new_or_known_and_the_new_are_mostly_relatives(self) -> None:
        came = list(newcomers(5000, 1000))
        new = [one for one in came if one.truth is None]
        assert 300 < len(new) < 500
        assert sum(one.how in {"stranger", "namesake"} for one in new) < len(new) / 4
        assert all(one.known.names for one in came)
