"""lead/save makes a lead, or changes the one that is meant, as the request says."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

import pytest

from connector.sandbox.callyzer import TEAM, CallyzerSandbox
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import LEAD, TODAY, Json, assigned

STAMP = "2026-11-20 12:00:00 IST"
EARLIER = "2026-11-01 09:00:00 IST"
OVERWRITE = {
    "lead_details": "Overwrite",
    "assignee": "OVERWRITE",
    "lead_tags": "overwrite",
}
ACTIVE = [f"{e.name} (+{e.country_code}-{e.number})" for e in TEAM[:-1]]


def leads(ask: Ask) -> list[Json]:
    found: list[Json] = ask("/lead/get", {}).json()["result"]
    return found


# ── a new lead ─────────────────────────────────────────────────────────────


def test_the_documents_payload_with_what_is_mandatory_makes_a_lead(ask: Ask) -> None:
    answer = ask("/lead/save", LEAD)

    (lead,) = leads(ask)
    assert (answer.status_code, answer.json()) == (
        200,
        {"result": {}, "message": "Success"},
    )
    assert lead["details"]["first_name"] == "Raj"
    assert lead["details"]["contact_numbers"] == ["91-9988776655", "9876543210"]
    assert (lead["created_at"], lead["modified_at"]) == (STAMP, STAMP)
    assert (lead["last_call_log"], lead["no_of_attempts"]) == (None, 0)


def test_every_field_is_kept(ask: Ask) -> None:
    details = {
        "first_name": "Raj",
        "last_name": "Gajjar",
        "email": "raj@example.com",
        "company_name": "Gajjar Ltd",
        "address1": "1 MG Road",
        "address2": "Floor 2",
        "city": "Pune",
        "state": "MH",
        "country": "India",
        "zip": "411001",
        "source": "Website",
        "description": "x" * 1000,
        "price": "12.5",
        "contact_numbers": ["91-9988776655"],
    }
    more = {"lead_tags": ["laptop"], "lead_status": "Positive", "price": 12.5}

    ask("/lead/save", details | more | assigned("random"))

    (lead,) = leads(ask)
    assert lead["details"] == details
    assert (lead["lead_tags"], lead["status"]["lead_status"]) == (
        ["laptop"],
        "Positive",
    )


# ── to whom it is assigned ─────────────────────────────────────────────────


def holders(ask: Ask, strategy: str, count: int, **to: list[str]) -> list[list[str]]:
    for number in range(count):
        contacts = {"contact_numbers": [f"90000000{number:02}"]}
        assert ask("/lead/save", LEAD | contacts | assigned(strategy, **to)).is_success
    found = {
        lead["details"]["contact_numbers"][0]: lead["assigned_to"]["employee"]
        for lead in leads(ask)
    }
    return [found[number] for number in sorted(found)]


def test_all_who_have_the_lead_feature_get_it_where_nobody_is_named(ask: Ask) -> None:
    (who,) = holders(ask, "assign TO all selected", 1)

    assert who == ACTIVE
    assert leads(ask)[0]["assigned_to"]["all_employees"] == "true"


def test_all_who_are_named_get_it(ask: Ask) -> None:
    named = ["91-9820011103", "9820011108"]

    (who,) = holders(ask, "Assign to All Selected", 1, emp_numbers=named)

    assert [one.split(" (")[0] for one in who] == ["Kavita Menon", "Vikram Saxena"]
    assert leads(ask)[0]["assigned_to"]["all_employees"] == "false"


def test_round_robin_goes_through_those_with_the_tags(ask: Ask) -> None:
    who = holders(ask, "Round Robin", 3, emp_tags=["North"])

    assert who == [[ACTIVE[0]], [ACTIVE[4]], [ACTIVE[0]]]


def test_minimum_leads_evens_the_leads_out(account: CallyzerSandbox, ask: Ask) -> None:
    account.add_lead(
        {"id": "old", "employee": [ACTIVE[0]], "contact_numbers": ["1" * 9]}
    )

    who = holders(ask, "Minimum Leads", 7)

    new = who[1:] if who[0] == [ACTIVE[0]] else who
    assert [one for (one,) in new if one != ACTIVE[0]] == ACTIVE[1:]


def test_random_chooses_one_of_those_who_are_named(ask: Ask) -> None:
    who = holders(ask, "Random", 12, emp_tags=["West"])

    assert {one for (one,) in who} == {ACTIVE[1], ACTIVE[3]}


def test_a_lead_that_nobody_can_be_given_is_nobodys(
    account: CallyzerSandbox, ask: Ask
) -> None:
    for employee in TEAM:
        account.remove_employee(employee.number)

    assert holders(ask, "Minimum Leads", 1) == [[]]


# ── a lead that is there already ───────────────────────────────────────────


@pytest.fixture
def raj(account: CallyzerSandbox) -> Json:
    return account.add_lead({
        "id": "raj",
        "first_name": "Rajesh",
        "city": "Pune",
        "contact_numbers": ["91-9988776655"],
        "employee": [ACTIVE[6]],
        "lead_tags": ["laptop"],
        "created_at": EARLIER,
        "modified_at": EARLIER,
    })  # fmt: skip


def resaved(ask: Ask, **more: object) -> Json:
    wanted = {
        "first_name": "Raj",
        "last_name": "Gajjar",
        "lead_tags": ["printer"],
        "contact_numbers": ["9988776655"],
        "existing_lead": {},
    }
    to = assigned("random", emp_numbers=["9820011101"])
    answer = ask("/lead/save", wanted | to | more)
    assert answer.json() == {"result": {}, "message": "Success"}
    (lead,) = leads(ask)
    return lead


def test_an_id_alone_means_that_all_is_overwritten(raj: Json, ask: Ask) -> None:
    lead = resaved(ask, id="raj")

    assert (lead["id"], lead["details"]["first_name"]) == ("raj", "Raj")
    assert lead["details"]["city"] == "Pune"
    assert lead["assigned_to"]["employee"] == [ACTIVE[0]]
    assert lead["lead_tags"] == ["printer"]
    assert (lead["created_at"], lead["modified_at"]) == (EARLIER, STAMP)


def test_a_lead_found_by_its_number_is_left_alone_by_default(
    raj: Json, ask: Ask
) -> None:
    lead = resaved(ask)

    assert lead["details"]["first_name"] == "Rajesh"
    assert (lead["assigned_to"]["employee"], lead["lead_tags"]) == (
        [ACTIVE[6]],
        ["laptop"],
    )
    assert lead["modified_at"] == EARLIER


def test_a_lead_found_by_its_number_is_overwritten_where_that_is_asked(
    raj: Json, ask: Ask
) -> None:
    lead = resaved(ask, existing_lead=OVERWRITE)

    assert lead["details"]["first_name"] == "Raj"
    assert lead["details"]["contact_numbers"] == ["9988776655"]
    assert (lead["assigned_to"]["employee"], lead["lead_tags"]) == (
        [ACTIVE[0]],
        ["printer"],
    )


def test_only_what_is_blank_is_filled_in_and_lists_are_added_to(
    raj: Json, ask: Ask
) -> None:
    modes = {
        "lead_details": "updateBlankOnly",
        "assignee": "append",
        "lead_tags": "append",
    }

    lead = resaved(ask, existing_lead=modes, id="raj")

    assert (lead["details"]["first_name"], lead["details"]["last_name"]) == (
        "Rajesh",
        "Gajjar",
    )
    assert lead["assigned_to"]["employee"] == [ACTIVE[6], ACTIVE[0]]
    assert lead["lead_tags"] == ["laptop", "printer"]


def test_a_number_of_another_lead_is_refused(
    raj: Json, account: CallyzerSandbox, ask: Ask
) -> None:
    account.add_lead({"id": "mia", "contact_numbers": ["9876543210"]})
    both = {"contact_numbers": ["9988776655", "9876543210"]}

    by_id = ask("/lead/save", LEAD | both | {"id": "raj"})
    by_number = ask("/lead/save", LEAD | both)

    assert (by_id.status_code, by_id.json()["message"]) == (
        400,
        "The ‘9876543210’ already exists.",
    )
    assert by_number.status_code == 400
    assert len(account.lead_ids()) == 2


# ── its calls ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "mapped"), [("", True), ("True", True), (False, False)]
)
def test_existing_calls_become_the_leads_own_unless_told_otherwise(
    account: CallyzerSandbox, ask: Ask, wanted: object, *, mapped: bool
) -> None:
    account.add({"id": "a", "client_country_code": "", "client_number": "09988776655"})
    account.add({"id": "b", "client_number": "9876543210", "lead_id": "of another"})

    ask("/lead/save", LEAD | {"is_map_existing_call_logs": wanted})

    (lead_id,) = account.lead_ids()
    history = ask("/call-log/history", TODAY).json()["result"]
    assert {call["id"]: call["lead_id"] for call in history} == {
        "a": lead_id if mapped else "",
        "b": "of another",
    }
    assert (leads(ask)[0]["last_call_log"] is not None) == mapped
