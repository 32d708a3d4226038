"""No payload whatsoever makes a mapping raise anything but RecordError."""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.mapping.compile import compile_making, compile_push
from connector.mapping.finding import compile_sides
from connector.mapping.load import World
from connector.mapping.verbs import Setting
from connector.model import CrmField, CrmObject, Record, Row
from tests.mapping.loading import load_push

ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["\ud800", "1e999", "9" * 5_000, "+358", "2026-11-21", "0001-01-01T00:00", "14:05"]
)
ANY_ZONE = st.none() | st.sampled_from(
    [UTC, timezone(timedelta(hours=23, minutes=59)), timezone(timedelta(hours=-12))]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**63, -(2**200)])
    | st.floats()
    | ANY_TEXT
    | st.binary()
    | st.dates()
    | st.times()
    | st.datetimes(timezones=ANY_ZONE)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(ANY_TEXT, inner, max_size=3)
    ),
    max_leaves=6,
)

EVERY_VERB = """\
flow: everything
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
when:
  note: {not: [x, 3]}
  duration: {at most: 1000000}
  call_date: {at least: 2000-01-01}
  call_time: {at most: "23:00"}
  call.started_at: {at least: 2000-01-01T00:00:00Z}
  recorded: {not: false}
  tags: {blank: false}
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "{id|note}"}
  Subject: {template: "{call_type} {tags|note}", fit: truncate}
  CallType: {from: call_type, map: {Incoming: Inbound}, default: Internal}
  Tags__c: {from: tags, map: {a: b}}
  CallDurationInSeconds: {from: duration, as: integer}
  Number__c: {from: rating}
  Flag__c: {from: recorded, as: boolean}
  ActivityDate: {from: call.started_at, as: date}
  At__c: {from: call.started_at}
  Clock__c: {from: call_time, as: time}
  Phone__c: {from: client_number, as: phone}
  Short__c: {first: [note, crm_status], fit: truncate}
  Description: {from: crm_status, as: datetime}
  WhoId: {from: client_name}
"""
NAMES = (
    *("id", "call_type", "client_name", "client_number", "duration", "rating", "note"),
    *("tags", "crm_status", "recorded", "call_date", "call_time", "call.started_at"),
)
WITHOUT_CONDITIONS = "".join(
    line
    for line in EVERY_VERB.splitlines(keepends=True)
    if line != "when:\n" and ": {not" not in line and ": {at " not in line
).replace("  tags: {blank: false}\n", "")


def applied(
    text: str, fields: Mapping[str, object], world: World, task: CrmObject
) -> Row | RecordError | None:
    """The row, or why there is none."""
    apply = compile_push(load_push(text, "x.yaml", world), task)
    try:
        return apply(Record(id="1", version=None, fields=fields))
    except RecordError as error:
        return error


def assert_row_or_record_error(
    text: str, fields: Mapping[str, object], world: World, task: CrmObject
) -> None:
    outcome = applied(text, fields, world, task)

    if isinstance(outcome, RecordError):
        assert outcome.fields
        assert len(outcome.message.encode()) < 500
    elif outcome is not None:
        assert outcome.key.strip()
        sent = json.dumps(outcome.create, allow_nan=False, ensure_ascii=False)
        assert sent.encode()


@ANY
@given(fields=st.dictionaries(st.sampled_from(NAMES), VALUES))
@example(fields={"id": "1", "tags": [[[[[[]]]]]]})
def test_any_payload_makes_a_row_or_a_record_error(
    fields: dict[str, object], world: World, task: CrmObject
) -> None:
    assert_row_or_record_error(EVERY_VERB, fields, world, task)


@ANY
@given(name=st.sampled_from(NAMES), value=VALUES)
def test_any_value_in_one_field_makes_a_row_or_a_record_error(
    name: str, value: object, world: World, task: CrmObject
) -> None:
    assert_row_or_record_error(
        WITHOUT_CONDITIONS, {"id": "1", name: value}, world, task
    )


def test_a_value_nested_without_end_is_a_record_error(
    world: World, task: CrmObject
) -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]

    assert_row_or_record_error(WITHOUT_CONDITIONS, {"id": nested}, world, task)
    assert_row_or_record_error(EVERY_VERB, {"id": "1", "tags": nested}, world, task)


def test_a_number_too_large_to_print_is_a_record_error(
    world: World, task: CrmObject
) -> None:
    for name in NAMES:
        for huge in (10**5_000, [10**5_000], {"a": 10**5_000}):
            fields = {"id": "1", name: huge}
            assert_row_or_record_error(WITHOUT_CONDITIONS, fields, world, task)


@ANY
@given(text=ANY_TEXT, length=st.integers(1, 40))
def test_cut_text_fits_and_is_a_beginning(
    text: str, length: int, world: World, task: CrmObject
) -> None:
    short = CrmField(name="Short__c", type="string", length=length)
    shorter = CrmObject(name="Task", fields={**task.fields, "Short__c": short})

    row = applied(WITHOUT_CONDITIONS, {"id": "1", "note": text}, world, shorter)

    cut = row.update["Short__c"] or "" if isinstance(row, Row) else ""
    assert isinstance(cut, str)
    assert text.startswith(cut)
    assert len(cut.encode("utf-16-le")) <= 2 * length


LINK_NAMES = (
    *("id", "call_type", "note", "customer.phone", "customer.name", "agent.phone"),
    *("agent.email", "emp_code", "emp_number", "ticket.id"),
)


@ANY
@given(fields=st.dictionaries(st.sampled_from(LINK_NAMES), VALUES))
def test_any_payload_looks_for_text_that_can_be_stored(
    fields: dict[str, object], linked: str, world: World, task: CrmObject
) -> None:
    row = applied(linked, {**fields, "id": "1", "call_type": None}, world, task)

    if row is None:  # by chance a number that is never logged
        return
    assert isinstance(row, Row)
    assert len(row.wants) == 4
    for value in (value for want in row.wants for value in want.values):
        assert 0 < len(value.encode()) < 1100
        assert value == value.strip()


@ANY
@given(fields=st.dictionaries(st.sampled_from(LINK_NAMES), VALUES))
def test_any_payload_is_read_for_colleagues_and_new_people(
    fields: dict[str, object], linked: str, world: World, people: dict[str, CrmObject]
) -> None:
    flow = load_push(linked, "x.yaml", world)
    making = flow.finds[1].making
    assert flow.internal is not None
    assert making is not None
    setting = Setting(zone=flow.zone, regions=flow.regions)

    sides = compile_sides(flow.internal, flow.regions)(fields)
    made = {}
    with contextlib.suppress(RecordError):
        made = compile_making(making, people["Lead"], setting)(fields)

    numbers = (number.removeprefix("+") for side in sides for number in side)
    assert all(number.isascii() and number.isdigit() for number in numbers)
    assert json.dumps(made, allow_nan=False, ensure_ascii=False).encode()
