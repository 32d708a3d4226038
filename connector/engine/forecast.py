"""When the CRM's daily calls will be used up to a limit, at the present rate."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from connector.model import Reading

LOOKS_BACK = timedelta(hours=1)
SHORTEST = timedelta(minutes=3)
"""Readings closer together than this tell no rate."""
FARTHEST = timedelta(days=366)


def forecast(
    readings: Sequence[Reading], limit_percent: float, now: datetime
) -> datetime | None:
    """Tell when ``limit_percent`` of the daily calls will be used; not before ``now``.

    The rate is that between the first and the last reading of the hour before
    ``now``. None where they tell no rate, or the usage does not grow, as when the
    day's window moves on.
    """
    lately = [one for one in readings if now - LOOKS_BACK <= one.at <= now]
    lately.sort(key=lambda one: one.at)
    # Percents of another day's limit can't be compared.
    lately = [one for one in lately if one.quota.limit == lately[-1].quota.limit]
    if not lately or lately[-1].at - lately[0].at < SHORTEST:
        return None
    first, last = lately[0], lately[-1]
    grown = last.quota.percent - first.quota.percent
    if grown <= 0:
        return None
    left = limit_percent - last.quota.percent
    seconds = (last.at - first.at).total_seconds() * left / grown
    wait = timedelta(seconds=min(seconds, FARTHEST.total_seconds()))
    return max(now, last.at + wait)
