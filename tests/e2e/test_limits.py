"""The CRM's quota, its sessions and its credentials, in the middle of the work."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import timedelta
from threading import Barrier

import pytest

from connector.crm.salesforce.budget import ELSEWHERE
from connector.errors import QuotaReachedError
from connector.model import Payload
from connector.sandbox.faults import Fault
from connector.service.sync import sync
from tests.e2e.gate import Passing, refusing
from tests.e2e.processes import Nursery
from tests.e2e.world import FLOW, MAPPING, World

TOKEN = "oauth2/token"  # noqa: S105  a path
DAILY = "TotalRequests Limit exceeded."
MOST = 79_976
"""Calls of 100,000 that leave flows none: 20% are kept, 24 are those of elsewhere."""


@pytest.mark.parametrize("left", [1, 2, 3])
def test_a_quota_that_runs_out_in_the_middle_loses_nothing(
    world: World, left: int
) -> None:
    world.arrive(450)
    world.crm.use(MOST - left)

    waiting = world.sync()
    in_between = len(world.tasks())
    still = world.later()
    world.crm.use(0)
    report = world.later(hours=12)

    assert (waiting.exit_code, waiting.runs[0].outcome) == (1, "waiting")
    assert "daily API calls are used" in waiting.runs[0].message
    assert "20% are kept in reserve" in waiting.runs[0].message
    assert waiting.left_aside == 0
    assert in_between == 200 * (left - 1), "the describe costs a call as well"
    assert still.exit_code == 1
    assert report.exit_code == 0
    world.assert_truth()


def test_the_reserve_is_not_touched_by_writes(world: World) -> None:
    world.arrive(450)
    world.crm.use(80_000)

    for _ in range(3):
        world.later()

    assert world.tasks() == []
    assert list(world.crm.writes) == []


def test_a_process_that_goes_on_looks_again_when_the_quota_is_back(
    world: World,
) -> None:
    world.arrive(250)
    world.crm.use(80_000)
    with world.app() as app:
        waiting = app.sync()
        world.crm.use(0)
        world.clock.shift(minutes=6)
        report = app.sync()

    assert (waiting.exit_code, report.exit_code) == (1, 0)
    world.assert_truth()


@pytest.mark.parametrize("batch", [1, 2])
def test_a_request_limit_exceeded_in_the_middle_waits_and_names_the_limit(
    world: World, batch: int
) -> None:
    world.arrive(450)
    world.writes.before = lambda passing: (
        refusing("REQUEST_LIMIT_EXCEEDED", 403) if passing.number >= batch else None
    )

    waiting = world.sync()
    with world.app() as app:
        set_aside = app.store.quarantined(FLOW)
    paused = world.later(minutes=14)
    report = world.later(minutes=1)

    assert (waiting.exit_code, waiting.runs[0].outcome) == (1, "waiting")
    assert paused.runs[0].message.endswith("The next look is in a minute")
    assert "REQUEST_LIMIT_EXCEEDED" in waiting.runs[0].message
    assert waiting.runs[0].retry_after == 900
    assert set_aside == 0
    assert report.exit_code == 0
    world.assert_truth()


def test_a_limit_used_up_by_others_stops_even_the_describe_and_loses_nothing(
    world: World,
) -> None:
    world.arrive(10)
    world.crm.use(100_000)

    waiting = world.sync()
    world.crm.use(0)
    report = world.later(minutes=15)

    assert (waiting.exit_code, waiting.runs[0].outcome) == (1, "waiting")
    assert DAILY in waiting.runs[0].message
    assert report.exit_code == 0
    world.assert_truth()


# ── one budget for all ─────────────────────────────────────────────────────


def test_where_one_process_reached_the_reserve_another_makes_no_call(
    world: World,
) -> None:
    with world.app() as one, world.app() as other:
        other.sync()
        world.crm.use(MOST - 1)
        world.arrive(10)
        reached = one.sync()
        used = world.crm.used

        waiting = other.sync()

    assert (reached.exit_code, waiting.exit_code) == (1, 1)
    assert "79,976 of 100,000 daily API calls are used" in waiting.runs[-1].message
    assert "20% are kept in reserve" in waiting.runs[-1].message
    assert world.crm.used == used == MOST


def test_however_many_flows_run_at_once_the_reserve_is_left_and_nothing_lost(
    world: World,
) -> None:
    names = [f"flow{number}" for number in range(6)]
    for name in names:
        mapping = MAPPING.replace("flow: calls", f"flow: {name}")
        path = world.folder / "mappings" / f"{name}.yaml"
        path.write_text(mapping.replace("callyzer:{", f"{name}:{{"), encoding="utf-8")
    (world.folder / "mappings" / "calls.yaml").unlink()
    calls = world.arrive(450)
    world.crm.use(MOST - 16)
    with world.app() as app, ThreadPoolExecutor(len(names)) as pool:
        flows, runner = app.flows().flows, app.runner()

        waiting = list(pool.map(lambda flow: sync(app, runner, flow), flows))
        used = world.crm.used
        world.crm.use(0)
        world.clock.shift(minutes=6)
        done = list(pool.map(lambda flow: sync(app, runner, flow), flows))

    assert MOST - 10 < used <= MOST
    assert "waiting" in {report.runs[0].outcome for report in waiting}
    assert {report.exit_code for report in done} == {0}
    keys = sorted(str(task["Call_Key__c"]) for task in world.tasks())
    assert keys == sorted(f"{name}:{call}" for name in names for call in calls)


def test_while_a_flow_waits_the_limits_are_asked_for_on_a_timer(world: World) -> None:
    world.arrive(250)
    world.crm.use(80_000)
    with world.app() as app:
        app.sync()
        for _ in range(2):
            world.clock.shift(minutes=2)
            app.sync()
        asked = world.crm.calls["limits"]
        world.crm.use(0)
        world.clock.shift(minutes=2)

        report = app.sync()

    assert (asked, world.crm.calls["limits"]) == (0, 1)
    assert report.exit_code == 0
    world.assert_truth()


def test_a_day_that_is_used_up_pauses_everybody_for_a_quarter_of_an_hour(
    world: World,
) -> None:
    with world.app() as one, world.app() as other:
        for app in (one, other):
            app.sync()
        world.arrive(250)
        world.crm.use(100_000)
        refused = one.sync()
        world.crm.use(0)

        world.clock.shift(minutes=1)
        paused = other.sync()
        used = world.crm.used
        world.clock.shift(minutes=14)
        reports = [app.sync() for app in (other, one)]

    assert (refused.exit_code, paused.exit_code) == (1, 1)
    assert DAILY in refused.runs[-1].message
    assert "the CRM refuses calls for the day" in paused.runs[-1].message
    assert used == 0
    assert [report.exit_code for report in reports] == [0, 0]
    assert world.crm.calls["limits"] == 1
    world.assert_truth()


def test_waiting_costs_nothing_but_a_look_every_five_minutes(world: World) -> None:
    world.arrive(10)
    world.crm.use(80_000)
    with world.app() as app:
        runner, flow = app.runner(), app.flow
        sync(app, runner, flow)
        before = world.crm.calls

        for _ in range(30):
            world.clock.shift(minutes=2)
            assert sync(app, runner, flow).runs[0].outcome == "waiting"
            world.sync()  # by hand, in a process of its own

        spent = world.crm.calls - before
    assert spent.keys() <= {"limits", "token"}
    assert spent["limits"] == 10


def test_in_the_pause_nothing_at_all_is_sent(world: World) -> None:
    world.arrive(10)
    world.crm.use(100_000)
    world.sync()
    before = world.crm.calls

    for _ in range(7):
        world.later(minutes=2)

    assert world.crm.calls == before


@pytest.mark.parametrize("share", [0, 10])
def test_three_processes_with_four_threads_each_do_not_use_up_what_is_kept(
    world: World, share: int
) -> None:
    kept = 100_000 - 20_000 - 1_000 * share
    world.crm.use(kept - 100)
    with ExitStack() as open_, ThreadPoolExecutor(12) as threads:
        apps = [open_.enter_context(world.app(dial_share=share)) for _ in range(3)]
        start = Barrier(12)

        def call(number: int) -> None:
            start.wait(10)
            with suppress(QuotaReachedError):
                for row in range(100):
                    task: Payload = {"Subject": "x", "Call_Key__c": f"{number} {row}"}
                    apps[number % 3].crm.create("Task", [task])

        list(threads.map(call, range(12)))

    assert kept - ELSEWHERE <= world.crm.used <= kept


def test_a_process_that_starts_during_the_pause_writes_nothing(
    world: World, nursery: Nursery
) -> None:
    world.clock.shift(hours=-1)
    world.arrive(10)
    world.clock.ahead = timedelta()
    refusals = iter([refusing("REQUEST_LIMIT_EXCEEDED", 403)])
    world.writes.before = lambda _: next(refusals, None)

    codes = [nursery.wait(nursery.start(world.folder)) for _ in range(2)]

    assert codes == [1, 1]
    assert world.writes.count == 1
    assert world.tasks() == []


# ── sessions and credentials ───────────────────────────────────────────────


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_session_that_expires_in_the_middle_is_renewed_once(
    world: World, batch: int
) -> None:
    world.arrive(450)

    def expire(passing: Passing) -> None:
        if passing.number == batch:
            world.crm.expire_sessions()

    world.writes.before = expire
    report = world.sync()

    assert report.exit_code == 0
    assert world.crm.calls["token"] == 2
    assert world.writes.count == 4
    world.assert_truth()


def test_revoked_credentials_pause_the_flow_and_say_so(world: World) -> None:
    world.arrive(450)
    revoked = {"error": "invalid_client", "error_description": "the app was revoked"}
    refusal = Fault(TOKEN, status=400, body=json.dumps(revoked), times=-1)

    def revoke(passing: Passing) -> None:
        if passing.number == 2:
            world.crm.expire_sessions()
            world.crm.faults.add(refusal)

    world.writes.before = revoke
    paused = world.sync()
    rested = world.sync()
    world.crm.faults.clear()
    report = world.later()

    for each in (paused, rested):
        assert (each.exit_code, each.runs[0].outcome) == (2, "paused")
        assert "Salesforce refuses a token" in each.runs[0].message
        assert "the app was revoked" in each.runs[0].message
        assert each.left_aside == 0
    assert report.exit_code == 0
    world.assert_truth()


def test_a_token_endpoint_that_is_down_for_a_moment_is_asked_again(
    world: World,
) -> None:
    world.arrive(450)

    def expire(passing: Passing) -> None:
        if passing.number == 2:
            world.crm.expire_sessions()
            world.crm.faults.add(Fault(TOKEN, status=503, times=2))

    world.writes.before = expire
    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("path", [TOKEN, "describe"])
def test_a_crm_that_is_down_for_a_moment_at_the_start_is_asked_again(
    world: World, path: str
) -> None:
    world.arrive(3)
    world.crm.faults.add(Fault(path, status=503))

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()
