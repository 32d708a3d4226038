"""Trying again: what for, how often, how long."""

from collections.abc import Iterator

import pytest
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from connector.errors import (
    BusyError,
    ConfigError,
    ConnectorError,
    LeaseLostError,
    OutcomeUnknownError,
    QuotaReachedError,
    RateLimitedError,
    RecordError,
    UnavailableError,
)
from connector.transport.retry import retrying


class Flaky:
    """Raises the errors in turn, then answers."""

    def __init__(self, *errors: ConnectorError) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


@pytest.fixture
def at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=9, cap=True):
        yield


@pytest.fixture
def waits() -> Iterator[list[float]]:
    """The seconds that were waited between attempts."""
    seen: list[float] = []

    def note(details: RetryDetails) -> None:
        seen.append(details.wait_for)

    set_on_retry_hooks([note])
    with stamina.set_testing(False):
        yield seen
    set_on_retry_hooks(None)


@pytest.mark.usefixtures("at_once")
def test_what_may_pass_is_tried_again_until_it_does() -> None:
    flaky = Flaky(RateLimitedError(), UnavailableError(), UnavailableError())

    assert retrying(flaky) == "answer"
    assert flaky.calls == 4


@pytest.mark.usefixtures("at_once")
def test_the_last_error_is_raised_when_all_attempts_are_used_up() -> None:
    flaky = Flaky(*(UnavailableError(f"no {n}") for n in range(1, 9)))

    with pytest.raises(UnavailableError, match="no 5"):
        retrying(flaky)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "error",
    [
        BusyError(),
        LeaseLostError(),
        QuotaReachedError(),
        ConfigError(),
        RecordError(),
        OutcomeUnknownError(),
    ],
)
def test_what_asking_again_does_not_change_is_raised_at_once(
    error: ConnectorError,
) -> None:
    flaky = Flaky(error)

    with pytest.raises(type(error)):
        retrying(flaky)

    assert flaky.calls == 1


def test_the_wait_that_was_asked_for_is_waited(waits: list[float]) -> None:
    flaky = Flaky(
        RateLimitedError(retry_after=0.002), UnavailableError(retry_after=0.0)
    )

    retrying(flaky)

    assert waits == pytest.approx([0.002, 0.0])


def test_a_wait_that_is_too_long_is_left_to_the_caller() -> None:
    flaky = Flaky(RateLimitedError(retry_after=61))

    with pytest.raises(RateLimitedError) as raised:
        retrying(flaky, longest=60)

    assert (flaky.calls, raised.value.retry_after) == (1, 61)


@pytest.mark.usefixtures("at_once")
def test_more_kinds_of_error_can_be_named() -> None:
    flaky = Flaky(OutcomeUnknownError())

    assert retrying(flaky, also=(OutcomeUnknownError,)) == "answer"
