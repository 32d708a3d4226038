"""What each system is built of, once it is configured. One function a system."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from connector.clock import Clock
from connector.mapping.flow import PushFlow
from connector.model import Stream
from connector.ports import Pacer, Source, Webhook
from connector.settings import Settings
from connector.systems.agendize import source as agendize
from connector.systems.agendize.client import AgendizeClient
from connector.systems.agendize.webhook import AgendizeWebhook
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.source import CALL_LOGS, CallLogs
from connector.systems.callyzer.webhook import CallyzerWebhook
from connector.transport.http import Http


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a source is made of, whatever its system."""

    settings: Settings
    http: Http
    pacer: Pacer
    clock: Clock
    flow: PushFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system: its streams, and how they are opened.

    ``address``: the setting without which it is not there; ``needs``: how that is said.
    ``interval``: seconds between two requests. ``zone``: of times that name none.
    """

    streams: Mapping[str, Stream]
    address: Callable[[Settings], str | None]
    needs: str
    zone: Callable[[Settings], str]
    interval: Callable[[Settings], float]
    http: Callable[[Settings, str], Http]
    source: Callable[[Parts], Source]
    webhook: Callable[[Settings], Webhook] | None = None


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


# ── callyzer ───────────────────────────────────────────────────────────────


def _callyzer_http(settings: Settings, url: str) -> Http:
    token = _secret(settings.callyzer_token)
    return Http(url, headers={"Authorization": f"Bearer {token}"})


def _callyzer(parts: Parts) -> Source:
    return CallLogs(
        client=CallyzerClient(parts.http, parts.pacer),
        zone=ZoneInfo(parts.settings.callyzer_timezone),
        options=parts.flow.options,
        clock=parts.clock,
    )


def _callyzer_webhook(settings: Settings) -> Webhook:
    return CallyzerWebhook(
        secret=_secret(settings.callyzer_webhook_secret),
        header=settings.callyzer_webhook_header,
        signed=settings.callyzer_webhook_hmac,
    )


# ── agendize ───────────────────────────────────────────────────────────────


def _agendize_http(settings: Settings, url: str) -> Http:
    token, key = _secret(settings.agendize_token), _secret(settings.agendize_api_key)
    return Http(url, headers={"token": token, "apiKey": key})


def _agendize(parts: Parts) -> Source:
    return agendize.SOURCES[parts.flow.stream.name](
        client=AgendizeClient(parts.http, parts.pacer),
        zone=ZoneInfo(parts.settings.agendize_timezone),
        options=parts.flow.options,
        clock=parts.clock,
    )


def agendize_webhook(settings: Settings) -> AgendizeWebhook:
    """Build what takes in what Agendize's watch posts."""
    return AgendizeWebhook(
        username=settings.agendize_webhook_username or "",
        password=_secret(settings.agendize_webhook_password),
        header=settings.agendize_webhook_header,
        secret=_secret(settings.agendize_webhook_secret),
    )


# ── all of them ────────────────────────────────────────────────────────────


SYSTEMS: Final[Mapping[str, System]] = MappingProxyType(
    {
        "callyzer": System(
            streams={CALL_LOGS.name: CALL_LOGS},
            address=lambda settings: settings.callyzer_url,
            needs="CALLYZER_URL and CALLYZER_TOKEN",
            zone=lambda settings: settings.callyzer_timezone,
            interval=lambda settings: settings.callyzer_seconds_per_request,
            http=_callyzer_http,
            source=_callyzer,
            webhook=_callyzer_webhook,
        ),
        "agendize": System(
            streams=agendize.STREAMS,
            address=lambda settings: settings.agendize_url,
            needs="AGENDIZE_URL, AGENDIZE_TOKEN and AGENDIZE_API_KEY",
            zone=lambda settings: settings.agendize_timezone,
            interval=lambda _: 0,
            http=_agendize_http,
            source=_agendize,
            webhook=agendize_webhook,
        ),
    }
)
STREAMS: Final[Mapping[str, Mapping[str, Stream]]] = MappingProxyType(
    {name: system.streams for name, system in SYSTEMS.items()}
)
"""Every stream of every system, configured or not."""
