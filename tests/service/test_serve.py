"""``connector serve`` as a process of its own, as a container runs it."""

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.clock import SystemClock
from connector.sandbox.faults import Fault
from tests.service.office import MAPPING, Office, opened_office

Event = dict[str, Any]
SOON = 15
"""Seconds by which a process must have ended."""


@dataclass(slots=True, kw_only=True)
class Process:
    """A connector at work; its events are read as they come."""

    process: subprocess.Popen[str]
    seen: list[Event] = field(default_factory=list)

    def until(self, name: str, **fields: object) -> Event:
        """Read on until there is such an event."""
        assert self.process.stderr
        for line in self.process.stderr:
            event: Event = json.loads(line)
            self.seen.append(event)
            if event["event"] == name and fields.items() <= event.items():
                return event
        raise AssertionError(f"ended without {name}: {self.seen}")

    def get(self, path: str) -> httpx.Response:
        """Ask the service."""
        (port,) = (e["port"] for e in self.seen if e["event"] == "serving")
        return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False)

    def told(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; the exit code, once it has ended."""
        self.process.send_signal(number)
        return self.process.wait(SOON)


Start = Callable[..., Process]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened_office(tmp_path, SystemClock()) as opened:
        yield opened


@pytest.fixture
def start(office: Office) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, **settings: str) -> Process:
        process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", "connector", *(arguments or ["serve"])],
            env=office.environment() | settings,
            cwd=office.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return Process(process=process)

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_it_serves_runs_its_flows_and_ends_when_told(
    start: Start, office: Office
) -> None:
    office.call("one")

    service = start()
    service.until("serving")
    run = service.until("run_ended", lane="live")

    assert run["created"] == 1
    assert set(office.tasks()) == {"calls:one"}
    assert service.get("/healthz").json() == {"status": "ok"}
    assert service.get("/readyz").json() == {
        "status": "ready",
        "problems": [],
        "flows": ["calls"],
        "broken_mapping_files": 0,
    }
    assert service.told() == 0
    service.until("stopped")


def test_ctrl_c_ends_it_too(start: Start) -> None:
    service = start()
    service.until("run_ended")

    assert service.told(signal.SIGINT) == 0


def test_it_ends_while_a_client_is_connected_and_says_nothing(start: Start) -> None:
    service = start()
    port = service.until("serving")["port"]
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(
            b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
        )

        assert service.told() == 0


def test_the_page_in_hand_is_finished_first(start: Start, office: Office) -> None:
    office.call("one")
    writing = threading.Event()
    office.heard = lambda path: writing.set() if "composite" in path else None
    office.crm.faults.add(Fault(path="composite", delay=1))
    service = start()
    service.until("serving")
    assert writing.wait(SOON)

    assert service.told() == 0
    assert set(office.tasks()) == {"calls:one"}
    assert service.until("run_ended")["outcome"] == "stopped"


def test_a_port_that_is_taken_is_a_wrong_setting(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        service = start(CONNECTOR_PORT=str(port))
        _, said = service.process.communicate(timeout=SOON)

    assert service.process.returncode == 2
    assert said == (
        "CONNECTOR_HOST, CONNECTOR_PORT: cannot listen on"
        f" 127.0.0.1:{port}: Address already in use\n"
    )


def test_without_a_good_mapping_file_it_does_not_start(
    start: Start, office: Office
) -> None:
    path = office.write("flow: calls\n")

    service = start()
    _, said = service.process.communicate(timeout=SOON)

    assert service.process.returncode == 2
    assert f"{path}:1:1: " in said.splitlines()[-1]


def test_a_sync_and_a_second_service_share_the_state_with_it(
    start: Start, office: Office
) -> None:
    office.call("one")
    services = [start(), start()]
    for service in services:
        service.until("serving")

    synced = start("sync", "--json")
    said, _ = synced.process.communicate(timeout=SOON)

    assert synced.process.returncode == 0
    assert json.loads(said)[0]["outcome"] == "done"
    assert len(office.tasks()) == 1
    for service in services:
        assert service.told() == 0
        rest = service.process.communicate()[1].splitlines()
        events = [*service.seen, *map(json.loads, rest)]
        assert {event["level"] for event in events} == {"info"}


def test_a_mapping_file_that_changes_is_taken_up(start: Start, office: Office) -> None:
    office.call("one")
    service = start()
    service.until("run_ended", lane="live", created=1)

    office.call("two", hours=1 / 60)
    office.write(MAPPING.replace("} call", "} talk"))
    service.until("run_ended", lane="live", created=1)

    assert office.tasks()["calls:two"]["Subject"] == "Outgoing talk"
    office.write("flow: calls\nfrom: [\n")
    assert "calls.yaml:3:1" in service.until("mapping_broken")["fault"]
    assert service.get("/readyz").json()["broken_mapping_files"] == 1
    assert service.told() == 0


def test_secrets_are_in_no_line_it_writes(start: Start, office: Office) -> None:
    office.callyzer.moods.expired = True
    office.crm.expire_sessions()
    service = start(CALLYZER_TOKEN="another-token-of-callyzer")  # noqa: S106  opens nothing

    service.until("flow_paused")

    written = json.dumps(service.seen)
    for name in ("SALESFORCE_CLIENT_SECRET", "CALLYZER_TOKEN"):
        assert office.settings[name] not in written
    assert "another-token-of-callyzer" not in written
