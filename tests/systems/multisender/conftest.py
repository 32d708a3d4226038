"""A client and its streams against the sandbox's account, over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
import stamina

from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.server import Server
from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.source import SOURCES, Receivers
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.multisender.example import Json
from tests.systems.multisender.examples_calls import CLICK, RSVP
from tests.systems.pacer import FreePacer

ZONE = ZoneInfo("Europe/Helsinki")
Answer = httpx.Response | Exception
THEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""An hour after the examples' startTime."""
QUIET = {"receiverWebhookUrl": None}


@dataclass(slots=True, kw_only=True)
class Account:
    """Both ends, and the clock of both."""

    sandbox: MultisenderSandbox
    client: MultisenderClient
    clock: ManualClock

    def source(self, stream: str) -> Receivers:
        """Open a stream anew, as each run does."""
        return SOURCES[stream](client=self.client, zone=ZONE, clock=self.clock)

    def clicked(self, *phones: str, **about: object) -> Json:
        """Have these numbers called by a click to call; it begins at once."""
        to = [{"phone": phone} for phone in phones]
        expires = {"expiresAt": "2027-01-01 00:00:00"}
        given = {**CLICK, **QUIET, **expires, "receivers": to, **about}
        return self.sandbox.add("click_to_calls", **given)

    def invited(self, *phones: str, **about: object) -> Json:
        """Have these numbers called by an RSVP call that begins at once."""
        to = [{"phone": phone} for phone in phones]
        when = {"startTime": None, "endTime": "2027-01-01 00:00:00"}
        quiet = {**QUIET, "stateWebhookUrl": None, "acceptsWanted": 100}
        given = {**RSVP, **quiet, **when, "receivers": to, **about}
        return self.sandbox.add("rsvp_calls", **given)


@pytest.fixture
def account() -> Iterator[Account]:
    clock = ManualClock()
    sandbox = MultisenderSandbox(now=clock.now)
    sandbox.add("voice_files", name="Hello", text="Press five", voiceCode="en")
    with Server(sandbox.app) as server:
        token = sandbox.token
        http = Http(server.url + sandbox.prefix, headers={"X-Access-Token": token})
        client = MultisenderClient(http, FreePacer(), clock)
        yield Account(sandbox=sandbox, client=client, clock=clock)
        http.close()


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=5):
        yield


@dataclass(slots=True)
class Line:
    """A client whose requests are seen, and answered as a test says.

    ``answer``: one for all, or what gives one for the path that is asked.
    """

    answer: Answer | Callable[[str], Answer]
    pacer: FreePacer = field(default_factory=FreePacer)
    clock: ManualClock = field(default_factory=lambda: ManualClock(THEN))
    sent: list[httpx.Request] = field(default_factory=list)

    @property
    def client(self) -> MultisenderClient:
        """The client at this end."""
        http = Http(
            "https://api.multisender.net/v1",
            headers={"X-Access-Token": "123xyz"},
            transport=httpx.MockTransport(self._ask),
        )
        return MultisenderClient(http, self.pacer, self.clock)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.sent.append(request)
        answer = self.answer
        if callable(answer):
            answer = answer(request.url.path)
        if isinstance(answer, Exception):
            raise answer
        return answer
