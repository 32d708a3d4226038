"""Groups that Multisender does not tell about hold up nothing else."""

from collections.abc import Iterator
from itertools import chain

import httpx
import pytest
import stamina
import structlog
from structlog.typing import EventDict

from connector.errors import RateLimitedError
from connector.model import Page
from connector.systems.multisender.source import PATIENCE, SOURCES, Receivers
from tests.systems.multisender.conftest import ZONE, Line
from tests.systems.multisender.example import Json
from tests.systems.multisender.examples_calls import OUTCOME, RSVP_CALL, RSVP_RECEIVER

GROUP = {"accountId": None, "groupId": "3", "phone": None}
ATTEMPTS = 5


def call(number: int, *, grouped: bool) -> Json:
    receivers = [GROUP if grouped else RSVP_RECEIVER]
    return {**RSVP_CALL, "rsvpCallId": str(number), "receivers": receivers}


PLAIN = [call(number, grouped=False) for number in (1, 2)]
MIXED = [PLAIN[0], call(7, grouped=True), PLAIN[1], call(8, grouped=True)]
UNTOLD = {
    "500": httpx.Response(500),
    "403": httpx.Response(403, json={}),
    "401": httpx.Response(401),
    "405": httpx.Response(405),
    "400": httpx.Response(400, json={"message": "no"}),
    "empty 200": httpx.Response(200),
    "204": httpx.Response(204),
    "another object": httpx.Response(200, json={"message": "later"}),
    "a web page": httpx.Response(200, text="<html>"),
    "no answer": httpx.ReadTimeout("slow"),
}


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs() as events:
        yield events


def reading(
    calls: list[Json], outcomes: httpx.Response | Exception
) -> tuple[Receivers, Line]:
    """Read these calls from who answers so to every question about a group."""
    line = Line(
        lambda asked: shown(calls) if asked.endswith("/rsvp_calls") else outcomes
    )
    return SOURCES["rsvp_calls"](client=line.client, zone=ZONE, clock=line.clock), line


def shown(content: Json) -> httpx.Response:
    return httpx.Response(200, json=content)


def ids(pages: Iterator[Page]) -> list[str]:
    return [record.id for record in chain.from_iterable(p.records for p in pages)]


@pytest.mark.parametrize("answer", UNTOLD.values(), ids=UNTOLD)
def test_a_group_that_is_not_told_is_one_receiver_and_the_other_calls_go_on(
    answer: httpx.Response | Exception, logged: list[EventDict]
) -> None:
    source, _ = reading(MIXED, answer)

    assert ids(source.scan()) == ["1:2", "7:group-3", "2:2", "8:group-3"]
    said = [event for event in logged if event["event"] == "groups_untold"]
    assert [event["log_level"] for event in said] == ["warning"]


def test_a_call_whose_group_is_not_told_is_fetched_by_its_id() -> None:
    line = Line(
        lambda asked: (
            shown(MIXED[1]) if asked.endswith("/rsvp_calls/7") else httpx.Response(500)
        )
    )
    source = SOURCES["rsvp_calls"](client=line.client, zone=ZONE, clock=line.clock)

    assert [record.id for record in source.fetch(["7"])] == ["7:group-3"]


def test_a_group_that_is_gone_is_not_worth_a_word(logged: list[EventDict]) -> None:
    source, _ = reading(MIXED, httpx.Response(404, text="<html>"))

    assert ids(source.scan()) == ["1:2", "7:group-3", "2:2", "8:group-3"]
    assert logged == []


def test_outcomes_may_come_in_an_object() -> None:
    source, _ = reading(MIXED[:2], shown({"receivers": [OUTCOME]}))

    assert ids(source.scan()) == ["1:2", "7:2"]


def test_an_account_of_the_group_counts_without_what_the_group_tells() -> None:
    line = Line(
        lambda asked: (
            shown([MIXED[1]])
            if asked.endswith("/rsvp_calls")
            else shown([OUTCOME])
            if asked.endswith("/receivers")
            else httpx.Response(500)
        )
    )
    source = SOURCES["rsvp_calls"](client=line.client, zone=ZONE, clock=line.clock)

    assert ids(source.scan()) == ["7:2"]


def test_who_tells_nothing_again_and_again_is_asked_once_about_each() -> None:
    calls = [call(number, grouped=True) for number in range(PATIENCE + 2)]
    source, line = reading(calls, httpx.Response(500))

    with stamina.set_testing(testing=True, attempts=ATTEMPTS):
        assert len(ids(source.scan())) == len(calls)

    assert len(line.sent) == 1 + PATIENCE * ATTEMPTS + 2


def test_what_was_read_is_handed_on_before_a_group_is_asked_for() -> None:
    source, line = reading(MIXED, httpx.Response(500))
    pages = source.scan()

    first = next(pages)

    assert [record.id for record in first.records] == ["1:2"]
    assert len(line.sent) == 1


def test_a_wish_to_slow_down_ends_the_run_with_what_was_read_handed_on() -> None:
    source, _ = reading(MIXED, httpx.Response(429, headers={"retry-after": "90"}))
    pages = source.scan()

    assert [record.id for record in next(pages).records] == ["1:2"]
    with pytest.raises(RateLimitedError):
        next(pages)
