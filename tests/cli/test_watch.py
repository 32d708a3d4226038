"""`connector watch`: a system is told where to post, with a secret that will open."""

from collections.abc import Iterator

import pytest

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.server import Server
from tests.cli.conftest import Connector

HERE = "http://127.0.0.1:1/webhooks/agendize"
NAMED = ("AGENDIZE_WEBHOOK_USERNAME", "AGENDIZE_WEBHOOK_PASSWORD")


@pytest.fixture
def agendize(monkeypatch: pytest.MonkeyPatch) -> Iterator[AgendizeSandbox]:
    sandbox = AgendizeSandbox()
    with Server(sandbox.app) as server:
        monkeypatch.setenv("AGENDIZE_URL", server.url + sandbox.prefix)
        monkeypatch.setenv("AGENDIZE_TOKEN", sandbox.token)
        monkeypatch.setenv("AGENDIZE_API_KEY", sandbox.api_key)
        for name in NAMED:
            monkeypatch.setenv(name, "theirs")
        yield sandbox


def test_a_watch_is_registered(connector: Connector, agendize: AgendizeSandbox) -> None:
    said = connector("watch", "agendize", HERE)

    (watch,) = agendize.watches
    assert (said.code, watch["address"]) == (0, HERE)
    assert HERE in said.out


def test_without_a_secret_none_is(
    connector: Connector, agendize: AgendizeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMED:
        monkeypatch.delenv(name)

    said = connector("watch", "agendize", HERE)

    assert (said.code, list(agendize.watches)) == (2, [])
    assert "AGENDIZE_WEBHOOK_USERNAME" in said.err


@pytest.mark.parametrize("system", ["callyzer", "nobody"])
def test_a_system_that_can_not_be_told_says_which_can(
    connector: Connector, system: str
) -> None:
    said = connector("watch", system, HERE)

    assert said.code == 2
    assert "agendize can" in said.err


def test_an_address_that_is_none_is_said(
    connector: Connector, agendize: AgendizeSandbox
) -> None:
    said = connector("watch", "agendize", "our.example")

    assert (said.code, list(agendize.watches)) == (2, [])
    assert "address" in said.err
