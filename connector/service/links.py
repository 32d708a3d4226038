"""Who records were linked to, and whom nobody knows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from connector.mapping.flow import PushFlow
from connector.mapping.load import Folder
from connector.model import LedgerRow, Link, Person
from connector.wiring import App

Row = dict[str, Any]

PAGE = 500
"""Rows of the ledger that are held at a time."""


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

    A row a value, most calls first. ``known_to``: how many have it, where nobody was
    chosen. What a flow that is gone looked for does not count; one may be in a file
    that is broken.
    """
    agents = {
        (flow.name, rule.field): rule.of_agents
        for flow in folder.flows
        for rule in flow.finds
    }
    broken = any(fault.severity == "error" for fault in folder.faults)
    found = app.store.unmapped(None if broken else agents)
    known = app.store.known({key for each in found for key in each["sought"]})
    return [
        {
            "what": _what(agents, each),
            "value": each["value"],
            "calls": each["calls"],
            "flow": ", ".join(each["flows"]),
            "field": ", ".join(each["fields"]),
            "known_to": _known_to(each["sought"], known),
        }
        for each in found
    ]


def _known_to(sought: Iterable[str], known: Mapping[str, Sequence[Person]]) -> int:
    return len({person.crm_id for key in sought for person in known.get(key, ())})


def _what(agents: Mapping[tuple[str, str], bool], each: Row) -> str:
    pairs = product(each["flows"], each["fields"])
    looked = [agents[pair] for pair in pairs if pair in agents]
    return "agent" if looked and all(looked) else "customer"
