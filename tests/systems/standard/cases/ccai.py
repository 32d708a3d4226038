"""The CCAI Platform's calls: a tail by their last change, in pages of ten."""

from random import Random

from connector.errors import ConfigError, UnauthorizedError
from connector.sandbox.ccai import CcaiSandbox, Moods
from connector.sandbox.ccai.gate import credentials
from connector.sandbox.ccai.lifelike import ended_call
from connector.systems.ccai.client import CcaiClient
from connector.systems.ccai.source import SOURCES, STREAMS
from tests.systems.standard.case import Case, Refusal


def ended(sandbox: CcaiSandbox, rng: Random) -> str:
    call, number = ended_call(rng, sandbox.now(), sandbox.account)
    return str(sandbox.add(call, number=number)["id"])


CASES = (
    Case(
        stream=STREAMS["calls"],
        sandbox=lambda now, interval: CcaiSandbox(
            now=now,
            requests_per_second=1 / interval if interval else 0,
            moods=Moods(largest_page=10),
        ),
        headers=lambda sandbox: {
            "Authorization": credentials(sandbox.username, sandbox.token)
        },
        client=CcaiClient,
        opens=SOURCES["calls"],
        arrive=ended,
        change=lambda sandbox, call, text: sandbox.change(int(call), sub_status=text),
        path=r"/calls$",
        refusals=(
            Refusal(
                status=404,
                body='{"message": "Resource not found"}',
                words="is CCAI_URL right?",
                error=ConfigError,
            ),
            Refusal(
                status=403,
                body='{"message": "Forbidden"}',
                words="Forbidden",
                error=UnauthorizedError,
            ),
        ),
        interval=0.1,
        pause=2,
        vital=("id", "updated_at"),
    ),
)
