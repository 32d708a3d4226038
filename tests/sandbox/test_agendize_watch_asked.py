"""The sandbox's Agendize takes a watch as the vendor's document says."""

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.agendize import AgendizeSandbox, rules
from connector.sandbox.agendize.kinds import RefusedError
from connector.sandbox.server import Server

ADDRESS = "https://hooks.example/agendize"


@pytest.fixture
def sandbox() -> AgendizeSandbox:
    return AgendizeSandbox()


@pytest.fixture
def client(sandbox: AgendizeSandbox) -> Iterator[httpx.Client]:
    headers = {"token": sandbox.token, "apiKey": sandbox.api_key}
    with (
        Server(sandbox.app) as server,
        httpx.Client(
            base_url=f"{server.url}/api/2.0", headers=headers, trust_env=False
        ) as client,
    ):
        yield client


def watch(client: httpx.Client, **asked: object) -> httpx.Response:
    return client.post("/calls/watch", json={"address": ADDRESS} | asked)


def test_a_watch_is_returned_as_it_was_asked_for(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    asked = {
        "name": "connector",
        "basicAuth": {"username": "u", "password": "p"},
        "httpRequestHeader": {"X-Secret": "s"},
        "schema": {"key": "{id}"},
        "method": "PUT",
        "status": "disabled",
        "oauth2Auth": {
            "grantType": "refresh_token",
            "clientId": "i",
            "clientSecret": "s",
            "refreshToken": "r",
            "authUrl": "https://a.example/auth",
            "accessTokenUrl": "https://a.example/token",
            "redirectUri": "https://a.example/back",
            "scope": "calls",
        },
        "signature": {"enabled": True, "cryptoKeyIds": ["k"]},
    }

    answer = watch(client, **asked)

    resource = answer.json()
    assert answer.status_code == 200
    assert resource == asked | {"id": resource["id"], "address": ADDRESS}
    assert sandbox.watches == (resource,)


def test_what_a_watch_does_not_say_has_a_default(client: httpx.Client) -> None:
    resource = watch(client, method=None).json()

    assert (resource["method"], resource["status"]) == ("POST", "enabled")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"address": None}, "Required: address."),
        ({"address": "hook"}, "address must be an address that begins with http."),
        ({"address": "ftp://a/b"}, "address must be an address that begins with http."),
        ({"address": "http://["}, "address must be an address that begins with http."),
        ({"status": "on"}, "status must be one of enabled, disabled."),
        ({"method": "GET"}, "method must be one of POST, PUT, PATCH, DELETE."),
        ({"schema": ["id"]}, "schema must be an object or a string."),
        ({"basicAuth": "u:p"}, "basicAuth is not known."),
        ({"basicAuth": {"user": "u"}}, "basicAuth.user is not known."),
        ({"httpRequestHeader": {"X": 1}}, "httpRequestHeader.X must be a string."),
        ({"signature": {"enabled": 1}}, "signature.enabled must be true or false."),
        (
            {"signature": {"cryptoKeyIds": "k"}},
            "signature.cryptoKeyIds must be a list of strings.",
        ),
        (
            {"oauth2Auth": {"grantType": "password"}},
            "oauth2Auth.grantType must be one of refresh_token, client_credentials.",
        ),
        ({"event": "created"}, "event is not known."),
        ({"basicAuth.username": "u"}, "basicAuth..username is not known."),
        (
            {"httpRequestHeader": {"X": {"Y": "s"}}},
            "httpRequestHeader.X.Y is not known.",
        ),
    ],
)
def test_a_watch_that_is_not_as_documented_is_refused(
    sandbox: AgendizeSandbox,
    client: httpx.Client,
    change: dict[str, object],
    message: str,
) -> None:
    answer = watch(client, **change)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == message
    assert sandbox.watches == ()


VALUES = st.sampled_from(
    [
        None,
        True,
        1,
        -1,
        10**30,
        "",
        "1",
        "9" * 5000,
        "POST",
        "UTC",
        "2026-11-20T11:00:00",
    ]
) | st.text(max_size=3)
NAMES = st.sampled_from(
    [
        *("callerNumber", "calledNumber", "duration", "start", "dateTime", "timeZone"),
        *("address", "basicAuth", "httpRequestHeader", "method", "username", "schema"),
    ]
)
BODIES = st.recursive(
    VALUES,
    lambda inner: st.dictionaries(NAMES, inner) | st.lists(inner, max_size=2),
    max_leaves=12,
)


@given(body=BODIES)
def test_whatever_is_sent_is_read_or_refused(body: object) -> None:
    known = {"callerNumber", "calledNumber", "start", "duration"}
    try:
        call = rules.call(body, new=False)
    except RefusedError:
        call = {}
    try:
        watch = rules.watch(body)
    except RefusedError:
        watch = {"address": "refused"}

    assert set(call) <= known
    assert isinstance(watch["address"], str)
