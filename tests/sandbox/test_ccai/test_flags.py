"""The reserved data attributes of a call are read and updated."""

import httpx
import pytest

from connector.sandbox.ccai import CcaiSandbox

NONE = {"verified_customer": False, "bad_actor": False, "repeat_customer": False}


def test_a_new_call_has_no_flag_set(sandbox: CcaiSandbox, apps: httpx.Client) -> None:
    sandbox.add({"id": 1})

    answer = apps.get("/calls/1/customer_flag")

    assert (answer.status_code, answer.json()) == (200, NONE)


@pytest.mark.parametrize("name", ["repeat_customer", "repeat_customers"])
def test_flags_are_updated_one_by_one_under_both_names_of_the_last(
    sandbox: CcaiSandbox, apps: httpx.Client, name: str
) -> None:
    sandbox.add({"id": 1})
    sandbox.add({"id": 2})

    apps.patch("/calls/1/customer_flag", json={"bad_actor": True})
    answer = apps.patch("/calls/1/customer_flag", json={name: True})

    assert answer.status_code == 200
    flags = apps.get("/calls/1/customer_flag").json()
    assert flags == NONE | {"bad_actor": True, "repeat_customer": True}
    assert apps.get("/calls/2/customer_flag").json() == NONE


def test_a_flag_is_true_or_false(sandbox: CcaiSandbox, apps: httpx.Client) -> None:
    sandbox.add({"id": 1})

    text = apps.patch("/calls/1/customer_flag", json={"bad_actor": "boolean"})
    nothing = apps.patch("/calls/1/customer_flag", json=None)

    assert text.status_code == nothing.status_code == 400
    assert text.json() == {"message": "bad_actor is not well formed"}
    assert nothing.json() == {"message": "Missing parameter"}
    assert apps.get("/calls/1/customer_flag").json() == NONE


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/calls/1/customer_flag"),
        ("PATCH", "/calls/1/customer_flag"),
        ("GET", "/calls/first/customer_flag"),
        ("GET", "/calls/1"),
        ("GET", "/calls"),
        ("GET", "/"),
    ],
)
def test_what_is_not_there_is_a_resource_that_is_not_found(
    apps: httpx.Client, method: str, path: str
) -> None:
    answer = apps.request(method, path, json={})

    assert answer.status_code == 404
    assert answer.json() == {"message": "Resource not found"}
