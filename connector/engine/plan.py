"""What a run does with each record: how it is mapped, where it goes, who it is on."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from connector.engine.batch import Target
from connector.engine.decide import Decision, decide
from connector.engine.existing import ExistingPlan
from connector.engine.linker import LinkPlan
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

    def decide(
        self,
        row: Row,
        known: LedgerRow | None,
        rivals: AbstractSet[str] = frozenset(),
    ) -> Decision:
        """Decide on a row, given what the ledger knows and who else is at work."""
        return decide(
            row,
            known,
            flow=self.flow,
            rivals=rivals,
            recreate=self.target.recreate,
            skips=bool(self.existing and self.existing.skips),
        )
