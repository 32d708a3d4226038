"""How each flow stands."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from connector.mapping.flow import DialFlow, DirectoryFlow, Flow, PushFlow
from connector.mapping.load import Folder
from connector.model import Lane, Run
from connector.service import quota
from connector.service.tables import cell
from connector.wiring import App

Row = dict[str, Any]


def standings(app: App, folder: Folder) -> Iterator[Row]:
    """How each flow stands, the directory's first, and beside each the CRM's quota.

    ``in_crm`` of the directory are the people whom it knows; ``unlinked`` are the
    records that are on nobody yet. The outcome is that of the live
    lane; ``backfill`` is one that is not through, None where there is none.
    """
    shared = quota.columns(quota.standing(app))
    directory: tuple[Flow, ...] = (folder.directory,) if folder.directory else ()
    for flow in (*directory, *folder.flows, *folder.dials):
        last = _last(app, flow, Lane.LIVE)
        yield {
            "flow": flow.name,
            "last_run": last and last.started_at,
            "outcome": last.outcome if last else "never ran",
            **_reach(app, flow),
            "unlinked": _unlinked(app, flow),
            "set_aside": app.store.quarantined(flow.name),
            "message": last.message if last else "",
            "backfill": _backfill(app, flow),
            **shared,
        }


def below(app: App, rows: Iterable[Row]) -> Iterator[str]:
    """What is said below the flows: backfills that are not through, and the quota."""
    for row in rows:
        if row["backfill"]:
            yield f"{row['flow']}: {_unfinished(**row['backfill'])}"
    yield quota.line(quota.standing(app), app.clock.now())


def _unfinished(
    outcome: str,
    start: datetime | None,
    end: datetime | None,
    up_to: str | None,
    message: str,
) -> str:
    of = f" of the calls from {cell(start)} to {cell(end)}" if start else ""
    came = f", up to {up_to}" if up_to else ""
    why = f". {message}" if message else ""
    return f"a backfill{of} is not through: {outcome}{came}{why}"


def _last(app: App, flow: Flow, lane: Lane) -> Run | None:
    return next(iter(app.store.runs(flow.name, 1, lane)), None)


def _backfill(app: App, flow: Flow) -> Row | None:
    """The last backfill, unless it is through, and from where it would go on."""
    last = _last(app, flow, Lane.BACKFILL)
    cursor = app.store.cursor(f"{flow.name}/{Lane.BACKFILL}")
    if cursor is None and (last is None or last.outcome == "done"):
        return None
    kept = json.loads(cursor or "{}")
    return {
        "outcome": last.outcome if last else "stopped",
        "start": _moment(kept.get("from")),
        "end": _moment(kept.get("to")),
        "up_to": kept.get("done"),
        "message": last.message if last else "",
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _reach(app: App, flow: Flow) -> Row:
    """How far a flow has read, and how much of it the CRM has."""
    if isinstance(flow, DialFlow):
        return {"read_up_to": None, "in_crm": None}
    if not isinstance(flow, DirectoryFlow):
        read = app.store.cursor(flow.name)
        return {"read_up_to": read, "in_crm": app.store.linked(flow.name)}
    cursors = [loading.cursor for loading in app.store.loadings().values()]
    read = min(filter(None, cursors), default=None)
    return {"read_up_to": read, "in_crm": app.store.people()}


def _unlinked(app: App, flow: Flow) -> int | None:
    """How many records are on nobody; None where there is nothing to link."""
    if not isinstance(flow, PushFlow):
        return None
    fields = [rule.field for rule in flow.finds if not rule.of_agents]
    return app.store.on_nobody(flow.name, fields)
