"""The calls and the leads of an account, as each changes the other.

Source: Callyzer API 2.1: the ``lead_id`` and the ``crm_status`` of a call, and the
``is_map_existing_call_logs`` of a lead. What the document leaves open is marked *ours*.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer.calls import FIELDS, MOMENT, Call
from connector.sandbox.callyzer.leads import Lead, Leads, numbers
from connector.sandbox.callyzer.store import Store
from connector.sandbox.callyzer.webhooks import Webhooks

BLANK: Final[Call] = dict.fromkeys(FIELDS, "") | {
    "emp_tags": [],
    "duration": 0,
    "call_type": "Outgoing",
}
SAID_BY_CALLS: Final = {
    "crm_status": "lead_status",
    "reminder_date": "reminder_date",
    "reminder_time": "reminder_time",
}
"""What a call says of its lead, and what the lead calls it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """Keeps calls and leads; times are those of ``zone``."""

    zone: ZoneInfo
    now: Callable[[], datetime]
    store: Store
    leads: Leads
    webhooks: Webhooks

    def add(self, records: Iterable[Mapping[str, object]]) -> list[Call]:
        """Add calls, or replace those with their ids; one delivery has them all.

        Missing fields are blank, and their times are now. KeyError without an id, or
        with a field that the document does not have.
        """
        times = self.times()
        calls = [BLANK | times | {"id": r["id"]} | documented(r) for r in records]
        return self.put(calls)

    def put(self, calls: Iterable[Call]) -> list[Call]:
        """Take whole calls in, and have them posted."""
        heard = [self._heard(call) for call in calls]
        for call in heard:
            self.store.put(call)
        self.webhooks.post(heard)
        return [dict(call) for call in heard]

    def load(self, calls: Iterable[Call]) -> None:
        """Take many whole calls with new ids in; nobody is told."""
        self.store.load(self._heard(call) for call in calls)

    def change(self, call_id: str, fields: Mapping[str, object]) -> Call:
        """Change a call, and have it posted.

        KeyError where there is no such call, or no such field.
        """
        call = self.store.change(call_id, documented(fields))
        self._tell_lead(call, fields)
        self.webhooks.post([call])
        return call

    def without_recording(self, call_id: str) -> Call:
        """Take the recording of a call away. Ours: it is modified, but not synced."""
        return self.change(
            call_id, {"call_recording_url": "", "modified_at": self.stamp()}
        )

    def map_calls(self, lead: Lead) -> None:
        """Give a lead the calls with its numbers that have no lead.

        Ours: this does not change their times.
        """
        for number in numbers(lead):
            for call in self.store.with_client(number):
                if not call.record["lead_id"]:
                    call_id = str(call.record["id"])
                    self.store.change(call_id, {"lead_id": lead["id"]})

    def here(self) -> datetime:
        """The time now, in the customer's zone."""
        return self.now().astimezone(self.zone)

    def stamp(self) -> str:
        """The time now, as the vendor writes it."""
        return f"{self.here():{MOMENT}}"

    def times(self) -> Call:
        """All times of a call that is made and synced now."""
        at = self.here()
        stamp = f"{at:{MOMENT}}"
        return {
            "call_date": f"{at:%Y-%m-%d}",
            "call_time": f"{at:%H:%M:%S}",
            "synced_at": stamp,
            "modified_at": stamp,
        }

    def _heard(self, call: Call) -> Call:
        """Find the lead that a call is made to, and tell it what the call says.

        Ours: a call to a lead's number is to that lead unless it names another.
        """
        if not call["lead_id"] and (owner := self.leads.owner(call["client_number"])):
            call = call | {"lead_id": owner}
        self._tell_lead(call, call)
        return call

    def _tell_lead(self, call: Call, said: Mapping[str, object]) -> None:
        lead = self.leads.get(str(call["lead_id"]))
        news = dict(_news(said))
        if lead is not None and news and call["crm_status"]:
            modified = max(str(lead["modified_at"]), str(call["modified_at"]))
            self.leads.change(str(lead["id"]), news | {"modified_at": modified})


def documented(fields: Mapping[str, object]) -> Call:
    """Return the fields; KeyError if the document does not have them all."""
    unknown = sorted(set(fields).difference(FIELDS))
    if unknown:
        raise KeyError(*unknown)
    return dict(fields)


def _news(said: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, lead_name in SAID_BY_CALLS.items():
        if said.get(name):
            yield lead_name, said[name]
