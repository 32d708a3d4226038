"""Agendize's watch: whose a delivery is, and which call it is about."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import ConfigError, RecordError
from connector.model import Delivery
from connector.systems.agendize.webhook import AgendizeWebhook

BASIC = AgendizeWebhook(username="us", password="s3cret")  # noqa: S106  opens nothing
HEADED = AgendizeWebhook(header="X-Our-Secret", secret="s3cret")  # noqa: S106  opens nothing
NEITHER = AgendizeWebhook(header="X-Our-Secret")


def basic(text: str, scheme: str = "Basic") -> dict[str, str]:
    return {"authorization": f"{scheme} {base64.b64encode(text.encode()).decode()}"}


def delivery(body: object = None, **headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(headers=named, body=json.dumps(body).encode())


@pytest.mark.parametrize("scheme", ["Basic", "basic"])
def test_its_user_and_password_open(scheme: str) -> None:
    assert BASIC.authentic(delivery(**basic("us:s3cret", scheme)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("us:wrong"),
        basic("us:"),
        basic(":s3cret"),
        basic("us:s3cret", "Bearer"),
        {"authorization": "Basic !!!"},
        {"authorization": "Basic"},
        {"x-our-secret": "s3cret"},
    ],
)
def test_nothing_else_opens(headers: dict[str, str]) -> None:
    assert not BASIC.authentic(delivery(**headers))


def test_a_header_of_our_own_opens() -> None:
    assert HEADED.authentic(delivery(x_our_secret="s3cret"))  # noqa: S106  opens nothing
    assert not HEADED.authentic(delivery(x_our_secret="wrong"))  # noqa: S106  opens nothing
    assert not HEADED.authentic(delivery())


@pytest.mark.parametrize("headers", [{}, {"x_our_secret": ""}, basic(":"), basic("")])
def test_without_a_secret_nothing_opens(headers: dict[str, str]) -> None:
    assert not NEITHER.authentic(delivery(**headers))
    assert not AgendizeWebhook().authentic(delivery(**headers))


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ({"id": "c1", "status": "completed"}, ["c1"]),
        ({"id": 7}, ["7"]),
        ([{"id": "a"}, {"id": "b"}, {"id": "a"}], ["a", "b"]),
        ({"items": [{"id": "a"}]}, ["a"]),
    ],
)
def test_a_call_is_named_by_its_id(body: object, ids: list[str]) -> None:
    assert BASIC.nudged(delivery(body)) == {"calls": ids}


@given(st.binary() | st.builds(lambda v: json.dumps(v).encode(), st.none() | st.text()))
def test_what_names_no_call_is_refused(body: bytes) -> None:
    with pytest.raises(RecordError):
        BASIC.nudged(Delivery(headers={}, body=body))


def test_a_watch_asks_for_what_will_open() -> None:
    where = "https://us.example/webhooks/agendize"

    assert BASIC.watch(where)["basicAuth"] == {"username": "us", "password": "s3cret"}
    assert HEADED.watch(where)["httpRequestHeader"] == {"X-Our-Secret": "s3cret"}
    with pytest.raises(ConfigError, match="AGENDIZE_WEBHOOK"):
        NEITHER.watch(where)
