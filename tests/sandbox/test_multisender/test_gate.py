"""The sandbox's Multisender lets in whom it should, and understands only JSON."""

from collections.abc import Iterator

import httpx
import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_multisender.given import TYPE

JSON = {"accept": TYPE, "content-type": TYPE}
TOKEN = "multisender-sandbox-token"  # noqa: S105  opens only the sandbox


@pytest.fixture
def anybody(sandbox: MultisenderSandbox) -> Iterator[httpx.Client]:
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=f"{server.url}/v1", trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize("header", ["X-Access-Token", "X-Authentication-Token"])
def test_the_token_is_taken_from_either_header_on_every_method(
    anybody: httpx.Client, header: str
) -> None:
    given = JSON | {header: TOKEN}

    made = anybody.post("/accounts", json={}, headers=given)
    changed = anybody.put("/accounts/1", json={}, headers=given)
    listed = anybody.get("/accounts", headers=given)
    gone = anybody.delete("/accounts/1", headers=given)

    statuses = [answer.status_code for answer in (made, changed, listed, gone)]
    assert statuses == [201, 200, 200, 204]


def test_the_token_is_taken_from_the_query_of_any_request(
    anybody: httpx.Client,
) -> None:
    token = {"access_token": TOKEN}

    made = anybody.post("/accounts", json={}, headers=JSON, params=token)
    listed = anybody.get("/accounts", headers=JSON, params=token)

    assert (made.status_code, listed.status_code) == (201, 200)


def test_the_token_is_taken_from_a_posted_body_and_is_no_field_of_it(
    anybody: httpx.Client,
) -> None:
    body = {"access_token": TOKEN, "firstName": "Aino"}

    made = anybody.post("/accounts", json=body, headers=JSON)
    changed = anybody.put("/accounts/1", json=body, headers=JSON)

    assert (made.status_code, made.json()["firstName"]) == (201, "Aino")
    assert "access_token" not in made.json()
    assert changed.status_code == 401


def test_the_token_is_taken_from_an_upload(anybody: httpx.Client) -> None:
    answer = anybody.post(
        "/voice_files",
        data={"access_token": TOKEN},
        files={"files": ("a.wav", b"RIFF")},
        headers={"accept": TYPE},
    )

    assert answer.status_code == 201


@pytest.mark.parametrize("given", [{}, {"x-access-token": ""}, {"x-access-token": "x"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/accounts"), ("POST", "/accounts"), ("DELETE", "/accounts?all")],
)
def test_nobody_is_let_in_without_a_token(
    anybody: httpx.Client, given: dict[str, str], method: str, path: str
) -> None:
    answer = anybody.request(method, path, headers=JSON | given)

    assert answer.status_code == 401
    assert answer.json() == {"message": "A valid access token is required"}


def test_a_subusers_token_opens_too_until_the_subuser_is_gone(
    sandbox: MultisenderSandbox, anybody: httpx.Client
) -> None:
    token = sandbox.add("subusers", username="kim")["authToken"]
    given = JSON | {"x-access-token": token}

    allowed = anybody.get("/subusers", headers=given)
    sandbox.remove("subusers", 1)
    refused = anybody.get("/subusers", headers=given)

    assert (allowed.status_code, refused.status_code) == (200, 401)


@pytest.mark.parametrize("accept", [TYPE, "Application/json", f"{TYPE}; q=1"])
def test_json_is_accepted_however_it_is_written(
    client: httpx.Client, accept: str
) -> None:
    given = {"accept": accept, "content-type": f"{accept}; charset=utf-8"}

    assert client.get("/accounts", headers=given).status_code == 200


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", f"{TYPE}, */*"])
def test_no_other_type_is_accepted(client: httpx.Client, accept: str) -> None:
    answer = client.get("/accounts", headers={"accept": accept})

    assert answer.status_code == 406
    assert answer.json()["message"] == "Accept must be application/json"


@pytest.mark.parametrize("media", ["", "text/plain", "multipart/form-data"])
def test_every_request_says_that_it_is_json(client: httpx.Client, media: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = client.request(
            method, "/accounts?all", headers={"content-type": media}
        )

        assert answer.status_code == 415
        assert answer.json()["message"] == "Content-Type must be application/json"


@pytest.mark.parametrize("body", [b"{", b"\xff", b"", b"[]", b'"x"', b"null"])
def test_a_body_that_is_no_json_object_is_refused(
    client: httpx.Client, body: bytes
) -> None:
    answer = client.post("/accounts", content=body)

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("The body must be")


def test_what_is_nowhere_is_refused_like_everything_else(client: httpx.Client) -> None:
    nowhere, never = client.get("/nothing"), client.put("/click_to_calls/1", json={})
    gone = client.get("/accounts/7")

    statuses = [answer.status_code for answer in (nowhere, never, gone)]
    assert statuses == [404, 405, 404]
    assert nowhere.json() == {"message": "Not Found"}
    assert gone.json() == {"message": "There is no accounts/7"}


def test_refusals_come_in_the_shape_of_the_mood(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    sandbox.moods.refusals = "text"
    text = client.get("/accounts/7")
    sandbox.moods.refusals = "empty"
    empty = client.get("/accounts/7")

    assert (text.status_code, text.text) == (404, "There is no accounts/7")
    assert (empty.status_code, empty.content) == (404, b"")


def test_it_can_be_served_under_any_prefix() -> None:
    sandbox = MultisenderSandbox(prefix="/proxy/multisender/v1", token="t")  # noqa: S106  opens only the sandbox
    given = JSON | {"x-access-token": "t"}

    with Server(sandbox.app) as server:
        base = f"{server.url}/proxy/multisender/v1"
        with httpx.Client(base_url=base, headers=given, trust_env=False) as client:
            made = client.post("/accounts", json={})

    assert made.headers["location"] == f"{base}/accounts/1"


def test_faults_hit_and_requests_are_counted(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    sandbox.faults.add(Fault(r"/click_to_calls$", status=503, body="busy"))

    hit, passed = client.get("/click_to_calls"), client.get("/click_to_calls")

    assert (hit.status_code, hit.text, passed.status_code) == (503, "busy", 200)
    assert sandbox.requests == {"GET /v1/click_to_calls": 2}
