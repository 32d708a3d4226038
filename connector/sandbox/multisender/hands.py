"""The office by hand, for tests and for other processes."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from connector.sandbox.multisender import shapes
from connector.sandbox.multisender.cast import Cast
from connector.sandbox.multisender.dialling import Kind, Ring, ring
from connector.sandbox.multisender.fields import Record, Resource, read
from connector.sandbox.multisender.making import create, remove, spoken
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.rules import RESOURCES, SPOKEN

_OWN = {"id", "receivers", "members", "halted"}
"""What a record has that is not as it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What can be done to an office besides asking it; from any thread.

    KeyError for a resource, a record or a field that there is not.
    """

    office: Office
    cast: Cast

    def records(self, name: str) -> list[Record]:
        """Return all records of a resource as they are sent alone, oldest first."""
        with self.office.lock:
            self.office.catch_up()
            rows = list(self.office.tables[name])
            return [self._shown(RESOURCES[name], row.record) for row in rows]

    def add(self, name: str, fields: Mapping[str, object]) -> Record:
        """Add a record by the rules of the API and return it as it is sent.

        A voice file is a spoken text, and ready. RefusedError as over HTTP.
        """
        with self.office.lock:
            self.office.catch_up()
            record_id = self._added(name, fields)
            return self._shown(RESOURCES[name], self.office.record(name, record_id))

    def change(self, name: str, record_id: int, fields: Mapping[str, object]) -> Record:
        """Change what a record shows, unchecked, and return it.

        It counts as updated now unless told when.
        """
        with self.office.lock:
            table = self.office.tables[name]
            known = table.row(record_id).record.keys() - _OWN
            unknown = sorted(fields.keys() - known)
            if unknown:
                raise KeyError(*unknown)
            stamp = {"updatedAt": self.office.written_now()}
            return self._shown(
                RESOURCES[name], table.change(record_id, stamp | dict(fields))
            )

    def remove(self, name: str, record_id: int) -> None:
        """Forget a record; harmless when there is none."""
        with self.office.lock:
            if record_id in self.office.tables[name]:
                remove(self.office, name, record_id)

    def ring(self, kind: Kind, call_id: int, account_id: int, result: Ring) -> None:
        """Let a receiver be called once; webhooks go out."""
        with self.office.lock:
            self.office.catch_up()
            self.office.tables[kind].row(call_id)
            ring(self.office, kind, call_id, account_id, result)

    def load(self, count: int, *, seed: int, days: float) -> None:
        """Make up ``count`` calls of the last ``days``; no webhook goes out."""
        with self.office.lock:
            self.cast.load(count, Random(seed), days)  # noqa: S311 - repeatable

    def arrive(self, rng: Random) -> str:
        """Let one more thing happen; return the path of the call concerned."""
        with self.office.lock:
            self.office.catch_up()
            return self.cast.arrive(rng)

    def _added(self, name: str, fields: Mapping[str, object]) -> int:
        if name == "voice_files":
            return spoken(self.office, read(SPOKEN, dict(fields)), ready=True)
        given = read(RESOURCES[name].create or (), dict(fields))
        return create(self.office, name, given)

    def _shown(self, resource: Resource, record: Record) -> Record:
        return deepcopy(shapes.shown(self.office, resource, record))
