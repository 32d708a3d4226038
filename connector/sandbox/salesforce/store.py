"""The records: a table an object, an index a key field, and a way back.

A record keeps only what was set; what was not is the field's default.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.moments import stamp
from connector.sandbox.salesforce.schema.shape import Field, Object, Row, Scalar

Undo = Callable[[], None]
SECOND = timedelta(seconds=1)


def index_key(key_field: Field, value: Scalar) -> str:
    """Return what equal values of a key field have in common."""
    text = str(value)
    return text if key_field.case_sensitive else text.casefold()


@dataclass(slots=True)
class Table:
    """The records of one object by id; ``indexes`` leave out what is deleted.

    ``standing``: defaults that are the org's, not the object's.
    """

    object: Object
    rows: dict[str, Row] = field(default_factory=dict)
    made: int = 0
    standing: Row = field(default_factory=dict)
    defaults: Row = field(init=False)
    indexes: dict[str, dict[str, tuple[str, ...]]] = field(init=False)
    unique: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.reshape(self.object)

    def reshape(self, shape: Object) -> None:
        """Take over a changed object: its defaults, and its keys anew."""
        self.object = shape
        own = {f.name: f.default for f in shape.fields.values()}
        self.defaults = own | self.standing
        self.unique = tuple(f.name for f in shape.fields.values() if f.unique)
        self.indexes = {f.name: {} for f in shape.fields.values() if f.keyed}
        for row in self.rows.values():
            self.index(row)

    def full(self, row: Row) -> Row:
        """Return all fields of a record, in the order of its object's."""
        return {name: row.get(name, unset) for name, unset in self.defaults.items()}

    def value(self, row: Row, name: str) -> Scalar:
        """Return one field of a record."""
        return row.get(name, self.defaults.get(name))

    def matching(self, name: str, value: Scalar) -> tuple[str, ...]:
        """Return the ids of the records with this value in a key field."""
        key = index_key(self.object.fields[name], value)
        return self.indexes[name].get(key, ())

    def index(self, row: Row) -> None:
        """Make a record known under its keys, unless it is deleted."""
        if row.get("IsDeleted"):
            return
        for name, index in self.indexes.items():
            if (value := row.get(name)) is not None:
                key = index_key(self.object.fields[name], value)
                index[key] = (*index.get(key, ()), str(row["Id"]))

    def unindex(self, row: Row) -> None:
        """Forget a record's keys."""
        for name, index in self.indexes.items():
            if (value := row.get(name)) is not None:
                key = index_key(self.object.fields[name], value)
                rest = tuple(i for i in index.pop(key, ()) if i != row["Id"])
                if rest:
                    index[key] = rest


class Store:
    """All tables of the org. Every change is stamped with the time of ``clock``."""

    def __init__(
        self, objects: tuple[Object, ...], clock: Callable[[], datetime]
    ) -> None:
        """Begin empty."""
        self.tables = {shape.name: Table(shape) for shape in objects}
        self.by_prefix = {t.object.prefix: t for t in self.tables.values()}
        self._clock = clock
        self._undo: list[Undo] | None = None
        self._second = datetime.min.replace(tzinfo=UTC)
        self._stamp = ""

    def now(self) -> str:
        """Return the time now as records have it."""
        moment = self._clock()
        if not self._second <= moment < self._second + SECOND:
            self._second = moment.replace(microsecond=0)
            self._stamp = stamp(moment)
        return self._stamp

    def find(self, record_id: str) -> tuple[Table, Row] | None:
        """Return a record, deleted ones too, by its id of 15 or 18 characters."""
        table = self.by_prefix.get(record_id[:3])
        row = table.rows.get(record_id) if table else None
        if row is None:
            normal = ids.normal(record_id)
            table = self.by_prefix.get(normal[:3]) if normal else None
            row = table.rows.get(normal) if table and normal else None
        return (table, row) if table and row is not None else None

    def insert(self, table: Table, values: Mapping[str, Scalar]) -> str:
        """Add a record and return its id."""
        table.made += 1
        record_id = ids.make(table.object.prefix, table.made)
        now = self.now()
        row: Row = {"Id": record_id, **values}
        row["CreatedDate"] = row["LastModifiedDate"] = row["SystemModstamp"] = now
        table.rows[record_id] = row
        table.index(row)
        if self._undo is not None:
            self._undo.append(lambda: self._remove(table, row))
        return record_id

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        """Add many records, with the stamps that they have already."""
        for values in rows:
            table.made += 1
            record_id = ids.make(table.object.prefix, table.made)
            row: Row = {"Id": record_id, **values}
            table.rows[record_id] = row
            table.index(row)

    def change(self, table: Table, row: Row, values: Mapping[str, Scalar]) -> None:
        """Set fields of a record, whatever they are."""
        before = dict(row)
        self._put(table, row, {**values, "SystemModstamp": self.now()})
        row["LastModifiedDate"] = row["SystemModstamp"]
        if self._undo is not None:
            self._undo.append(lambda: self._restore(table, row, before))

    @contextmanager
    def undoable(self) -> Iterator[list[Undo]]:
        """Collect what takes back the changes made inside, latest last."""
        self._undo = []
        try:
            yield self._undo
        finally:
            self._undo = None

    def _put(self, table: Table, row: Row, values: Mapping[str, Scalar]) -> None:
        table.unindex(row)
        row.update(values)
        table.index(row)

    def _remove(self, table: Table, row: Row) -> None:
        table.unindex(row)
        del table.rows[str(row["Id"])]

    def _restore(self, table: Table, row: Row, before: Row) -> None:
        table.unindex(row)
        row.clear()
        row.update(before)
        table.index(row)
