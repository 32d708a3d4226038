"""Lists of numbers in a mapping file: what is in them, and what can't be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.ranges import listed_as, parse_numbers

REGIONS = ("IN", "US")


def test_a_list_has_its_numbers_beginnings_and_ranges() -> None:
    listed = parse_numbers(
        [
            "98200 11101",
            "+91 22 4012 33*",
            "00 44 20*",
            "+1 415 555 2600 to +1 (415) 555-2699",
        ],
        REGIONS,
    )
    inside = ["+919820011101", "+912240123300", "+912240123399", "+442079460018"]
    inside += ["+14155552600", "+14155552650", "+14155552699"]
    outside = ["+919820011102", "+912240123400", "+44161", "+14155552599"]
    outside += ["+14155552700", "+141555526500", "+1415555265"]
    assert [number for number in inside + outside if listed.has(number)] == inside


def test_an_empty_list_has_nothing() -> None:
    assert not parse_numbers([], REGIONS).has("+919820011101")


def test_a_number_without_its_country_is_from_the_first_region_that_has_it() -> None:
    listed = parse_numbers(["4155552671"], ("US", "IN"))
    assert listed.has("+14155552671")
    assert not listed.has("+914155552671")


def test_a_range_with_a_beginning_below_it_stays_apart() -> None:
    listed = parse_numbers(
        ["+1 415 555 2600 to +1 415 555 2700", "+1 415 555 2650 to +1 415 555 2660"], ()
    )
    assert listed.has("+14155552690")


@pytest.mark.parametrize(
    ("item", "written"),
    [
        ("121", "121"),
        ("56 161", "56161"),
        ("101", " 1-0-1 "),
        ("1 01", "१०१"),
        ("+1 555 123 4567", "(555) 123-4567 x22"),
        ("13 22 87", "132287"),
    ],
)
def test_short_codes_and_numbers_that_may_be_are_listed_too(
    item: str, written: str
) -> None:
    regions = ("US", "AU")
    listed = parse_numbers([item, "+91 22 4012 33*"], regions)
    assert any(map(listed.has, listed_as(written, regions)))
    assert not any(map(listed.has, listed_as("1211", regions)))


def test_words_are_listed_as_nothing() -> None:
    assert listed_as("withheld", REGIONS) == ()
    assert listed_as("room 121", REGIONS) == ()
    assert listed_as("+121", REGIONS) == ()


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("", "no valid phone number"),
        ("office", "no valid phone number"),
        ("98200 1110", "no valid phone number"),
        ("+91 98200", "no valid phone number"),
        ("121 to 125", "'121' in"),
        ("98200 11101 / 98200 11102", "several phone numbers"),
        ("+91 98200 11101, +1 415 555 2671", "several phone numbers"),
        ("*", "no beginning"),
        ("022 4012*", "no beginning"),
        ("+91*22*", "no beginning"),
        ("+91 22**", "no beginning"),
        ("+44 (0)20*", "no beginning"),
        ("+999*", "no beginning"),
        ("+91 98200 11101 to 11109", "'11109' in"),
        ("+91 98200 11109 to +91 98200 11101", "no range"),
        ("+49 30 123456 to +49 30 1234567", "no range"),
        ("98200 11101 to 98200 11102 to 98200 11103", "no range"),
    ],
)
def test_an_item_that_cannot_be_read_is_told_by_its_words(item: str, told: str) -> None:
    with pytest.raises(ValueError, match="phone number") as wrong:
        parse_numbers(["98200 11101", item], REGIONS)
    assert told in str(wrong.value)
    assert repr(item) in str(wrong.value)


LINES = st.integers(0, 9_999)


def line(number: int) -> str:
    """A number of an Indian block of ten thousand."""
    return f"+91224012{number:04}"


@given(
    singles=st.lists(LINES),
    ends=st.lists(st.tuples(LINES, LINES).map(sorted)),
    beginnings=st.lists(st.text("0123456789", min_size=1, max_size=4)),
    asked=LINES,
)
def test_a_number_is_in_a_list_when_an_item_covers_it(
    singles: list[int], ends: list[list[int]], beginnings: list[str], asked: int
) -> None:
    items = [line(number) for number in singles]
    items += [f"{line(first)} to {line(last)}" for first, last in ends]
    items += [f"+91 22 4012 {beginning}*" for beginning in beginnings]
    expected = (
        asked in singles
        or any(first <= asked <= last for first, last in ends)
        or any(f"{asked:04}".startswith(beginning) for beginning in beginnings)
    )
    listed = parse_numbers(items, REGIONS)
    assert listed.has(line(asked)) == expected
    assert listed == parse_numbers(items[::-1], REGIONS)


@given(text=st.text() | st.text("0123456789\u0660 ").map("+1".__add__))
def test_no_text_but_a_number_is_in_a_list(text: str) -> None:
    listed = parse_numbers(["+1*", "+91 22 4012 3300 to +91 22 4012 3399"], ())
    digits = text.removeprefix("+1")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 20
    assert listed.has(text) == (text.startswith("+1") and is_number)


@given(item=st.text() | st.text("+0123456789* to/,"))
def test_any_item_is_read_or_told(item: str) -> None:
    try:
        parse_numbers([item], REGIONS)
    except ValueError as wrong:
        assert repr(item) in str(wrong)  # noqa: PT017 - most items raise, some don't
