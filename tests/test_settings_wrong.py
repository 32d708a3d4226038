"""Wrong settings are said by name, all at once, and without a secret."""

from pathlib import Path

import pytest

from connector.errors import ConfigError
from connector.settings import load_settings
from tests.given import GIVEN, SECRETS, forget, give


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(tmp_path, monkeypatch)


def wrong() -> list[str]:
    """What is said to be wrong, a line each."""
    with pytest.raises(ConfigError) as refused:
        load_settings()
    return refused.value.message.splitlines()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CONNECTOR_PORT", "eighty"),
        ("CONNECTOR_PORT", "65536"),
        ("CONNECTOR_PORT", "-1"),
        ("CONNECTOR_REGION", "India"),
        ("CONNECTOR_REGION", "IN,"),
        ("CONNECTOR_LOG_FORMAT", "xml"),
        ("CONNECTOR_LOG_PHONES", "perhaps"),
        ("SALESFORCE_URL", "org.example"),
        ("SALESFORCE_URL", "ftp://org.example"),
        ("SALESFORCE_URL", "https://"),
        ("SALESFORCE_URL", "https://org.example:port"),
        ("SALESFORCE_URL", "https://org.example/?a=b"),
        ("SALESFORCE_URL", "https://me@org.example"),
        ("SALESFORCE_LOGIN_URL", "login.example"),
        ("SALESFORCE_API_VERSION", "62"),
        ("SALESFORCE_API_VERSION", "v62.0"),
        ("SALESFORCE_QUOTA_RESERVE", "101"),
        ("SALESFORCE_DIAL_SHARE", "101"),
        ("SALESFORCE_DIAL_SHARE", "-1"),
        ("CALLYZER_URL", "https://[half"),
        ("CALLYZER_TIMEZONE", "India"),
        ("CALLYZER_TIMEZONE", "../etc/passwd"),
        ("CALLYZER_SECONDS_PER_REQUEST", "-1"),
        ("CALLYZER_SECONDS_PER_REQUEST", "inf"),
    ],
)
def test_a_wrong_value_is_said_by_name(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, **{name: text})

    (line,) = wrong()

    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        (["CALLYZER_TOKEN"], ["CALLYZER_TOKEN"]),
        (["SALESFORCE_CLIENT_ID"], ["SALESFORCE_CLIENT_ID"]),
        (
            ["SALESFORCE_CLIENT_SECRET", "SALESFORCE_USERNAME"],
            ["SALESFORCE_CLIENT_SECRET", "SALESFORCE_USERNAME"],
        ),
        (
            ["SALESFORCE_CLIENT_SECRET", "SALESFORCE_PRIVATE_KEY"],
            ["SALESFORCE_CLIENT_SECRET", "SALESFORCE_PRIVATE_KEY"],
        ),
    ],
)
def test_a_system_that_has_an_address_says_what_else_it_needs(
    missing: list[str], named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch)
    for name in missing:
        monkeypatch.delenv(name)

    (line,) = wrong()

    assert all(name in line for name in named)


@pytest.mark.parametrize(
    "missing",
    [["SALESFORCE_CLIENT_SECRET"], ["SALESFORCE_USERNAME", "SALESFORCE_PRIVATE_KEY"]],
)
def test_either_right_to_the_crm_is_enough(
    missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch)
    for name in missing:
        monkeypatch.delenv(name)

    assert load_settings().salesforce_url


def test_a_reserve_and_a_dial_share_that_are_more_than_all_are_both_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give(monkeypatch, SALESFORCE_QUOTA_RESERVE="80", SALESFORCE_DIAL_SHARE="20.5")

    (line,) = wrong()

    assert line == (
        "SALESFORCE_QUOTA_RESERVE and SALESFORCE_DIAL_SHARE are 100.5 percent "
        "together: 100 is the most"
    )


def test_a_reserve_and_a_dial_share_may_be_all(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, SALESFORCE_QUOTA_RESERVE="80", SALESFORCE_DIAL_SHARE="20")

    assert load_settings().dial_share(dials=True) == 20


def test_a_system_without_an_address_is_simply_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALLYZER_TOKEN", "hush-calls")
    monkeypatch.setenv("SALESFORCE_CLIENT_ID", "the-app")

    settings = load_settings()

    assert (settings.callyzer_url, settings.salesforce_url) == (None, None)


def test_everything_wrong_and_missing_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONNECTOR_PORT", "eighty")
    monkeypatch.setenv("CALLYZER_TIMEZONE", "India")
    monkeypatch.setenv("CALLYZER_URL", "https://x/api")
    monkeypatch.setenv("CALLYZER_TOKEN", "  ")
    monkeypatch.setenv("SALESFORCE_URL", "https://org.example")

    lines = wrong()

    assert [line.split(":")[0] for line in lines[:2]] == [
        *("CONNECTOR_PORT", "CALLYZER_TIMEZONE")
    ]
    assert "CALLYZER_TOKEN" in lines[2]
    assert "SALESFORCE_CLIENT_ID" in lines[3]
    assert "SALESFORCE_CLIENT_SECRET" in lines[4]
    assert len(lines) == 5


def test_files_that_cannot_be_read_are_said_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET_FILE", "bytes")
    monkeypatch.setenv("SALESFORCE_PRIVATE_KEY_FILE", str(tmp_path))
    monkeypatch.setenv("CALLYZER_TOKEN_FILE", "/run/secrets/callyzer")

    assert wrong() == [
        "SALESFORCE_CLIENT_SECRET_FILE: bytes is not UTF-8 text",
        f"SALESFORCE_PRIVATE_KEY_FILE: {tmp_path}: Is a directory",
        "CALLYZER_TOKEN_FILE: /run/secrets/callyzer: No such file or directory",
    ]


def test_an_env_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"CONNECTOR_PORT=\xff\n")

    (line,) = wrong()

    assert line.startswith(".env cannot be read: ")


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_in_no_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, CONNECTOR_PORT="eighty", SALESFORCE_URL="nowhere")

    with pytest.raises(ConfigError) as refused:
        load_settings()

    assert GIVEN[name][0] not in f"{refused.value}{refused.value.__cause__!r}"
