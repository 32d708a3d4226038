"""The command line: which commands there are, and how an error of ours is told."""

import sys

import typer

from connector.cli import looking, quarantine, working
from connector.errors import ConfigError, ConnectorError
from connector.service.tables import err

app = typer.Typer(
    help="Carries calls and leads onto the right CRM record, once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_quarantine = typer.Typer(help="Records set aside, and why.", no_args_is_help=True)
_cursor = typer.Typer(help="How far a flow has read.", no_args_is_help=True)

for _command in (
    *(working.demo, working.check, working.preview, working.sync),
    *(working.backfill, working.relink, working.watch, looking.links, looking.unmapped),
    *(working.serve, looking.status, looking.runs, looking.schema, looking.streams),
    looking.dials,
):
    app.command()(_command)
app.add_typer(_quarantine, name="quarantine")
app.add_typer(_cursor, name="cursor")
_quarantine.command("list")(quarantine.list_)
_quarantine.command("show")(quarantine.show_)
_quarantine.command("retry")(quarantine.retry)
_quarantine.command("discard")(quarantine.discard)
_cursor.command("show")(looking.cursor_show)
_cursor.command("set")(looking.cursor_set)


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
