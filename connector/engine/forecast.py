"""When so many of the CRM's daily calls will be used, at the present rate."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from connector.model import Reading

LOOKS_BACK = timedelta(hours=1)
SHORTEST = timedelta(minutes=3)
"""Readings closer together than this tell no rate."""
FARTHEST = timedelta(days=366)


def forecast(readings: Sequence[Reading], most: int, now: datetime) -> datetime | None:
    """Tell when ``most`` daily calls will be used; not before ``now``.

    The rate is that between the first and the last reading of the hour before
    ``now``; where the usage fell, as it does when the day's window moves on, of those
    since. None where they tell no rate, or the usage does not grow.
    """
    lately = _since_it_fell(
        [one for one in readings if now - LOOKS_BACK <= one.at <= now]
    )
    if not lately or lately[-1].at - lately[0].at < SHORTEST:
        return None
    first, last = lately[0], lately[-1]
    grown = last.quota.used - first.quota.used
    if not grown:
        return None
    left = max(0, most - last.quota.used)
    seconds = (last.at - first.at).total_seconds() * left / grown
    wait = timedelta(seconds=min(seconds, FARTHEST.total_seconds()))
    return max(now, last.at + wait)


def _since_it_fell(readings: Sequence[Reading]) -> list[Reading]:
    """The readings since the usage fell last, or the day's limit changed."""
    lately = sorted(readings, key=lambda one: one.at)
    start = 0
    for at, (one, other) in enumerate(pairwise(lately), 1):
        fell = other.quota.used < one.quota.used
        if fell or other.quota.limit != one.quota.limit:
            start = at
    return lately[start:]
