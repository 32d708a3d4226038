"""Turns leads and employees as Callyzer writes them into records. Pure.

Source: Callyzer API 2.1, lead/get and employee/get.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from connector.errors import RecordError
from connector.model import FieldType, Record
from connector.systems.callyzer.people_stream import (
    EMPLOYEE_FIELDS,
    LEAD_FIELDS,
    Fields,
)
from connector.systems.callyzer.wire import whole
from connector.systems.callyzer.written import (
    UNREADABLE,
    Row,
    as_object,
    blank,
    moment,
    phone,
    text,
    version_of,
)
from connector.transport.jsontext import Json

TRUTH: Final = {"true": True, "false": False}
MIDNIGHT: Final = "00:00:00"
_ASSIGNED: Final = re.compile(r"(?P<name>[^(]*)\((?P<number>[^()]*)\)\s*")
_MISSING: Final = object()


def parse_lead(raw: Json, zone: ZoneInfo) -> Record:
    """Read one lead, whose dates and times are in ``zone``.

    A field that is missing stays missing, with what is derived from it. Raises
    RecordError (UNREADABLE) where there is no id, or a value is not of its type.
    """
    row = as_object(raw)
    fields = dict(_flat(row, LEAD_FIELDS))
    lead_id = text(fields.get("id"))
    if not lead_id:
        raise RecordError("the lead has no id", code=UNREADABLE, fields=["id"])
    fields["id"] = lead_id
    for needed, derived in _OF_LEADS.items():
        if needed in fields:
            fields |= derived(fields, zone)
    return Record(id=lead_id, version=_changed(row, zone), fields=fields)


def parse_employee(raw: Json, zone: ZoneInfo) -> Record:
    """Read one employee; see `parse_lead`. Who it is, the registered number says."""
    row = as_object(raw)
    fields = dict(_flat(row, EMPLOYEE_FIELDS))
    code, number = text(row.get("emp_country_code")), text(row.get("emp_number"))
    if not number:
        message = "the employee has no number"
        raise RecordError(message, code=UNREADABLE, fields=["emp_number"])
    fields["id"] = f"{code}-{number}" if code else number
    fields["agent.phone"] = phone(code, number)
    if "emp_name" in fields:
        fields["agent.name"] = fields["emp_name"]
    return Record(id=fields["id"], version=_changed(row, zone), fields=fields)


def _changed(row: Row, zone: ZoneInfo) -> str | None:
    return version_of({"modified_at": row.get("modified_at")}, zone)


# ── fields ─────────────────────────────────────────────────────────────────


def _flat(row: Row, fields: Fields) -> Iterator[tuple[str, Json]]:
    """Yield the fields that a row has; those of an object that is null are null."""
    for name, kind, _ in fields:
        value = _at(row, name)
        if value is not _MISSING:
            yield name, _of_type(value, kind, name)


def _at(row: Row, name: str) -> Json:
    place, dot, part = name.partition(".")
    value = row.get(place, _MISSING)
    if not dot or value is _MISSING or value is None:
        return value
    return value.get(part, _MISSING) if isinstance(value, dict) else _MISSING


def _of_type(value: Json, kind: FieldType, name: str) -> Json:
    if blank(value):
        return value if kind in _TEXTS else None
    reader = _READERS.get(kind, _as_text)
    found = reader(value)
    if found is None:
        message = f"{name} is no {kind}"
        raise RecordError(message, code=UNREADABLE, fields=[name])
    return found


def _as_text(value: Json) -> str | None:
    """Text as it is; what else is one value, in digits or letters."""
    if isinstance(value, str):
        return value
    is_one = isinstance(value, bool | float)
    return str(value).lower() if is_one else text(value)


def _as_boolean(value: Json) -> bool | None:
    return TRUTH.get(str(value).strip().lower())


def _as_list(value: Json) -> list[Json] | None:
    if not isinstance(value, list):
        return None
    return [one for one in value if not blank(one)]


_TEXTS: Final = frozenset({"text", "phone", "date", "time"})
_READERS: Final[Mapping[FieldType, Callable[[Json], Json]]] = {
    "integer": whole,
    "boolean": _as_boolean,
    "list": _as_list,
}

# ── what is derived ────────────────────────────────────────────────────────


def _numbers(row: Row, _: ZoneInfo) -> dict[str, Json]:
    given = row["details.contact_numbers"] or []
    numbers = [*map(_number, given), None, None]
    return {"customer.phone": numbers[0], "customer.phone2": numbers[1]}


def _number(written: Json) -> str | None:
    """Read a number with its country's code before a hyphen, if there is one."""
    code, _, number = (text(written) or "").rpartition("-")
    return phone(code, number)


def _name(row: Row, _: ZoneInfo) -> dict[str, Json]:
    names = map(text, (row.get("details.first_name"), row.get("details.last_name")))
    return {"customer.name": " ".join(name for name in names if name)}


def _assigned(row: Row, _: ZoneInfo) -> dict[str, Json]:
    """Read the first employee: ``Rahul (+91-9558434554)``."""
    written = next((text(one) for one in row["assigned_to.employee"] or []), None)
    found = _ASSIGNED.fullmatch(written or "")
    name = found["name"].strip() if found else written
    number = _number(found["number"].strip().removeprefix("+")) if found else None
    whose = {"name": name or None, "phone": number}
    return {f"{at}.{n}": v for at in ("assigned_to", "agent") for n, v in whose.items()}


def _reminder(row: Row, zone: ZoneInfo) -> dict[str, Json]:
    day, time = row["status.reminder_date"], row.get("status.reminder_time")
    return {"reminder.at": moment(day, MIDNIGHT if blank(time) else time, zone)}


_OF_LEADS: Final[Mapping[str, Callable[[Row, ZoneInfo], dict[str, Json]]]] = {
    "details.contact_numbers": _numbers,
    "details.first_name": _name,
    "assigned_to.employee": _assigned,
    "status.reminder_date": _reminder,
}
"""The field that each is made of."""
