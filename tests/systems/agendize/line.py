"""A client of Agendize whose other end is the test itself."""

import httpx

from connector.systems.agendize.client import AgendizeClient
from connector.transport.http import Http
from tests.systems.pacer import FreePacer

START = {"dateTime": "2026-11-20T10:00:00", "timeZone": "Europe/Paris"}
CALL = {
    "callerNumber": "+33612345678",
    "calledNumber": "+33123456789",
    "start": START,
}


class Line:
    """A client whose requests are seen, and answered as a test says."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.sent: list[httpx.Request] = []
        self._answer = answer
        http = Http(
            "https://api.agendize.com/api/2.0",
            headers={"token": "sso", "apiKey": "key"},
            transport=httpx.MockTransport(self._ask),
        )
        self.pacer = FreePacer()
        self.client = AgendizeClient(http, self.pacer)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def answered(status: int = 200, body: object = None) -> httpx.Response:
    return httpx.Response(status, json=body if body is not None else {})
