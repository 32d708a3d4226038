"""Each resource is created, listed, shown, updated and deleted as it is printed."""

import httpx
import pytest

from tests.sandbox.test_multisender.given import (
    ACCOUNT,
    CLICK,
    PHONE,
    RSVP,
    STAMPS,
    Clock,
    Json,
    without,
)

FILTERS = [
    {"field": "firstName", "operator": "contains", "value": "somestring"},
    {"field": "zip", "operator": ">=", "value": "00001"},
    {"field": "zip", "operator": "<=", "value": "100000"},
    {"field": "city", "operator": "in", "value": ["city", "town", "village"]},
]
LATER = "2026-11-20 12:00:00"
TO_PHONE = [{"accountId": None, "groupId": None, "phone": PHONE}]
TO_EMAIL = [{"email": "aino@virtanen.example"}]
CALL = {"operations": '{"play": 1}', "actionTime": LATER, "receivers": TO_PHONE}
EMAIL = {
    "messageHtml": "<p>Hello</p>",
    "messageText": "Hello",
    "subject": "Hello",
    "fromEmail": "us@sandbox.example",
    "fromName": "Us",
    "actionTime": LATER,
    "receivers": TO_EMAIL,
}
SMS = {"message": "Hello", "sender": "Us", "actionTime": LATER, "receivers": TO_PHONE}
SUBUSER = {
    "username": "kim",
    "email": "kim@sandbox.example",
    "firstName": "Kim",
    "lastName": "Laine",
    "company": "Sandbox",
    "phone": PHONE,
}


def addressee(**about: str) -> Json:
    blank = dict.fromkeys(("name", "firstName", "lastName", "email", "phone"), "")
    ids = {"receiverId": "1", "accountId": "1", "groupId": None}
    return ids | blank | about | STAMPS


RECEIVER = {
    "accountId": "1",
    "groupId": None,
    "phone": PHONE,
    "firsName": "",
    "lastName": "",
    "answered": 0,
    "reply": "noAnswer",
    "callDuration": 0,
    "dialledCalls": 0,
    "latestCallAt": None,
}
STATS = {
    "totalDialedCalls": 0,
    "answeredCalls": 0,
    "totalDuration": 0,
    "acceptsReceived": 0,
}

EXAMPLES: dict[str, tuple[Json, Json]] = {
    "accounts": (ACCOUNT, {"accountId": "1"} | ACCOUNT | STAMPS),
    "accounts/filters": (
        {"filters": FILTERS},
        {"filterId": 1, "filters": FILTERS} | STAMPS,
    ),
    "groups": (
        {"name": "VIP", "description": "Best"},
        {"groupId": "1", "name": "VIP", "description": "Best"}
        | STAMPS
        | {"numberOfAccounts": 0},
    ),
    "calls": (
        CALL,
        {"callId": "1"}
        | without(CALL, "receivers")
        | {"priceEstimateInCents": 6.5, "editable": "y"}
        | {"receivers": [addressee(phone=PHONE)]}
        | STAMPS,
    ),
    "click_to_calls": (
        CLICK,
        {"clickToCallId": "1"}
        | CLICK
        | {"receivers": [RECEIVER]}
        | {"stats": STATS | {"acceptsDeclined": 0, "notAnsweredCalls": 0}}
        | STAMPS,
    ),
    "emails": (
        EMAIL,
        {"emailId": "1"}
        | without(EMAIL, "receivers")
        | {"priceEstimateInCents": 0.5, "editable": "y"}
        | {"receivers": [addressee(email="aino@virtanen.example")]}
        | STAMPS,
    ),
    "rsvp_calls": (
        RSVP,
        {"rsvpCallId": "1"}
        | RSVP
        | {"state": "waitingToActive"}
        | {"receivers": [without(RECEIVER, "reply", rsvpReply="noAnswer")]}
        | {"stats": STATS | {"declinesAndNoRepliesReceived": 0, "notAnsweredCalls": 0}}
        | STAMPS,
    ),
    "smses": (
        SMS,
        {"smsId": "1"}
        | without(SMS, "receivers")
        | {"priceEstimateInCents": 7.0, "editable": "y"}
        | {"receivers": [addressee(phone=PHONE)]}
        | STAMPS,
    ),
}
LISTED: dict[str, Json] = {
    "calls": {"callId": "1", "operations": '{"play": 1}', "actionTime": LATER}
    | {"priceEstimateInCents": 6.5, "totalDuration": 0}
    | STAMPS,
    "smses": {"smsId": 1, "message": "Hello", "sender": "Us", "actionTime": LATER}
    | {"priceEstimateInCents": 7.0, "editable": "y"}
    | STAMPS,
}
"""Where a list shows something else."""
UPDATES: dict[str, tuple[Json, Json, int]] = {
    "accounts": ({"lastName": "Laine"}, {"lastName": "Laine"}, 200),
    "accounts/filters": ({"filters": FILTERS[:1]}, {"filters": FILTERS[:1]}, 201),
    "groups": (
        {"name": "All", "description": "b"},
        {"name": "All", "description": "b"},
        200,
    ),
    "calls": ({"operations": "[]"}, {"operations": "[]"}, 200),
    "emails": ({"subject": "Bye"}, {"subject": "Bye"}, 200),
    "rsvp_calls": (
        without(RSVP, "receivers", meta=None, acceptsWanted=7),
        {"meta": None, "acceptsWanted": 7},
        200,
    ),
    "smses": ({"message": "Bye"}, {"message": "Bye"}, 200),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_record_is_created_and_shown_as_it_is_printed(
    client: httpx.Client, name: str
) -> None:
    body, expected = EXAMPLES[name]

    made = client.post(f"/{name}", json=body)
    shown = client.get(f"/{name}/1")

    assert (made.status_code, made.json()) == (201, expected)
    assert list(made.json()) == list(expected)
    assert made.headers["location"] == str(client.base_url) + f"{name}/1"
    assert (shown.status_code, shown.json()) == (200, expected)


@pytest.mark.parametrize("name", EXAMPLES)
def test_records_are_listed_in_a_bare_array_without_pages(
    client: httpx.Client, name: str
) -> None:
    body, shown = EXAMPLES[name]

    empty = client.get(f"/{name}")
    client.post(f"/{name}", json=body)
    client.post(f"/{name}", json=body)
    two = client.get(f"/{name}", params={"page": "2", "limit": "1"})

    assert (empty.status_code, empty.json()) == (200, [])
    first, second = two.json()
    assert first == LISTED.get(name, shown)
    assert [int(next(iter(row.values()))) for row in (first, second)] == [1, 2]


@pytest.mark.parametrize("name", UPDATES)
def test_a_record_is_updated_and_keeps_what_is_not_given(
    clock: Clock, client: httpx.Client, name: str
) -> None:
    body, shown = EXAMPLES[name]
    update, changes, status = UPDATES[name]
    client.post(f"/{name}", json=body)
    clock.advance(seconds=60)

    answer = client.put(f"/{name}/1", json=update)

    expected = shown | changes | {"updatedAt": "2026-11-20 08:31:00"}
    assert (answer.status_code, answer.json()) == (status, expected)
    assert client.get(f"/{name}/1").json() == expected


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_record_is_deleted_and_its_id_is_not_used_again(
    client: httpx.Client, name: str
) -> None:
    body, shown = EXAMPLES[name]
    client.post(f"/{name}", json=body)

    answer = client.delete(f"/{name}/1")
    client.post(f"/{name}", json=body)

    if name == "accounts/filters":
        assert (answer.status_code, answer.json()) == (201, shown)
    else:
        assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(f"/{name}/1").status_code == 404
    assert client.delete(f"/{name}/1").status_code == 404
    assert client.get(f"/{name}/2").status_code == 200


def test_a_subuser_is_created_shown_listed_updated_and_deleted(
    client: httpx.Client,
) -> None:
    made = client.post("/subusers", json=SUBUSER)
    listed = client.get("/subusers").json()
    changed = client.put("/subusers/1", json={"company": "Other"}).json()
    gone = client.delete("/subusers/1")

    token = made.json()["authToken"]
    start: Json = {"subuserId": 1}
    named = without(SUBUSER, "phone", authToken=token, phone=PHONE)
    expected = start | named | STAMPS
    assert (made.status_code, made.json(), listed) == (201, expected, [expected])
    assert list(made.json()) == list(expected)
    assert len(token) > 20
    assert changed == expected | {"company": "Other"}
    assert (gone.status_code, client.get("/subusers").json()) == (204, [])


@pytest.mark.parametrize("name", ["groups", "subusers"])
def test_deleting_is_also_served_at_the_url_that_its_table_prints(
    client: httpx.Client, name: str
) -> None:
    client.post(f"/{name}", json={"name": "a", "description": "b"})
    client.post("/subusers", json={})

    assert client.delete(f"/{name}/1/accounts").status_code == 204
    assert client.get(f"/{name}/1").status_code == 404


@pytest.mark.parametrize("given", ["1", 1], ids=repr)
def test_the_id_may_be_in_the_body_of_an_update_too(
    client: httpx.Client, given: object
) -> None:
    group = {"name": "VIP", "description": "Best"}
    client.post("/groups", json=group)

    right = client.put("/groups/1", json=group | {"groupId": given})
    wrong = client.put("/groups/1", json=group | {"groupId": "2"})

    assert (right.status_code, wrong.status_code) == (200, 400)


def test_an_account_needs_no_field_and_blank_ones_are_shown(
    client: httpx.Client,
) -> None:
    blank = dict.fromkeys(ACCOUNT, "") | {"yearOfBirth": None}

    made = client.post("/accounts", json={"firstName": None})

    assert made.json() == {"accountId": "1"} | blank | STAMPS


def test_a_click_to_call_has_the_documented_defaults(client: httpx.Client) -> None:
    optional = ("expiresAt", "maxRedials", "receiverWebhookUrl", "meta")

    made = client.post("/click_to_calls", json=without(CLICK, *optional)).json()

    assert made["expiresAt"] == "2026-11-27 08:30:00"
    assert [made[name] for name in optional[1:]] == [3, None, None]


def test_an_rsvp_call_has_the_documented_defaults(client: httpx.Client) -> None:
    optional = ("state", "maxRedials", "receiverWebhookUrl", "stateWebhookUrl", "meta")
    body = without(RSVP, *optional, startTime=None)

    made = client.post("/rsvp_calls", json=body).json()

    assert (made["state"], made["startTime"]) == ("active", "2026-11-20 06:30:00")
    assert [made[name] for name in optional[1:]] == [3, None, None, None]
