"""Whatever happened before, a call that others logged first is one record, and ours."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from typing_extensions import override

from connector.engine import push
from connector.model import CrmField
from connector.testing import MemoryCrm
from tests.e2e.test_any_history import (
    MAPPING,
    NAMES,
    POISON,
    REFUSED,
    TASK,
    UPSERTED,
    Histories,
    _flow,
)
from tests.e2e.vendor import MemoryVendor

MORE = "  CallObject: {from: id, write: once}\nexisting: {match: CallObject}\n"
CALL_OBJECT = CrmField(name="CallObject", type="string", length=255)
TASKS = replace(TASK, fields={**TASK.fields, "CallObject": CALL_OBJECT})


class Shared(Histories):
    """Histories in which somebody else logs calls too, before we do."""

    def __init__(self) -> None:
        super().__init__()
        self.crm = MemoryCrm(described=TASKS, key="Call_Key__c")
        self.crm.refuse, self.crm.before, self.crm.after = (
            *(self._refused, self._failed),
            self._lost,
        )
        self._logged = 0

    @initialize(versioned=st.booleans(), mapping=st.sampled_from([MAPPING, UPSERTED]))
    @override
    def the_vendor_and_the_mapping(self, *, versioned: bool, mapping: str) -> None:
        self.vendor = MemoryVendor(versioned=versioned)
        self.flow = _flow(mapping + MORE)

    @rule(name=NAMES)
    def others_log_a_call(self, name: str) -> None:
        """Log it, unless it was: who comes later is not merged."""
        if any(r["CallObject"] == name for r in self.crm.records.values()):
            return
        self._logged += 1
        self.crm.records[f"theirs-{self._logged}"] = {
            "Call_Key__c": None,
            "CallObject": name,
            "CreatedDate": f"{self._logged:06}",
            "Subject": "theirs",
        }

    @rule(name=NAMES)
    def others_delete_theirs(self, name: str) -> None:
        for crm_id, record in list(self.crm.records.items()):
            if record["CallObject"] == name and not record["Call_Key__c"]:
                del self.crm.records[crm_id]

    @override
    def _assert_right(self, names: set[str]) -> None:
        everything = self.crm.records
        times = Counter(r["CallObject"] for r in everything.values())
        assert set(times.values()) <= {1}
        bad = {n for n in names if self.vendor.calls[n].note in {REFUSED, POISON}}
        ours = {i: r for i, r in everything.items() if r["Call_Key__c"]}
        theirs = {r["CallObject"] for i, r in everything.items() if i not in ours}
        deleted = {key.removeprefix("callyzer:") for key in self.deleted}
        assert not theirs & (names - bad - deleted)
        self.crm.records = ours
        super()._assert_right(names)
        self.crm.records = everything


@pytest.mark.timeout(90)
def test_after_any_history_a_call_is_one_record_whoever_made_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "BATCH", 3)
    run_state_machine_as_test(
        Shared,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
