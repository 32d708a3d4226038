"""The sandbox's NewVoiceMedia gives tokens as the vendor's documents say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import httpx
import pytest

from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.server import Server

TOKEN = "/Auth/connect/token"  # noqa: S105 - a path
FORM = {
    "grant_type": "client_credentials",
    "client_id": "abcde",
    "client_secret": "12:345 +",
}
GRANT = {"grant_type": "client_credentials"}
INVALID = {"message": "The access token is invalid or has expired"}


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
    return NewVoiceMediaSandbox(
        client_id=FORM["client_id"], client_secret=FORM["client_secret"], now=clock
    )


@pytest.fixture
def client(sandbox: NewVoiceMediaSandbox) -> Iterator[httpx.Client]:
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        yield client


def dial(client: httpx.Client, authorization: str) -> httpx.Response:
    body = {"from": {"agentId": "101"}, "to": {"telephoneNumber": "02072068888"}}
    headers = {"authorization": authorization} if authorization else {}
    return client.post("/v0/a1b2c3d4e5/calls/", json=body, headers=headers)


def test_the_documents_request_gets_a_token_that_opens_the_calls(
    client: httpx.Client,
) -> None:
    answer = client.post(TOKEN, data={**FORM, "scope": "agents-availability:read"})

    token = answer.json()["access_token"]
    assert answer.status_code == 200
    assert answer.json() == {
        "access_token": token,
        "expires_in": 7200,
        "token_type": "Bearer",
    }
    assert dial(client, f"Bearer {token}").status_code == 201


@pytest.mark.parametrize("secret", [FORM["client_secret"], quote_plus("12:345 +")])
def test_the_client_may_be_told_by_http_basic(
    client: httpx.Client, secret: str
) -> None:
    answer = client.post(TOKEN, data=GRANT, auth=("abcde", secret))

    assert dial(client, f"Bearer {answer.json()['access_token']}").status_code == 201


def test_a_token_lasts_two_hours_of_the_sandboxs_clock(
    sandbox: NewVoiceMediaSandbox, clock: Clock, client: httpx.Client
) -> None:
    token = client.post(TOKEN, data=FORM).json()["access_token"]

    clock.advance(7199)
    before = dial(client, f"Bearer {token}")
    clock.advance(1)
    after = dial(client, f"Bearer {token}")

    assert before.status_code == 201
    assert (after.status_code, after.json()) == (401, INVALID)
    assert len(sandbox.dials) == 1


def test_several_tokens_are_good_at_once_until_all_are_ended(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    tokens = [sandbox.issue(), client.post(TOKEN, data=FORM).json()["access_token"]]

    good = [dial(client, f"bearer {token}").status_code for token in tokens]
    sandbox.expire_tokens()
    bad = [dial(client, f"Bearer {token}").status_code for token in tokens]

    assert (good, bad) == ([201, 201], [401, 401])


@pytest.mark.parametrize("kind", ["", "Bearer wrong", "Basic %s", "%s"])
def test_nobody_dials_without_a_good_token(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, kind: str
) -> None:
    answer = dial(client, kind.replace("%s", sandbox.issue()))

    assert (answer.status_code, answer.json()) == (401, INVALID)
    assert sandbox.dials == ()


@pytest.mark.parametrize(
    "form",
    [
        {**FORM, "client_secret": "wrong"},
        {**FORM, "client_id": "wrong"},
        GRANT,
    ],
)
def test_a_wrong_client_in_the_form_gets_no_token(
    client: httpx.Client, form: dict[str, str]
) -> None:
    answer = client.post(TOKEN, data=form)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize("authorization", ["Basic YTpi", "Basic ?"])
def test_a_wrong_client_in_the_header_gets_no_token(
    client: httpx.Client, authorization: str
) -> None:
    headers = {"authorization": authorization}

    answer = client.post(TOKEN, data=FORM, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("grant", ["password", ""])
def test_another_grant_is_refused_in_the_documents_words(
    client: httpx.Client, grant: str
) -> None:
    answer = client.post(TOKEN, data={**FORM, "grant_type": grant})

    assert answer.status_code == 400
    assert answer.json() == {
        "error": "unsupported_grant_type",
        "error_description": "Invalid grant_type",
    }


def test_a_scope_can_be_required(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.moods.scope = "calls:write"
    missing, wrong, right = (
        client.post(TOKEN, data=FORM | scope)
        for scope in ({}, {"scope": "calls:read"}, {"scope": "calls:write"})
    )

    assert (missing.status_code, wrong.status_code, right.status_code) == (
        400,
        400,
        200,
    )
    assert missing.json() == {
        "error": "invalid_scope",
        "error_description": "You must specify a scope",
    }
    assert wrong.json()["error"] == "invalid_scope"


def test_only_a_form_is_read(client: httpx.Client) -> None:
    assert client.post(TOKEN, json=FORM).status_code == 415


def test_the_token_endpoint_is_found_with_and_without_the_prefix() -> None:
    sandbox = NewVoiceMediaSandbox(prefix="/emea")
    form = {
        **GRANT,
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
    }

    with Server(sandbox.app) as server:
        answers = [
            httpx.post(f"{server.url}{prefix}{TOKEN}", data=form, trust_env=False)
            for prefix in ("", "/emea")
        ]

    assert [answer.status_code for answer in answers] == [200, 200]
