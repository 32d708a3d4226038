"""The words of the file format: what a single value of a mapping file may be."""

from datetime import date, time, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic.json_schema import SkipJsonSchema

from connector.mapping import names, rules
from connector.mapping.durations import DURATION_PATTERN, HOURS_PATTERN

_T = TypeVar("_T")
_DURATION: dict[str, Any] = {"type": "string", "pattern": DURATION_PATTERN}
_DAY: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_SCALARS: dict[str, Any] = {"type": "array", "items": _SCALAR, "minItems": 1}

Maybe = Annotated[_T | SkipJsonSchema[None], BeforeValidator(names.given)]
As = Literal[
    "text", "integer", "number", "boolean", "date", "time", "datetime", "phone"
]
Duration = Annotated[
    timedelta, PlainValidator(names.duration), WithJsonSchema(_DURATION)
]
Soon = Annotated[Duration, AfterValidator(names.soon)]
Hours = Annotated[
    tuple[time, time],
    PlainValidator(names.hours),
    WithJsonSchema({"type": "string", "pattern": HOURS_PATTERN}),
]
Since = Annotated[
    timedelta | date,
    PlainValidator(names.since),
    WithJsonSchema({"anyOf": [_DURATION, _DAY]}),
]
Constant = Annotated[
    Any,
    PlainValidator(names.constant),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"]}),
]
Comparable = Annotated[Any, PlainValidator(names.comparable), WithJsonSchema(_SCALAR)]
SourceName = Annotated[str, AfterValidator(names.known_field)]
CrmName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)
]
RecordPath = Annotated[
    str,
    AfterValidator(names.record_path),
    Field(json_schema_extra={"pattern": names.PATH_PATTERN}),
]
"""A field of a record, or of one that it points to: ``Phone``, ``Who.Phone``."""
FlowName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)
]
Zone = Annotated[str, AfterValidator(names.known_zone)]
Cron = Annotated[str, AfterValidator(names.cron)]
RecordId = Annotated[
    str,
    AfterValidator(names.record_id),
    Field(json_schema_extra={"pattern": "^[0-9A-Za-z]{15}([A-Z0-5]{3})?$"}),
]
FoundBy = Annotated[
    str,
    AfterValidator(names.found_by),
    Field(
        json_schema_extra={
            "pattern": "^(phone|email|id|field [A-Za-z][A-Za-z0-9_]*)$",
            "examples": ["phone", "email", "id", "field EmployeeNumber"],
        }
    ),
]
Number = Annotated[str, AfterValidator(names.numbers)]
"""A phone number, or many: with a ``*`` at its end, or ``… to …``."""


ONE_CLOCK: dict[str, Any] = {"oneOf": [{"required": ["every"]}, {"required": ["cron"]}]}
"""What a file's JSON Schema says of ``every`` and ``cron``."""


class Section(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Operators(Section):
    """How one field is compared; all must hold."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    is_: Comparable = Field(None, alias="is", description="Equal to this.")
    not_: Annotated[
        Any,
        PlainValidator(names.comparable_or_list),
        WithJsonSchema({"anyOf": [_SCALAR, _SCALARS]}),
    ] = Field(None, alias="not", description="Not this, or none of these.")
    in_: Annotated[Any, PlainValidator(names.comparables), WithJsonSchema(_SCALARS)] = (
        Field(None, alias="in", description="One of these.")
    )
    at_least: Comparable = Field(
        None, alias="at least", description="This or more, or later."
    )
    at_most: Comparable = Field(
        None, alias="at most", description="This or less, or earlier."
    )
    blank: Maybe[bool] = Field(
        None, description="true: nothing in it; false: something in it."
    )


Compared = Annotated[Operators, BeforeValidator(rules.compared)]


BY_LIST = Discriminator(lambda given: "<list>" if isinstance(given, list) else "<one>")
BY_SECTION = Discriminator(
    lambda given: "<section>" if isinstance(given, dict) else "<plain>"
)
ONE, LIST, PLAIN, SECTION = map(Tag, ("<one>", "<list>", "<plain>", "<section>"))
"""How a key is written that may be either; no file has such a key."""
