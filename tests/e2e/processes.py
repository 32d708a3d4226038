"""The connector in processes of its own, which can be killed and stopped."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from starlette.types import ASGIApp

from tests.e2e.gate import Passing, dropped

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL


class Nursery:
    """Starts ``connector`` in a folder that has its settings; see nursery.py."""

    def __init__(self) -> None:
        """Import once, and be ready to fork."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def start(self, folder: Path, *arguments: str) -> int:
        """Start a process; its pid."""
        self._order(start=arguments or ("sync", "--json"), folder=str(folder))
        return int(self._answer())

    def wait(self, pid: int) -> int:
        """Wait until a process has ended; its exit code, or minus the signal."""
        self._order(wait=pid)
        return int(self._answer())

    def _order(self, **order: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


class Killer:
    """Sends a signal to a process from within one of its requests."""

    def __init__(self, number: int, sign: signal.Signals = signal.SIGKILL) -> None:
        """Strike at the request with this ``number``."""
        self._number = number
        self._signal = sign
        self._pid = 0
        self._known = threading.Event()

    def aim(self, pid: int) -> None:
        """Say whom to strike."""
        self._pid = pid
        self._known.set()

    def __call__(self, passing: Passing) -> ASGIApp | None:
        """Strike, and leave the request without an answer."""
        if passing.number != self._number:
            return None
        self._known.wait(10)
        os.kill(self._pid, self._signal)
        return dropped


def output(folder: Path, pid: int) -> str:
    """What a process wrote to stdout."""
    return (folder / f"{pid}.out").read_text(encoding="utf-8")


def expire_leases(state: Path) -> None:
    """Let minutes pass for what the dead held, where there is anything yet."""
    connection = sqlite3.connect(state)
    try:
        with connection, suppress(sqlite3.OperationalError):
            connection.execute("update leases set expires_at = 0")
            connection.execute("update dials set until = null, show_at = null")
    finally:
        connection.close()
