"""employee/get shows the employees, whom a query string or a body may ask for."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

import httpx
import pytest

from connector.sandbox.callyzer import EXAMPLE_EMPLOYEE, TEAM, CallyzerSandbox
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import Json

GET = "/employee/get"
RULES: tuple[tuple[Json, str], ...] = (
    ({"emp_numbers": "98 2"}, "Invalid 98 2."),
    (
        {"emp_numbers": [f"98200{n:05}" for n in range(101)]},
        "Invalid no of “emp_numbers”. Maximum 100 numbers are allowed.",
    ),
    (
        {"emp_numbers": ["9820011101", "555000", "444000"]},
        "The ‘444000,555000’ doesn’t exist.",
    ),
    (
        {"emp_tags": [f"tag {n}" for n in range(101)]},
        "Invalid no of “emp_tags”. Maximum 100 tags are allowed.",
    ),
    ({"emp_tags": ["North", "East"]}, "The ‘East’ doesn’t exist."),
    (
        {"emp_name": "Ananya"},
        "Invalid “emp_name”. Employee doesn’t exist for a given name.",
    ),
    (
        {"emp_codes": [f"{n}" for n in range(101)]},
        "Invalid no of “emp_codes”. Maximum 100 numbers are allowed.",
    ),
    ({"emp_codes": ["101", "999"]}, "The ‘999’ doesn’t exist."),
    (
        {"page_no": "0"},
        (
            "Invalid value. Value should be greater than zero and within range of "
            "unsigned integer data type."
        ),
    ),
    (
        {"page_no": "first"},
        (
            "Invalid value. Value should be greater than zero and within range of "
            "unsigned integer data type."
        ),
    ),
    ({"page_size": "101"}, "Invalid value. The value should be between 1 to 100."),
    (
        {"colour": "red"},
        "The message body on the request is not as per API specification.",
    ),
)


def codes(answer: httpx.Response) -> list[str]:
    return [employee["emp_code"] for employee in answer.json()["result"]]


def keys(employee: Json) -> list[object]:
    return [
        (name, [*value] if isinstance(value, dict) else None)
        for name, value in employee.items()
    ]


def test_the_documents_own_example_is_answered_as_it_is_printed(
    account: CallyzerSandbox, client: httpx.Client
) -> None:
    account.add_employee(EXAMPLE_EMPLOYEE)

    answer = client.get(GET, params={"emp_numbers": "91-3333333333"})

    assert answer.json() == {
        "result": [EXAMPLE_EMPLOYEE],
        "message": "Success",
        "total_records": 1,
        "page_no": 1,
        "page_size": 100,
    }


def test_the_team_is_there_with_the_keys_of_the_example(client: httpx.Client) -> None:
    answer = client.get(GET)

    assert codes(answer) == [employee.code for employee in TEAM[:-1]]
    assert keys(answer.json()["result"][0]) == keys(EXAMPLE_EMPLOYEE)


def test_whoever_has_no_leads_is_found_only_when_asked_for(
    client: httpx.Client,
) -> None:
    leaver = TEAM[-1]

    found = [
        codes(client.get(GET, params=wanted))
        for wanted in (
            {"emp_numbers": leaver.number},
            {"emp_codes": leaver.code},
            {"emp_name": leaver.name.upper()},
            {"emp_tags": "South"},
        )
    ]

    assert found == [["108"], ["108"], ["108"], ["103", "108"]]


@pytest.mark.parametrize(
    "query",
    [
        "emp_codes=101&emp_codes=105",
        "emp_codes[]=101&emp_codes[]=105",
        "emp_codes=105,101",
        "emp_tags=North&emp_name=",
        "emp_numbers=9820011101&emp_numbers=91-9820011105",
    ],
)
def test_an_array_is_read_however_a_query_string_writes_it(
    client: httpx.Client, query: str
) -> None:
    assert codes(client.get(f"{GET}?{query}")) == ["101", "105"]


def test_a_body_is_read_as_well(ask: Ask) -> None:
    answer = ask(GET, {"emp_codes": ["103"], "page_size": 5}, "GET")

    assert codes(answer) == ["103"]
    assert answer.json()["page_size"] == 5


def test_employees_come_in_pages(client: httpx.Client) -> None:
    pages = [client.get(GET, params={"page_no": n, "page_size": 4}) for n in (1, 2, 3)]

    assert [len(codes(page)) for page in pages] == [4, 3, 0]
    assert [page.json()["total_records"] for page in pages] == [7, 7, 7]


def test_a_request_that_breaks_a_rule_is_refused_in_the_documents_words(
    client: httpx.Client,
) -> None:
    answers = [client.get(GET, params=query) for query, _ in RULES]

    assert {answer.status_code for answer in answers} == {400}
    assert [answer.json() for answer in answers] == [
        {"result": None, "message": message} for _, message in RULES
    ]


def test_the_last_call_and_its_sync_are_those_of_the_calls(
    account: CallyzerSandbox, client: httpx.Client
) -> None:
    for call_id, at in (("late", "11:30:00"), ("early", "09:00:00")):
        account.add({"id": call_id, "emp_number": "9820011101", "call_time": at})

    (ananya,) = client.get(GET, params={"emp_codes": "101"}).json()["result"]

    assert ananya["last_call_at"] == "2026-11-20 11:30:00"
    assert ananya["last_sync_req_at"] == "2026-11-20 12:00:00 IST"


def test_a_phone_that_fell_silent_stays_silent(
    account: CallyzerSandbox, client: httpx.Client
) -> None:
    silent = "2026-11-01 08:00:00 IST"
    account.change_employee("9820011102", last_sync_req_at=silent)
    account.add({"id": "a", "emp_number": "9820011102"})

    (rohan,) = client.get(GET, params={"emp_codes": "102"}).json()["result"]

    assert rohan["last_sync_req_at"] == silent
    assert rohan["modified_at"] == "2026-11-20 12:00:00 IST"


def test_employees_are_added_and_removed_by_hand(
    account: CallyzerSandbox, client: httpx.Client, ask: Ask
) -> None:
    account.add_employee({"emp_number": "9820011109", "emp_tags": ["East"]})
    account.add({"id": "a", "emp_number": "9820011101"})
    account.remove_employee("9820011101")

    found = client.get(GET).json()
    new = client.get(GET, params={"emp_tags": "East"}).json()["result"]
    gone = client.get(GET, params={"emp_numbers": "9820011101"})
    deleted = ask(
        "/call-log/summary",
        {"call_from": 1_795_000_000, "call_to": 1_795_200_000}
        | {"emp_numbers": ["9820011101"]},
    )

    assert found["total_records"] == 7
    assert [one["emp_number"] for one in new] == ["9820011109"]
    assert gone.status_code == 400
    assert deleted.json()["result"]["total_calls"] == 1
    with pytest.raises(KeyError, match="colour"):
        account.add_employee({"emp_number": "1", "colour": "red"})


def test_another_process_can_add_employees(client: httpx.Client) -> None:
    url = client.base_url.copy_with(path="/sandbox/employees")

    assert client.post(url, json=[EXAMPLE_EMPLOYEE]).status_code == 204

    answer = client.get(GET, params={"emp_name": "TEST333"})
    assert answer.json()["result"] == [EXAMPLE_EMPLOYEE]
