"""Accounts are deleted all at once, or by filters."""

import httpx
import pytest

from tests.sandbox.test_multisender.given import Json


def named(client: httpx.Client, *names: str) -> None:
    for name in names:
        client.post("/accounts", json={"firstName": name})


def names(client: httpx.Client) -> list[str]:
    return [account["firstName"] for account in client.get("/accounts").json()]


def test_all_accounts_are_deleted_by_the_flag(client: httpx.Client) -> None:
    named(client, "Aino", "Eino")

    answer = client.delete("/accounts?all")

    assert (answer.status_code, answer.content) == (204, b"")
    assert names(client) == []


def test_the_accounts_that_match_a_filter_are_deleted(client: httpx.Client) -> None:
    named(client, "Aino", "Eino", "Aino")
    wanted = [{"field": "firstName", "operator": "==", "value": "Aino"}]
    client.post("/accounts/filters", json={"filters": wanted})

    answer = client.delete("/accounts?filterId=1")

    assert answer.status_code == 204
    assert names(client) == ["Eino"]


@pytest.mark.parametrize("query", ["", "?filterId=2", "?filterId=x", "?some=1"])
def test_no_account_is_deleted_by_nothing_or_by_an_unknown_filter(
    client: httpx.Client, query: str
) -> None:
    named(client, "Aino")

    assert client.delete(f"/accounts{query}").status_code == 400
    assert names(client) == ["Aino"]


MATCHES: list[tuple[str, str, object, list[str]]] = [
    ("firstName", "==", "b", ["b"]),
    ("firstName", "!=", "b", ["a", "c"]),
    ("zip", "==", "100", ["b"]),
    ("zip", ">", "99", ["b", "c"]),
    ("zip", ">=", "00100", ["b", "c"]),
    ("zip", "<", "100", ["a"]),
    ("zip", "<=", "100", ["a", "b"]),
    ("firstName", ">", "a", ["b", "c"]),
    ("yearOfBirth", ">", 1980, ["c"]),
    ("yearOfBirth", "<=", "1980", ["a"]),
    ("yearOfBirth", "==", "", ["b"]),
    ("yearOfBirth", "in", [1990, 2000], ["c"]),
    ("city", "in", ["Turku", "Oulu"], ["a", "b"]),
    ("city", "contains", "ur", ["a"]),
    ("accountId", "in", ["1", 3], ["a", "c"]),
]


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    MATCHES,
    ids=[f"{field} {which} {value}" for field, which, value, _ in MATCHES],
)
def test_a_filter_matches_by_its_operator(
    client: httpx.Client, field: str, operator: str, value: object, expected: list[str]
) -> None:
    people: list[Json] = [
        {"firstName": "a", "zip": "20", "city": "Turku", "yearOfBirth": 1980},
        {"firstName": "b", "zip": "100", "city": "Oulu"},
        {"firstName": "c", "zip": "2000", "yearOfBirth": 1990},
    ]
    for who in people:
        client.post("/accounts", json=who)
    wanted = [{"field": field, "operator": operator, "value": value}]
    client.post("/accounts/filters", json={"filters": wanted})

    client.delete("/accounts?filterId=1")

    assert sorted({"a", "b", "c"}.difference(names(client))) == expected


def test_an_account_must_match_every_part_of_a_filter(client: httpx.Client) -> None:
    named(client, "ab", "ac", "bc")
    parts = [
        {"field": "firstName", "operator": "contains", "value": one} for one in "ac"
    ]
    client.post("/accounts/filters", json={"filters": parts})

    client.delete("/accounts?filterId=1")

    assert names(client) == ["ab", "bc"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"field": "age"}, "field must be one of"),
        ({"operator": "="}, "operator must be one of"),
        ({"operator": "in"}, "must have an array as value"),
        ({"value": ["a"]}, "must have an array as value"),
        ({"value": {}}, "must have a string or a number"),
        ({"operator": "contains", "value": 1}, "must have a string field"),
        ({"operator": "contains", "field": "yearOfBirth"}, "must have a string field"),
        ({"more": 1}, "must have objects of field and operator and value"),
    ],
)
def test_a_filter_that_can_not_be_is_refused(
    client: httpx.Client, wrong: Json, message: str
) -> None:
    right = {"field": "zip", "operator": "==", "value": "1"}

    answer = client.post("/accounts/filters", json={"filters": [right | wrong]})

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"filters {message}")
