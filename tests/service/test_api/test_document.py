"""The OpenAPI document and the page say what the API does."""

import json
import re
from typing import Any

import httpx
import pytest

from connector.engine.dial_poll import KEPT
from connector.model import DialState
from connector.service import api
from connector.service.api import BURST, MOST_BYTES, RATE
from connector.service.api_words import DialAnswer, NudgeAnswer
from connector.wiring import App
from tests.service.office import ROOT
from tests.service.test_api.caller import DIAL, dial, nudge, put

PAGE = (ROOT / "docs" / "click-to-call.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())
NUDGED = {"200", "400", "401", "408", "413", "415", "429", "503"}
TOLD = {"200", "401", "404", "429", "503"}
PAGED = {*NUDGED, *TOLD, "405"}
"""On the page; the last is what another method gets, which OpenAPI does not tell of."""


@pytest.fixture
def document(url: str) -> dict[str, Any]:
    answer = httpx.get(f"{url}/openapi.json", trust_env=False)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_has_every_route_but_the_vendors(document: dict[str, Any]) -> None:
    paths = {path: set(each) for path, each in document["paths"].items()}

    assert document["openapi"].startswith("3.")
    assert paths == {
        "/v1/nudge": {"post"},
        "/v1/dials/{request_id}": {"get"},
        "/healthz": {"get"},
        "/readyz": {"get"},
    }


def test_the_document_says_which_routes_want_the_token(
    document: dict[str, Any],
) -> None:
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    wants = {
        path: operation.get("security", [])
        for path, each in document["paths"].items()
        for operation in each.values()
    }

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert wants["/v1/nudge"] == wants["/v1/dials/{request_id}"] == [{name: []}]
    assert wants["/healthz"] == wants["/readyz"] == []


def test_the_document_has_every_status_and_its_headers(
    document: dict[str, Any],
) -> None:
    nudged = document["paths"]["/v1/nudge"]["post"]["responses"]
    told = document["paths"]["/v1/dials/{request_id}"]["get"]["responses"]

    assert (nudged.keys(), told.keys()) == (NUDGED, TOLD)
    for answers in (nudged, told):
        assert "WWW-Authenticate" in answers["401"]["headers"]
        assert "Retry-After" in answers["429"]["headers"]
        assert "Retry-After" in answers["503"]["headers"]


def shape(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer's body is like, wherever the document says so."""
    reference = answer["content"]["application/json"]["schema"]["$ref"]
    found: dict[str, Any] = document["components"]["schemas"][reference.split("/")[-1]]
    return found


def test_the_document_has_the_bodies_as_they_are(
    document: dict[str, Any], url: str, app: App
) -> None:
    put(app, DIAL)
    nudging = document["paths"]["/v1/nudge"]["post"]
    telling = document["paths"]["/v1/dials/{request_id}"]["get"]

    nudged = shape(document, nudging["responses"]["200"])
    told = shape(document, telling["responses"]["200"])
    refused = shape(document, nudging["responses"]["429"])

    assert nudged["properties"].keys() == nudge(url).json().keys()
    assert told["properties"].keys() == dial(url).json().keys()
    assert refused["properties"].keys() == dial(url, "other").json().keys()
    (parameter,) = telling["parameters"]
    assert (parameter["name"], parameter["in"]) == ("request_id", "path")


def test_the_example_of_the_document_is_taken(
    document: dict[str, Any], url: str
) -> None:
    body = document["paths"]["/v1/nudge"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]

    answer = nudge(url, json.dumps(example).encode())

    assert body["required"]
    assert answer.status_code == 200


def test_the_page_has_every_status_and_figure() -> None:
    rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", PAGE, re.MULTILINE)

    assert {status for row in rows for status in row.split(", ")} == PAGED
    assert f"More than {RATE:g} a second, or {BURST} at once" in PROSE
    assert f"did not come in {api.BODY_SECONDS:g} seconds" in PROSE
    assert f"has more than {MOST_BYTES} bytes" in PROSE
    assert f"is kept for {KEPT.days} days" in PROSE


def test_the_page_has_every_state_and_how_it_is_told() -> None:
    nudged, told = map(json.loads, re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL))
    states = re.findall(r"^\| `(\w+)` \| .+ \| .+ \| .*\|$", PAGE, re.MULTILINE)

    assert NudgeAnswer.model_validate(nudged).model_dump(mode="json") == nudged
    assert DialAnswer.model_validate(told).model_dump(mode="json") == told
    assert states == list(DialState)
