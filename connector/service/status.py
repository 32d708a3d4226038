"""How each flow stands."""

from collections.abc import Iterator
from typing import Any

from connector.mapping.flow import DirectoryFlow, Flow
from connector.mapping.load import Folder
from connector.service import quota
from connector.wiring import App

Row = dict[str, Any]


def standings(app: App, folder: Folder) -> Iterator[Row]:
    """How each flow stands, the directory's first, and beside each the CRM's quota.

    ``in_crm`` of the directory are the people whom it knows; ``unlinked`` are the
    records of which a field points to nobody yet.
    """
    shared = quota.columns(quota.standing(app))
    directory: tuple[Flow, ...] = (folder.directory,) if folder.directory else ()
    for flow in (*directory, *folder.flows):
        last = next(iter(app.store.runs(flow.name, 1)), None)
        yield {
            "flow": flow.name,
            "last_run": last and last.started_at,
            "outcome": last.outcome if last else "never ran",
            **_reach(app, flow),
            "unlinked": _unlinked(app, flow),
            "set_aside": app.store.quarantined(flow.name),
            "message": last.message if last else "",
            **shared,
        }


def _reach(app: App, flow: Flow) -> Row:
    """How far a flow has read, and how much of it the CRM has."""
    if not isinstance(flow, DirectoryFlow):
        read = app.store.cursor(flow.name)
        return {"read_up_to": read, "in_crm": app.store.linked(flow.name)}
    cursors = [loading.cursor for loading in app.store.loadings().values()]
    read = min(filter(None, cursors), default=None)
    return {"read_up_to": read, "in_crm": app.store.people()}


def _unlinked(app: App, flow: Flow) -> int | None:
    """How many records wait to be linked; None where there is nothing to link."""
    if isinstance(flow, DirectoryFlow):
        return None
    return app.store.unlinked(flow.name)
