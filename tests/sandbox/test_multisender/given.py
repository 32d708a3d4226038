"""Bodies as the document prints them, with values in place of the types."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connector.sandbox.multisender import MultisenderSandbox

Json = dict[str, Any]

NOW: Final = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
LOCAL: Final = "2026-11-20 08:30:00"
"""The same in Helsinki."""
STAMPS: Final = {"updatedAt": LOCAL, "createdAt": LOCAL}
TYPE: Final = "application/json"
PHONE: Final = "+358401234567"

WEEKDAYS: Final = [
    {"weekday": "monday", "active": "1"},
    {"weekday": "tuesday", "active": "1"},
    {"weekday": "wednesday", "active": "1"},
    {"weekday": "thursday", "active": "1"},
    {"weekday": "friday", "active": "1"},
    {"weekday": "saturday", "active": "0"},
    {"weekday": "sunday", "active": "0"},
]
BUTTONS: Final = [
    {"button": "5", "action": "accept"},
    {"button": "9", "action": "decline"},
]
META: Final = {"someparam": "string", "otherparam": "string"}
ACTIVE: Final = {
    "activeFrom": "09:00:00",
    "activeTo": "18:00:00",
    "activeWeekdays": WEEKDAYS,
}
CLICK: Final[Json] = {
    "expiresAt": "2026-11-21 12:00:00",
    **ACTIVE,
    "voiceFileId": 1,
    "actionButtons": BUTTONS,
    "receivers": [{"accountId": None, "groupId": None, "phone": PHONE}],
    "maxRedials": 1,
    "receiverWebhookUrl": "http://example.com/webhook/",
    "meta": META,
}
RSVP: Final[Json] = {
    "state": "active",
    "startTime": "2026-11-20 07:00:00",
    "endTime": "2026-11-20 15:00:00",
    **ACTIVE,
    "voiceFiles": [
        {"type": "start", "voiceFileId": "1"},
        {"type": "data", "voiceFileId": "1"},
        {"type": "actionButtons", "voiceFileId": "1"},
        {"type": "accept", "voiceFileId": "1"},
        {"type": "end", "voiceFileId": "1"},
    ],
    "actionButtons": BUTTONS,
    "receivers": [{"accountId": None, "groupId": None, "phone": PHONE}],
    "acceptsWanted": 2,
    "maxRedials": 1,
    "receiverWebhookUrl": "http://example.com/webhook/",
    "stateWebhookUrl": "http://example.com/webhook/",
    "meta": META,
}
RSVP_UPDATE: Final = {k: v for k, v in RSVP.items() if k != "receivers"}
ACCOUNT: Final[Json] = {
    "firstName": "Aino",
    "lastName": "Virtanen",
    "nickName": "Ainu",
    "phone": PHONE,
    "email": "aino@virtanen.example",
    "address": "Katu 1",
    "zip": "00100",
    "city": "Helsinki",
    "companyName": "Virtanen Oy",
    "website": "http://virtanen.example",
    "note": "Calls back",
    "area": "south",
    "gender": "female",
    "yearOfBirth": 1980,
}
NOT_IN_GROUPS: Final = {"area", "gender", "yearOfBirth"}


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **how: float) -> None:
        self.at += timedelta(**how)


def headers(sandbox: MultisenderSandbox) -> Mapping[str, str]:
    return {"x-access-token": sandbox.token, "accept": TYPE, "content-type": TYPE}


def greeted(sandbox: MultisenderSandbox) -> MultisenderSandbox:
    """Give it the voice file 1, which is ready."""
    sandbox.add("voice_files", name="Hello", text="Press five", voiceCode="en")
    return sandbox


def without(body: Json, *names: str, **others: object) -> Json:
    return {k: v for k, v in body.items() if k not in names} | others
