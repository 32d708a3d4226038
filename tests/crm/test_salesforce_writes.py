"""Collections: what is sent, and what is made of the answers."""

import json
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import BatchRefusedError, OutcomeUnknownError
from connector.model import Payload, Refused, Remedy, Written

TASK_1 = "00T000000000001AAA"
TASK_2 = "00T000000000002AAA"
KEY = "Call_Key__c"


def done(crm_id: str, **more: object) -> dict[str, object]:
    return {"id": crm_id, "success": True, "errors": [], **more}


def body_of(request: Request) -> object:
    assert isinstance(request.data, bytes)
    return json.loads(request.data)


def test_a_create_posts_all_rows_in_one_call(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, [done(TASK_1), done(TASK_2)]))
    rows: list[Payload] = [{KEY: "a", "Subject": "one"}, {KEY: "b", "WhoId": None}]

    outcomes = crm.create("Task", rows)

    assert outcomes == [
        Written(crm_id=TASK_1, created=True),
        Written(crm_id=TASK_2, created=True),
    ]
    assert sent[-1].method == "POST"
    assert sent[-1].selector == "/services/data/v62.0/composite/sobjects"
    assert body_of(sent[-1]) == {
        "allOrNone": False,
        "records": [
            {"attributes": {"type": "Task"}, KEY: "a", "Subject": "one"},
            {"attributes": {"type": "Task"}, KEY: "b", "WhoId": None},
        ],
    }


def test_an_update_names_the_record_by_its_id(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, [done(TASK_1)]))

    outcomes = crm.update("Task", [{"Id": TASK_1, "Subject": "one"}])

    assert outcomes == [Written(crm_id=TASK_1, created=False)]
    assert sent[-1].method == "PATCH"
    assert sent[-1].selector == "/services/data/v62.0/composite/sobjects"
    assert body_of(sent[-1]) == {
        "allOrNone": False,
        "records": [{"attributes": {"type": "Task"}, "id": TASK_1, "Subject": "one"}],
    }


def test_an_upsert_tells_created_from_updated(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, [done(TASK_1, created=True), done(TASK_2, created=False)]))

    outcomes = crm.upsert("Task", KEY, [{KEY: "a"}, {KEY: "b"}])

    assert outcomes == [
        Written(crm_id=TASK_1, created=True),
        Written(crm_id=TASK_2, created=False),
    ]
    assert sent[-1].method == "PATCH"
    assert sent[-1].selector == (
        "/services/data/v62.0/composite/sobjects/Task/Call_Key__c"
    )


def test_a_write_keeps_our_owner_and_lets_alerts_pass(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, [done(TASK_1)]))

    crm.create("Task", [{KEY: "a"}])

    assert sent[-1].get_header("Authorization") == "Bearer token-1"
    assert sent[-1].get_header("Content-type") == "application/json"
    assert sent[-1].get_header("Sforce-auto-assign") == "FALSE"
    assert sent[-1].get_header("Sforce-duplicate-rule-header") == "allowSave=true"


def test_a_refused_row_leaves_the_others_in(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    error = {
        "statusCode": "STRING_TOO_LONG",
        "message": "Subject: data value too large: ... (max length=255)",
        "fields": ["Subject"],
    }
    answers.append((200, [done(TASK_1), {"success": False, "errors": [error]}]))

    outcomes = crm.create("Task", [{KEY: "a"}, {KEY: "b"}])

    assert outcomes == [
        Written(crm_id=TASK_1, created=True),
        Refused(
            code="STRING_TOO_LONG",
            message="Subject: data value too large: ... (max length=255)",
            remedy=Remedy.SET_ASIDE,
            fields=("Subject",),
        ),
    ]


def test_no_rows_cost_no_call(crm: SalesforceCrm, sent: list[Request]) -> None:
    assert crm.create("Task", []) == []
    assert crm.update("Task", []) == []
    assert crm.upsert("Task", KEY, []) == []
    assert sent == []


def test_more_than_two_hundred_rows_are_a_mistake(
    crm: SalesforceCrm, sent: list[Request]
) -> None:
    with pytest.raises(ValueError, match="201 rows, 200 at most"):
        crm.create("Task", [{KEY: str(number)} for number in range(201)])

    assert sent == []


def test_a_number_that_json_lacks_refuses_its_batch(
    crm: SalesforceCrm, sent: list[Request]
) -> None:
    with pytest.raises(BatchRefusedError) as raised:
        crm.create("Task", [{KEY: "a"}, {KEY: "b", "Amount": float("nan")}])

    assert raised.value.code == "NOT_A_NUMBER"
    assert sent == []


def test_half_a_character_goes_out_as_json_escapes_it(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, [done(TASK_1)]))

    crm.create("Task", [{KEY: "a", "Subject": "\ud83d"}])

    assert isinstance(sent[-1].data, bytes)
    assert rb"\ud83d" in sent[-1].data


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [done(TASK_1), done(TASK_2)],
        {"id": TASK_1, "success": True},
        ["done"],
        [{"id": TASK_1}],
        [{"success": True, "errors": []}],
        [{"id": 7, "success": True}],
    ],
)
def test_an_answer_of_another_shape_leaves_the_outcome_unknown(
    crm: SalesforceCrm, answers: list[object], answer: object
) -> None:
    answers.append((200, answer))

    with pytest.raises(OutcomeUnknownError):
        crm.create("Task", [{KEY: "a"}])


def test_a_refusal_without_a_reason_is_still_a_refusal(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    answers.append((200, [{"success": False, "errors": []}]))

    (outcome,) = crm.create("Task", [{KEY: "a"}])

    assert isinstance(outcome, Refused)
    assert outcome.remedy is Remedy.SET_ASIDE
