"""The book of the CRM's quota: what anybody heard, at most one reading a minute.

Beside it, in the row of the CRM in the timetable of systems: when its limits may be
asked for, and until when nobody asks it. Implements the port `QuotaBook`.
"""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.clock import Clock
from connector.model import Quota, Reading
from connector.state.store import Store

KEPT = timedelta(hours=25)
"""The CRM counts the calls of 24 hours; a forecast wants no more than that."""

MINUTE = 60
SOON = timedelta(seconds=2)
"""How long a reading that is like the one before may be put off."""
ALIKE_PERCENT = 1

CRM = "crm"
"""The row of the timetable."""


class StoreQuotaBook:
    """A process's hand on the book. Safe for many threads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep the book in ``store``; ``clock`` dates the readings."""
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._stored: Reading | None = None
        self._put_off: Reading | None = None

    def note(self, quota: Quota, *, at_once: bool = False) -> None:
        """Write a reading down, unless we wrote one like it a moment ago.

        ``at_once``: write it in any case, as the others must know.
        """
        with self._lock:
            self._put_off = Reading(quota=quota, at=self._clock.now())
            if at_once or _is_news(self._put_off, self._stored):
                self._write()

    def flush(self) -> None:
        """Write down what `note` put off."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        reading, self._put_off = self._put_off, None
        if reading:
            with self._store.writing():
                keep(self._store.db.conn, reading, self._clock.now())
            self._stored = reading

    def last(self) -> Reading | None:
        """The latest reading of anybody, of the last 25 hours."""
        now = self._clock.now()
        sql = "select * from quota where at between ? and ? order by at desc limit 1"
        rows = self._store.read(sql, [_second(now - KEPT), _second(now)])
        return _reading(rows[0]) if rows else None

    def since(self, moment: datetime) -> list[Reading]:
        """The readings from ``moment`` on, oldest first."""
        sql = "select * from quota where at between ? and ? order by at"
        span = [_second(moment), _second(self._clock.now())]
        return [_reading(row) for row in self._store.read(sql, span)]

    # ── asking the CRM ─────────────────────────────────────────────────────

    def turn(self, every: timedelta) -> bool:
        """Take the turn to ask for the limits; False where somebody lately did."""
        now, seconds = self._clock.now().timestamp(), every.total_seconds()
        with self._store.writing() as tx:
            next_at, paused_until, _ = tx.pace(CRM)
            # One further away was noted by a clock that has since been set back.
            if now < next_at <= now + seconds:
                return False
            tx.set_pace(CRM, now + seconds, paused_until, 0.0)
        return True

    def pause(self, until: datetime | None) -> None:
        """Note until when nobody asks the CRM for anything; None: it is over."""
        with self._store.writing() as tx:
            next_at, _, _ = tx.pace(CRM)
            tx.set_pace(CRM, next_at, until.timestamp() if until else 0.0, 0.0)

    def paused_until(self) -> datetime | None:
        """Give what `pause` noted last; it may be over."""
        sql = "select blocked_until at from pace where system = ? and blocked_until > 0"
        rows = self._store.read(sql, [CRM])
        return datetime.fromtimestamp(rows[0]["at"], UTC) if rows else None


def keep(connection: sqlite3.Connection, reading: Reading, now: datetime) -> None:
    """Store a reading as its minute's, unless a later one is; forget the old ones.

    Of two of the same second the higher is the later. Those later than ``now`` were
    written by a clock that has since been set back.
    """
    at = _second(reading.at)
    minute = at - at % MINUTE
    connection.execute(
        """delete from quota where at < ?1 or at > ?2 or at >= ?3 and at < ?4
           or at = ?4 and used <= ?5""",
        (_second(now - KEPT), _second(now), minute, at, reading.quota.used),
    )
    connection.execute(
        """insert into quota (at, used, daily) select ?1, ?2, ?3
           where not exists (select 1 from quota where at >= ?1 and at < ?4)""",
        (at, reading.quota.used, reading.quota.limit, minute + MINUTE),
    )


def _is_news(reading: Reading, before: Reading | None) -> bool:
    if before is None or not timedelta() <= reading.at - before.at < SOON:
        return True
    more = abs(reading.quota.percent - before.quota.percent)
    return more >= ALIKE_PERCENT or reading.quota.limit != before.quota.limit


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def _reading(row: dict[str, Any]) -> Reading:
    quota = Quota(used=row["used"], limit=row["daily"])
    return Reading(quota=quota, at=datetime.fromtimestamp(row["at"], UTC))
