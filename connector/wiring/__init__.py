"""Settings → App. The only place that builds."""

import gc
import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from connector import log
from connector.clock import Clock, SystemClock
from connector.crm.salesforce.crm import SalesforceConfig, SalesforceCrm
from connector.engine.run import Runner
from connector.errors import ConfigError
from connector.mapping.flow import PushFlow, World
from connector.mapping.load import Folder, load_folder
from connector.model import Lane, Run
from connector.ports import Crm, Source, Webhook
from connector.settings import Settings, load_settings
from connector.state.quota import StoreQuotaBook
from connector.state.slots import StoreSlots
from connector.state.store import Store
from connector.transport.http import Http
from connector.transport.pacing import SharedPacer
from connector.wiring.systems import STREAMS, SYSTEMS, Parts

__all__ = ["STREAMS", "App", "open_app", "sandbox_app"]


def open_app() -> "App":
    """Read the settings, set logging up, and build the app around them."""
    settings = load_settings()
    # What was imported stays: without it, the collector has 20 times less to look at.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    log.configure(settings.connector_log_format, phones=settings.connector_log_phones)
    return App(settings)


class App:
    """The parts, each built when it is first asked for."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        """Build around ``settings``; nothing is opened yet."""
        self.settings = settings
        self.clock = clock or SystemClock()
        self.stop = threading.Event()
        """Set it to have every run end after the page in hand."""
        self._connections: dict[str, Http] = {}
        self._connecting = threading.Lock()

    def __enter__(self) -> Self:
        """Use as a context manager that closes what was opened."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the state and the connections."""
        for part in ("crm", "store"):
            if part in self.__dict__:
                getattr(self, part).close()
        for http in self._connections.values():
            http.close()

    @cached_property
    def world(self) -> World:
        """What mapping files may name."""
        return World(
            streams=STREAMS,
            zones={name: s.zone(self.settings) for name, s in SYSTEMS.items()},
            regions=self.settings.regions,
        )

    def flows(self) -> Folder:
        """Load the mapping files as they are now, with their faults.

        A flow of a system that is not configured is left out, beside one that is.
        """
        folder = load_folder(self.settings.connector_mappings, self.world)
        missing = {flow.name: self.missing(flow) for flow in folder.flows}
        there = tuple(flow for flow in folder.flows if not missing[flow.name])
        if not there:
            return folder
        return replace(
            folder,
            flows=there,
            left_out={
                flow.name: f"{flow.file}: left out, as {missing[flow.name]}"
                for flow in folder.flows
                if missing[flow.name]
            },
        )

    @cached_property
    def store(self) -> Store:
        """The state."""
        return Store(self.settings.connector_state, self.clock)

    @cached_property
    def quota_book(self) -> StoreQuotaBook:
        """What all that share the state have heard of the CRM's quota."""
        return StoreQuotaBook(self.store, self.clock)

    @cached_property
    def crm(self) -> Crm:
        """The CRM; ConfigError where its settings are missing."""
        s = self.settings
        if s.salesforce_url is None or s.salesforce_client_id is None:
            raise ConfigError("SALESFORCE_URL is not set: there is no CRM to write to")
        return SalesforceCrm(
            SalesforceConfig(
                url=s.salesforce_url,
                login_url=s.salesforce_login_url or s.salesforce_url,
                client_id=s.salesforce_client_id,
                client_secret=_text(s.salesforce_client_secret),
                username=s.salesforce_username,
                private_key=_text(s.salesforce_private_key),
                api_version=s.salesforce_api_version,
                quota_reserve_percent=s.salesforce_quota_reserve,
                dial_share_percent=s.dial_share,
            ),
            self.clock,
            self.quota_book,
        )

    def http(self, name: str) -> Http:
        """The connection to a system; ConfigError where its settings are missing."""
        system = SYSTEMS[name]
        url = system.address(self.settings)
        if url is None:
            raise ConfigError(_not_configured(name))
        with self._connecting:
            if name not in self._connections:
                self._connections[name] = system.http(self.settings, url)
            return self._connections[name]

    def source(self, flow: PushFlow, lane: Lane) -> Source:
        """Open the stream that ``flow`` reads, paced for ``lane``.

        What is read whole lets live reading go first, in any lane.
        """
        system = SYSTEMS[flow.system]
        pacer = SharedPacer(
            slots=StoreSlots(self.store, self.clock),
            system=flow.system,
            interval=system.interval(self.settings),
            urgent=lane is Lane.LIVE and not flow.stream.scanned,
            clock=self.clock,
            stop=self.stop,
        )
        return system.source(
            Parts(
                settings=self.settings,
                http=self.http(flow.system),
                pacer=pacer,
                clock=self.clock,
                flow=flow,
            )
        )

    def webhook(self, name: str) -> Webhook | None:
        """What takes in the deliveries of a system; None where there are none."""
        system = SYSTEMS.get(name)
        if system is None or system.webhook is None:
            return None
        return system.webhook(self.settings)

    def watch(self, name: str, address: str) -> str:
        """Have a system post its news to ``address``; its id of that.

        ConfigError where the system can't be asked for it, or is not configured.
        """
        system = SYSTEMS.get(name)
        if system is None or system.watch is None:
            able = [n for n, each in SYSTEMS.items() if each.watch]
            raise ConfigError(f"{name} can't be asked to: {', '.join(able)} can")
        return system.watch(self.settings, self.http(name), address)

    def missing(self, flow: PushFlow) -> str:
        """Say which settings ``flow`` lacks; empty when it has all."""
        there = SYSTEMS[flow.system].address(self.settings)
        return "" if there else _not_configured(flow.system)

    def runner(self, progress: Callable[[Run], None] = lambda _: None) -> Runner:
        """Build what runs flows, under a name no other process has."""
        return Runner(
            state=self.store,
            crm=self.crm,
            clock=self.clock,
            owner=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}",
            stop=self.stop,
            progress=progress,
        )


def _not_configured(name: str) -> str:
    return f"{name} is not configured: set {SYSTEMS[name].needs}"


def sandbox_app(reached: Mapping[str, str], folder: Path, port: int) -> App:
    """Build an app around sandbox systems; its state is in ``folder``.

    ``reached``: the settings that reach them.
    """
    settings: dict[str, Any] = {
        **{name.lower(): value for name, value in reached.items()},
        "_env_file": None,
        "connector_state": folder / "connector.db",
        "connector_port": port,
        "connector_region": "IN,US",
    }
    return App(Settings(**settings))


def _text(secret: object) -> str | None:
    return secret.get_secret_value() if isinstance(secret, SecretStr) else None
