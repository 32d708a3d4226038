"""The JSON Schema for editors agrees with the loader."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from connector.mapping.schema import DRAFT, json_schema

Json = Any
SCHEMA = json_schema()
KINDS = SCHEMA["oneOf"]
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def accepts(schema: dict[str, Json], value: Json) -> bool:
    """The part of JSON Schema that this one uses."""
    if "$ref" in schema:
        return accepts(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value)
    return (
        fits_branches(schema, value)
        and is_of(schema, value)
        and value in schema.get("enum", [value])
        and value == schema.get("const", value)
        and (not isinstance(value, str) or fits_text(schema, value))
        and (not isinstance(value, list) or fits_list(schema, value))
        and (not isinstance(value, dict) or fits_object(schema, value))
    )


def fits_branches(schema: dict[str, Json], value: Json) -> bool:
    one = [accepts(branch, value) for branch in schema.get("oneOf", [])]
    any_ = [accepts(branch, value) for branch in schema.get("anyOf", [])]
    return ("oneOf" not in schema or sum(one) == 1) and (
        "anyOf" not in schema or any(any_)
    )


def is_of(schema: dict[str, Json], value: Json) -> bool:
    types = schema.get("type", list(TYPES))
    named = [types] if isinstance(types, str) else types
    return any(type(value) in TYPES[name] for name in named)


def fits_text(schema: dict[str, Json], value: str) -> bool:
    return bool(re.search(schema.get("pattern", ""), value))


def fits_list(schema: dict[str, Json], value: list[Json]) -> bool:
    enough = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 99)
    return enough and all(accepts(schema.get("items", {}), item) for item in value)


def fits_object(schema: dict[str, Json], value: dict[str, Json]) -> bool:
    return (
        len(value) >= schema.get("minProperties", 0)
        and all(name in value for name in schema.get("required", []))
        and all(fits_property(schema, name, item) for name, item in value.items())
    )


def fits_property(schema: dict[str, Json], name: str, item: Json) -> bool:
    patterns = schema.get("patternProperties", {})
    like = [under for pattern, under in patterns.items() if re.search(pattern, name)]
    under = schema.get("properties", {}).get(name) or next(iter(like), None)
    if under is None:
        under = schema.get("additionalProperties", True)
    return under if isinstance(under, bool) else accepts(under, item)


def plain(text: str) -> Json:
    return YAML(typ="safe", pure=True).load(text)


def test_it_is_a_schema_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == DRAFT


def test_every_section_is_closed_and_every_key_described() -> None:
    for title, section in SCHEMA["$defs"].items():
        assert (section["additionalProperties"] is False) == (title != "DialCall")
        for name, key in section["properties"].items():
            meant = SCHEMA["$defs"].get(key.get("$ref", "").rpartition("/")[2], key)
            assert meant["description"], name
            assert key.get("default", "") is not None, name


def test_the_examples_are_accepted(
    example: str, linked: str, directory: str, dials: str
) -> None:
    assert accepts(SCHEMA, plain(dials))
    assert accepts(SCHEMA, plain(example))
    assert accepts(SCHEMA, plain(linked))
    assert accepts(SCHEMA, plain(directory))


def test_every_kind_of_file_says_what_it_is() -> None:
    kinds = [SCHEMA["$defs"][each["$ref"].rpartition("/")[2]] for each in KINDS]

    assert all(kind["description"] for kind in kinds)
    own = [set(kind["required"]) & {"to", "directory", "call"} for kind in kinds]
    assert own == [{"to"}, {"directory"}, {"call"}]


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("every: 2 minutes", "cron: '* * * * *'"),
        ("reread: 2 days", "reread: {back: 2 days, every: 1 hour}"),
        ("since: 7 days", "since: '2026-01-31'"),
        ("{value: Call}", "{value: null}"),
        ("{value: Call}", "{find: [Contact, Lead], by: phone, from: id, ties: newest}"),
        ("{value: Call}", "{find: User, by: field X__c, first: [id], none: set aside}"),
        (
            "{value: Call}",
            "{find: Lead, by: phone, from: id, none: create, create: {}}",
        ),
        (
            "deleted: leave",
            "internal: {calls: log, numbers: ['+91 22*'], between: [a, b]}",
        ),
        ("deleted: leave", "never: {numbers: ['+91 22*'], fields: [customer.phone]}"),
        ("{not: Rejected}", "{at least: 3, in: [a, 2]}"),
    ],
)
def test_other_good_files_are_accepted(example: str, right: str, other: str) -> None:
    assert accepts(SCHEMA, plain(example.replace(right, other)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("every: 2 minutes", "evry: 2 minutes"),
        ("every: 2 minutes", "every: 2 fortnights"),
        ("every: 2 minutes\n", ""),
        ("deleted: leave", "cron: '* * * * *'"),
        ("deleted: leave", "deleted: keep"),
        ("reread: 2 days", "reread: {every: 1 hour}"),
        ("since: 7 days", "since: soon"),
        ("{value: Call}", "{}"),
        ("{value: Call}", "Call"),
        ("{value: Call}", "{value: Call, from: id}"),
        ("{value: Call}", "{value: [Call]}"),
        ("as: integer", "as: int"),
        ("write: once", "write: twice"),
        ("{not: Rejected}", "Rejected"),
        ("{not: Rejected}", "{}"),
        ("X__c:", "X c:"),
        ("object: Task, ", ""),
        ("{value: Call}", "{find: User, by: phone}"),
        ("{value: Call}", "{find: User, by: phone, from: id, first: [id]}"),
        ("{value: Call}", "{find: [], by: phone, from: id}"),
        ("{value: Call}", "{find: User, by: name, from: id}"),
        ("{value: Call}", "{find: User, by: phone, from: id, default: Ananya}"),
        ("{value: Call}", "{find: User, by: phone, from: id, write: once}"),
        ("deleted: leave", "internal: drop"),
        ("deleted: leave", "internal: {calls: log, between: [a]}"),
        ("deleted: leave", "never: 98200 11999"),
        ("deleted: leave", "directory: {Contact: {phones: [Phone]}}"),
    ],
)
def test_bad_files_are_refused(example: str, right: str, wrong: str) -> None:
    assert right in example

    assert not accepts(SCHEMA, plain(example.replace(right, wrong)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("every: 5 minutes", ""),
        ("phones: [Phone], emails: [Email], where", "where"),
        ("emails:", "emals:"),
        ("[Email]", "Email"),
        ("{is: true}", "true"),
        ("every:", "reread: 1 day\nevery:"),
    ],
)
def test_bad_directories_are_refused(directory: str, right: str, wrong: str) -> None:
    assert right in directory

    assert not accepts(SCHEMA, plain(directory.replace(right, wrong)))


def test_a_parameter_of_a_dialer_is_a_rule() -> None:
    assert "oneOf" in SCHEMA["$defs"]["DialCall"]["additionalProperties"]


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("every: 1 minute", "cron: '* * * * *'\nzone: UTC"),
        ("expires: 2 minutes\n", ""),
        ("claim: {object: Call_Dial__c, key: Request_Id__c}\n", ""),
        ("{value: connector}", "{template: '{Who.Name|Id}', fit: truncate}"),
        ("{value: connector}", "{from: Type__c, map: {a: b}, default: c}"),
        ('"08:00-20:00"', '"20:00 - 06:00"'),
        ("do_not_call: [Who.DoNotCall], ", ""),
        ("{from: call.id}", "{from: call.answered_at, as: date}"),
    ],
)
def test_other_good_dial_files_are_accepted(dials: str, right: str, other: str) -> None:
    assert right in dials

    assert accepts(SCHEMA, plain(dials.replace(right, other)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("every: 1 minute", ""),
        (", where: {Call_Request__c: {is: Requested}, IsClosed: {is: false}}", ""),
        ("IsClosed: {is: false}", "Who.X: {is: false}"),
        ("id: Call_Request_Id__c, ", ""),
        ("id: Call_Request_Id__c", "id: Owner.Call_Request_Id__c"),
        (", key: Request_Id__c", ""),
        ("expires: 2 minutes", "expires: 2"),
        ("  dialer: newvoicemedia\n", ""),
        ("{value: connector}", "connector"),
        ("{value: connector}", "{value: connector, write: once}"),
        ("{value: connector}", "{value: connector, by: phone}"),
        ("{value: connector}", "{find: User, by: phone, from: Id}"),
        ("{value: connector}", "{from: Who.Owner.Name}"),
        ("{value: connector}", "{first: [Who Name]}"),
        ("hours:", "hour:"),
        ('"08:00-20:00"', '"8-20"'),
        ("[Who.DoNotCall]", "Who.DoNotCall"),
        ("placed: ", "rang: "),
        ("{from: call.id}", "{from: call.id, write: once}"),
        ("CallObject: {", "Call Object: {"),
        ("every:", "fields: {X__c: {from: Id}}\nevery:"),
        ("crm: Task,", "crm: Task, system: callyzer,"),
    ],
)
def test_bad_dial_files_are_refused(dials: str, right: str, wrong: str) -> None:
    assert right in dials

    assert not accepts(SCHEMA, plain(dials.replace(right, wrong)))
