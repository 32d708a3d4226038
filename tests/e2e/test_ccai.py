"""Calls of the CCAI Platform become Tasks on their tickets, through trouble."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from connector.model import Delivery, Lane
from connector.sandbox.callyzer.people import LEAVER, TEAM
from connector.sandbox.faults import Fault
from tests.e2e.contact_centre import FLOW, Centre
from tests.e2e.processes import KILLED, Killer, Nursery
from tests.systems.ccai.line import basic


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with Centre(tmp_path) as opened:
        yield opened


@pytest.fixture
def centres(tmp_path: Path) -> Callable[[], Centre]:
    numbers = count()

    def centre() -> Centre:
        folder = tmp_path / f"centre-{next(numbers)}"
        folder.mkdir()
        return Centre(folder)

    return centre


# ── the right record ───────────────────────────────────────────────────────


def test_calls_are_on_the_cases_accounts_and_opportunities_that_are_their_tickets(
    centre: Centre,
) -> None:
    wanted = centre.tickets()
    calls = [centre.call(out_ticket_id=each) for each in wanted]
    short = centre.call(out_ticket_id=wanted[0][:15])

    centre.push()

    assert [centre.task(call)["WhatId"] for call in calls] == wanted
    assert centre.task(short)["WhatId"] == wanted[0]


def test_a_ticket_may_be_the_number_of_a_case(centre: Centre) -> None:
    case, *_ = centre.tickets()
    number = next(c["CaseNumber"] for c in centre.crm.rows("Case") if c["Id"] == case)
    calls = [centre.call(out_ticket_id=n) for n in (number, str(int(str(number))))]

    centre.push()

    assert {centre.task(call)["WhatId"] for call in calls} == {case}


def test_a_call_is_on_whom_the_platform_found(centre: Centre) -> None:
    contact = centre.crm.add("Contact", {"LastName": "Rao"})
    lead = centre.crm.add("Lead", {"LastName": "Hot", "Company": "C"})
    case, *_ = centre.tickets()
    calls = [
        centre.call(out_ticket_id=case, end_user={"id": 5, "out_contact_id": each})
        for each in (contact, lead, "389391400633")
    ]

    centre.push()

    found = [(t["WhoId"], t["WhatId"]) for t in map(centre.task, calls)]
    assert found == [(contact, case), (lead, None), (None, case)]


def test_a_call_is_its_agents_and_what_nobody_took_the_defaults(
    centre: Centre,
) -> None:
    users = {row["Email"]: row["Id"] for row in centre.crm.rows("User")}
    taken = centre.call(agent_info=centre.agent(TEAM[2].email).info())
    nobodys = centre.call(status="voicemail_received", agent_info=None)
    leavers = centre.call(agent_info=centre.agent(LEAVER.email).info())

    centre.push()

    owners = [centre.task(c)["OwnerId"] for c in (taken, nobodys, leavers)]
    default = users[TEAM[0].email]
    assert owners == [users[TEAM[2].email], default, default]


def test_a_task_says_what_the_call_was(centre: Centre) -> None:
    call = centre.call(
        call_type="Voice Outbound (API)",
        status="failed",
        call_duration=0,
        created_at="2026-11-20T23:30:00.000Z",
        recording_url="https://rec.example/1.mp3",
        end_user={"id": 5, "identifier": "+1 859-657-9625", "out_contact_id": None},
    )

    centre.push()

    task = centre.task(call)
    assert task["Subject"] == "Voice Outbound (API) call"
    assert (task["CallType"], task["CallDisposition"]) == ("Outbound", "no answer")
    assert (task["Status"], task["TaskSubtype"]) == ("Completed", "Call")
    assert task["ActivityDate"] == "2026-11-20"
    assert task["Call_Customer__c"] == "+18596579625"
    assert task["Call_Recording__c"] == "https://rec.example/1.mp3"


# ── what comes later ───────────────────────────────────────────────────────


def test_a_ticket_that_arrives_later_links_the_task(centre: Centre) -> None:
    case, account, _ = centre.tickets()
    call = centre.call()
    centre.push()
    assert centre.task(call)["WhatId"] is None

    centre.ccai.change(call, out_ticket_id=case)
    centre.later()
    assert centre.task(call)["WhatId"] == case

    centre.ccai.change(call, out_ticket_id=account)
    centre.later()
    assert centre.task(call)["WhatId"] == account


def test_a_link_that_an_agent_made_meanwhile_stands(centre: Centre) -> None:
    case, account, _ = centre.tickets()
    call = centre.call()
    centre.push()
    centre.crm.change(str(centre.task(call)["Id"]), WhatId=account)

    centre.ccai.change(call, out_ticket_id=case)
    centre.later()

    assert centre.task(call)["WhatId"] == account


def test_a_recording_and_a_status_that_come_later_update_the_task(
    centre: Centre,
) -> None:
    call = centre.call(status="deflected", agent_info=None)
    centre.push()
    centre.ccai.change(call, status="voicemail")
    centre.later()
    assert centre.task(call)["CallDisposition"] == "deflected"

    url = "https://rec.example/2.mp3"
    centre.ccai.change(call, status="voicemail_received", recording_url=url)
    counts = centre.later()

    assert counts.updated == 1
    assert centre.task(call)["CallDisposition"] == "voicemail"
    assert centre.task(call)["Call_Recording__c"] == url


def test_calls_under_way_are_no_tasks_and_an_event_tells_when_they_are(
    centre: Centre,
) -> None:
    call = centre.call(status="assigned")
    body = {"count": 1, "events": [{"item": {"call_id": call, "dn": "+18596579625"}}]}
    event = Delivery(headers=basic("ccai:s3cret"), body=json.dumps(body).encode())
    with centre.app() as app:
        hook = app.webhook("ccai")
        assert hook is not None
        assert hook.authentic(event)
        ids = hook.nudged(event)["calls"]

    def nudged() -> int:
        centre.ccai.faults.add(Fault("/manager/api/v1/calls", body="[]"))  # the tail
        with centre.app() as app, app.store.writing() as tx:
            tx.nudge(FLOW, ids)
        centre.push()
        return len(centre.tasks())

    assert nudged() == 0
    for _ in range(3):
        centre.ccai.advance(call)
    assert nudged() == 1


def test_an_owner_whose_address_could_not_be_read_is_found_by_the_reread(
    centre: Centre,
) -> None:
    users = {row["Email"]: row["Id"] for row in centre.crm.rows("User")}
    call = centre.call(agent_info=centre.agent(TEAM[2].email).info())
    centre.ccai.faults.add(Fault("/agents", status=403, times=-1))
    centre.push()
    assert centre.task(call)["OwnerId"] == users[TEAM[0].email]

    centre.ccai.faults.clear()
    centre.push(Lane.REREAD)
    centre.later()

    assert centre.task(call)["OwnerId"] == users[TEAM[2].email]


# ── nothing lost, nothing twice ────────────────────────────────────────────


def test_calls_may_arrive_move_and_get_their_tickets_while_they_are_read(
    centre: Centre,
) -> None:
    for ticket in centre.tickets():
        centre.ccai.account.add_ticket(ticket)
    centre.ccai.load(420, seed=3, days=3)
    rng = Random(11)  # noqa: S311  repeatable
    centre.ccai.moods.moves.update({1: 5})

    def busy(_: object) -> None:
        for _ in range(20):
            centre.clock.shift(milliseconds=200)
            centre.ccai.arrive(rng)

    centre.pages.after = busy
    centre.push()
    centre.later()
    centre.later()

    centre.assert_truth()


def test_more_calls_of_one_moment_than_a_page_holds_are_all_tasks(
    centre: Centre,
) -> None:
    centre.ccai.load(330, seed=5, days=3)
    centre.ccai.touch()
    centre.clock.shift(minutes=10)
    centre.ccai.moods.moves.update({2: 3})

    centre.push()
    centre.later()

    centre.assert_truth()
    assert centre.later().read == 0
    assert centre.pages.count == 1


@pytest.mark.timeout(60)
def test_killed_at_any_page_nothing_is_lost_and_nothing_twice(
    centres: Callable[[], Centre], nursery: Nursery
) -> None:
    deaths = 0
    for number in count(1):
        with centres() as centre:
            case, *_ = centre.tickets()
            centre.ccai.load(230, seed=4, days=3, tickets=[case])
            killer = Killer(number)
            centre.pages.open()
            centre.pages.after = killer

            pid = nursery.start(centre.folder, "sync", FLOW, "--json")
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            centre.ccai.change(1, out_ticket_id=case)
            centre.later()

            centre.assert_truth()
    assert deaths >= 3


def test_one_request_a_second_is_kept_by_all_that_share_the_state(
    tmp_path: Path,
) -> None:
    with Centre(tmp_path, per_second=1) as centre:
        centre.ccai.load(330, seed=2, days=3)
        before = centre.clock.now()

        centre.push()
        centre.push(Lane.REREAD)

        asked = centre.ccai.faults.requests
        assert {each.status for each in asked} == {200}
        assert len(asked) >= 7
        assert centre.clock.now() - before >= timedelta(seconds=len(asked) - 1)
        centre.assert_truth()


def test_a_faulty_platform_loses_nothing(centre: Centre) -> None:
    centre.ccai.load(250, seed=2, days=3)
    centre.ccai.faults.add(Fault("/calls", status=429, skip=1, times=1))
    centre.ccai.faults.add(Fault("/calls", cut="half", skip=2, times=2))

    assert centre.sync().exit_code == 0

    centre.assert_truth()
