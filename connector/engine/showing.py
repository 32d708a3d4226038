"""Writes onto the CRM's records what became of their calls, until the CRM has it.

Nothing here dials. A record that meanwhile asks for another call is left to that one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connector.engine.asking import Asked, stands
from connector.engine.claiming import claim_fields
from connector.errors import ConnectorError, RecordError
from connector.log import get_logger
from connector.mapping.compile_dial import DialPlan
from connector.model import LONGEST_WAIT, Dial, Payload, Refused, Remedy, Scalar
from connector.ports import Crm

log = get_logger()

AGAIN: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600)
)
"""After how long the CRM is told again, by how often it was told in vain."""

Fields = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Shows outcomes in one CRM, as one plan says."""

    plan: DialPlan
    crm: Crm

    def show(self, dial: Dial, fields: Fields | None = None) -> Dial:
        """Write the outcome of ``dial``; the same with what the CRM has of it now.

        ``fields``: its record, as it was read a moment ago; None: it is read. What
        stands in the way is its ``trouble``.
        """
        try:
            if not dial.recorded:
                self._record(dial, fields)
                dial = replace(dial, recorded=True)
            self._claim(dial)
        except ConnectorError as error:
            return replace(dial, trouble=error.message)
        return replace(dial, shown=True, trouble="", show_at=None)

    def _record(self, dial: Dial, fields: Fields | None) -> None:
        there = fields if fields is not None else self._read(dial)
        payload = {} if there is None else self.plan.answer(dial, there)
        if payload:
            self._answer(dial, payload)

    def _answer(self, dial: Dial, payload: Payload) -> None:
        """Write an answer; without a field that is refused, unless it is what takes
        the record out of those that ask."""
        asked = {each.field for each in self.plan.flow.where}
        try:
            self._update(self.plan.flow.object, dial.record_id, payload)
        except RecordError as error:
            guilty = {*error.fields} & payload.keys() - asked
            left = {name: payload[name] for name in payload.keys() - guilty}
            if not guilty or not left:
                raise
            log.warning("answer_cut", flow=dial.flow, message=error.message)
            self._answer(dial, left)

    def _read(self, dial: Dial) -> Fields | None:
        """Read the record; None where it is gone, or asks for another call by now."""
        found = stands(self.plan, self.crm, dial.record_id)
        if found is None or found.request_id != dial.request_id:
            log.info("dial_overtaken", flow=dial.flow, record=dial.record_id)
            return None
        return found.fields

    def _claim(self, dial: Dial) -> None:
        kept, target = self.plan.flow.claim, self.plan.claim
        if kept is None or target is None or not dial.claim_id:
            return
        if payload := claim_fields(target, dial):
            self._update(kept.object, dial.claim_id, payload)

    def _update(self, name: str, crm_id: str, payload: Payload) -> None:
        """Update one record; one that was deleted shows nothing any more."""
        (outcome,) = self.crm.update(name, [{"Id": crm_id, **payload}])
        if isinstance(outcome, Refused) and outcome.remedy is not Remedy.GONE:
            words = f"{outcome.code}: {outcome.message}"
            raise RecordError(words, code=outcome.code, fields=outcome.fields)


def again(dial: Dial, now: datetime) -> Dial:
    """Put off telling the CRM, longer each time."""
    wait = AGAIN[min(dial.attempts, len(AGAIN) - 1)]
    return replace(dial, attempts=dial.attempts + 1, show_at=now + wait)


def overwritten(plan: DialPlan, dial: Dial, asked: Asked, now: datetime) -> bool:
    """Say whether the CRM had an end that its record does not show, and may have now.

    ``asked``: the record, which asks for the call still, or again.
    """
    waits = dial.show_at is not None and now < dial.show_at <= now + LONGEST_WAIT
    try:
        return dial.shown and not waits and bool(plan.answer(dial, asked.fields))
    except RecordError:
        return False
