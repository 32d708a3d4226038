"""The commands about records that were set aside."""

from typing import Annotated

import typer

from connector.cli.options import All, Ids, Json, OfFlow
from connector.service import commands
from connector.service.details import show_entry
from connector.service.tables import counted, print_json, show, write
from connector.wiring import open_app


def list_(*, flow: OfFlow = None, as_json: Json = False) -> None:
    """List the records set aside, and why."""
    with open_app() as connector:
        rows = [commands.aside_row(e) for e in commands.asides(connector, flow)]
        columns = ("id", "flow", "record", "code", "attempts", "retry_at", "message")
        show(rows, columns, as_json=as_json, empty="Nothing is set aside.")


def show_(
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


def retry(ids: Ids = None, *, flow: OfFlow = None, every: All = False) -> None:
    """Send records again at the flow's next run (or at once: `connector sync`)."""
    with open_app() as connector:
        count = commands.retry(connector, ids or [], flow, every=every)
        write(f"{counted(count, 'record')} will be sent by the flow's next run")


def discard(ids: Ids = None, *, flow: OfFlow = None, every: All = False) -> None:
    """Forget records set aside; they come back if the vendor changes them."""
    with open_app() as connector:
        count = commands.discard(connector, ids or [], flow, every=every)
        write(f"{counted(count, 'record')} forgotten")
