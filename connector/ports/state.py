"""The state: what is read of it, and what is written in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from connector.model import (
    Aside,
    Enlisted,
    Lane,
    Lease,
    LedgerRow,
    Link,
    Listed,
    Loading,
    Nudge,
    Person,
    Record,
    Run,
    Unlinked,
)
from connector.ports.dials import DialBook, DialWriting


class Writing(DialWriting, Protocol):
    """One write transaction on the state: all of it is kept, or nothing."""

    def hold(self, lease: Lease, seconds: float) -> None:
        """Make sure ``lease`` is still ours and prolong it; or LeaseLostError."""
        ...

    def rivals(self, lease: Lease) -> frozenset[str]:
        """Tokens of the other lanes of this flow that are running now."""
        ...

    def ledger(self, name: str, keys: Sequence[str]) -> dict[str, LedgerRow]:
        """What is known of these keys of an object; absent means not known."""
        ...

    def owner(self, name: str, crm_id: str) -> str | None:
        """The key that a CRM record belongs to, if one is known."""
        ...

    def mark(self, name: str, flow: str, keys: Sequence[str], token: str) -> None:
        """Note that these keys are about to be sent by the writer ``token``."""
        ...

    def confirm(self, name: str, rows: Sequence[LedgerRow], token: str) -> None:
        """Write what the CRM said, of keys still marked by ``token`` only."""
        ...

    # ── who is who ─────────────────────────────────────────────────────────

    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        """Who has each of these values; one that nobody has is absent."""
        ...

    def generation(self) -> int:
        """Tell how often the directory has learned or lost a value so far."""
        ...

    def enlist(self, load: int, people: Sequence[Listed]) -> Enlisted:
        """Take people in, each with all their values; those of before are dropped.

        What points to nobody, or is set aside for want of somebody, and looks for a
        value that was learned or lost, is due at once; so it is where people are
        struck.
        """
        ...

    def strike(self, crm_ids: Collection[str]) -> int:
        """Forget these people; how many were known."""
        ...

    def strike_older(self, name: str, load: int) -> int:
        """Forget people of an object that no full load from ``load`` on has shown.

        At most 2,000 of them, as a transaction must be short; 0: none was left.
        """
        ...

    def set_loading(self, loading: Loading) -> None:
        """Note how far the directory has read an object."""
        ...

    def forget_loading(self, name: str) -> None:
        """Note that the directory does not read an object any more."""
        ...

    # ── links ──────────────────────────────────────────────────────────────

    def unlinked(
        self, name: str, flow: str, rows: Sequence[Unlinked], generation: int
    ) -> None:
        """Note fields that point to nobody, as of this generation of the directory.

        Where it has changed since, they are due at once.
        """
        ...

    def set_links(self, name: str, found: Mapping[str, Mapping[str, Link]]) -> None:
        """Write down the links of records by key, each field for itself."""
        ...

    def settled(self, name: str, fields: Sequence[tuple[str, str]]) -> None:
        """Forget that these fields (key and field) point to nobody."""
        ...

    def forget(self, flow: str, fields: Sequence[str]) -> None:
        """Forget that these fields of a flow point to nobody, in all its records."""
        ...

    def claim(self, name: str, values: Sequence[str], lease: Lease) -> dict[str, str]:
        """Claim the making of records for ``values``; what stands in the way of some.

        ``busy``: another writer is making it now. ``doubt``: one that died may have.
        The others are ours.
        """
        ...

    def release_claims(self, name: str, values: Sequence[str]) -> None:
        """These records are made, or will not be."""
        ...

    def set_aside(
        self, entries: Sequence[Aside], generation: int | None = None
    ) -> None:
        """Put records in quarantine, or renew the entries that are there.

        Those that wait for somebody do so as of this ``generation`` of the directory:
        where it has changed since, they are due at once.
        """
        ...

    def heal(self, flow: str, records: Sequence[Record]) -> int:
        """Remove the entries of these records, unless they hold a newer reading."""
        ...

    def set_cursor(self, flow: str, value: str) -> None:
        """Move the cursor of a flow."""
        ...

    def forget_cursor(self, flow: str) -> None:
        """Remove the cursor of a flow, if it has one."""
        ...

    def nudge(self, flow: str, record_ids: Sequence[str]) -> None:
        """Note records that must be fetched from the vendor and sent again."""
        ...

    def nudged(self, nudges: Sequence[Nudge]) -> None:
        """These are settled; a nudge of the same record that came since stays."""
        ...

    def put_off(self, nudges: Sequence[Nudge]) -> None:
        """Put these behind all others, as of when they came."""
        ...


class State(DialBook, Protocol):
    """What survives a crash. Safe with threads and with other processes."""

    def writing(self, *, durable: bool = False) -> AbstractContextManager[Writing]:
        """Open a write transaction; an exception rolls it back.

        It survives the end of the process; a ``durable`` one, and all before it,
        survive a power cut too. After a power cut the state is as it was after
        some commit: never a later one without an earlier.
        """
        ...

    def acquire(
        self, flow: str, lane: Lane, owner: str, seconds: float
    ) -> Lease | None:
        """Take the lease of a flow and lane, or None while another holds it."""
        ...

    def release(self, lease: Lease) -> None:
        """Give a lease back; nothing happens if it is not ours any more."""
        ...

    def ledger(self, name: str, keys: Sequence[str]) -> dict[str, LedgerRow]:
        """What is known of these keys, outside a transaction."""
        ...

    def cursor(self, flow: str) -> str | None:
        """How far the flow has read."""
        ...

    def nudges(self, flow: str, limit: int, after: int = 0) -> list[Nudge]:
        """Records noted by `Writing.nudge`, with ids above ``after``, oldest first."""
        ...

    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        """Who has each of these values; one that nobody has is absent."""
        ...

    def generation(self) -> int:
        """Tell how often the directory has learned or lost a value so far."""
        ...

    def loadings(self) -> dict[str, Loading]:
        """How far the directory has read each object."""
        ...

    def due(self, name: str, flow: str, after: str, limit: int) -> list[Unlinked]:
        """Fields of up to ``limit`` records, with keys above ``after``, to look up
        again, by key."""
        ...

    def unlinked_fields(self, flow: str) -> set[str]:
        """The fields of a flow that point to nobody, in any of its records."""
        ...

    def decided(self, name: str, flow: str, after: str, limit: int) -> list[LedgerRow]:
        """Up to ``limit`` rows of a flow that have links, with keys above ``after``."""
        ...

    def asides(
        self,
        flow: str | None = None,
        *,
        due: datetime | None = None,
        record_ids: Sequence[str] | None = None,
        after: int = 0,
        limit: int = -1,
    ) -> list[Aside]:
        """Quarantine entries with ids above ``after``, oldest first.

        Those that a person discarded are among them. ``due``: only those to be retried by then; ``limit`` -1: all.
        """
        ...

    def quarantined(self, flow: str | None = None) -> int:
        """How many records are set aside and not discarded."""
        ...

    def start_run(self, run: Run) -> Run:
        """Note that a run began; the same run with its ``id``."""
        ...

    def finish_run(self, run: Run) -> None:
        """Note how a run ended."""
        ...
