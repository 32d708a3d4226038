"""Dialers are built of the settings, once; a flow without one is left out."""

from pathlib import Path

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import ConfigError
from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.server import Server
from connector.testing import ManualClock
from connector.wiring.dialers import CALL_SECONDS, DIALERS, TOKEN_SECONDS
from tests.wiring.given import CALLYZER, DIALS, NEWVOICEMEDIA, PUSHES, app

CALL = {"from.agentId": "101", "to.telephoneNumber": "02072068888"}
CRM = {
    "salesforce_url": "http://127.0.0.1:9",
    "salesforce_client_id": "the-app",
    "salesforce_client_secret": "hush",
}
LACKS = "newvoicemedia is not configured: set NEWVOICEMEDIA_URL, NEWVOICEMEDIA_ACC"


@pytest.mark.parametrize("prefix", ["", "/prefix"])
def test_a_dialer_is_built_of_the_settings(tmp_path: Path, prefix: str) -> None:
    sandbox = NewVoiceMediaSandbox(prefix=prefix, now=ManualClock().now)
    with Server(sandbox.app) as server:
        settings = {
            "newvoicemedia_url": server.url + prefix,
            "newvoicemedia_account_key": sandbox.account_key,
            "newvoicemedia_client_id": sandbox.client_id,
            "newvoicemedia_client_secret": sandbox.client_secret,
        }
        with app(tmp_path, **settings) as built:
            placed = built.dialer("newvoicemedia").dial(CALL)

    assert [dial.id for dial in sandbox.dials] == [placed.id]


def test_a_dialer_is_built_once_and_closed_with_the_app(tmp_path: Path) -> None:
    with app(tmp_path, **NEWVOICEMEDIA) as built:
        dialer = built.dialer("newvoicemedia")
        again = built.dialer("newvoicemedia")

    assert again is dialer
    with pytest.raises(RuntimeError, match="closed"):
        dialer.dial(CALL)


def test_a_dialer_without_its_settings_is_not_built(tmp_path: Path) -> None:
    with app(tmp_path) as built, pytest.raises(ConfigError, match=LACKS):
        built.dialer("newvoicemedia")


def test_a_dialer_that_there_is_not_is_not_built(tmp_path: Path) -> None:
    with (
        app(tmp_path) as built,
        pytest.raises(ConfigError, match=r"no dialer 'nvm'; there is newvoicemedia"),
    ):
        built.dialer("nvm")


def test_a_call_is_given_up_while_somebody_may_still_look_at_the_button() -> None:
    assert (CALL_SECONDS, TOKEN_SECONDS) == (20, 10)


def test_mapping_files_may_name_every_dialer_and_what_it_can_be_told(
    tmp_path: Path,
) -> None:
    world = app(tmp_path).world

    assert world.dialers == {name: each.parameters for name, each in DIALERS.items()}


# ── flows ──────────────────────────────────────────────────────────────────


def test_flows_that_have_their_settings_are_there(tmp_path: Path) -> None:
    folder = app(tmp_path, DIALS, PUSHES, **CALLYZER, **NEWVOICEMEDIA).flows()

    assert not folder.faults
    assert [flow.name for flow in folder.dials] == ["click-to-call"]
    assert [flow.name for flow in folder.flows] == ["calls"]
    assert not folder.left_out


def test_a_flow_whose_dialer_is_not_there_is_left_out_beside_one_that_runs(
    tmp_path: Path,
) -> None:
    folder = app(tmp_path, DIALS, PUSHES, **CALLYZER).flows()

    assert [flow.name for flow in folder.flows] == ["calls"]
    assert not folder.dials
    assert f"0.yaml: left out, as {LACKS}" in folder.left_out["click-to-call"]


def test_a_flow_whose_system_is_not_there_is_left_out_beside_one_that_dials(
    tmp_path: Path,
) -> None:
    folder = app(tmp_path, DIALS, PUSHES, **NEWVOICEMEDIA).flows()

    assert [flow.name for flow in folder.dials] == ["click-to-call"]
    assert not folder.flows
    assert folder.left_out.keys() == {"calls"}


def test_where_nothing_could_run_nothing_is_left_out(tmp_path: Path) -> None:
    built = app(tmp_path, DIALS, PUSHES)

    folder = built.flows()

    assert (len(folder.dials), len(folder.flows)) == (1, 1)
    assert not folder.left_out
    assert built.missing(folder.dials[0]).startswith(LACKS)


# ── the CRM's quota ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("files", "settings", "share"),
    [
        ((DIALS, PUSHES), {**CALLYZER, **NEWVOICEMEDIA}, 10),
        ((DIALS,), {**NEWVOICEMEDIA, "salesforce_quota_reserve": 95}, 5),
        ((DIALS,), {**NEWVOICEMEDIA, "salesforce_dial_share": 3}, 3),
        ((PUSHES,), {**CALLYZER, **NEWVOICEMEDIA}, 0),
        ((DIALS, PUSHES), CALLYZER, 0),
        ((DIALS,), {}, 0),
        ((), {}, 0),
        ((PUSHES,), {**CALLYZER, "salesforce_dial_share": 3}, 3),
    ],
)
def test_a_share_is_kept_for_dialling_where_a_mapping_dials_and_can(
    tmp_path: Path,
    files: tuple[str, ...],
    settings: dict[str, object],
    share: float,
) -> None:
    assert app(tmp_path, *files, **settings).dial_share() == share


def test_the_share_follows_what_is_said_to_dial(tmp_path: Path) -> None:
    built = app(tmp_path, DIALS, **NEWVOICEMEDIA)
    before = built.dial_share()

    built.dials = False
    without = built.dial_share()
    built.dials = True

    assert (before, without, built.dial_share()) == (10, 0, 10)


def test_dialling_has_the_same_crm(tmp_path: Path) -> None:
    with app(tmp_path, DIALS, **CRM, **NEWVOICEMEDIA) as built:
        assert isinstance(built.crm, SalesforceCrm)
        assert built.dial_crm is built.crm.dialling
        assert built.dial_crm is built.dial_crm
