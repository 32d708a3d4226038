"""The sandbox's NewVoiceMedia refuses in the words of the document."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox, rules
from connector.sandbox.server import Server

AGENT: dict[str, object] = {"agentId": "1234"}
GROUPS: dict[str, object] = {"groups": ["030"]}
NUMBER: dict[str, object] = {"telephoneNumber": "02072068888"}
OTHER: dict[str, object] = {"agentId": "4567"}
ONE, TWO = {"consent": "OneParty"}, {"consent": "TwoParty"}
LATEST = "application/json;version=6"
BOTH = "Consent must be supplied for both from and to or must be omitted for both."
NEITHER = "Consent must be omitted for both from and to."
TO_ONLY = "Consent must be omitted for from and either omitted or supplied for to."
REFERENCE_CHARACTERS = "Reference contained invalid characters"
Body = Mapping[str, object]


@pytest.fixture
def sandbox() -> NewVoiceMediaSandbox:
    return NewVoiceMediaSandbox(examples=True)


@pytest.fixture
def client(sandbox: NewVoiceMediaSandbox) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {sandbox.issue()}", "accept": LATEST}
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client,
    ):
        yield client


def call(client: httpx.Client, body: object, **headers: str) -> httpx.Response:
    return client.post("/v0/a1b2c3d4e5/calls/", json=body, headers=headers)


def regarding(reference: object) -> Body:
    return {"from": AGENT, "to": NUMBER, "regarding": {"reference": reference}}


def named(application: object) -> Body:
    return {"from": AGENT, "to": NUMBER, "application": application}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"from": AGENT, "to": {"telephoneNumber": "1" * 31}},
            "Telephone number exceeds 30 characters",
        ),
        (
            {"from": AGENT, "to": {"telephoneNumber": "number"}},
            "Unable to place call - number is invalid",
        ),
        (
            {"from": AGENT, "to": {"telephoneNumber": 2072068888}},
            "Unable to place call - number is invalid",
        ),
        (
            {"from": {"agentId": "1" * 12}, "to": NUMBER},
            "Agent Id exceeds 11 digits",
        ),
        ({"from": AGENT, "to": {"agentId": "1" * 12}}, "Agent Id exceeds 11 digits"),
        (
            {"from": {"agentId": "12a4"}, "to": NUMBER},
            "Agent Id must contain digits only",
        ),
        ({"from": {"agentId": 1234}, "to": NUMBER}, "Agent Id must contain digits only"),
        (
            {"from": AGENT, "to": {"agentId": "٤٥"}},
            "Agent Id must contain digits only",
        ),
        ({"from": NUMBER, "to": NUMBER}, "Telephone number not supported in this context"),
        ({"from": {}, "to": NUMBER}, "Agent Id must be specified"),
        ({"to": NUMBER}, "Agent Id must be specified"),
        ({"from": {"agentId": None}, "to": NUMBER}, "Agent Id must be specified"),
        ({"from": AGENT, "to": {}}, "Either telephone number or agent id required"),
        ({"from": AGENT}, "Either telephone number or agent id required"),
        (
            {"from": AGENT, "to": {**NUMBER, **OTHER}},
            "Either telephone number or agent id required, not both",
        ),
        (regarding("a" * 2001), "Reference exceeded 2000 characters"),
        (regarding("0012-400"), REFERENCE_CHARACTERS),
        (regarding("https://crm.example/a b"), REFERENCE_CHARACTERS),
        (regarding(""), REFERENCE_CHARACTERS),
        (named("a" * 33), "Application exceeded 32 characters"),
        (named("app name"), "Application contains non-alphanumeric characters"),
        ({"from": {"agentId": "99"}, "to": NUMBER}, "Unable to place call - Agent Id is unknown"),
        ({"from": AGENT, "to": {"agentId": "99"}}, "Unable to place call - invalid Agent Id."),
    ],
)  # fmt: skip
def test_a_request_that_breaks_a_rule_is_refused_in_the_documents_words(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, body: Body, message: str
) -> None:
    answer = call(client, body)

    assert (answer.status_code, answer.json()) == (400, {"message": message})
    assert sandbox.dials == ()


@pytest.mark.parametrize(
    "body",
    [
        {"from": {"agentId": "12345678901"}, "to": {"telephoneNumber": "1" * 30}},
        {"from": AGENT, "to": {"telephoneNumber": "+44 20 7206 8888"}},
        regarding("a" * 2000),
        regarding("https://crm.example/a?id=0012400000ATTUQ&x=%20#top"),
        regarding(None),
        named("a" * 32),
        {"from": AGENT, "to": NUMBER, "regarding": None},
    ],
)
def test_what_is_just_within_a_limit_is_dialled(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, body: Body
) -> None:
    client.post("/sandbox/agents", json=[{"agent_id": "12345678901"}])

    assert call(client, body).status_code == 201
    assert len(sandbox.dials) == 1


@pytest.mark.parametrize(
    ("caller", "called", "message"),
    [
        (AGENT, NUMBER, None),
        (AGENT | ONE, NUMBER | TWO, None),
        (AGENT | ONE, NUMBER, BOTH),
        (AGENT, NUMBER | ONE, BOTH),
        (AGENT, OTHER, None),
        (AGENT | ONE, OTHER | ONE, NEITHER),
        (AGENT, OTHER | ONE, NEITHER),
        (GROUPS, NUMBER, None),
        (GROUPS, NUMBER | ONE, None),
        (GROUPS | ONE, NUMBER | ONE, TO_ONLY),
        (GROUPS | ONE, NUMBER, TO_ONLY),
        (
            AGENT | {"consent": "oneparty"},
            NUMBER | ONE,
            'Consent must be one of "Unknown", "OneParty", "TwoParty"',
        ),
    ],
)
def test_consent_is_given_as_the_documents_table_says(
    client: httpx.Client, caller: Body, called: Body, message: str | None
) -> None:
    answer = call(client, {"from": caller, "to": called})

    assert answer.status_code == (400 if message else 201)
    assert answer.json().get("message") == message


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        {"from": "1234", "to": NUMBER},
        {"from": AGENT, "to": NUMBER, "colour": "red"},
        {"from": AGENT | {"name": "Ada"}, "to": NUMBER},
        {"from": AGENT | GROUPS, "to": NUMBER},
        {"from.agentId": "1234", "to.telephoneNumber": "02072068888"},
    ],
)
def test_a_body_that_is_not_as_documented_is_refused(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, body: object
) -> None:
    answer = call(client, body)

    assert (answer.status_code, list(answer.json())) == (400, ["message"])
    assert sandbox.dials == ()


VALUES: st.SearchStrategy[object] = st.sampled_from(
    ["", "1234", "030", "OneParty", "app Name", 1, None, [], ["030"], {}]
)
NAMES = st.sampled_from(
    ["agentId", "groups", "telephoneNumber", "consent", "presentedCLID", "reference"]
)
PARTS = st.dictionaries(NAMES, VALUES, max_size=3) | VALUES
BODIES = st.dictionaries(
    st.sampled_from(["from", "to", "regarding", "application", "from.agentId"]), PARTS
)


@given(body=BODIES)
def test_whatever_is_asked_is_refused_or_names_one_caller_and_one_called(
    body: Body,
) -> None:
    try:
        asked = rules.read(body, 6, "refuse")
    except rules.RefusedError:
        return

    assert ("from.agentId" in asked) + ("from.groups" in asked) == 1
    assert ("to.agentId" in asked) + ("to.telephoneNumber" in asked) == 1
    assert all(value not in ("", None, 1, {}) for value in asked.values())


@pytest.mark.parametrize("groups", [[], "030", [30], [""]])
def test_groups_are_an_array_of_ids(client: httpx.Client, groups: object) -> None:
    answer = call(client, {"from": {"groups": groups}, "to": NUMBER})

    message = "Groups must be an array of group ids"
    assert (answer.status_code, answer.json()) == (400, {"message": message})


def test_a_body_that_is_not_json_is_refused(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}

    answer = client.post("/v0/a1b2c3d4e5/calls/", content=b"{", headers=headers)

    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["multipart/form-data", "text/plain"])
def test_another_content_type_is_refused_by_its_name(
    sandbox: NewVoiceMediaSandbox, client: httpx.Client, kind: str
) -> None:
    content_type = f"{kind}; boundary=x"

    answer = call(
        client, {"from": AGENT, "to": NUMBER}, **{"content-type": content_type}
    )

    message = f"The requested resource does not support content type '{kind}'."
    assert (answer.status_code, answer.json()) == (415, {"message": message})
    assert sandbox.dials == ()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v0/somebody/calls/", 404),
        ("POST", "/v0/a1b2c3d4e5/calls", 404),
        ("GET", "/v0/a1b2c3d4e5/calls/", 405),
    ],
)
def test_only_the_documents_path_and_method_are_there(
    sandbox: NewVoiceMediaSandbox,
    client: httpx.Client,
    method: str,
    path: str,
    status: int,
) -> None:
    answer = client.request(method, path, json={"from": AGENT, "to": NUMBER})

    assert answer.status_code == status
    assert sandbox.dials == ()
