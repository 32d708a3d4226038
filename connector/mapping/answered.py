"""What a dial's answer gives to the rules of ``answer``, beside the record's fields."""

from typing import Final

from connector.model import Dial, StreamField

ANSWER: Final[tuple[StreamField, ...]] = (
    StreamField(
        name="message", type="text", meaning="Why, in the words of whoever said no."
    ),
    StreamField(
        name="call.id", type="text", meaning="The dialer's id of the call it placed."
    ),
    StreamField(
        name="call.location", type="text", meaning="Where the dialer shows the call."
    ),
    StreamField(
        name="call.state", type="text", meaning="What became of it, such as placed."
    ),
    StreamField(name="call.number", type="phone", meaning="The number to be rung."),
    StreamField(name="call.agent", type="text", meaning="The agent to be rung."),
    StreamField(
        name="call.answered_at",
        type="datetime",
        meaning="When the outcome was known, by the CRM's clock.",
    ),
    StreamField(
        name="request.id", type="text", meaning="The request: new at every press."
    ),
    StreamField(name="request.at", type="datetime", meaning="When it was pressed."),
)
"""The names are tried before the record's fields; each type is as a stream's."""


def answer_fields(dial: Dial) -> dict[str, object]:
    """Return the values of `ANSWER` for ``dial``; what is not known is None."""
    return {
        "message": dial.message or None,
        "call.id": dial.call_id or None,
        "call.location": dial.location or None,
        "call.state": dial.state.value,
        "call.number": dial.number or None,
        "call.agent": dial.agent or None,
        "call.answered_at": dial.answered_at,
        "request.id": dial.request_id or None,
        "request.at": dial.requested_at,
    }
