"""``connector check`` of a dial file: what is wrong with it, and what it costs."""

from collections.abc import Iterator

import pytest

from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.server import Server
from tests.cli.conftest import Connector
from tests.mapping.examples import DIALS
from tests.service.office import Office


@pytest.fixture(autouse=True)
def dialer(
    connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewVoiceMediaSandbox]:
    """Have a dialer configured beside the rest."""
    del connector  # which empties the environment first
    phones = NewVoiceMediaSandbox()
    with Server(phones.app) as server:
        for name, value in {
            "URL": server.url,
            "ACCOUNT_KEY": phones.account_key,
            "CLIENT_ID": phones.client_id,
            "CLIENT_SECRET": phones.client_secret,
        }.items():
            monkeypatch.setenv(f"NEWVOICEMEDIA_{name}", value)
        yield phones


def test_a_good_dial_file_is_said_to_be_good_with_what_it_costs(
    connector: Connector, office: Office
) -> None:
    office.write(DIALS)

    said = connector("check")

    assert said.code == 0
    assert "warning" not in said.out
    assert (
        "click-to-call: 1,440 polls a day, 1,440 CRM calls, 1.4% of its 100,000; about 5"
        " calls for each call that is asked for come on top" in said.out
    )


@pytest.mark.parametrize(
    ("clock", "cost"),
    [
        ("every: 5 seconds", "17,280 polls a day, 17,280 CRM calls, 17.3% of"),
        (
            'cron: "*/5 8-20 * * mon-fri"',
            "polls at */5 8-20 * * mon-fri, 1 CRM call each",
        ),
    ],
)
def test_the_cost_is_that_of_the_schedule(
    connector: Connector, office: Office, clock: str, cost: str
) -> None:
    office.write(DIALS.replace("every: 1 minute", clock))

    assert cost in connector("check").out


def test_a_call_costs_less_where_nothing_is_claimed_and_that_is_warned_of(
    connector: Connector, office: Office
) -> None:
    lines = DIALS.splitlines(keepends=True)
    office.write("".join(line for line in lines if not line.startswith("claim:")))

    said = connector("check")

    assert said.code == 0
    assert "about 4 calls for each call that is asked for" in said.out
    assert "could then dial twice" in said.out


def test_what_the_crm_lacks_of_a_dial_file_is_said_where_the_file_names_it(
    connector: Connector, office: Office
) -> None:
    path = office.write(DIALS.replace("Who.Phone", "Who.Fone"))

    said = connector("check")

    assert said.code == 2
    assert (
        f"{path}:10:48: Who leads to Contact, Lead: none has a field 'Fone'" in said.out
    )


def test_an_object_that_the_crm_lacks_is_said_where_a_dial_file_names_it(
    connector: Connector, office: Office
) -> None:
    path = office.write(DIALS.replace("crm: Task", "crm: Tusk__c"))

    said = connector("check")

    assert said.code == 2
    assert f"{path}:2:13: the CRM has no object 'Tusk__c'" in said.out


def test_it_is_said_that_no_nudge_is_taken_until_there_is_a_token(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(DIALS)

    without = connector("check").out
    monkeypatch.setenv("CONNECTOR_API_TOKEN", "only-the-button-knows-this")

    assert "no nudge is taken, as CONNECTOR_API_TOKEN is not set" in without
    assert "no nudge is taken" not in connector("check").out


def test_a_dialer_that_refuses_our_credentials_is_an_error_and_nothing_is_placed(
    connector: Connector,
    office: Office,
    dialer: NewVoiceMediaSandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = office.write(DIALS)
    monkeypatch.setenv("NEWVOICEMEDIA_CLIENT_SECRET", "wrong")

    said = connector("check")

    assert said.code == 2
    assert f"{path}:8:11: newvoicemedia: " in said.out
    assert "are the client's id, secret and scope right?" in said.out
    assert not dialer.dials


def test_a_dialer_that_does_not_answer_is_to_be_asked_again_later(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(DIALS)
    monkeypatch.setenv("NEWVOICEMEDIA_URL", "http://127.0.0.1:9")

    said = connector("check")

    assert said.code == 1
    assert "newvoicemedia could not be asked" in said.out


def test_a_file_of_which_no_call_can_be_placed_is_told_without_the_crm(
    connector: Connector, office: Office
) -> None:
    lines = DIALS.splitlines(keepends=True)
    path = office.write("".join(line for line in lines if "from.agentId" not in line))

    said = connector("check", "--offline")

    assert said.code == 2
    assert (
        f"{path}:7:1: no call could be placed: Agent Id must be specified" in said.out
    )
