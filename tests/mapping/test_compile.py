"""A record becomes a row: what is sent, when, and what is never sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from connector.errors import RecordError, SchemaMismatchError
from connector.mapping.compile import compile_push, payload_hash
from connector.mapping.load import PushFlow, World
from connector.model import CrmObject, Record, Scalar
from tests.mapping.loading import load_push

LoadFields = Callable[[str], PushFlow]


def record(**fields: object) -> Record:
    return Record(id="1", version=None, fields={"id": "1", **fields})


@pytest.fixture
def sent(load_fields: LoadFields, task: CrmObject) -> Callable[..., Scalar]:
    """What a rule sends to a field for a record; the field "" was left out."""

    def send(field: str, rule: str, **fields: object) -> Scalar:
        flow = load_fields(f"{field}: {rule}")
        given = {name.replace("__", "."): value for name, value in fields.items()}
        row = compile_push(flow, task)(record(**given))
        assert row is not None
        return row.create.get(field, "left out")

    return send


Sent = Callable[..., Scalar]


def test_the_example_makes_this_row(
    example: str, world: World, task: CrmObject, call: Record
) -> None:
    row = compile_push(load_push(example, "x.yaml", world), task)(call)

    assert row is not None
    assert row.key == "callyzer:9f3a"
    assert row.record is call
    assert row.update == {
        "CallType": "Inbound",
        "CallDurationInSeconds": 185,
        "ActivityDate": "2026-11-21",
        "Description": "Wants a quote",
        "X__c": "Wants a quote",
    }
    assert row.create == {
        **row.update,
        "Subject": "Incoming call with Asha",
        "TaskSubtype": "Call",
    }
    assert row.hash == payload_hash(row.update)
    assert len(row.hash) == 16


@pytest.mark.parametrize(
    "change",
    [{"call_type": "Rejected"}, {"client_number": " "}, {"client_number": None}],
)
def test_a_record_that_the_conditions_leave_out_makes_no_row(
    example: str, world: World, task: CrmObject, call: Record, change: dict[str, object]
) -> None:
    apply = compile_push(load_push(example, "x.yaml", world), task)

    assert apply(replace(call, fields={**call.fields, **change})) is None


def test_without_fields_for_creation_only_both_payloads_are_one(
    load_fields: LoadFields, task: CrmObject
) -> None:
    row = compile_push(load_fields("X__c: {from: note}"), task)(record(note="n"))

    assert row is not None
    assert row.create is row.update


def test_a_change_of_what_is_sent_once_changes_no_hash(
    example: str, world: World, task: CrmObject, call: Record
) -> None:
    apply = compile_push(load_push(example, "x.yaml", world), task)
    renamed = replace(call, fields={**call.fields, "client_name": "Ravi"})

    first, second = apply(call), apply(renamed)

    assert first is not None
    assert second is not None
    assert first.create != second.create
    assert first.hash == second.hash


def test_the_hash_does_not_depend_on_the_order_of_the_file() -> None:
    assert payload_hash({"a": 1, "b": "x"}) == payload_hash({"b": "x", "a": 1})
    assert payload_hash({"a": 1}) != payload_hash({"a": "1"})


def test_a_field_that_the_reading_lacks_is_left_out(sent: Sent) -> None:
    assert sent("X__c", "{from: note}") == "left out"
    assert sent("X__c", "{from: note, default: x}") == "left out"


@pytest.mark.parametrize("emptied", [None, "", " \n", [], [None, ""]])
def test_an_emptied_value_empties_the_field(sent: Sent, emptied: object) -> None:
    assert sent("X__c", "{from: note}", note=emptied) is None
    assert sent("X__c", "{from: note, map: {a: b}, as: text}", note=emptied) is None
    assert sent("X__c", "{from: note, default: none}", note=emptied) == "none"


def test_an_emptied_checkbox_is_unticked(sent: Sent) -> None:
    assert sent("Flag__c", "{from: recorded}", recorded=None) is False
    assert sent("Flag__c", "{from: recorded, default: true}", recorded="") is True


def test_the_first_that_is_not_blank_is_taken(sent: Sent) -> None:
    rule = "{first: [note, crm_status, client_name]}"

    assert sent("X__c", rule, note=" ", client_name="c") == "c"
    assert sent("X__c", rule, note="n", crm_status="s") == "n"
    assert sent("X__c", rule, note="") is None
    assert sent("X__c", rule) == "left out"


def test_templates_write_the_first_alternative_that_is_not_blank(sent: Sent) -> None:
    rule = '{template: "{{{call_type}}}: {client_name|customer.phone}!"}'

    assert sent("X__c", rule, call_type="In", client_name="A") == "{In}: A!"
    assert sent("X__c", rule, call_type="In", customer__phone="+1") == "{In}: +1!"
    assert sent("X__c", rule, call_type=None, client_name="") == "{}: !"
    assert sent("X__c", rule, call_type="In") == "left out"


def test_a_map_translates_and_what_it_lacks_is_set_aside(sent: Sent) -> None:
    rule = "{from: call_type, map: {Incoming: Inbound, 1: Outbound, true: Internal}}"

    assert sent("CallType", rule, call_type="Incoming") == "Inbound"
    assert sent("CallType", rule, call_type=1) == "Outbound"
    assert sent("CallType", rule, call_type=True) == "Internal"
    with pytest.raises(RecordError, match="CallType: 'Fax' is not in the") as caught:
        sent("CallType", rule, call_type="Fax")
    assert (caught.value.code, caught.value.fields) == ("NOT_IN_MAP", ("CallType",))


def test_a_default_stands_for_what_the_map_lacks(sent: Sent) -> None:
    assert sent("X__c", "{from: note, map: {a: b}, default: c}", note="z") == "c"
    assert sent("X__c", "{from: note, map: {a: b}, default: null}", note="z") is None


def test_every_item_of_a_list_is_mapped(sent: Sent) -> None:
    rule = "{from: tags, map: {a: A, b: B}, default: Other}"

    assert sent("Tags__c", rule, tags=["a", "", "z"]) == "A;Other"


NOON = datetime(2026, 11, 21, 8, 40, 39, 123_456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "rule", "value", "expected"),
    [
        ("X__c", "{from: note}", 7, "7"),
        ("X__c", "{from: note}", 7.0, "7"),
        ("X__c", "{from: note}", 7.5, "7.5"),
        ("X__c", "{from: note}", True, "true"),
        ("X__c", "{from: note}", ["a", 1, None, "b"], "a;1;b"),
        ("X__c", "{from: note}", NOON, "2026-11-21T08:40:39.123Z"),
        ("X__c", "{from: note, as: date}", NOON, "2026-11-21"),
        ("CallDurationInSeconds", "{from: note, as: integer}", " 185 ", 185),
        ("CallDurationInSeconds", "{from: note, as: integer}", "185.00", 185),
        ("CallDurationInSeconds", "{from: note, as: integer}", 185.0, 185),
        ("Number__c", "{from: note, as: number}", "1.5", 1.5),
        ("Number__c", "{from: note, as: number}", "12", 12),
        ("Flag__c", "{from: note, as: boolean}", "Yes", True),
        ("Flag__c", "{from: note, as: boolean}", 0, False),
        ("At__c", "{from: note}", NOON, "2026-11-21T08:40:39.123Z"),
        ("At__c", "{from: note}", "2026-11-21 14:10:39", "2026-11-21T08:40:39.000Z"),
        ("At__c", "{from: note}", "2026-11-21T08:40Z", "2026-11-21T08:40:00.000Z"),
        ("At__c", "{from: note}", date(2026, 11, 21), "2026-11-20T18:30:00.000Z"),
        ("ActivityDate", "{from: note}", date(2026, 11, 21), "2026-11-21"),
        ("ActivityDate", "{from: note, as: date}", "2026-11-21", "2026-11-21"),
        ("ActivityDate", "{from: note, as: date}", "2026-11-20T20:00Z", "2026-11-21"),
        ("Clock__c", "{from: note, as: time}", NOON, "14:10:39.123Z"),
        ("Clock__c", "{from: note, as: time}", time(14, 5), "14:05:00.000Z"),
        ("Clock__c", "{from: note, as: time}", "14:05", "14:05:00.000Z"),
        ("Clock__c", "{from: note, as: time}", "2026-11-21 14:05", "14:05:00.000Z"),
        ("Phone__c", "{from: note, as: phone}", "91-9988776655", "+919988776655"),
        ("Phone__c", "{from: note, as: phone}", "1 (415) 555-2671", "+14155552671"),
        ("Phone__c", "{from: note, as: phone}", " 9988776655", "+919988776655"),
        ("Phone__c", "{from: note, as: phone}", " withheld ", "withheld"),
        ("Phone__c", "{from: note, as: phone}", "12", "12"),
    ],
)
def test_a_value_becomes_what_the_field_takes(
    sent: Sent, field: str, rule: str, value: object, expected: Scalar
) -> None:
    made = sent(field, rule, note=value)

    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize(
    ("field", "rule", "value"),
    [
        ("CallDurationInSeconds", "{from: note, as: integer}", "three"),
        ("CallDurationInSeconds", "{from: note, as: integer}", 12.5),
        ("CallDurationInSeconds", "{from: note, as: integer}", True),
        ("CallDurationInSeconds", "{from: note, as: integer}", 2**31),
        ("Number__c", "{from: note, as: number}", "1e999"),
        ("Number__c", "{from: note, as: number}", float("nan")),
        ("Number__c", "{from: note, as: number}", 10**30),
        ("Flag__c", "{from: note, as: boolean}", "maybe"),
        ("ActivityDate", "{from: note, as: date}", "21/11/2026"),
        ("ActivityDate", "{from: note, as: date}", 20_261_121),
        ("Clock__c", "{from: note, as: time}", date(2026, 11, 21)),
        ("At__c", "{from: note, as: datetime}", "2026-11-21 08:40:39 IST"),
        ("At__c", "{from: note}", "0001-01-01 00:00"),
        ("ActivityDate", "{from: note, as: date}", datetime.max.replace(tzinfo=UTC)),
        ("X__c", "{from: note}", {"a": 1}),
        ("X__c", "{from: note}", [["a"]]),
        ("X__c", "{from: note}", b"bytes"),
        ("X__c", "{from: note}", float("inf")),
        pytest.param("X__c", "{from: note}", "half \ud800", id="half a character"),
        pytest.param("X__c", "{from: note}", 10**5_000, id="a huge number"),
        ("X__c", '{template: "{note}"}', {"a": 1}),
    ],
)
def test_a_value_that_cannot_be_sent_is_set_aside(
    sent: Sent, field: str, rule: str, value: object
) -> None:
    with pytest.raises(RecordError, match=f"^{field}: ") as caught:
        sent(field, rule, note=value)

    assert (caught.value.code, caught.value.fields) == ("WRONG_TYPE", (field,))


def test_an_error_names_field_value_and_type_and_stays_short(sent: Sent) -> None:
    with pytest.raises(RecordError) as caught:
        sent("CallDurationInSeconds", "{from: note, as: integer}", note="x" * 5_000)

    assert "as integer: not a whole number" in caught.value.message
    assert len(caught.value.message) < 200


def test_an_error_about_half_a_character_can_itself_be_stored(sent: Sent) -> None:
    with pytest.raises(RecordError) as caught:
        sent("X__c", "{from: note}", note="\ud800")

    assert caught.value.message.encode()


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("short", "short"),
        ("123456", "12345"),
        ("1234😀", "1234"),
        ("123😀", "123😀"),
        ("123e\u0301\u0302", "123"),
        ("e\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301"),
        ("12👩\u200d👧", "12"),
    ],
)
def test_text_is_cut_between_characters(sent: Sent, note: str, expected: str) -> None:
    assert sent("Short__c", "{from: note, fit: truncate}", note=note) == expected


def test_text_is_not_cut_unless_the_file_says_so(sent: Sent) -> None:
    assert sent("Short__c", "{from: note}", note="123456") == "123456"


@pytest.mark.parametrize("fields", [{"id": None}, {"id": " "}, {"id": []}, {}], ids=str)
@pytest.mark.parametrize("key", ['{template: "callyzer:{id}"}', "{from: id}"])
def test_a_record_without_a_key_is_set_aside(
    example: str, world: World, task: CrmObject, fields: dict[str, object], key: str
) -> None:
    text = example.replace('{template: "callyzer:{id}"}', key)
    text = text.replace("when: {client_number", "when: {crm_status: {blank: true}}\n#")
    apply = compile_push(load_push(text, "x.yaml", world), task)

    with pytest.raises(RecordError) as caught:
        apply(Record(id="1", version=None, fields=fields))

    assert (caught.value.code, caught.value.fields) == ("KEY_BLANK", ("Call_Key__c",))


def test_a_key_longer_than_its_field_is_set_aside_not_cut(
    load_fields: LoadFields, task: CrmObject
) -> None:
    with pytest.raises(RecordError) as caught:
        compile_push(load_fields(""), task)(record(id="x" * 80))

    assert caught.value.code == "KEY_TOO_LONG"


def test_a_key_is_text_without_space_around_it(
    example: str, world: World, task: CrmObject, call: Record
) -> None:
    text = example.replace('{template: "callyzer:{id}"}', "{from: id}")
    apply = compile_push(load_push(text, "x.yaml", world), task)

    row = apply(replace(call, fields={**call.fields, "id": 7}))
    spaced = apply(replace(call, fields={**call.fields, "id": " 7 "}))

    assert row is not None
    assert spaced is not None
    assert row.key == spaced.key == "7"


def test_a_field_that_the_crm_lost_stops_the_flow(
    example: str, world: World, task: CrmObject
) -> None:
    flow = load_push(example.replace("X__c", "Lost__c"), "x.yaml", world)

    with pytest.raises(SchemaMismatchError, match="Task has no field Lost__c"):
        compile_push(flow, task)


def test_a_constant_time_is_in_the_flows_zone(sent: Sent) -> None:
    made = sent("At__c", "{value: 2026-11-21 14:10:39}")

    assert made == "2026-11-21T08:40:39.000Z"
