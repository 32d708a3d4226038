"""What must be true of clicks whatever happens, and how trouble is made for them."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, repeat
from pathlib import Path

from starlette.types import ASGIApp

from tests.e2e.gate import Act, Passing
from tests.e2e.hotline import Hotline

ENDS = frozenset({"Placed", "Refused", "Expired", "Unknown", "Blocked"})
ADITI = "+919930042101"
"""Whom `Hotline.press` has called."""
REQUESTS = 5
"""How many, at least, the CRM is asked by a poll that finds one request to call."""


def assert_ended(hotline: Hotline, request: str, *, rang: int = 0) -> str:
    """The request has an end, and was dialled once at most; its state.

    ``rang``: calls that were dialled before it.
    """
    dialled = len(hotline.phones.dials) - rang
    state, message = hotline.seen(request)
    assert dialled in (0, 1), "dialled twice"
    assert state in ENDS, f"it says {state} after all: {message}"
    if not dialled:
        assert state != "Placed", "placed, and nobody's phone rang"
    else:
        assert state in {"Placed", "Unknown", "Refused"}, f"it rang: {message}"
    return state


def until_the_end(hotline: Hotline, which: str = "connector") -> None:
    """Look after 3 minutes, and after 10 more."""
    hotline.later(which)
    hotline.later(which, minutes=10)


def first(act: ASGIApp | None, *, of: str = "", times: int = 1) -> Act:
    """Answer with ``act`` to the first requests; ``of``: with this method."""
    acts: Iterator[ASGIApp | None] = chain([act] * times, repeat(None))
    return lambda passing: next(acts) if of in ("", passing.method) else None


def at(number: int, do: Callable[[], object]) -> Act:
    """Do something at the request with this number, and let it through."""

    def act(passing: Passing) -> None:
        if passing.number == number:
            do()

    return act


def back_up(state: Path, to: Path) -> None:
    """Copy a state that may be in use."""
    with (
        closing(sqlite3.connect(state)) as source,
        closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)


def restore(backup: Path, state: Path) -> None:
    """Put a backup in place of a state."""
    forget(state)
    shutil.copy(backup, state)


def forget(state: Path) -> None:
    """Delete a state, whole."""
    for left in state.parent.glob(f"{state.name}*"):
        left.unlink()
