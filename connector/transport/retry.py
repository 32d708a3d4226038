"""The one place that tries again. Clients don't loop."""

import threading
from collections.abc import Callable
from typing import TypeVar

import stamina

from connector.errors import (
    BusyError,
    ConnectorError,
    LeaseLostError,
    QuotaReachedError,
    RetryableError,
)

T = TypeVar("T")

NOT_HERE = (BusyError, LeaseLostError, QuotaReachedError)
"""Retryable, but not by sending the same request again."""


def retrying(
    call: Callable[[], T],
    *,
    attempts: int = 5,
    longest: float = 60,
    also: tuple[type[ConnectorError], ...] = (),
    stop: threading.Event | None = None,
) -> T:
    """Return what ``call`` returns, trying again after a RetryableError.

    Waits ever longer, jittered, or as long as the other side asked for; a wish to
    wait more than ``longest`` seconds is raised at once. ``also``: other errors
    after which trying again does no harm. Once ``stop`` is set, what failed is raised.
    """

    def again(error: Exception) -> bool | float:
        if stop is not None and stop.is_set():
            return False
        if isinstance(error, also):
            return True
        if not isinstance(error, RetryableError) or isinstance(error, NOT_HERE):
            return False
        if error.retry_after is None:
            return True
        return error.retry_after if error.retry_after <= longest else False

    caller = stamina.RetryingCaller(attempts=attempts, timeout=None)
    return caller.on(again)(call)
