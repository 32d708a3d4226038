"""The document's examples, its rules, and what its refusals become."""

import json
from typing import Any

import httpx
import pytest

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import Placed
from connector.sandbox.faults import Fault
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.systems.newvoicemedia.operations import OPERATIONS
from connector.testing import ManualClock
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens
from tests.systems.newvoicemedia.conftest import Desk

AGENT, NUMBER = {"agentId": "1234"}, {"telephoneNumber": "02072068888"}
SHOWN = {"agentId": "1234", "presentedCLID": "08008888888"}
REGARDING = {"reference": "0012400000ATTUQ"}
FROM_AGENT = {"from": {**AGENT, "consent": "OneParty"}}
TO_NUMBER = {"to": {**NUMBER, "consent": "OneParty"}}
JSON = "application/json"

EXAMPLES: list[tuple[dict[str, Any], str]] = [
    ({"from": AGENT, "to": NUMBER}, JSON),
    ({"from": AGENT, "to": {"agentId": "4567"}}, JSON),
    ({"from": {"groups": ["030"]}, "to": NUMBER}, JSON),
    ({"from": {"groups": ["030", "200", "400"]}, "to": NUMBER}, JSON),
    ({"from": SHOWN, "to": NUMBER}, f"{JSON};version=2"),
    ({"from": AGENT, "to": NUMBER, "regarding": REGARDING}, f"{JSON};version=4"),
    (
        {
            "from": SHOWN,
            "to": NUMBER,
            "regarding": REGARDING,
            "application": "appName",
        },
        f"{JSON};version=5",
    ),
    (FROM_AGENT | TO_NUMBER, f"{JSON};version=6"),
    ({"from": {"groups": ["030"]}} | TO_NUMBER, f"{JSON};version=6"),
]
LOCATION = "https://***.newvoicemedia.com/v0/a1b2c3d4e5/calls/94e5928c-7f7e-4645-ad72-61010f906449"
BODY = {
    "id": "013d2063-84aa-fa90-9686-c307f5bf8beb",
    "links": [
        {
            "href": "https://***.newvoicemedia.com/V0/t0te2h4rrrp/Calls/94e5928c-7f7e-4645-ad72-61010f906449",
            "rel": "_self",
        }
    ],
    "from": {"telephoneNumber": "02072068888", "agentId": "1234"},
    "to": {"telephoneNumber": "02072068888", "agentId": "4567"},
}


class Line:
    """A client whose requests are seen, and answered as a test says."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.sent: list[httpx.Request] = []
        self._answers = list(answers)
        http = Http(
            "https://emea.cc.vonage.com/prefix",
            transport=httpx.MockTransport(self._answer),
        )
        tokens = Tokens(
            http=http,
            path="/Auth/connect/token",
            credentials=Credentials(client_id="id", client_secret="s"),  # noqa: S106  opens nothing
            clock=ManualClock(),
        )
        self.client = NewVoiceMediaClient(http, tokens, "a1b2c3d4e5")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/Auth/connect/token"):
            return httpx.Response(200, json={"access_token": "token"})
        self.sent.append(request)
        return self._answers.pop(0)


def created() -> httpx.Response:
    return httpx.Response(201, json=BODY, headers={"Location": LOCATION})


def refused(message: object, status: int = 400) -> httpx.Response:
    return httpx.Response(status, json={"message": message})


# ── what is sent ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("values", "accept"), EXAMPLES)
def test_a_documented_request_is_sent_as_documented(
    values: dict[str, Any], accept: str
) -> None:
    line = Line(created())

    placed = line.client.create_call(values)

    (request,) = line.sent
    assert (request.method, request.url.path) == (
        "POST",
        "/prefix/v0/a1b2c3d4e5/calls/",
    )
    assert json.loads(request.content) == values
    assert request.headers["authorization"] == "Bearer token"
    assert request.headers["content-type"] == JSON
    assert request.headers["accept"] == accept
    assert placed == Placed(id=str(BODY["id"]), location=LOCATION)


@pytest.mark.parametrize(("values", "_"), EXAMPLES)
def test_the_sandbox_places_every_documented_call_once(
    desk: Desk, values: dict[str, Any], _: str
) -> None:
    placed = desk.client.create_call(values)

    (dial,) = desk.sandbox.dials
    assert placed.id == dial.id
    assert placed.location != dial.id


# ── what is refused before it leaves ───────────────────────────────────────

LONG = "5" * 31
CALL: dict[str, Any] = {"from": AGENT, "to": NUMBER}


@pytest.mark.parametrize(
    ("change", "parameter", "words"),
    [
        ({"from": None}, "from", "Agent Id must be specified"),
        (
            {"from": {"presentedCLID": "1"}},
            "from.agentId",
            "Agent Id must be specified",
        ),
        ({"from": {"agentId": "1" * 12}}, "from.agentId", "Agent Id exceeds 11 digits"),
        ({"from": {"agentId": "a1"}}, "from.agentId", "must contain digits only"),
        ({"from": AGENT | NUMBER}, "from.telephoneNumber", "not supported"),
        ({"from": AGENT | {"groups": ["1"]}}, "from.agentId", "not both"),
        ({"from": AGENT | {"consent": "Maybe"}}, "from.consent", "one of Unknown"),
        ({"to": None}, "to", "Either telephone number or agent id required"),
        ({"to": {"consent": "OneParty"}}, "to", "Either telephone number or agent id"),
        ({"to": NUMBER | {"agentId": "1"}}, "to", "not both"),
        ({"to": {"telephoneNumber": LONG}}, "to.telephoneNumber", "30 characters"),
        ({"to": {"agentId": "x"}}, "to.agentId", "must contain digits only"),
        (
            {"regarding": {"reference": "r" * 2001}},
            "regarding.reference",
            "Reference exceeded 2000 characters",
        ),
        (
            {"regarding": {"reference": "no spaces"}},
            "regarding.reference",
            "Reference contained invalid characters",
        ),
        ({"application": "a" * 33}, "application", "exceeded 32 characters"),
        ({"application": "my app"}, "application", "non-alphanumeric"),
        (FROM_AGENT, "consent", "both sides or for neither"),
        (TO_NUMBER, "consent", "both sides or for neither"),
        (
            FROM_AGENT | {"to": {"agentId": "1", "consent": "OneParty"}},
            "consent",
            "neither between agents",
        ),
        (
            {"from": {"groups": ["1"], "consent": "OneParty"}} | TO_NUMBER,
            "consent",
            "no more than the called",
        ),
        ({"from": {"groups": ["1"]}, "to": {"agentId": "1"}}, "to.agentId", "a group"),
        ({"colour": "red"}, "colour", "no parameter colour"),
    ],
)
def test_what_the_document_forbids_is_not_sent(
    change: dict[str, Any], parameter: str, words: str
) -> None:
    line = Line()
    values = {n: v for n, v in (CALL | change).items() if v is not None}

    with pytest.raises(RefusedError, match=words) as caught:
        line.client.create_call(values)

    assert caught.value.parameter == parameter
    assert line.sent == []


@pytest.mark.parametrize(
    "reference", ["0012400000ATTUQ", "https://example.my.salesforce.com/500?x=1"]
)
def test_a_reference_is_alphanumeric_or_an_address(reference: str) -> None:
    line = Line(created())

    assert line.client.create_call(CALL | {"regarding": {"reference": reference}}).id


# ── what comes back ────────────────────────────────────────────────────────

REFUSALS = [
    ("Ccxml must be enabled for this account", ""),
    ("Unable to place call - Agent number busy", ""),
    ("Unable to place call - dialed Agent is not currently available", ""),
    ("Unable to place call - invalid Agent Id.", ""),
    ("Unable to place call - Agent Id is unknown", ""),
    ("Unable to place call - number is invalid", ""),
    ("Unable to place call to Agent. Please try again", ""),
    ("Agent Id exceeds 11 digits", "from.agentId"),
    ("Application exceeded 32 characters", "application"),
]


@pytest.mark.parametrize(("message", "parameter"), REFUSALS)
def test_a_documented_refusal_is_told_in_its_own_words(
    message: str, parameter: str
) -> None:
    line = Line(refused(message))

    with pytest.raises(RefusedError) as caught:
        line.client.create_call(CALL)

    error = caught.value
    assert (error.message, error.parameter, error.status) == (message, parameter, 400)
    assert len(line.sent) == 1


def test_an_unsupported_content_type_is_told_in_its_own_words() -> None:
    message = (
        "The requested resource does not support content type 'multipart/form-data'."
    )

    with pytest.raises(RefusedError) as caught:
        Line(refused(message, 415)).client.create_call(CALL)

    assert (caught.value.message, caught.value.status) == (message, 415)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(500), OutcomeUnknownError),
        (httpx.Response(503, text="<html>"), OutcomeUnknownError),
        (httpx.Response(408), OutcomeUnknownError),
        (httpx.Response(200, json={}), OutcomeUnknownError),
        (httpx.Response(202), OutcomeUnknownError),
        (httpx.Response(403), UnauthorizedError),
        (httpx.Response(404), ConfigError),
        (httpx.Response(429, headers={"retry-after": "7"}), RateLimitedError),
        (httpx.Response(302), OutcomeUnknownError),
        (httpx.Response(307), UnavailableError),
        (httpx.Response(400, text="<html>no</html>"), RefusedError),
        (refused(["not", "text"]), RefusedError),
    ],
)
def test_any_other_answer_says_whether_a_phone_may_ring(
    answer: httpx.Response, kind: type[ConnectorError]
) -> None:
    line = Line(answer)

    with pytest.raises(kind) as caught:
        line.client.create_call(CALL)

    assert type(caught.value) is kind
    assert len(line.sent) == 1


@pytest.mark.parametrize("body", [b'{"id": "013', b"", b"[]", b'{"id": 5}'])
def test_a_call_whose_answer_cannot_be_read_is_placed_all_the_same(body: bytes) -> None:
    answer = httpx.Response(201, content=body, headers={"Location": LOCATION})

    assert Line(answer).client.create_call(CALL) == Placed(id="", location=LOCATION)


# ── tokens, and lost answers ───────────────────────────────────────────────


def test_a_token_that_expired_between_is_renewed_before_the_call_is_sent_again(
    desk: Desk,
) -> None:
    desk.client.create_call(CALL)
    desk.sandbox.expire_tokens()
    desk.sandbox.free("1234")

    with pytest.raises(UnavailableError) as refused:
        desk.client.create_call(CALL)
    before = len(desk.sandbox.dials)
    desk.client.ready()
    desk.client.create_call(CALL)

    assert refused.value.retry_after == 0.1
    assert (before, len(desk.sandbox.dials)) == (1, 2)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_answer_that_is_lost_is_not_asked_for_again(desk: Desk, cut: Any) -> None:  # noqa: ANN401  a literal
    desk.sandbox.faults.add(Fault("/calls/", cut=cut))

    with pytest.raises(OutcomeUnknownError):
        desk.client.create_call(CALL)

    assert len(desk.sandbox.dials) == (0 if cut == "before" else 1)


def test_an_answer_that_is_lost_half_way_has_said_that_it_was_placed(
    desk: Desk,
) -> None:
    desk.sandbox.faults.add(Fault("/calls/", cut="half"))

    placed = desk.client.create_call(CALL)

    (dial,) = desk.sandbox.dials
    assert placed.id == ""
    assert placed.location.endswith(dial.location_id)


def test_every_documented_operation_is_a_method_of_the_client() -> None:
    assert all(callable(getattr(NewVoiceMediaClient, name)) for name in OPERATIONS)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"Message": "Agent number busy"}),
        httpx.Response(400, text="Agent number busy\n"),
    ],
)
def test_a_refusal_in_another_shape_keeps_its_words(answer: httpx.Response) -> None:
    with pytest.raises(RefusedError, match=r"^Agent number busy$"):
        Line(answer).client.create_call(CALL)


@pytest.mark.parametrize("blank", [{"application": ""}, {"regarding": {}}])
def test_what_is_blank_asks_for_no_version(blank: dict[str, Any]) -> None:
    line = Line(created())

    line.client.create_call(CALL | blank)

    assert line.sent[0].headers["accept"] == JSON
