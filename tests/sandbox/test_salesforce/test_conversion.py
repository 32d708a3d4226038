"""Leads that are converted, and records that are merged (Object Reference: Lead,
"Converted Leads"; Contact, "MasterRecordId")."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row
from tests.sandbox.test_salesforce.keys import (
    Hand,
    Json,
    codes,
    create,
    created,
    select,
    soql,
    task,
)

BEFORE = "2026-11-05T06:30:00.000+0000"
AFTER = "2026-11-05T06:31:00.000+0000"
LEAD: Row = {
    "FirstName": "Asha",
    "LastName": "Rane",
    "Company": "Rane Mills",
    "Phone": "022 4012 7788",
    "MobilePhone": "+91 98199 00001",
    "Email": "asha@customer.example",
    "Country": "India",
}


def row(sandbox: SalesforceSandbox, name: str, record_id: str) -> Row:
    (found,) = (
        one for one in sandbox.rows(name, deleted=True) if one["Id"] == record_id
    )
    return found


def some(record: Row, *names: str) -> list[object]:
    return [record[name] for name in names]


def two(sandbox: SalesforceSandbox, name: str = "Contact") -> tuple[str, str]:
    first, second = (str(one["Id"]) for one in sandbox.rows(name)[:2])
    return first, second


# ── converted ──────────────────────────────────────────────────────────────


def test_a_converted_lead_becomes_a_contact_an_account_and_an_opportunity(
    sandbox: SalesforceSandbox,
) -> None:
    lead = sandbox.add("Lead", LEAD)

    made = sandbox.convert(lead)

    contact = row(sandbox, "Contact", made.contact)
    account = row(sandbox, "Account", made.account)
    opportunity = row(sandbox, "Opportunity", str(made.opportunity))
    assert some(contact, "Name", "Phone", "MobilePhone", "Email", "MailingCountry") == [
        "Asha Rane",
        *some(LEAD, "Phone", "MobilePhone", "Email", "Country"),
    ]
    assert some(account, "Name", "BillingCountry") == ["Rane Mills", "India"]
    assert contact["AccountId"] == opportunity["AccountId"] == made.account
    assert some(opportunity, "Name", "StageName", "CloseDate") == [
        "Rane Mills",
        "Prospecting",
        "2026-12-31",
    ]


def test_a_converted_lead_says_what_it_became_and_is_not_deleted(
    sandbox: SalesforceSandbox, hand: Hand, api: httpx.Client
) -> None:
    lead = sandbox.add("Lead", LEAD)
    hand.move(minutes=1)

    made = sandbox.convert(lead)

    (found,) = select(
        api,
        soql(
            "SELECT IsConverted, ConvertedContactId, ConvertedAccountId,",
            "ConvertedOpportunityId, ConvertedDate, Status, IsDeleted, SystemModstamp",
            "FROM Lead WHERE IsConverted = true AND Id =",
            f"'{lead}'",
        ),
    )
    assert found == {
        "IsConverted": True,
        "ConvertedContactId": made.contact,
        "ConvertedAccountId": made.account,
        "ConvertedOpportunityId": made.opportunity,
        "ConvertedDate": "2026-11-05",
        "Status": "Closed - Converted",
        "IsDeleted": False,
        "SystemModstamp": AFTER,
    }


@pytest.mark.parametrize("opportunity", [True, False])
def test_a_leads_tasks_move_to_what_it_became(
    sandbox: SalesforceSandbox, hand: Hand, api: httpx.Client, *, opportunity: bool
) -> None:
    lead = sandbox.add("Lead", LEAD)
    moved, other = created(api, WhoId=lead), created(api)
    hand.move(minutes=1)

    made = sandbox.convert(lead, opportunity=opportunity)

    call, untouched = row(sandbox, "Task", moved), row(sandbox, "Task", other)
    what = made.opportunity if opportunity else made.account
    tied = some(call, "WhoId", "WhatId", "AccountId", "SystemModstamp")
    assert tied == [made.contact, what, made.account, AFTER]
    assert some(untouched, "WhoId", "WhatId", "SystemModstamp") == [None, None, BEFORE]
    assert bool(made.opportunity) is opportunity


def test_a_task_that_is_related_to_something_stays_related_to_it(
    sandbox: SalesforceSandbox,
) -> None:
    lead, case = sandbox.add("Lead", LEAD), sandbox.add("Case", {"Subject": "a"})
    call = sandbox.add("Task", {"WhoId": lead, "WhatId": case})

    made = sandbox.convert(lead)

    tied = some(row(sandbox, "Task", call), "WhoId", "WhatId")
    assert tied == [made.contact, case]


def test_a_converted_lead_takes_no_calls_and_no_changes(
    sandbox: SalesforceSandbox, api: httpx.Client
) -> None:
    lead = sandbox.add("Lead", LEAD)
    sandbox.convert(lead)

    linked = create(api, task(WhoId=lead))
    changed = api.patch(f"sobjects/Lead/{lead}", json={"Title": "a"})

    assert codes(linked) == ["CANNOT_UPDATE_CONVERTED_LEAD"]
    assert changed.json()[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_only_an_open_lead_is_converted(sandbox: SalesforceSandbox) -> None:
    converted, deleted = sandbox.add("Lead", LEAD), sandbox.add("Lead", LEAD)
    sandbox.convert(converted)
    sandbox.delete(deleted)
    contact, _ = two(sandbox)

    for one in (converted, deleted, contact, "00Q5g0000099999"):
        with pytest.raises(KeyError, match=one):
            sandbox.convert(one)


@pytest.mark.parametrize(
    ("month", "close"),
    [(1, "2026-03-31"), (3, "2026-03-31"), (4, "2026-06-30"), (12, "2026-12-31")],
)
def test_an_opportunity_closes_at_the_end_of_its_quarter(
    sandbox: SalesforceSandbox, hand: Hand, month: int, close: str
) -> None:
    hand.moment = hand.moment.replace(month=month)

    made = sandbox.convert(sandbox.add("Lead", LEAD))

    assert row(sandbox, "Opportunity", str(made.opportunity))["CloseDate"] == close


def test_a_lead_is_converted_over_http(
    client: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    leads = [sandbox.add("Lead", LEAD) for _ in range(2)]

    full = client.post(f"/sandbox/leads/{leads[0]}/convert")
    bare = client.post(
        f"/sandbox/leads/{leads[1]}/convert", json={"opportunity": False}
    )
    again = client.post(f"/sandbox/leads/{leads[0]}/convert")

    assert [a.status_code for a in (full, bare, again)] == [201, 201, 400]
    lead = row(sandbox, "Lead", leads[0])
    assert full.json() == {
        "contact": lead["ConvertedContactId"],
        "account": lead["ConvertedAccountId"],
        "opportunity": lead["ConvertedOpportunityId"],
    }
    assert bare.json()["opportunity"] is None


# ── merged ─────────────────────────────────────────────────────────────────


def test_both_records_of_a_merge_and_what_moved_are_stamped(
    sandbox: SalesforceSandbox, hand: Hand, api: httpx.Client
) -> None:
    winner, loser = two(sandbox)
    call, other = created(api, WhoId=loser), created(api)
    hand.move(minutes=1)

    sandbox.merge(winner, loser)

    stamps = [
        row(sandbox, name, one)["SystemModstamp"]
        for name, one in (
            ("Contact", winner),
            ("Contact", loser),
            ("Task", call),
            ("Task", other),
        )
    ]
    assert stamps == [AFTER, AFTER, AFTER, BEFORE]


def test_what_is_related_to_a_merged_account_moves(
    sandbox: SalesforceSandbox, api: httpx.Client
) -> None:
    winner, loser = two(sandbox, "Account")
    call = created(api, WhatId=loser)
    tied = [c["Id"] for c in sandbox.rows("Contact") if c["AccountId"] == loser]

    sandbox.merge(winner, loser)

    assert some(row(sandbox, "Task", call), "WhatId", "AccountId") == [winner] * 2
    assert tied
    assert {row(sandbox, "Contact", str(c))["AccountId"] for c in tied} == {winner}


def test_a_merged_record_is_seen_by_query_all_with_its_master(
    sandbox: SalesforceSandbox, api: httpx.Client
) -> None:
    winner, loser = two(sandbox)
    deleted = str(sandbox.rows("Contact")[2]["Id"])
    sandbox.merge(winner, loser)
    sandbox.delete(deleted)
    query = soql(
        "SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE Id IN",
        f"('{winner}', '{loser}', '{deleted}') ORDER BY Id",
    )

    plain, everything = (
        select(api, query, resource=resource) for resource in ("query", "queryAll")
    )

    assert [one["Id"] for one in plain] == [winner]
    assert [tuple(one.values()) for one in everything] == [
        (winner, False, None),
        (loser, True, winner),
        (deleted, True, None),
    ]


def test_an_earlier_merge_keeps_its_master(sandbox: SalesforceSandbox) -> None:
    first, second, third = (str(c["Id"]) for c in sandbox.rows("Contact")[:3])

    sandbox.merge(second, third)
    sandbox.merge(first, second)

    masters = [row(sandbox, "Contact", c)["MasterRecordId"] for c in (second, third)]
    assert masters == [first, second]


def test_only_two_living_records_are_merged(sandbox: SalesforceSandbox) -> None:
    first, second = two(sandbox)
    gone = str(sandbox.rows("Contact")[2]["Id"])
    users = [str(user["Id"]) for user in sandbox.rows("User")[:2]]
    sandbox.delete(gone)

    for pair in ((first, first), (first, gone), (gone, second), users):
        with pytest.raises(KeyError):
            sandbox.merge(*pair)


def test_records_are_merged_over_http(
    client: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    winner, loser = two(sandbox, "Lead")

    merged = client.post(f"/sandbox/records/{winner}/merge/{loser}")
    again = client.post(f"/sandbox/records/{winner}/merge/{loser}")

    gone: Json = dict(row(sandbox, "Lead", loser))
    assert (merged.status_code, again.status_code) == (204, 400)
    assert (gone["IsDeleted"], gone["MasterRecordId"]) == (True, winner)
