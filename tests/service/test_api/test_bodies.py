"""Bodies: whatever comes, however slowly and however much of it, harms nothing."""

import json
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from connector.service import api
from connector.service.api import MOST_BYTES
from connector.testing import ManualClock
from tests.service.test_api.caller import (
    AUTHORIZED,
    LONG,
    TOKEN,
    Counter,
    bearer,
    nudge,
    raw,
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * MOST_BYTES, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"null", "not an object"),
        (b'["00TKa00000GqxVyMAJ"]', "not an object"),
        (b'"00TKa00000GqxVyMAJ"', "not an object"),
        (b"{}", 'a text as its "id"'),
        (b'{"id": null}', 'a text as its "id"'),
        (b'{"id": 15}', 'a text as its "id"'),
        (b'{"id": ["00TKa00000GqxVyMAJ"]}', 'a text as its "id"'),
        (b'{"Id": "00TKa00000GqxVyMAJ"}', 'a text as its "id"'),
        (b'{"id": ""}', "15 or 18 letters"),
        (b'{"id": "00TKa00000GqxV"}', "15 or 18 letters"),
        (b'{"id": "00TKa00000GqxVyMA"}', "15 or 18 letters"),
        (b'{"id": "00TKa00000GqxVyMAJ "}', "15 or 18 letters"),
        (b'{"id": "00TKa00000Gq\' OR"}', "15 or 18 letters"),
        (b'{"id": "\\ud800TKa00000GqxVy"}', "15 or 18 letters"),
    ],
)
def test_a_body_that_is_no_nudge_is_told_what_is_wrong(
    url: str, desk: Counter, body: bytes, words: str
) -> None:
    answer = nudge(url, body)

    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert desk.asked == []


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("id"), inner),
    max_leaves=8,
)


@given(body=st.binary(max_size=200) | JSONS.map(lambda v: json.dumps(v).encode()))
@trying(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_does_harm(
    url: str, desk: Counter, clock: ManualClock, body: bytes
) -> None:
    clock.time += timedelta(seconds=1)

    answer = nudge(url, body)

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert desk.asked == []


def test_a_body_of_somebody_without_the_token_is_not_waited_for(url: str) -> None:
    said = raw(url, "Authorization: Bearer wrong", "Content-Length: 4000")

    assert said.startswith("HTTP/1.1 401 ")


@pytest.mark.parametrize("line", ["Authorization: Bearer ", "Authorization:", "X: y"])
@pytest.mark.parametrize("token", ["", TOKEN])
def test_an_empty_token_opens_nothing(url: str, token: str, line: str) -> None:
    assert raw(url, line, "Content-Length: 30").startswith("HTTP/1.1 401 ")


def test_one_who_waits_to_be_asked_for_a_body_is_not_asked_without_the_token(
    url: str,
) -> None:
    said = raw(url, "Content-Length: 30", "Expect: 100-continue")

    assert said.startswith("HTTP/1.1 401 ")


def test_a_body_that_says_to_be_huge_is_not_waited_for(url: str) -> None:
    said = raw(url, AUTHORIZED, f"Content-Length: {MOST_BYTES + 1}")

    assert said.startswith("HTTP/1.1 413 ")


def test_a_body_that_is_huge_without_saying_so_is_not_read_on(url: str) -> None:
    chunk = b"%x\r\n%s\r\n" % (MOST_BYTES + 1, b" " * (MOST_BYTES + 1))

    said = raw(url, AUTHORIZED, "Transfer-Encoding: chunked", body=chunk)

    assert said.startswith("HTTP/1.1 413 ")


def test_a_body_of_the_most_bytes_is_read_and_of_one_more_is_not(
    url: str, desk: Counter
) -> None:
    body = json.dumps({"id": LONG}).encode().ljust(MOST_BYTES)

    most, more = nudge(url, body), nudge(url, body + b" ")

    assert (most.status_code, more.status_code, desk.asked) == (200, 413, [LONG])
    assert more.json() == {"error": f"the body has more than {MOST_BYTES} bytes"}


def test_a_body_that_does_not_come_is_not_waited_for_long(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "BODY_SECONDS", 0.05)

    said = raw(url, AUTHORIZED, "Content-Length: 30", body=b'{"id": ')

    assert said.startswith("HTTP/1.1 408 ")


def test_slow_bodies_hold_up_nobody(url: str, desk: Counter) -> None:
    host = urlsplit(url)
    head = f"POST /v1/nudge HTTP/1.1\r\nHost: us\r\n{AUTHORIZED}\r\n"
    lines = [socket.create_connection((host.hostname, host.port)) for _ in range(30)]
    for line in lines:
        line.sendall(head.encode() + b"Content-Length: 30\r\n\r\n{")

    answer = nudge(url)

    for line in lines:
        line.close()
    assert (answer.status_code, desk.asked) == (200, [LONG])


def test_a_compressed_body_is_refused_in_clear_words(url: str) -> None:
    answer = nudge(url, b"x", {**bearer(), "Content-Encoding": "gzip"})

    assert answer.status_code == 415
    assert "compressed" in answer.json()["error"]
