"""Agendize's calls: by sync token, in pages of seven."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.ports import Pacer, Source
from connector.sandbox.agendize import AgendizeSandbox, Moods
from connector.systems.agendize.client import AgendizeClient
from connector.systems.agendize.source import CALLS, Calls
from connector.transport.http import Http
from tests.systems.standard.case import Case, Refusal


def _sandbox(now: Callable[[], datetime], _: float) -> AgendizeSandbox:
    return AgendizeSandbox(now=now, moods=Moods(page_size=7))


def _source(http: Http, pacer: Pacer, clock: Clock) -> Source:
    zone = ZoneInfo("Asia/Kolkata")
    return Calls(client=AgendizeClient(http, pacer), zone=zone, clock=clock)


CASES = (
    Case(
        stream=CALLS,
        sandbox=_sandbox,
        headers=lambda sandbox: {"token": sandbox.token, "apiKey": sandbox.api_key},
        source=_source,
        arrive=AgendizeSandbox.arrive,
        change=lambda sandbox, call, text: sandbox.change(call, clientId=text),
        path=r"/calls$",
        refusals=(
            # None is documented: the shape is that of the API that this one follows.
            Refusal(
                status=400,
                body='{"error": {"code": 400, "message": "startDate is not a time."}}',
                words="startDate is not a time.",
            ),
        ),
    ),
)
