"""The Call button presses as the org's own code does (CallCustomerController)."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.button import EXPIRES
from connector.sandbox.salesforce.schema.shape import Row
from tests.sandbox.test_salesforce.keys import Hand, agent, record


def test_a_press_makes_an_open_task_of_the_agent_with_a_request(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    grace = agent(sandbox, "106")

    request = sandbox.press(str(aditi["Id"]), by=grace)

    (task,) = sandbox.rows("Task")
    expected: Row = {
        "Call_Request__c": "Requested",
        "Call_Request_Id__c": request,
        "Call_Requested_At__c": "2026-11-05T06:30:00.000+0000",
        "Call_Number__c": aditi["Phone"],
        "Call_Message__c": None,
        "OwnerId": grace,
        "WhoId": aditi["Id"],
        "WhatId": None,
        "Subject": "Call to Aditi Rao",
        "TaskSubtype": "Call",
        "ActivityDate": "2026-11-05",
        "IsReminderSet": False,
        "IsClosed": False,
    }
    assert expected.items() <= task.items()
    assert UUID(request).version == 4


def test_whoever_presses_by_default_has_an_agent_id(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.press(str(aditi["Id"]))

    assert sandbox.rows("Task")[0]["OwnerId"] == agent(sandbox, "101")


def test_the_owner_presses_by_default_if_they_can(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.change(str(aditi["Id"]), OwnerId=agent(sandbox, "104"))

    sandbox.press(str(aditi["Id"]))

    assert sandbox.rows("Task")[0]["OwnerId"] == agent(sandbox, "104")


def test_a_second_press_while_one_is_under_way_asks_for_nothing(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    first = sandbox.press(str(aditi["Id"]))

    second = sandbox.press(str(aditi["AccountId"]))

    assert second == first
    assert len(sandbox.rows("Task")) == 1


def test_somebody_else_can_press_meanwhile(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    first = sandbox.press(str(aditi["Id"]))

    second = sandbox.press(str(aditi["Id"]), by=agent(sandbox, "102"))

    assert second != first


@pytest.mark.parametrize("state", ["Placed", "Refused", "Expired", "Unknown"])
def test_a_press_after_an_answer_is_a_new_request(
    sandbox: SalesforceSandbox, aditi: Row, state: str
) -> None:
    first = sandbox.press(str(aditi["Id"]))
    sandbox.change(str(sandbox.rows("Task")[0]["Id"]), Call_Request__c=state)

    second = sandbox.press(str(aditi["Id"]))

    assert second != first
    assert len(sandbox.rows("Task")) == 2


def test_a_request_that_is_too_old_is_under_way_no_more(
    sandbox: SalesforceSandbox, aditi: Row, hand: Hand
) -> None:
    first = sandbox.press(str(aditi["Id"]))

    hand.move(seconds=(EXPIRES - timedelta(seconds=1)).total_seconds())
    within = sandbox.press(str(aditi["Id"]))
    hand.move(seconds=1)
    after = sandbox.press(str(aditi["Id"]))

    assert (within == first, after == first) == (True, False)


def test_a_deleted_or_closed_request_is_withdrawn(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    requests = {sandbox.press(str(aditi["Id"]))}
    sandbox.delete(str(sandbox.rows("Task")[0]["Id"]))
    requests.add(sandbox.press(str(aditi["Id"])))
    sandbox.change(str(sandbox.rows("Task")[0]["Id"]), Status="Completed")
    requests.add(sandbox.press(str(aditi["Id"])))

    assert len(requests) == 3


def test_an_agents_own_open_task_carries_the_request_itself(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    own = sandbox.add(
        "Task",
        {
            "Subject": "Call back",
            "Call_Customer__c": "+1 212 555 0100",
            "Call_Message__c": "Unable to place call - Agent number busy",
            "WhoId": aditi["Id"],
            "OwnerId": agent(sandbox, "103"),
        },
    )

    request = sandbox.press(own)

    (task,) = sandbox.rows("Task")
    assert (task["Id"], task["Call_Request_Id__c"]) == (own, request)
    assert (task["Subject"], task["Call_Message__c"]) == ("Call back", None)
    assert task["Call_Number__c"] == "+1 212 555 0100"


def test_a_colleagues_task_is_left_alone(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    values: Row = {"WhatId": aditi["AccountId"], "OwnerId": agent(sandbox, "103")}
    theirs = sandbox.add("Task", {**values, "Call_Customer__c": "+1 212 555 0100"})

    sandbox.press(theirs, by=agent(sandbox, "102"))

    before, after = sandbox.rows("Task")
    assert before["Call_Request__c"] is None
    assert after["WhatId"] == aditi["AccountId"]
    assert after["OwnerId"] == agent(sandbox, "102")


def test_a_case_offers_its_contact_itself_and_its_account(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.change(str(aditi["Id"]), DoNotCall=True)
    people: Row = {"ContactId": aditi["Id"], "AccountId": aditi["AccountId"]}
    case = sandbox.add("Case", {**people, "SuppliedPhone": "02240001009"})

    panel = client.get(f"/sandbox/record/{case}/panel").json()
    sandbox.press(case, "02240001009")

    account = record(sandbox, "Account", "Meridian Textiles")
    offered = [(phone["value"], phone["name"]) for phone in panel["phones"]]
    assert offered == [
        (aditi["Phone"], "Aditi Rao"),
        ("02240001009", None),
        (account["Phone"], "Meridian Textiles"),
    ]
    assert {phone["do_not_call"] for phone in panel["phones"]} == {True}
    (task,) = sandbox.rows("Task")
    assert (task["WhatId"], task["WhoId"]) == (case, aditi["Id"])
    assert task["Subject"] == "Call to 02240001009"


def test_an_opportunity_offers_its_people_the_primary_first(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    deal = sandbox.add("Opportunity", {"Name": "Looms", "StageName": "Prospecting"})
    second = record(sandbox, "Contact", "Chetan Kulkarni")
    for person, primary in ((aditi, False), (second, True)):
        tie: Row = {"OpportunityId": deal, "ContactId": person["Id"]}
        sandbox.add("OpportunityContactRole", {**tie, "IsPrimary": primary})

    panel = client.get(f"/sandbox/record/{deal}/panel").json()

    values = [phone["value"] for phone in panel["phones"]]
    assert values == [second["MobilePhone"], aditi["Phone"]]


def test_of_two_people_with_one_number_either_is_warned_of(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    deal = sandbox.add("Opportunity", {"Name": "Looms", "StageName": "Prospecting"})
    second = record(sandbox, "Contact", "Chetan Kulkarni")
    sandbox.change(str(second["Id"]), MobilePhone=aditi["Phone"], DoNotCall=True)
    for person, primary in ((aditi, True), (second, False)):
        tie: Row = {"OpportunityId": deal, "ContactId": person["Id"]}
        sandbox.add("OpportunityContactRole", {**tie, "IsPrimary": primary})

    (phone,) = client.get(f"/sandbox/record/{deal}/panel").json()["phones"]

    assert (phone["name"], phone["who"]) == ("Aditi Rao", aditi["Id"])
    assert (phone["do_not_call"], phone["unwilling"]) == (True, "Chetan Kulkarni")


def test_a_converted_leads_opportunity_offers_its_contact(
    sandbox: SalesforceSandbox,
) -> None:
    lead = record(sandbox, "Lead", "Deepa Krishnan")
    converted = sandbox.convert(str(lead["Id"]))

    sandbox.press(str(converted.opportunity))

    (task,) = sandbox.rows("Task")
    assert task["WhoId"] == converted.contact
    assert task["WhatId"] == converted.opportunity


def test_a_lead_is_called_without_anything_it_is_about(
    sandbox: SalesforceSandbox,
) -> None:
    lead = record(sandbox, "Lead", "Deepa Krishnan")

    sandbox.press(str(lead["Id"]))

    (task,) = sandbox.rows("Task")
    assert (task["WhoId"], task["WhatId"]) == (lead["Id"], None)


def test_a_number_that_stands_twice_is_offered_once(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.change(str(aditi["Id"]), MobilePhone=aditi["Phone"])

    panel = client.get(f"/sandbox/record/{aditi['Id']}/panel").json()

    assert [phone["label"] for phone in panel["phones"]] == ["Business Phone"]


def test_what_can_not_be_called_is_refused_in_words(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    nobody = str(record(sandbox, "Contact", "Rajiv Kamath")["Id"])

    with pytest.raises(ValueError, match="no longer has the number 555"):
        sandbox.press(str(aditi["Id"]), "555")
    with pytest.raises(ValueError, match="no phone number here"):
        sandbox.press(nobody)
    with pytest.raises(KeyError):
        sandbox.press(sandbox.user_id)
    with pytest.raises(KeyError):
        sandbox.press("003000000000000")
    assert sandbox.rows("Task") == []


def test_what_the_org_refuses_reaches_the_agent_in_its_words(
    sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.lock_value("WhoId", aditi["Id"])

    with pytest.raises(ValueError, match="unable to obtain exclusive access"):
        sandbox.press(str(aditi["Id"]))
