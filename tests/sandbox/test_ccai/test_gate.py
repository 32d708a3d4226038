"""The platform lets in whom it should, and not too often, for both of its APIs."""

import base64
from email.utils import parsedate_to_datetime

import httpx
import pytest

from connector.sandbox.ccai import CcaiSandbox
from connector.sandbox.faults import Fault
from connector.sandbox.server import Server
from tests.sandbox.test_ccai.document import OUTBOUND, Clock

PATHS = ("/apps/api/v1/calls/1/customer_flag", "/manager/api/v1/agents", "/nowhere")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "auth", [None, ("ccai-sandbox", "wrong"), ("wrong", "ccai-sandbox-token")]
)
def test_nobody_else_is_let_in(
    server: Server, path: str, auth: tuple[str, str] | None
) -> None:
    answer = httpx.get(server.url + path, auth=auth, trust_env=False)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert answer.json() == {"message": "Unauthorized"}


def test_the_credentials_are_those_of_basic_authentication(
    sandbox: CcaiSandbox, server: Server
) -> None:
    pair = base64.b64encode(f"{sandbox.username}:{sandbox.token}".encode()).decode()

    statuses = [
        httpx.get(
            f"{server.url}/manager/api/v1/agents",
            headers={"authorization": f"{scheme} {pair}"},
            trust_env=False,
        ).status_code
        for scheme in ("Basic", "basic", "Bearer")
    ]

    assert statuses == [200, 200, 401]


def test_the_credentials_are_the_customers_own_and_not_the_hosts(
    sandbox: CcaiSandbox, server: Server
) -> None:
    sandbox.username, sandbox.token = "acme.ue1", "s3cret:with:colons"

    answer = httpx.get(
        f"{server.url}/manager/api/v1/agents",
        auth=("acme.ue1", "s3cret:with:colons"),
        trust_env=False,
    )

    assert answer.status_code == 200


def test_a_prefix_comes_before_both_apis() -> None:
    sandbox = CcaiSandbox(prefix="/proxied/ccai")
    auth = (sandbox.username, sandbox.token)
    sandbox.load(2)

    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, auth=auth, trust_env=False) as client,
    ):
        page = client.get("/proxied/ccai/manager/api/v1/calls", params={"per": 1})
        refused = client.post("/proxied/ccai/apps/api/v1/calls", json={})
        bare = client.get("/manager/api/v1/calls")

    assert page.links["next"]["url"].startswith(
        f"{server.url}/proxied/ccai/manager/api/v1/calls?"
    )
    assert (refused.status_code, bare.status_code) == (400, 404)


@pytest.mark.parametrize(("rate", "passed"), [(1, 1), (10, 10), (2.5, 2)])
def test_so_many_requests_pass_in_a_second_over_both_apis(
    sandbox: CcaiSandbox, clock: Clock, client: httpx.Client, rate: float, passed: int
) -> None:
    sandbox.requests_per_second = rate
    ways = ("/manager/api/v1/agents", "/manager/api/v1/calls")

    answers = [client.get(ways[at % 2]).status_code for at in range(passed)]
    late = client.post("/apps/api/v1/calls", json=OUTBOUND)
    clock.advance(1)
    again = client.get(ways[0])

    assert answers == [200] * passed
    assert late.status_code == 429
    assert late.json() == {"message": "Too Many Requests"}
    assert again.status_code == 200
    assert len(sandbox) == 0


def test_a_rate_below_one_is_one_request_in_more_than_a_second(
    sandbox: CcaiSandbox, clock: Clock, client: httpx.Client
) -> None:
    sandbox.requests_per_second = 0.5
    statuses = []
    for seconds in (0, 1.5, 0.5):
        clock.advance(seconds)
        statuses.append(client.get("/manager/api/v1/agents").status_code)

    assert statuses == [200, 429, 200]


def test_a_refusal_tells_the_wait_in_seconds_as_a_date_or_not_at_all(
    sandbox: CcaiSandbox, clock: Clock, client: httpx.Client
) -> None:
    sandbox.requests_per_second = 0.1
    client.get("/manager/api/v1/agents")
    clock.advance(2.5)
    told = []
    for how in ("seconds", "date", "none"):
        sandbox.moods.retry_after = how
        answer = client.get("/manager/api/v1/agents")
        told.append(answer.headers.get("retry-after"))

    assert told[0] == "8"
    wait = parsedate_to_datetime(told[1]) - clock.at
    assert 7.5 <= wait.total_seconds() <= 9
    assert told[2] is None


def test_a_fault_hits_and_what_was_asked_is_counted(
    sandbox: CcaiSandbox, client: httpx.Client
) -> None:
    sandbox.faults.add(Fault("/manager/", status=503, body="<p>Maintenance</p>"))

    bad, good = (client.get("/manager/api/v1/calls") for _ in range(2))

    assert (bad.status_code, bad.text) == (503, "<p>Maintenance</p>")
    assert (good.status_code, good.json()) == (200, [])
    assert sandbox.faults.counted() == {"GET /manager/api/v1/calls": 2}
