"""The plainest values: what a field can be, and in which lane a flow runs."""

from enum import StrEnum
from typing import Literal

FieldType = Literal[
    "text", "integer", "number", "boolean", "date", "time", "datetime", "phone", "list"
]
"""Types of a stream's fields. A ``phone`` is text; ``datetime`` values are aware."""

Scalar = str | int | float | bool | None
Payload = dict[str, Scalar]
"""CRM field to JSON value, as it is sent."""


class Lane(StrEnum):
    """Ways of running a flow; each has its own lease."""

    LIVE = "live"
    REREAD = "reread"
    BACKFILL = "backfill"
