"""The reports of calls: summaries, an analysis, and lists of clients.

Source: Callyzer API 2.1, the call-log operations but history, get and the analytics
by hours. What the document leaves open is marked *ours*. The fields come in the order
of the document's examples.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.figures import (
    CALL,
    CLIENT,
    EMPLOYEE,
    Calls,
    Waiting,
    amount,
    fields,
    grouped,
    share,
    totals,
    waiting,
)
from connector.sandbox.callyzer.store import Store
from connector.sandbox.callyzer.wanted import TALKS, Stored

SUMMARY: Final = (
    *("total_incoming_calls", "total_incoming_duration"),
    *("total_outgoing_calls", "total_outgoing_duration"),
    *("total_missed_calls", "total_rejected_calls", "total_calls", "total_duration"),
    *("total_never_attended_calls", "total_not_pickup_by_clients_calls"),
    *("total_unique_clients", "total_working_hours", "total_connected_calls"),
)
EMPLOYEE_SUMMARY: Final = (
    *("total_incoming_calls", "total_incoming_duration"),
    *("total_incoming_connected_calls", "total_outgoing_calls"),
    *("total_outgoing_duration", "total_outgoing_connected_calls"),
    *("total_missed_calls", "total_rejected_calls", "total_calls", "total_duration"),
    *("total_connected_calls", "total_never_attended_calls"),
    *("total_not_pickup_by_clients_calls", "total_unique_clients"),
    "total_working_hours",
)
AVERAGES: Final = (
    *("avg_duration_per_call", "avg_incoming_duration", "avg_outgoing_duration"),
)
UNIQUE_CLIENT: Final = (
    *("total_calls", "total_duration", "total_incoming_calls"),
    *("total_incoming_duration", "total_outgoing_calls", "total_outgoing_duration"),
    *("total_missed_calls", "total_rejected_calls", "total_connected_calls"),
    *("total_never_attended_calls", "total_not_pickup_by_clients_calls"),
)
LONGEST: Final = (
    *("total_duration", "total_calls", "total_incoming_duration"),
    "total_outgoing_duration",
)
Rows = Sequence[Callable[[], Call]]
"""The rows of a list, each made when it is on the page that is asked for."""


def summary(calls: Calls, store: Store) -> Call:
    """Count all calls found."""
    figures = totals(calls) | waiting(calls, store).totals
    return _picked(figures, SUMMARY)


def employee_summary(calls: Calls, store: Store) -> Rows:
    """Count the calls of each employee who has any, in order of their codes (ours)."""
    waits = waiting(calls, store).by(lambda call: call.employee)
    teams = grouped(calls, lambda call: call.employee).values()
    return [partial(_of_employee, team, waits) for team in sorted(teams, key=_by_code)]


def analysis(calls: Calls) -> Call:
    """Say who is first in what; ours: nobody, where there is no such call."""
    talks = [call for call in calls if call.kind in TALKS]
    longest = max(talks, key=lambda call: call.duration, default=None)
    teams = sorted(grouped(calls, lambda call: call.employee).values(), key=_by_code)
    rows = [fields(team[-1], *EMPLOYEE) | totals(team) for team in teams]
    talking = [row | {"total_calls": _talks(row)} for row in rows]
    return {
        "average_duration": _averages(talks),
        "top_dialer": _top(rows, "total_outgoing_calls"),
        "top_answered": _top(rows, "total_incoming_calls"),
        "top_caller": _top(rows, "total_calls"),
        "highest_total_duration": _top(talking, *LONGEST),
        "longest_duration": longest and _with_call(longest),
    }


def never_attended(calls: Calls, store: Store) -> Rows:
    """List the clients who were missed and never spoken to after that."""
    return [partial(_row, one) for one in waiting(calls, store).never_attended]


def not_picked_up(calls: Calls, store: Store) -> Rows:
    """List the clients who were dialled, did not answer and never spoke after that."""
    return [partial(_row, one) for one in waiting(calls, store).not_picked_up]


def unique_clients(calls: Calls, store: Store) -> Rows:
    """List the clients, those with most calls first (ours)."""
    waits = waiting(calls, store).by(lambda call: call.client)
    clients = grouped(calls, lambda call: call.client).values()
    ordered = sorted(clients, key=lambda theirs: (-len(theirs), theirs[0].client))
    return [partial(_of_client, theirs, waits) for theirs in ordered]


def _of_employee(calls: Calls, waits: Callable[[str], Call]) -> Call:
    last = calls[-1]
    figures = totals(calls) | waits(last.employee)
    return (
        fields(last, *EMPLOYEE)
        | _picked(figures, EMPLOYEE_SUMMARY)
        | {"last_call_log": fields(last, "id", *CLIENT, *CALL)}
        | _picked(figures, AVERAGES)
    )


def _of_client(calls: Calls, waits: Callable[[str], Call]) -> Call:
    last = calls[-1]
    figures = totals(calls) | waits(last.client)
    return (
        fields(last, *CLIENT)
        | _picked(figures, UNIQUE_CLIENT)
        | {"last_call_log": fields(last, "id", *EMPLOYEE, *CALL)}
    )


def _row(one: Waiting) -> Call:
    logs = [fields(call, "id", *CALL) for call in one.calls]
    return fields(one.latest, *EMPLOYEE, *CLIENT) | {"call_logs": logs}


def _averages(talks: Calls) -> Call:
    figures, days = totals(talks), len({call.record["call_date"] for call in talks})
    duration = amount(figures, "total_duration")
    incoming, outgoing = (
        tuple(amount(figures, f"total_{kind}_{what}") for what in ("duration", "calls"))
        for kind in ("incoming", "outgoing")
    )
    return {
        "total_duration": duration,
        "per_call": share(duration, len(talks)),
        "total_calls": len(talks),
        "per_day": share(duration, days),
        "total_days": days,
        "per_incoming_call": share(*incoming),
        "total_incoming_calls": incoming[1],
        "per_outgoing_call": share(*outgoing),
        "total_outgoing_calls": outgoing[1],
    }


def _top(rows: list[Call], *what: str) -> Call | None:
    """Find who has most of the first of ``what``; ours: of equals, the first one."""
    first = max(rows, key=lambda row: amount(row, what[0]), default=None)
    if first is None or not first[what[0]]:
        return None
    return _picked(first, (*EMPLOYEE, *what))


def _talks(figures: Call) -> int:
    """Count the calls that this one report means by all of somebody's calls."""
    kinds = ("total_incoming_calls", "total_outgoing_calls")
    return sum(amount(figures, kind) for kind in kinds)


def _with_call(call: Stored) -> Call:
    return fields(call, *EMPLOYEE) | {"call_log": fields(call, "id", *CLIENT, *CALL)}


def _by_code(calls: Calls) -> tuple[str, str]:
    return str(calls[-1].record["emp_code"]), calls[-1].employee


def _picked(figures: Call, names: Iterable[str]) -> Call:
    return {name: figures[name] for name in names}
