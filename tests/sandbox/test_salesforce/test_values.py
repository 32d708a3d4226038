"""What may stand in a field (Object Reference: Task, Lead; REST API Developer Guide,
"Status Codes and Error Responses")."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import (
    COLLECTION,
    Json,
    codes,
    create,
    created,
    task,
)


def contact(**fields: object) -> Json:
    return {"attributes": {"type": "Contact"}, "LastName": "x", **fields}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Description": "x" * 32_001}, "STRING_TOO_LONG"),
        ({"Call_Customer__c": "0" * 41}, "STRING_TOO_LONG"),
        ({"CallType": "x" * 41}, "STRING_TOO_LONG"),
        ({"TaskSubtype": "Fax"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"Call_Status__c": "Maybe"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"CallDurationInSeconds": 100_000_000}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"Status": None}, "REQUIRED_FIELD_MISSING"),
        ({"IsClosed": True}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"CreatedDate": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Id": "00T5g0000010001"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"WhoId": "Ravi"}, "MALFORMED_ID"),
        ({"WhoId": "0035g00000"}, "MALFORMED_ID"),
        ({"WhoId": "0015g0000010001AAA"}, "MALFORMED_ID"),
        ({"WhoId": "0035g0000099999"}, "INVALID_CROSS_REFERENCE_KEY"),
        ({"OwnerId": None}, "REQUIRED_FIELD_MISSING"),
    ],
)
def test_a_value_that_does_not_fit_refuses_its_record_alone(
    api: httpx.Client, sandbox: SalesforceSandbox, fields: Json, code: str
) -> None:
    answer = create(api, task(Subject="a"), task(**fields), task(Subject="b"))

    assert answer.status_code == 200
    assert codes(answer) == [None, code, None]
    assert len(sandbox.rows("Task")) == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Subjekt": "a"}, "INVALID_FIELD"),
        ({"subject": "a"}, "INVALID_FIELD"),
        ({"Who": {"attributes": {"type": "Contact"}}}, "INVALID_FIELD"),
        ({"CallDurationInSeconds": "90"}, "JSON_PARSER_ERROR"),
        ({"CallDurationInSeconds": 1.5}, "JSON_PARSER_ERROR"),
        ({"CallDurationInSeconds": True}, "JSON_PARSER_ERROR"),
        ({"Subject": 5}, "JSON_PARSER_ERROR"),
        ({"Subject": ["a"]}, "JSON_PARSER_ERROR"),
        ({"CallType": 5}, "JSON_PARSER_ERROR"),
        ({"TaskSubtype": 5}, "JSON_PARSER_ERROR"),
        ({"WhoId": 5}, "JSON_PARSER_ERROR"),
        ({"IsReminderSet": "true"}, "JSON_PARSER_ERROR"),
        ({"ActivityDate": "05/11/2026"}, "JSON_PARSER_ERROR"),
        ({"ActivityDate": "2026-02-30"}, "JSON_PARSER_ERROR"),
        ({"ActivityDate": ""}, "JSON_PARSER_ERROR"),
        ({"Call_Started__c": "2026-11-05T10:00:00"}, "JSON_PARSER_ERROR"),
        ({"Call_Started__c": "2026-11-05T25:00:00Z"}, "JSON_PARSER_ERROR"),
    ],
)
def test_what_is_no_such_record_refuses_the_whole_request(
    api: httpx.Client, sandbox: SalesforceSandbox, fields: Json, code: str
) -> None:
    answer = create(api, task(Subject="a"), task(**fields))

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert sandbox.rows("Task") == []


def test_an_unknown_field_is_named(api: httpx.Client) -> None:
    answer = create(api, task(Subjekt="a"))

    assert answer.json() == [
        {
            "message": "No such column 'Subjekt' on sobject of type Task",
            "errorCode": "INVALID_FIELD",
        }
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'{"records": [',
        b"[]",
        b'{"records": {}}',
        b'{"records": [1]}',
        b'{"records": [], "allOrNone": "no"}',
        b'{"records": [{"Subject": "a"}]}',
        b'{"records": [{"attributes": {}, "Subject": "a"}]}',
        b"\xff",
    ],
)
def test_a_body_that_cannot_be_read_is_refused(api: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/json"}

    answer = api.post(COLLECTION, content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] in {"JSON_PARSER_ERROR", "INVALID_TYPE"}


def test_a_body_that_is_not_called_json_is_refused(api: httpx.Client) -> None:
    assert api.post(COLLECTION, content=b"{}").status_code == 415


def test_records_of_an_unknown_object_are_refused(api: httpx.Client) -> None:
    answer = create(api, {"attributes": {"type": "Taskk"}})

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_required_fields_are_all_named(api: httpx.Client) -> None:
    (item,) = create(api, {"attributes": {"type": "Lead"}}).json()

    assert item["errors"] == [
        {
            "statusCode": "REQUIRED_FIELD_MISSING",
            "message": "Required fields are missing: [LastName, Company]",
            "fields": ["LastName", "Company"],
        }
    ]


def test_an_email_address_must_look_like_one(api: httpx.Client) -> None:
    answer = create(api, contact(Email="nobody"), contact(Email="a@b.example"))

    assert codes(answer) == ["INVALID_EMAIL_ADDRESS", None]


def test_a_number_may_have_decimals_where_its_field_does(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    account = {"attributes": {"type": "Account"}, "Name": "x"}

    good = create(api, {**account, "AnnualRevenue": 1.5})
    bad = create(api, {**account, "AnnualRevenue": "1.5"})

    assert codes(good) == [None]
    assert sandbox.rows("Account")[-1]["AnnualRevenue"] == 1.5
    assert bad.json()[0]["errorCode"] == "JSON_PARSER_ERROR"


def test_times_are_kept_in_utc_and_empty_texts_as_nothing(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    created(api, Call_Started__c="2026-11-05T10:00:00.250+05:30", Subject="")

    (row,) = sandbox.rows("Task")
    assert row["Call_Started__c"] == "2026-11-05T04:30:00.000+0000"
    assert row["Subject"] is None


def test_a_picklist_that_is_not_restricted_takes_any_value(api: httpx.Client) -> None:
    answer = create(api, task(Status="Parked", CallType="Conference"))

    assert codes(answer) == [None]


def test_a_lead_stands_alone(api: httpx.Client, sandbox: SalesforceSandbox) -> None:
    lead, account = (str(sandbox.rows(name)[0]["Id"]) for name in ("Lead", "Account"))

    answer = create(api, task(WhoId=lead), task(WhoId=lead, WhatId=account))

    assert codes(answer) == [None, "FIELD_INTEGRITY_EXCEPTION"]


def test_a_link_must_lead_to_somebody_who_is_still_there(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    converted, deleted = (str(row["Id"]) for row in sandbox.rows("Lead")[:2])
    sandbox.change(converted, IsConverted=True)
    sandbox.delete(deleted)

    answer = create(api, task(WhoId=converted), task(WhoId=deleted))

    assert codes(answer) == ["CANNOT_UPDATE_CONVERTED_LEAD", "ENTITY_IS_DELETED"]


def test_a_converted_lead_cannot_be_changed(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    path = f"sobjects/Lead/{sandbox.rows('Lead')[0]['Id']}"
    before = api.patch(path, json={"Title": "x"})
    sandbox.change(str(sandbox.rows("Lead")[0]["Id"]), IsConverted=True)

    answer = api.patch(path, json={"Title": "y"})

    assert (before.status_code, answer.status_code) == (204, 400)
    assert answer.json()[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_an_owner_must_be_active(api: httpx.Client, sandbox: SalesforceSandbox) -> None:
    leaver = next(u for u in sandbox.rows("User") if u["EmployeeNumber"] == "108")

    answer = create(api, task(OwnerId=leaver["Id"]))

    assert codes(answer) == ["INACTIVE_OWNER_OR_USER"]


def test_what_the_system_sets_follows_from_what_was_sent(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    person = sandbox.rows("Contact")[0]

    created(api, Status="Completed", WhoId=person["Id"], Priority="High")

    (row,) = sandbox.rows("Task")
    assert row["IsClosed"] is True
    assert row["IsHighPriority"] is True
    assert row["CompletedDateTime"] == row["CreatedDate"]
    assert row["AccountId"] == person["AccountId"]
    assert row["OwnerId"] == sandbox.user_id
    assert row["TaskSubtype"] == "Task"


def test_a_case_has_a_number_of_its_own(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    case: Json = {"attributes": {"type": "Case"}}

    create(api, case, {**case, "Status": "Closed"})

    shown = [(row["CaseNumber"], row["IsClosed"]) for row in sandbox.rows("Case")]
    assert shown == [("00001001", False), ("00001002", True)]


def test_a_task_has_the_account_of_what_it_is_about(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one, other = (str(row["Id"]) for row in sandbox.rows("Account")[:2])
    person = next(row for row in sandbox.rows("Contact") if row["AccountId"] == one)
    case = sandbox.add("Case", {"AccountId": other})

    created(api, WhoId=person["Id"], WhatId=case)

    assert sandbox.rows("Task")[0]["AccountId"] == other


def test_a_task_that_is_opened_again_was_not_completed(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    account = str(sandbox.rows("Account")[0]["Id"])
    one = created(api, Status="Completed", WhatId=account)

    api.patch(f"sobjects/Task/{one}", json={"Status": "In Progress", "WhatId": None})

    (row,) = sandbox.rows("Task")
    assert (row["IsClosed"], row["CompletedDateTime"]) == (False, None)
    assert row["AccountId"] is None
