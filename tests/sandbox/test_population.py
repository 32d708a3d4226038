"""As many people as are wanted, each with numbers of their own."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.callyzer import CLIENTS, NEWCOMER, TEAM
from connector.sandbox.population import MOST, NUMBERS, Person, person, stranger

INDEXES = st.integers(min_value=0, max_value=MOST - 1)


def valid(who: Person) -> list[bool]:
    return [
        phonenumbers.is_valid_number(phonenumbers.parse(f"+{who.country_code}{n}"))
        for n in who.numbers
    ]


@given(INDEXES)
def test_everybody_has_numbers_that_exist(index: int) -> None:
    assert valid(person(index)) == [True] * NUMBERS
    assert valid(stranger(index)) == [True] * NUMBERS


@given(INDEXES, INDEXES)
def test_no_two_people_share_a_number(one: int, other: int) -> None:
    shared = {*person(one).numbers} & {*person(other).numbers}

    assert bool(shared) is (one == other)


def test_many_people_have_as_many_numbers_as_three_times_their_count() -> None:
    people = [person(index) for index in range(20_000)]
    strangers = [stranger(index) for index in range(2_000)]
    invented = [e.number for e in TEAM] + [c.number for c in (*CLIENTS, NEWCOMER)]

    numbers = [n for who in (*people, *strangers) for n in who.numbers]

    assert len({*numbers, *invented}) == NUMBERS * 22_000 + len(invented)


def test_people_are_of_both_countries_and_of_many_names() -> None:
    people = [person(index) for index in range(5_000)]

    indians = sum(who.country_code == "91" for who in people)
    assert 2_700 < indians < 3_300
    assert len({(who.first_name, who.last_name) for who in people}) > 1_000


@pytest.mark.parametrize("index", [-1, MOST])
def test_there_is_nobody_before_the_first_or_after_the_last(index: int) -> None:
    with pytest.raises(ValueError, match="no person"):
        person(index)
