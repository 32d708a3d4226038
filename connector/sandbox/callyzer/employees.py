"""The employees of the account, and how employee/get and lead/save choose among them.

Source: Callyzer API 2.1, employee/get. What the document leaves open is marked *ours*.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer import rules, words
from connector.sandbox.callyzer.calls import MOMENT, Call
from connector.sandbox.callyzer.people import LEAVER, TEAM, Employee
from connector.sandbox.callyzer.rules import Body, RefusedError, existing, listed
from connector.sandbox.callyzer.store import Store
from connector.sandbox.callyzer.wanted import national, tags, ways

EXAMPLE_EMPLOYEE: Call = {
    "emp_name": "test333",
    "emp_code": None,
    "emp_country_code": "91",
    "emp_number": "3333333333",
    "emp_tags": ["", ""],
    "app_version": "1.3.16",
    "registered_at": "2022-10-02 20:15:21 IST",
    "modified_at": "2022-10-30 10:32:33 IST",
    "last_call_at": "2022-12-30 16:15:32",
    "last_sync_req_at": "2022-12-30 16:15:30 IST",
    "is_lead_active": False,
    "is_call_recording_active": False,
    "device_details": {
        "device_model": "Micromax",
        "version_code": 30,
        "board": "exynos9611",
        "android_version": "10",
        "sdk_version": 29,
        "unique_sim_id": None,
    },
    "device_preference": {"is_app_uninstalled": True, "battery_percentage": None},
    "app_settings": {
        "default_home_screen": None,
        "note_dialog": "Never",
        "call_recording_location": "",
        "is_log_active": False,
    },
}
"""The record that the document shows; its last call has no zone."""
PHONES: Final = (
    ("SM-A546E", "exynos1380", "14", 34),
    ("Redmi Note 12", "tapas", "13", 33),
    ("Pixel 7a", "lynx", "15", 35),
)
BLANK: Call = EXAMPLE_EMPLOYEE | {
    "emp_name": "",
    "emp_tags": [],
    "last_call_at": None,
    "last_sync_req_at": None,
    "is_lead_active": True,
    "is_call_recording_active": True,
    "device_preference": {"is_app_uninstalled": False, "battery_percentage": 80},
}


class Employees:
    """Who is registered, by number; for use from any thread."""

    def __init__(self, store: Store) -> None:
        """Begin with nobody; the numbers and tags are made known to ``store``."""
        self._store = store
        self._records: dict[str, Call] = {}
        self._lock = threading.Lock()

    def put(self, record: Mapping[str, object]) -> Call:
        """Register somebody, or replace whoever has that number.

        Fields that are missing are those of `BLANK`. KeyError without a number, or
        with a field that the document does not have.
        """
        employee = BLANK | {"emp_number": record["emp_number"]} | _documented(record)
        with self._lock:
            self._records[national(employee["emp_number"])] = employee
        self._store.emp_numbers |= ways(*_number(employee))
        self._store.emp_tags.update(filter(None, tags(employee)))
        return dict(employee)

    def change(self, number: str, fields: Mapping[str, object]) -> Call:
        """Change somebody; KeyError where nobody has that number, or no such field."""
        with self._lock:
            record = self._records[national(number)]
        return self.put(record | _documented(fields))

    def remove(self, number: str) -> None:
        """Forget somebody; their calls stay. Harmless when there is nobody."""
        with self._lock:
            self._records.pop(national(number), None)

    def all(self) -> list[Call]:
        """Everybody, in order of their codes and numbers (ours)."""
        with self._lock:
            return sorted(self._records.values(), key=_order)

    def asked(self, body: Body) -> list[Call]:
        """Read an employee/get request, and return whom it asks for, as sent."""
        everybody = self.all()
        numbers = rules.valid(
            listed(body, "emp_numbers", "numbers"), words.BAD_EMP_NUMBERS
        )
        codes = listed(body, "emp_codes", "numbers")
        selected = select(everybody, numbers, listed(body, "emp_tags", "tags"))
        existing(codes, {str(e["emp_code"]) for e in everybody}, words.DOES_NOT_EXIST)
        if codes:
            selected = [e for e in selected if str(e["emp_code"]) in codes]
        selected = _named(selected, everybody, body.get("emp_name"))
        if not {"emp_numbers", "emp_tags", "emp_codes", "emp_name"} & set(body):
            selected = with_leads(selected)
        return [self._sent(employee) for employee in selected]

    def _sent(self, employee: Call) -> Call:
        """Fill in the time of the last call and of its sync, unless they were set."""
        last = self._store.last_by(national(employee["emp_number"]))
        if last is None:
            return employee
        call = last.record
        return employee | {
            "last_call_at": employee["last_call_at"]
            or f"{call['call_date']} {call['call_time']}",
            "last_sync_req_at": employee["last_sync_req_at"] or call["synced_at"],
        }


def select(
    everybody: Iterable[Call], numbers: frozenset[str], wanted_tags: frozenset[str]
) -> list[Call]:
    """Return who has one of the numbers and one of the tags, each where it is asked.

    RefusedError where a number or a tag is nobody's.
    """
    everybody = list(everybody)
    known = {way for e in everybody for way in ways(*_number(e))}
    existing(numbers, known, words.DOES_NOT_EXIST)
    existing(wanted_tags, _all_tags(everybody), words.DOES_NOT_EXIST)
    return [
        e
        for e in everybody
        if (not numbers or numbers & ways(*_number(e)))
        and (not wanted_tags or wanted_tags.intersection(tags(e)))
    ]


def with_leads(employees: Iterable[Call]) -> list[Call]:
    """Return those for whom the lead feature is active.

    The document says so of whoever asks without numbers and tags. Ours: who asks by
    code or name gets everybody who has it.
    """
    return [employee for employee in employees if employee["is_lead_active"]]


def of_team(zone: ZoneInfo) -> Iterable[Call]:
    """Make the cast's records; the leaver has uninstalled the app."""
    for at, employee in enumerate(TEAM):
        registered = datetime(2024, 4, 1 + at, 9, 30, tzinfo=zone)
        modified = datetime(2025, 1, 1 + at, 18, tzinfo=zone)
        yield _record(employee, at) | {
            "registered_at": f"{registered:{MOMENT}}",
            "modified_at": f"{modified:{MOMENT}}",
        }


def _record(employee: Employee, at: int) -> Call:
    stays = employee is not LEAVER
    return {
        "emp_name": employee.name,
        "emp_code": employee.code,
        "emp_country_code": employee.country_code,
        "emp_number": employee.number,
        "emp_tags": list(employee.tags),
        "is_lead_active": stays,
        "is_call_recording_active": stays,
        "device_details": _phone(*PHONES[at % len(PHONES)]),
        "device_preference": {
            "is_app_uninstalled": not stays,
            "battery_percentage": 35 + 7 * at if stays else None,
        },
    }


def _phone(model: str, board: str, android: str, sdk: int) -> Call:
    return {
        "device_model": model,
        "version_code": 41,
        "board": board,
        "android_version": android,
        "sdk_version": sdk,
        "unique_sim_id": None,
    }


def _named(
    selected: list[Call], everybody: Collection[Call], name: object
) -> list[Call]:
    """Keep those of an exact name, in any case."""
    if name is None:
        return selected
    wanted = str(name).casefold()
    if wanted not in {str(e["emp_name"]).casefold() for e in everybody}:
        raise RefusedError(words.UNKNOWN_EMP_NAME)
    return [e for e in selected if str(e["emp_name"]).casefold() == wanted]


def _documented(fields: Mapping[str, object]) -> Call:
    unknown = sorted(set(fields).difference(BLANK))
    if unknown:
        raise KeyError(*unknown)
    return dict(fields)


def _number(employee: Call) -> tuple[object, object]:
    return employee["emp_country_code"], employee["emp_number"]


def _all_tags(employees: Iterable[Call]) -> set[str]:
    return {tag for e in employees for tag in cast("list[str]", e["emp_tags"])}


def _order(employee: Call) -> tuple[str, str]:
    return str(employee["emp_code"] or ""), str(employee["emp_number"])
