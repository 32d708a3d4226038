"""The sandbox's NewVoiceMedia places calls as the vendor's document shows."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from random import Random

import httpx
import pytest

from connector.sandbox.newvoicemedia import Agent, Dial, NewVoiceMediaSandbox
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
HOST = "https://***.newvoicemedia.com"
BODY_ID = "013d2063-84aa-fa90-9686-c307f5bf8beb"
LOCATION_ID = "94e5928c-7f7e-4645-ad72-61010f906449"
LINKS = [{"href": f"{HOST}/V0/t0te2h4rrrp/Calls/{LOCATION_ID}", "rel": "_self"}]
NUMBER = "02072068888"
CALLED = {"telephoneNumber": NUMBER, "agentId": "4567"}
SHOWN = {"presentedCLID": "08008888888", "agentId": "1234"}
REGARDING = {"regarding": {"reference": "0012400000ATTUQ"}, "application": "appName"}
CONSENTING = {
    "from": {"agentId": "1234", "consent": "OneParty"},
    "to": {"telephoneNumber": NUMBER, "consent": "OneParty"},
}
PLAIN = {
    "id": BODY_ID,
    "links": LINKS,
    "from": {"telephoneNumber": NUMBER, "agentId": "1234"},
    "to": CALLED,
}
TO_NUMBER = {"telephoneNumber": NUMBER}
AGENT = {"agentId": "1234"}


@pytest.fixture
def sandbox() -> NewVoiceMediaSandbox:
    return NewVoiceMediaSandbox(examples=True, now=lambda: NOW)


@pytest.fixture
def client(sandbox: NewVoiceMediaSandbox) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {sandbox.issue()}"}
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client,
    ):
        yield client


def call(
    client: httpx.Client, body: Mapping[str, object], **headers: str
) -> httpx.Response:
    return client.post("/v0/a1b2c3d4e5/calls/", json=body, headers=headers)


def as_printed(answer: httpx.Response) -> tuple[str, object]:
    """Return the Location and the body with the document's host and ids in them."""
    location = answer.headers["location"]
    sent = {
        str(answer.request.url.join("/")).rstrip("/"): HOST,
        location.rpartition("/")[2]: LOCATION_ID,
        answer.json()["id"]: BODY_ID,
    }
    text = json.dumps([location, answer.json()])
    for ours, printed in sent.items():
        text = text.replace(ours, printed)
    location, body = json.loads(text)
    return location, body


@pytest.mark.parametrize(
    ("body", "headers", "printed"),
    [
        ({"from": AGENT, "to": TO_NUMBER}, {}, PLAIN),
        ({"from": AGENT, "to": {"agentId": "4567"}}, {}, PLAIN),
        ({"from": {"groups": ["030"]}, "to": TO_NUMBER}, {}, PLAIN),
        ({"from": {"groups": ["030", "200", "400"]}, "to": TO_NUMBER}, {}, PLAIN),
        (
            {"from": SHOWN, "to": TO_NUMBER},
            {"content-type": "application/json; version=1.1"},
            PLAIN | {"from": SHOWN},
        ),
        (
            {"from": SHOWN, "to": TO_NUMBER, **REGARDING},
            {"content-type": "application/json;version=5"},
            PLAIN | {"from": SHOWN} | REGARDING,
        ),
        (
            CONSENTING,
            {"content-type": "application/json;version=6"},
            PLAIN | CONSENTING,
        ),
    ],
)
def test_each_example_of_the_document_is_answered_as_it_is_printed(
    client: httpx.Client,
    body: Mapping[str, object],
    headers: dict[str, str],
    printed: object,
) -> None:
    answer = call(client, body, **headers)

    assert answer.status_code == 201
    assert as_printed(answer) == (f"{HOST}/v0/a1b2c3d4e5/calls/{LOCATION_ID}", printed)


def test_the_body_names_another_id_than_the_location(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    answer = call(client, {"from": AGENT, "to": TO_NUMBER})

    (dial,) = sandbox.dials
    assert answer.json()["id"] == dial.id
    assert answer.headers["location"].endswith(f"/{dial.location_id}")
    assert dial.id != dial.location_id


def test_an_answer_can_say_no_more_than_was_asked(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    sandbox.moods.echo = "asked"
    body = {"from": {"groups": ["200"]}, "to": TO_NUMBER, **REGARDING}

    answer = call(client, body, accept="application/json;version=5").json()

    assert {name: answer[name] for name in body} == body
    assert set(answer) == {"id", "links", *body}


def test_every_call_is_written_down_as_it_was_asked_for(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    version = {"accept": "application/json;version=6"}
    call(client, {"from": SHOWN, "to": TO_NUMBER, **REGARDING}, **version)
    call(client, {"from": {"groups": ["400"]}, "to": TO_NUMBER}, **version)
    call(client, {"from": AGENT, "to": {"agentId": "102"}}, **version)
    call(client, CONSENTING, **version)

    first, second, third, fourth = sandbox.dials
    assert first == Dial(
        id=first.id,
        location_id=first.location_id,
        agent="1234",
        at=NOW,
        number=NUMBER,
        presented_clid="08008888888",
        regarding="0012400000ATTUQ",
        application="appName",
    )
    assert (second.agent, second.groups, second.number) == ("1234", ("400",), NUMBER)
    assert (third.number, third.to_agent) == (None, "102")
    assert (fourth.from_consent, fourth.to_consent) == ("OneParty", "OneParty")


def test_another_process_can_read_what_was_dialled(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    call(client, {"from": AGENT, "to": TO_NUMBER})

    (told,) = httpx.get(client.base_url.join("/sandbox/dials"), trust_env=False).json()

    (dial,) = sandbox.dials
    assert (told["id"], told["agent"], told["number"]) == (dial.id, "1234", NUMBER)
    assert (told["regarding"], told["at"]) == (None, NOW.isoformat())


def test_the_agents_are_the_team_without_the_one_who_left() -> None:
    agents = {agent.agent_id: agent for agent in NewVoiceMediaSandbox().agents}

    assert set(agents) == {"101", "102", "103", "104", "105", "106", "107"}
    assert agents["101"].groups == ("030",)
    assert agents["104"].groups == ("400",)


def test_another_process_can_add_agents_and_put_them_on_the_phone(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    agents = [{"agent_id": "9", "groups": ["7"]}, {"agent_id": "102", "busy": True}]

    answer = client.post("/sandbox/agents", json=agents)

    assert answer.status_code == 204
    told = {agent["agent_id"]: agent for agent in client.get("/sandbox/agents").json()}
    assert (told["9"]["busy"], told["102"]["busy"]) == (False, True)
    assert Agent(agent_id="9", groups=("7",)) in sandbox.agents


def test_the_urls_path_is_a_prefix_of_all_others() -> None:
    sandbox = NewVoiceMediaSandbox(prefix="/emea")
    headers = {"authorization": f"Bearer {sandbox.issue()}"}
    body = {"from": {"agentId": "101"}, "to": TO_NUMBER}

    with Server(sandbox.app) as server:
        url = f"{server.url}/emea"
        answer = httpx.post(
            f"{url}/v0/a1b2c3d4e5/calls/", json=body, headers=headers, trust_env=False
        )

    assert answer.headers["location"].startswith(f"{url}/v0/a1b2c3d4e5/calls/")
    assert answer.json()["links"][0]["href"].startswith(f"{url}/V0/t0te2h4rrrp/Calls/")


def test_a_call_that_arrives_keeps_one_of_the_team_on_the_phone(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client
) -> None:
    agent_id = sandbox.arrive(Random(1))  # noqa: S311 - repeatable, not secret

    answer = call(client, {"from": {"agentId": agent_id}, "to": TO_NUMBER})

    assert answer.json()["message"] == "Unable to place call - Agent number busy"
    assert sandbox.dials == ()
