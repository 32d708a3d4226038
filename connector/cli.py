"""The commands. Thin: each asks `service` for rows and prints them.

Exit codes: 0 all in, 1 something set aside or failed, 2 wrong configuration or
mapping.
"""

import sys
from functools import partial
from typing import Annotated

import typer
from rich.text import Text

from connector.errors import ConfigError, ConnectorError, MappingError
from connector.mapping.flow import Flow as MappingFlow
from connector.mapping.schema import json_schema
from connector.service import backfill as past
from connector.service import commands, quota
from connector.service import links as people
from connector.service.details import show_entry, show_predictions
from connector.service.signals import stop_on_signals
from connector.service.status import standings
from connector.service.sync import Report
from connector.service.sync import sync as run_sync
from connector.service.tables import (
    counted,
    err,
    print_json,
    progress,
    show,
    write,
)
from connector.wiring import App, open_app

app = typer.Typer(
    help="Carries calls and leads onto the right CRM record, once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
quarantine = typer.Typer(help="Records set aside, and why.", no_args_is_help=True)
cursor = typer.Typer(help="How far a flow has read.", no_args_is_help=True)
app.add_typer(quarantine, name="quarantine")
app.add_typer(cursor, name="cursor")

OUTCOMES = {"done": 0, "paused": 2}
"""Exit codes of runs; of all others, 1."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Flow = Annotated[str, typer.Argument(help="Name of a flow.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Ids of entries.")]
OfFlow = Annotated[str | None, typer.Option("--flow", help="Only this flow's.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]


def main() -> None:
    """Run the command line; an error of ours is one message, not a traceback."""
    try:
        app()
    except ConfigError as error:
        err.print(error.message, style="red", markup=False)
        sys.exit(2)
    except ConnectorError as error:
        err.print(error.message, style="red", markup=False)
        sys.exit(1)


@app.command()
def demo(
    *, once: Annotated[bool, typer.Option(help="One cycle, then exit.")] = False
) -> None:
    """Show it all at work against sandbox systems on this machine."""
    from connector.service import demo as sandboxed  # noqa: PLC0415  the web server is slow to import, and no other command wants it

    sys.exit(sandboxed.demo(once=once))


@app.command()
def check(
    *,
    offline: Annotated[bool, typer.Option(help="Only the files.")] = False,
    as_json: Json = False,
) -> None:
    """Check settings and mapping files, and the files against the CRM."""
    with open_app() as connector:
        folder = connector.flows()
        rows = list(commands.check(connector, folder, offline=offline))
        if as_json:
            print_json(rows)
        else:
            _print_check(rows, len(folder.flows))
        sys.exit(commands.exit_code(rows))


STYLES = {"error": "red", "unavailable": "red", "warning": "yellow", "info": "none"}


def _print_check(rows: list[commands.Row], flows: int) -> None:
    for row in rows:
        write(Text(row["message"], style=STYLES[row["severity"]]))
    errors = sum(row["severity"] == "error" for row in rows)
    write(f"{counted(flows, 'flow')} loaded, {counted(errors, 'error')}")


@app.command()
def preview(
    flow: Flow,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Records to look at.")] = 20,
    as_json: Json = False,
) -> None:
    """Show what a flow would do with real records; writes nothing."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        predictions = commands.predictions(connector, chosen, limit)
        if as_json:
            print_json(list(predictions))
        else:
            show_predictions(predictions)


@app.command()
def sync(
    flows: Annotated[
        list[str] | None, typer.Argument(help="Flows; all if none.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Run flows once, now, looking back for late changes."""
    with open_app() as connector:
        folder = connector.flows()
        if wrong := commands.errors_of(folder):
            raise MappingError(wrong)
        reports = _synced(connector, commands.to_sync(folder, flows or []))
        rows = [row for report in reports for row in commands.report_rows(report)]
        _with_result(rows, ("flow", "lane", "outcome", "result"), as_json=as_json)
        sys.exit(max((report.exit_code for report in reports), default=0))


def _with_result(
    rows: list[commands.Row], columns: tuple[str, ...], *, as_json: bool
) -> None:
    """Print runs: every count as JSON, in a table those that are not 0."""
    if not as_json:
        rows = [row | {"result": commands.result(row)} for row in rows]
    show(rows, columns, as_json=as_json, empty="Nothing ran yet.")


def _synced(connector: App, flows: list[MappingFlow]) -> list[Report]:
    stop_on_signals(connector)
    with progress() as seen:
        runner = connector.runner(seen)
        return [run_sync(connector, runner, flow) for flow in flows]


@app.command()
def backfill(
    flow: Flow,
    *,
    first: Annotated[str, typer.Option("--from", help="First day, or date-time.")],
    last: Annotated[str, typer.Option("--to", help="Last day, or date-time.")],
    as_json: Json = False,
) -> None:
    """Carry over calls by when they began; the same command again goes on."""
    say = partial(err.print, markup=False) if as_json else write
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        span = past.span(chosen, first, last, connector.clock.now())
        stop_on_signals(connector)
        report = past.backfill(connector, chosen, span, say)
        rows = list(commands.report_rows(report))
        _with_result(rows, ("flow", "lane", "outcome", "result"), as_json=as_json)
        if past.goes_on(report):
            err.print(past.GOES_ON, style="yellow")
        sys.exit(report.exit_code)


@app.command()
def relink(flow: Flow, *, as_json: Json = False) -> None:
    """Decide anew whom a flow's records are on; links made by hand stand."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        stop_on_signals(connector)
        with progress() as seen:
            run = people.relink(connector.runner(seen), chosen)
        rows = [commands.run_row(run)]
        _with_result(rows, ("flow", "lane", "outcome", "result"), as_json=as_json)
        sys.exit(OUTCOMES.get(run.outcome, 1))


@app.command()
def links(flow: Flow, *, as_json: Json = False) -> None:
    """List whom each record of a flow was linked to, and why."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        rows = list(people.link_rows(connector, chosen))
        columns = ("record", "field", "who", "id", "why")
        show(rows, columns, as_json=as_json, empty="Nothing was linked yet.")


@app.command()
def unmapped(*, as_json: Json = False) -> None:
    """List agents nobody maps and numbers nobody has, with how many calls each."""
    with open_app() as connector:
        rows = people.unmapped(connector, connector.flows())
        columns = ("what", "value", "calls", "flow", "field", "known_to")
        show(rows, columns, as_json=as_json, empty="Everybody is known.")


@app.command()
def serve() -> None:
    """Run every flow on its schedule until SIGTERM."""
    from connector.service import serve as served  # noqa: PLC0415  the web server is slow to import, and no other command wants it

    with open_app() as connector:
        sys.exit(served.serve(connector))


@app.command()
def status(*, as_json: Json = False) -> None:
    """Show how each flow stands, and the CRM's quota."""
    with open_app() as connector:
        folder = connector.flows()
        rows = list(standings(connector, folder))
        columns = (
            *("flow", "outcome", "in_crm", "set_aside", "last_run"),
            *("read_up_to", "message"),
        )
        show(rows, columns, as_json=as_json, empty="There are no flows.")
        if rows and not as_json:
            write(quota.line(quota.standing(connector), connector.clock.now()))
        for fault in folder.faults if not as_json else ():
            err.print(str(fault), style="yellow", markup=False)


@app.command()
def runs(
    flow: Annotated[str | None, typer.Argument(help="Only this flow's.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    as_json: Json = False,
) -> None:
    """List the latest runs, newest first."""
    with open_app() as connector:
        rows = commands.runs(connector, flow, limit)
        columns = ("id", "flow", "lane", "started_at", "seconds", "outcome", "result")
        _with_result(rows, columns, as_json=as_json)


@quarantine.command("list")
def quarantine_list(*, flow: OfFlow = None, as_json: Json = False) -> None:
    """List the records set aside, and why."""
    with open_app() as connector:
        rows = [commands.aside_row(e) for e in commands.asides(connector, flow)]
        columns = ("id", "flow", "record", "code", "attempts", "retry_at", "message")
        show(rows, columns, as_json=as_json, empty="Nothing is set aside.")


@quarantine.command("show")
def quarantine_show(
    entry: Annotated[int, typer.Argument(metavar="ID", help="Id of an entry.")],
    *,
    as_json: Json = False,
) -> None:
    """Show one record set aside, with its payload."""
    with open_app() as connector:
        (found,) = commands.entries_of(connector, [entry], None, every=False)
        details = commands.aside_details(found)
        if as_json:
            print_json(details)
        else:
            show_entry(details)


@quarantine.command("retry")
def quarantine_retry(
    ids: Ids = None, *, flow: OfFlow = None, every: All = False
) -> None:
    """Send records again at the flow's next run (or at once: `connector sync`)."""
    with open_app() as connector:
        count = commands.retry(connector, ids or [], flow, every=every)
        write(f"{counted(count, 'record')} will be sent by the flow's next run")


@quarantine.command("discard")
def quarantine_discard(
    ids: Ids = None, *, flow: OfFlow = None, every: All = False
) -> None:
    """Forget records set aside; they come back if the vendor changes them."""
    with open_app() as connector:
        count = commands.discard(connector, ids or [], flow, every=every)
        write(f"{counted(count, 'record')} forgotten")


@cursor.command("show")
def cursor_show(
    flow: Annotated[str | None, typer.Argument(help="Only this flow's.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show how far the flows have read."""
    with open_app() as connector:
        flows = commands.chosen(connector.flows(), [flow] if flow else [])
        rows = [
            {"flow": f.name, "cursor": connector.store.cursor(f.name)} for f in flows
        ]
        show(rows, ("flow", "cursor"), as_json=as_json, empty="There are no flows.")


@cursor.command("set")
def cursor_set(
    flow: Flow, value: Annotated[str, typer.Argument(help="As `show` prints it.")]
) -> None:
    """Have a flow read on from somewhere else; costs no CRM write for what is in."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        commands.set_cursor(connector, chosen, value)
        write(f"{flow} reads on from {connector.store.cursor(flow)}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of mapping files, for editors."""
    print_json(json_schema())


@app.command()
def streams(
    system: Annotated[str | None, typer.Argument(help="Only this system's.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """List streams and their fields, as mapping files name them."""
    rows = commands.stream_rows(system)
    show(rows, ("stream", "field", "type", "meaning"), as_json=as_json, empty="None.")
