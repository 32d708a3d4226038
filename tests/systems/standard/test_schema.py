"""A stream's schema is what it yields: the names, and the type of every value."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import partial
from random import Random
from types import MappingProxyType
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.model import FieldType, Stream
from tests.systems.standard.desk import Desk
from tests.systems.standard.rows import JUNK, everywhere, other_values, with_junk

Fields = Mapping[str, object]
SEEDS: Final = st.integers(0, 2**32)
ANY: Final = st.integers(0, 999)


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_date(value: Any) -> bool:  # noqa: ANN401  whatever is yielded
    if is_text(value):
        return len(value) == len("2026-11-21") and is_date(date.fromisoformat(value))
    return isinstance(value, date) and not isinstance(value, datetime)


def is_time(value: Any) -> bool:  # noqa: ANN401  whatever is yielded
    return isinstance(time.fromisoformat(value) if is_text(value) else value, time)


TYPES: Final[Mapping[FieldType, Callable[[Any], bool]]] = MappingProxyType(
    {
        "text": is_text,
        "phone": is_text,
        "integer": lambda value: type(value) is int,
        "number": lambda value: type(value) in (int, float),
        "boolean": lambda value: isinstance(value, bool),
        "date": is_date,
        "time": is_time,
        "datetime": lambda at: isinstance(at, datetime) and at.utcoffset() is not None,
        "list": lambda value: isinstance(value, list) and all(map(is_text, value)),
    }
)
"""A day or a time of day may also be text, as ISO 8601 has it."""


def misfits(stream: Stream, records: Iterable[Fields]) -> list[str]:
    """What is yielded against the schema."""
    return [
        f"{name}: {value!r}"
        for fields in records
        for name, value in fields.items()
        if not fits(stream, name, value)
    ]


def fits(stream: Stream, name: str, value: object) -> bool:
    """Whether a value has its field's type; None and blank text are emptied."""
    known = stream.field(name)
    if known is None or value is None or value == "":
        return known is not None
    try:
        return TYPES[known.type](value)
    except ValueError:
        return False


def test_lifelike_records_have_every_field_of_the_schema_and_no_other(
    desk: Desk,
) -> None:
    there = desk.fill()
    seen = desk.read()
    records = [*seen.records.values()]
    desk.case.ends(desk.sandbox, min(there))
    desk.settle()

    records += desk.read(seen).records.values()

    declared = {field.name for field in desk.case.stream.fields}
    assert {name for fields in records for name in fields} == declared
    assert not misfits(desk.case.stream, records)


def test_other_values_of_the_same_shapes_have_the_types_of_the_schema(
    desk: Desk,
) -> None:
    desk.fill(20)

    @settings(max_examples=30)
    @given(SEEDS)
    def holds(seed: int) -> None:
        other = other_values(Random(seed), desk.case.vital)  # noqa: S311  repeatable
        desk.line.spoil = partial(everywhere, change=other)

        assert not misfits(desk.case.stream, desk.read().records.values())

    holds()


def test_junk_brings_no_name_that_the_schema_lacks(desk: Desk) -> None:
    desk.fill(5)
    declared = {field.name for field in desk.case.stream.fields}

    @settings(max_examples=30)
    @given(which=ANY, key=ANY, junk=st.sampled_from(JUNK))
    def holds(which: int, key: int, junk: object) -> None:
        desk.line.spoil = with_junk(which, key, junk, desk.case.vital)

        for fields in desk.read().records.values():
            assert fields.keys() <= declared

    holds()
