"""The options and arguments that several commands have."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Flow = Annotated[str, typer.Argument(help="Name of a flow.")]
OnlyFlow = Annotated[str | None, typer.Argument(help="Only this flow's.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Ids of entries.")]
OfFlow = Annotated[str | None, typer.Option("--flow", help="Only this flow's.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
