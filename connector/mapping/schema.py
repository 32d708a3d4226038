"""The file format: one pydantic model a section, from which the JSON Schema comes."""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

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
    model_validator,
)

from connector.mapping import names
from connector.mapping.convert import converter
from connector.mapping.durations import DURATION_PATTERN
from connector.mapping.faults import suggest
from connector.model import FieldType

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_DURATION_SCHEMA = {"type": "string", "pattern": DURATION_PATTERN}
_DAY_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_SCALAR_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_MANY_SCHEMA = {"type": "array", "items": _SCALAR_SCHEMA, "minItems": 1}

As = Literal[
    *("text", "integer", "number", "boolean"),
    *("date", "time", "datetime", "phone"),
]
Duration = Annotated[
    timedelta, PlainValidator(names.duration), WithJsonSchema(_DURATION_SCHEMA)
]
Since = Annotated[
    timedelta | date,
    PlainValidator(names.since),
    WithJsonSchema({"anyOf": [_DURATION_SCHEMA, _DAY_SCHEMA]}),
]
Constant = Annotated[
    Any,
    PlainValidator(names.constant),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"]}),
]
Comparable = Annotated[
    Any, PlainValidator(names.comparable), WithJsonSchema(_SCALAR_SCHEMA)
]
Comparables = Annotated[
    Any, PlainValidator(names.comparables), WithJsonSchema(_MANY_SCHEMA)
]
ComparableOrList = Annotated[
    Any,
    PlainValidator(names.comparable_or_list),
    WithJsonSchema({"anyOf": [_SCALAR_SCHEMA, _MANY_SCHEMA]}),
]
SourceName = Annotated[str, AfterValidator(names.known_field)]
CrmName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)
]
FlowName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)
]
