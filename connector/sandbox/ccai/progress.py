"""What happens to a call as it goes on, from its beginning to its end."""

from datetime import datetime
from typing import Final, cast

from connector.sandbox.ccai.account import Agent
from connector.sandbox.ccai.calls import NEXT, STAMPS, TERMINAL, Call
from connector.sandbox.ccai.moments import moment, stamp

PARTICIPANTS: Final = {"connected": "connected", "finished": "finished"}
"""What those on the line become with the call; until then they are waiting."""


def onward(call: Call, at: datetime, agent: Agent) -> Call:
    """Return the fields that change when a call takes its next step at ``at``.

    ``agent`` takes it, where it comes to that and nobody has it yet. KeyError for a
    call to which nothing more happens.
    """
    status = NEXT[str(call["status"])]
    fields: Call = {"status": status}
    if status in STAMPS:
        fields[STAMPS[status]] = stamp(at)
    if status == "assigned":
        fields["agent_info"] = call["agent_info"] or agent.info()
    if status == "connected":
        waited = _seconds(call["queued_at"], at)
        fields |= {"wait_duration": waited, "queue_duration": waited}
    if status in TERMINAL and call["ends_at"] is None:
        fields |= _end(call, at)
    return fields | _participants(call, status)


def _end(call: Call, at: datetime) -> Call:
    talked = _seconds(call["connected_at"], at)
    return {
        "ends_at": stamp(at),
        "call_duration": talked,
        "disconnected_by": "disconnected_by_end_user",
    }


def _seconds(since: object, at: datetime) -> int:
    return int((at - moment(since)).total_seconds()) if since else 0


def _participants(call: Call, status: str) -> Call:
    if status not in PARTICIPANTS:
        return {}
    there = cast("list[Call]", call["participants"])
    return {"participants": [p | {"status": PARTICIPANTS[status]} for p in there]}
