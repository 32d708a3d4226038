"""The sandbox CRM's first page, in a real browser."""

from pathlib import Path

import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server
from tests.browser.chromium import Page
from tests.sandbox.test_salesforce.keys import ID, SECRET, record

pytestmark = pytest.mark.timeout(60)  # a browser starts, perhaps on a busy machine


def test_the_newest_calls_fit_a_page_of_1200_pixels(page: Page, tmp_path: Path) -> None:
    crm = SalesforceSandbox(client_id=ID, client_secret=SECRET)
    crm.add(
        "Task",
        {
            "Subject": "Outgoing call to Kevin O'Neil (not answered)",
            "WhoId": record(crm, "Contact", "Aditi Rao")["Id"],
            "CallType": "Outbound",
            "CallDurationInSeconds": 4012,
            "ActivityDate": "2026-11-21",
            "Status": "In Progress",
            "Call_Request__c": "Requested",
            "Call_Key__c": "callyzer-unanswered:919930042189:DS_ofPbc0668PPlj",
            "Description": "Asked for the price list by e-mail. " * 8,
        },
    )

    with Server(crm.app) as server:
        page.open(f"{server.url}/sandbox/")
        page.picture(tmp_path / "home.png")
        shown, whole = page.value(
            "(({ clientWidth, scrollWidth }) => [clientWidth, scrollWidth])"
            "(document.querySelector('.wide'))"
        )

    assert shown == whole
