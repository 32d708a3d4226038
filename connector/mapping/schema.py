"""The file format: one pydantic model a section; the JSON Schema comes from them."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
)

from connector.mapping import names
from connector.mapping.kinds import Kind, kind_of
from connector.mapping.schema_dial import DialFile
from connector.mapping.schema_rules import Rule
from connector.mapping.schema_words import (
    BY_SECTION,
    ONE_CLOCK,
    PLAIN,
    SECTION,
    Compared,
    CrmName,
    Cron,
    Duration,
    FlowName,
    Maybe,
    Number,
    Section,
    Since,
    SourceName,
    Zone,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Names = Annotated[list[CrmName], Field(min_length=1)]
Numbers = Annotated[list[Number], Field(min_length=1)]
Two = Annotated[
    list[SourceName],
    AfterValidator(names.two),
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
]

# ── push ───────────────────────────────────────────────────────────────────


class PushFrom(Section):
    """Where records come from."""

    system: Annotated[str, AfterValidator(names.known_system)] = Field(
        description="The outside service."
    )
    stream: Annotated[str, AfterValidator(names.known_stream)] = Field(
        description="The kind of record that the system yields."
    )
    since: Maybe[Since] = Field(
        default=None,
        description="Where a new flow begins: so long ago (7 days), or a date. Left out "
        "where the stream is read whole.",
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


class InternalCalls(Section):
    """What becomes of calls between colleagues, and who they are."""

    calls: Literal["skip", "log"] = Field(
        description="skip them, or log them with the CallType Internal."
    )
    numbers: Maybe[Numbers] = Field(
        default=None,
        description="Numbers that are ours beside the users': '+91 22 4012 33*', or "
        "'+91 22 4012 3300 to +91 22 4012 3399'.",
    )
    between: Maybe[Two] = Field(
        default=None,
        description="The stream's fields with the two numbers. Default: agent.phone "
        "and customer.phone.",
    )


class NeverLogged(Section):
    """Numbers whose calls are never logged, and where to look for them."""

    numbers: Numbers = Field(
        description="The numbers: '98200 11999', '+1 415 555 01*'."
    )
    fields: Maybe[Annotated[list[SourceName], Field(min_length=1)]] = Field(
        None, description="Fields of the stream. Default: customer.phone."
    )


class ExistingRecords(Section):
    """Which records of others a call may have, and what becomes of it then."""

    match: CrmName = Field(
        description="The field of which such a record has the same value; one of the "
        "fields."
    )
    found: Literal["enrich", "skip"] = Field(
        "enrich", description="enrich that record, or skip the call."
    )


class PushFile(Section):
    """A flow from a stream to a CRM object."""

    model_config = ConfigDict(json_schema_extra=ONE_CLOCK)

    flow: FlowName = Field(description="The flow's name: letters, digits, - and _.")
    from_: PushFrom = Field(alias="from", description="Where records come from.")
    to: PushTo = Field(description="Where records go.")
    fields: dict[CrmName, Rule] = Field(
        min_length=1,
        description="How each CRM field gets its value.",
        json_schema_extra={"additionalProperties": False},
    )
    every: Maybe[Duration] = Field(None, description="How often to look: 2 minutes.")
    cron: Maybe[Cron] = Field(
        None, description="When to look: minute hour day month weekday."
    )
    reread: Maybe[
        Annotated[
            Annotated[Duration, PLAIN] | Annotated[RereadClock, SECTION],
            BY_SECTION,
        ]
    ] = Field(None, description="How far back late changes are looked for.")
    zone: Maybe[Zone] = Field(
        None, description="Time zone of dates, cron and hours; else the system's."
    )
    deleted: Literal["leave", "recreate"] = Field(
        "leave", description="What becomes of a record that was deleted in the CRM."
    )
    when: dict[SourceName, Compared] = Field(
        default_factory=dict, description="Which records are taken; all must hold."
    )
    internal: Maybe[
        Annotated[
            Annotated[Literal["skip", "log"], PLAIN]
            | Annotated[InternalCalls, SECTION],
            BY_SECTION,
        ]
    ] = Field(None, description="What becomes of calls between colleagues.")
    never: Maybe[
        Annotated[
            Annotated[Numbers, PLAIN] | Annotated[NeverLogged, SECTION],
            BY_SECTION,
        ]
    ] = Field(None, description="Numbers whose calls are never logged.")
    existing: Maybe[ExistingRecords] = Field(
        None, description="What becomes of calls of which others made a record."
    )


# ── directory ──────────────────────────────────────────────────────────────


class IndexedObject(Section):
    """Which fields of an object say who somebody is."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["phones"]}, {"required": ["emails"]}]
        }
    )

    phones: Maybe[Names] = Field(
        None, description="Fields with phone numbers; earlier ones win a tie."
    )
    emails: Maybe[Names] = Field(None, description="Fields with email addresses.")
    country: Maybe[CrmName] = Field(
        None,
        description="The field that tells where numbers without a country's code are "
        "from.",
    )
    where: dict[CrmName, Compared] = Field(
        default_factory=dict, description="Which records are known; all must hold."
    )


class DirectoryFile(Section):
    """Whom in the CRM the directory knows, and how often it asks for changes."""

    model_config = ConfigDict(json_schema_extra=ONE_CLOCK)

    flow: FlowName = Field(description="The flow's name: letters, digits, - and _.")
    directory: dict[CrmName, IndexedObject] = Field(
        min_length=1,
        description="The CRM objects, and which of their fields to read.",
        json_schema_extra={"additionalProperties": False},
    )
    every: Maybe[Duration] = Field(None, description="How often to ask: 5 minutes.")
    cron: Maybe[Cron] = Field(
        None, description="When to ask: minute hour day month weekday."
    )
    zone: Maybe[Zone] = Field(None, description="Time zone of cron; else UTC.")


# ── any file ───────────────────────────────────────────────────────────────


MappingFile = PushFile | DirectoryFile | DialFile
BY_FILE: dict[Kind, type[Section]] = {
    "<push>": PushFile,
    "<directory>": DirectoryFile,
    "<dial>": DialFile,
}
FILE: TypeAdapter[MappingFile] = TypeAdapter(
    Annotated[
        Annotated[PushFile, Tag("<push>")]
        | Annotated[DirectoryFile, Tag("<directory>")]
        | Annotated[DialFile, Tag("<dial>")],
        Discriminator(kind_of),
    ]
)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a mapping file, for editors."""
    schema = _without_nulls(FILE.json_schema())
    return {"$schema": DRAFT, "title": "Mapping file", **schema}


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
