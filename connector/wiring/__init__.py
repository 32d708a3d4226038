"""Settings → App. The only place that builds."""

import gc
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from connector import log
from connector.clock import Clock, SystemClock
from connector.crm.salesforce.crm import SalesforceConfig, SalesforceCrm
from connector.engine.dial import Clicks
from connector.engine.run import Runner
from connector.errors import ConfigError, ConnectorError
from connector.mapping.compile_dial import compile_dial
from connector.mapping.flow import DialFlow, Flow, PushFlow, World
from connector.mapping.load import Folder, load_folder
from connector.model import Lane, Run
from connector.ports import Crm, Source, Webhook
from connector.settings import Settings, load_settings
from connector.state.quota import StoreQuotaBook
from connector.state.slots import StoreSlots
from connector.state.store import Store
from connector.transport.http import Http
from connector.transport.pacing import SharedPacer
from connector.wiring import dialers
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
        self._dialers: dict[str, dialers.OpenDialer] = {}
        self._dials: bool | None = None
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
        opened: list[Http | dialers.OpenDialer] = [*self._connections.values()]
        for each in (*opened, *self._dialers.values()):
            each.close()

    @cached_property
    def world(self) -> World:
        """What mapping files may name."""
        return World(
            streams=STREAMS,
            zones={name: s.zone(self.settings) for name, s in SYSTEMS.items()},
            regions=self.settings.regions,
            dialers=dialers.PARAMETERS,
            objections=dialers.OBJECTIONS,
        )

    def flows(self) -> Folder:
        """Load the mapping files as they are now, with their faults.

        A flow whose system or dialer is not configured is left out, beside one that
        can run.
        """
        folder = load_folder(self.settings.connector_mappings, self.world)
        missing = {flow.name: self.missing(flow) for flow in folder.mapped}
        if all(missing.values()):
            return folder
        return replace(
            folder,
            flows=tuple(flow for flow in folder.flows if not missing[flow.name]),
            dials=tuple(flow for flow in folder.dials if not missing[flow.name]),
            left_out={
                flow.name: f"{flow.file}: left out, as {missing[flow.name]}"
                for flow in folder.mapped
                if missing[flow.name]
            },
        )

    @property
    def dials(self) -> bool:
        """Whether a mapping dials, and can: some of the CRM's quota is kept for it.

        By the mapping files as they were when it was first asked; who takes up their
        changes sets it.
        """
        if self._dials is None:
            self._dials = self.any_dials(self.flows().dials)
        return self._dials

    @dials.setter
    def dials(self, now: bool) -> None:
        self._dials = now

    def any_dials(self, flows: Iterable[Flow]) -> bool:
        """Whether one of these flows dials, and has its settings."""
        return any(isinstance(f, DialFlow) and not self.missing(f) for f in flows)

    def dial_share(self) -> float:
        """Percent of the CRM's daily quota that is for dialling only, as it is now."""
        return self.settings.dial_share(dials=self.dials)

    @cached_property
    def store(self) -> Store:
        """The state."""
        return Store(self.settings.connector_state, self.clock)

    @cached_property
    def quota_book(self) -> StoreQuotaBook:
        """What all that share the state have heard of the CRM's quota."""
        return StoreQuotaBook(self.store, self.clock)

    @cached_property
    def crm(self) -> SalesforceCrm:
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
                dial_share=self.dial_share,
            ),
            self.clock,
            self.quota_book,
        )

    @cached_property
    def dial_crm(self) -> Crm:
        """The same, for what dialling reads and writes: it may use the dial share."""
        return self.crm.dialling

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

    def dialer(self, name: str) -> dialers.OpenDialer:
        """Give what places calls; ConfigError where its settings are missing."""
        with self._connecting:
            if name not in self._dialers:
                built = dialers.build_dialer(name, self.settings, self.clock)
                self._dialers[name] = built
            return self._dialers[name]

    def clicks(
        self, flow: DialFlow, trouble: Callable[[ConnectorError], None]
    ) -> Clicks:
        """Build what works on the requests of a dial flow; the CRM is asked for it.

        ``trouble`` is told why the dialer placed nothing. Raises what `compile_dial`
        and `Crm.describe` do, and ConfigError where the dialer's settings are missing.
        """
        describe = partial(self.dial_crm.describe, fresh=True)
        return Clicks(
            plan=compile_dial(flow, describe, dialers.PARAMETERS[flow.dialer]),
            state=self.store,
            crm=self.dial_crm,
            dialer=self.dialer(flow.dialer),
            clock=self.clock,
            stop=self.stop,
            name=f"{socket.gethostname()}:{os.getpid()}",
            trouble=trouble,
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

    def missing(self, flow: PushFlow | DialFlow) -> str:
        """Say which settings ``flow`` lacks; empty when it has all."""
        if isinstance(flow, DialFlow):
            return dialers.missing_settings(flow.dialer, self.settings)
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


def sandbox_app(reached: Mapping[str, str], folder: Path, port: int, token: str) -> App:
    """Build an app around sandbox systems; its state is in ``folder``.

    ``reached``: the settings that reach them; ``token``: of the service's own API.
    """
    settings: dict[str, Any] = {
        **{name.lower(): value for name, value in reached.items()},
        "_env_file": None,
        "connector_state": folder / "connector.db",
        "connector_port": port,
        "connector_api_token": token,
        "connector_region": "IN,US",
    }
    return App(Settings(**settings))


def _text(secret: object) -> str | None:
    return secret.get_secret_value() if isinstance(secret, SecretStr) else None
