"""A dial file as functions: of a record, and of what became of its call."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.errors import ConfigError, RecordError, SchemaMismatchError
from connector.mapping.answered import ANSWER, answer_fields
from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.load import World
from connector.model import Condition, Dial, DialState, Scalar
from tests.mapping.conftest import PARAMETERS
from tests.mapping.loading import load_dial
from tests.mapping.org import ORG, described

RECORD: Mapping[str, Scalar] = {
    "Id": "00T5g00000000001AA",
    "Call_Request__c": "Requested",
    "IsClosed": False,
    "Call_Request_Id__c": "b7c1",
    "Call_Requested_At__c": "2026-11-21T09:00:00.000+0000",
    "Call_Number__c": None,
    "WhatId": None,
    "WhoId": "0035g00000000001AA",
    "Owner.Call_Agent_Id__c": "1234",
    "Who.Phone": "098200 11999",
    "Who.MobilePhone": None,
    "Who.DoNotCall": False,
    "Who.Name": "Asha Rao",
}
DIAL = Dial(
    request_id="b7c1",
    flow="click-to-call",
    record_id="00T5g00000000001AA",
    requested_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
)
HEAD = """\
flow: one
from: {crm: Task, where: {Call_Request__c: {is: Requested}}}
request: {id: Call_Request_Id__c, at: Call_Requested_At__c}
every: 1 minute
"""
ANSWERED = "answer: {placed: {Call_Request__c: {value: Placed}}}\n"


def plan_of(text: str, world: World) -> DialPlan:
    return compile_dial(load_dial(text, "dials.yaml", world), described, PARAMETERS)


def told(parameter: str, world: World) -> DialPlan:
    """A plan with one parameter."""
    call = f"call: {{dialer: newvoicemedia, {parameter}}}\n"
    return plan_of(HEAD + call + ANSWERED, world)


def answers(rule: str, world: World) -> DialPlan:
    """A plan that writes one field of a placed call."""
    call = "call: {dialer: newvoicemedia, from.agentId: {value: '1'}}\n"
    return plan_of(f"{HEAD}{call}answer: {{placed: {{{rule}}}}}\n", world)


@pytest.fixture
def plan(dials: str, world: World) -> DialPlan:
    return plan_of(dials, world)


def dial(state: DialState, **more: Any) -> Dial:  # noqa: ANN401  a dial's fields
    return replace(DIAL, state=state, **more)


# ── the query ──────────────────────────────────────────────────────────────


def test_all_that_is_read_comes_in_one_query(plan: DialPlan) -> None:
    assert plan.query.object == "Task"
    assert plan.query.fields == (
        *("Id", "Call_Request__c", "IsClosed", "Call_Request_Id__c"),
        *("Call_Requested_At__c", "Call_Number__c", "WhatId", "WhoId"),
    )
    person = ("Phone", "MobilePhone", "DoNotCall", "Name", "Id")
    assert plan.query.typed == {
        "Owner": {"User": ("Call_Agent_Id__c",)},
        "Who": {"Contact": person, "Lead": person},
    }


def test_the_crm_is_asked_only_what_it_judges_as_we_do(world: World) -> None:
    where = (
        "{Call_Request__c: {is: Requested}, IsClosed: {not: [true, false]},"
        " Score__c: {at least: 3}, Description: {blank: false}}"
    )
    text = HEAD.replace("{Call_Request__c: {is: Requested}}", where)
    call = "call: {dialer: newvoicemedia, from.agentId: {value: '1'}}\n"

    plan = plan_of(text + call + ANSWERED, world)

    assert plan.query.where == (
        Condition(field="Call_Request__c", operator="is", value="Requested"),
        Condition(field="IsClosed", operator="not", value=True),
        Condition(field="IsClosed", operator="not", value=False),
    )
    assert {"Score__c", "Description"} <= set(plan.query.fields)
    record = {**RECORD, "IsClosed": None, "Score__c": 3.0, "Description": "x"}
    assert plan.fits(record)
    assert not plan.fits({**record, "Score__c": 2.0})
    assert not plan.fits({**record, "Call_Request__c": "Placed"})


def test_the_objects_of_the_records_and_of_the_claims_are_there(plan: DialPlan) -> None:
    assert plan.target == ORG["Task"]
    assert plan.claim == ORG["Call_Dial__c"]


def test_a_file_without_a_claim_has_no_object_of_claims(world: World) -> None:
    assert told("from.agentId: {value: '1'}", world).claim is None


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("Call_Number__c, ", "Numbr__c, ", "Numbr__c"),
        ("Owner.", "Ownr.", "Ownr"),
        ("[Who.DoNotCall]", "[Who.NotCall]", "NotCall"),
        ("crm: Task", "crm: Tusk", "Tusk"),
        ("CallObject", "CallObjekt", "CallObjekt"),
        ("id: Call_Request_Id__c", "id: Request_Ids__c", "Request_Ids__c"),
        ("Call_Dial__c", "Dials__c", "Dials__c"),
        ("key: Request_Id__c", "key: Requests__c", "Requests__c"),
    ],
)
def test_what_the_crm_lacks_makes_no_plan(
    right: str, wrong: str, told: str, dials: str, world: World
) -> None:
    with pytest.raises(SchemaMismatchError, match=told):
        plan_of(dials.replace(right, wrong), world)


def test_a_parameter_that_the_dialer_lacks_makes_no_plan(
    dials: str, world: World
) -> None:
    flow = load_dial(dials, "dials.yaml", world)

    with pytest.raises(ConfigError, match=r"newvoicemedia.*'from\.agentId'"):
        compile_dial(flow, described, PARAMETERS[1:])


def test_an_object_that_nobody_may_see_does_not_stop_the_others(
    dials: str, world: World
) -> None:
    def blind(name: str) -> Any:  # noqa: ANN401  an object
        if name in {"Contact", "Group"}:
            raise SchemaMismatchError
        return described(name)

    plan = compile_dial(load_dial(dials, "dials.yaml", world), blind, PARAMETERS)

    assert set(plan.query.typed["Who"]) == {"Lead"}


# ── the call ───────────────────────────────────────────────────────────────


def test_a_record_becomes_a_call(plan: DialPlan) -> None:
    assert plan.call(RECORD) == {
        "from.agentId": "1234",
        "to.telephoneNumber": "+919820011999",
        "regarding.reference": "0035g00000000001AA",
        "application": "connector",
    }


def test_what_is_blank_is_left_out_of_the_call(plan: DialPlan) -> None:
    blank = {**dict.fromkeys(RECORD), "Owner.Call_Agent_Id__c": "  "}

    assert plan.call(blank) == {"application": "connector"}


def test_a_number_that_is_none_is_told_in_words_for_the_agent(plan: DialPlan) -> None:
    with pytest.raises(RecordError) as caught:
        plan.call({**RECORD, "Call_Number__c": " 12 "})

    assert caught.value.message == "'12' is not a phone number that can be called."
    assert caught.value.fields == ("to.telephoneNumber",)


def test_another_number_that_is_none_is_told_with_its_parameter(world: World) -> None:
    plan = told("from.presentedCLID: {from: Call_Number__c, as: phone}", world)

    with pytest.raises(RecordError, match=r"^from\.presentedCLID: '12' as phone: not"):
        plan.call({**RECORD, "Call_Number__c": "12"})


def test_a_number_that_is_not_said_to_be_one_is_sent_as_it_is(world: World) -> None:
    plan = told("to.telephoneNumber: {from: Call_Number__c}", world)

    assert plan.call({"Call_Number__c": " 12x "}) == {"to.telephoneNumber": " 12x "}


@pytest.mark.parametrize(
    ("rule", "value", "sent"),
    [
        ("{from: Call_Message__c}", " 030, 200;400 ;, ", ("030", "200", "400")),
        ("{from: Call_Message__c}", "030", ("030",)),
        ("{value: '030,200'}", None, ("030", "200")),
        ("{from: Groups__c}", "Sales, EMEA;Support", ("Sales, EMEA", "Support")),
        (
            "{from: Groups__c, map: {Sales: '030', Ops: '200'}}",
            "Sales;Ops",
            ("030", "200"),
        ),
        ("{first: [Groups__c, Call_Message__c]}", "Sales;Ops", ("Sales", "Ops")),
        ("{from: Score__c}", 30.0, ("30",)),
    ],
)
def test_a_list_is_told_item_by_item(
    rule: str, value: Scalar, sent: tuple[str, ...], world: World
) -> None:
    plan = told(f"from.groups: {rule}", world)

    names = ("Call_Message__c", "Groups__c", "Score__c")
    assert plan.call(dict.fromkeys(names, value)) == {"from.groups": sent}


def test_a_list_without_an_item_is_left_out(world: World) -> None:
    plan = told("from.groups: {from: Call_Message__c}", world)

    assert plan.call({"Call_Message__c": " ; , "}) == {}


@pytest.mark.parametrize(
    ("parameter", "sent"),
    [
        ("application: {from: Description, fit: truncate}", "x" * 32),
        ("application: {template: 'of {ActivityDate}'}", "of 2026-11-21"),
        ("application: {from: Call_Requested_At__c, as: date}", "2026-11-21"),
        ("application: {from: Call_Requested_At__c}", "2026-11-20T23:30:00.000Z"),
        ("application: {from: Clock__c, as: time}", "09:05:00.000Z"),
        ("application: {from: Call_Request__c, map: {Requested: r}}", "r"),
        ("application: {from: WhatId, default: nobody}", "nobody"),
        ("application: {from: IsClosed}", "false"),
    ],
)
def test_rules_are_those_of_other_files(
    parameter: str, sent: str, world: World
) -> None:
    text = f"{HEAD}zone: Asia/Kolkata\ncall: {{dialer: newvoicemedia, {parameter}}}\n"
    plan = plan_of(text + ANSWERED, world)

    record = {
        **RECORD,
        "Description": "x" * 100,
        "ActivityDate": "2026-11-21",
        "Call_Requested_At__c": "2026-11-20T23:30:00.000+0000",
        "Clock__c": "09:05:00.000Z",
    }
    assert plan.call(record) == {"application": sent}


def test_a_value_that_is_in_no_map_is_told(world: World) -> None:
    plan = told("application: {from: Call_Request__c, map: {Placed: p}}", world)

    with pytest.raises(RecordError, match="application: 'Requested' is not in"):
        plan.call(RECORD)


# ── the answer ─────────────────────────────────────────────────────────────


def test_each_outcome_is_written_as_the_file_says(plan: DialPlan) -> None:
    placed = plan.answer(dial(DialState.PLACED, call_id="c-1"), RECORD)
    refused = plan.answer(dial(DialState.REFUSED, message="Busy " * 99), RECORD)
    unknown = plan.answer(dial(DialState.UNKNOWN, message="No answer"), RECORD)

    assert placed == {
        "Call_Request__c": "Placed",
        "CallObject": "c-1",
        "CallType": "Outbound",
    }
    assert refused == {
        "Call_Request__c": "Refused",
        "Call_Message__c": ("Busy " * 99)[:255],
    }
    assert unknown["Call_Message__c"] == "Asha Rao: No answer"


def test_what_is_not_known_of_a_call_empties_its_field(plan: DialPlan) -> None:
    assert plan.answer(dial(DialState.PLACED), RECORD)["CallObject"] is None


def test_an_outcome_that_the_file_leaves_out_writes_nothing(world: World) -> None:
    plan = answers("Call_Request__c: {value: Placed}", world)

    assert plan.answer(dial(DialState.BLOCKED), RECORD) == {}
    assert plan.answer(dial(DialState.CLAIMED), RECORD) == {}


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ("ActivityDate: {from: call.answered_at, as: date}", "2026-11-21"),
        ("At__c: {from: call.answered_at}", "2026-11-21T09:00:05.000Z"),
        ("ActivityDate: {from: Call_Requested_At__c, as: date}", "2026-11-21"),
        (
            "CallObject: {template: '{call.state} {call.number|call.agent}'}",
            "placed 1234",
        ),
        ("CallObject: {first: [call.location, request.id]}", "b7c1"),
        ("Call_Number__c: {from: Who.Phone, as: phone}", "+919820011999"),
        ("Clock__c: {from: Clock__c}", "09:05:00.000Z"),
        ("Groups__c: {from: Groups__c}", "a;b"),
    ],
)
def test_an_answer_reads_the_call_and_the_record(
    rule: str, written: str, world: World
) -> None:
    at = datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)
    record = {**RECORD, "Clock__c": "09:05:00.000Z", "Groups__c": "a;b"}
    plan = answers(rule, world)

    payload = plan.answer(dial(DialState.PLACED, agent="1234", answered_at=at), record)

    assert list(payload.values()) == [written]


def test_the_answer_has_a_value_for_each_of_its_names() -> None:
    assert answer_fields(DIAL).keys() == {field.name for field in ANSWER}
    assert answer_fields(DIAL)["call.id"] is None
    assert answer_fields(DIAL)["request.id"] == "b7c1"
