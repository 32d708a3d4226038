"""Made-up calls are those of the cast, and calls go on until they end."""

from collections import Counter
from random import Random

import httpx
import pytest

from connector.sandbox.ccai import TERMINAL, CcaiSandbox
from connector.sandbox.ccai.moments import moment
from tests.sandbox.test_ccai.document import INBOUND, OUTBOUND, SCHEDULED, Clock

CASES = tuple(f"500{at:012}" for at in range(5))
CONTACTS = tuple(f"003{at:012}" for at in range(20))


@pytest.fixture
def busy(clock: Clock) -> CcaiSandbox:
    return CcaiSandbox(
        requests_per_second=0, now=clock, tickets=CASES, contacts=CONTACTS
    )


def test_loaded_calls_have_ended_in_the_days_before(
    busy: CcaiSandbox, clock: Clock
) -> None:
    busy.load(300, seed=7, days=3)

    calls = busy.calls()
    assert len(busy) == 300
    assert {call["status"] for call in calls} <= TERMINAL
    assert len({call["status"] for call in calls}) >= 6
    assert calls == sorted(calls, key=lambda call: str(call["ends_at"]))
    for call in calls:
        created, ended = moment(call["created_at"]), moment(call["ends_at"])
        assert created < ended == moment(call["updated_at"]) <= clock.at
        assert (clock.at - ended).total_seconds() <= 3 * 86_400


def test_calls_go_both_ways_and_some_are_about_a_ticket_or_a_contact(
    busy: CcaiSandbox,
) -> None:
    busy.load(400)

    calls = busy.calls()
    types = Counter(str(call["call_type"]) for call in calls)
    tickets = {call["out_ticket_id"] for call in calls}
    contacts = Counter(str(call["end_user"]["out_contact_id"]) for call in calls)  # type: ignore[index] # it is an object
    assert min(types["Voice Inbound (API)"], types["Voice Outbound (API)"]) > 100
    assert tickets == {None, *CASES}
    assert set(contacts) == {"None", *CONTACTS}
    assert min(contacts["None"], contacts.total() - contacts["None"]) > 50


def test_a_call_about_a_ticket_is_with_the_customer_whose_it_is(
    busy: CcaiSandbox,
) -> None:
    busy.load(400)

    whose = {(c["out_ticket_id"], str(c["end_user"])) for c in busy.calls()}
    assert len({pair for pair in whose if pair[0]}) == len(CASES)


def test_a_call_that_was_talked_on_has_its_times_in_order(busy: CcaiSandbox) -> None:
    busy.load(200)

    talked = [call for call in busy.calls() if call["status"] == "finished"]
    assert len(talked) > 100
    for call in talked:
        times = [moment(call[n]) for n in ("created_at", "connected_at", "ends_at")]
        assert times == sorted(times)
        assert (times[2] - times[1]).total_seconds() == call["call_duration"] != 0
        assert call["agent_info"]
    rated = [call for call in talked if call["has_feedback"]]
    assert all(call["rating"] for call in rated)
    assert 0 < len(rated) < sum(bool(call["recording_url"]) for call in talked)


def test_a_customer_talks_to_somebody_of_their_own_country(busy: CcaiSandbox) -> None:
    rng = Random(1)  # noqa: S311 - repeatable, not secret
    american = busy.account.meet("+1 312-555-0101")

    agents = {busy.account.agent_for(rng, american).name for _ in range(50)}

    assert agents == {"Grace Whitfield", "Marcus Odell"}


def test_the_same_seed_makes_the_same_calls(busy: CcaiSandbox, clock: Clock) -> None:
    twin = CcaiSandbox(now=clock, contacts=CONTACTS)
    busy.load(50, seed=3)
    twin.load(50, seed=3, tickets=CASES)

    assert busy.calls() == twin.calls()


def test_without_tickets_and_contacts_no_call_has_any(clock: Clock) -> None:
    sandbox = CcaiSandbox(now=clock)
    sandbox.load(50)

    assert {call["out_ticket_id"] for call in sandbox.calls()} == {None}
    assert all("'out_contact_id': None" in str(c["end_user"]) for c in sandbox.calls())


def test_a_call_in_progress_goes_through_its_statuses_to_its_end(
    sandbox: CcaiSandbox, clock: Clock, apps: httpx.Client
) -> None:
    call_id = apps.post("/calls", json=INBOUND).json()["id"]
    seen = []
    for _ in range(4):
        clock.advance(10)
        seen.append(sandbox.advance(call_id)["status"])
    call = sandbox.call(call_id)

    assert seen == ["assigned", "connecting", "connected", "finished"]
    assert call["agent_info"]
    assert (call["queue_duration"], call["call_duration"]) == (30, 10)
    assert call["assigned_at"] == "2019-09-10T00:19:24.000Z"
    assert call["ends_at"] == call["updated_at"] == "2019-09-10T00:19:54.000Z"
    with pytest.raises(KeyError, match="finished"):
        sandbox.advance(call_id)


def test_the_agent_who_dialled_stays_and_the_participants_go_along(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    dialled = apps.post("/calls", json=OUTBOUND).json()

    seen = [sandbox.advance(dialled["id"]) for _ in range(3)]

    assert all(call["agent_info"] == dialled["agent_info"] for call in seen)
    assert [
        {p["status"] for p in call["participants"]}  # type: ignore[attr-defined] # it is a list
        for call in seen
    ] == [{"waiting"}, {"connected"}, {"finished"}]


def test_a_call_without_an_agent_gets_one_and_keeps_whom_it_was_given(
    sandbox: CcaiSandbox,
) -> None:
    given = {"id": 22, "name": "Rohan Deshmukh"}
    sandbox.add({"id": 1, "status": "queued", "agent_info": given})
    sandbox.add({"id": 2, "status": "queued"}, number="+12125550106")

    assert sandbox.advance(1)["agent_info"] == given
    assert sandbox.advance(2)["agent_info"] not in (None, given)


def test_a_scheduled_call_is_queued_when_its_time_comes(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    call_id = apps.post("/calls", json=SCHEDULED).json()["id"]

    assert sandbox.advance(call_id)["status"] == "queued"


def test_a_voicemail_ends_once_and_is_read_later(
    sandbox: CcaiSandbox, clock: Clock
) -> None:
    call_id = int(
        str(sandbox.add({"status": "voicemail"}, number="+12125550106")["id"])
    )

    received = sandbox.advance(call_id)
    clock.advance(3600)
    read = sandbox.advance(call_id)

    assert (received["status"], read["status"]) == (
        "voicemail_received",
        "voicemail_read",
    )
    assert received["ends_at"] == read["ends_at"] != read["updated_at"]


def test_things_that_arrive_begin_go_on_and_get_their_tickets_late(
    busy: CcaiSandbox, clock: Clock
) -> None:
    rng = Random(5)  # noqa: S311 - repeatable, not secret
    late, statuses = set(), set()
    for _ in range(400):
        before = {call["id"]: call for call in busy.calls()}
        clock.advance(5)
        call = busy.call(busy.arrive(rng))
        statuses.add(call["status"])
        old = before.get(call["id"])
        if call["out_ticket_id"]:
            assert old is not None
            assert old["status"] == "finished"
            late.add(call["out_ticket_id"])

    assert late == set(CASES)
    assert {"queued", "assigned", "connecting", "connected", "finished"} <= statuses


def test_a_removed_call_is_gone(sandbox: CcaiSandbox, manager: httpx.Client) -> None:
    sandbox.load(2)

    sandbox.remove(1)
    sandbox.remove(1)

    assert [row["id"] for row in manager.get("/calls").json()] == [2]
    with pytest.raises(KeyError):
        sandbox.call(1)
