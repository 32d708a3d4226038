"""Decide anew whom a flow's records are on: say what it costs, then do it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from connector.engine.hands import BY_HAND, EMPTIED
from connector.engine.linking import Relinking
from connector.engine.push import Push
from connector.mapping.flow import PushFlow
from connector.model import Lane, LedgerRow, Run
from connector.service.costs import against_the_left, asked, batches, crm_calls
from connector.service.links import decided
from connector.service.people import await_directory
from connector.service.progress import progress
from connector.service.sync import Report, patiently
from connector.service.tables import counted
from connector.wiring import App

Say = Callable[[str], None]

A_BATCH = 2
"""CRM calls for a batch of records of which one changes: a read and a write."""


def relink(app: App, flow: PushFlow, say: Say) -> Report:
    """Decide anew for every record of a flow; what people linked by hand stands.

    ``say`` is told the cost before it starts. Waits up to a minute while the flow is
    being run by somebody else, then raises BusyError; UnavailableError where it needs
    people who are not known yet.
    """
    await_directory(app, flow)
    records = app.store.linked(flow.name)
    say(cost(app, flow, records))
    with progress(app.clock, records) as seen:
        runner = app.runner(seen)
        run = patiently(runner, partial(runner.working, flow, Lane.LIVE, _again))
    told = replace(run, message=run.message or _came_of(app, flow, run))
    return Report(flow=flow.name, runs=(told,), left_aside=0)


def _again(push: Push) -> None:
    Relinking(push).again()


def cost(app: App, flow: PushFlow, records: int) -> str:
    """Say what deciding anew on so many records takes of the CRM."""
    calls = batches(records) * (A_BATCH + asked(app, flow))
    otherwise = "it will end at the reserve, and the same command begins again"
    return (
        f"{counted(records, 'record')}: up to about {crm_calls(calls)}, of which those"
        f" are spared where nothing changes{against_the_left(app, calls, otherwise)}"
    )


def _came_of(app: App, flow: PushFlow, run: Run) -> str:
    """Say how many records were changed, how many are as people put them, and the rest."""
    changed = run.counts.linked
    by_hand = sum(map(_is_by_hand, decided(app, flow)))
    kept = max(0, run.counts.read - changed - by_hand)
    return f"{changed:,} changed, {by_hand:,} linked by hand and left, {kept:,} kept"


def _is_by_hand(known: LedgerRow) -> bool:
    return any(link.why in (BY_HAND, EMPTIED) for link in (known.links or {}).values())
