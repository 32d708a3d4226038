"""Callyzer's streams."""

import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import ConfigError, RefusedError, UnauthorizedError
from connector.ports import Pacer, Source
from connector.sandbox.callyzer import CallyzerSandbox, words
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.source import CALL_LOGS, CallLogs
from connector.transport.http import Http
from tests.systems.standard.case import Case, Refusal

ZONE = ZoneInfo("Asia/Kolkata")


def _sandbox(now: Callable[[], datetime], interval: float) -> CallyzerSandbox:
    return CallyzerSandbox(now=now, seconds_per_request=interval)


def _headers(sandbox: CallyzerSandbox) -> dict[str, str]:
    return {"Authorization": f"Bearer {sandbox.token}"}


def _refused(status: int, message: str, error: type[ConfigError]) -> Refusal:
    body = json.dumps({"result": None, "message": message})
    return Refusal(status=status, body=body, words=message, error=error)


REFUSALS = (
    _refused(400, words.TOO_LONG, RefusedError),
    _refused(403, words.EXPIRED, UnauthorizedError),
)

CASES = (
    Case(
        stream=CALL_LOGS,
        sandbox=_sandbox,
        headers=_headers,
        source=lambda http, pacer, clock: CallLogs(
            client=CallyzerClient(http, pacer), zone=ZONE, options={}, clock=clock
        ),
        arrive=CallyzerSandbox.arrive,
        change=lambda sandbox, call, text: sandbox.change(call, note=text),
        path=r"/call-log/history$",
        refusals=REFUSALS,
        count=250,
        interval=2,
        pause=4,
    ),
)
