"""Carry the calls of a past time over: say what it costs, then do it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from connector.engine import backfill as engine
from connector.engine.push import BATCH
from connector.errors import BusyError, ConfigError
from connector.mapping.flow import PushFlow
from connector.model import Estimate, Lane, Run
from connector.service.sync import Report
from connector.service.tables import counted, progress
from connector.wiring import App

Say = Callable[[str], None]

UNITS = ((2 * 3_600, 3_600, "hour"), (120, 60, "minute"), (0, 1, "second"))
"""From how many seconds on a length is told in which unit."""

GOES_ON = "It is not through: the same command goes on from there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The calls asked for: those that began in [``start``, ``end``); ``words``: as asked."""

    start: datetime
    end: datetime
    words: str


def span(flow: PushFlow, first: str, last: str, now: datetime) -> Span:
    """Read ``--from`` and ``--to``: dates of the flow's zone, or date-times.

    The day of ``--to`` is in, whole; a ``--to`` to come means until now. ConfigError
    for what is neither, not in order, or begins in the future.
    """
    start = _moment("--from", first, flow, timedelta())
    end = _moment("--to", last, flow, timedelta(days=1))
    if start >= end:
        raise ConfigError(f"--from {first} is not before --to {last}")
    if start >= now:
        raise ConfigError(f"--from {first} is in the future: there are no calls yet")
    cut = " (until now)" if end > now else ""
    words = f"from {first.strip()} to {last.strip()}{cut}"
    return Span(start=start, end=end, words=words)


def _moment(option: str, text: str, flow: PushFlow, whole_day: timedelta) -> datetime:
    """Read a date-time, or the beginning of a day or, with ``whole_day``, its end."""
    try:
        moment = _local(text.strip(), whole_day)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=flow.zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"{option} {text!r} is not a date such as 2026-01-31, nor a date-time"
            " such as 2026-01-31T09:00"
        ) from error


def _local(text: str, whole_day: timedelta) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text) + whole_day, time.min)
    except ValueError:
        return datetime.fromisoformat(text)


def backfill(app: App, flow: PushFlow, wanted: Span, say: Say) -> Report:
    """Bring the calls of a span in; ``say`` is told the cost before it starts.

    Raises ConfigError for a flow that can't be run so, BusyError where the flow is
    being backfilled already.
    """
    if missing := app.missing(flow):
        raise ConfigError(missing)
    try:
        run = _run(app, flow, wanted, say)
    except BusyError as error:
        raise BusyError(
            f"{flow.name} is being backfilled by another process; if that one was"
            " killed, try again in a minute"
        ) from error
    left = app.store.quarantined(flow.name)
    return Report(flow=flow.name, runs=(run,), left_aside=left)


def _run(app: App, flow: PushFlow, wanted: Span, say: Say) -> Run:
    runner = app.runner()
    with ExitStack() as shown:

        def announce(expected: Estimate, done: str | None) -> None:
            say(cost(app, flow, wanted, expected, done))
            runner.progress = shown.enter_context(progress(expected.records))

        return engine.backfill(
            runner,
            flow,
            app.source(flow, Lane.BACKFILL),
            engine.order(flow, wanted.start, wanted.end),
            announce,
        )


def goes_on(report: Report) -> bool:
    """Whether the same command would go on from where this one ended."""
    return any(run.outcome in ("stopped", "waiting") for run in report.runs)


# ── what it costs, in words ────────────────────────────────────────────────


def cost(
    app: App, flow: PushFlow, wanted: Span, expected: Estimate, done: str | None
) -> str:
    """Say how many calls there are, and what reading and writing them costs."""
    calls = _calls(expected.records)
    begins = f"Going on from {done}: {calls} left" if done else calls
    sentence = (
        f"{begins} {wanted.words}: {_requests(flow, expected)}, and"
        f" {_writes(expected.records)}{_left(app)}"
    )
    return sentence[:1].upper() + sentence[1:]


def _calls(records: int | None) -> str:
    if records is None:
        return "an unknown number of calls"
    return f"about {counted(records, 'call')}"


def _requests(flow: PushFlow, expected: Estimate) -> str:
    roughly = "at least" if expected.records is None else "about"
    rate = f" ({length(expected.seconds)} at its rate)" if expected.seconds else ""
    return f"{roughly} {counted(expected.requests, 'request')} to {flow.system}{rate}"


def _writes(records: int | None) -> str:
    if records is None:
        return f"1 CRM call for each {BATCH} that changed"
    return f"at most {counted(ceil(records / BATCH), 'CRM call')}"


def _left(app: App) -> str:
    """The day's calls that are left before the reserve, where the CRM told."""
    quota = app.crm.quota()
    if quota is None:
        return ""
    ours = int(quota.limit * (100 - app.settings.salesforce_quota_reserve) / 100)
    return f" (of {max(0, ours - quota.used):,} left today before the reserve)"


def length(seconds: float) -> str:
    """A length of time in words, rounded."""
    unit, name = next((u, n) for least, u, n in UNITS if seconds >= least)
    return counted(round(seconds / unit), name)
