"""What is asked and answered: a nudge makes us look, and a dial can be asked for."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from connector.model import Dial, DialState
from connector.wiring import App
from tests.service.test_api.caller import (
    DIAL,
    LONG,
    SHORT,
    Counter,
    bearer,
    dial,
    nudge,
    put,
)


@pytest.mark.parametrize("given", [SHORT, LONG])
def test_a_nudge_has_the_record_looked_at(url: str, desk: Counter, given: str) -> None:
    answer = nudge(url, json.dumps({"id": given}).encode())

    assert answer.status_code == 200
    assert answer.json() == {"id": LONG, "looking": True, "dial": None}
    assert desk.asked == [LONG]


def test_it_is_answered_with_what_is_known_of_the_records_latest_request(
    url: str, app: App
) -> None:
    put(app, Dial(request_id="before", flow="f", record_id=LONG), DIAL)

    answer = nudge(url).json()

    assert answer["dial"] == {
        "request_id": DIAL.request_id,
        "record_id": LONG,
        "flow": "click-to-call",
        "state": "refused",
        "message": "Unable to place call - Agent number busy",
        "call_id": "",
        "location": "",
        "requested_at": "2026-11-21T07:59:58Z",
        "dialled_at": None,
        "answered_at": None,
        "shown": False,
    }


def test_neither_number_nor_agent_are_told(url: str, app: App) -> None:
    put(app, DIAL)

    for answer in (nudge(url), dial(url)):
        assert answer.status_code == 200
        assert DIAL.number[3:] not in answer.text
        assert DIAL.agent not in answer.text


def test_a_record_that_no_flow_reads_is_not_looked_at(url: str, desk: Counter) -> None:
    desk.looks = False

    assert nudge(url).json() == {"id": LONG, "looking": False, "dial": None}


def test_a_request_is_told_by_its_id(url: str, app: App) -> None:
    placed = Dial(
        request_id="one",
        flow="click-to-call",
        record_id=LONG,
        state=DialState.PLACED,
        call_id="c-1",
        location="/calls/2",
        requested_at=DIAL.requested_at,
        dialled_at=datetime(2026, 11, 21, 8, tzinfo=UTC),
        answered_at=datetime(2026, 11, 21, 8, 0, 1, 500_000, tzinfo=UTC),
        shown=True,
    )
    put(app, placed)

    answer = dial(url, "one")

    assert answer.status_code == 200
    assert answer.json() == {
        "request_id": "one",
        "record_id": LONG,
        "flow": "click-to-call",
        "state": "placed",
        "message": "",
        "call_id": "c-1",
        "location": "/calls/2",
        "requested_at": "2026-11-21T07:59:58Z",
        "dialled_at": "2026-11-21T08:00:00Z",
        "answered_at": "2026-11-21T08:00:01.500000Z",
        "shown": True,
    }


@pytest.mark.parametrize("name", ["two", "'; drop table dials", "é\N{SNOWMAN}", "\0"])
def test_a_request_that_nobody_knows_is_not_found(
    url: str, app: App, name: str
) -> None:
    put(app, DIAL)

    answer = dial(url, name)

    assert answer.status_code == 404
    assert answer.json() == {"error": "no such request is known"}


def test_another_method_is_refused_with_the_one_that_is_taken(url: str) -> None:
    answers = [httpx.get(f"{url}/v1/nudge"), httpx.post(f"{url}/v1/dials/one")]

    assert [answer.status_code for answer in answers] == [405, 405]
    assert [answer.headers["Allow"] for answer in answers] == ["POST", "GET"]
    assert {answer.text for answer in answers} == {'{"detail":"Method Not Allowed"}'}


def test_asking_for_a_request_has_nothing_looked_at(
    url: str, app: App, desk: Counter
) -> None:
    put(app, DIAL)

    dial(url)

    assert desk.asked == []


def test_an_address_may_end_with_a_slash(url: str, app: App) -> None:
    put(app, DIAL)
    body = json.dumps({"id": LONG}).encode()

    nudged = httpx.post(
        f"{url}/v1/nudge/", content=body, headers=bearer(), trust_env=False
    )
    asked = httpx.get(
        f"{url}/v1/dials/{DIAL.request_id}/", headers=bearer(), trust_env=False
    )

    assert (nudged.status_code, asked.status_code) == (200, 200)
