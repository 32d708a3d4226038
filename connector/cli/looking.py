"""The commands that show what there is, and move a cursor by hand."""

from typing import Annotated

import typer

from connector.cli.options import Flow, Json, OfFlow, OnlyFlow
from connector.cli.output import complain, show_runs
from connector.mapping.schema import json_schema
from connector.service import commands
from connector.service import dials as asked_for
from connector.service import links as people
from connector.service.status import below, standings
from connector.service.tables import print_json, show, write
from connector.wiring import open_app


def status(*, as_json: Json = False) -> None:
    """Show how each flow stands, and the CRM's quota."""
    with open_app() as connector:
        folder = connector.flows()
        rows = list(standings(connector, folder))
        columns = (
            *("flow", "outcome", "in_crm", "unlinked", "set_aside", "last_run"),
            *("read_up_to", "message"),
        )
        show(rows, columns, as_json=as_json, empty="There are no flows.")
        if rows and not as_json:
            for said in below(connector, rows):
                write(said)
        for fault in folder.faults if not as_json else ():
            complain(str(fault))


def runs(
    flow: OnlyFlow = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    as_json: Json = False,
) -> None:
    """List the latest runs, newest first."""
    with open_app() as connector:
        rows = commands.runs(connector, flow, limit)
        columns = ("id", "flow", "lane", "started_at", "seconds", "outcome", "result")
        show_runs(rows, columns, as_json=as_json)


def links(flow: Flow, *, as_json: Json = False) -> None:
    """List whom each record of a flow was linked to, and why."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        rows = list(people.link_rows(connector, chosen))
        columns = ("record", "field", "who", "id", "why")
        show(rows, columns, as_json=as_json, empty="Nothing was linked yet.")


def unmapped(*, as_json: Json = False) -> None:
    """List agents nobody maps and numbers nobody has, with how many calls each."""
    with open_app() as connector:
        folder = connector.flows()
        rows = people.unmapped(connector, folder)
        columns = ("what", "value", "calls", "flow", "field", "known_to")
        show(rows, columns, as_json=as_json, empty="Everybody is known.")
        for fault in commands.errors_of(folder) if not as_json else ():
            complain(str(fault))


def dials(
    *,
    flow: OfFlow = None,
    state: Annotated[
        list[str] | None, typer.Option(help="Only in this state; may be repeated.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Since a day, or so long ago: '2 days'.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    as_json: Json = False,
) -> None:
    """List whom agents asked to call, newest first, and what became of it."""
    with open_app() as connector:
        rows = asked_for.dials(connector, flow, state or [], since, limit)
        if not as_json:
            rows = [asked_for.in_words(row) for row in rows]
        none = "No calls were asked for."
        show(rows, asked_for.COLUMNS, as_json=as_json, empty=none)


def streams(
    system: Annotated[str | None, typer.Argument(help="Only this system's.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """List streams and their fields, as mapping files name them."""
    rows = commands.stream_rows(system)
    show(rows, ("stream", "field", "type", "meaning"), as_json=as_json, empty="None.")


def schema() -> None:
    """Print the JSON Schema of mapping files, for editors."""
    print_json(json_schema())


def cursor_show(flow: OnlyFlow = None, *, as_json: Json = False) -> None:
    """Show how far the flows have read."""
    with open_app() as connector:
        flows = commands.chosen(connector.flows(), [flow] if flow else [])
        rows = [
            {"flow": f.name, "cursor": connector.store.cursor(f.name)} for f in flows
        ]
        show(rows, ("flow", "cursor"), as_json=as_json, empty="There are no flows.")


def cursor_set(
    flow: Flow, value: Annotated[str, typer.Argument(help="As `show` prints it.")]
) -> None:
    """Have a flow read on from somewhere else; costs no CRM write for what is in."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        commands.set_cursor(connector, chosen, value)
        write(f"{flow} reads on from {connector.store.cursor(flow)}")
