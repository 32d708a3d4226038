"""How a run gets on: one line on a terminal, that fits into 80 columns."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from connector.clock import Clock
from connector.model import Run
from connector.service.tables import err, length

TOLD = ("created", "updated", "linked", "set_aside")
"""Counts that are shown where they are not 0 and nobody knows how many there are."""


@contextmanager
def progress(clock: Clock, of: int | None = None) -> Iterator[Callable[[Run], None]]:
    """Show how a run gets on, on a terminal; yields what to call with the run.

    ``of``: about how many records there are to read, where that is known.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    began = clock.now()
    with err.status("reading…") as line:
        yield lambda run: line.update(so_far(run, of, clock.now() - began))


def so_far(run: Run, of: int | None, spent: timedelta) -> str:
    """Say how far a run came in the time that was ``spent``."""
    read = run.counts.read
    if not of:
        told = [f"{read:,} read", *_counts(run, TOLD)]
        return f"{run.flow} ({run.lane}): {', '.join(told)}"
    told = [f"{min(100, 100 * read // of)}%", *_left(read, of, spent)]
    told += [f"{read:,} of {of:,}", *_counts(run, ("set_aside",))]
    return f"{run.flow}: {', '.join(told)}"


def _left(read: int, of: int, spent: timedelta) -> Iterator[str]:
    if 0 < read < of:
        yield f"{length(spent.total_seconds() * (of - read) / read)} left"


def _counts(run: Run, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if number := getattr(run.counts, name):
            yield f"{number:,} {name.replace('_', ' ')}"
