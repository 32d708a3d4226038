"""The JSON of Agendize's Calls API. Keys that are not here are ignored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.errors import UnavailableError
from connector.transport.answer import Answer
from connector.transport.jsontext import Json

NO_CONTENT: Final = 204
TOKENS: Final = ("nextSyncToken", "nextPageToken")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallList:
    """An answer of List. Both tokens are undocumented in it, and may be missing.

    ``at``: the answer's Date.
    """

    items: list[Json]
    sync_token: str | None
    page_token: str | None
    at: datetime | None


def call_list(answer: Answer) -> CallList:
    """Read an answer of List; UnavailableError if it is none.

    Without a call items may be missing or null, or the answer a 204. A 200 with no
    body is none: taken for an empty list it would let a week of calls be passed over.
    """
    body = {} if answer.status == NO_CONTENT else answer.json()
    # A bare list is as good: the document has items, unquoted, and nothing else.
    items = body if isinstance(body, list) else _items(_object(answer, body))
    if not isinstance(items, list):
        raise UnavailableError(f"{answer.host} answered without a list of calls")
    return CallList(
        items=items,
        sync_token=_text(body, TOKENS[0]),
        page_token=_text(body, TOKENS[1]),
        at=answer.date,
    )


def resource(answer: Answer) -> Json:
    """Read an answer that is one resource; None for an empty body."""
    return _object(answer, answer.json()) if answer.body.strip() else None


def _items(body: dict[str, Json]) -> Json:
    """Return what is listed; None where the body is about something else."""
    listed = "items" in body or body.keys() <= set(TOKENS)
    rows = body.get("items")
    return [] if listed and rows is None else rows


def _object(answer: Answer, body: Json) -> dict[str, Json]:
    if not isinstance(body, dict):
        raise UnavailableError(f"{answer.host} answered with JSON that is no object")
    return body


def _text(body: Json, name: str) -> str | None:
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) and value else None
