"""Turns a click to call or an RSVP call into records, one a receiver. Pure.

None has a version. The time of the latest call would not do: where clocks are put back
a later call has an earlier time, and where an account's zone is changed all have; a
call's ``updatedAt`` need not move with its receivers. A reading that looks older than
it is would never get in, and no older one comes after a newer one anyway: a scan and
what is fetched follow each other, and what is set aside is always the latest.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from connector.errors import RecordError
from connector.model import Page, Record, Reject, Stream
from connector.systems.multisender import values
from connector.systems.multisender.stream import IDENTITY
from connector.transport.jsontext import Json

UNREADABLE: Final = "UNREADABLE"
ANONYMOUS: Final = "unreadable"
"""How the id of a reject begins that has none of its own."""

Row = Mapping[str, Json]
Fields = dict[str, object]
Read = Callable[[Json, ZoneInfo], object]


def _plain(read: Callable[[Json], object]) -> Read:
    return lambda value, _: read(value)


def _utc(value: Json, _: ZoneInfo) -> object:
    return values.moment(value, ZoneInfo("UTC"))


_TEXT, _WHOLE = _plain(values.text), _plain(values.whole)
_CALL: Final[Mapping[str, Read]] = MappingProxyType(
    {
        "clickToCallId": _TEXT,
        "rsvpCallId": _TEXT,
        "state": _TEXT,
        "expiresAt": values.moment,
        "startTime": _utc,
        "endTime": _utc,
        "activeFrom": _TEXT,
        "activeTo": _TEXT,
        "activeWeekdays": _plain(values.weekdays),
        "voiceFileId": _TEXT,
        "acceptsWanted": _WHOLE,
        "maxRedials": _WHOLE,
        "meta": _plain(values.meta),
        "updatedAt": values.moment,
        "createdAt": values.moment,
    }
)
_RECEIVER: Final[Mapping[str, tuple[tuple[str, ...], Read]]] = MappingProxyType(
    {
        "receiver.accountId": (("accountId",), _TEXT),
        "receiver.groupId": (("groupId",), _TEXT),
        "receiver.phone": (("phone", "phoneNumber"), _TEXT),
        "receiver.firstName": (("firsName", "firstName"), _TEXT),
        "receiver.lastName": (("lastName",), _TEXT),
        "receiver.answered": (("answered",), _plain(values.flag)),
        "receiver.reply": (("rsvpReply", "reply"), _plain(values.reply)),
        "receiver.callDuration": (("callDuration",), _WHOLE),
        "receiver.dialledCalls": (
            ("dialledCalls", "totalDialledCalls", "dialedCalls", "totalDialedCalls"),
            _WHOLE,
        ),
        "receiver.latestCallAt": (("latestCallAt",), values.moment),
    }
)
"""Our names; each as the document spells it here and there, and how it is read."""
_SAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "call.started_at": "receiver.latestCallAt",
        "call.duration": "receiver.callDuration",
        "customer.phone": "receiver.phone",
    }
)
_OUTCOME: Final = (
    *("receiver.answered", "receiver.reply"),
    *("receiver.dialledCalls", "receiver.latestCallAt"),
)
_NAMES: Final = ("receiver.firstName", "receiver.lastName")
_NOT_DIALLED: Final = re.compile(r"[^\d+]")


def parse_call(raw: Json, stream: Stream, zone: ZoneInfo) -> Page:
    """Read one call with its receivers; times that name no zone are in ``zone``.

    What cannot be read is among the page's rejects (UNREADABLE): the call, where it is
    no object, has no id or no receivers; else each receiver by itself. Never raises.
    """
    try:
        call = _call(raw, stream, zone)
        rows = receivers(raw)
    except RecordError as error:
        return Page(rejects=[_reject(raw, "", error)])
    records: list[Record] = []
    rejects: list[Reject] = []
    call_id = str(call[IDENTITY[stream.name]])
    for row, record_id in zip(rows, _ids(call_id, rows), strict=True):
        try:
            records.append(_record(record_id, call, row, zone))
        except RecordError as error:
            guilty = {IDENTITY[stream.name]: call_id, "receivers": [row]}
            rejects.append(_reject(guilty, record_id, error))
    return Page(records=records, rejects=rejects)


def call_id(raw: Json, stream: Stream) -> str | None:
    """Return the id of a call; None where it has none."""
    return (
        values.text(raw.get(IDENTITY[stream.name])) if isinstance(raw, dict) else None
    )


def receivers(raw: Row) -> Sequence[Json]:
    """Return a call's receivers; none where it has none yet, or RecordError."""
    found = raw.get("receivers")
    if found is not None and not isinstance(found, list):
        message = "the receivers are not a list"
        raise RecordError(message, code=UNREADABLE, fields=["receivers"])
    return found or []


def groups(raw: Json) -> list[str]:
    """Return the groups that stand in a call's receivers for their accounts."""
    rows = raw.get("receivers") if isinstance(raw, dict) else None
    bare = (
        values.text(row.get("groupId"))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and not values.text(row.get("accountId"))
    )
    return list(dict.fromkeys(group for group in bare if group))


def unfolded(raw: Row, outcomes: Sequence[Json], people: Mapping[str, Row]) -> Row:
    """Return a call with its groups' accounts in the groups' place.

    ``outcomes`` are those of all its receivers, each with an ``accountId``. ``people``
    are the groups' accounts by id: they have the names and numbers.
    """
    own = [row for row in receivers(raw) if not _is_bare(row)]
    there = {values.text(row.get("accountId")) for row in own if isinstance(row, dict)}
    more = [
        {**people.get(account, {}), **row}
        for row in outcomes
        if isinstance(row, dict)
        and (account := values.text(row.get("accountId"))) is not None
        and account not in there
    ]
    return {**raw, "receivers": [*own, *more]} if more else raw


def _is_bare(row: Json) -> bool:
    return bool(groups({"receivers": [row]}))


# ── a call ─────────────────────────────────────────────────────────────────


def _call(raw: Json, stream: Stream, zone: ZoneInfo) -> Fields:
    if not isinstance(raw, dict):
        raise RecordError("the call is not an object", code=UNREADABLE)
    identity = IDENTITY[stream.name]
    if not values.text(raw.get(identity)):
        message = f"the call has no {identity}"
        raise RecordError(message, code=UNREADABLE, fields=[identity])
    named = (name for name in _CALL if name in raw and stream.field(name))
    return {name: _or_none(_CALL[name], raw[name], zone) for name in named}


def _or_none(read: Read, value: Json, zone: ZoneInfo) -> object:
    """Read a value of a call; what cannot be read is not worth all its receivers."""
    try:
        return read(value, zone)
    except ValueError:
        return None


# ── a receiver ─────────────────────────────────────────────────────────────


def _record(record_id: str, call: Fields, row: Json, zone: ZoneInfo) -> Record:
    if not record_id or not isinstance(row, dict):
        message = "the receiver has no account, no group and no phone number"
        raise RecordError(message, code=UNREADABLE, fields=["receivers"])
    found: Fields = dict(_of_receiver(row, zone))
    found |= {name: found[same] for name, same in _SAME.items() if same in found}
    found |= {"call.id": record_id, "call.direction": "outbound"}
    if any(name in found for name in _OUTCOME):
        found["call.outcome"] = _outcome(*(found.get(name) for name in _OUTCOME))
    if any(name in found for name in _NAMES):
        names = filter(None, (found.get(name) for name in _NAMES))
        found["customer.name"] = " ".join(map(str, names)) or None
    return Record(id=record_id, version=None, fields={**call, **found})


def _of_receiver(row: Row, zone: ZoneInfo) -> Iterator[tuple[str, object]]:
    for name, (spellings, read) in _RECEIVER.items():
        given = [row[each] for each in spellings if each in row]
        if not given:
            continue
        value = next((each for each in given if each not in (None, "")), None)
        try:
            yield name, read(value, zone)
        except ValueError as error:
            message = f"{spellings[0]} of the receiver {error}"
            raise RecordError(
                message, code=UNREADABLE, fields=[spellings[0]]
            ) from error


def _outcome(answered: object, said: object, dialled: object, at: object) -> str | None:
    """Return what came of the calls; None where none was made yet."""
    if answered or said in (values.ACCEPT, values.DECLINE):
        return "answered"
    called = at is not None if dialled is None else dialled != 0
    silent = answered is False or said == values.NO_REPLY
    return "no answer" if called and silent else None


def _ids(call_id: str, rows: Sequence[Json]) -> Iterator[str]:
    """Yield an id for each receiver: the account's, or else the group's or the phone's.

    Who is there twice gets a number from the second time on: receivers keep the order
    in which they were given. Empty for who has none of them.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        who = _who(row) if isinstance(row, dict) else ""
        seen[who] += 1
        again = f":{seen[who]}" if seen[who] > 1 else ""
        yield f"{call_id}:{who}{again}" if who else ""


def _who(row: Row) -> str:
    if account := values.text(row.get("accountId")):
        return account
    if group := values.text(row.get("groupId")):
        return f"group-{group}"
    phone = values.text(row.get("phone")) or values.text(row.get("phoneNumber")) or ""
    return f"phone-{_NOT_DIALLED.sub('', phone) or phone}" if phone else ""


# ── what cannot be read ────────────────────────────────────────────────────


def _reject(raw: Json, record_id: str, error: RecordError) -> Reject:
    shown = values.without_secrets(raw) if isinstance(raw, dict) else raw
    content = json.dumps(shown, sort_keys=True, default=str).encode()
    anonymous = f"{ANONYMOUS}:{hashlib.sha256(content).hexdigest()[:16]}"
    return Reject(
        id=record_id or anonymous,
        payload=shown,
        code=error.code,
        message=error.message,
    )
