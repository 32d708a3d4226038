"""What agents, workflows and administrators do to a record while its call travels."""

from collections.abc import Callable

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from tests.e2e.clicks import ADITI, assert_ended, first, until_the_end
from tests.e2e.gate import Passing, refusing
from tests.e2e.hotline import Hotline

SLOW_DOWN = JSONResponse({"message": "slow"}, 429)


def _close(hotline: Hotline, task: str) -> None:
    hotline.crm.change(task, Status="Completed")


def _delete(hotline: Hotline, task: str) -> None:
    hotline.crm.delete(task)


def _withdraw(hotline: Hotline, task: str) -> None:
    hotline.crm.change(task, Call_Request__c=None)


def _note(hotline: Hotline, task: str) -> None:
    hotline.crm.change(task, Description="edited by a workflow", Priority="High")


def _press_again(hotline: Hotline, task: str) -> None:
    now = hotline.clock.now().isoformat()
    hotline.crm.change(task, Call_Request_Id__c="again", Call_Requested_At__c=now)


DOES = {"close": _close, "delete": _delete, "withdraw": _withdraw, "note": _note}
WITHDRAWS = {name: DOES[name] for name in ("close", "withdraw")}
Does = Callable[[Hotline, str], None]


def _at_first(method: str, act: Callable[[], object]) -> Callable[[Passing], None]:
    """Do something once, at the first request with this method."""
    left = [act]

    def at(passing: Passing) -> None:
        if passing.method == method and left:
            left.pop()()

    return at


# ── the record ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "when"), [("POST", "before"), ("POST", "after"), ("PATCH", "before")]
)
@pytest.mark.parametrize("does", DOES.values(), ids=DOES)
def test_the_record_is_changed_between_any_two_acts(
    hotline: Hotline, does: Does, method: str, when: str
) -> None:
    request = hotline.press()
    task = hotline.task(request)["Id"]
    act = _at_first(method, lambda: does(hotline, task))
    setattr(hotline.asked, when, act)

    report = hotline.poll()
    until_the_end(hotline)

    known = hotline.dial(request)
    assert (report.exit_code, known.shown, known.trouble) == (0, True, "")
    assert hotline.claims(request)[0]["State__c"] == "Placed"
    hotline.assert_dialled(ADITI)
    if does is not _delete:
        assert assert_ended(hotline, request) == "Placed"


@pytest.mark.parametrize("does", DOES.values(), ids=DOES)
def test_what_is_changed_after_the_end_was_told_stays_so(
    hotline: Hotline, does: Does
) -> None:
    request = hotline.press()
    task = hotline.task(request)["Id"]
    hotline.asked.after = _at_first("PATCH", lambda: does(hotline, task))

    hotline.poll()
    (left,) = [row for row in _tasks(hotline) if row["Id"] == task]
    until_the_end(hotline)

    assert left in _tasks(hotline)
    assert hotline.dial(request).shown
    hotline.assert_dialled(ADITI)


def _tasks(hotline: Hotline) -> list[dict[str, object]]:
    return [dict(row) for row in hotline.crm.rows("Task", deleted=True)]


@pytest.mark.parametrize("does", WITHDRAWS.values(), ids=WITHDRAWS)
def test_a_request_that_is_withdrawn_before_another_attempt_is_not_dialled(
    hotline: Hotline, does: Does
) -> None:
    request = hotline.press()
    task = hotline.task(request)["Id"]

    def refuse(_: Passing) -> ASGIApp:
        does(hotline, task)
        return SLOW_DOWN

    hotline.calls.before = refuse
    hotline.poll()

    state, message = hotline.seen(request)
    assert (state, "withdrawn" in message) == ("Blocked", True)
    hotline.assert_dialled()


def test_a_record_that_is_deleted_before_another_attempt_is_not_dialled(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    task = hotline.task(request)["Id"]

    def refuse(_: Passing) -> ASGIApp:
        hotline.crm.delete(task)
        return SLOW_DOWN

    hotline.calls.before = refuse
    hotline.poll()

    assert hotline.claims(request)[0]["State__c"] == "Blocked"
    assert hotline.dial(request).shown
    hotline.assert_dialled()


@pytest.mark.parametrize("does", WITHDRAWS.values(), ids=WITHDRAWS)
def test_a_request_that_is_withdrawn_before_it_could_be_claimed_has_an_end(
    hotline: Hotline, does: Does
) -> None:
    request = hotline.press()
    hotline.asked.before = first(
        refusing("SERVER_UNAVAILABLE", 503), of="POST", times=9
    )
    hotline.poll()
    does(hotline, hotline.task(request)["Id"])

    until_the_end(hotline)

    assert assert_ended(hotline, request) == "Blocked"
    hotline.assert_dialled()


def test_an_agent_who_presses_again_meanwhile_gets_the_end_of_that_press(
    hotline: Hotline,
) -> None:
    """A dial that took long does not tell its end to the request that came after."""
    request = hotline.press()
    task = hotline.task(request)["Id"]

    def refuse(_: Passing) -> ASGIApp:
        hotline.clock.shift(minutes=3)
        _press_again(hotline, task)
        hotline.calls.before = lambda _: None
        return SLOW_DOWN

    hotline.calls.before = refuse
    hotline.poll()
    in_between = hotline.seen("again")
    hotline.poll()

    assert in_between[0] == "Requested"
    assert hotline.seen("again") == ("Placed", "")
    assert hotline.claims(request)[0]["State__c"] == "Blocked"
    hotline.assert_dialled(ADITI)


@pytest.mark.parametrize("placed", [True, False])
def test_a_slow_dial_does_not_overwrite_the_next_request(
    hotline: Hotline, *, placed: bool
) -> None:
    request = hotline.press()
    task = hotline.task(request)["Id"]

    def slowly(_: Passing) -> None:
        hotline.clock.shift(seconds=15)
        _press_again(hotline, task)

    setattr(hotline.calls, "after" if placed else "before", slowly)
    if not placed:
        hotline.phones.moods.refusals.append("Unable to place call to Agent")
    hotline.poll()

    assert hotline.seen("again")[0] == "Requested"
    assert hotline.claims(request)[0]["State__c"] in {"Placed", "Refused"}


# ── workflows that make a request of it again ──────────────────────────────


def test_a_workflow_that_asks_again_with_the_same_id_gets_the_same_end(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.poll()
    for _ in range(3):
        hotline.crm.change(hotline.task(request)["Id"], Call_Request__c="Requested")
        hotline.later(hours=2)

        assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


@pytest.mark.timeout(60)
def test_a_workflow_that_asks_for_ever_is_answered_ever_more_rarely(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.poll()
    before = _writes(hotline)
    for _ in range(30):
        hotline.crm.change(hotline.task(request)["Id"], Call_Request__c="Requested")
        hotline.clock.shift(minutes=10)
        hotline.poll()

    hotline.assert_dialled(ADITI)
    assert 5 < _writes(hotline) - before < 15, "within 5 hours"


def _writes(hotline: Hotline) -> int:
    """How often the record was told."""
    return sum(write.object_name == "Task" for write in hotline.crm.writes)
