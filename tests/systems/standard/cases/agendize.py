"""Agendize's calls: by sync token, in pages of seven."""

from connector.sandbox.agendize import AgendizeSandbox, Moods
from connector.systems.agendize.client import AgendizeClient
from connector.systems.agendize.source import SOURCES, STREAMS
from tests.systems.standard.case import Case, Refusal

CASES = (
    Case(
        stream=STREAMS["calls"],
        sandbox=lambda now, _: AgendizeSandbox(now=now, moods=Moods(page_size=7)),
        headers=lambda sandbox: {"token": sandbox.token, "apiKey": sandbox.api_key},
        client=AgendizeClient,
        opens=SOURCES["calls"],
        zone="Asia/Kolkata",
        arrive=AgendizeSandbox.arrive,
        change=lambda sandbox, call, text: sandbox.change(call, clientId=text),
        path=r"/calls$",
        refusals=(
            # The document has none: the shape is that of the API that it follows.
            Refusal(
                status=400,
                body='{"error": {"code": 400, "message": "startDate is not a time."}}',
                words="startDate is not a time.",
            ),
        ),
    ),
)
