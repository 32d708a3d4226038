"""Records as they are sent, in the shapes of the document's example responses."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple
from typing import Final

from connector.sandbox.multisender.dialling import NO_ANSWER, NO_REPLY, reply_of
from connector.sandbox.multisender.fields import Record, Resource
from connector.sandbox.multisender.making import editable
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.receivers import Addressee, Receiver, stats
from connector.sandbox.multisender.rules import (
    MEMBER_SHOWN,
    RESOURCES,
    STAMPS,
    UPLOADED_SHOWN,
)
from connector.sandbox.multisender.store import Row

Sent = dict[str, object]

_JSON = json.JSONEncoder(ensure_ascii=False)
_BLANK_ACCOUNT: Final = dict.fromkeys(("firstName", "lastName", "email", "phone"), "")


def shown(
    office: Office, resource: Resource, record: Record, *, listed: bool = False
) -> Sent:
    """Return a record as it is sent alone, or in a list."""
    names = resource.listed if listed and resource.listed else resource.shown
    id_type = resource.listed_id_type if listed else None
    key = {resource.key: (id_type or resource.id_type)(record["id"])}
    computed = _COMPUTED.get(resource.name, {})
    return key | {
        name: computed[name](office, record) if name in computed else record[name]
        for name in names
        if name != resource.key
    }


def one(office: Office, resource: Resource, record_id: int) -> Sent:
    """Return the record with this id as it is sent; RefusedError if there is none."""
    return shown(office, resource, office.record(resource.name, record_id))


def all_of(office: Office, resource: Resource) -> bytes:
    """Return all records as a bare array: the document has no pages."""
    moods = astuple(office.moods)
    table = office.tables[resource.name]
    return b"[" + b",".join(_listed(office, resource, r, moods) for r in table) + b"]"


def encoded(content: object) -> bytes:
    """Write JSON."""
    return _JSON.encode(content).encode()


def _listed(
    office: Office, resource: Resource, row: Row, moods: tuple[object, ...]
) -> bytes:
    """Return a record of a list; what is sent of it is kept where that can be."""
    if resource.kept and row.sent is not None and row.sent[0] == moods:
        return row.sent[1]
    sent = encoded(shown(office, resource, row.record, listed=True))
    row.sent = moods, sent
    return sent


# ── shapes of the odd operations ───────────────────────────────────────────


def members(office: Office, group: Record) -> list[Sent]:
    """Return the accounts of a group."""
    ids = {"groupId": str(group["id"])}
    return [
        ids | {"accountId": str(who["id"])} | {n: who[n] for n in MEMBER_SHOWN[2:]}
        for who in office.members(group)
    ]


def uploaded(office: Office, file_id: int) -> Sent:
    """Return a voice file as it is answered to its upload."""
    record = office.record("voice_files", file_id)
    size = {"size": str(record["size"]), "fileName": record["fileName"]}
    sent = one(office, RESOURCES["voice_files"], file_id) | size
    return {name: sent[name] for name in UPLOADED_SHOWN}


def addressed(office: Office, record: Record) -> list[Sent]:
    """Return the receivers of a call or an sms, asked for by themselves."""
    return [_addressed(office, receiver) for receiver in record["receivers"]]


def stats_alone(office: Office, call: Record) -> Sent:
    """Return the stats of an RSVP call, asked for by themselves."""
    table = office.moods.spelling == "table"
    sums = _rsvp_stats(office, call)
    total = sums["totalDialedCalls"]
    names = ("answeredCalls", "totalDuration", "acceptsReceived")
    key = "dialedCalls" if table else "totalDialedCalls"
    return {key: total} | {name: sums[name] for name in names}


def called(office: Office, call: Record) -> list[Sent]:
    """Return the receivers of an RSVP call, asked for by themselves."""
    return [_called(office, receiver) for receiver in call["receivers"]]


def added(office: Office, call: Record, people: Iterable[Receiver]) -> object:
    """Return receivers as it is answered when they are added to an RSVP call."""
    found = [_dialled(office, person, "totalDialledCalls") for person in people]
    if office.moods.added == "array":
        return found
    return {"receivers": found} | {name: call[name] for name in STAMPS}


# ── fields that are made when they are sent ────────────────────────────────


def _number(office: Office, value: int) -> object:
    return str(value) if office.moods.text_numbers else value


def _text_or_none(record_id: int | None) -> str | None:
    return None if record_id is None else str(record_id)


def _found(office: Office, name: str, record_id: int | None) -> Record | None:
    there = record_id is not None and record_id in office.tables[name]
    return office.tables[name].row(record_id).record if there and record_id else None


def _addressee(office: Office, receiver: Addressee) -> Sent:
    account = _found(office, "accounts", receiver.account_id) or _BLANK_ACCOUNT
    group = _found(office, "groups", receiver.group_id)
    return {
        "receiverId": str(receiver.receiver_id),
        "accountId": _text_or_none(receiver.account_id),
        "groupId": _text_or_none(receiver.group_id),
        "name": group["name"] if group else "",
        **{name: account[name] for name in _BLANK_ACCOUNT},
        "updatedAt": receiver.at,
        "createdAt": receiver.at,
    }


def _addressed(office: Office, receiver: Addressee) -> Sent:
    account = _found(office, "accounts", receiver.account_id)
    group = _found(office, "groups", receiver.group_id)
    return {
        "accountId": _text_or_none(receiver.account_id),
        "groupId": _text_or_none(receiver.group_id),
        **{name: account[name] if account else None for name in _BLANK_ACCOUNT},
        "name": group["name"] if group else None,
        "numberOfAccounts": _size(office, group) if group else None,
        "updatedAt": receiver.at,
        "createdAt": receiver.at,
    }


def _size(office: Office, group: Record) -> int:
    return sum(1 for _ in office.members(group))


def _dialled(
    office: Office,
    receiver: Receiver,
    count: str = "dialledCalls",
    reply: str = "rsvpReply",
) -> Sent:
    return {
        "accountId": str(receiver.account_id),
        "groupId": _text_or_none(receiver.group_id),
        "phone": receiver.phone,
        office.moods.first_name: receiver.first_name,
        "lastName": receiver.last_name,
        "answered": _number(office, int(receiver.answered)),
        reply: reply_of(office, receiver, NO_ANSWER),
        "callDuration": _number(office, receiver.seconds),
        count: _number(office, receiver.dialled),
        "latestCallAt": receiver.latest,
    }


def _called(office: Office, receiver: Receiver) -> Sent:
    """Return what the table of these receivers has, or the part in its example."""
    table = office.moods.spelling == "table"
    return {
        "accountId": str(receiver.account_id),
        **({"phoneNumber": receiver.phone} if table else {}),
        "answered": _number(office, int(receiver.answered)),
        "rsvpReply": reply_of(office, receiver, NO_REPLY),
        "callDuration": _number(office, receiver.seconds),
        **({"dialedCalls": _number(office, receiver.dialled)} if table else {}),
        "latestCallAt": receiver.latest,
    }


def _click_stats(office: Office, call: Record) -> Sent:
    sums = stats(call["receivers"])
    counts = {
        "totalDialedCalls": sums.dialled,
        "answeredCalls": sums.answered,
        "totalDuration": sums.duration,
        "acceptsReceived": sums.accepted,
        "acceptsDeclined": sums.declined,
        "notAnsweredCalls": sums.unanswered,
    }
    return {name: _number(office, number) for name, number in counts.items()}


def _rsvp_stats(office: Office, call: Record) -> Sent:
    sums = stats(call["receivers"])
    counts = {
        "totalDialedCalls": sums.dialled,
        "answeredCalls": sums.answered,
        "totalDuration": sums.duration,
        "acceptsReceived": sums.accepted,
        "declinesAndNoRepliesReceived": sums.declined + sums.silent,
        "notAnsweredCalls": sums.unanswered,
    }
    return {name: _number(office, number) for name, number in counts.items()}


def _duration(office: Office, file: Record) -> object:
    """Return seconds: a string by the table, an int by the example."""
    table = office.moods.spelling == "table"
    return str(file["duration"]) if table else file["duration"]


def _played(_: Office, call: Record) -> list[Sent]:
    return [f | {"voiceFileId": str(f["voiceFileId"])} for f in call["voiceFiles"]]


_MESSAGE: Final[Mapping[str, Callable[[Office, Record], object]]] = {
    "editable": lambda office, record: "y" if editable(office, record) else "n",
    "receivers": lambda office, record: [
        _addressee(office, receiver) for receiver in record["receivers"]
    ],
}
_COMPUTED: Final[Mapping[str, Mapping[str, Callable[[Office, Record], object]]]] = {
    "groups": {"numberOfAccounts": _size},
    "calls": _MESSAGE,
    "emails": _MESSAGE,
    "smses": _MESSAGE,
    "click_to_calls": {
        "receivers": lambda office, call: [
            _dialled(office, receiver, reply="reply") for receiver in call["receivers"]
        ],
        "stats": _click_stats,
    },
    "rsvp_calls": {
        "voiceFiles": _played,
        "receivers": lambda office, call: [
            _dialled(office, receiver) for receiver in call["receivers"]
        ],
        "stats": _rsvp_stats,
    },
    "voice_files": {"duration": _duration},
}
