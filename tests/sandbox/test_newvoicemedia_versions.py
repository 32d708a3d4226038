"""The sandbox's NewVoiceMedia knows which version of the API brought what."""

from collections.abc import Iterator, Mapping

import httpx
import pytest

from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.server import Server

Body = Mapping[str, object]
AGENT: dict[str, object] = {"agentId": "1234"}
NUMBER: dict[str, object] = {"telephoneNumber": "02072068888"}
CALL: dict[str, object] = {"from": AGENT, "to": NUMBER}
CONSENT = {"consent": "OneParty"}
REGARDING = CALL | {"regarding": {"reference": "0012400000ATTUQ"}}


@pytest.fixture
def sandbox() -> NewVoiceMediaSandbox:
    return NewVoiceMediaSandbox(examples=True)


@pytest.fixture
def client(sandbox: NewVoiceMediaSandbox) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {sandbox.issue()}"}
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client,
    ):
        yield client


def call(client: httpx.Client, body: object, **headers: str) -> httpx.Response:
    return client.post("/v0/a1b2c3d4e5/calls/", json=body, headers=headers)


NEEDING: tuple[tuple[int, Body], ...] = (
    (2, {"from": AGENT | {"presentedCLID": "08008888888"}, "to": NUMBER}),
    (4, REGARDING),
    (5, CALL | {"application": "appName"}),
    (6, {"from": AGENT | CONSENT, "to": NUMBER | CONSENT}),
)


@pytest.mark.parametrize(("version", "body"), NEEDING)
def test_what_a_version_brought_is_refused_before_it(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, version: int, body: Body
) -> None:
    before = call(client, body, accept=f"application/json;version={version - 1}")
    none = call(client, body, accept="*/*")
    dials = len(sandbox.dials)
    since = call(client, body, accept=f"application/json; version={version}")

    assert (before.status_code, none.status_code, dials) == (400, 400, 0)
    assert f"from version {version} of the API" in before.json()["message"]
    assert since.status_code == 201


def test_what_a_version_lacks_can_be_ignored_instead(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.moods.too_old = "ignore"

    answer = call(client, REGARDING, accept="application/json")

    assert answer.status_code == 201
    assert "regarding" not in answer.json()
    assert [dial.regarding for dial in sandbox.dials] == [None]


IN_CONTENT_TYPE = {"accept": "*/*", "content-type": "application/json;version=4"}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v0", IN_CONTENT_TYPE, 201),
        ("/v4", {"accept": "*/*"}, 201),
        ("/V0", {"accept": "application/json;version=5"}, 201),
        ("/v0", {"accept": "application/json;version=7"}, 406),
        ("/v0", {"accept": "text/html"}, 406),
        ("/v7", {}, 404),
        ("/beta", {}, 404),
    ],
)
def test_the_version_is_read_wherever_the_document_may_mean_it(
    sandbox: NewVoiceMediaSandbox,
    client: httpx.Client,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    path += "/a1b2c3d4e5/calls/"

    answer = client.post(path, json=REGARDING, headers=headers)

    assert answer.status_code == status
    assert len(sandbox.dials) == (status == 201)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v0", {"accept": "text/html, application/json;version=4"}, 201),
        ("/v0", IN_CONTENT_TYPE, 400),
        ("/v4", {"accept": "*/*"}, 400),
        ("/v0", {"accept": "application/json;version=1.1"}, 406),
    ],
)
def test_the_accept_header_alone_can_count(
    sandbox: NewVoiceMediaSandbox,
    client: httpx.Client,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    sandbox.moods.accept_only = True
    path += "/a1b2c3d4e5/calls/"

    answer = client.post(path, json=REGARDING, headers=headers)

    assert answer.status_code == status
