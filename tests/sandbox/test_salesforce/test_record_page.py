"""The stand-in record page, and what its button asks over HTTP."""

import re
from pathlib import Path

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.button_script import SCRIPT
from connector.sandbox.salesforce.schema.shape import Row
from tests.sandbox.test_salesforce.keys import agent

LWC = Path(__file__).parents[3] / "salesforce/force-app/main/default/lwc"
COMPONENT = LWC / "callCustomer/callCustomer.js"


def test_a_press_over_http_is_looked_at_until_it_has_an_answer(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    body = {"number": aditi["Phone"], "by": agent(sandbox, "105")}

    pressed = client.post(f"/sandbox/record/{aditi['Id']}/press", json=body)
    asked = pressed.json()
    looked = client.get(f"/sandbox/requests/{asked['task']}").json()
    sandbox.change(asked["task"], Call_Request__c="Refused", Call_Message__c="Busy")
    refused = client.get(f"/sandbox/requests/{asked['task']}").json()

    assert pressed.status_code == 201
    assert (
        looked
        == asked
        == {
            "task": sandbox.rows("Task")[0]["Id"],
            "id": sandbox.rows("Task")[0]["Call_Request_Id__c"],
            "state": "Requested",
            "message": None,
            "number": aditi["Phone"],
            "under_way": True,
        }
    )
    assert (refused["state"], refused["message"]) == ("Refused", "Busy")
    assert refused["under_way"] is False


def test_a_press_needs_no_body(client: httpx.Client, aditi: Row) -> None:
    pressed = client.post(f"/sandbox/record/{aditi['Id']}/press")

    assert pressed.json()["number"] == aditi["Phone"]


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("POST", "record/{}/press", "no longer has the number"),
        ("GET", "record/{}/panel?by=nobody", "not known"),
        ("GET", "record/nothing/panel", "not known"),
        ("GET", "record/nothing", "not known"),
        ("GET", "list/Nothing", "not known"),
    ],
)
def test_what_is_not_there_is_said_to_be_so(
    client: httpx.Client, aditi: Row, method: str, path: str, told: str
) -> None:
    body = {"number": "555"} if method == "POST" else None

    answer = client.request(method, f"/sandbox/{path.format(aditi['Id'])}", json=body)

    assert answer.status_code == 400
    assert told in answer.json()["message"]


def test_a_task_that_is_gone_is_looked_at_in_vain(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.press(str(aditi["Id"]))
    task = str(sandbox.rows("Task")[0]["Id"])
    sandbox.delete(task)

    looks = [client.get(f"/sandbox/requests/{each}") for each in (task, aditi["Id"])]

    assert [(look.status_code, look.json()) for look in looks] == [(200, None)] * 2


def test_the_panel_tells_who_has_no_agent_id(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    path = f"/sandbox/record/{aditi['Id']}/panel"

    panels = [
        client.get(path, params={"by": by}).json()
        for by in (sandbox.user_id, agent(sandbox, "107"))
    ]

    assert [panel["has_agent_id"] for panel in panels] == [False, True]


def test_the_record_page_has_the_button_and_shows_the_calls_from_there(
    client: httpx.Client, sandbox: SalesforceSandbox, aditi: Row
) -> None:
    sandbox.change(str(aditi["Id"]), Title="<b>Boss</b>")
    sandbox.press(str(aditi["Id"]))
    task = str(sandbox.rows("Task")[0]["Id"])
    words = "Unable to place call - <busy>"
    sandbox.change(task, Call_Request__c="Refused", Call_Message__c=words)

    page = client.get(f"/sandbox/record/{aditi['Id']}").text

    assert '<button id="call" disabled>Call</button>' in page
    assert "&lt;b&gt;Boss" in page
    assert f'<a href="../record/{task}">Call to Aditi Rao</a> — Refused: ' in page
    assert "Unable to place call - &lt;busy&gt;" in page
    assert f'<a href="../record/{aditi["AccountId"]}">Meridian Textiles</a>' in page


def test_a_record_that_can_not_be_called_has_no_button(
    client: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    dial = sandbox.add("Call_Dial__c", {"Request_Id__c": "r1"})

    page = client.get(f"/sandbox/record/{dial}").text

    assert "DIAL-000001" in page
    assert "<button" not in page


def test_records_are_listed_by_name(
    client: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    first = sandbox.rows("Contact")[0]
    sandbox.add("Case", {"Subject": "Late"})

    contacts, cases, dials = (
        client.get(f"/sandbox/list/{name}").text
        for name in ("Contact", "Case", "Call_Dial__c")
    )

    assert f'<a href="../record/{first["Id"]}">Aditi Rao</a>' in contacts
    assert ">00001001</a>" in cases
    assert "None yet." in dials


def test_the_page_says_what_the_component_says() -> None:
    filled, joined = re.compile(r"\$\{[^}]*\}"), re.compile(r'"\s*\+\s*"')
    component = filled.sub("", COMPONENT.read_text(encoding="utf-8"))
    said = [
        *re.findall(r'^(?:const| {4}Placed).* "(.*)"[;,]$', component, re.MULTILINE),
        *re.findall(r"`(.*)`", component),
    ]

    script = filled.sub("", joined.sub("", SCRIPT))

    assert len(said) == 12
    assert [words for words in said if words not in script] == []
