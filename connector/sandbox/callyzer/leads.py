"""The leads that the sandbox has, and what lead/get shows of them.

Source: Callyzer API 2.1, lead/get. What the document leaves open is marked *ours*.
"""

import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, cast

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.figures import CALL, EMPLOYEE, fields
from connector.sandbox.callyzer.store import Store, key
from connector.sandbox.callyzer.wanted import Stored, national

Lead = dict[str, object]
"""One lead, its fields side by side; `shown` puts them where the document has them."""

EXAMPLE_LEAD: Call = {
    "id": "HobB-0Pk6xfhEJj6BEWNF3RbdZtwhE2YBzOpCqczg_k",
    "details": {
        "first_name": "Raj",
        "last_name": "gajjar",
        "email": "",
        "company_name": "",
        "address1": "",
        "address2": "",
        "city": "",
        "state": "",
        "country": "",
        "zip": "",
        "source": "",
        "description": "",
        "price": "",
        "contact_numbers": ["91-9988776655", "9876543210"],
    },
    "status": {
        "lead_status": "",
        "reminder_date": "2023-09-15",
        "reminder_time": "16:50:34",
    },
    "assigned_to": {
        "all_employees": "false",
        "employee": ["Rahul (+91-9558434554)", "Raj (+91-9958424504)"],
    },
    "last_call_log": {
        "id": "XgnkwIIXrlKYMem-mDNhEogXFLU",
        "emp_name": "Markel",
        "emp_code": "932",
        "emp_country_code": "",
        "emp_number": "948948484",
        "emp_tags": ["", ""],
        "duration": "2849",
        "call_type": "Incoming",
        "call_date": "2023-12-18",
        "call_time": "22:06:25",
        "note": "this is note of the call log",
        "call_recording_url": "https://media.callyzer/78.mp3",
        "synced_at": "2023-11-30 22:42:53 IST",
        "modified_at": "2023-11-30 22:42:53 IST",
    },
    "lead_tags": ["laptop", "computer"],
    "no_of_attempts": 5,
    "created_at": "2023-09-13 17:50:30 IST",
    "modified_at": "2023-06-21 15:50:30 IST",
}
"""The record that the document shows. Its table has other types: ``all_employees`` is
a Boolean there, and the duration an integer."""
PLACES: Final = {
    place: tuple(cast("Call", EXAMPLE_LEAD[place]))
    for place in ("details", "status", "assigned_to")
}
"""Which fields are in an object of their own."""
BLANK: Lead = (
    {"id": ""}
    | dict.fromkeys(PLACES["details"], "")
    | {"contact_numbers": []}
    | {"lead_status": "", "reminder_date": None, "reminder_time": None}
    | {"all_employees": False, "employee": []}
    | {"last_call_log": None, "lead_tags": [], "no_of_attempts": 0}
    | {"created_at": "", "modified_at": ""}
)


class Leads:
    """Leads by id and by number, in the order they were made; for any thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.held: Counter[str] = Counter()
        """How many leads each employee has, by how lead/get writes the employee."""
        self._leads: dict[str, Lead] = {}
        self._by_number: dict[str, str] = {}
        self._order: list[tuple[str, str]] = []
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._leads)

    def put(self, lead: Lead) -> None:
        """Add a lead, or replace the one with its id."""
        lead_id = str(lead["id"])
        with self._lock:
            self.remove(lead_id)
            self._leads[lead_id] = lead
            insort(self._order, _place(lead))
            self._by_number |= dict.fromkeys(numbers(lead), lead_id)
            self.held.update(_holders(lead))

    def remove(self, lead_id: str) -> None:
        """Forget a lead; its calls stay. Harmless when there is none."""
        with self._lock:
            lead = self._leads.pop(lead_id, None)
            if lead is None:
                return
            del self._order[bisect_left(self._order, _place(lead))]
            for number in numbers(lead):
                if self._by_number.get(number) == lead_id:
                    del self._by_number[number]
            self.held.subtract(_holders(lead))

    def change(self, lead_id: str, fields: Mapping[str, object]) -> Lead:
        """Change a lead and return it; KeyError where there is none."""
        with self._lock:
            lead = self._leads[lead_id] | dict(fields)
            self.put(lead)
        return lead

    def get(self, lead_id: str) -> Lead | None:
        """Return a lead."""
        return self._leads.get(lead_id)

    def owner(self, number: object) -> str | None:
        """Return the id of the lead with a number, however it is written."""
        return self._by_number.get(national(number))

    def ids(self) -> list[str]:
        """All ids, in the order the leads were made (ours)."""
        with self._lock:
            return [lead_id for _, lead_id in self._order]

    def find(self, asked: Iterable[str], named: Mapping[str, str]) -> list[Lead]:
        """Return the leads with one of the numbers, and with these names in any case.

        Ours: names are compared as a whole; without numbers every lead is meant.
        """
        with self._lock:
            owners = {self.owner(number) for number in asked}
            order = [_place(self._leads[i]) for i in owners if i] or (
                [] if owners else self._order
            )
            found = [self._leads[lead_id] for _, lead_id in sorted(order)]
        return [lead for lead in found if _is_named(lead, named)]


def flat(record: Mapping[str, object]) -> Lead:
    """Read a lead as the document writes it, or with its fields side by side.

    KeyError with a field that the document does not have.
    """
    lead = {name: value for name, value in record.items() if name not in PLACES}
    for place in PLACES:
        lead |= cast("Call", record.get(place, {}))
    unknown = sorted(set(lead).difference(BLANK))
    if unknown:
        raise KeyError(*unknown)
    if "all_employees" in lead:
        lead["all_employees"] = lead["all_employees"] in {True, "true"}
    return lead


def shown(lead: Lead, store: Store, *, as_in_table: bool) -> Call:
    """Write a lead as lead/get does, with the types of its table or of its example.

    Where the store has calls to it, the last one and the number of attempts are
    theirs; ours: an attempt is an outgoing call.
    """
    calls = calls_to(lead, store)
    lead = lead | _of_calls(calls) if calls else dict(lead)
    lead["last_call_log"] = _typed_call(lead["last_call_log"], as_in_table=as_in_table)
    if not as_in_table:
        lead["all_employees"] = str(lead["all_employees"]).lower()
    return {
        name: {part: lead[part] for part in PLACES[name]}
        if name in PLACES
        else lead[name]
        for name in EXAMPLE_LEAD
    }


def calls_to(lead: Lead, store: Store) -> list[Stored]:
    """Return the calls that are mapped to a lead, in the order they were made."""
    found = (call for number in numbers(lead) for call in store.with_client(number))
    return sorted((c for c in found if c.record["lead_id"] == lead["id"]), key=key)


def numbers(lead: Lead) -> set[str]:
    """The `national` numbers of a lead."""
    return {national(n) for n in cast("list[object]", lead["contact_numbers"])}


def _of_calls(calls: list[Stored]) -> Lead:
    return {
        "last_call_log": fields(calls[-1], "id", *EMPLOYEE, *CALL),
        "no_of_attempts": sum(call.kind == "Outgoing" for call in calls),
    }


def _typed_call(call: object, *, as_in_table: bool) -> object:
    if not isinstance(call, dict):
        return call
    duration = str(call["duration"])
    return call | {"duration": int(duration) if as_in_table else duration}


def _is_named(lead: Lead, named: Mapping[str, str]) -> bool:
    return all(str(lead[name]).casefold() == wanted for name, wanted in named.items())


def _place(lead: Lead) -> tuple[str, str]:
    return str(lead["created_at"]), str(lead["id"])


def _holders(lead: Lead) -> list[str]:
    return [str(who) for who in cast("list[object]", lead["employee"])]
