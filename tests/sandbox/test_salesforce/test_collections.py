"""Up to 200 records a request (REST API Developer Guide, "sObject Collections"):
shapes, order, duplicates, locks."""

import httpx
import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import (
    COLLECTION,
    UPSERT,
    Json,
    codes,
    create,
    created,
    task,
    upsert,
)


def test_items_come_in_the_order_of_the_records_and_in_their_shapes(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    answer = create(api, task(Subject="a"), task(Subject="b" * 256), task(Subject="c"))

    first, failed, last = answer.json()
    rows = {row["Id"]: row["Subject"] for row in sandbox.rows("Task")}
    assert answer.status_code == 200
    assert first == {"id": first["id"], "success": True, "errors": []}
    assert failed == {
        "success": False,
        "errors": [
            {
                "statusCode": "STRING_TOO_LONG",
                "message": f"Subject: data value too large: {'b' * 80}"
                " (max length=255)",
                "fields": ["Subject"],
            }
        ],
    }
    assert rows == {first["id"]: "a", last["id"]: "c"}


def test_an_upsert_says_what_it_created(api: httpx.Client) -> None:
    known = created(api, Call_Key__c="a")

    answer = upsert(api, task(Call_Key__c="a", Subject="1"), task(Call_Key__c="b"))

    updated, new = answer.json()
    assert updated == {"id": known, "success": True, "errors": [], "created": False}
    assert new == {"id": new["id"], "success": True, "errors": [], "created": True}


def test_an_upsert_touches_only_the_fields_it_has(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    created(api, Call_Key__c="a", Subject="kept", Description="old")

    upsert(api, task(Call_Key__c="a", Description=None))

    (row,) = sandbox.rows("Task")
    assert (row["Subject"], row["Description"]) == ("kept", None)


def test_a_key_that_is_twice_in_one_upsert_fails_twice(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one, two = task(Call_Key__c="a"), task(Call_Key__c="b")

    answer = upsert(api, one, two, one)

    assert codes(answer) == ["DUPLICATE_VALUE", None, "DUPLICATE_VALUE"]
    (error,) = answer.json()[0]["errors"]
    assert error["message"] == "Duplicate external id specified: a"
    assert [row["Call_Key__c"] for row in sandbox.rows("Task")] == ["b"]


def test_an_upsert_without_its_key_fails(api: httpx.Client) -> None:
    answer = upsert(api, task(Subject="a"), task(Call_Key__c="b"))

    assert codes(answer) == ["MISSING_ARGUMENT", None]


def test_a_create_with_a_key_that_is_taken_names_the_record(
    api: httpx.Client,
) -> None:
    known = created(api, Call_Key__c="a")

    (item,) = create(api, task(Call_Key__c="a")).json()

    assert item["errors"] == [
        {
            "statusCode": "DUPLICATE_VALUE",
            "message": "duplicate value found: Call_Key__c duplicates value on"
            f" record with id: {known[:15]}",
            "fields": [],
        }
    ]


def test_a_case_sensitive_key_differs_by_case_alone(api: httpx.Client) -> None:
    answer = create(api, task(Call_Key__c="a"), task(Call_Key__c="A"))

    assert codes(answer) == [None, None]


def test_a_key_without_case_is_taken_in_any_case(api: httpx.Client) -> None:
    account = {"attributes": {"type": "Account"}, "Name": "x"}
    one, two = {"Customer_Code__c": "ab"}, {"Customer_Code__c": "AB"}

    answer = create(api, {**account, **one}, {**account, **two})

    assert codes(answer) == [None, "DUPLICATE_VALUE"]


def test_a_deleted_record_gives_its_key_back(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    old = created(api, Call_Key__c="a")
    sandbox.delete(old)

    (item,) = upsert(api, task(Call_Key__c="a")).json()

    assert item["created"]
    assert item["id"] != old


def test_an_upsert_may_not_send_what_is_set_on_create_only(api: httpx.Client) -> None:
    created(api, Call_Key__c="a", TaskSubtype="Call")
    one, two = task(Call_Key__c="a"), task(Call_Key__c="b")

    answer = upsert(api, {**one, "TaskSubtype": "Call"}, {**two, "TaskSubtype": "Call"})

    assert codes(answer) == ["INVALID_FIELD_FOR_INSERT_UPDATE", None]


def test_a_key_that_several_records_have_is_ambiguous(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    twins = [
        sandbox.add("Contact", {"LastName": "Twin", "Legacy_Id__c": "7"})
        for _ in range(2)
    ]
    record = {"attributes": {"type": "Contact"}, "LastName": "x", "Legacy_Id__c": "7"}

    answer = api.patch(
        "composite/sobjects/Contact/Legacy_Id__c", json={"records": [record]}
    )

    (error,) = answer.json()[0]["errors"]
    assert error["statusCode"] == "DUPLICATE_EXTERNAL_ID"
    assert all(twin in error["message"] for twin in twins)


def test_records_are_updated_by_either_form_of_their_id(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one, two = created(api, Subject="1"), created(api, Subject="2")
    records = [task(id=one[:15], Subject="one"), task(Id=two.lower(), Subject="two")]

    answer = api.patch(COLLECTION, json={"records": records})

    assert [item["id"] for item in answer.json()] == [one, two]
    assert [row["Subject"] for row in sandbox.rows("Task")] == ["one", "two"]


def test_an_update_says_why_a_record_cannot_be_found(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    gone = created(api, Subject="1")
    sandbox.delete(gone)
    contact = str(sandbox.rows("Contact")[0]["Id"])
    ids = [gone, contact, "00T5g00000zzzzz", "00T"]

    records = [*(task(id=one, Subject="x") for one in ids), task(Subject="x")]
    answer = api.patch(COLLECTION, json={"records": records})

    assert codes(answer) == [
        "ENTITY_IS_DELETED",
        "MALFORMED_ID",
        "INVALID_CROSS_REFERENCE_KEY",
        "MALFORMED_ID",
        "MISSING_ARGUMENT",
    ]


def test_records_are_deleted_by_id(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one, two = created(api), created(api)

    answer = api.delete(COLLECTION, params={"ids": f"{one},{two},00T,{one}"})

    assert codes(answer) == [None, None, "MALFORMED_ID", "ENTITY_IS_DELETED"]
    assert sandbox.rows("Task") == []
    assert len(sandbox.rows("Task", deleted=True)) == 2


def test_all_or_none_takes_everything_back(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    created(api, Call_Key__c="a", Subject="old")
    good, bad = task(Call_Key__c="b"), task(Call_Key__c="c", Subject="x" * 256)

    answer = upsert(api, task(Call_Key__c="a", Subject="new"), good, bad, whole=True)

    rolled = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert codes(answer) == [rolled, rolled, "STRING_TOO_LONG"]
    assert [row["Subject"] for row in sandbox.rows("Task")] == ["old"]
    assert codes(upsert(api, good)) == [None]


def test_all_or_none_keeps_what_is_all_good(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    answer = create(api, task(), task(), whole=True)

    assert codes(answer) == [None, None]
    assert len(sandbox.rows("Task")) == 2


@pytest.mark.parametrize("resource", [COLLECTION, UPSERT])
def test_more_than_200_records_are_refused_as_a_whole(
    api: httpx.Client, sandbox: SalesforceSandbox, resource: str
) -> None:
    records = [task(Call_Key__c=str(number)) for number in range(201)]

    answer = api.patch(resource, json={"records": records})

    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "EXCEEDED_ID_LIMIT"
    assert sandbox.rows("Task") == []


@pytest.mark.parametrize(
    "record",
    [
        {"attributes": {"type": "Contact"}, "LastName": "x"},
        task(Call_Key__c="a", Id="00T5g0000010001"),
    ],
)
def test_an_upsert_is_refused_with_records_of_another_kind_or_with_ids(
    api: httpx.Client, sandbox: SalesforceSandbox, record: Json
) -> None:
    answer = upsert(api, task(Call_Key__c="b"), record)

    assert answer.status_code == 400
    assert sandbox.rows("Task") == []


def test_what_the_org_keeps_for_itself_is_not_written(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    status = str(sandbox.rows("TaskStatus")[0]["Id"])

    made = create(api, {"attributes": {"type": "TaskStatus"}})
    deleted = api.delete(COLLECTION, params={"ids": status})

    assert codes(made) == codes(deleted) == ["INVALID_TYPE_FOR_OPERATION"]


def test_a_field_that_is_no_external_id_is_no_key(api: httpx.Client) -> None:
    answer = api.patch("composite/sobjects/Task/Subject", json={"records": []})

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_a_locked_row_is_refused_and_the_rest_go_in(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.lock("a", times=2)
    rows = task(Call_Key__c="a"), task(Call_Key__c="b")

    answers = [codes(upsert(api, *rows)) for _ in range(3)]

    locked = ["UNABLE_TO_LOCK_ROW", None]
    assert answers == [locked, locked, [None, None]]


def test_a_write_is_refused_where_its_parent_or_a_value_is_locked(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    contact = str(sandbox.rows("Contact")[0]["Id"])
    dated = {"WhoId": contact, "ActivityDate": "2026-11-05"}
    sandbox.lock(contact)
    sandbox.lock_value("Subject", "busy")

    answer = create(
        api,
        task(**dated, Status="Completed"),
        task(**dated),
        task(Subject="busy"),
    )

    locked = "UNABLE_TO_LOCK_ROW"
    assert codes(answer) == [None, locked, locked]


def test_chosen_rows_fail_as_a_test_wants_them_to(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    error = {"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "no"}
    wanted = {"match": {"Subject": "bad"}, "error": {**error, "fields": []}}
    sandbox.faults.add(Fault("composite", rows=wanted))

    answer = create(api, task(Subject="good"), task(Subject="bad"))

    assert codes(answer) == [None, "FIELD_CUSTOM_VALIDATION_EXCEPTION"]
    assert [row["Subject"] for row in sandbox.rows("Task")] == ["good"]
