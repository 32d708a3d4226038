"""Requests that can't be told from others: they are answered, and never dialled."""

from typing import Final

from connector.engine.asking import Asked
from connector.engine.showing import Showing
from connector.log import get_logger
from connector.model import Dial, DialState

log = get_logger()

NO_ID: Final = "It has no id of a request. Press Call again."
COPY: Final = "It has the request of another record, as a copy has. Press Call again."


def stray(asked: Asked, known: Dial | None) -> str:
    """Say why a record's request can't be told from others; empty: it can.

    ``known``: the dial with its request's id, if there is one.
    """
    if not asked.request_id:
        return NO_ID
    return COPY if known and known.record_id != asked.record_id else ""


def turn_away(showing: Showing, asked: Asked, reason: str) -> None:
    """Say on a record, read just now, why it is not dialled."""
    dial = Dial(
        request_id=asked.request_id,
        flow=showing.plan.flow.name,
        record_id=asked.record_id,
        state=DialState.BLOCKED,
        message=reason,
    )
    shown = showing.show(dial, asked.fields)
    log.warning("dial_stray", flow=dial.flow, message=shown.trouble or reason)
