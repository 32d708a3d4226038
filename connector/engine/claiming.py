"""Claims a request in the CRM: of all who try, one may dial it.

The CRM keeps the claim's key unique, so it is created once. Whose it is, where the
answer was lost, it says itself: we write our own name into it, which is new with every
start. A claim under an older name of ours was made before a crash, or before the state
was restored from a backup: whether it was dialled then nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from connector.errors import (
    BatchRefusedError,
    OutcomeUnknownError,
    SchemaMismatchError,
    UnavailableError,
)
from connector.mapping.check_claim import CLAIMED_BY
from connector.mapping.compile_dial import DialPlan
from connector.mapping.flow import Claim
from connector.mapping.target import truncated
from connector.model import (
    ENDS,
    Condition,
    CrmObject,
    Dial,
    DialState,
    Outcome,
    Payload,
    Query,
    Refused,
    Remedy,
    Scalar,
    Written,
)
from connector.ports import Crm

TAKEN: Final = "DUPLICATE_VALUE"
"""What is said of a second claim, with or without the field and the record that has it."""
_PERHAPS_TAKEN: Final = (Remedy.EXISTS, Remedy.RETRY)

STATE: Final = "State__c"
CALL_ID: Final = "Call_Id__c"
MESSAGE: Final = "Message__c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """It is ours: ``crm_id`` is the CRM's record of it, empty where there is none."""

    crm_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """It was claimed before. ``by``: under what name, empty where it is not told.

    ``ended``, ``message`` and ``call_id``: what was written down of it so far.
    ``ours``: our own claim, whose answer was lost, may be this one.
    """

    by: str
    crm_id: str
    ended: DialState | None
    message: str
    call_id: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotClaimable:
    """It was not claimed, and is not dialled: its end, and why, for the agent."""

    message: str
    state: DialState = DialState.BLOCKED


Verdict = Claimed | Taken | NotClaimable


def claim(plan: DialPlan, crm: Crm, dial: Dial, worker: str) -> Verdict:
    """Claim a request under the name ``worker``, which nobody else has.

    Raises RetryableError where it is not known yet, and can be tried again by the same
    worker; and ConfigError where no request can be claimed.
    """
    kept = plan.flow.claim
    if kept is None or plan.claim is None:
        return Claimed()
    row = claim_fields(plan.claim, dial, worker) | {kept.key: dial.request_id}
    try:
        (outcome,) = crm.create(kept.object, [row])
    except OutcomeUnknownError:
        why = "the claim was not answered, and is not there yet"
        return _whose(plan, crm, dial, worker, why, lost=True)
    except BatchRefusedError as error:
        if error.code == TAKEN:
            return _whose(plan, crm, dial, worker, error.message)
        return _not_taken(error.message)
    return _verdict(plan, crm, dial, worker, outcome)


def _verdict(
    plan: DialPlan, crm: Crm, dial: Dial, worker: str, outcome: Outcome
) -> Verdict:
    match outcome:
        case Written(crm_id=crm_id):
            return Claimed(crm_id=crm_id)
        case Refused(code=code, remedy=remedy, message=message) if (
            code == TAKEN or remedy in _PERHAPS_TAKEN
        ):
            return _whose(plan, crm, dial, worker, message)
        case Refused(remedy=Remedy.PAUSE, message=message):
            raise SchemaMismatchError(message)
        case Refused(message=message):
            return _not_taken(message)


def _not_taken(message: str) -> NotClaimable:
    return NotClaimable(message=f"It could not be claimed: {message}")


def _whose(  # noqa: PLR0913  a claim, and what came of it
    plan: DialPlan, crm: Crm, dial: Dial, worker: str, why: str, *, lost: bool = False
) -> Verdict:
    """Say whose a claim is; UnavailableError, which says ``why``, if there is none.

    ``lost``: whether our own was not answered.
    """
    found = look(plan, crm, dial.request_id)
    if found is None:
        raise UnavailableError(why)
    if found.by == worker and found.ended is None:
        return Claimed(crm_id=found.crm_id)
    return replace(found, ours=found.by == worker or (lost and not found.by))


def look(plan: DialPlan, crm: Crm, request_id: str) -> Taken | None:
    """Read the claim of a request; None where nobody made one."""
    kept, target = plan.flow.claim, plan.claim
    if kept is None or target is None:
        return None
    told = (CLAIMED_BY, STATE, MESSAGE, CALL_ID)
    query = Query(
        object=kept.object,
        fields=("Id", *(name for name in told if name in target.fields)),
        where=(_is_of(kept, request_id),),
    )
    found = next(iter(crm.select(query)), None)
    return _taken(found) if found else None


def _is_of(kept: Claim, request_id: str) -> Condition:
    return Condition(field=kept.key, operator="is", value=request_id)


def _taken(found: Mapping[str, Scalar]) -> Taken:
    state = str(found.get(STATE) or "").lower()
    return Taken(
        by=_text(found, CLAIMED_BY),
        crm_id=_text(found, "Id"),
        ended=next((end for end in ENDS if end.value == state), None),
        message=_text(found, MESSAGE),
        call_id=_text(found, CALL_ID),
    )


def _text(found: Mapping[str, Scalar], name: str) -> str:
    return str(found.get(name) or "")


def told(dial: Dial, claimed: Taken | None, otherwise: str) -> Dial:
    """Give a dial the end that its claim has; unknown where that has none, in words."""
    if claimed is None or claimed.ended is None:
        return replace(dial, state=DialState.UNKNOWN, message=otherwise)
    return replace(
        dial,
        state=claimed.ended,
        message=claimed.message,
        call_id=claimed.call_id,
        claim_id="",
    )


# ── what stands in a claim ─────────────────────────────────────────────────


def claim_fields(target: CrmObject, dial: Dial, worker: str = "") -> Payload:
    """Give the fields of a claim, those that its object has and that take them.

    ``worker``: who claims it; empty where the claim is there already.
    """
    values: dict[str, Scalar] = {
        STATE: dial.state.value.capitalize() if not worker else "Claimed",
        MESSAGE: dial.message or None,
        "Record_Id__c": dial.record_id,
        "Number__c": dial.number or None,
        "Agent_Id__c": dial.agent or None,
        "Requested_At__c": _stamp(dial.requested_at),
        "Answered_At__c": _stamp(dial.answered_at),
        CALL_ID: dial.call_id or None,
    }
    if worker:
        values[CLAIMED_BY] = worker
    return {
        name: _cut(value, target, name)
        for name, value in values.items()
        if _takes(target, name, value, creates=bool(worker))
    }


def _takes(target: CrmObject, name: str, value: Scalar, *, creates: bool) -> bool:
    field = target.fields.get(name)
    if field is None or not (field.createable if creates else field.updateable):
        return False
    if creates and value is None:
        return False
    return not (field.restricted and field.choices) or value in field.choices


def _cut(value: Scalar, target: CrmObject, name: str) -> Scalar:
    length = target.fields[name].length
    return truncated(value, length) if isinstance(value, str) and length else value


def _stamp(moment: datetime | None) -> str | None:
    """Write a time as the CRM takes it (date-time, UTC, milliseconds)."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"
