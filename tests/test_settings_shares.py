"""How much of the CRM's quota is for dialling only."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.settings import Settings, load_settings
from connector.settings.own import DIAL_SHARE
from tests.given import forget


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(tmp_path, monkeypatch)


def test_by_default_something_is_kept_once_something_dials() -> None:
    settings = load_settings()

    assert settings.dial_share(dials=True) == DIAL_SHARE == 10
    assert settings.dial_share(dials=False) == 0


@pytest.mark.parametrize("dials", [True, False])
@pytest.mark.parametrize("share", ["0", "25.5"])
def test_what_is_given_is_kept_whether_something_dials_or_not(
    monkeypatch: pytest.MonkeyPatch, share: str, *, dials: bool
) -> None:
    monkeypatch.setenv("SALESFORCE_DIAL_SHARE", share)

    assert load_settings().dial_share(dials=dials) == float(share)


@given(st.floats(min_value=0, max_value=100))
def test_a_reserve_leaves_the_default_what_there_is(reserve: float) -> None:
    settings = Settings.model_validate({"salesforce_quota_reserve": reserve})

    share = settings.dial_share(dials=True)

    assert share == min(DIAL_SHARE, 100 - reserve)
    assert 0 <= share + reserve <= 100
