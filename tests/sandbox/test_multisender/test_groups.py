"""Accounts in groups, and both as receivers of calls and smses."""

import httpx
import pytest

from tests.sandbox.test_multisender.given import (
    ACCOUNT,
    NOT_IN_GROUPS,
    PHONE,
    STAMPS,
    without,
)

VIP = {"name": "VIP", "description": "Best"}


def named(client: httpx.Client, *names: str) -> None:
    for name in names:
        client.post("/accounts", json={"firstName": name})


def names(client: httpx.Client) -> list[str]:
    return [account["firstName"] for account in client.get("/accounts").json()]


def test_accounts_are_added_to_a_group_and_listed_there(client: httpx.Client) -> None:
    client.post("/groups", json=VIP)
    client.post("/accounts", json=ACCOUNT)
    named(client, "Eino")

    answer = client.post("/groups/1/accounts", json=[{"accountId": "1"}])
    more = client.post(
        "/groups/1/accounts", json=[{"accountId": "1"}, {"accountId": "2"}]
    )

    assert answer.status_code == 201
    assert answer.json() == [{"groupId": "1", "accountId": "1"}]
    assert more.json() == [{"groupId": "1", "accountId": "2"}]
    first, second = client.get("/groups/1/accounts").json()
    assert (
        first
        == {"groupId": "1", "accountId": "1"}
        | without(ACCOUNT, *NOT_IN_GROUPS)
        | STAMPS
    )
    assert second["firstName"] == "Eino"
    assert client.get("/groups/1").json()["numberOfAccounts"] == 2


@pytest.mark.parametrize(
    "body", [["1"], [1], {"accountIds": ["1"]}, {"accountIds": [{"accountId": "1"}]}]
)
def test_accounts_may_be_named_as_the_table_has_them(
    client: httpx.Client, body: object
) -> None:
    client.post("/groups", json=VIP)
    named(client, "Aino")

    answer = client.post("/groups/1/accounts", json=body)

    assert answer.json() == [{"groupId": "1", "accountId": "1"}]


@pytest.mark.parametrize(
    "body", [[], {}, ["9"], [{"id": "1"}], ["x"], {"accountIds": 1}]
)
def test_accounts_that_there_are_not_do_not_get_into_a_group(
    client: httpx.Client, body: object
) -> None:
    client.post("/groups", json=VIP)

    assert client.post("/groups/1/accounts", json=body).status_code == 400
    assert client.get("/groups/1/accounts").json() == []


@pytest.mark.parametrize("path", ["/groups/1/1", "/groups/1/accounts/1"])
def test_an_account_is_removed_from_a_group_at_either_url(
    client: httpx.Client, path: str
) -> None:
    client.post("/groups", json=VIP)
    named(client, "Aino")
    client.post("/groups/1/accounts", json=["1"])

    removed, again = client.delete(path), client.delete(path)

    assert (removed.status_code, again.status_code) == (204, 404)
    assert client.get("/groups/1").json()["numberOfAccounts"] == 0
    assert names(client) == ["Aino"]


def test_a_deleted_account_leaves_its_groups(client: httpx.Client) -> None:
    client.post("/groups", json=VIP)
    named(client, "Aino", "Eino")
    client.post("/groups/1/accounts", json=["1", "2"])

    client.delete("/accounts/1")

    assert client.get("/groups").json()[0]["numberOfAccounts"] == 1


# ── receivers of calls and smses ───────────────────────────────────────────


@pytest.mark.parametrize("name", ["calls", "smses"])
def test_receivers_are_shown_by_themselves_as_accounts_or_groups(
    client: httpx.Client, name: str
) -> None:
    client.post("/groups", json=VIP)
    client.post("/accounts", json=ACCOUNT)
    client.post("/groups/1/accounts", json=["1"])
    receivers = [{"accountId": "1"}, {"groupId": "1"}]
    client.post(f"/{name}", json={"receivers": receivers})

    account, group = client.get(f"/{name}/1/receivers").json()

    person = ("firstName", "lastName", "email", "phone")
    assert account == {"accountId": "1", "groupId": None} | STAMPS | {
        field: ACCOUNT[field] for field in person
    } | {"name": None, "numberOfAccounts": None}
    assert group == {"accountId": None, "groupId": "1"} | STAMPS | dict.fromkeys(
        person
    ) | {"name": "VIP", "numberOfAccounts": 1}
    assert client.get(f"/{name}/2/receivers").status_code == 404


def test_a_receivers_phone_finds_its_account_or_makes_one(client: httpx.Client) -> None:
    client.post("/accounts", json=ACCOUNT)
    receivers = [{"phone": PHONE}, {"phone": "+358409999999"}]

    made = client.post("/calls", json={"receivers": receivers}).json()

    assert [one["accountId"] for one in made["receivers"]] == ["1", "2"]
    assert made["receivers"][0]["firstName"] == "Aino"
    assert client.get("/accounts/2").json()["phone"] == "+358409999999"


def test_an_account_is_found_by_the_phone_that_it_has_now(client: httpx.Client) -> None:
    client.post("/accounts", json={"phone": "+358401111111"})
    client.put("/accounts/1", json={"phone": PHONE})

    made = client.post("/smses", json={"receivers": [{"phone": PHONE}]}).json()
    other = client.post("/smses", json={"receivers": [{"phone": "+358401111111"}]})

    assert made["receivers"][0]["accountId"] == "1"
    assert other.json()["receivers"][0]["accountId"] == "2"


def test_a_receiver_that_was_deleted_is_shown_without_its_names(
    client: httpx.Client,
) -> None:
    client.post("/calls", json={"receivers": [{"phone": PHONE}]})
    client.delete("/accounts/1")

    [receiver] = client.get("/calls/1").json()["receivers"]

    assert (receiver["accountId"], receiver["phone"]) == ("1", "")
