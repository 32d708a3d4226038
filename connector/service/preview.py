"""What a flow would do with real records: say what the look costs, then look."""

from collections.abc import Callable, Iterator
from datetime import datetime
from math import ceil

from connector.engine.preview import Prediction, Preview
from connector.errors import ConfigError
from connector.mapping.flow import PushFlow
from connector.model import Lane, Page
from connector.ports import Readable, Scannable, Source
from connector.service.costs import against_the_left, crm_calls, of_a_look
from connector.service.people import await_directory
from connector.service.tables import counted
from connector.wiring import App

Say = Callable[[str], None]


def predictions(app: App, flow: PushFlow, limit: int, say: Say) -> Iterator[Prediction]:
    """Predict for the first ``limit`` records of the flow's ``since``.

    ``say`` is told the cost before anything is asked. Raises ConfigError for a flow
    that can't be run, UnavailableError where it needs people who are not known yet.
    """
    if missing := app.missing(flow):
        raise ConfigError(missing)
    await_directory(app, flow)
    say(cost(app, flow, limit))
    source = app.source(flow, Lane.REREAD)
    preview = Preview(
        crm=app.crm,
        state=app.store,
        plan=app.runner().plan(flow),
        described=app.crm.describe(flow.object),
        clock=app.clock,
    )
    since = flow.since_at(app.clock.now())
    yield from preview.of(_from_the_start(source, since), limit)


def cost(app: App, flow: PushFlow, limit: int) -> str:
    """Say what looking at so many records takes of the vendor and of the CRM."""
    requests = counted(ceil(limit / flow.stream.page), "request")
    calls = of_a_look(app, flow, limit)
    return (
        f"About {requests} to {flow.system}, and at most {crm_calls(calls)}"
        f"{against_the_left(app, calls, 'it may not come to its end')}"
    )


def _from_the_start(source: Source, since: datetime) -> Iterator[Page]:
    if isinstance(source, Readable):
        yield from source.read(None, since)
    elif isinstance(source, Scannable):
        yield from source.scan()
