"""Queries that read on from a time: their order, and what they find (SOQL Reference,
"ORDER BY", "Comparison Operators")."""

from datetime import timedelta

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import Hand, Json, select, soql

MINUTE = "2026-11-05T06:{}:00Z"


@pytest.fixture
def cases(sandbox: SalesforceSandbox, hand: Hand) -> list[str]:
    """Six cases; by minute of their stamps: 1, 0, 1, 0, 1, 0 from half past six."""
    ids = []
    for number in range(6):
        case = sandbox.add("Case", {"Subject": "a"} if number % 3 else {})
        sandbox.stamp(case, hand.now() + timedelta(minutes=(number + 1) % 2))
        ids.append(case)
    return ids


def found(api: httpx.Client, *clauses: str) -> list[str]:
    rows = select(api, soql("SELECT Id FROM Case", *clauses), resource="queryAll")
    return [str(row["Id"]) for row in rows]


def picked(cases: list[str], numbers: str) -> list[str]:
    return [cases[int(number)] for number in numbers]


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("SystemModstamp, Id", "135024"),
        ("SystemModstamp ASC, Id ASC", "135024"),
        ("SystemModstamp DESC, Id", "024135"),
        ("SystemModstamp, Id DESC", "531420"),
        ("Subject, SystemModstamp, Id", "301524"),
        ("Subject NULLS LAST, SystemModstamp, Id", "152430"),
        ("Subject DESC, Id", "124503"),
        ("Subject DESC NULLS FIRST, Id", "031245"),
    ],
)
def test_rows_are_sorted_by_one_field_after_the_other(
    api: httpx.Client, cases: list[str], order: str, numbers: str
) -> None:
    assert found(api, "ORDER BY", order) == picked(cases, numbers)


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        (f"SystemModstamp >= {MINUTE.format(31)}", "024"),
        (f"SystemModstamp > {MINUTE.format(30)}", "024"),
        (f"SystemModstamp > {MINUTE.format(31)}", ""),
        (f"SystemModstamp >= {MINUTE.format(32)}", ""),
        (f"SystemModstamp <= {MINUTE.format(30)}", "135"),
        ("SystemModstamp >= 2026-11-05T12:01:00+05:30", "024"),
        ("Subject = 'A' AND IsDeleted = false AND SystemModstamp != null", "1245"),
        (f"Subject = null AND SystemModstamp < {MINUTE.format(31)}", "3"),
        ("SystemModstamp >= null", ""),
    ],
)
def test_times_are_compared_as_times(
    api: httpx.Client, cases: list[str], condition: str, numbers: str
) -> None:
    assert found(api, "WHERE", condition, "ORDER BY Id") == picked(cases, numbers)


def test_a_query_goes_on_behind_a_stamp_and_an_id(
    api: httpx.Client, cases: list[str]
) -> None:
    stamp, last = MINUTE.format(31), f"'{cases[0]}'"
    behind = f"SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > {last})"

    assert found(api, "WHERE", behind, "ORDER BY SystemModstamp, Id") == picked(
        cases, "24"
    )


def test_a_cursor_reads_on_in_the_order_it_began_with(
    api: httpx.Client, url: str, sandbox: SalesforceSandbox, hand: Hand
) -> None:
    ids = [sandbox.add("Case", {}) for _ in range(450)]
    headers = {"sforce-query-options": "batchSize=200"}
    query = {"q": "SELECT Id FROM Case ORDER BY SystemModstamp, Id"}
    page: Json = api.get("queryAll", params=query, headers=headers).json()
    hand.move(minutes=5)
    sandbox.change(ids[201], Subject="late")
    sandbox.add("Case", {})

    pages = [page]
    while not pages[-1]["done"]:
        pages.append(api.get(f"{url}{pages[-1]['nextRecordsUrl']}").json())

    rows = [row for one in pages for row in one["records"]]  # type: ignore[attr-defined]  # JSON
    assert [row["Id"] for row in rows] == ids


def test_a_stamp_may_be_set_to_any_time(
    sandbox: SalesforceSandbox, api: httpx.Client, hand: Hand
) -> None:
    case = sandbox.add("Case", {})

    sandbox.stamp(case, hand.now() - timedelta(minutes=3))

    (row,) = select(
        api, "SELECT CreatedDate, LastModifiedDate, SystemModstamp FROM Case"
    )
    assert row == {
        "CreatedDate": "2026-11-05T06:30:00.000+0000",
        "LastModifiedDate": "2026-11-05T06:27:00.000+0000",
        "SystemModstamp": "2026-11-05T06:27:00.000+0000",
    }
    with pytest.raises(KeyError, match="nobody"):
        sandbox.stamp("nobody", hand.now())
