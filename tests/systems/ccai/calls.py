"""Calls of an account, and readings of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from connector.model import Page
from connector.sandbox.ccai import TERMINAL
from tests.systems.ccai.conftest import Account

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
MONTH = timedelta(days=30)


def stamp(days_ago: float) -> str:
    moment = NOW - timedelta(days=days_ago)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def add(account: Account, days_ago: float, **fields: object) -> str:
    """Add a call that ended and was changed so long ago; its id."""
    at = {"created_at": stamp(days_ago + 0.01), "updated_at": stamp(days_ago)}
    return str(account.sandbox.add({"status": "finished", **at, **fields})["id"])


def ids(pages: Iterable[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def run(account: Account, cursor: str | None = None) -> tuple[list[str], str]:
    """Read once, as a run does; the calls, and the cursor after them."""
    pages = list(account.source().read(cursor, account.clock.now() - MONTH))
    reached = [page.cursor for page in pages if page.cursor]
    return ids(pages), reached[-1] if reached else cursor or ""


def over(account: Account) -> set[str]:
    """The ids of all calls that are over."""
    calls = account.sandbox.calls()
    return {str(call["id"]) for call in calls if call["status"] in TERMINAL}
