"""What is masked in logs, and what is left alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.log import mask_phones, mask_secrets

JWT = "eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl"
SESSION = "00D5g0000010001EAA!AQcAQ.abc_DEF"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEhush\n-----END RSA PRIVATE KEY-----"


# ── phone numbers ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "+919930042365",
        "+91 99300 42365",
        "+91-99300-42365",
        "+1 (415) 555-2365",
        "+44 20 7946 0365",
        "9930042365",
        "919930042365",
        "00919930042365",
        "99300 42365",
        "98200-42365",
        "(020) 2345-6365",
        "020-23456365",
        "415-555-2365",
        "415.555.2365",
        "%2B919930042365",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "call {} failed",
        "tel:{}",
        "'{}',",
        '{{"n": "{}"}}',
        "phone={}",
        "({}).",
        '"n":{}',
    ],
)
def test_a_phone_number_is_masked_but_for_its_end(text: str, around: str) -> None:
    masked = mask_phones(around.format(text))

    assert masked == around.format("***365")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026-11-21T08:40:39Z",
        "2026-11-21T08:40:39.123456+00:00",
        "2026-11-21 09:59:40.716737+05:30",
        "from 2026-11-21 08:40 to 2026-11-22 09:00",
        "2026-11-16 10:35:02 IST",
        "21-11-2026 10:35:02",
        "21/11/2026",
        "00:05:30",
        "+0530",
        "0055g0000010009AAA",
        "00T5g000001AbCdEAK, 00T5g000001AbCeEAK",
        "005500000100091",
        "callyzer:12345678901",
        "55084000-1234-4123-9123-446655440000",
        "7CMowPI1KSt0PzP5ddNRO38-WTyvWfXR_7qcSDxea3Y",
        "http://127.0.0.1:41885/api/v2.1",
        "https://org.my.salesforce.com/services/data/v62.0/query",
        "192.168.100.200:8080",
        "host:4153:9f3a2b11",
        "62.0",
        "2.16.3",
        "took 12345.678901 seconds",
        "30.25",
        "1234567 records",
        "read 12345678 rows, wrote 123456789",
        "at most 720 CRM calls, 0.7% of its 100,000",
        "1795250000",
        "1795250000.123",
        "1795250000123",
        "mappings/calls.yaml:45:3: warning",
        "HTTP 503",
        "-42",
    ],
)
def test_what_is_no_phone_number_survives(text: str) -> None:
    assert mask_phones(text) == text
    assert mask_phones(f"({text}) and '{text}'") == f"({text}) and '{text}'"


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas())
def test_no_moment_and_no_duration_is_mangled(at: datetime, wait: timedelta) -> None:
    for text in (str(at), at.isoformat(), f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at.date()}"):
        assert mask_phones(text) == text
    assert mask_phones(f"waits {wait}") == f"waits {wait}"


@given(st.uuids())
def test_no_uuid_is_mangled(name: UUID) -> None:
    assert mask_phones(str(name)) == str(name)


@given(st.integers(6_000_000_000, 9_999_999_999))
def test_every_mobile_number_of_india_is_masked(number: int) -> None:
    digits = str(number)

    for text in (digits, f"+91{digits}", f"+91 {digits[:5]} {digits[5:]}"):
        assert digits[:5] not in mask_phones(f"{text} called")


# ── secrets ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer ***"),
        ("bearer  abc", "bearer  ***"),
        ("authorization=Basic abc", "authorization=Basic ***"),
        ("access_token=abc&state=1", "access_token=***&state=1"),
        ('{"access_token": "abc", "a": 1}', '{"access_token": "***", "a": 1}'),
        (r"{\"refresh_token\":\"abc\"}", r"{\"refresh_token\":\"***\"}"),
        ("client_secret='abc'", "client_secret='***'"),
        ("CALLYZER_TOKEN=abc", "CALLYZER_TOKEN=***"),
        ("password: abc", "password: ***"),
        (f"assertion={JWT}", "assertion=***"),
        ("api_key=abc", "api_key=***"),
        (f"key {PEM} is wrong", "key *** is wrong"),
        (f"session {SESSION} ended", "session *** ended"),
    ],
)
def test_a_secret_is_masked_where_its_name_is(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "CALLYZER_TOKEN is not set",
        "the bearer token is wrong",
        "Token refused: HTTP 400",
        "invalid_grant: authentication failure",
        "secret",
    ],
)
def test_words_about_secrets_survive(text: str) -> None:
    assert mask_secrets(text) == text
