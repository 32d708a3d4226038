"""What the use cases need from the outside, one capability a Protocol.

A system implements the source protocols it can: every stream is a `Source`, and one
of `Readable` and `Scannable`; the others are there only where the vendor has the
endpoint.
"""

from connector.ports.crm import Crm
from connector.ports.dials import DialBook, Dialer, DialWriting
from connector.ports.shared import Pacer, QuotaBook, Slots
from connector.ports.state import State, Writing
from connector.ports.systems import (
    Backfillable,
    Readable,
    Refetchable,
    Rereadable,
    Scannable,
    Source,
    Webhook,
)

__all__ = [
    "Backfillable",
    "Crm",
    "DialBook",
    "DialWriting",
    "Dialer",
    "Pacer",
    "QuotaBook",
    "Readable",
    "Refetchable",
    "Rereadable",
    "Scannable",
    "Slots",
    "Source",
    "State",
    "Webhook",
    "Writing",
]
