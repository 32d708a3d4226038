"""The directory follows the org's people, over real HTTP and through kills."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import pytest

from connector.engine import directory
from connector.engine.run import Runner
from connector.model import Lane, Run
from connector.service.schedule import Schedule
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.processes import KILLED, Killer, Nursery, expire_leases, output
from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.world import Assembly, World

E164 = f"+91{STRANGER}"
QUERIES = re.compile(r"/query")
OBJECTS = ("Contact", "Lead", "Account", "User")
SIXTH = 6
"""The page by whose asking the first is settled: there are never more under way."""
MANY = 10_100
"""People on six pages."""
KINDS = ("query", "query more", "query all", "describe")


@pytest.fixture
def board(world: World) -> Switchboard:
    board = Switchboard(world)
    board.map(WHO)
    return board


@pytest.fixture
def app(board: Switchboard) -> Iterator[Assembly]:
    with board.connector() as opened:
        yield opened


@pytest.fixture
def runner(app: Assembly) -> Runner:
    """What refreshes the directory, again and again, as a schedule's does."""
    return app.runner()


def refreshed(app: Assembly, runner: Runner, **later: float) -> Run:
    """Refresh the directory, some time later."""
    flow = app.flows().directory
    assert flow
    app.clock.wait(timedelta(**later).total_seconds(), app.stop)
    run = runner.refresh(flow)
    assert run.outcome == "done", run
    return run


def who(app: Assembly, number: str = E164) -> list[str]:
    """Who has a number, by the directory."""
    return [person.crm_id for person in app.store.known([number]).get(number, [])]


def wanted(world: World) -> set[str]:
    """The ids of all whom the directory's file wants, by the org."""
    found = {name: world.crm.rows(name) for name in OBJECTS}
    found["Lead"] = [row for row in found["Lead"] if not row["IsConverted"]]
    found["User"] = [row for row in found["User"] if row["IsActive"]]
    return {str(row["Id"]) for rows in found.values() for row in rows}


def known(app: Assembly) -> set[str]:
    """The ids of all whom the directory knows."""
    return {row["crm_id"] for row in app.store.read("select crm_id from people")}


def asked(world: World, before: Counter[str]) -> dict[str, int]:
    """How often the org was asked since, of each kind of question."""
    spent = world.crm.calls - before
    return {kind: spent[kind] for kind in KINDS if spent[kind]}


# ── the first load, and what a refresh costs ───────────────────────────────


def test_the_first_load_takes_everybody_in_page_by_page(
    world: World, app: Assembly, runner: Runner
) -> None:
    world.crm.populate(MANY)
    before = world.crm.calls

    run = refreshed(app, runner)

    assert known(app) == wanted(world)
    assert run.counts.created == len(wanted(world))
    assert asked(world, before) == {"query": 4, "query more": 5, "describe": 4}


def test_a_refresh_with_nothing_new_is_exactly_one_call_an_object(
    world: World, app: Assembly, runner: Runner
) -> None:
    refreshed(app, runner)
    for minutes in (5, 5, 60, 60 * 24):
        before, used = world.crm.calls, world.crm.used

        run = refreshed(app, runner, minutes=minutes)

        assert world.crm.used - used == len(OBJECTS)
        assert asked(world, before) == {"query all": len(OBJECTS)}
        assert (run.counts.created, run.counts.updated, run.counts.deleted) == (0, 0, 0)


# ── what changes in the org ────────────────────────────────────────────────


def test_somebody_new_and_a_number_that_moves_are_seen_at_the_next_refresh(
    board: Switchboard, app: Assembly, runner: Runner
) -> None:
    refreshed(app, runner)
    first = board.contact("First", STRANGER)
    refreshed(app, runner, minutes=5)
    assert who(app) == [first]
    second = board.contact("Second", "9000000001", AssistantPhone=f"0{STRANGER}")
    board.world.crm.change(first, Phone="9000000002")

    refreshed(app, runner, minutes=5)

    assert who(app) == [second]
    assert who(app, "+919000000002") == [first]


def test_who_is_deleted_is_nobody_and_who_is_undeleted_is_somebody_again(
    board: Switchboard, app: Assembly, runner: Runner
) -> None:
    contact = board.contact("Rao", STRANGER)
    refreshed(app, runner)
    board.world.crm.delete(contact)

    run = refreshed(app, runner, minutes=5)

    assert (who(app), run.counts.deleted) == ([], 1)
    board.world.crm.change(contact, IsDeleted=False)
    run = refreshed(app, runner, minutes=5)
    assert (who(app), run.counts.created) == ([contact], 1)


def test_who_is_merged_away_leaves_the_number_to_whoever_has_it_then(
    board: Switchboard, app: Assembly, runner: Runner
) -> None:
    loser = board.contact("Loser", STRANGER)
    winner = board.contact("Winner", "9000000001")
    refreshed(app, runner)
    board.world.crm.merge(winner, loser)
    board.world.crm.change(winner, MobilePhone=STRANGER)

    refreshed(app, runner, minutes=5)

    assert who(app) == [winner]
    assert loser not in known(app)


def test_a_lead_that_is_converted_is_the_contact_that_it_became(
    board: Switchboard, app: Assembly, runner: Runner
) -> None:
    crm = board.world.crm
    lead = crm.add("Lead", {"LastName": "Hot", "Company": "C", "Phone": STRANGER})
    refreshed(app, runner)
    assert who(app) == [lead]
    became = crm.convert(lead)

    refreshed(app, runner, minutes=5)

    assert became.contact in who(app)
    assert lead not in known(app)
    assert known(app) == wanted(board.world)


def test_a_user_who_leaves_is_nobody(
    world: World, app: Assembly, runner: Runner
) -> None:
    refreshed(app, runner)
    leaver = next(str(u["Id"]) for u in world.crm.rows("User") if u["IsActive"])
    world.crm.change(leaver, IsActive=False)

    refreshed(app, runner, minutes=5)

    assert leaver not in known(app)
    assert known(app) == wanted(world)


def test_what_was_stamped_before_the_last_refresh_and_committed_after_it_is_seen(
    board: Switchboard, app: Assembly, runner: Runner
) -> None:
    board.contact("Seen", "9000000001")
    refreshed(app, runner, seconds=1)
    latest = datetime.fromisoformat(
        str(board.world.crm.rows("Contact")[-1]["SystemModstamp"])
    )
    late = board.contact("Late", STRANGER)
    board.world.crm.stamp(late, latest - timedelta(minutes=9))

    refreshed(app, runner, minutes=1)

    assert who(app) == [late]


# ── killed in the middle of the first load ─────────────────────────────────


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_of_the_first_load_goes_on_and_loses_nobody(
    worlds: Callable[[], World], when: When, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "CHUNK", 12)  # so that there are many commits
    for commit in count(1):
        with worlds() as world:
            board = Switchboard(world)
            board.map(WHO)
            world.crm.populate(30)
            gone, *_ = world.crm.rows("Contact")

            died = _dies(world, Fate(commit=commit, when=when))
            world.crm.delete(str(gone["Id"]))
            late = board.contact("Late", STRANGER)
            world.clock.shift(seconds=60)

            with board.connector() as app:
                refreshed(app, app.runner())
                assert known(app) == wanted(world)
                assert who(app) == [late]
        if not died:
            break
    assert commit > 10


def _dies(world: World, fate: Fate) -> bool:
    """Refresh in a process that meets its fate, if it lives that long."""
    app = world.app(opens=lambda path, clock: MortalStore(path, clock, fate))
    with suppress(Death), app:
        refreshed(app, app.runner())
    return fate.dead


def test_killed_between_its_pages_it_reads_on_from_there(
    board: Switchboard, nursery: Nursery
) -> None:
    world = board.world
    world.crm.populate(MANY)
    world.writes.watched = QUERIES
    killer = Killer(SIXTH)
    world.writes.before = killer

    pid = nursery.start(world.folder, "sync", "directory", "--json")
    killer.aim(pid)
    assert nursery.wait(pid) == KILLED
    expire_leases(world.state)
    world.writes.open()
    with board.connector() as app:
        before = len(known(app))
    pid = nursery.start(world.folder, "sync", "directory", "--json")
    code = nursery.wait(pid)

    (row,) = json.loads(output(world.folder, pid))
    assert (code, row["outcome"]) == (0, "done")
    assert before > 0
    assert row["created"] == len(wanted(world)) - before
    assert row["read"] < MANY
    with board.connector() as app:
        assert known(app) == wanted(world)


# ── as it is run ───────────────────────────────────────────────────────────


def test_sync_refreshes_the_directory_by_its_name_or_before_who_needs_it(
    board: Switchboard, nursery: Nursery
) -> None:
    world = board.world
    world.clock.shift(hours=-1)
    contact = board.contact("Rao", STRANGER)
    call = board.call(STRANGER)
    world.clock.ahead = timedelta()
    rows = []
    for name in ("directory", "calls"):
        pid = nursery.start(world.folder, "sync", name, "--json")
        assert nursery.wait(pid) == 0
        rows += json.loads(output(world.folder, pid))

    assert [(row["flow"], row["lane"]) for row in rows] == [
        *(("directory", "live"), ("directory", "live")),
        ("calls", "live"),
    ]
    assert rows[0]["created"] == len(wanted(world))
    assert board.who(call) == contact


def test_status_says_how_many_people_are_known(
    board: Switchboard, nursery: Nursery
) -> None:
    board.refresh()

    pid = nursery.start(board.world.folder, "status", "--json")
    assert nursery.wait(pid) == 0

    people, calls = json.loads(output(board.world.folder, pid))
    assert (people["flow"], people["outcome"]) == ("directory", "done")
    assert people["in_crm"] == len(wanted(board.world))
    assert people["read_up_to"] is not None
    assert calls["in_crm"] == 0


def test_a_flow_that_looks_people_up_waits_for_the_first_load_and_says_so(
    board: Switchboard, app: Assembly
) -> None:
    contact = board.contact("Rao", STRANGER)
    call = board.call(STRANGER)

    run = app.run()

    assert run.outcome == "waiting"
    assert run.message == "the directory is not loaded yet: Contact, Lead"
    assert board.world.tasks() == []
    refreshed(app, app.runner())
    assert app.run().counts.created == 1
    assert board.who(call) == contact


def test_the_schedule_refreshes_the_directory_and_wakes_who_waits_for_it(
    board: Switchboard, app: Assembly
) -> None:
    contact = board.contact("Rao", STRANGER)
    call = board.call(STRANGER)
    ended: list[Run] = []
    schedule = Schedule(app=app, runner=app.runner(), ended=ended.append)
    schedule.look()
    schedule.tick("calls", Lane.LIVE)
    job = schedule.clockwork.get_job("calls/live")
    job.modify(next_run_time=app.clock.now() + timedelta(hours=9))
    app.clock.wait(60, app.stop)

    schedule.tick("directory", Lane.LIVE)

    woken = schedule.clockwork.get_job("calls/live").next_run_time
    assert abs(woken - app.clock.now()) < timedelta(seconds=30)
    schedule.tick("calls", Lane.LIVE)
    assert [(run.flow, run.outcome) for run in ended] == [
        *(("calls", "waiting"), ("directory", "done")),
        ("calls", "done"),
    ]
    assert board.who(call) == contact
