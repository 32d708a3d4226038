"""A service whose flows read what a test says."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

from structlog.typing import EventDict
from typing_extensions import override

from connector.mapping.flow import PushFlow
from connector.mapping.load import Folder
from connector.model import Lane, Page, Stream
from connector.ports import Source
from connector.service.schedule import Schedule
from connector.settings import Settings
from connector.testing import ListSource, ManualClock
from connector.wiring import App
from tests.service.office import MAPPING, Office

CALLS = "calls/live"
MINUTE = timedelta(minutes=1)


class Phone(App):
    """An app whose flows read what the test says."""

    def __init__(self, office: Office, clock: ManualClock) -> None:
        named = {name.lower(): value for name, value in office.settings.items()}
        super().__init__(Settings.model_validate(named), clock)
        self.started = threading.Event()
        self.goes_on = threading.Event()
        self.trouble: Exception | None = None
        self.broken = ""
        self.waits = ""
        self.loads = False

    @override
    def flows(self) -> Folder:
        """Load the files; where ``loads``, only when it goes on."""
        if self.loads:
            self.started.set()
            assert self.goes_on.wait(10)
        return super().flows()

    @override
    def source(self, flow: PushFlow, lane: Lane) -> Source:
        if flow.name == self.broken:
            raise ZeroDivisionError
        if flow.name == self.waits:
            return Waiting(self)
        return super().source(flow, lane)


class Waiting(ListSource):
    """A source whose page takes until it may go on."""

    def __init__(self, app: Phone) -> None:
        super().__init__(stream=Stream(system="phone", name="calls", fields=()))
        self._app = app

    @override
    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        self._app.started.set()
        assert self._app.goes_on.wait(10)
        if self._app.trouble:
            raise self._app.trouble
        yield Page(cursor="2026-11-21T07:00:00Z")


def jobs(schedule: Schedule) -> set[str]:
    return {str(job.id) for job in schedule.clockwork.get_jobs()}


def named(events: list[EventDict], name: str) -> list[EventDict]:
    return [event for event in events if event["event"] == name]


def subject(schedule: Schedule, flow: str = "calls") -> object:
    """What the running version of a flow calls a call."""
    rules = pushing(schedule, flow).fields
    return next(rule for rule in rules if rule.field == "Subject").verb


def pushing(schedule: Schedule, name: str) -> PushFlow:
    """The running version of a flow that pushes."""
    flow = schedule.flows[name]
    assert isinstance(flow, PushFlow)
    return flow


BROKEN = "flow: calls\nfrom: [\n"
EDITED = MAPPING.replace("{call_type} call", "{call_type} talk")
