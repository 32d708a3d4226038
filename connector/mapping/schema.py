"""The file format: one pydantic model a section; the JSON Schema comes from them."""

from datetime import UTC, date, timedelta
from typing import Annotated, Any, Literal, Self, TypeVar

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
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from connector.mapping import names, rules
from connector.mapping.durations import DURATION_PATTERN

DRAFT = "https://json-schema.org/draft/2020-12/schema"

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


class Section(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# ── fields ─────────────────────────────────────────────────────────────────


class Shaped(Section):
    """What may stand beside a verb."""

    map: dict[str, Constant] = Field(
        default_factory=dict,
        min_length=1,
        description="What each value becomes. A value that is not here becomes the "
        "default, or is set aside where there is none.",
    )
    default: Constant = Field(None, description="The value where there is none.")
    as_: Maybe[As] = Field(
        None, alias="as", description="The type that the value is turned into."
    )
    fit: Maybe[Literal["truncate"]] = Field(
        None, description="Cut text that is longer than the field."
    )
    write: Maybe[Literal["once"]] = Field(
        None, description="Sent when the record is created, never again."
    )

    @model_validator(mode="after")
    def _constants_fit(self) -> Self:
        if self.as_:
            constants = [*self.map.values(), self.default]
            rules.check_constants(constants, self.as_, UTC)
        return self


class FromRule(Shaped):
    """The value of one field of the stream."""

    from_: SourceName = Field(alias="from", description="A field of the stream.")

    @model_validator(mode="after")
    def _type_fits(self, info: ValidationInfo) -> Self:
        if self.as_ and not self.map:
            rules.check_types([self.from_], self.as_, names.scope_in(info).stream)
        return self


class ValueRule(Shaped):
    """Always the same value."""

    value: Constant = Field(description="The value.")

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        if self.map and "default" not in self.model_fields_set:
            rules.check_mapped(self.value, self.map)
        if self.as_ and not self.map:
            rules.check_constants([self.value], self.as_, UTC)
        return self


class TemplateRule(Shaped):
    """Text with fields of the stream in it."""

    template: Annotated[str, AfterValidator(names.known_template)] = Field(
        description="Text with {field} or {field|other field} in it."
    )


class FirstRule(Shaped):
    """The first of some fields of the stream that is not blank."""

    first: list[SourceName] = Field(min_length=1, description="Fields of the stream.")

    @model_validator(mode="after")
    def _types_fit(self, info: ValidationInfo) -> Self:
        if self.as_ and not self.map:
            rules.check_types(self.first, self.as_, names.scope_in(info).stream)
        return self


class FindRule(Section):
    """The CRM record that belongs to a value (not supported in this version)."""

    find: CrmName | list[CrmName] = Field(description="The objects to look in.")
    by: str = Field(description="What to look by: phone, email or a field.")
    from_: SourceName = Field(alias="from", description="A field of the stream.")
    ties: Maybe[Literal["newest", "priority", "leave"]] = Field(
        None, description="Which record where several are found."
    )
    none: Maybe[Literal["leave", "create", "default"]] = Field(
        None, description="What to do where no record is found."
    )


AnyRule = FromRule | ValueRule | TemplateRule | FirstRule | FindRule
Rule = Annotated[
    Annotated[FromRule, Tag("<from>")]
    | Annotated[ValueRule, Tag("<value>")]
    | Annotated[TemplateRule, Tag("<template>")]
    | Annotated[FirstRule, Tag("<first>")]
    | Annotated[FindRule, Tag("<find>")],
    Discriminator(lambda rule: f"<{rules.verb_of(rule)}>"),
    BeforeValidator(rules.one_verb),
]

# ── conditions ─────────────────────────────────────────────────────────────


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


When = dict[SourceName, Annotated[Operators, BeforeValidator(rules.compared)]]

# ── the file ───────────────────────────────────────────────────────────────


class PushFrom(Section):
    """Where records come from."""

    system: Annotated[str, AfterValidator(names.known_system)] = Field(
        description="The outside service."
    )
    stream: Annotated[str, AfterValidator(names.known_stream)] = Field(
        description="The kind of record that the system yields."
    )
    since: Since = Field(
        description="Where a new flow begins: so long ago (7 days), or a date."
    )
    options: dict[str, Any] = Field(
        default_factory=dict, description="What the stream can be asked; see its page."
    )


class PushTo(Section):
    """Where records go."""

    object: CrmName = Field(description="The CRM object, by its API name.")
    key: CrmName = Field(
        description="The external id that tells records apart; one of the fields."
    )


class RereadClock(Section):
    """How far back late changes are looked for, and how often."""

    back: Duration = Field(description="How far back.")
    every: Duration = Field(
        timedelta(minutes=30),
        description="How often.",
        json_schema_extra={"default": "30 minutes"},
    )


class PushFile(Section):
    """A flow from a stream to a CRM object."""

    model_config = ConfigDict(
        title="Mapping file",
        json_schema_extra={
            "$schema": DRAFT,
            "oneOf": [{"required": ["every"]}, {"required": ["cron"]}],
        },
    )

    flow: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)
    ] = Field(description="The flow's name: letters, digits, - and _.")
    from_: PushFrom = Field(alias="from", description="Where records come from.")
    to: PushTo = Field(description="Where records go.")
    fields: dict[CrmName, Rule] = Field(
        min_length=1,
        description="How each CRM field gets its value.",
        json_schema_extra={"additionalProperties": False},
    )
    every: Maybe[Duration] = Field(None, description="How often to look: 2 minutes.")
    cron: Maybe[Annotated[str, AfterValidator(names.cron)]] = Field(
        None, description="When to look: minute hour day month weekday."
    )
    reread: Maybe[
        Annotated[
            Annotated[Duration, Tag("<back>")] | Annotated[RereadClock, Tag("<clock>")],
            Discriminator(
                lambda given: "<clock>" if isinstance(given, dict) else "<back>"
            ),
        ]
    ] = Field(None, description="How far back late changes are looked for.")
    zone: Maybe[Annotated[str, AfterValidator(names.known_zone)]] = Field(
        None, description="Time zone of dates, cron and hours; else the system's."
    )
    deleted: Literal["leave", "recreate"] = Field(
        "leave", description="What becomes of a record that was deleted in the CRM."
    )
    when: When = Field(
        default_factory=dict, description="Which records are taken; all must hold."
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a mapping file, for editors."""
    schema: dict[str, Any] = _without_nulls(PushFile.model_json_schema())
    return schema


def _without_nulls(schema: Any) -> Any:  # noqa: ANN401 - it is JSON
    """Leave out ``default: null``: a key without a value is refused."""
    if isinstance(schema, list):
        return [_without_nulls(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_nulls(value)
        for name, value in schema.items()
        if not (name == "default" and value is None)
    }
