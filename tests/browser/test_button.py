"""The Call button of the sandbox CRM's record page, pressed in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.server import Server
from tests.browser.chromium import Page
from tests.sandbox.test_salesforce.ear import TOKEN, Ear
from tests.sandbox.test_salesforce.keys import ID, SECRET, record

pytestmark = pytest.mark.timeout(60)  # a browser starts, perhaps on a busy machine

BUSY = "Unable to place call - Agent number busy"
MOBILE = "+91 98200 98200"
SECONDS = 10
"""In which a nudge has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An agent's screen, the CRM behind it, and who plays the connector."""

    page: Page
    crm: SalesforceSandbox
    ear: Ear
    url: str

    def open(self, row: Row) -> None:
        self.page.open(f"{self.url}/sandbox/record/{row['Id']}")

    def open_to_press(self, row: Row) -> None:
        self.open(row)
        self.page.until("!document.querySelector('#call').disabled")

    def nudged(self) -> str:
        """Wait for the next nudge; the task it is about."""
        body = self.ear.heard.get(timeout=SECONDS).body
        assert isinstance(body, dict)
        return str(body["id"])

    @property
    def can_press(self) -> bool:
        return not self.page.is_so("#call", "disabled")

    @property
    def tasks(self) -> list[str]:
        return [str(row["Id"]) for row in self.crm.rows("Task")]


@pytest.fixture
def desk(page: Page) -> Iterator[Desk]:
    crm, ear = SalesforceSandbox(client_id=ID, client_secret=SECRET), Ear()
    with Server(ear.app) as connector, Server(crm.app) as server:
        crm.nudges(connector.url, TOKEN)
        yield Desk(page=page, crm=crm, ear=ear, url=server.url)


@pytest.fixture
def aditi(desk: Desk) -> Row:
    return record(desk.crm, "Contact", "Aditi Rao")


def test_two_quick_presses_ask_for_one_call_and_a_refusal_lets_the_agent_press_again(
    desk: Desk, aditi: Row, tmp_path: Path
) -> None:
    page = desk.page
    desk.open_to_press(aditi)

    page.click("#call", times=2)
    first = desk.nudged()
    page.shows("#outcome", f"Calling {aditi['Phone']}…")
    page.picture(tmp_path / "calling.png")
    while_calling = (desk.tasks, desk.can_press)
    desk.crm.change(first, Call_Request__c="Refused", Call_Message__c=BUSY)
    page.shows("#outcome", "Refused: Agent number busy")
    page.shows("#details li:first-child", f"Call to Aditi Rao — Refused: {BUSY}")
    page.picture(tmp_path / "refused.png")
    when_refused = (desk.tasks, desk.can_press)
    page.click("#call")
    second = desk.nudged()

    assert while_calling == ([first], False)
    assert when_refused == ([first], True)
    assert desk.tasks == [first, second]
    assert desk.ear.heard.empty()


def test_a_call_that_was_placed_rings(desk: Desk, aditi: Row, tmp_path: Path) -> None:
    desk.open_to_press(aditi)

    desk.page.click("#call")
    desk.crm.change(desk.nudged(), Call_Request__c="Placed")
    desk.page.shows("#outcome", "Ringing… Pick up your phone.")
    desk.page.shows("#details li:first-child", "Call to Aditi Rao — Placed")
    desk.page.picture(tmp_path / "placed.png")

    assert not desk.can_press


def test_the_number_that_is_picked_is_called_and_an_unwilling_person_is_warned_of(
    desk: Desk, aditi: Row, tmp_path: Path
) -> None:
    desk.crm.change(str(aditi["Id"]), MobilePhone=MOBILE, DoNotCall=True)
    desk.open_to_press(aditi)

    desk.page.shows("#warning", "Aditi Rao does not want to be called.")
    desk.page.click("#numbers label:nth-child(2) input")
    desk.page.picture(tmp_path / "numbers.png")
    desk.page.click("#call")
    desk.page.shows("#outcome", f"Calling {MOBILE}…")

    (task,) = desk.crm.rows("Task")
    assert task["Call_Number__c"] == MOBILE
    assert desk.page.is_so("#phones", "disabled")


@pytest.mark.parametrize(
    ("state", "message", "shown"),
    [
        ("Expired", "It was asked for 2 minutes ago.", "Expired: {}"),
        ("Blocked", "Do not call: Who.DoNotCall is set.", "Blocked: {}"),
        (
            "Unknown",
            "The answer was lost",
            "Unknown: {}. It may have rung: look at your phone before you call again.",
        ),
    ],
)
def test_a_call_that_is_under_way_elsewhere_is_followed_to_its_end(
    desk: Desk, aditi: Row, state: str, message: str, shown: str
) -> None:
    desk.crm.press(str(aditi["Id"]))
    desk.open(record(desk.crm, "Account", "Meridian Textiles"))
    desk.page.shows("#outcome", f"Calling {aditi['Phone']}…")
    before = desk.can_press

    (task,) = desk.tasks
    desk.crm.change(task, Call_Request__c=state, Call_Message__c=message)
    desk.page.shows("#outcome", shown.format(message))

    assert (before, desk.can_press) == (False, True)


def test_a_request_whose_task_is_gone_can_be_made_again(desk: Desk, aditi: Row) -> None:
    desk.crm.press(str(aditi["Id"]))
    desk.open(aditi)
    desk.page.shows("#outcome", f"Calling {aditi['Phone']}…")

    desk.crm.delete(*desk.tasks)
    desk.page.until("document.querySelector('#problem').innerText.includes('gone')")

    assert desk.can_press


def test_what_the_org_refuses_is_shown_in_its_words(desk: Desk, aditi: Row) -> None:
    desk.open_to_press(aditi)
    desk.crm.lock_value("WhoId", aditi["Id"])

    desk.page.click("#call")
    desk.page.until(
        "document.querySelector('#problem').innerText.includes('exclusive')"
    )

    assert desk.can_press
    assert desk.tasks == []
    assert desk.ear.heard.empty()


def test_who_can_not_call_is_told_why(desk: Desk, tmp_path: Path) -> None:
    desk.open(record(desk.crm, "Contact", "Rajiv Kamath"))
    desk.page.shows("#outcome", "There is no phone number here that you can see.")

    desk.page.choose("#by", desk.crm.user_id)
    desk.page.until("document.querySelector('#warning').innerText.includes('agent id')")
    desk.page.picture(tmp_path / "nobody.png")

    assert not desk.can_press
