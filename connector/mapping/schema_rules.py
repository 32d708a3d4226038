"""How one CRM field gets its value: a pydantic model a verb."""

from datetime import UTC
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    model_validator,
)

from connector.mapping import names, rules
from connector.mapping.schema_words import (
    BY_LIST,
    LIST,
    ONE,
    As,
    Constant,
    CrmName,
    FoundBy,
    Maybe,
    RecordId,
    Section,
    SourceName,
)


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


MadeRule = Annotated[
    Annotated[FromRule, Tag("<from>")]
    | Annotated[ValueRule, Tag("<value>")]
    | Annotated[TemplateRule, Tag("<template>")]
    | Annotated[FirstRule, Tag("<first>")],
    Discriminator(lambda rule: f"<{rules.verb_of(rule)}>"),
    BeforeValidator(rules.one_plain_verb),
]


class CreateRule(Section):
    """The record that is made where nobody has the number."""

    object: Maybe[CrmName] = Field(
        default=None,
        description="The object, one of those in 'find'. Default: Lead, or the last.",
    )
    key: Maybe[CrmName] = Field(
        default=None, description="An external id of the object, which gets the number."
    )
    fields: dict[CrmName, MadeRule] = Field(
        default_factory=dict,
        min_length=1,
        description="How its fields get their values, beside those that it has anyway.",
        json_schema_extra={"additionalProperties": False},
    )


class FindRule(Section):
    """The CRM record that has a number, an address or a code."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["from"]}, {"required": ["first"]}]}
    )

    find: Annotated[
        Annotated[CrmName, ONE] | Annotated[list[CrmName], Field(min_length=1), LIST],
        BY_LIST,
    ] = Field(description="The objects to look in; an earlier one goes first.")
    by: FoundBy = Field(
        description="What to look by: phone, email, id, or a field: field NAME."
    )
    from_: Maybe[SourceName] = Field(
        None, alias="from", description="The field of the stream with what to look for."
    )
    first: Maybe[Annotated[list[SourceName], Field(min_length=1)]] = Field(
        None, description="Fields of the stream; the first that is not blank counts."
    )
    ties: Maybe[Literal["newest", "priority", "leave"]] = Field(
        None,
        description="Which of several records of one object: the newest, the one whose "
        "number is in the field that the directory names first, or none (leave).",
    )
    none: Maybe[Literal["leave", "create", "default", "set aside"]] = Field(
        None,
        description="Where nobody is found: leave it empty, create a record, point to "
        "the default, or set the call aside.",
    )
    default: Maybe[RecordId] = Field(
        None, description="The id of the record for none: default."
    )
    create: Maybe[CreateRule] = Field(
        None, description="What none: create makes, where it isn't the usual."
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

BY_VERB: dict[str, type[Section]] = {
    "from": FromRule,
    "value": ValueRule,
    "template": TemplateRule,
    "first": FirstRule,
    "find": FindRule,
}
