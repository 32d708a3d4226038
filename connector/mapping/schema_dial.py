"""The sections of a dial file: which records ask for a call, and what they are told."""

from datetime import timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
)
from pydantic.json_schema import SkipJsonSchema

from connector.mapping import names, rules
from connector.mapping.schema_rules import FirstRule, FromRule, TemplateRule, ValueRule
from connector.mapping.schema_words import (
    ONE_CLOCK,
    Compared,
    CrmName,
    Cron,
    Duration,
    FlowName,
    Hours,
    Maybe,
    RecordPath,
    Section,
    Soon,
    Zone,
)

EXPIRES = timedelta(minutes=2)

# ── rules ──────────────────────────────────────────────────────────────────


_Unwritten = Annotated[SkipJsonSchema[None], BeforeValidator(rules.unwritten)]


class ReadFrom(FromRule):
    """The value of one field of the record."""

    from_: RecordPath = Field(
        alias="from", description="A field: Phone, Who.Phone; in 'answer' also call.id."
    )
    write: _Unwritten = None


class ReadValue(ValueRule):
    """Always the same value."""

    write: _Unwritten = None


class ReadTemplate(TemplateRule):
    """Text with fields of the record in it."""

    template: Annotated[str, AfterValidator(names.record_template)] = Field(
        description="Text with {Field} or {Who.Field|Other} in it."
    )
    write: _Unwritten = None


class ReadFirst(FirstRule):
    """The first of some fields of the record that is not blank."""

    first: list[RecordPath] = Field(
        min_length=1, description="Fields: Phone, Who.Phone; in 'answer' also call.id."
    )
    write: _Unwritten = None


ReadRule = Annotated[
    Annotated[ReadFrom, Tag("<from>")]
    | Annotated[ReadValue, Tag("<value>")]
    | Annotated[ReadTemplate, Tag("<template>")]
    | Annotated[ReadFirst, Tag("<first>")],
    Discriminator(lambda rule: f"<{rules.verb_of(rule)}>"),
    BeforeValidator(rules.one_reading_verb),
]

BY_VERB: dict[str, type[Section]] = {
    "from": ReadFrom,
    "value": ReadValue,
    "template": ReadTemplate,
    "first": ReadFirst,
}

# ── sections ───────────────────────────────────────────────────────────────


class DialFrom(Section):
    """Which records ask for a call."""

    crm: CrmName = Field(description="The CRM object, by its API name.")
    where: dict[CrmName, Compared] = Field(
        min_length=1,
        description="Which of its records ask for a call; all must hold.",
        json_schema_extra={"additionalProperties": False},
    )


class DialRequest(Section):
    """What tells one press of the button from another."""

    id: CrmName = Field(description="The field whose text is new at every press.")
    at: CrmName = Field(description="The field with the time of the press.")


class DialClaim(Section):
    """The record that is made of every request before it is dialled."""

    object: CrmName = Field(description="The CRM object, by its API name.")
    key: CrmName = Field(description="Its unique field, which gets the request's id.")


class DialCall(Section):
    """Who makes the phone ring, and what they are told: a rule a parameter."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"minProperties": 2})
    __pydantic_extra__: dict[str, ReadRule]

    dialer: Annotated[str, AfterValidator(names.known_dialer)] = Field(
        description="The system that places the call."
    )


class DialGuards(Section):
    """When a call is not placed, though it was asked for."""

    do_not_call: Maybe[Annotated[list[RecordPath], Field(min_length=1)]] = Field(
        None, description="Checkboxes of which none may be ticked."
    )
    hours: Maybe[Hours] = Field(
        None,
        description="When a phone may ring, wherever the number can be: 08:00-20:00.",
    )
    same_number_within: Maybe[Duration] = Field(
        None, description="How long a number is not dialled again."
    )
    one_per_agent: Maybe[Duration] = Field(
        None, description="How long an agent who got a call gets no other."
    )


_Answer = Maybe[
    Annotated[
        dict[CrmName, ReadRule],
        Field(min_length=1, json_schema_extra={"additionalProperties": False}),
    ]
]


class DialAnswer(Section):
    """What is written onto the record, by what became of the call."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    placed: _Answer = Field(None, description="The agent's phone rings.")
    refused: _Answer = Field(None, description="The dialer said no.")
    unknown: _Answer = Field(None, description="It may ring: nobody knows.")
    expired: _Answer = Field(None, description="It was asked for too long ago.")
    blocked: _Answer = Field(None, description="A guard forbade it.")


class DialFile(Section):
    """A flow from the CRM's records to a dialer."""

    model_config = ConfigDict(json_schema_extra=ONE_CLOCK)

    flow: FlowName = Field(description="The flow's name: letters, digits, - and _.")
    from_: DialFrom = Field(alias="from", description="Which records ask for a call.")
    request: DialRequest = Field(description="What tells one press from another.")
    claim: Maybe[DialClaim] = Field(
        None,
        description="The record that is made of every request before it is dialled.",
    )
    every: Maybe[Duration] = Field(None, description="How often to look: 1 minute.")
    cron: Maybe[Cron] = Field(
        None, description="When to look: minute hour day month weekday."
    )
    zone: Maybe[Zone] = Field(
        None, description="Time zone of cron, dates and clocks; else UTC."
    )
    expires: Soon = Field(
        EXPIRES,
        description="How long after the press it may still ring; at most 1 hour.",
        json_schema_extra={"default": "2 minutes"},
    )
    call: DialCall = Field(
        description="Who makes the phone ring, and what they are told."
    )
    guards: Maybe[DialGuards] = Field(
        None, description="When a call is not placed, though it was asked for."
    )
    answer: DialAnswer = Field(
        description="What is written onto the record, by what became of the call."
    )


SECTIONS: dict[str, type[Section]] = {
    "from": DialFrom,
    "request": DialRequest,
    "claim": DialClaim,
    "call": DialCall,
    "guards": DialGuards,
    "answer": DialAnswer,
}
