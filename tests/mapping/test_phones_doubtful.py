"""Numbers with notes beside them, and such as nobody has: what they are read as."""

import pytest

from connector.mapping.phones import readings, valid_readings

IN, US = ("IN",), ("US",)


@pytest.mark.parametrize(
    "note", [" (1)", " (24 hrs)", " 12", " - 22", " 2nd floor", "/22", " (98)"]
)
@pytest.mark.parametrize("number", ["7914177763", "9812415868", "9198391454"])
def test_a_note_makes_no_foreign_number_of_an_indian_one(
    number: str, note: str
) -> None:
    found = readings(number + note, ("IN", "US"))
    assert f"+91{number}" in found
    assert all(e164.startswith("+91") for e164 in found) or len(found) > 1


@pytest.mark.parametrize(
    ("written", "regions", "found"),
    [
        ("(555) 123-4567", US, ("+15551234567",)),
        ("+1 555 123 4567 x22", IN, ("+15551234567",)),
        ("1-555-123-4567 (home)", US, ("+15551234567",)),
        ("555.123.4567", ("IN", "US"), ("+915551234567", "+15551234567")),
        ("0555 123 4567", IN, ("+915551234567",)),
        ("91 5551234567", IN, ("+915551234567",)),
        ("98200 1110", IN, ("+91982001110",)),
        ("555-0100", US, ()),
        ("+1 211 555 0123 - ask me", ("GB",), ("+12115550123",)),
        ("0044 60123 45678", ("SG",), ("+446012345678",)),
        ("(+44)  4012345678", US, ("+444012345678",)),
        ("415 555 home", US, ()),
    ],
)
def test_a_number_that_may_be_one_is_read_where_none_is_valid(
    written: str, regions: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert valid_readings(written, regions) == ()
    assert readings(written, regions) == found


def test_beside_a_valid_number_one_that_may_be_is_not_read() -> None:
    assert readings("(555) 123-4567, (415) 555-2671", US) == ("+14155552671",)
