"""Whatever happened before: nobody was rung twice, or late, and every record says so."""

import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from connector.engine.asking import BELIEVED
from connector.engine.dial import Clicks
from connector.engine.dial_poll import Poll
from connector.errors import ConnectorError
from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.flow import World as Outside
from connector.mapping.load import load_folder
from connector.model import Lane, Payload, Run
from connector.wiring.dialers import PARAMETERS
from tests.e2e.bureau import FAULTS, PAUSE, REFUSED, Bureau, Phones, Watch, World
from tests.e2e.mortal import Death, Fate, MortalStore, When

MAPPING = """
flow: clicks
from: {crm: Task, where: {Call_Request__c: {is: Requested}, IsClosed: {is: false}}}
request: {id: Call_Request_Id__c, at: Call_Requested_At__c}
claim: {object: Call_Dial__c, key: Request_Id__c}
every: 1 minute
expires: 2 minutes
call:
  dialer: newvoicemedia
  from.agentId: {from: Agent__c}
  to.telephoneNumber: {from: Call_Number__c, as: phone}
  regarding.reference: {from: Call_Request_Id__c}
answer:
"""
ANSWER = "  {}: {{Call_Request__c: {{from: call.state}}}}\n"
ENDS = ("placed", "refused", "expired", "unknown", "blocked")
RECORDS = st.sampled_from(["a", "b", "c"])
WHO = st.sampled_from(["ours", "theirs"])
WHEN: st.SearchStrategy[When] = st.sampled_from(["before", "after"])
LATEST = timedelta(minutes=2) + BELIEVED
KEPT = 20
"""Copies of a state, of which any may be restored."""
SKEWS = (-86_400, -3_600, 0, 3_600, 86_400)


@cache
def _plan() -> DialPlan:
    """The plan of a flow that shows each end by its name."""
    mapping = MAPPING + "".join(map(ANSWER.format, ENDS))
    outside = Outside(streams={}, zones={}, regions=("IN",), dialers=PARAMETERS)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "clicks.yaml").write_text(mapping, encoding="utf-8")
        (flow,) = load_folder(Path(folder), outside).dials
    describe = Bureau(World()).describe
    return compile_dial(flow, describe, PARAMETERS["newvoicemedia"])


class Histories(RuleBasedStateMachine):
    """Anything that may happen to clicks, and to two installations that see to them."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World()
        self.crm, self.phones = Bureau(self.world), Phones(self.world)
        self.watches = {who: Watch(self.world) for who in ("ours", "theirs")}
        self.disks = {who: Copies() for who in self.watches}
        self.presses: dict[str, datetime] = {}
        self.calm = True
        """Nobody died, slept or went back in time: what was answered is known."""

    @override
    def teardown(self) -> None:
        try:
            self._assert_the_end()
        finally:
            self._folder.cleanup()
            self.disks.clear()

    # ── agents, workflows ──────────────────────────────────────────────────

    @rule(record=RECORDS, ahead=st.sampled_from([-30, 0, 30]))
    def an_agent_presses(self, record: str, ahead: int) -> None:
        request = f"request {len(self.presses)}"
        self.presses[request] = self.world.time + timedelta(seconds=ahead)
        self.crm.tasks.records[record] = {
            "Call_Request__c": "Requested",
            "Call_Request_Id__c": request,
            "Call_Requested_At__c": self.presses[request].isoformat(),
            "Call_Number__c": "+919930042101",
            "Agent__c": "101",
            "IsClosed": False,
        }

    @rule(record=RECORDS, who=WHO)
    def an_agent_presses_and_it_polls(self, record: str, who: str) -> None:
        self.an_agent_presses(record, 0)
        self._poll(who, Fate())

    @rule(record=RECORDS, who=WHO, commit=st.integers(1, 8), when=WHEN)
    def an_agent_presses_and_it_dies(
        self, record: str, who: str, commit: int, when: When
    ) -> None:
        self.an_agent_presses(record, 0)
        self.it_dies(who, commit, when)

    @rule(record=RECORDS, field=st.sampled_from(["Description", "IsClosed"]))
    def an_agent_edits(self, record: str, field: str) -> None:
        if record in self.crm.tasks.records:
            self.crm.tasks.records[record][field] = True

    @rule(record=RECORDS)
    def an_agent_deletes(self, record: str) -> None:
        self.crm.tasks.records.pop(record, None)

    @rule(record=RECORDS)
    def a_workflow_asks_again_with_the_same_id(self, record: str) -> None:
        task = self.crm.tasks.records.get(record, {})
        if task.get("Call_Request_Id__c") in self.crm.claims.by_key():
            task["Call_Request__c"] = "Requested"

    # ── trouble ────────────────────────────────────────────────────────────

    @rule(faults=st.lists(st.sampled_from(["", *FAULTS]), min_size=1, max_size=6))
    def the_next_writes_go_wrong(self, faults: list[str]) -> None:
        self.calm &= PAUSE not in faults
        self.world.writes.extend(faults)

    @rule(faults=st.lists(st.sampled_from([*FAULTS, REFUSED]), min_size=1, max_size=3))
    def the_next_calls_go_wrong(self, faults: list[str]) -> None:
        self.calm &= PAUSE not in faults
        self.world.calls.extend(faults)

    @rule(deaf=st.booleans())
    def the_crm_takes_no_updates_for_a_while(self, *, deaf: bool) -> None:
        self.world.deaf = deaf

    @rule(seconds=st.sampled_from([5, 45, 100, 200, 500]))
    def time_passes(self, seconds: int) -> None:
        self.world.time += timedelta(seconds=seconds)

    @rule(who=WHO, seconds=st.sampled_from(SKEWS))
    def a_clock_jumps(self, who: str, seconds: int) -> None:
        self.watches[who].wrong = timedelta(seconds=seconds)

    @rule(who=WHO, seconds=st.sampled_from(SKEWS))
    def a_clock_jumps_meanwhile(self, who: str, seconds: int) -> None:
        self.calm = False
        self.world.meanwhile.append(partial(self.a_clock_jumps, who, seconds))

    @rule(who=WHO)
    def a_backup_is_restored(self, who: str) -> None:
        self._restore(who, -1)

    @rule(who=WHO, back=st.integers(1, KEPT))
    def an_older_backup_is_restored(self, who: str, back: int) -> None:
        self._restore(who, -back)

    def _restore(self, who: str, which: int) -> None:
        self.calm = False
        for path in self._state(who).parent.glob(f"{who}.db*"):
            path.unlink()
        if disks := self.disks[who]:
            self._state(who).write_bytes(disks[max(which, -len(disks))])

    # ── the installations ──────────────────────────────────────────────────

    @rule(who=WHO)
    def it_polls(self, who: str) -> None:
        self._poll(who, Fate())

    @rule(who=WHO, commit=st.integers(1, 8), when=WHEN)
    def it_dies(self, who: str, commit: int, when: When) -> None:
        self.calm = False
        self._poll(who, Fate(commit=commit, when=when))

    @rule(who=WHO, acts=st.integers(0, 3), seconds=st.sampled_from([0, 50, 150, 500]))
    def another_process_polls_meanwhile(
        self, who: str, acts: int, seconds: int
    ) -> None:
        """Before one of the next acts of whoever acts then."""
        self.calm = False

        def poll() -> None:
            self.world.time += timedelta(seconds=seconds)
            self._poll(who, Fate())

        self.world.meanwhile.extend([lambda: None] * acts)
        self.world.meanwhile.append(poll)

    def _state(self, who: str) -> Path:
        return Path(self._folder.name) / f"{who}.db"

    def _poll(self, who: str, fate: Fate) -> None:
        """Look for requests in a process of its own, until all is done."""
        fate.disk, clock = self.disks[who], self.watches[who]
        with (
            suppress(Death, ConnectorError),
            MortalStore(self._state(who), clock, fate) as store,
        ):
            clicks = Clicks(
                plan=_plan(),
                state=store,
                crm=self.crm,
                dialer=self.phones,
                clock=clock,
                stop=threading.Event(),
                name=who,
            )
            run = Run(flow="clicks", lane=Lane.LIVE, started_at=clock.now())
            Poll(clicks=clicks, hand_out=_do).carry(run)

    # ── the truth ──────────────────────────────────────────────────────────

    def _assert_the_end(self) -> None:
        """Once all is well again, and time has passed, every request has its end."""
        self.world.mend()
        for minutes in (0, 3, 10, 120, 120):
            self.world.time += timedelta(minutes=minutes)
            for who in self.watches:
                self._poll(who, Fate())

        assert [each for each, n in self.phones.rang.items() if n > 1] == []
        for request, at in self.phones.at.items():
            assert at - self.presses[request] <= LATEST
        for task in self.crm.tasks.records.values():
            if not task["IsClosed"]:
                self._assert_shown(str(task["Call_Request_Id__c"]), task)

    def _assert_shown(self, request: str, task: Payload) -> None:
        shown, rang = task["Call_Request__c"], self.phones.rang[request]
        assert shown in ENDS, f"{request} is {shown} for ever"
        if rang:
            known = request in self.phones.answered
            assert shown in (("placed", "unknown") if known else ("unknown",))
            assert shown == "placed" or not (known and self.calm)
        else:
            assert shown != "placed"


class Copies(list[bytes]):
    """What the disk had after the latest commits: any of it may be restored."""

    @override
    def append(self, copy: bytes) -> None:
        """Keep a copy of the latest."""
        super().append(copy)
        del self[:-KEPT]

    @override
    def clear(self) -> None:
        """Keep what is there: it is older, and may be restored all the same."""


def _do(work: Callable[[], None]) -> None:
    with suppress(ConnectorError):
        work()


@pytest.mark.timeout(60)
def test_after_any_history_nobody_was_rung_twice_and_every_record_says_so() -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
