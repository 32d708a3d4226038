"""How the CRM's quota stands, for `connector status`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.crm.salesforce.quota import Budget
from connector.engine.forecast import LOOKS_BACK, forecast
from connector.model import Reading
from connector.wiring import App

DAY = timedelta(days=1)
AT_THIS_RATE = "at this rate the reserve is reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The latest reading; whether flows wait; when they will, or since when they do."""

    reading: Reading | None = None
    reached: bool = False
    reached_at: datetime | None = None


def standing(app: App) -> Standing:
    """Look into the book; the CRM is not asked."""
    reading = app.quota_book.last()
    if reading is None:
        return Standing()
    stops_at = _stops_at(app)
    if reading.quota.percent >= stops_at:
        return Standing(reading=reading, reached=True, reached_at=reading.at)
    now = app.clock.now()
    readings = app.quota_book.since(now - LOOKS_BACK)
    return Standing(reading=reading, reached_at=forecast(readings, stops_at, now))


def _stops_at(app: App) -> float:
    settings = app.settings
    budget = Budget(
        reserve=settings.salesforce_quota_reserve, dial_share=settings.dial_share
    )
    return budget.stops_at("logging")


def columns(quota: Standing) -> Mapping[str, object]:
    """The same for programs."""
    reading = quota.reading
    return {
        "quota_used": reading and reading.quota.used,
        "quota_limit": reading and reading.quota.limit,
        "quota_reached_at": quota.reached_at,
    }


def line(quota: Standing, now: datetime) -> str:
    """The same in words; times are those of this machine's zone."""
    if quota.reading is None:
        return "CRM quota: not asked yet"
    said = quota.reading.quota
    used = f"{said.used:,} of {said.limit:,} calls used ({int(said.percent)}%)"
    return "; ".join(filter(None, [f"CRM quota: {used}", _outlook(quota, now)]))


def _outlook(quota: Standing, now: datetime) -> str:
    if quota.reached:
        return "reached: flows wait"
    if quota.reached_at is None:
        return ""
    if quota.reached_at - now >= DAY:
        return f"{AT_THIS_RATE} not before tomorrow"
    return f"{AT_THIS_RATE} at {_local(quota.reached_at, now)}"


def _local(moment: datetime, now: datetime) -> str:
    there = moment.astimezone()
    today = there.date() == now.astimezone().date()
    return f"{there:%H:%M}" if today else f"{there:%Y-%m-%d %H:%M}"
