"""Calls being made, and what the vendor posts about them.

Source: Multisender API, State Webhook, Receiver Webhook, and the parameters of
click to calls and RSVP calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from connector.sandbox.multisender.fields import Record
from connector.sandbox.multisender.office import Office, utc
from connector.sandbox.multisender.receivers import Receiver, Reply, stats

Kind = Literal["click_to_calls", "rsvp_calls"]
KINDS: Final[Mapping[str, Kind]] = {
    "click_to_calls": "click_to_calls",
    "rsvp_calls": "rsvp_calls",
}
State = Literal["waitingToActive", "active", "halt", "complete"]

STAMP: Final = "%Y-%m-%d:%H:%M:%S"
"""The form of a webhook's timestamp; *ours* is that it is in the customer's zone."""
NO_REPLY: Final = "noReply"
NO_ANSWER: Final = "noAnswer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One call to a receiver, who may answer it, and then press a button."""

    answered: bool = True
    reply: Reply | None = None
    seconds: int = 0


def ring(
    office: Office, kind: Kind, call_id: int, account_id: int, result: Ring
) -> None:
    """Let a receiver be called once.

    RefusedError where there is no such call, KeyError where it has no such receiver.
    """
    call = office.record(kind, call_id)
    called = _receiver(call, account_id)
    note(called, result, office.written_now())
    moved = {"updatedAt": called.latest} if office.moods.touches else {}
    office.tables[kind].change(call_id, moved)
    if call["receiverWebhookUrl"] and (called.answered or exhausted(call, called)):
        body = _receiver_body(office, kind, call, called)
        office.postman.post(call["receiverWebhookUrl"], body)
    if kind == "rsvp_calls":
        turn(office, call_id)


def note(called: Receiver, result: Ring, at: str) -> None:
    """Write down what came of a call to a receiver ``at``."""
    called.dialled += 1
    called.latest = at
    if result.answered:
        called.answered = True
        called.reply, called.seconds = result.reply, result.seconds


def exhausted(call: Record, called: Receiver) -> bool:
    """Tell whether somebody was called as often as the call allows."""
    redials: int = call["maxRedials"]
    return called.dialled > redials


def next_receiver(call: Record) -> Receiver | None:
    """Return who is called next, in the given order; None if there is nobody.

    A click to call ends with the first who accepts.
    """
    people: list[Receiver] = call["receivers"]
    accepts = sum(one.reply == "accept" for one in people)
    if accepts >= call.get("acceptsWanted", 1):
        return None
    left = (one for one in people if not (one.answered or exhausted(call, one)))
    return next(left, None)


def turn(office: Office, call_id: int) -> None:
    """Bring the state of an RSVP call up to date, and tell of a change."""
    if call_id not in office.tables["rsvp_calls"]:
        return
    call = office.record("rsvp_calls", call_id)
    state = state_at(call, office.now())
    if state == call["state"]:
        return
    office.tables["rsvp_calls"].change(call_id, {"state": state})
    if call["stateWebhookUrl"]:
        office.postman.post(call["stateWebhookUrl"], _state_body(office, call))


def state_at(call: Record, now: datetime) -> State:
    """Return the state of an RSVP call; `halted` is what the customer wants."""
    accepts = sum(one.reply == "accept" for one in call["receivers"])
    if accepts >= call["acceptsWanted"] or now >= utc(call["endTime"]):
        return "complete"
    if call["halted"]:
        return "halt"
    return "active" if now >= utc(call["startTime"]) else "waitingToActive"


def reply_of(office: Office, called: Receiver, printed: str) -> str:
    """Return a reply as it is sent; ``printed`` is the word here for none."""
    mood = office.moods.unanswered
    return called.reply or (printed if mood == "printed" else mood)


def _receiver(call: Record, account_id: int) -> Receiver:
    people: list[Receiver] = call["receivers"]
    found = next((one for one in people if one.account_id == account_id), None)
    if found is None:
        raise KeyError(account_id)
    return found


def _state_body(office: Office, call: Record) -> Mapping[str, object]:
    table = office.moods.spelling == "table"
    sums = stats(call["receivers"])
    body = {
        "rsvpCallId": str(call["id"]),
        "state": call["state"],
        "totalDialedCalls" if table else "dialedCalls": sums.dialled,
        "answeredCalls": sums.answered,
        "totalDuration": sums.duration,
        "acceptsReceived": sums.accepted,
        "timestamp": _stamp(office),
    }
    return body | ({"meta": call["meta"]} if office.moods.state_meta else {})


def _receiver_body(
    office: Office, kind: Kind, call: Record, called: Receiver
) -> Mapping[str, object]:
    """Build a receiver webhook.

    The document has one for RSVP calls only; *ours* is that a click to call's id
    takes the place of theirs.
    """
    key = "rsvpCallId" if kind == "rsvp_calls" else office.moods.click_id
    return {
        key: str(call["id"]),
        "phoneNumber": called.phone,
        "accountId": str(called.account_id),
        "rsvpReply": reply_of(office, called, NO_REPLY),
        "meta": call["meta"],
        "timestamp": _stamp(office),
    }


def _stamp(office: Office) -> str:
    return office.now().astimezone(office.zone).strftime(STAMP)
