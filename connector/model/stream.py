"""What a source shows: streams, their records, and pages of those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connector.model.values import FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamField:
    """One field of a stream: its name in mapping files, its type and meaning."""

    name: str
    type: FieldType
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOption:
    """One key of ``from.options``. ``choices`` empty means any value."""

    name: str
    type: FieldType
    meaning: str
    choices: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A kind of record that a system yields, and its schema.

    ``scanned``: it is read whole every time, as its vendor can't say what is new.
    ``page``: about how many records a request brings.
    """

    system: str
    name: str
    fields: tuple[StreamField, ...]
    options: tuple[StreamOption, ...] = ()
    rereadable: bool = False
    scanned: bool = False
    page: int = 100

    def field(self, name: str) -> StreamField | None:
        """The field called ``name``, if there is one."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One vendor record.

    ``fields`` has the stream's names. A name that is missing was not in this
    reading and is left alone; a value of ``None`` or ``""`` was emptied.
    ``version`` orders readings of one record (greater or equal is as new), or is
    ``None`` where the vendor gives none.
    """

    id: str
    version: str | None
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """What a vendor showed that cannot be read as a record."""

    id: str
    payload: object
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some records. ``cursor``: everything up to there has now been yielded."""

    records: Sequence[Record] = ()
    rejects: Sequence[Reject] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a reading will cost its vendor: ``requests``, about ``seconds`` at its rate.

    ``records`` None: it can't be told beforehand; ``requests`` are then the fewest.
    """

    records: int | None
    requests: int
    seconds: float
