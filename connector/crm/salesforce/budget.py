"""How the org's daily API calls are shared out, and what has to wait when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connector.model import Quota, Reading

Purpose = Literal["looking", "logging", "dialling"]
"""What a call is for: describing what there is, bringing records in, which can wait,
or dialling for somebody."""

LOOK_AGAIN = timedelta(minutes=5)
"""How long a reading that stops us is believed, before the CRM is asked."""

PAUSE = timedelta(minutes=15)
"""How long nobody asks a CRM that refused a call for the day."""

ELSEWHERE = 24
"""Calls that may be on their way in other processes: three of them, 8 flows in each.

Each thread may make one call before it hears that the others made the last; so flows
stop that many calls early, and don't use up what is kept.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Who waits and why, in words, and until when (UTC): then the CRM is asked."""

    why: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How the daily calls are shared out, in percent: the rest is for logging."""

    reserve: float
    dial_share: float = 0

    def most(self, limit: int, purpose: Purpose = "logging") -> int:
        """How many of ``limit`` calls, by anybody, leave none for ``purpose``."""
        if purpose == "dialling":
            return _percent(limit, 100 - self.reserve)
        kept = self.reserve + self.dial_share
        return max(0, _percent(limit, 100 - kept) - ELSEWHERE)

    def left(self, quota: Quota, purpose: Purpose = "logging") -> int:
        """Count the calls that ``purpose`` may still make today; 0: it has to wait."""
        return max(0, self.most(quota.limit, purpose) - quota.used)

    def wait(
        self,
        reading: Reading | None,
        paused_until: datetime | None,
        now: datetime,
        purpose: Purpose = "logging",
    ) -> Wait | None:
        """Tell why and until when ``purpose`` has to wait; None: it goes on.

        The end may be over: then whoever comes next asks the CRM.
        """
        # An end further away was noted by a clock that has since been set back.
        if paused_until and now < paused_until <= now + PAUSE:
            why = f"{_waits(purpose)}, as the CRM refuses calls for the day"
            return Wait(why=why, until=paused_until)
        if not reading or purpose == "looking" or self.left(reading.quota, purpose):
            return None
        most = self.most(reading.quota.limit, purpose)
        why = f"from {most:,} on {_waits(purpose)}, as {self._kept(purpose)}"
        return Wait(why=why, until=reading.at + LOOK_AGAIN)

    def _kept(self, purpose: Purpose) -> str:
        words = f"{self.reserve:g}% are kept in reserve"
        if purpose == "dialling" or not self.dial_share:
            return words
        return f"{words} and {self.dial_share:g}% for dialling"


def _waits(purpose: Purpose) -> str:
    return "dialling waits" if purpose == "dialling" else "flows wait"


def _percent(limit: int, percent: float) -> int:
    return int(limit * percent // 100)
