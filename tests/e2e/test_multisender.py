"""Receivers' outcomes at Multisender become Tasks: once, and as they are in the end."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from connector.model import Lane
from connector.sandbox.faults import Fault
from connector.sandbox.multisender.dialling import Kind
from connector.service.checking import against_crm
from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from tests.e2e.campaign import FIRST, TOKEN, Campaign
from tests.e2e.gate import Passing
from tests.e2e.world import Assembly

ROOT = Path(__file__).parents[2]
SHIPPED = ("multisender-click-to-calls", "multisender-rsvp-calls", "directory")


@pytest.fixture(params=get_args(Kind))
def campaign(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Campaign]:
    with Campaign(tmp_path, request.param) as opened:
        yield opened


def writes(campaign: Campaign) -> int:
    return len(campaign.crm.writes)


def show(campaign: Campaign, **change: object) -> None:
    """Have the next list show something else of the first receiver."""
    calls = campaign.vendor.records(campaign.kind)
    calls[0]["receivers"][0] |= change
    campaign.vendor.faults.add(Fault(f"/{campaign.kind}$", body=json.dumps(calls)))


# ── from day to day ────────────────────────────────────────────────────────


def test_everybody_who_was_called_has_one_task(campaign: Campaign) -> None:
    call = campaign.call(5)
    campaign.ring(call, 1, reply="accept", seconds=42)
    campaign.ring(call, 2, reply="decline")
    campaign.ring(call, 3, 3)

    report = campaign.sync()

    assert (report.exit_code, len(campaign.tasks())) == (0, 3)
    campaign.assert_truth()
    task = campaign.task(call, 1)
    assert task["Subject"] == f"Call to +{FIRST}"
    assert task["CallDurationInSeconds"] == 42


def test_a_scan_that_shows_nothing_new_writes_nothing(campaign: Campaign) -> None:
    call = campaign.call(450)
    campaign.ring(call, *range(1, 251))
    campaign.sync()
    before = writes(campaign)

    reports = [campaign.later() for _ in range(2)]

    assert [report.exit_code for report in reports] == [0, 0]
    assert [report.runs[0].counts.unchanged for report in reports] == [250, 250]
    assert (writes(campaign), len(campaign.tasks())) == (before, 250)


def test_an_outcome_that_changes_updates_its_task_and_no_other(
    campaign: Campaign,
) -> None:
    call = campaign.call(3)
    campaign.ring(call, 1, 2)
    campaign.sync()
    before = campaign.task(call, 1)["Id"]
    campaign.clock.shift(minutes=10)
    campaign.ring(call, 1, reply="accept")
    campaign.ring(call, 3)

    report = campaign.later()

    counts = report.runs[0].counts
    assert (counts.created, counts.updated, counts.unchanged) == (1, 1, 1)
    assert campaign.task(call, 1)["Id"] == before
    campaign.assert_truth()


def test_a_call_that_multisender_forgets_leaves_its_tasks(campaign: Campaign) -> None:
    call = campaign.call(2)
    campaign.ring(call, 1, 2, reply="accept")
    campaign.sync()
    campaign.vendor.remove(campaign.kind, call)

    report = campaign.later()

    assert (report.exit_code, len(campaign.tasks())) == (0, 2)


def test_a_later_call_with_an_earlier_time_gets_in(campaign: Campaign) -> None:
    """In the hour that comes twice, as clocks are put back."""
    call = campaign.call(1)
    for reply, at in ((None, "03:50:00"), ("accept", "03:10:00")):
        campaign.ring(call, 1, reply="accept" if reply else None)
        show(campaign, latestCallAt=f"2026-10-25 {at}")
        campaign.later()

    assert campaign.task(call, 1)["CallDisposition"] == "accept"


def test_a_receiver_that_cannot_be_read_is_set_aside_until_it_can(
    campaign: Campaign,
) -> None:
    call = campaign.call(2)
    campaign.ring(call, 1, 2, reply="accept")
    show(campaign, callDuration="a while")

    first = campaign.sync()
    with campaign.app() as app:
        (entry,) = app.store.asides()
    second = campaign.later()

    assert (first.exit_code, first.left_aside) == (1, 1)
    assert (entry.record_id, entry.code) == (f"{call}:1", "UNREADABLE")
    assert (second.exit_code, second.left_aside) == (0, 0)
    campaign.assert_truth()


def test_calls_that_are_made_while_tasks_are_written_get_in_next_time(
    campaign: Campaign,
) -> None:
    call = campaign.call(210)
    campaign.ring(call, *range(1, 211))

    def meanwhile(passing: Passing) -> None:
        campaign.ring(call, passing.number, reply="accept")

    campaign.writes.before = meanwhile
    campaign.sync()
    report = campaign.later()

    assert report.exit_code == 0
    campaign.assert_truth()


def test_the_token_goes_in_both_headers_that_the_document_names(
    campaign: Campaign,
) -> None:
    seen: list[dict[str, str]] = []

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(dict(Request(scope).headers))
        await JSONResponse([])(scope, receive, send)

    campaign.asked.app = heard
    campaign.sync()

    (headers,) = seen
    token = campaign.vendor.token
    assert headers["x-access-token"] == headers["x-authentication-token"] == token


# ── webhooks ───────────────────────────────────────────────────────────────


@pytest.fixture
def served(campaign: Campaign) -> Iterator[tuple[Assembly, str]]:
    """Have the service take webhooks in; the connector, and where."""
    with campaign.app() as app:
        schedule = Schedule(app=app, runner=app.runner())
        schedule.look()
        with serving(create_web(app, schedule), "127.0.0.1", 0) as port:
            yield app, f"http://127.0.0.1:{port}/webhooks/multisender"


def noted(app: Assembly) -> list[str]:
    return [nudge.record_id for nudge in app.store.nudges("outcomes", 10)]


def test_a_receiver_that_a_webhook_names_is_fetched(
    campaign: Campaign, served: tuple[Assembly, str]
) -> None:
    app, address = served
    told = {"receiverWebhookUrl": f"{address}/{TOKEN}", "meta": {"note": "x"}}
    call = campaign.call(3, **told)
    campaign.ring(call, 2, reply="accept")
    assert campaign.vendor.failures() == []
    names = noted(app)
    listing = Fault(f"/{campaign.kind}$", body="[]")
    campaign.vendor.faults.add(listing)

    run = app.run(Lane.LIVE)

    assert (names, run.outcome, noted(app)) == ([f"{call}:2"], "done", [])
    assert [row["Call_Key__c"] for row in campaign.tasks()] == [f"multisender:{call}:2"]
    campaign.assert_truth()


@pytest.mark.parametrize("secret", ["", "/wrong"])
def test_a_webhook_to_another_address_is_refused(
    campaign: Campaign, served: tuple[Assembly, str], secret: str
) -> None:
    app, address = served
    call = campaign.call(1, receiverWebhookUrl=f"{address}{secret}")

    campaign.ring(call, 1, reply="accept")

    (failed,) = campaign.vendor.failures()
    assert (failed.status, noted(app)) == (401, [])


# ── the mapping files that ship ────────────────────────────────────────────


def test_the_mapping_files_that_ship_put_calls_onto_the_right_people(
    tmp_path: Path,
) -> None:
    with Campaign(tmp_path) as campaign:
        shutil.rmtree(tmp_path / "mappings")
        (tmp_path / "mappings").mkdir()
        for name in SHIPPED:
            shutil.copy(ROOT / "mappings" / f"{name}.yaml", tmp_path / "mappings")
        contact = campaign.crm.add("Contact", {"LastName": "A", "Phone": f"+{FIRST}"})
        for campaign.kind in get_args(Kind):
            campaign.ring(campaign.call(2), 1, reply="accept", seconds=42)

        with campaign.app() as app:
            said = list(against_crm(app, app.flows()))
            outcomes = run_all(app)

        assert [row for row in said if row["severity"] == "error"] == []
        assert outcomes == ["done", "done"]
        tasks = {row["Call_Key__c"]: row for row in campaign.tasks()}
        assert tasks.keys() == {"multisender-click:1:1", "multisender-rsvp:1:1"}
        for task in tasks.values():
            assert {name: task[name] for name in EXPECTED} == EXPECTED
            assert task["WhoId"] == contact


EXPECTED = {
    "Status": "Completed",
    "CallType": "Outbound",
    "TaskSubtype": "Call",
    "CallDisposition": "Accepted",
    "Description": "Outcome: answered. Reply: accept. Calls made: 1.",
    "CallDurationInSeconds": 42,
}


def run_all(app: Assembly) -> list[str]:
    """Refresh the directory and run each flow; the outcomes."""
    folder = app.flows()
    assert folder.directory
    app.runner().refresh(folder.directory)
    flows = [flow for flow in folder.flows if flow.system == "multisender"]
    runs = [app.runner().run(f, app.source(f, Lane.LIVE), Lane.LIVE) for f in flows]
    return [run.outcome for run in runs]
