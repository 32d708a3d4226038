"""What can be counted of calls: totals, averages, and who waits for an answer.

Source: Callyzer API 2.1, the response parameters of its reports. What the document
leaves open is marked *ours*.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.store import Store, key
from connector.sandbox.callyzer.wanted import Stored

CONNECTED_AFTER: Final = 2
"""Seconds; a call must be longer to count as connected."""
EMPLOYEE: Final = ("emp_name", "emp_code", "emp_country_code", "emp_number", "emp_tags")
CLIENT: Final = ("client_name", "client_country_code", "client_number")
CALL: Final = (
    *("duration", "call_type", "call_date", "call_time", "note", "call_recording_url"),
    *("synced_at", "modified_at"),
)

Calls = Sequence[Stored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An employee and a client who did not speak since an attempt.

    ``calls`` are all that were found of them, in the order they were made.
    """

    calls: Calls
    attempt: Stored

    @property
    def latest(self) -> Stored:
        """The last of their calls."""
        return self.calls[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Who waits: clients who were missed, and employees who were not answered.

    Ours: one is counted for each employee and client, not for each of their calls,
    so that the totals are the lengths of the two lists; and *never* looks at all
    calls there are, also at later ones than were asked for.
    """

    never_attended: tuple[Waiting, ...]
    not_picked_up: tuple[Waiting, ...]

    def by(self, whom: Callable[[Stored], str]) -> Callable[[str], Call]:
        """Return what counts those of one employee, or of one client."""
        missed, dialled = (
            Counter(whom(one.latest) for one in which)
            for which in (self.never_attended, self.not_picked_up)
        )
        return lambda number: _open_totals(missed[number], dialled[number])

    @property
    def totals(self) -> Call:
        """Count them all."""
        return _open_totals(len(self.never_attended), len(self.not_picked_up))


def waiting(calls: Calls, store: Store) -> Open:
    """Find who waits among the calls found."""
    pairs = grouped(calls, lambda call: f"{call.employee} {call.client}").values()
    return Open(
        never_attended=_since(pairs, lambda call: call.kind == "Missed", store),
        not_picked_up=_since(pairs, _not_answered, store),
    )


def totals(calls: Calls) -> Call:
    """Count the calls, and their seconds, by what the document calls each."""
    kinds = grouped(calls, lambda call: call.kind)
    incoming, outgoing = (kinds.get(kind, []) for kind in ("Incoming", "Outgoing"))
    talks = [*incoming, *outgoing]
    return {
        **_talks("incoming", incoming),
        **_talks("outgoing", outgoing),
        "total_missed_calls": len(kinds.get("Missed", [])),
        "total_rejected_calls": len(kinds.get("Rejected", [])),
        "total_calls": len(calls),
        "total_duration": _seconds(talks),
        "total_connected_calls": len(_connected(talks)),
        "total_unique_clients": len({call.client for call in calls}),
        "total_working_hours": clock(_worked(calls)),
        "avg_duration_per_call": clock(_mean(_connected(talks))),
    }


def _talks(way: str, calls: Calls) -> Call:
    """Count the calls of one way."""
    connected = _connected(calls)
    return {
        f"total_{way}_calls": len(calls),
        f"total_{way}_duration": _seconds(calls),
        f"total_{way}_connected_calls": len(connected),
        f"avg_{way}_duration": clock(_mean(connected)),
    }


def amount(figures: Call, name: str) -> int:
    """Return one of the totals that are numbers."""
    return int(str(figures[name]))


def grouped(calls: Calls, by: Callable[[Stored], str]) -> dict[str, list[Stored]]:
    """Sort calls into groups; each stays in order."""
    groups: defaultdict[str, list[Stored]] = defaultdict(list)
    for call in calls:
        groups[by(call)].append(call)
    return dict(groups)


def share(part: int, whole: int) -> int:
    """Divide, in whole units; nothing of nothing is nothing. Ours: rounded down."""
    return part // whole if whole else 0


def clock(seconds: int) -> str:
    """Write seconds as HH:mm:ss; there may be more than 99 hours."""
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def fields(call: Stored, *names: str) -> Call:
    """Return some fields of a call."""
    return {name: call.record[name] for name in names}


def _open_totals(never_attended: int, not_picked_up: int) -> Call:
    return {
        "total_never_attended_calls": never_attended,
        "total_not_pickup_by_clients_calls": not_picked_up,
    }


def _since(
    pairs: Iterable[Calls], attempted: Callable[[Stored], bool], store: Store
) -> tuple[Waiting, ...]:
    """Find the pairs who did not speak since the last attempt, in their order."""
    found = []
    for calls in pairs:
        attempts = [call for call in calls if attempted(call)]
        if attempts and not store.talked_since(attempts[-1]):
            found.append(Waiting(calls=calls, attempt=attempts[0]))
    return tuple(sorted(found, key=lambda one: key(one.attempt)))


def _not_answered(call: Stored) -> bool:
    return call.kind == "Outgoing" and not call.talked


def _connected(talks: Calls) -> Calls:
    return [call for call in talks if call.duration > CONNECTED_AFTER]


def _seconds(calls: Calls) -> int:
    return sum(call.duration for call in calls)


def _mean(calls: Calls) -> int:
    return share(_seconds(calls), len(calls))


def _worked(calls: Calls) -> int:
    """Add up each employee's days, from their first call to the end of the last.

    Ours: the document does not say what working hours are.
    """
    days = grouped(calls, lambda call: f"{call.employee} {call.record['call_date']}")
    return sum(_length(day) for day in days.values())


def _length(day: Calls) -> int:
    return max(c.called + c.duration for c in day) - min(c.called for c in day)
