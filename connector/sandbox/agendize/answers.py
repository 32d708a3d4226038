"""How a call is written, which the document says in more than one way."""

import json
from collections.abc import Sequence
from typing import Final, cast
from zoneinfo import ZoneInfo

from connector.sandbox.agendize.calls import FIELDS, Call
from connector.sandbox.agendize.moods import Moods
from connector.sandbox.agendize.store import Found, Stored, started

DELETED: Final = "deleted"
"""Ours: a status that the document does not have."""


def sent(stored: Stored, moods: Moods, zone: ZoneInfo) -> bytes:
    """Return a call as JSON."""
    plain = not (moods.text_durations or moods.mine_type or moods.nulls)
    if plain and not moods.zoneless:
        return stored.sent
    return json.dumps(_shaped(stored.record, moods, zone)).encode()


def deleted(call_id: str) -> bytes:
    """Return what an answer to a sync token has of a deleted call."""
    return json.dumps({"id": call_id, "status": DELETED}).encode()


def items(found: Sequence[Found], moods: Moods, zone: ZoneInfo) -> list[bytes]:
    """Return a list of calls as JSON, with deleted ones or without."""
    shown = moods.deleted == "status"
    return [
        deleted(key[1]) if stored is None else sent(stored, moods, zone)
        for key, stored in found
        if shown or stored is not None
    ]


def _shaped(record: Call, moods: Moods, zone: ZoneInfo) -> Call:
    call = dict.fromkeys(FIELDS) | record if moods.nulls else dict(record)
    if moods.text_durations and "duration" in record:
        call["duration"] = str(record["duration"])
    if moods.mine_type and "record" in record:
        voice = cast("dict[str, str]", record["record"])
        call["record"] = {"mineType": voice["mimeType"], "url": voice["url"]}
    if moods.zoneless:
        here = started(record, zone).astimezone(zone)
        call["start"] = {"dateTime": f"{here:%Y-%m-%dT%H:%M:%S}"}
    return call
