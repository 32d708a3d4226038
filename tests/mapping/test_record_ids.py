"""Ids of CRM records: 15 characters whose case counts, or 18."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.record_ids import long_id


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("00T00000000000B", "00T00000000000BEAQ"),
        ("001D000000IqhSL", "001D000000IqhSLIAZ"),
        ("0035000000Xjc2a", "0035000000Xjc2aAAB"),
        ("001D000000IqhSLIAZ", "001D000000IqhSLIAZ"),
    ],
)
def test_an_id_gets_its_three_check_characters(written: str, full: str) -> None:
    assert long_id(written) == full


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00001026",
        "001D000000IqhSLIAA",
        "001d000000iqhsliaz",
        "001D000000IqhSL ",
        "001D000000IqhSLIAZ\n",
        "001D000000IqhS-",
        "\u0660\u0660\u0661D000000IqhSL",
        "001D000000IqhSLI",
    ],
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert long_id(text) is None


@given(short=st.from_regex(r"[0-9A-Za-z]{15}", fullmatch=True))
def test_a_long_id_stays_as_it_is_and_tells_its_letters_case(short: str) -> None:
    full = long_id(short)

    assert full is not None
    assert long_id(full) == full
    assert full.startswith(short)
    assert short == short.lower() or long_id(full.lower()) is None


@given(text=st.text())
def test_any_text_is_an_id_or_none(text: str) -> None:
    found = long_id(text)

    assert found is None or found.startswith(text[:15])
