"""The resources, what may be written to them, and what is shown of them.

Source: the tables and the example bodies of the Multisender API. What they leave
open is marked *ours*.
"""

from collections.abc import Mapping
from typing import Final

from connector.sandbox.multisender.checks import (
    Check,
    anything,
    digit,
    e164,
    identifier,
    json_text,
    moment,
    one_of,
    receivers,
    rows,
    text,
    time_of_day,
    url,
    whole,
    words,
)
from connector.sandbox.multisender.fields import Field, Resource
from connector.sandbox.multisender.filters import filters

WEEKDAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday"),
    *("saturday", "sunday"),
)
PLAYED: Final = ("start", "data", "actionButtons", "accept", "end")
"""What a voice file of an RSVP call is played for, in this order."""
ACTIONS: Final = ("accept", "decline")
MOST_WORDS: Final = 80
REDIALS: Final = 3
STAMPS: Final = ("updatedAt", "createdAt")


def _must(name: str, check: Check, *, also: str = "") -> Field:
    return Field(name=name, check=check, required=True, also=also)


def _may(name: str, check: Check, blank: object = "") -> Field:
    return Field(name=name, check=check, blank=blank)


_PERSON = (
    *("firstName", "lastName", "nickName", "phone", "email", "address", "zip", "city"),
    *("companyName", "website", "note"),
)
_ACCOUNT = (
    *(_may(name, text) for name in (*_PERSON, "area", "gender")),
    _may("yearOfBirth", whole(), None),
)
_ACCOUNT_SHOWN = ("accountId", *(field.name for field in _ACCOUNT), *STAMPS)
MEMBER_SHOWN: Final = ("groupId", "accountId", *_PERSON, *STAMPS)
"""An account as it is listed in a group."""
_FILTER = (_must("filters", filters(_ACCOUNT_SHOWN)),)
_FILTER_UPDATE = (_may("filters", filters(_ACCOUNT_SHOWN)),)
_GROUP = (_must("name", text), _must("description", text))
_WHEN = _may("actionTime", moment, None)
_TO_PHONES = _may("receivers", receivers("phone", text), ())
_TO_EMAILS = _may("receivers", receivers("email", text), ())
_CALL = (_may("operations", json_text), _WHEN, _TO_PHONES)
_EMAIL_TEXTS = ("messageHtml", "messageText", "subject", "fromEmail", "fromName")
_EMAIL = (*(_may(name, text) for name in _EMAIL_TEXTS), _WHEN, _TO_EMAILS)
_SMS = (_may("message", text), _may("sender", text), _WHEN, _TO_PHONES)
_SENT = ("priceEstimateInCents", "editable", "receivers", *STAMPS)

DIALLED: Final = receivers("phone", e164)
"""Receivers of click to calls and of RSVP calls."""
_BUTTONS = rows(once="button", button=digit(*range(10)), action=one_of(*ACTIONS))
_ACTIVE = (
    _must("activeFrom", time_of_day),
    _must("activeTo", time_of_day),
    _must(
        "activeWeekdays",
        rows(once="weekday", weekday=one_of(*WEEKDAYS), active=digit(0, 1)),
    ),
)
_REDIALS = _may("maxRedials", whole(0), REDIALS)
_RECEIVER_URL = _may("receiverWebhookUrl", url, None)
_CLICK_TO_CALL = (
    _may("expiresAt", moment, None),
    *_ACTIVE,
    _must("voiceFileId", identifier),
    _must("actionButtons", _BUTTONS),
    _must("receivers", DIALLED),
    _REDIALS,
    _RECEIVER_URL,
    _may("meta", anything, None),
)
_RSVP_CALL = (
    _may("state", one_of("active", "halt"), None),
    _may("startTime", moment, None),
    _must("endTime", moment),
    *_ACTIVE,
    _must(
        "voiceFiles", rows(once="type", type=one_of(*PLAYED), voiceFileId=identifier)
    ),
    _must("actionButtons", _BUTTONS, also="actionbuttons"),
    _must("receivers", DIALLED),
    _must("acceptsWanted", whole(0)),
    _REDIALS,
    _RECEIVER_URL,
    _may("stateWebhookUrl", url, None),
    _may("meta", anything, None),
)
_RSVP_UPDATE = tuple(field for field in _RSVP_CALL if field.name != "receivers")
_NAMES = ("username", "email", "firstName", "lastName", "company")
_SUBUSER = tuple(_may(name, text) for name in (*_NAMES, "phone", "password"))
"""*Ours*: no body is printed. The password is for the login and is never shown."""
_VOICE_FILE = (_must("name", text), _must("description", text))
_URLS = ("url", "mp3Url", "wavUrl")
SPOKEN: Final = (
    _must("name", text),
    _must("text", words(MOST_WORDS)),
    _must("voiceCode", text),
)
"""What is turned into a voice file."""
UPLOADED_SHOWN: Final = (
    *("voiceFileId", "name", "description", "duration", "fileName", *_URLS, "size"),
    *("status", *STAMPS),
)
LOGIN: Final = (_must("email", text), _must("password", text))
"""The table lost the name of its first row; the body has it."""


_TABLE = (
    Resource(
        name="accounts",
        key="accountId",
        create=_ACCOUNT,
        update=_ACCOUNT,
        shown=_ACCOUNT_SHOWN,
        kept=True,
        lookups=("phone", "email"),
    ),
    # The fourth operation on filters lost its name and method: it takes an id and
    # answers 201 with the filter. Ours: both PUT and DELETE do.
    Resource(
        name="accounts/filters",
        key="filterId",
        create=_FILTER,
        update=_FILTER_UPDATE,
        shown=("filterId", "filters", *STAMPS),
        id_type=int,
        updated=201,
        deleted=201,
    ),
    Resource(
        name="groups",
        key="groupId",
        create=_GROUP,
        update=_GROUP,
        shown=("groupId", "name", "description", *STAMPS, "numberOfAccounts"),
    ),
    Resource(
        name="calls",
        key="callId",
        create=_CALL,
        update=_CALL,
        shown=("callId", "operations", "actionTime", *_SENT),
        listed=(
            *("callId", "operations", "actionTime", "priceEstimateInCents"),
            *("totalDuration", *STAMPS),
        ),
    ),
    Resource(
        name="click_to_calls",
        key="clickToCallId",
        create=_CLICK_TO_CALL,
        update=None,
        shown=(
            *("clickToCallId", "expiresAt", "activeFrom", "activeTo"),
            *("activeWeekdays", "voiceFileId", "actionButtons", "receivers"),
            *("maxRedials", "receiverWebhookUrl", "meta", "stats", *STAMPS),
        ),
        kept=True,
    ),
    Resource(
        name="emails",
        key="emailId",
        create=_EMAIL,
        update=_EMAIL,
        shown=("emailId", *_EMAIL_TEXTS, "actionTime", *_SENT),
    ),
    Resource(
        name="rsvp_calls",
        key="rsvpCallId",
        create=_RSVP_CALL,
        update=_RSVP_UPDATE,
        shown=(
            *("rsvpCallId", "state", "startTime", "endTime", "activeFrom", "activeTo"),
            *("activeWeekdays", "voiceFiles", "actionButtons", "receivers"),
            *("acceptsWanted", "maxRedials", "receiverWebhookUrl", "stateWebhookUrl"),
            *("meta", "stats", *STAMPS),
        ),
        kept=True,
    ),
    # An id is printed as an int in the list, and as a string elsewhere.
    Resource(
        name="smses",
        key="smsId",
        create=_SMS,
        update=_SMS,
        shown=("smsId", "message", "sender", "actionTime", *_SENT),
        listed=(
            *("smsId", "message", "sender", "actionTime", "priceEstimateInCents"),
            *("editable", *STAMPS),
        ),
        listed_id_type=int,
    ),
    Resource(
        name="subusers",
        key="subuserId",
        create=_SUBUSER,
        update=_SUBUSER,
        shown=("subuserId", *_NAMES, "authToken", "phone", *STAMPS),
        id_type=int,
        lookups=("authToken", "email"),
    ),
    Resource(
        name="voice_files",
        key="voiceFileId",
        create=None,
        update=_VOICE_FILE,
        shown=(
            *("voiceFileId", "name", "description", *_URLS, "duration", "status"),
            *("text", "voiceCode", *STAMPS),
        ),
    ),
)
RESOURCES: Final[Mapping[str, Resource]] = {one.name: one for one in _TABLE}
