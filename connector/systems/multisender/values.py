"""Reads single values, as loosely as the document writes them. Pure."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from connector.transport.jsontext import Json

TOKEN_KEY: Final = "connectorToken"  # noqa: S105  a name, not a token
"""The key of ``meta`` that our webhook's secret may be in; it is never shown."""
ACCEPT: Final = "accept"
DECLINE: Final = "decline"
NO_REPLY: Final = "noAnswer"
REPLIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accept": ACCEPT,
        "decline": DECLINE,
        # One and the same: the document has either, at different places.
        "noanswer": NO_REPLY,
        "noreply": NO_REPLY,
    }
)
_FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
)
_WHOLE: Final = re.compile(r"\d{1,9}(\.0*)?", re.ASCII)
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[ T:](\d\d:\d\d(?::\d\d)?.*)", re.ASCII)
_ZERO: Final = "0000-00-00"
"""How a database may say that there is no date."""


def text(value: Json) -> str | None:
    """Return text, or a number's digits; None for what is neither, or blank."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**100 else None
    return None


def whole(value: Json) -> int | None:
    """Return a whole number, also from text; None where it is blank.

    Raises ValueError for anything else.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number = str(value).strip()
    if isinstance(value, bool) or not _WHOLE.fullmatch(number):
        raise ValueError("is not a whole number")
    return int(float(number))


def flag(value: Json) -> bool | None:
    """Return whether it is 1, also as text; None where it is blank, or ValueError."""
    said = "" if value is None else str(value).strip().lower()
    if said and said not in _FLAGS:
        raise ValueError("is not 1 or 0")
    return _FLAGS.get(said)


def reply(value: Json) -> str | None:
    """Return accept, decline or noAnswer; another word as it is."""
    said = text(value)
    return REPLIES.get(said.lower(), said) if said else None


def moment(value: Json, zone: ZoneInfo) -> datetime | None:
    """Return an instant, UTC, of a time in ``zone``; None where it is blank.

    Raises ValueError for what is no time.
    """
    said = text(value)
    if said is None or said.startswith(_ZERO):
        return None
    parts = _MOMENT.fullmatch(said)
    if parts is None:
        raise ValueError("is not a time")
    try:
        found = datetime.fromisoformat(f"{parts[1]}T{parts[2]}")
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def weekdays(value: Json) -> list[str]:
    """Return the days that are active."""
    days = value if isinstance(value, list) else []
    return [
        str(day["weekday"])
        for day in days
        if isinstance(day, dict) and "weekday" in day and text(day.get("active")) == "1"
    ]


def meta(value: Json) -> str | None:
    """Return what a client gave as meta, as JSON; without our token."""
    if not isinstance(value, dict):
        return text(value)
    shown = {name: each for name, each in value.items() if name != TOKEN_KEY}
    try:
        return json.dumps(shown, ensure_ascii=False, sort_keys=True) if shown else None
    except RecursionError:
        return None


def without_secrets(call: Mapping[str, Json]) -> dict[str, Json]:
    """Return a call as it may be kept: without what opens our webhook.

    Its addresses have our token in their path, and ``meta`` may have it too.
    """
    hidden = {"receiverWebhookUrl", "stateWebhookUrl", "meta"}
    return {name: value for name, value in call.items() if name not in hidden}
