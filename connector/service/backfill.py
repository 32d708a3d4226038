"""Carry the calls of a past time over: say what it costs, then do it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from connector.engine import backfill as engine
from connector.engine.push import BATCH
from connector.errors import BusyError, ConfigError
from connector.mapping.flow import PushFlow
from connector.model import Estimate, Lane, Run
from connector.service.costs import (
    against_the_left,
    batches,
    crm_calls,
    of_a_batch,
)
from connector.service.people import await_directory
from connector.service.progress import progress
from connector.service.sync import Report
from connector.service.tables import counted, length
from connector.wiring import App

Say = Callable[[str], None]

FIRST_YEAR = 1970
"""Before it no system counts time."""

NOT_THROUGH = "It is not through: the same command"


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
    except ValueError as error:
        raise ConfigError(
            f"{option} {text!r} is not a date such as 2026-01-31, nor a date-time"
            " such as 2026-01-31T09:00"
        ) from error
    if moment.year < FIRST_YEAR:
        raise ConfigError(
            f"{option} {text} is before {FIRST_YEAR}: no system has calls so old"
        )
    aware = moment if moment.tzinfo else moment.replace(tzinfo=flow.zone)
    try:
        return aware.astimezone(UTC)
    except OverflowError:  # the last day that there is, in a zone behind UTC
        return datetime.max.replace(tzinfo=UTC)


def _local(text: str, whole_day: timedelta) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)
    if day == date.max:
        return datetime.combine(day, time.max if whole_day else time.min)
    return datetime.combine(day + whole_day, time.min)


def backfill(app: App, flow: PushFlow, wanted: Span, say: Say) -> Report:
    """Bring the calls of a span in; ``say`` is told the cost before it starts.

    Raises ConfigError for a flow that can't be run so, BusyError where the flow is
    being backfilled already, UnavailableError where the directory is not loaded yet.
    """
    if missing := app.missing(flow):
        raise ConfigError(missing)
    await_directory(app, flow)
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

        def announce(expected: Estimate, before: engine.Before) -> None:
            say(cost(app, flow, wanted, expected, before))
            line = progress(app.clock, expected.records)
            runner.progress = shown.enter_context(line)

        return engine.backfill(
            runner,
            flow,
            app.source(flow, Lane.BACKFILL),
            _order(flow, wanted),
            announce,
        )


def _order(flow: PushFlow, wanted: Span) -> engine.Order:
    return engine.order(flow, wanted.start, wanted.end)


def goes_on(app: App, flow: PushFlow, wanted: Span, report: Report) -> str:
    """Say what the same command does where this one ended early; empty: it did not."""
    if not any(run.outcome in ("stopped", "waiting") for run in report.runs):
        return ""
    done = engine.reached(app.store, flow.name, _order(flow, wanted))
    if done is None:
        return f"{NOT_THROUGH} begins again; what is in costs no write."
    return f"{NOT_THROUGH} goes on from {_at(done, flow)}."


# ── what it costs, in words ────────────────────────────────────────────────


def cost(
    app: App, flow: PushFlow, wanted: Span, expected: Estimate, before: engine.Before
) -> str:
    """Say how many calls there are, and what reading and writing them costs."""
    calls = None
    if expected.records is not None:
        calls = batches(expected.records) * of_a_batch(app, flow)
    otherwise = "it will end at the reserve, and the same command goes on"
    sentence = (
        f"{_begins(flow, expected, before)} {wanted.words}:"
        f" {_requests(flow, expected)}, and about {_writes(app, flow, calls)}"
        f"{against_the_left(app, calls, otherwise)}"
    )
    return sentence[:1].upper() + sentence[1:]


def _begins(flow: PushFlow, expected: Estimate, before: engine.Before) -> str:
    calls = _calls(expected.records)
    if before.done:
        return f"going on from {_at(before.done, flow)}: {calls} left"
    if before.anew:
        return f"beginning anew, as {before.anew}: {calls}"
    return calls


def _at(done: str, flow: PushFlow) -> str:
    """How far it came, in the flow's zone, where it is a time."""
    try:
        there = datetime.fromisoformat(done).astimezone(flow.zone)
    except ValueError:
        return done
    return f"{there:%Y-%m-%d %H:%M}"


def _calls(records: int | None) -> str:
    if records is None:
        return "an unknown number of calls"
    return f"about {counted(records, 'call')}"


def _requests(flow: PushFlow, expected: Estimate) -> str:
    roughly = "at least" if expected.records is None else "about"
    rate = f" ({length(expected.seconds)} at its rate)" if expected.seconds else ""
    return f"{roughly} {counted(expected.requests, 'request')} to {flow.system}{rate}"


def _writes(app: App, flow: PushFlow, calls: int | None) -> str:
    if calls is None:
        return f"{crm_calls(of_a_batch(app, flow))} for each {BATCH} that changed"
    return crm_calls(calls)
