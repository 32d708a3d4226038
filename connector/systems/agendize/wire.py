"""The JSON of Agendize's Calls API. Keys that are not here are ignored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.errors import UnavailableError
from connector.transport.answer import Answer
from connector.transport.jsontext import Json

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

    Without a call there may be no items, null, or no body at all.
    """
    body = answer.json() if answer.body.strip() else {}
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
    """Return the items, none where nothing but tokens is said; None if it is no list."""
    empty = body.keys() <= {"items", *TOKENS} or body.keys() >= {"items"}
    return [] if empty and body.get("items") is None else body.get("items")


def _object(answer: Answer, body: Json) -> dict[str, Json]:
    if not isinstance(body, dict):
        raise UnavailableError(f"{answer.host} answered with JSON that is no object")
    return body


def _text(body: Json, name: str) -> str | None:
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) and value else None
