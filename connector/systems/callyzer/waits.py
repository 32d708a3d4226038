"""Who waits for an answer: a row of a report as it is written, and what we keep. Pure.

Source: Callyzer API 2.1, call-log/never-attended and call-log/not-pickup-by-client.
``call_logs`` are *all the call logs between employee and client*: also those from
before the two last spoke, and those in which they did.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from connector.errors import ConfigError, RecordError
from connector.systems.callyzer.wire import whole
from connector.systems.callyzer.written import (
    UNREADABLE,
    Row,
    as_object,
    moment,
    phone,
    text,
)
from connector.transport.jsontext import Json

TALKS: Final = ("Incoming", "Outgoing")
UNKNOWN: Final = "unknown"
"""The client whose number the phone did not show."""


class Contact(NamedTuple):
    """One call between two; ``at``: the UNIX second in which it began."""

    at: int
    id: str
    kind: str
    talked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A row of a report. ``client`` and ``employee`` tell people apart."""

    client: str
    employee: str
    contacts: tuple[Contact, ...]
    row: Row

    def since(self, talked: int, kinds: Sequence[str]) -> list[Contact]:
        """Return the calls that nobody answered after the second ``talked``.

        Of ``kinds``, where the row has such calls at all: in the document's example
        it does not.
        """
        asked = [c for c in self.contacts if c.kind in kinds and not c.talked]
        return [contact for contact in asked or self.contacts if contact.at > talked]

    def talk(self, kinds: Sequence[str]) -> int:
        """Return the second in which the two last spoke, or 0."""
        if not any(c.kind in kinds and not c.talked for c in self.contacts):
            return 0
        return max((c.at for c in self.contacts if c.talked), default=0)


def parse_wait(raw: Json, zone: ZoneInfo) -> Wait:
    """Read a row; RecordError (UNREADABLE) where it has no call with id and time."""
    row = as_object(raw)
    given = row.get("call_logs")
    logs = given if isinstance(given, list) else []
    contacts = sorted(set(_contacts(logs, zone)))
    if not contacts:
        message = "the row has no call with an id and a time"
        raise RecordError(message, code=UNREADABLE, fields=["call_logs"])
    return Wait(
        client=client_of(row),
        employee=_employee(row),
        contacts=tuple(contacts),
        row=row,
    )


def client_of(row: Row) -> str:
    """Return the digits of a client's number, however the phone showed it."""
    number = phone(row.get("client_country_code"), row.get("client_number"))
    digits = "".join(filter(str.isdecimal, number or ""))
    return digits or number or UNKNOWN


def contact(row: Row, zone: ZoneInfo) -> Contact | None:
    """Read one call, if it has an id and a time."""
    call_id = text(row.get("id"))
    began = moment(row.get("call_date"), row.get("call_time"), zone)
    if not call_id or began is None:
        return None
    kind = text(row.get("call_type")) or ""
    return Contact(
        at=int(began.timestamp()),
        id=call_id,
        kind=kind,
        talked=kind in TALKS and bool(whole(row.get("duration"))),
    )


def _contacts(logs: Sequence[Json], zone: ZoneInfo) -> Iterator[Contact]:
    for log in logs:
        if isinstance(log, dict) and (found := contact(log, zone)):
            yield found


def _employee(row: Row) -> str:
    number = phone(row.get("emp_country_code"), row.get("emp_number"))
    return number or text(row.get("emp_code")) or UNKNOWN


# ── what we keep ───────────────────────────────────────────────────────────


class Item(NamedTuple):
    """A wait that was shown, and is not over; ``first``: UNIX second of its call."""

    client: str
    employee: str
    first: int


@dataclass(slots=True, kw_only=True)
class Known:
    """The cursor: ``at``, the UNIX second up to which calls were looked at.

    ``open``: the waits by record id. ``done``: the UNIX second in which a client last
    spoke to somebody, of those who waited lately.
    """

    at: int
    open: dict[str, Item] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """Write it down."""
        kept = {"at": self.at, "open": self.open, "done": self.done}
        return json.dumps(kept, separators=(",", ":"))

    def forget(self, *, opened: int, done: int) -> None:
        """Drop waits from before ``opened``, and talks from before ``done``."""
        self.open = {i: each for i, each in self.open.items() if each.first >= opened}
        self.done = {client: at for client, at in self.done.items() if at >= done}

    def talked(self, client: str, at: int) -> dict[str, Item]:
        """Note that a client spoke to somebody; the waits which that ended."""
        if client == UNKNOWN:
            return {}
        self.done[client] = max(at, self.done.get(client, 0))
        theirs = {i: each for i, each in self.open.items() if each.client == client}
        ended = {i: each for i, each in theirs.items() if each.first < at}
        self.open = {i: each for i, each in self.open.items() if i not in ended}
        return ended

    def shown(self) -> dict[tuple[str, str], str]:
        """Return the record ids of the waits, by client and employee."""
        return {(each.client, each.employee): i for i, each in self.open.items()}


def read_known(cursor: str, zone: ZoneInfo) -> Known:
    """Read a cursor, or a date or time of a person, without a zone the account's."""
    try:
        given: Any = json.loads(cursor) if cursor.lstrip().startswith("{") else cursor
        if isinstance(given, str):
            return Known(at=_second(given.strip(), zone))
        return Known(
            at=int(given["at"]),
            open={i: Item(*each) for i, each in given["open"].items()},
            done=dict(given.get("done", {})),
        )
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{cursor!r} is not a date or time such as 2026-11-21T08:40:39Z"
        ) from error


def _second(written: str, zone: ZoneInfo) -> int:
    given = datetime.fromisoformat(written)
    aware = given if given.tzinfo else given.replace(tzinfo=zone)
    return max(1, int(aware.timestamp()))


# ── records ────────────────────────────────────────────────────────────────

_VENDOR: Final = (
    *("emp_name", "emp_code", "emp_country_code", "emp_number", "emp_tags"),
    *("client_name", "client_country_code", "client_number"),
)
_CLIENT: Final = _VENDOR[5:]


def client_fields(row: Row) -> Mapping[str, Json]:
    """Return what a row says of the client."""
    fields = {name: row[name] for name in _CLIENT if name in row}
    if "client_name" in row:
        fields["customer.name"] = row["client_name"]
    number = phone(row.get("client_country_code"), row.get("client_number"))
    return {**fields, "customer.phone": number}


def employee_fields(row: Row) -> Mapping[str, Json]:
    """Return what a row says of the employee."""
    fields = {name: row[name] for name in _VENDOR[:5] if name in row}
    if isinstance(tags := row.get("emp_tags"), list):
        fields["emp_tags"] = [tag for tag in tags if tag not in ("", None)]
    if "emp_name" in row:
        fields["agent.name"] = row["emp_name"]
    number = phone(row.get("emp_country_code"), row.get("emp_number"))
    return {**fields, "agent.phone": number}


def first_fields(record_id: str, at: int) -> Mapping[str, Json]:
    """Return what is known of a wait's first call."""
    call_id, began = record_id.partition(":")[2], datetime.fromtimestamp(at, UTC)
    return {
        "id": record_id,
        "first.id": call_id,
        "first.at": began,
        "call.id": call_id,
        "call.started_at": began,
    }
