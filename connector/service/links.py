"""Who records were linked to, who nobody knows, and deciding anew."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from connector.engine.linking import Relinking
from connector.engine.push import Push
from connector.engine.run import Runner
from connector.mapping.flow import PushFlow
from connector.mapping.load import Folder
from connector.model import Lane, LedgerRow, Link, Run
from connector.service.sync import patiently
from connector.wiring import App

Row = dict[str, Any]

PAGE = 500
"""Rows of the ledger that are held at a time."""

USERS = ("User",)


def link_rows(app: App, flow: PushFlow) -> Iterator[Row]:
    """Every decided link of a flow: whom the record is on, among whom, and why."""
    for known in decided(app, flow):
        for name, link in (known.links or {}).items():
            yield {"record": known.key, "crm_id": known.crm_id, **_said(name, link)}


def decided(app: App, flow: PushFlow) -> Iterator[LedgerRow]:
    """The rows of a flow that have links, by key."""
    after = ""
    while rows := app.store.decided(flow.object, flow.name, after, PAGE):
        yield from rows
        after = rows[-1].key


def _said(name: str, link: Link) -> Row:
    return {
        "field": name,
        "id": link.id,
        "who": link.who,
        "why": link.why,
        "among": list(link.among),
    }


def unmapped(app: App, folder: Folder) -> list[Row]:
    """Agents that nobody maps and numbers that nobody has, with their calls.

    Most calls first. ``known_to``: how many have it, where nobody was chosen.
    """
    found = app.store.unmapped()
    known = app.store.known({each["value"] for each in found})
    objects = {
        (flow.name, rule.field): rule.objects
        for flow in folder.flows
        for rule in flow.finds
    }
    return [
        {
            "what": _what(objects.get((each["flow"], each["field"]), ())),
            "value": each["value"],
            "calls": each["calls"],
            "flow": each["flow"],
            "field": each["field"],
            "known_to": len(known.get(each["value"], ())),
        }
        for each in found
    ]


def _what(objects: tuple[str, ...]) -> str:
    return "agent" if objects == USERS else "customer"


def relink(runner: Runner, flow: PushFlow) -> Run:
    """Decide anew for every record of a flow; what people linked by hand stands.

    Waits up to a minute while the flow is being run by somebody else, then raises
    BusyError.
    """

    def again(push: Push) -> None:
        Relinking(push).again()

    return patiently(runner, partial(runner.working, flow, Lane.LIVE, again))
