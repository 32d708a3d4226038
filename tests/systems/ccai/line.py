"""A client whose requests are seen, and requests as the document has them."""

import base64
from typing import Any

import httpx

from connector.systems.ccai.client import CcaiClient
from connector.transport.http import Http
from tests.sandbox.test_ccai.document import AGENT
from tests.systems.pacer import FreePacer

TO_NUMBER = "create_outbound_call_to_number"
FOR_TICKET = "create_outbound_call_for_ticket"
QUEUED = "create_inbound_call"
LATER = "create_scheduled_call"
PLAIN: dict[str, Any] = {
    "call_type": "Voice Outbound (API)",
    "agent_email": AGENT,
    "end_user_number": "+1 205-123-4567",
    "lang": "en",
}


class Line:
    """A client whose requests are seen, and answered as a test says."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.sent: list[httpx.Request] = []
        self._answer = answer
        http = Http(
            "https://customer.uc1.ccaiplatform.com/prefix",
            headers={"Authorization": "Basic dTpw"},
            transport=httpx.MockTransport(self._ask),
        )
        self.pacer = FreePacer()
        self.client = CcaiClient(http, self.pacer)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def says(message: str, status: int = 400) -> httpx.Response:
    return httpx.Response(status, json={"message": message})


def call(client: CcaiClient, name: str, *args: object) -> Any:  # noqa: ANN401  whatever it returns
    return getattr(client, name)(*args)


def basic(text: str, scheme: str = "Basic") -> dict[str, str]:
    """The header of basic authentication."""
    return {"authorization": f"{scheme} {base64.b64encode(text.encode()).decode()}"}
