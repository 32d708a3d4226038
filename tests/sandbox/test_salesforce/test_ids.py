"""Ids in their two forms (REST API Developer Guide, "ID Field Type")."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.salesforce import ids

SHORT_IDS = st.text(ids.DIGITS, min_size=15, max_size=15)


@pytest.mark.parametrize("known", ["001D000000IqhSLIAZ", "001RM000003oLrfYAE"])
def test_the_last_three_characters_are_those_of_real_ids(known: str) -> None:
    assert ids.lengthened(known[:15]) == known


@given(SHORT_IDS)
def test_a_long_id_survives_the_loss_of_its_case(short: str) -> None:
    long = ids.lengthened(short)

    assert ids.normal(short) == long
    assert ids.normal(long.lower()) == long
    assert ids.normal(long.upper()) == long


@given(st.integers(0, 62**9 - ids.FIRST - 1))
def test_made_ids_are_well_formed(number: int) -> None:
    made = ids.make("00T", number)

    assert len(made) == 18
    assert ids.normal(made) == made
    assert made.startswith("00T")


def test_made_ids_are_in_order_and_all_different() -> None:
    made = [ids.make("00T", number) for number in range(10_000)]

    assert made == sorted(set(made))


@pytest.mark.parametrize(
    "wrong",
    ["", "00T", "00T5g0000010001AA", "00T5g0000010001AA!", "00T5g0000010001999"],
)
def test_what_is_no_id_is_known(wrong: str) -> None:
    assert ids.normal(wrong) is None


def test_a_wrong_checksum_is_known() -> None:
    made = ids.make("00T", 1)

    assert ids.normal(made[:15] + "5" + made[16:]) is None
