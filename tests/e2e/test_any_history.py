"""Whatever happened before, one clean run makes the CRM what the vendor shows."""

import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from connector.engine import push
from connector.engine.run import Runner
from connector.errors import BatchRefusedError, OutcomeUnknownError, UnavailableError
from connector.mapping.flow import PushFlow
from connector.mapping.flow import World as Outside
from connector.mapping.load import load_folder
from connector.model import CrmField, CrmObject, Lane, Payload, Refused, Remedy
from connector.testing import ManualClock, MemoryCrm
from connector.wiring import STREAMS
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.vendor import MemoryVendor

MAPPING = """
flow: calls
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
reread: 2 days
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "callyzer:{id}"}
  Subject: {from: call_type, write: once}
  Description: {from: note}
"""
TASK = CrmObject(
    name="Task",
    fields={
        name: CrmField(
            name=name,
            type="string",
            length=255,
            external_id=name == "Call_Key__c",
            unique=name == "Call_Key__c",
            case_sensitive=name == "Call_Key__c",
        )
        for name in ("Call_Key__c", "Subject", "Description")
    },
)
REFUSED, POISON = "refused", "turns the batch away"
NAMES = st.sampled_from([f"call-{number}" for number in range(7)])
LANES = st.sampled_from([Lane.LIVE, Lane.REREAD])
WHEN: st.SearchStrategy[When] = st.sampled_from(["before", "after"])


UPSERTED = MAPPING.replace("  Subject: {from: call_type, write: once}\n", "")
"""Without a field that is sent once: rows that are not known are upserted."""


@cache
def _flow(mapping: str = MAPPING) -> PushFlow:
    zones = {"callyzer": "Asia/Kolkata"}
    outside = Outside(streams=STREAMS, zones=zones, regions=("IN",))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "calls.yaml").write_text(mapping, encoding="utf-8")
        (flow,) = load_folder(Path(folder), outside).flows
    return flow


class Histories(RuleBasedStateMachine):
    """Anything that may happen to a flow, its state, its vendor and its CRM."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock()
        self.vendor = MemoryVendor(versioned=True)
        self.flow = _flow()
        self.crm = MemoryCrm(described=TASK, key="Call_Key__c")
        self.crm.refuse, self.crm.before, self.crm.after = (
            *(self._refused, self._failed),
            self._lost,
        )
        self.edits: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.locked: dict[str, int] = {}
        self.outage = self.losing = 0
        self.disk: list[bytes] = []

    @override
    def teardown(self) -> None:
        try:
            self.a_clean_run_makes_all_right()
        finally:
            self._folder.cleanup()

    @property
    def _state(self) -> Path:
        return Path(self._folder.name) / "state.db"

    # ── how the CRM behaves ────────────────────────────────────────────────

    def _refused(self, row: Payload) -> Refused | None:
        key = str(row["Call_Key__c"])
        if self.locked.get(key):
            self.locked[key] -= 1
            return Refused(code="LOCKED", message="locked", remedy=Remedy.RETRY)
        if row["Description"] != REFUSED:
            return None
        return Refused(code="BAD", message="bad", remedy=Remedy.SET_ASIDE)

    def _failed(self, _: str, rows: Sequence[Payload]) -> Exception | None:
        if self.outage:
            self.outage -= 1
            return UnavailableError()
        poisoned = any(row["Description"] == POISON for row in rows)
        return BatchRefusedError(code="PARSER") if poisoned else None

    def _lost(self, _: str, __: Sequence[Payload]) -> Exception | None:
        lost = self.losing > 0
        self.losing -= lost
        return OutcomeUnknownError() if lost else None

    # ── what may happen ────────────────────────────────────────────────────

    @initialize(versioned=st.booleans(), mapping=st.sampled_from([MAPPING, UPSERTED]))
    def the_vendor_and_the_mapping(self, *, versioned: bool, mapping: str) -> None:
        self.vendor = MemoryVendor(versioned=versioned)
        self.flow = _flow(mapping)

    @rule(names=st.lists(NAMES, min_size=1), note=st.sampled_from("abc"))
    def calls_come_or_change(self, names: list[str], note: str) -> None:
        for name in names:
            self.vendor.say(name, note)

    @rule(name=NAMES, note=st.sampled_from("abc"))
    def a_call_changes_late(self, name: str, note: str) -> None:
        self.vendor.say(name, note, late=True)

    @rule(name=NAMES, note=st.sampled_from([REFUSED, POISON]))
    def a_call_is_such_that_the_crm_refuses_it(self, name: str, note: str) -> None:
        self.vendor.say(name, note)

    @rule(name=NAMES, text=st.sampled_from("XYZ"))
    def an_agent_edits(self, name: str, text: str) -> None:
        for record in self.crm.records.values():
            if record["Call_Key__c"] == f"callyzer:{name}":
                record["Subject"] = self.edits[f"callyzer:{name}"] = text

    @rule(name=NAMES)
    def an_agent_deletes(self, name: str) -> None:
        key = f"callyzer:{name}"
        gone = [i for i, r in self.crm.records.items() if r["Call_Key__c"] == key]
        for crm_id in gone:
            del self.crm.records[crm_id]
            self.deleted.add(key)
            self.edits.pop(key, None)

    @rule(name=NAMES, times=st.integers(1, 9))
    def a_record_is_locked(self, name: str, times: int) -> None:
        self.locked[f"callyzer:{name}"] = times

    @rule(times=st.integers(1, 7))
    def answers_will_be_lost(self, times: int) -> None:
        self.losing = times

    @rule(times=st.integers(1, 7))
    def the_crm_will_be_down(self, times: int) -> None:
        self.outage = times

    @rule(names=st.lists(NAMES, min_size=1))
    def the_vendor_nudges(self, names: list[str]) -> None:
        with self._opened(Fate()) as store, store.writing() as tx:
            tx.nudge(self.flow.name, names)

    @rule()
    def a_person_retries_everything(self) -> None:
        with self._opened(Fate()) as store:
            ids = [entry.id for entry in store.asides() if entry.id]
            with store.writing() as tx:
                tx.retry_now(ids)

    @rule(lane=LANES)
    def it_runs(self, lane: Lane) -> None:
        self._run(lane, Fate())

    @rule(lane=LANES, commit=st.integers(1, 14), when=WHEN)
    def it_dies(self, lane: Lane, commit: int, when: When) -> None:
        self._run(lane, Fate(commit=commit, when=when))

    @rule(lane=LANES, commit=st.integers(1, 14), when=WHEN, lost=st.integers(0, 9))
    def the_power_fails(self, lane: Lane, commit: int, when: When, lost: int) -> None:
        self._run(lane, Fate(commit=commit, when=when))
        del self.disk[max(1, len(self.disk) - lost) :]
        self._forget_state()
        if self.disk:
            self._state.write_bytes(self.disk[-1])

    @rule()
    def the_state_is_deleted(self) -> None:
        self._forget_state()
        self.disk.clear()

    # ── running ────────────────────────────────────────────────────────────

    def _forget_state(self) -> None:
        for path in self._state.parent.glob("state.db*"):
            path.unlink()

    def _opened(self, fate: Fate) -> MortalStore:
        fate.disk = self.disk
        return MortalStore(self._state, self.clock, fate)

    def _run(self, lane: Lane, fate: Fate) -> str:
        """Run in a process of its own, a minute later; how it ended."""
        self.clock.wait(60, threading.Event())
        with suppress(Death), self._opened(fate) as store:
            runner = Runner(
                state=store,
                crm=self.crm,
                clock=self.clock,
                owner="us",
                stop=threading.Event(),
            )
            return runner.run(self.flow, self.vendor, lane).outcome
        return "dead"

    # ── the truth ──────────────────────────────────────────────────────────

    @rule()
    def a_clean_run_makes_all_right(self) -> None:
        self.outage = self.losing = 0
        self.locked.clear()
        self.a_person_retries_everything()

        assert self._run(Lane.LIVE, Fate()) == "done"
        self._assert_right({n for n, c in self.vendor.calls.items() if not c.late})
        assert self._run(Lane.REREAD, Fate()) == "done"
        self._assert_right(set(self.vendor.calls))
        wrong = {n for n, c in self.vendor.calls.items() if c.note in {REFUSED, POISON}}
        assert self._set_aside() <= {f"callyzer:{name}" for name in wrong}

    def _assert_right(self, names: set[str]) -> None:
        """These calls are in the CRM, once and as they are now, or set aside."""
        shown = {f"callyzer:{n}": self.vendor.calls[n].note for n in names}
        bad = {key for key, note in shown.items() if note in {REFUSED, POISON}}
        found = {str(r["Call_Key__c"]): r for r in self.crm.records.values()}
        assert len(found) == len(self.crm.records)
        assert bad - self.deleted <= self._set_aside()
        for key in shown.keys() - bad - (self.deleted - found.keys()):
            assert found[key]["Description"] == shown[key]
        for key, text in self.edits.items():
            assert found[key]["Subject"] == text

    def _set_aside(self) -> set[str]:
        with self._opened(Fate()) as store:
            return {f"callyzer:{entry.record_id}" for entry in store.asides()}


@pytest.mark.timeout(60)
def test_after_any_history_one_clean_run_makes_the_crm_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "BATCH", 3)
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
