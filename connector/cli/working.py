"""The commands that ask the systems, and carry records over."""

import sys
from typing import Annotated

import typer

from connector.cli.options import Flow, Json
from connector.cli.output import RUN, aside, complain, show_check, show_runs
from connector.errors import MappingError
from connector.mapping.flow import Flow as MappingFlow
from connector.service import backfill as past
from connector.service import commands
from connector.service import preview as looking
from connector.service import relink as anew
from connector.service.details import show_predictions
from connector.service.progress import progress
from connector.service.signals import stop_on_signals
from connector.service.sync import Report
from connector.service.sync import sync as run_sync
from connector.service.tables import out, print_json
from connector.wiring import App, open_app


def demo(
    *, once: Annotated[bool, typer.Option(help="One cycle, then exit.")] = False
) -> None:
    """Show it all at work against sandbox systems on this machine."""
    from connector.service import demo as sandboxed  # noqa: PLC0415  the web server is slow to import, and no other command wants it

    sys.exit(sandboxed.demo(once=once))


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
            show_check(rows, len(folder.mapped))
        sys.exit(commands.exit_code(rows))


def preview(
    flow: Flow,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Records to look at.")] = 20,
    as_json: Json = False,
) -> None:
    """Show what a flow would do with real records; writes nothing."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        say = aside(as_json=as_json)
        predictions = looking.predictions(connector, chosen, limit, say)
        if as_json:
            print_json(list(predictions))
        else:
            show_predictions(predictions)


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
        show_runs(rows, RUN, as_json=as_json)
        sys.exit(max((report.exit_code for report in reports), default=0))


def _synced(connector: App, flows: list[MappingFlow]) -> list[Report]:
    stop_on_signals(connector)
    with progress(connector.clock) as seen:
        runner = connector.runner(seen)
        return [run_sync(connector, runner, flow) for flow in flows]


def backfill(
    flow: Flow,
    *,
    first: Annotated[str, typer.Option("--from", help="First day, or date-time.")],
    last: Annotated[str, typer.Option("--to", help="Last day, or date-time.")],
    as_json: Json = False,
) -> None:
    """Carry over calls by when they began; the same command again goes on."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        span = past.span(chosen, first, last, connector.clock.now())
        stop_on_signals(connector)
        report = past.backfill(connector, chosen, span, aside(as_json=as_json))
        show_runs(list(commands.report_rows(report)), RUN, as_json=as_json)
        if words := past.goes_on(connector, chosen, span, report):
            complain(words)
        sys.exit(report.exit_code)


def relink(flow: Flow, *, as_json: Json = False) -> None:
    """Decide anew whom a flow's records are on; links made by hand stand."""
    with open_app() as connector:
        (chosen,) = commands.chosen(connector.flows(), [flow])
        stop_on_signals(connector)
        report = anew.relink(connector, chosen, aside(as_json=as_json))
        rows = [commands.run_row(run) for run in report.runs]
        show_runs(rows, RUN, as_json=as_json)
        sys.exit(report.exit_code)


def watch(
    system: Annotated[str, typer.Argument(help="The system, such as agendize.")],
    url: Annotated[str, typer.Argument(help="Where this service is reached from it.")],
) -> None:
    """Have a system post its news to this service; each call registers once more."""
    with open_app() as connector:
        name = connector.watch(system, url)
        out.print(f"{system} posts its news to {url} from now on ({name}).")


def serve() -> None:
    """Run every flow on its schedule until SIGTERM."""
    from connector.service import serve as served  # noqa: PLC0415  the web server is slow to import, and no other command wants it

    with open_app() as connector:
        sys.exit(served.serve(connector))
