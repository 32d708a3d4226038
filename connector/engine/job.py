"""A row on its way to the CRM, and how it changes when its links are refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from connector.engine.healing import Broken, Mended, dropped
from connector.model import INTERNAL, Link, Payload, Refused, Remedy, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row on its way; with ``crm_id`` it is an update, else it is inserted.

    ``links`` are sent when it is inserted, or if it is ``late``: for them alone.
    ``unlinked`` are fields that are left out, as the CRM refused them; ``mended``:
    its links were looked at already. ``ours``: the record that is updated was made by
    an attempt at this job whose answer was lost. ``enriches``: it is somebody else's as
    yet. ``noted``: links that its record has already.
    """

    row: Row
    crm_id: str | None = None
    attempts: int = 1
    links: Mapping[str, Link] = field(default_factory=dict)
    unlinked: tuple[str, ...] = ()
    mended: bool = False
    late: bool = False
    ours: bool = False
    enriches: bool = False
    noted: Mapping[str, Link] = field(default_factory=dict)

    @property
    def sent(self) -> Mapping[str, Link]:
        """The links that go with it."""
        return self.links if self.late or not self.crm_id else {}

    @property
    def kept(self) -> Mapping[str, Link]:
        """The links that its record has, by all we know, once the CRM took it."""
        if self.ours:
            return self.links
        marks = {n: link for n, link in self.links.items() if n == INTERNAL}
        return {**marks, **self.noted, **self.sent}

    @property
    def linked(self) -> tuple[str, ...]:
        """The fields among them that point to somebody."""
        return tuple(name for name, link in self.sent.items() if link.id)

    def payload(self, key: str) -> Payload:
        """What is sent for this row."""
        source = self.row.update if self.crm_id else self.row.create
        body = {key: self.row.key, **source}
        if self.crm_id:
            body["Id"] = self.crm_id
        body |= {name: self.sent[name].id for name in self.linked}
        for name in self.unlinked:
            body.pop(name, None)
        return body

    def instead(self, crm_id: str | None, *, ours: bool = False) -> "Job":
        """Write to another record than it enriches: to one with its key, or a new one."""
        job = replace(self, crm_id=crm_id, ours=ours)
        if not self.enriches:
            return job
        return replace(job, enriches=False, late=False, noted={})

    def can_mend(self, refused: Refused) -> bool:
        """Whether a refusal is about a link that was not looked at yet."""
        if self.mended or not refused.fields:
            return False
        if refused.remedy is Remedy.REOWN:
            return set(refused.fields) <= set(self.linked)
        return refused.remedy is Remedy.UNLINK

    def broken(self, refused: Refused) -> Broken:
        """What there is to mend."""
        return Broken(
            links=self.sent,
            fields=refused.fields,
            words=refused.message,
            owner=refused.remedy is Remedy.REOWN,
        )

    def with_mended(self, mended: Mended) -> "Job":
        """Send the links that were mended, and leave out those that are lost."""
        return replace(
            self,
            attempts=self.attempts + 1,
            links={**self.links, **mended.links},
            unlinked=(*self.unlinked, *mended.lost),
            mended=True,
        )

    def without(self, refused: Refused) -> "Job":
        """Leave out the links that were refused once more."""
        lost = {
            name: dropped(link, refused.message)
            for name, link in self.links.items()
            if name in refused.fields
        }
        return replace(
            self,
            attempts=self.attempts + 1,
            links={**self.links, **lost},
            unlinked=(*self.unlinked, *refused.fields),
        )

    def doubted(self, refused: Refused) -> Refused:
        """Take it that one of the links is gone, where the record itself is not."""
        if self.linked:
            return replace(refused, remedy=Remedy.UNLINK, fields=self.linked)
        return replace(refused, remedy=Remedy.SET_ASIDE)
