"""What to do with a row, given what the ledger knows. Pure."""

from collections.abc import Set as AbstractSet
from enum import Enum, auto

from connector.model import LedgerRow, Row


class Decision(Enum):
    """What becomes of a row."""

    SEND = auto()
    UNCHANGED = auto()
    """The CRM confirmed just this, or something newer."""
    LEFT = auto()
    """An agent deleted the record, and it stays deleted.

    When the vendor changes it, it is updated by its id once more: that makes nothing
    anew, and shows whether somebody took it out of the bin.
    """
    FOREIGN = auto()
    """Another flow owns the key."""
    BUSY = auto()
    """Another lane has the key in flight: look again."""


def decide(
    row: Row,
    known: LedgerRow | None,
    *,
    flow: str,
    rivals: AbstractSet[str] = frozenset(),
    recreate: bool = False,
) -> Decision:
    """Decide on one row.

    ``rivals`` are the tokens of other writers that are alive; a mark of a dead
    one means that the CRM's content is not known, so the row is sent.
    """
    if known is None:
        return Decision.SEND
    if known.flow != flow:
        return Decision.FOREIGN
    if known.in_flight in rivals:
        return Decision.BUSY
    if known.deleted and recreate:
        return Decision.SEND
    if _differs(row, known):
        return Decision.SEND
    return Decision.LEFT if known.deleted else Decision.UNCHANGED


def was_skipped(known: LedgerRow) -> bool:
    """Whether a row was left to a record of others: it was settled without one."""
    return known.crm_id is None and known.hash is not None and not known.deleted


def _differs(row: Row, known: LedgerRow) -> bool:
    """Whether the row is news to the CRM, and not older than what it has."""
    if older(row.record.version, known.version):
        return False
    return known.in_flight is not None or known.hash != row.hash


def older(version: str | None, than: str | None) -> bool:
    """Whether one vendor version precedes another; unknown ones never do."""
    return version is not None and than is not None and version < than
