"""What a run does with each record: how it is mapped, where it goes, who it is on."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from connector.engine.batch import Target
from connector.engine.decide import Decision, decide, was_skipped
from connector.engine.existing import ExistingPlan, Seeker
from connector.engine.linker import LinkPlan, Outside
from connector.engine.mapped import Apply
from connector.model import LedgerRow, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A flow, compiled: ``apply`` maps, ``target`` says where to, ``links`` to whom.

    ``existing``: how records that others made are told; None: they are not looked for.
    """

    flow: str
    target: Target
    apply: Apply
    links: LinkPlan = field(default_factory=LinkPlan)
    existing: ExistingPlan | None = None

    @property
    def skips(self) -> bool:
        """Whether a call is skipped of which somebody else made a record."""
        return self.existing is not None and self.existing.skips

    def seeker(self, outside: Outside, read: Iterable[str] = ()) -> Seeker | None:
        """Build what looks for such records, and reads these fields of them as well."""
        if self.existing is None:
            return None
        return Seeker(
            state=outside.state,
            crm=outside.crm,
            target=self.target,
            plan=self.existing,
            read=(*self.links.read, *read),
            stop=outside.stop,
        )

    def decide(
        self,
        row: Row,
        known: LedgerRow | None,
        rivals: AbstractSet[str] = frozenset(),
    ) -> Decision:
        """Decide on a row, given what the ledger knows and who else is at work."""
        decision = decide(
            row,
            known,
            flow=self.flow,
            rivals=rivals,
            recreate=self.target.recreate,
        )
        if decision is Decision.UNCHANGED and known and was_skipped(known):
            return decision if self.skips else Decision.SEND
        return decision
