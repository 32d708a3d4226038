"""Phone fields: whatever is written around a number, the number is found."""

import pytest

from connector.mapping.convert import to_phone
from connector.mapping.phones import readings, valid_readings

# ruff: noqa: RUF001 - letters and digits that look alike are what is tested
IN, US, DE = ("IN",), ("US",), ("DE",)
WIFE, DESK, DESK_2, BAY = (
    "+919820011101",
    "+912240123301",
    "+912240123302",
    "+14155552671",
)


@pytest.mark.parametrize(
    "written",
    [
        "9820011101",
        "98200 11101 (wife)",
        "Mobile: 98200 11101",
        "M9820011101",
        "tel:+91-98200-11101",
        "sip:+919820011101@10.0.0.1",
        "91-9820011101",
        "919820011101",
        "098200 11101",
        "00919820011101",
        "+00919820011101",
        "++91 98200 11101",
        "(+91) 98200 11101",
        "+(91) 98200 11101",
        "+91 (0) 98200 11101",
        "+91 - 98200 - 11101",
        "+-91 98200 11101",
        "98200_11101",
        "98200*11101",
        "98200 11101 (2)",
        "98200 11101 9 to 5",
        "98200 11101 (24 hrs)",
        "98200 11101 (24 hrs",
        "98200 11101 (3210)",
        "98200 11101(1) (new)",
        "98200 11101 [2nd floor, room 4012]",
        "98200 11101 2nd floor",
        "98200 11101 24 hrs",
        "+91 98200 11101 24x7",
        "98200 11101 - 22",
        "0919820011101",
        "98200•11101",
        "98200 111O1",
        "98200-1O1-O1, call 98200 11101",
        "+91 98200\n11101",
        "+91  (98200)  11101",
        "1) 98200 11101",
        "1. 98200 11101",
        "9820011101.0",
        "9,820,011,101",
        "Phone# 98200 11101",
        "98200 11101, room 4012",
        "९८२०० १११०१",
        "٩٨٢٠٠١١١٠١",
        "＋９１　９８２００　１１１０１",
        "\u202a+91 98200 11101\u202c",
        "98200\u200b11101",
        "98200\u00a011101",
        "98200–11101",
        "9\ufe0f\u20e3820011101",
    ],
)
def test_one_indian_number_in_any_writing(written: str) -> None:
    assert readings(written, IN) == (WIFE,)


@pytest.mark.parametrize(
    "extension",
    [
        "x22",
        " x 22",
        " ext. 22",
        ";ext=22",
        " #22",
        " extension 22",
        ",,22",
        ",22",
        " ext 9820011102",
        ",,9820011102#",
        " #22#",
        " доб. 12",
        " anexo 7",
    ],
)
def test_an_extension_is_dropped(extension: str) -> None:
    assert readings("98200 11101" + extension, IN) == (WIFE,)


@pytest.mark.parametrize(
    "between",
    [
        " / ",
        "/",
        ", ",
        "; ",
        ";",
        "|",
        "\n",
        " or ",
        " and ",
        " & ",
        "&",
        " - ",
        "   ",
        "\t",
        " ",
        " x12, ",
        " #12 / ",
        " office ",
        "-",
        "_",
        "·",
        " (24 hrs), ",
    ],
)
def test_two_numbers_in_a_field_are_both_found(between: str) -> None:
    assert readings(f"022-4012-3301{between}98200 11101", IN) == (DESK, WIFE)


@pytest.mark.parametrize(
    ("written", "regions", "found"),
    [
        ("022-40123301/02", IN, (DESK, DESK_2)),
        ("+91 22 4012 3301 / 2", US, (DESK, DESK_2)),
        ("1) 98200 11101 2) 022 40123301", IN, (WIFE, DESK)),
        ("P:022 40123301 F:022 40123302", IN, (DESK, DESK_2)),
        ("+919820011101+14155552671", IN, (WIFE, BAY)),
        ("98200 11101 022 40123301", IN, (WIFE, DESK)),
        ("(98200 11101)(022 40123301)", IN, (WIFE, DESK)),
        ("98200 11101 (022 40123301)", IN, (WIFE, DESK)),
        ("+919820011101-022-40123301", IN, (WIFE, DESK)),
        ("022-40123301/02 (2)", IN, (DESK, DESK_2)),
        ("030/1234567", DE, ("+49301234567",)),
        ("030 / 7654321", DE, ("+49307654321",)),
        ("030/1234567-22", DE, ("+4930123456722",)),
        ("030/1234567 / 030/7654321", DE, ("+49301234567", "+49307654321")),
        ("030 12345 / 030 54321", DE, ("+493012345", "+493054321")),
        ("3130/56241", ("LU",), ("+352313056241",)),
    ],
)
def test_a_slash_parts_numbers_or_stands_in_one(
    written: str, regions: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert readings(written, regions) == found


@pytest.mark.parametrize(
    ("written", "regions", "found"),
    [
        ("+44 (0)20 7946 0018", US, "+442079460018"),
        ("+39 (0)6 6982 1234", US, "+390669821234"),
        ("+34 (0)912 345 678", US, "+34912345678"),
        ("＋65 9123 4567", IN, "+6591234567"),
        ("06 6982 1234", ("IT",), "+390669821234"),
        ("0 15 11 2345 6789", ("BR",), "+551123456789"),
        ("(0xx11) 2345-6789", ("BR",), "+551123456789"),
        ("+52 1 55 1234 5678", US, "+525512345678"),
        ("5215512345678", ("MX",), "+525512345678"),
        ("5215512345678", US, "+525512345678"),
        ("044 55 1234 5678", ("MX",), "+525512345678"),
        ("011 91 98200 11101", US, WIFE),
        ("0011 91 98200 11101", ("AU",), WIFE),
        ("001 415 555 2671", US, BAY),
        ("001 310 1000", ("CA",), "+13101000"),
        ("call after 5: +1 415 555 2671", IN, BAY),
        ("14155552671", IN, BAY),
        ("1 (415) 555-2671 home", US, BAY),
        ("13 22 87", ("AU",), "+61132287"),
        ("+800 1234 5678", IN, "+80012345678"),
        ("1. 97823 45678", IN, "+919782345678"),
    ],
)
def test_each_country_has_its_ways(
    written: str, regions: tuple[str, ...], found: str
) -> None:
    assert readings(written, regions) == (found,)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1-800-FLOWERS", "+18003569377"),
        ("1-800-flowers x22", "+18003569377"),
        ("order: (800) FLOWERS now", "+18003569377"),
        ("1-800-GO-FEDEX", "+18004633339"),
        ("415-555-HOME", "+14155554663"),
        ("1-312-555-0BIG", "+13125550244"),
    ],
)
def test_letters_are_read_as_keys(written: str, found: str) -> None:
    assert readings(written, US) == (found,)


@pytest.mark.parametrize("written", ["415 555 home", "415-555-XXXX", "98xxxx1101"])
def test_words_and_masks_are_not_read_as_keys(written: str) -> None:
    assert readings(written, US) == ()


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "+",
        "0",
        "12",
        "112",
        "withheld",
        "N/A",
        "+1 555",
        "9.82001E+09",
        "98765432101234567890",
        "2024-01-31",
        "31.12.2024",
        "000 000 0000",
        "+1 999 999 9999",
        "\x00",
        "²²²",
        "+²",
        "٠" * 300,
    ],
)
def test_what_is_no_number_has_no_reading(written: str) -> None:
    assert readings(written, ("IN", "US")) == ()


def test_each_region_reads_in_its_turn() -> None:
    assert readings("4155552671", ("IN", "US")) == ("+914155552671", BAY)
    assert readings("4155552671", ("US", "IN")) == (BAY, "+914155552671")
    assert readings("4155552671", ("US", "CA")) == (BAY,)


def test_the_country_reads_alone_where_it_can() -> None:
    assert readings("4155552671", ("IN",), "US") == (BAY,)
    assert readings("98200 11101", ("IN",), "US") == (WIFE,)
    assert readings("+91 98200 11101", ("US",), "US") == (WIFE,)
    assert readings("98200 11101", ("IN",), "no region") == (WIFE,)


def test_a_prefix_for_calls_abroad_hides_no_number_of_another_region() -> None:
    assert readings("011 4930 1234", ("US", "IN")) == ("+49301234", "+911149301234")


def test_a_missing_plus_is_guessed_only_where_nothing_else_is_valid() -> None:
    assert readings("4155550100", US) == ("+14155550100",)
    assert valid_readings("6591234567", ("AE",)) == ()
    assert readings("+6591234567", ("AE",)) == ("+6591234567",)


def test_without_regions_only_international_numbers_are_read() -> None:
    assert readings("98200 11101, +91 98200 11101", ()) == (WIFE,)


def test_a_short_run_of_digits_counts_only_by_itself() -> None:
    assert readings("13 22 87", ("AU",)) == ("+61132287",)
    assert readings("0491 570 006, unit 13 22 87", ("AU",)) == ("+61491570006",)


def test_a_number_that_the_limit_cuts_is_not_read() -> None:
    words = "x" * 185 + " "
    assert readings(words + "+919820011101", IN) == (WIFE,)
    assert readings(words + "and  +919820011101", IN) == ()
    assert readings(words + "+49 30 1234567890", IN) == ()


def test_a_mapping_takes_the_first_number_or_the_text() -> None:
    assert to_phone("Wife: 98200 11101 / 022 40123301", IN) == WIFE
    assert to_phone(" withheld ", IN) == "withheld"
    assert to_phone("(555) 123-4567", US) == "(555) 123-4567"
