"""A good file becomes a flow; a bad one tells every mistake with its place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connector.mapping.faults import Place
from connector.mapping.flow import FirstOf, Reread, Template
from connector.mapping.load import PushFlow, World
from connector.model import Condition
from tests.mapping.loading import faults_of, load_push

LoadFields = Callable[[str], PushFlow]


def printed(text: str, world: World) -> list[str]:
    """What is wrong with a text, as it is printed."""
    return [str(fault) for fault in faults_of(text, world)]


def test_the_example_becomes_a_flow(example: str, world: World) -> None:
    flow = load_push(example, "mappings/calls.yaml", world)

    assert (flow.name, flow.system, flow.stream.name) == (
        "callyzer-call-logs",
        "callyzer",
        "call_logs",
    )
    assert (flow.object, flow.key) == ("Task", "Call_Key__c")
    assert (flow.every, flow.cron) == (timedelta(minutes=2), None)
    assert flow.reread == Reread(back=timedelta(days=2), every=timedelta(minutes=30))
    assert flow.options == {"call_types": ["Incoming", "Outgoing", "Missed"]}
    assert flow.when == (
        Condition(field="client_number", operator="blank", value=False),
        Condition(field="call_type", operator="not", value="Rejected"),
    )


def test_rules_keep_the_order_and_the_places_of_the_file(
    example: str, world: World
) -> None:
    flow = load_push(example, "x.yaml", world)

    assert [rule.field for rule in flow.fields][:3] == [
        "Call_Key__c",
        "Subject",
        "TaskSubtype",
    ]
    assert flow.key_rule.verb == Template(parts=("callyzer:", ("id",)))
    assert flow.fields[1].place == Place(12, 3)
    assert flow.fields[1].once
    assert flow.fields[-1].verb == FirstOf(names=("note", "crm_status"))
    assert flow.key_place == Place(9, 25)


def test_a_duration_counts_back_from_now(example: str, world: World) -> None:
    flow = load_push(example, "x.yaml", world)

    since = flow.since_at(datetime(2026, 11, 21, tzinfo=UTC))

    assert since == datetime(2026, 11, 14, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2026-11-01", "'2026-11-01'"])
def test_a_day_begins_at_midnight_in_the_flows_zone(
    example: str, world: World, written: str
) -> None:
    flow = load_push(example.replace("7 days", written), "x.yaml", world)

    assert flow.since == date(2026, 11, 1)
    assert flow.since_at(datetime(2026, 11, 21, tzinfo=UTC)) == datetime(
        2026, 10, 31, 18, 30, tzinfo=UTC
    )


def test_the_zone_is_the_systems_unless_the_file_has_one(
    load_fields: LoadFields,
) -> None:
    assert load_fields("").zone.key == "Asia/Kolkata"


def test_a_system_without_a_zone_is_in_utc(example: str, world: World) -> None:
    text = example.replace("zone: Asia/Kolkata\n", "")

    flow = load_push(text, "x.yaml", replace(world, zones={}))

    assert flow.zone.key == "UTC"


def test_re_reading_has_a_clock_of_its_own(example: str, world: World) -> None:
    text = example.replace("reread: 2 days", "reread: {back: 3 days, every: 1 hour}")

    flow = load_push(text, "x.yaml", world)

    assert flow.reread == Reread(back=timedelta(days=3), every=timedelta(hours=1))


def test_a_cron_line_replaces_every(example: str, world: World) -> None:
    text = example.replace("every: 2 minutes", 'cron: "*/5 8-20 * * mon-fri"')

    flow = load_push(text, "x.yaml", world)

    assert (flow.cron, flow.every) == ("*/5 8-20 * * mon-fri", None)


def test_aliases_and_merges_are_read(load_fields: LoadFields) -> None:
    flow = load_fields(
        "Subject: &text {from: note, fit: truncate}\n"
        "Description: *text\n"
        "X__c: {<<: *text, from: crm_status}"
    )

    assert [rule.truncate for rule in flow.fields] == [False, True, True, True]
    assert flow.fields[-1].verb == FirstOf(names=("crm_status",))


def test_every_mistake_of_a_file_is_told_at_once(example: str, world: World) -> None:
    text = (
        example.replace("call_type: {not", "cal_type: {not")
        .replace("write: once", "writ: once")
        .replace("7 days", "7 dys")
        .replace("{value: Call}", "{valu: Call}")
        .replace("{client_name|", "{clent_name|")
    )

    assert [fault.split(": ", 1)[1] for fault in printed(text, world)] == [
        (
            "from.since: must be a length of time such as 7 days, 2 minutes or 1 hour, "
            "or a date such as 2026-01-31"
        ),
        "when.cal_type: unknown field 'cal_type' (did you mean 'call_type'?)",
        (
            "fields.Subject.template: unknown field 'clent_name' "
            "(did you mean 'client_name'?)"
        ),
        "unknown key 'writ' (did you mean 'write'?)",
        "fields.TaskSubtype: unknown verb 'valu' (did you mean 'value'?)",
    ]


def test_a_fault_says_file_line_and_column(example: str, world: World) -> None:
    text = example.replace("from: note", "from: notes")

    (fault,) = printed(text, world)

    assert fault == (
        "x.yaml:17:23: fields.Description.from: unknown field 'notes' "
        "(did you mean 'note'?)"
    )


WRONG = {
    "not YAML": ("flow: callyzer-call-logs", "flow: [", "not valid YAML"),
    "a key twice": ("deleted: leave", "every: 1 hour", "'every' is here twice"),
    "a CRM field twice": (
        "X__c: {",
        "Subject: {",
        "'Subject' is here twice (the first is in line 12)",
    ),
    "fields that differ by case": (
        "X__c: {",
        "subject: {",
        "'Subject' and 'subject' are the same field",
    ),
    "an unknown key": ("deleted:", "delete:", "did you mean 'deleted'?"),
    "an unknown key in from": ("since:", "sinse:", "did you mean 'since'?"),
    "an unknown key in to": ("key: Call", "kye: Call", "did you mean 'key'?"),
    "an unknown system": (
        "system: callyzer",
        "system: calyzer",
        "unknown system 'calyzer' (did you mean 'callyzer'?)",
    ),
    "an unknown stream": (
        "stream: call_logs",
        "stream: calls",
        "unknown stream 'calls'",
    ),
    "an unknown option": (
        "call_types:",
        "call_typs:",
        "unknown option 'call_typs' (did you mean 'call_types'?)",
    ),
    "an unknown choice": ("Incoming, ", "Incomming, ", "did you mean 'Incoming'?"),
    "one value for many": (
        "[Incoming, Outgoing, Missed]",
        "Incoming",
        "call_types: must be a list",
    ),
    "many values for one": ("call_types: [", "tag: [", "tag: must be one value"),
    "an option of another type": (
        "call_types: [Incoming, Outgoing, Missed]",
        "longest: soon",
        "'soon' is not integer",
    ),
    "an option without its quotes": (
        "call_types: [Incoming, Outgoing, Missed]",
        "tag: 7",
        "'7' is not text (put it in quotes)",
    ),
    "a source field in from": ("from: duration", "from: duratoin", "'duration'?"),
    "a source field in first": ("[note, crm", "[noet, crm", "did you mean 'note'?"),
    "a bad zone": ("Asia/Kolkata", "Asia/Kolkatta", "did you mean 'Asia/Kolkata'?"),
    "a zone that is a folder": ("Asia/Kolkata", "Asia", "unknown time zone"),
    "a bad duration": ("2 minutes", "2 minuts", "every: must be a length of time"),
    "no time at all": ("2 minutes", "0 minutes", "every: must be longer than zero"),
    "too long a time": ("7 days", "9999999999 weeks", "at most 36500 days"),
    "no such day": ("7 days", "'2026-02-30'", "from.since"),
    "too early a day": ("7 days", "0001-01-01", "1970-01-01 or later"),
    "no clock": ("every: 2 minutes\n", "", "'every' or 'cron' is missing"),
    "two clocks": ("deleted: leave", "cron: '* * * * *'", "keep one"),
    "a bad cron line": ("every: 2 minutes", "cron: '* * * *'", "five parts"),
    "an empty key": ("zone: Asia/Kolkata", "zone:", "zone: is empty"),
    "a word that is none of the known": (
        "deleted: leave",
        "deleted: keep",
        "deleted: must be 'leave' or 'recreate'",
    ),
    "a missing section": ("to: {object: Task, key: Call_Key__c}\n", "", "'to' is mis"),
    "a missing key": ("object: Task, ", "", "'object' is missing"),
    "a key field that is not there": (
        "key: Call_Key__c",
        "key: Call_Ky__c",
        "is not among the fields (did you mean 'Call_Key__c'?)",
    ),
    "a key that is written once": ('{id}"}', '{id}", write: once}', "cannot have 'w"),
    "a key with a default": ('{id}"}', '{id}", default: x}', "cannot have 'default'"),
    "a key that is cut": ('{id}"}', '{id}", fit: truncate}', "would become one"),
    "a key that is always the same": (
        '{template: "callyzer:{id}"}',
        "{value: x}",
        "every record would have the same key",
    ),
    "no verb": ("{value: Call}", "{write: once}", "has no verb"),
    "two verbs": ("{value: Call}", "{value: Call, from: id}", "has 2 verbs"),
    "no rule": ("{value: Call}", "Call", "such as {from: field} or {value: text}"),
    "an impossible type": (
        "{from: duration, as: integer}",
        "{from: call.started_at, as: integer}",
        "'call.started_at' is datetime, which cannot be read as integer",
    ),
    "an impossible type of the first": (
        "{first: [note, crm_status]}",
        "{first: [note, tags], as: date}",
        "'tags' is list",
    ),
    "a constant that is not of its type": (
        "{value: Call}",
        "{value: Call, as: integer}",
        "'Call' cannot be read as integer",
    ),
    "a map that makes another type": (
        "default: Inbound",
        "as: boolean",
        "'Inbound' cannot be read as boolean",
    ),
    "a constant that its map lacks": (
        "{value: Call}",
        "{value: Call, map: {Mail: x}}",
        "'Call' is not in the field's map",
    ),
    "a template without a field": (
        'template: "{call_type} call with {client_name|customer.phone}"',
        'template: "a call"',
        "use 'value' instead",
    ),
    "a lone brace": ("{call_type} call", "{call_type call", "a lone '{'"),
    "an empty placeholder": ("{call_type} call", "{call_type|} call", "field's name"),
    "a bare condition": (
        "{not: Rejected}",
        "Rejected",
        "must say how to compare (such as {is: Incoming})",
    ),
    "an unknown operator": ("{not: Rejected}", "{isnt: x}", "unknown key 'isnt'"),
    "blank that is no boolean": ("blank: false", "blank: never", "true or false"),
    "a comparison with nothing": ("not: Rejected", "not: ''", "use {blank: true}"),
    "in without a list": ("not: Rejected", "in: Rejected", "must be a list of values"),
    "a comparison of two types": (
        "call_type: {not: Rejected}",
        "duration: {at least: long}",
        "'long' is not integer, as duration is",
    ),
    "a number with a lost beginning": ("{value: Call}", "{value: 007}", "in quotes"),
    "a CRM name that is none": ("X__c:", "X c:", "letters, digits and _"),
    "a flow's name that is none": ("flow: callyzer-call-logs", "flow: a b", "or -, in"),
    "a key that is a list": ("deleted: leave", "? [a]\n: b", "a key must be text"),
    "half a character in a key": ("zone:", '"\\ud800":', "half of a character"),
    "a merge of what is no mapping": (
        "{value: Call}",
        "{<<: x, value: Call}",
        "'<<' tak",
    ),
    "a tag of its own": ("deleted: leave", "deleted: !own leave", "'!own' is not sup"),
    "an unknown key of the clock": ("2 days", "{bak: 2 days}", "did you mean 'back'?"),
    "an unknown tag": ("deleted: leave", "deleted: !!set {a}", "not supported"),
    "half a character": ("{value: Call}", '{value: "\\ud800"}', "half of a char"),
    "not a number": ("{value: Call}", "{value: .nan}", "not a number"),
    "an id like a number": ("{value: Call}", "{value: 005e10}", "quote it if text"),
    "a section that is none": ("to: {object: Task, key: Call_Key__c}", "to: 3", "map"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told(
    example: str, world: World, case: tuple[str, str, str]
) -> None:
    right, wrong, told = case
    assert right in example

    faults = printed(example.replace(right, wrong, 1), world)

    assert any(told in fault for fault in faults), faults


def test_a_stream_that_cannot_be_read_again_has_no_reread(
    example: str, world: World
) -> None:
    text = example.replace("stream: call_logs", "stream: leads")

    assert any("cannot be read again" in fault for fault in printed(text, world))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a list", "this is not a mapping file"),
        ("", "this is not a mapping file"),
    ],
)
def test_another_kind_of_file_is_told_in_one_sentence(
    world: World, text: str, told: str
) -> None:
    (fault,) = printed(text, world)

    assert told in fault


def test_a_file_nested_too_deeply_is_told(world: World) -> None:
    (fault,) = printed("[" * 5_000, world)

    assert "nested too deeply" in fault


def test_an_alias_that_contains_itself_is_told(world: World) -> None:
    (fault,) = printed("a: &a [*a]", world)

    assert "contains itself" in fault


def test_aliases_that_multiply_are_told(world: World) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    (fault,) = printed("\n".join(lines), world)

    assert "far too many values" in fault
