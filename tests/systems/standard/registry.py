"""The cases of all systems: one file each in ``cases/``."""

from importlib import import_module
from pathlib import Path
from typing import Final

from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.pacer import FreePacer
from tests.systems.standard.case import AnyCase

FILES: Final = sorted((Path(__file__).parent / "cases").glob("*.py"))
CASES: Final[tuple[AnyCase, ...]] = tuple(
    case
    for file in FILES
    for case in import_module(f"tests.systems.standard.cases.{file.stem}").CASES
)
CLIENT_ONLY: Final = frozenset({"newvoicemedia"})
"""Systems without a stream: what there is to show of them is in a file of its own."""


def cases_with(port: type) -> list[AnyCase]:
    """The cases whose stream implements a port, such as `Backfillable`."""
    nowhere = Http("http://127.0.0.1:9")
    return [
        case
        for case in CASES
        if isinstance(case.source(nowhere, FreePacer(), ManualClock()), port)
    ]
