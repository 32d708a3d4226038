"""Sends rows to the CRM until each has a verdict.

A batch refused as a whole is halved until the guilty rows are found; a row whose
key is taken becomes an update of the record that has it; a lost answer is settled
by writing again, which the unique key makes harmless.
"""

import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from connector.clock import Clock
from connector.engine.healing import Healer, Mended
from connector.engine.job import Job
from connector.errors import (
    BatchRefusedError,
    OutcomeUnknownError,
    SchemaMismatchError,
)
from connector.log import get_logger
from connector.model import (
    Condition,
    Link,
    Outcome,
    Payload,
    Query,
    Refused,
    Remedy,
    Written,
)
from connector.ports import Crm
from connector.transport.retry import retrying

log = get_logger()

ROW_ATTEMPTS = 3
"""Times a row is sent in one run before it is set aside for later."""

LONGEST_WAIT = 10.0
"""Seconds to wait for the CRM inside a lease; asked to wait longer, the run ends."""

HOPELESS = 12
"""Rows of one batch, from both its ends, refused alone and alike with nothing
accepted, after which it cannot be about single rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where rows go, and how a record that is gone is treated."""

    object: str
    key: str
    create_only: bool
    recreate: bool


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One batch being sent. ``verdicts`` grows as the CRM answers."""

    crm: Crm
    clock: Clock
    target: Target
    hold: Callable[[], None]
    """Called before every request: raises LeaseLostError when we may not send."""
    stop: threading.Event
    owner: Callable[[str], str | None]
    """The key that a CRM id belongs to, where it is known."""
    healer: Healer | None = None
    """Finds out what became of records that can't be pointed to."""
    verdicts: dict[str, Outcome] = field(default_factory=dict)
    links: dict[str, Mapping[str, Link]] = field(default_factory=dict)
    """What records that the CRM took are linked to, as far as we did it, by key."""
    _queue: deque[list[Job]] = field(default_factory=deque)
    _accepted: bool = False
    _alone: dict[str, str] = field(default_factory=dict)
    """Keys that were refused alone, and the code."""
    _unsure: set[str] = field(default_factory=set)
    """Keys that were sent to be made, and no answer came."""

    def send(self, jobs: Iterable[Job]) -> None:
        """Send until each job has a verdict.

        Raises what `Crm` raises for trouble that is not a row's. The verdicts
        that were reached by then stand; the other rows are not known.
        """
        self._enqueue(jobs)
        while self._queue:
            again = list(self._attempt(self._queue.popleft()))
            if any(job.attempts > 1 for job in again):
                self.clock.wait(random.uniform(0.1, 0.5), self.stop)  # noqa: S311  jitter
            self._enqueue(again)

    def _enqueue(self, jobs: Iterable[Job]) -> None:
        jobs = list(jobs)
        updates = [job for job in jobs if job.crm_id]
        inserts = [job for job in jobs if not job.crm_id]
        self._queue.extend(group for group in (updates, inserts) if group)

    def _attempt(self, group: list[Job]) -> Iterable[Job]:
        """Send one group; the jobs that must be sent again, changed."""
        try:
            outcomes = self._write(group)
        except BatchRefusedError as refusal:
            self._halve(group, refusal)
            return
        self._accepted = True
        paused: Refused | None = None
        broken: list[tuple[Job, Refused]] = []
        for job, outcome in zip(group, self._sure(group, outcomes), strict=True):
            if isinstance(outcome, Refused) and outcome.remedy is Remedy.PAUSE:
                paused = outcome
            elif isinstance(outcome, Refused) and job.can_mend(outcome):
                broken.append((job, outcome))
            elif again := self._next(job, outcome):
                yield again
            else:
                self.verdicts[job.row.key] = outcome
                self.links[job.row.key] = job.kept
        yield from self._mended(broken)
        if paused:
            raise SchemaMismatchError(f"{paused.code}: {paused.message}")

    def _mended(self, broken: Sequence[tuple[Job, Refused]]) -> Iterator[Job]:
        """Mend the links that the CRM refused, or drop them; each row once more."""
        found = (
            self.healer.heal([job.broken(refused) for job, refused in broken])
            if (self.healer and broken)
            else [Mended(lost=refused.fields) for _, refused in broken]
        )
        for (job, refused), mended in zip(broken, found, strict=True):
            log.warning(
                "link_mended",
                key=job.row.key,
                fields=refused.fields,
                dropped=mended.lost,
                message=refused.message,
            )
            yield job.with_mended(mended)

    def _write(self, group: Sequence[Job]) -> list[Outcome]:
        payloads = [job.payload(self.target.key) for job in group]

        def once() -> list[Outcome]:
            self.hold()
            if group[0].crm_id:
                return self.crm.update(self.target.object, payloads)
            return self._insert(payloads)

        return retrying(
            once, longest=LONGEST_WAIT, also=(OutcomeUnknownError,), stop=self.stop
        )

    def _insert(self, payloads: Sequence[Payload]) -> list[Outcome]:
        try:
            if self.target.create_only:
                return self.crm.create(self.target.object, payloads)
            return self.crm.upsert(self.target.object, self.target.key, payloads)
        except OutcomeUnknownError:
            self._unsure.update(str(each[self.target.key]) for each in payloads)
            raise

    def _sure(self, group: list[Job], outcomes: list[Outcome]) -> list[Outcome]:
        """Ask the CRM whether records that it calls gone are: it may mean a link."""
        gone = [
            job.crm_id
            for job, outcome in zip(group, outcomes, strict=True)
            if job.crm_id
            and isinstance(outcome, Refused)
            and outcome.remedy is Remedy.GONE
        ]
        there = self._still_there(gone) if gone else set()
        return [
            job.doubted(outcome)
            if isinstance(outcome, Refused)
            and outcome.remedy is Remedy.GONE
            and job.crm_id in there
            else outcome
            for job, outcome in zip(group, outcomes, strict=True)
        ]

    def _still_there(self, ids: list[str]) -> set[str]:
        query = Query(
            object=self.target.object,
            fields=("Id", "IsDeleted"),
            where=(Condition(field="Id", operator="in", value=tuple(ids)),),
            deleted_too=True,  # which is also what shows archived records
        )
        found = retrying(lambda: list(self.crm.select(query)), stop=self.stop)
        return {str(each["Id"]) for each in found if not each["IsDeleted"]}

    def _halve(self, group: list[Job], refusal: BatchRefusedError) -> None:
        """Look for the guilty row in one half, then in the other, depth first."""
        if len(group) > 1:
            half = len(group) // 2
            self._queue.extendleft((group[half:], group[:half]))
            return
        key = group[0].row.key
        self._alone[key] = refusal.code
        self.verdicts[key] = Refused(
            code=refusal.code,
            message=refusal.message,
            remedy=Remedy.SET_ASIDE,
            fields=refusal.fields,
        )
        self._queue.rotate(1)
        if self._is_hopeless():
            for innocent in self._alone:
                del self.verdicts[innocent]
            raise SchemaMismatchError(f"{refusal.code}: {refusal.message}")

    def _is_hopeless(self) -> bool:
        alike = len(set(self._alone.values())) == 1
        return not self._accepted and alike and len(self._alone) >= HOPELESS

    def _next(self, job: Job, outcome: Outcome) -> Job | None:
        """Return the job to send next because of this outcome; None: it stands."""
        if isinstance(outcome, Refused) and self._on_key(job, outcome):
            return self._claimed(job, str(outcome.crm_id))
        if isinstance(outcome, Written) or _is_spent(job, outcome):
            return None
        anew = job.enriches or (job.crm_id and self.target.recreate)
        match outcome.remedy:
            case Remedy.RETRY:
                return replace(job, attempts=job.attempts + 1)
            case Remedy.UNLINK if set(outcome.fields) - set(job.unlinked):
                return job.without(outcome)
            case Remedy.GONE if anew:
                return replace(job.instead(None), attempts=job.attempts + 1)
        return None

    def _on_key(self, job: Job, outcome: Refused) -> bool:
        """Whether it is the external id that is taken, not some other unique field."""
        if outcome.remedy is not Remedy.EXISTS or not outcome.crm_id:
            return False
        claims = job.enriches or not job.crm_id
        return claims and outcome.fields in ((), (self.target.key,))

    def _claimed(self, job: Job, crm_id: str) -> Job | None:
        """Update the record that has our key, unless it is another call's.

        That happens where the CRM's unique key ignores letter case.
        """
        key = self.owner(crm_id) or self._written_here(crm_id)
        if key not in (None, job.row.key):
            return None
        return job.instead(crm_id, ours=job.row.key in self._unsure)

    def _written_here(self, crm_id: str) -> str | None:
        """The key of this batch that the CRM just gave this id to."""
        for key, verdict in self.verdicts.items():
            if isinstance(verdict, Written) and verdict.crm_id == crm_id:
                return key
        return None


def _is_spent(job: Job, outcome: Refused) -> bool:
    """Whether a row was sent often enough. A record that is gone was never ours yet."""
    lost = job.enriches and outcome.remedy is Remedy.GONE
    return job.attempts >= ROW_ATTEMPTS and not lost
