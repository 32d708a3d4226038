"""No record whatsoever makes a dial file raise anything but RecordError."""

import json
from collections.abc import Callable

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.mapping.compile_dial import compile_dial
from connector.mapping.load import World
from connector.model import ENDS, Dial, DialState, Scalar
from tests.mapping.conftest import PARAMETERS
from tests.mapping.loading import load_dial
from tests.mapping.org import described

ANY_RULES = """\
flow: everything
from: {crm: Task, where: {Call_Request__c: {is: Requested}}}
request: {id: Call_Request_Id__c, at: Call_Requested_At__c}
every: 1 minute
call:
  dialer: newvoicemedia
  from.agentId: {from: Owner.Call_Agent_Id__c, fit: truncate}
  from.groups: {first: [Groups__c, Description]}
  from.consent: {from: Call_Number__c, map: {a: OneParty}, default: Unknown}
  to.telephoneNumber: {first: [Call_Number__c, Who.Phone], as: phone}
  to.agentId: {from: Score__c, as: integer}
  regarding.reference: {template: "{WhatId|WhoId} {Clock__c} {ActivityDate}"}
  application: {from: Call_Requested_At__c, as: date}
answer:
  placed:
    ActivityDate: {from: Call_Requested_At__c, as: date}
    Score__c: {first: [Call_Number__c, Score__c], as: number}
    Clock__c: {from: Clock__c}
    Groups__c: {from: Groups__c}
    IsClosed: {from: Description, as: boolean}
    Description: {template: "{call.location}{Description}{message}", fit: truncate}
  refused: {Call_Message__c: {from: message, fit: truncate}, ActivityDate: {from: message, as: date}}
"""
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    [
        "\ud800",
        "1e999",
        "9" * 5_000,
        "+358",
        "2026-11-21",
        "0001-01-01T00:00+14:00",
        ";,",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
NAMES = (
    *(
        "Owner.Call_Agent_Id__c",
        "Groups__c",
        "Description",
        "Call_Number__c",
        "Score__c",
    ),
    *(
        "Who.Phone",
        "WhatId",
        "WhoId",
        "Clock__c",
        "ActivityDate",
        "Call_Requested_At__c",
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(st.sampled_from(NAMES), SCALARS),
    state=st.sampled_from(ENDS),
    message=ANY_TEXT,
)
@example(fields={"Score__c": 10**5_000}, state=DialState.PLACED, message="")
def test_no_record_makes_anything_but_a_call_and_an_answer_or_a_record_error(
    fields: dict[str, Scalar], state: DialState, message: str, world: World
) -> None:
    flow = load_dial(ANY_RULES, "x.yaml", world)
    plan = compile_dial(flow, described, PARAMETERS)
    ended = Dial(
        request_id="b7c1", flow="x", record_id="00T", state=state, message=message
    )
    record = {**dict.fromkeys(NAMES), **fields}

    call = outcome(lambda: plan.call(record))
    answer = outcome(lambda: plan.answer(ended, record))

    for made in (call, answer):
        if isinstance(made, RecordError):
            assert made.fields
            assert len(made.message.encode()) < 500
        else:
            assert json.dumps(made, allow_nan=False, ensure_ascii=False).encode()


def outcome(make: Callable[[], object]) -> object:
    """What was made, or why it was not."""
    try:
        return make()
    except RecordError as error:
        return error
