"""A secret opens however its bytes came, and nothing else does."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.transport.secrets import basic_opens, opens

SECRET = "sécret-ü"  # noqa: S105  opens nothing


def header(raw: bytes) -> str:
    """As a server shows a header's bytes."""
    return raw.decode("latin-1")


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_a_secret_beyond_ascii_opens_in_either_coding(coding: str) -> None:
    assert opens(header(SECRET.encode(coding)), SECRET)
    coded = base64.b64encode(f"us:{SECRET}".encode(coding)).decode()
    assert basic_opens(f"Basic {coded}", "us", SECRET)


@pytest.mark.parametrize("given", ["", "secret-u", SECRET + " ", "\N{SNOWMAN}"])
def test_anything_else_does_not(given: str) -> None:
    assert not opens(given, "another")


@given(st.text())
def test_an_empty_secret_opens_nothing(given: str) -> None:
    assert not opens(given, "")
    assert not basic_opens(f"Basic {given}", "", "")


@pytest.mark.parametrize(
    "given", ["", "Basic", "Basic !!!", "Bearer dXM6cHc=", "Basic dXM6cHc", "dXM6cHc="]
)
def test_what_is_no_basic_header_does_not_open(given: str) -> None:
    assert not basic_opens(given, "us", "pw")


def test_basic_is_written_in_any_case() -> None:
    assert basic_opens("bAsIc dXM6cHc=", "us", "pw")
