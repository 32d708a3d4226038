"""The sandbox's NewVoiceMedia counts every dial, whatever the client is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.server import Server

NUMBER = "02072068888"
BUSY = "Unable to place call - Agent number busy"
FAILED = "Unable to place call to Agent. Please try again"


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> NewVoiceMediaSandbox:
    return NewVoiceMediaSandbox(now=clock)


@pytest.fixture
def client(sandbox: NewVoiceMediaSandbox) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {sandbox.issue()}"}
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client,
    ):
        yield client


def dial(
    client: httpx.Client, number: str = NUMBER, **caller: object
) -> httpx.Response:
    body = {"from": caller or {"agentId": "101"}, "to": {"telephoneNumber": number}}
    return client.post("/v0/a1b2c3d4e5/calls/", json=body)


def message(answer: httpx.Response) -> str:
    assert answer.status_code == 400
    return str(answer.json()["message"])


def test_every_request_dials_again(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    answers = [dial(client) for _ in range(3)]

    assert [d.id for d in sandbox.dials] == [a.json()["id"] for a in answers]
    assert len({a.headers["location"] for a in answers}) == 3
    assert sandbox.faults.counts["POST", "/v0/a1b2c3d4e5/calls/"] == 3


# ── the answer is lost, or is not what it seems ────────────────────────────


def test_an_answer_that_is_lost_was_dialled(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.faults.add(Fault("calls", cut="after"))

    with pytest.raises(httpx.TransportError):
        dial(client)

    assert [d.number for d in sandbox.dials] == [NUMBER]


@pytest.mark.parametrize(
    "fault", [Fault("calls", cut="before"), Fault("calls", status=503)]
)
def test_a_request_that_never_arrived_was_not_dialled(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, fault: Fault
) -> None:
    sandbox.faults.add(fault)

    try:
        assert dial(client).status_code == 503
    except httpx.TransportError:
        assert fault.cut == "before"

    assert sandbox.dials == ()


@pytest.mark.parametrize(
    ("status", "body"), [(500, ""), (502, "<html>"), (201, "{"), (429, "{}")]
)
def test_a_call_can_be_dialled_and_answered_as_if_it_were_not(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, status: int, body: str
) -> None:
    sandbox.moods.instead.append((status, body))

    bad, good = dial(client), dial(client)

    assert (bad.status_code, bad.text) == (status, body)
    assert good.status_code == 201
    assert len(sandbox.dials) == 2


# ── refusals that have a reason in the world ───────────────────────────────


def test_an_account_without_ccxml_dials_nothing(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.moods.ccxml = False

    assert message(dial(client)) == "Ccxml must be enabled for this account"
    assert sandbox.dials == ()


def test_a_busy_agent_is_not_called_until_they_are_free(
    sandbox: NewVoiceMediaSandbox, clock: Clock, client: httpx.Client
) -> None:
    sandbox.occupy("101")
    sandbox.occupy("102", seconds=30)
    refused = [message(dial(client, agentId=a)) for a in ("101", "102")]
    clock.advance(30)
    later = [dial(client, agentId=a).status_code for a in ("101", "102")]
    sandbox.free("101")

    assert refused == [BUSY, BUSY]
    assert later == [400, 201]
    assert dial(client, agentId="101").status_code == 201
    assert [d.agent for d in sandbox.dials] == ["102", "101"]


def test_a_busy_agent_is_not_called_by_a_colleague_either(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.occupy("102")
    body = {"from": {"agentId": "101"}, "to": {"agentId": "102"}}

    refused = client.post("/v0/a1b2c3d4e5/calls/", json=body)
    sandbox.free("102")

    told = "Unable to place call - dialed Agent is not currently available"
    assert message(refused) == told
    assert client.post("/v0/a1b2c3d4e5/calls/", json=body).status_code == 201


def test_a_group_calls_its_first_free_agent(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    dial(client, groups=["400"])
    sandbox.occupy("104")
    dial(client, groups=["400"])
    sandbox.occupy("105")
    nobody = dial(client, groups=["400", "999"])
    dial(client, groups=["400", "200"])

    assert message(nobody) == FAILED
    assert [d.agent for d in sandbox.dials] == ["104", "105", "102"]


def test_a_call_can_keep_its_agents_busy(clock: Clock) -> None:
    sandbox = NewVoiceMediaSandbox(now=clock, call_seconds=60)
    headers = {"authorization": f"Bearer {sandbox.issue()}"}
    body = {"from": {"agentId": "101"}, "to": {"agentId": "102"}}

    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client,
    ):
        client.post("/v0/a1b2c3d4e5/calls/", json=body)
        at_once = [message(dial(client, agentId=a)) for a in ("101", "102")]
        clock.advance(60)
        later = dial(client).status_code

    assert (at_once, later) == ([BUSY, BUSY], 201)


def test_a_number_the_network_refuses_is_not_dialled(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.invalid.add(NUMBER)

    assert message(dial(client)) == "Unable to place call - number is invalid"
    assert dial(client, number="02072060000").status_code == 201


def test_a_call_can_be_refused_in_any_words(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.moods.refusals.extend([FAILED, BUSY])

    assert [message(dial(client)) for _ in range(2)] == [FAILED, BUSY]
    assert dial(client).status_code == 201
    assert len(sandbox.dials) == 1


def test_a_stranger_cannot_be_put_on_the_phone(sandbox: NewVoiceMediaSandbox) -> None:
    with pytest.raises(KeyError, match="999"):
        sandbox.occupy("999")


# ── too many ───────────────────────────────────────────────────────────────


def test_too_many_requests_are_turned_away_and_not_dialled(
    sandbox: NewVoiceMediaSandbox, clock: Clock, client: httpx.Client
) -> None:
    sandbox.moods.limit, sandbox.moods.retry_after = 2, "30"
    statuses = [dial(client).status_code for _ in range(2)]
    turned_away = dial(client)
    clock.advance(60)
    statuses.append(dial(client).status_code)

    assert statuses == [201, 201, 201]
    assert turned_away.status_code == 429
    assert turned_away.headers["retry-after"] == "30"
    assert len(sandbox.dials) == 3


def test_tokens_count_against_the_same_limit(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.moods.limit = 1
    form = {
        "grant_type": "client_credentials",
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
    }

    token = client.post("/Auth/connect/token", data=form)
    again = client.post("/Auth/connect/token", data=form)

    assert (token.status_code, again.status_code) == (200, 429)
    assert "retry-after" not in again.headers
    assert dial(client).status_code == 429
