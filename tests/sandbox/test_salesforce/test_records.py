"""One record a request (REST API Developer Guide, "sObject Rows", "sObject Rows by
External ID")."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import created

KEYED = "sobjects/Task/Call_Key__c"


def error(answer: httpx.Response) -> str:
    (one,) = answer.json()
    return str(one["errorCode"])


def test_a_record_is_created_and_read(api: httpx.Client) -> None:
    answer = api.post("sobjects/Task", json={"Subject": "a"})

    record_id = answer.json()["id"]
    read = api.get(f"sobjects/Task/{record_id[:15]}").json()
    assert answer.status_code == 201
    assert answer.json() == {"id": record_id, "success": True, "errors": []}
    assert read["attributes"] == {
        "type": "Task",
        "url": f"/services/data/v62.0/sobjects/Task/{record_id}",
    }
    assert (read["Subject"], read["Status"]) == ("a", "Not Started")
    assert read["CreatedDate"] == "2026-11-05T06:30:00.000+0000"


def test_a_refused_record_is_an_error_of_the_request(api: httpx.Client) -> None:
    answer = api.post("sobjects/Task", json={"Subject": "x" * 256})

    assert answer.status_code == 400
    assert answer.json()[0].keys() == {"message", "errorCode", "fields"}
    assert error(answer) == "STRING_TOO_LONG"


def test_chosen_fields_are_read(api: httpx.Client) -> None:
    one = created(api, Subject="a")

    read = api.get(f"sobjects/Task/{one}", params={"fields": "Id,Subject"})
    wrong = api.get(f"sobjects/Task/{one}", params={"fields": "Subjekt"})

    assert read.json().keys() == {"attributes", "Id", "Subject"}
    assert (wrong.status_code, error(wrong)) == (400, "INVALID_FIELD")


def test_a_record_is_updated_and_deleted_without_an_answer(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one = created(api, Subject="a")

    updated = api.patch(f"sobjects/Task/{one}", json={"Subject": "b"})
    subject = sandbox.rows("Task")[0]["Subject"]
    deleted = api.delete(f"sobjects/Task/{one}")

    assert [(a.status_code, a.content) for a in (updated, deleted)] == [(204, b"")] * 2
    assert (subject, sandbox.rows("Task")) == ("b", [])


def test_a_path_to_no_record_is_not_found(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    gone = created(api)
    sandbox.delete(gone)
    contact = sandbox.rows("Contact")[0]["Id"]
    paths = [f"sobjects/Task/{one}" for one in ("x", "00T5g0000099999", contact)]

    answers = [api.get(path) for path in paths]
    answers += [api.patch(path, json={}) for path in paths]
    answers += [api.delete(path) for path in paths]
    of_gone = [api.get(f"sobjects/Task/{gone}"), api.delete(f"sobjects/Task/{gone}")]
    of_gone.append(api.patch(f"sobjects/Task/{gone}", json={}))

    assert {(a.status_code, error(a)) for a in answers} == {(404, "NOT_FOUND")}
    assert {(a.status_code, error(a)) for a in of_gone} == {(404, "ENTITY_IS_DELETED")}


def test_a_record_is_upserted_by_its_key(api: httpx.Client) -> None:
    path = f"{KEYED}/a%2Fb%20c%3Ad"

    new = api.patch(path, json={"Subject": "1"})
    known = api.patch(path, json={"Subject": "2"})

    assert (new.status_code, new.json()["created"]) == (201, True)
    assert (known.status_code, known.json()["created"]) == (200, False)
    read = api.get(path).json()
    assert (read["Call_Key__c"], read["Subject"]) == ("a/b c:d", "2")


@pytest.mark.parametrize("field", ["Call_Key__c", "Id"])
def test_what_the_path_says_is_not_said_in_the_record(
    api: httpx.Client, field: str
) -> None:
    answer = api.patch(f"{KEYED}/a", json={field: "a"})

    assert (answer.status_code, error(answer)) == (400, "INVALID_FIELD")
    assert field in answer.json()[0]["message"]


def test_a_key_of_several_records_lists_them(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    twins = [
        sandbox.add("Contact", {"LastName": "Twin", "Legacy_Id__c": "7"})
        for _ in range(2)
    ]
    path = "sobjects/Contact/Legacy_Id__c/7"

    answers = api.get(path), api.patch(path, json={"LastName": "x"})

    urls = [f"/services/data/v62.0/sobjects/Contact/{twin}" for twin in twins]
    assert [(a.status_code, a.json()) for a in answers] == [(300, urls)] * 2
    sandbox.delete(twins[0])
    assert api.get(path).json()["Id"] == twins[1]


def test_a_key_that_nobody_has_is_not_found(api: httpx.Client) -> None:
    assert api.get(f"{KEYED}/nobody").status_code == 404
    assert api.get("sobjects/Task/Subject/x").status_code == 404


def test_an_id_may_not_be_given_to_a_new_record(api: httpx.Client) -> None:
    answer = api.post("sobjects/Task", json={"Id": "00T5g0000010001"})

    assert (answer.status_code, error(answer)) == (400, "INVALID_FIELD")
