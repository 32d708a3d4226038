"""How the CRM's quota stands, for `connector status`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.crm.salesforce.budget import Budget, Wait
from connector.engine.forecast import LOOKS_BACK, forecast
from connector.model import Reading
from connector.wiring import App

DAY = timedelta(days=1)
AT_THIS_RATE = "at this rate the reserve is reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The latest reading, and why flows wait, if they do.

    ``reached_at``: when they will have to, or since when the reserve is touched.
    """

    reading: Reading | None = None
    wait: Wait | None = None
    reached_at: datetime | None = None


def budget(app: App) -> Budget:
    """How the day's calls are shared out now."""
    reserve = app.settings.salesforce_quota_reserve
    return Budget(reserve=reserve, dial_share=app.dial_share())


def standing(app: App) -> Standing:
    """Look into the book; the CRM is not asked."""
    book, now = app.quota_book, app.clock.now()
    reading = book.last()
    return Standing(
        reading=reading,
        wait=budget(app).wait(reading, book.paused_until(), now),
        reached_at=_reached_at(app, reading, now) if reading else None,
    )


def _reached_at(app: App, reading: Reading, now: datetime) -> datetime | None:
    shares = budget(app)
    if not shares.left(reading.quota):
        return reading.at
    readings = app.quota_book.since(now - LOOKS_BACK)
    return forecast(readings, shares.most(reading.quota.limit), now)


def columns(quota: Standing) -> Mapping[str, object]:
    """The same for programs."""
    reading, wait = quota.reading, quota.wait
    return {
        "quota_used": reading and reading.quota.used,
        "quota_limit": reading and reading.quota.limit,
        "quota_as_of": reading and reading.at,
        "quota_reached_at": quota.reached_at,
        "quota_waiting": wait and wait.why,
        "quota_next_look": wait and wait.until,
    }


def line(quota: Standing, now: datetime) -> str:
    """The same in words; times are those of this machine's zone."""
    said = [f"CRM quota: {_used(quota.reading, now)}", *_outlook(quota, now)]
    return "; ".join(said)


def _used(reading: Reading | None, now: datetime) -> str:
    if reading is None:
        return "not told yet"
    said = reading.quota
    share = f"{said.used:,} of {said.limit:,} calls used ({int(said.percent)}%)"
    return f"{share} as of {_local(reading.at, now)}"


def _outlook(quota: Standing, now: datetime) -> list[str]:
    if wait := quota.wait:
        at = f"is at {_local(wait.until, now)}" if wait.until > now else "is due"
        return [wait.why, f"the next look {at}"]
    if quota.reached_at is None:
        return []
    if quota.reached_at - now >= DAY:
        return [f"{AT_THIS_RATE} not before tomorrow"]
    return [f"{AT_THIS_RATE} at {_local(quota.reached_at, now)}"]


def _local(moment: datetime, now: datetime) -> str:
    there = moment.astimezone()
    today = there.date() == now.astimezone().date()
    return f"{there:%H:%M}" if today else f"{there:%Y-%m-%d %H:%M}"
