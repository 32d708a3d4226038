"""Whom not to call: by what the record says, and where it can't be seen."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from connector.engine.guarding import forbidden
from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.load import DialFlow, World, load_text
from connector.model import CrmField, CrmObject, Parameter, Scalar

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
NUMBER = Parameter(name="to.telephoneNumber", kind="phone", meaning="Whom.")
FILE = """\
flow: click-to-call
from: {crm: Task, where: {Asked__c: {is: true}}}
request: {id: Request__c, at: At__c}
every: 1 minute
call: {dialer: phones, to.telephoneNumber: {from: Phone__c}}
guards: {do_not_call: [Who.DoNotCall]}
answer: {placed: {Asked__c: {value: false}}}
"""


def _object(name: str, prefix: str, *fields: CrmField) -> CrmObject:
    return CrmObject(name=name, prefix=prefix, fields={f.name: f for f in fields})


TASK = _object(
    "Task",
    "00T",
    CrmField(name="Id", type="id"),
    CrmField(name="Asked__c", type="boolean"),
    CrmField(name="Request__c", type="string"),
    CrmField(name="At__c", type="datetime"),
    CrmField(name="Phone__c", type="phone"),
    CrmField(
        name="WhoId",
        type="reference",
        references=("Contact", "Lead"),
        relationship="Who",
        polymorphic=True,
    ),
)
BOX = CrmField(name="DoNotCall", type="boolean")
ORG = {
    "Task": TASK,
    "Contact": _object("Contact", "003", BOX),
    "Lead": _object("Lead", "00Q", BOX),
}


@pytest.fixture
def plan() -> DialPlan:
    """A plan that calls nobody who does not want to be called."""
    world = World(streams={}, zones={}, regions=("IN",), dialers={"phones": (NUMBER,)})
    flow = load_text(FILE, "x.yaml", world)
    assert isinstance(flow, DialFlow)
    return compile_dial(flow, ORG.__getitem__, (NUMBER,))


ADITI = "0035g0000000001AAA"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"WhoId": ADITI, "Who.Id": ADITI, "Who.DoNotCall": False}, ""),
        ({"WhoId": ADITI, "Who.Id": ADITI, "Who.DoNotCall": None}, ""),
        ({"WhoId": None, "Who.Id": None, "Who.DoNotCall": None}, ""),
        (
            {"WhoId": ADITI, "Who.Id": ADITI, "Who.DoNotCall": True},
            "Do not call: Who.DoNotCall is set.",
        ),
        (
            {"WhoId": ADITI, "Who.Id": None, "Who.DoNotCall": None},
            "Do not call: it can't be seen whether Who.DoNotCall is set.",
        ),
    ],
)
def test_who_must_not_be_called_or_may_not_be_seen_is_not_called(
    record: Mapping[str, Scalar], reason: str, plan: DialPlan
) -> None:
    assert forbidden(plan, record, {}, NOW) == reason
