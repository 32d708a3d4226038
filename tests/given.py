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
    "CALLYZER_CALL_METHOD": ("WhatsAppCall", "WhatsAppCall"),
    "CALLYZER_CALL_MODE": ("Video", "Video"),
    "CALLYZER_WEBHOOK_SECRET": ("hush-hook", SecretStr("hush-hook")),
    "CALLYZER_WEBHOOK_HEADER": ("X-Secret", "X-Secret"),
    "CALLYZER_WEBHOOK_HMAC": ("true", True),
    "CCAI_URL": ("https://ccai.example", "https://ccai.example"),
    "CCAI_USERNAME": ("sub.domain", "sub.domain"),
    "CCAI_TOKEN": ("hush-ccai", SecretStr("hush-ccai")),
    "CCAI_REQUESTS_PER_SECOND": ("10", 10.0),
    "CCAI_WEBHOOK_USERNAME": ("ccai-hook", "ccai-hook"),
    "CCAI_WEBHOOK_PASSWORD": ("hush-ccai-hook", SecretStr("hush-ccai-hook")),
    "AGENDIZE_URL": ("https://ag.example/api/2.0", "https://ag.example/api/2.0"),
    "AGENDIZE_TOKEN": ("hush-ag", SecretStr("hush-ag")),
    "AGENDIZE_API_KEY": ("hush-ag-key", SecretStr("hush-ag-key")),
    "AGENDIZE_TIMEZONE": ("Europe/Paris", "Europe/Paris"),
    "AGENDIZE_WEBHOOK_USERNAME": ("ag-hook", "ag-hook"),
    "AGENDIZE_WEBHOOK_PASSWORD": ("hush-ag-hook", SecretStr("hush-ag-hook")),
    "AGENDIZE_WEBHOOK_HEADER": ("X-Ours", "X-Ours"),
    "AGENDIZE_WEBHOOK_SECRET": ("hush-ag-head", SecretStr("hush-ag-head")),
    "MULTISENDER_URL": ("https://ms.example/v1", "https://ms.example/v1"),
    "MULTISENDER_TOKEN": ("hush-ms", SecretStr("hush-ms")),
    "MULTISENDER_TIMEZONE": ("Europe/Helsinki", "Europe/Helsinki"),
    "MULTISENDER_WEBHOOK_TOKEN": ("hush-ms-hook", SecretStr("hush-ms-hook")),
    "NEWVOICEMEDIA_URL": ("https://nvm.example", "https://nvm.example"),
    "NEWVOICEMEDIA_ACCOUNT_KEY": ("a1b2c3", "a1b2c3"),
    "NEWVOICEMEDIA_TOKEN_URL": ("https://auth.example/t", "https://auth.example/t"),
    "NEWVOICEMEDIA_CLIENT_ID": ("nvm-app", "nvm-app"),
    "NEWVOICEMEDIA_CLIENT_SECRET": ("hush-nvm", SecretStr("hush-nvm")),
    "NEWVOICEMEDIA_SCOPE": ("calls", "calls"),
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
