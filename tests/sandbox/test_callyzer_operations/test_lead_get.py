"""lead/get shows the leads there are, in pages, and finds them by name and number."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from random import Random

import httpx
import pytest

from connector.sandbox.callyzer import CLIENTS, EXAMPLE_LEAD, CallyzerSandbox
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import NOON, NOW, Json, shape

WEEK = {"call_from": NOON - 8 * 86_400, "call_to": NOON + 1}
RULES: tuple[tuple[Json, str], ...] = (
    (
        {"contact_numbers": ["99 88"]},
        (
            "Invalid “contact_numbers”. Country code should be separated by "
            "hyphen(-), if present."
        ),
    ),
    (
        {"contact_numbers": [f"90000{n:05}" for n in range(101)]},
        "Invalid no of “contact_numbers”. Maximum 100 numbers are allowed.",
    ),
    (
        {"contact_numbers": ["9000000002", "9000000009", "9000000008"]},
        "The ‘9000000008,9000000009’ doesn’t exist.",
    ),
    (
        {"first_name": "Al"},
        "Invalid “first_name”. Length should be between 3 to 250 chars.",
    ),
    (
        {"page_no": 0},
        (
            "Invalid value. Value should be greater than zero and within range of "
            "unsigned integer data type."
        ),
    ),
    ({"page_size": 101}, "Invalid value. The value should be between 1 to 100"),
    (
        {"modified_from": 1},
        "The message body on the request is not as per API specification.",
    ),
)


def named(lead_id: str, first: str, last: str, *numbers: str) -> Json:
    return {
        "id": lead_id,
        "details": {
            "first_name": first,
            "last_name": last,
            "contact_numbers": list(numbers),
        },
        "created_at": f"2026-11-{10 + len(lead_id):02} 09:00:00 IST",
    }


@pytest.fixture
def three(account: CallyzerSandbox) -> None:
    account.add_lead(named("ccc", "Raj", "Gajjar", "91-9000000003"))
    account.add_lead(named("a", "Raja", "Nair", "9000000001", "9000000011"))
    account.add_lead(named("bb", "raj", "Nair", "9000000002"))


def ids(answer: httpx.Response) -> list[str]:
    return ids_of(answer.json()["result"])


def ids_of(leads: list[Json]) -> list[str]:
    return [lead["id"] for lead in leads]


def test_the_documents_own_example_is_answered_as_it_is_printed(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.add_lead(EXAMPLE_LEAD)

    answer = ask("/lead/get", {})

    assert answer.json() == {
        "result": [EXAMPLE_LEAD],
        "message": "Success",
        "total_records": 1,
        "page_no": 1,
        "page_size": 100,
    }
    assert shape(answer.json()["result"]) == shape([EXAMPLE_LEAD])


def test_types_can_be_those_of_the_table_instead(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.add_lead(EXAMPLE_LEAD)
    account.moods.leads_as_in_table = True

    (lead,) = ask("/lead/get", {}).json()["result"]

    assert lead["assigned_to"]["all_employees"] is False
    assert lead["last_call_log"]["duration"] == 2849


@pytest.mark.usefixtures("three")
def test_leads_come_in_the_order_they_were_made_in_pages(ask: Ask) -> None:
    pages = [ask("/lead/get", {"page_no": n, "page_size": 2}) for n in (1, 2, 3)]

    assert [ids(page) for page in pages] == [["a", "bb"], ["ccc"], []]
    assert [page.json()["total_records"] for page in pages] == [3, 3, 3]
    assert (pages[1].json()["page_no"], pages[1].json()["page_size"]) == (2, 2)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"first_name": "RAJ"}, ["bb", "ccc"]),
        ({"first_name": "Raj", "last_name": "Nair"}, ["bb"]),
        ({"contact_numbers": ["9000000003", "91-9000000011"]}, ["a", "ccc"]),
        ({"contact_numbers": ["9000000003"], "last_name": "Nair"}, []),
        ({"contact_numbers": [], "first_name": None}, ["a", "bb", "ccc"]),
    ],
)
def test_leads_are_found_by_name_and_number(
    ask: Ask, condition: Json, expected: list[str]
) -> None:
    answer = ask("/lead/get", condition)

    assert ids(answer) == expected
    assert answer.json()["total_records"] == len(expected)


@pytest.mark.usefixtures("three")
def test_a_request_that_breaks_a_rule_is_refused_in_the_documents_words(
    ask: Ask,
) -> None:
    answers = [ask("/lead/get", body) for body, _ in RULES]

    assert {answer.status_code for answer in answers} == {400}
    assert [answer.json() for answer in answers] == [
        {"result": None, "message": message} for _, message in RULES
    ]


# ── a lead and its calls ───────────────────────────────────────────────────


@pytest.mark.usefixtures("three")
def test_a_call_to_a_leads_number_is_the_leads_last_call(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.add({"id": "1", "client_number": "9000000001", "call_time": "11:00:00"})
    account.add({
        "id": "2",
        "client_number": "09000000011",
        "call_time": "11:30:00",
        "call_type": "Incoming",
        "duration": 40,
    })  # fmt: skip

    (lead,) = ask("/lead/get", {"contact_numbers": ["9000000001"]}).json()["result"]

    assert (lead["last_call_log"]["id"], lead["last_call_log"]["duration"]) == (
        "2",
        "40",
    )
    assert lead["no_of_attempts"] == 1


@pytest.mark.usefixtures("three")
def test_a_call_gives_its_lead_the_status_and_the_reminder(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.change_lead("a", modified_at="2026-11-11 09:00:00 IST")
    account.add({
        "id": "1",
        "client_number": "9000000001",
        "crm_status": "Call Back",
        "reminder_date": "2026-11-25",
        "reminder_time": "10:00:00",
    })  # fmt: skip
    account.change("1", note="nothing about the lead")

    (lead,) = ask("/lead/get", {"contact_numbers": ["9000000001"]}).json()["result"]

    assert lead["status"] == {
        "lead_status": "Call Back",
        "reminder_date": "2026-11-25",
        "reminder_time": "10:00:00",
    }
    assert lead["modified_at"] == "2026-11-20 12:00:00 IST"


# ── from Python ────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("three")
def test_leads_are_changed_and_removed_by_hand(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.change_lead("a", first_name="Rani", lead_status="Positive")
    account.remove_lead("bb")
    account.remove_lead("bb")

    lead, _ = ask("/lead/get", {}).json()["result"]
    assert (lead["details"]["first_name"], lead["status"]["lead_status"]) == (
        "Rani",
        "Positive",
    )
    assert lead["modified_at"] == "2026-11-20 12:00:00 IST"
    assert ask("/lead/get", {"contact_numbers": ["9000000002"]}).status_code == 400
    with pytest.raises(KeyError, match="colour"):
        account.add_lead({"id": "d", "colour": "red"})
    with pytest.raises(KeyError, match="nobody"):
        account.change_lead("nobody", city="Pune")


def test_a_number_stays_with_the_lead_that_has_it_still(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.add_lead(named("a", "Raj", "Nair", "9000000001"))
    account.add_lead(named("bb", "Mia", "Nair", "9000000001"))

    account.remove_lead("a")

    assert ids(ask("/lead/get", {"contact_numbers": ["9000000001"]})) == ["bb"]


def test_loaded_leads_are_those_that_the_calls_name_and_other_people(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.load(400, days=7)

    leads = ask("/lead/get", {"page_size": 100}).json()["result"]
    pages = [
        ask("/call-log/history", WEEK | {"page_no": n}).json()["result"]
        for n in (1, 2, 3, 4)
    ]
    named_by_calls = {call["lead_id"] for page in pages for call in page}
    known = {lead["id"] for lead in leads}
    assert named_by_calls - {None} <= known
    assert len(leads) == sum(client.lead_id is not None for client in CLIENTS) + 20
    assert all(lead["details"]["first_name"] for lead in leads)
    assert any(lead["last_call_log"] for lead in leads)


def test_loaded_leads_are_the_same_for_the_same_seed_and_never_twice() -> None:
    def loaded(seed: int) -> list[str]:
        account = CallyzerSandbox(now=lambda: NOW)
        account.load_leads(20, seed=seed)
        account.load_leads(20, seed=seed)
        return account.lead_ids()

    assert loaded(3) == loaded(3) != loaded(4)
    assert len(set(loaded(3))) == 40


@pytest.mark.usefixtures("three")
def test_leads_whom_nobody_calls_change_now_and_then_when_calls_arrive(
    account: CallyzerSandbox, ask: Ask
) -> None:
    before = ask("/lead/get", {}).json()["result"]
    rng = Random(8)  # noqa: S311 - repeatable

    for _ in range(40):
        account.arrive(rng)

    after = ask("/lead/get", {}).json()["result"]
    assert ids_of(after) == ids_of(before)
    assert {lead["last_call_log"] for lead in after} == {None}
    assert after != before


def test_another_process_can_add_leads(client: httpx.Client, ask: Ask) -> None:
    url = client.base_url.copy_with(path="/sandbox/leads")

    answer = client.post(url, json=[EXAMPLE_LEAD])

    assert answer.status_code == 204
    assert ids(ask("/lead/get", {})) == [EXAMPLE_LEAD["id"]]
