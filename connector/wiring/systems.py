"""What each system is built of, once it is configured. One function a system."""

import base64
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
from connector.systems.callyzer import source as callyzer
from connector.systems.callyzer.client import CallyzerClient, version_fields
from connector.systems.callyzer.webhook import CallyzerWebhook
from connector.systems.ccai import source as ccai
from connector.systems.ccai.client import CcaiClient
from connector.systems.ccai.webhook import CcaiWebhook
from connector.systems.multisender import source as multisender
from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.webhook import MultisenderWebhook
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
    watch: Callable[[Settings, Http, str], str] | None = None


CCAI_ZONE: Final = "UTC"
"""All of its times name their zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaced:
    """A pacer for a single request."""

    interval: float = 0

    def wait(self) -> None:
        """It is always our turn."""

    def block(self, seconds: float) -> None:
        """There is nobody to hold back."""


UNPACED: Final = Unpaced()


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


# ── callyzer ───────────────────────────────────────────────────────────────


def _callyzer_http(settings: Settings, url: str) -> Http:
    token = _secret(settings.callyzer_token)
    return Http(url, headers={"Authorization": f"Bearer {token}"})


def _callyzer_version(settings: Settings) -> Mapping[str, str]:
    return version_fields(
        settings.callyzer_url or "",
        call_method=settings.callyzer_call_method,
        call_mode=settings.callyzer_call_mode,
    )


def _callyzer(parts: Parts) -> Source:
    return callyzer.SOURCES[parts.flow.stream.name](
        client=CallyzerClient(
            parts.http, parts.pacer, _callyzer_version(parts.settings)
        ),
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


# ── ccai ───────────────────────────────────────────────────────────────────


def _ccai_http(settings: Settings, url: str) -> Http:
    pair = f"{settings.ccai_username or ''}:{_secret(settings.ccai_token)}"
    coded = base64.b64encode(pair.encode()).decode()
    return Http(url, headers={"Authorization": f"Basic {coded}"})


def _ccai(parts: Parts) -> Source:
    return ccai.SOURCES[parts.flow.stream.name](
        client=CcaiClient(parts.http, parts.pacer),
        zone=ZoneInfo(CCAI_ZONE),
        options=parts.flow.options,
        clock=parts.clock,
    )


def _ccai_webhook(settings: Settings) -> Webhook:
    return CcaiWebhook(
        username=settings.ccai_webhook_username or "",
        password=_secret(settings.ccai_webhook_password),
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


def _agendize_webhook(settings: Settings) -> AgendizeWebhook:
    return AgendizeWebhook(
        username=settings.agendize_webhook_username or "",
        password=_secret(settings.agendize_webhook_password),
        header=settings.agendize_webhook_header,
        secret=_secret(settings.agendize_webhook_secret),
    )


# ── multisender ────────────────────────────────────────────────────────────


def _multisender_http(settings: Settings, url: str) -> Http:
    token = _secret(settings.multisender_token)
    # The document's text names the one header, half of its tables the other.
    return Http(url, headers={"X-Access-Token": token, "X-Authentication-Token": token})


def _multisender(parts: Parts) -> Source:
    return multisender.SOURCES[parts.flow.stream.name](
        client=MultisenderClient(parts.http, parts.pacer, parts.clock),
        zone=ZoneInfo(parts.settings.multisender_timezone),
        options=parts.flow.options,
        clock=parts.clock,
    )


def _multisender_webhook(settings: Settings) -> Webhook:
    return MultisenderWebhook(token=_secret(settings.multisender_webhook_token))


def _agendize_watch(settings: Settings, http: Http, address: str) -> str:
    wanted = _agendize_webhook(settings).watch(address)
    made = AgendizeClient(http, UNPACED).watch(wanted)
    return str(made.get("id", "")) if isinstance(made, dict) else ""


# ── all of them ────────────────────────────────────────────────────────────


SYSTEMS: Final[Mapping[str, System]] = MappingProxyType(
    {
        "callyzer": System(
            streams=callyzer.STREAMS,
            address=lambda settings: settings.callyzer_url,
            needs="CALLYZER_URL and CALLYZER_TOKEN",
            zone=lambda settings: settings.callyzer_timezone,
            interval=lambda settings: settings.callyzer_seconds_per_request,
            http=_callyzer_http,
            source=_callyzer,
            webhook=_callyzer_webhook,
        ),
        "ccai": System(
            streams=ccai.STREAMS,
            address=lambda settings: settings.ccai_url,
            needs="CCAI_URL, CCAI_USERNAME and CCAI_TOKEN",
            zone=lambda _: CCAI_ZONE,
            interval=lambda settings: 1 / settings.ccai_requests_per_second,
            http=_ccai_http,
            source=_ccai,
            webhook=_ccai_webhook,
        ),
        "agendize": System(
            streams=agendize.STREAMS,
            address=lambda settings: settings.agendize_url,
            needs="AGENDIZE_URL, AGENDIZE_TOKEN and AGENDIZE_API_KEY",
            zone=lambda settings: settings.agendize_timezone,
            interval=lambda _: 0,
            http=_agendize_http,
            source=_agendize,
            webhook=_agendize_webhook,
            watch=_agendize_watch,
        ),
        "multisender": System(
            streams=multisender.STREAMS,
            address=lambda settings: settings.multisender_url,
            needs="MULTISENDER_URL and MULTISENDER_TOKEN",
            zone=lambda settings: settings.multisender_timezone,
            interval=lambda _: 0,
            http=_multisender_http,
            source=_multisender,
            webhook=_multisender_webhook,
        ),
    }
)
STREAMS: Final[Mapping[str, Mapping[str, Stream]]] = MappingProxyType(
    {name: system.streams for name, system in SYSTEMS.items()}
)
"""Every stream of every system, configured or not."""
