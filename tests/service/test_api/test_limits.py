"""Too often, too many at once, and while something is wrong."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from structlog.typing import EventDict

from connector.errors import BusyError
from connector.service.api import BURST, MOST_AT_ONCE, RATE
from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.phone import named
from tests.service.test_api.caller import (
    DIAL,
    LONG,
    TOKEN,
    Counter,
    bearer,
    dial,
    nudge,
    put,
)


def statuses(url: str, count: int, token: str = TOKEN, path: str = "") -> list[int]:
    """What so many nudges are answered, or so many questions for ``path``."""
    method, address = ("GET", path) if path else ("POST", "/v1/nudge")
    body = json.dumps({"id": LONG})
    with httpx.Client(headers=bearer(token), trust_env=False) as client:
        answers = [
            client.request(method, url + address, content=body) for _ in range(count)
        ]
    return [answer.status_code for answer in answers]


def test_more_than_are_taken_are_told_when_to_come_again(
    url: str, desk: Counter, clock: ManualClock
) -> None:
    said = statuses(url, BURST + 1)
    answer = nudge(url)

    assert said == [200] * BURST + [429]
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "a second" in answer.json()["error"]
    assert len(desk.asked) == BURST

    clock.time += timedelta(seconds=1)
    assert statuses(url, int(RATE) + 1) == [200] * int(RATE) + [429]


def test_whoever_asks_again_and_again_holds_up_nobodys_nudge(url: str) -> None:
    said = statuses(url, BURST + 1, path="/v1/dials/one")

    assert said == [404] * BURST + [429]
    assert nudge(url).status_code == 200


def test_strangers_take_nothing_from_those_who_have_the_token(url: str) -> None:
    said = statuses(url, BURST + 10, token="wrong")  # noqa: S106  opens nothing

    assert set(said) == {401}
    assert nudge(url).status_code == 200


def test_a_clock_that_is_set_back_keeps_nobody_out_for_long(
    url: str, clock: ManualClock
) -> None:
    statuses(url, BURST + 1)

    clock.time -= timedelta(days=1)
    at_once = nudge(url).status_code
    clock.time += timedelta(seconds=1)

    assert (at_once, nudge(url).status_code) == (429, 200)


@pytest.mark.parametrize(("seconds", "said"), [(None, "2"), (0.3, "1"), (7.2, "8")])
def test_where_too_many_wait_it_asks_to_try_again(
    url: str, desk: Counter, seconds: float | None, said: str
) -> None:
    desk.trouble = BusyError("100 wait", retry_after=seconds)

    answer = nudge(url)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, said)
    assert answer.json() == {"error": "100 wait: try again later"}


def test_a_state_that_cannot_be_read_asks_to_try_again(
    url: str, app: App, logged: list[EventDict]
) -> None:
    app.store.read("select 1")
    app.store.db.execute("drop table dials")

    for answer in (nudge(url), dial(url)):
        assert answer.status_code == 503
        assert answer.json() == {"error": "try again later"}
        assert int(answer.headers["Retry-After"]) > 0
    (event,) = named(logged, "nudge_not_taken")
    assert "the state cannot be used" in event["reason"]


def test_before_the_mapping_files_are_read_it_asks_to_try_again(
    app: App, desk: Counter
) -> None:
    fresh = Schedule(app=app, runner=app.runner())

    with serving(create_web(app, fresh, desk), "127.0.0.1", 0) as port:
        answer = nudge(f"http://127.0.0.1:{port}")

    assert (answer.status_code, desk.asked) == (503, [])
    assert "starting" in answer.json()["error"]


def test_where_nothing_dials_a_nudge_is_refused_and_a_request_still_told(
    app: App, schedule: Schedule
) -> None:
    put(app, DIAL)

    with serving(create_web(app, schedule), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}"
        nudged, told = nudge(url), dial(url)

    assert (nudged.status_code, told.status_code) == (503, 200)
    assert nudged.json() == {"error": "nothing dials here"}


def test_many_at_once_are_all_answered(url: str, desk: Counter, app: App) -> None:
    put(app, DIAL)

    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda _: nudge(url), range(60)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["dial"]["state"] for answer in answers} == {"refused"}
    assert len(desk.asked) == 60


def test_a_desk_that_is_slow_leaves_the_service_healthy(
    url: str, desk: Counter, schedule: Schedule
) -> None:
    desk.waits = True
    with ThreadPoolExecutor(50) as people:
        answers = [people.submit(nudge, url) for _ in range(50)]
        for _ in range(MOST_AT_ONCE):
            assert desk.begun.acquire(timeout=10)
        healthy = httpx.get(f"{url}/healthz", trust_env=False, timeout=5)
        begun = len(desk.asked)
        desk.goes_on.set()

    assert healthy.json() == {"status": "stopped"}
    assert begun == MOST_AT_ONCE
    assert {each.result().status_code for each in answers} == {200}
