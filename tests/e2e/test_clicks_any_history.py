"""Whatever happened before: nobody was rung twice, or late, and every record says so."""

import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
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

from connector.engine.asking import BELIEVED
from connector.engine.dial import Clicks
from connector.engine.dial_poll import Poll
from connector.engine.run import Runner
from connector.errors import BusyError, ConnectorError
from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.flow import World as Outside
from connector.mapping.load import load_folder
from connector.model import Run, Scalar
from connector.wiring.dialers import PARAMETERS
from tests.e2e.bureau import FAULTS, LOST, PAUSE, REFUSED, Bureau, Phones, Watch, World
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
ANSWER = "  {}: {{Call_Request__c: {{from: call.state}}, Call_Message__c: {{from: message, fit: truncate}}}}\n"
ENDS = ("placed", "refused", "expired", "unknown", "blocked")
RECORDS = st.sampled_from(["a", "b", "c"])
WHO = st.sampled_from(["ours", "theirs"])
WHEN: st.SearchStrategy[When] = st.sampled_from(["before", "after"])
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
        self.disks: dict[str, list[bytes]] = {who: [] for who in self.watches}
        self.presses: dict[str, timedelta] = {}
        self.pressed_at = {}
        self.disturbed = False

    @override
    def teardown(self) -> None:
        try:
            self._assert_all_is_well()
        finally:
            self._folder.cleanup()
