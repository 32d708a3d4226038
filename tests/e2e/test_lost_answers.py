"""The CRM applied a write, and its answer was lost, broken or not an answer."""

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp

from connector.sandbox.faults import Fault
from tests.e2e.clicks import first
from tests.e2e.gate import Held, Passing, dropped
from tests.e2e.world import World

ANSWERS: dict[str, ASGIApp] = {
    "none, the connection is cut": dropped,
    "a proxy's 503": Response("<p>busy", 503, media_type="text/html"),
    "the CRM's own 500": Response('[{"errorCode": "UNKNOWN_EXCEPTION"}]', 500),
    "a web page with 200": Response("<p>We are back soon.", media_type="text/html"),
    "nothing with 200": Response(""),
    "outcomes of other rows": Response('[{"id": "00T0000000001", "success": true}]'),
}
"""What comes in place of the answer, when the CRM has applied the write."""


def _lose(world: World, count: int, answer: ASGIApp) -> None:
    """Give ``answer`` to the next ``count`` writes, each applied before."""
    world.writes.after = first(answer, times=count)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_create_whose_answer_is_lost_makes_no_second_task(
    world: World, answer: ASGIApp
) -> None:
    world.arrive(250)
    _lose(world, 2, answer)

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_update_whose_answer_is_lost_is_settled_by_writing_again(
    world: World, answer: ASGIApp
) -> None:
    calls = world.arrive(250)
    world.sync()
    world.note(calls, "second")
    _lose(world, 2, answer)

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_value_whose_answers_were_all_lost_is_put_back_when_it_goes_back(
    world: World, answer: ASGIApp
) -> None:
    calls = world.arrive(250)
    world.sync()
    world.note(calls, "second")
    _lose(world, 10**6, answer)

    given_up = world.sync()
    world.note(calls[:200], "first")
    report = world.later()

    assert (given_up.exit_code, given_up.runs[0].outcome) == (1, "waiting")
    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("cut", ["before", "half", "after"])
def test_a_connection_cut_at_any_point_of_a_write_is_harmless(
    world: World, cut: str
) -> None:
    calls = world.arrive(250)
    fault = Fault("composite/sobjects", cut=cut, times=2)  # type: ignore[arg-type]  # one of its three
    world.crm.faults.add(fault)
    created = world.sync()
    world.note(calls, "second")
    world.crm.faults.add(fault)

    updated = world.sync()

    assert (created.exit_code, updated.exit_code) == (0, 0)
    world.assert_truth()


def test_a_write_that_the_crm_finishes_after_our_deadline_is_written_again(
    world: World,
) -> None:
    calls = world.arrive(3)
    world.sync()
    world.note(calls, "second")
    slow = Held(world.crm.app)
    world.writes.before = first(slow)
    world.writes.after = lambda _: slow.release()

    report = world.sync(deadline=0.5)

    assert slow.handled.wait(5)
    assert report.exit_code == 0
    assert world.writes.count == 3, "the create, the one that was late, and one more"
    world.assert_truth()


def test_agents_edits_survive_a_create_whose_answer_was_lost_for_good(
    world: World,
) -> None:
    (call,) = world.arrive(1)
    _lose(world, 10**6, dropped)
    world.sync()
    world.crm.change(world.task(call)["Id"], Subject="edited by an agent")

    report = world.later()

    assert report.exit_code == 0
    assert world.task(call)["Subject"] == "edited by an agent"
    world.assert_truth()


def test_what_was_applied_is_not_set_aside_when_only_its_answer_was_lost(
    world: World,
) -> None:
    calls = world.arrive(3)
    world.crm.lock(f"callyzer:{calls[0]}", times=2)
    turns: list[Passing] = []

    def lose_the_third(passing: Passing) -> ASGIApp | None:
        turns.append(passing)
        return dropped if len(turns) == 3 else None

    world.writes.after = lose_the_third

    report = world.sync()

    assert report.left_aside == 0
    world.assert_truth()
