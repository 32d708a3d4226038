"""The command line, run in this process as a person would run it."""

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import stamina
import structlog

from connector.cli import main
from connector.settings import Settings
from tests.service.office import Office, opened_office


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  it is JSON
        """What it said to a program."""
        return json.loads(self.out)


Connector = Callable[..., Said]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=2):
        yield


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the process back what a command sets up for itself."""
    signals = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    root = logging.getLogger()
    handlers, level, interval = root.handlers[:], root.level, sys.getswitchinterval()
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in signals.items():
        signal.signal(number, handler)
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.setswitchinterval(interval)
    structlog.reset_defaults()


@pytest.fixture
def bare(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Connector:
    """Run ``connector`` in an empty folder, without a setting."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["connector", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(code=int(ended.value.code or 0), out=said.out, err=said.err)

    return run


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def connector(
    bare: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> Connector:
    """Run ``connector`` in the office."""
    for name, value in office.settings.items():
        monkeypatch.setenv(name, value)
    return bare
