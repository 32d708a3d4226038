"""Every setting, as it is written and as it is read."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from connector.settings import Settings

GIVEN: dict[str, tuple[str, object]] = {
    "CONNECTOR_STATE": ("/var/state.db", Path("/var/state.db")),
    "CONNECTOR_MAPPINGS": ("/etc/mappings", Path("/etc/mappings")),
    "CONNECTOR_HOST": ("::1", "::1"),
    "CONNECTOR_PORT": ("0", 0),
    "CONNECTOR_API_TOKEN": ("let-me-in", SecretStr("let-me-in")),
    "CONNECTOR_REGION": ("IN, US", "IN, US"),
    "CONNECTOR_LOG_FORMAT": ("json", "json"),
    "CONNECTOR_LOG_PHONES": ("true", True),
    "SALESFORCE_URL": ("https://org.example/a/", "https://org.example/a"),
    "SALESFORCE_LOGIN_URL": ("https://login.example", "https://login.example"),
    "SALESFORCE_CLIENT_ID": ("the-app", "the-app"),
    "SALESFORCE_CLIENT_SECRET": ("hush-app", SecretStr("hush-app")),
    "SALESFORCE_USERNAME": ("robot@org.example", "robot@org.example"),
    "SALESFORCE_PRIVATE_KEY": ("-BEGIN-\nx\n-END-", SecretStr("-BEGIN-\nx\n-END-")),
    "SALESFORCE_API_VERSION": ("63.0", "63.0"),
    "SALESFORCE_QUOTA_RESERVE": ("5.5", 5.5),
    "SALESFORCE_DIAL_SHARE": ("2.5", 2.5),
    "CALLYZER_URL": ("http://127.0.0.1:9/api/v2.1", "http://127.0.0.1:9/api/v2.1"),
    "CALLYZER_TOKEN": ("hush-calls", SecretStr("hush-calls")),
    "CALLYZER_TIMEZONE": ("Europe/Rome", "Europe/Rome"),
    "CALLYZER_SECONDS_PER_REQUEST": ("0", 0.0),
}
SECRETS = [name for name, (_, value) in GIVEN.items() if isinstance(value, SecretStr)]
NAMES = list(GIVEN)


def give(monkeypatch: pytest.MonkeyPatch, *, without: str = "", **more: str) -> None:
    """Set every variable but one, and these."""
    for name, (text, _) in GIVEN.items():
        if name != without:
            monkeypatch.setenv(name, text)
    for name, text in more.items():
        monkeypatch.setenv(name, text)


def value(settings: Settings, name: str) -> Any:  # noqa: ANN401  each has its own type
    return getattr(settings, name.lower())


def forget(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a folder without ``.env``, and set nothing."""
    monkeypatch.chdir(folder)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
